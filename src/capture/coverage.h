/* Keeps a source's ledger: what its radio says of its dwells, or what follows from its channel and
 * hop rate; counts; times when nothing could be heard. Also finds sources that run but deliver
 * nothing. Input: the source's record once a second. Output: its ledger. */
#ifndef NORN_CAPTURE_COVERAGE_H
#define NORN_CAPTURE_COVERAGE_H

#include "capture/ledger.h"
#include "capture/source_status.h"

struct source;

/* Of one source; guarded by its lock. */
struct coverage {
    struct ledger *ledger; /* NULL: there was no memory for it */
    uint64_t looked_ms;    /* last tick; 0: never */
    bool is_told;          /* the tool tells its dwells: nothing is inferred */
    struct source_counts counted;
    uint64_t hop_ms;   /* left of the dwell under way, where it is inferred */
    unsigned hop_at;   /* its place in the hop list */
    uint64_t heard_ms; /* when frames last came, or it was opened */
};

void coverage_init(struct coverage *coverage, uint64_t now_ms);
void coverage_done(struct coverage *coverage);

/* What happened since the last tick, under the source's lock; about once a second. True when the
 * source has been found deaf: it runs, but nothing has come for `deaf_ms` (0: never found). */
bool coverage_tick(struct coverage *coverage, struct source_status *status, uint64_t now_ms,
                   uint64_t deaf_ms);

/* The tool says that it listened to the channel for so long until now. */
void coverage_listened(struct coverage *coverage, const char *channel, uint64_t for_ms, bool is_hop,
                       uint64_t now_ms);
void coverage_refused(struct coverage *coverage, const char *channel, uint64_t now_ms);

/* Milliseconds of the clock that ledgers go by: it never steps and goes on in suspend. */
uint64_t coverage_now_ms(void);

#endif
