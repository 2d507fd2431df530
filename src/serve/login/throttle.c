/* Failed logins per address. See throttle.h. */
#include "serve/login/throttle.h"

#include <stddef.h>

/* The entry of an address; a new one takes the place of the one that is full soonest. */
static size_t find_entry(struct throttle *throttle, struct peer peer)
{
    size_t fullest = 0;
    for (size_t i = 0; i < THROTTLE_ADDRESSES; i++) {
        if (throttle->addresses[i].full_at && peer_same(throttle->addresses[i].peer, peer))
            return i;
        if (throttle->addresses[i].full_at < throttle->addresses[fullest].full_at)
            fullest = i;
    }
    throttle->addresses[fullest].peer = peer;
    throttle->addresses[fullest].full_at = 0;
    return fullest;
}

bool throttle_take(struct throttle *throttle, struct peer peer, int64_t now)
{
    int64_t *full_at = &throttle->addresses[find_entry(throttle, peer)].full_at;
    int64_t base = *full_at > now ? *full_at : now;
    if (base - now > (int64_t)(THROTTLE_BURST - 1) * THROTTLE_REFILL)
        return false;
    *full_at = base + THROTTLE_REFILL;
    return true;
}

void throttle_refund(struct throttle *throttle, struct peer peer)
{
    throttle->addresses[find_entry(throttle, peer)].full_at -= THROTTLE_REFILL;
}

bool throttle_is_wrong(const struct throttle *throttle, uint64_t hash)
{
    for (size_t i = 0; i < THROTTLE_WRONG; i++)
        if (throttle->wrong[i] == hash)
            return true;
    return false;
}

void throttle_add_wrong(struct throttle *throttle, uint64_t hash)
{
    throttle->wrong[throttle->wrong_next] = hash;
    throttle->wrong_next = (throttle->wrong_next + 1) % THROTTLE_WRONG;
}
