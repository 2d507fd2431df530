/* Failed logins, counted per address: a bucket of attempts that refills slowly. A wrong pair shown
 * again and again costs one attempt only (it tells a guesser nothing new), so a script with an
 * old password does not lock out its neighbours. One thread at a time: auth.c holds the lock. */
#ifndef NORN_SERVE_THROTTLE_H
#define NORN_SERVE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "serve/http/peer.h"

enum {
    THROTTLE_ADDRESSES = 256,
    THROTTLE_WRONG = 64,
    THROTTLE_BURST = 20, /* wrong pairs at once */
    THROTTLE_REFILL = 3, /* seconds until one more is allowed */
};

struct throttle {
    struct {
        struct peer peer;
        int64_t full_at; /* second since boot at which the bucket is full again; 0: unused */
    } addresses[THROTTLE_ADDRESSES];
    uint64_t wrong[THROTTLE_WRONG]; /* keyed hashes of pairs known to be wrong */
    unsigned wrong_next;
};

/* Takes one attempt; false when the address has none left. */
bool throttle_take(struct throttle *throttle, struct peer peer, int64_t now);

/* Gives an attempt back: it was a success. */
void throttle_refund(struct throttle *throttle, struct peer peer);

/* Pairs known to be wrong, by keyed hash. */
bool throttle_is_wrong(const struct throttle *throttle, uint64_t hash);
void throttle_add_wrong(struct throttle *throttle, uint64_t hash);

#endif
