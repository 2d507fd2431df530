/* From a source's record to its ledger. See coverage.h. */
#include "capture/coverage.h"

#include <string.h>

#include "util/clock.h"

enum { TICK_MOST_MS = 5000 }; /* longer since the last tick: the machine slept, nobody listened */

static const char unknown_channel[] = "?"; /* of a radio that somebody else tunes */

uint64_t coverage_now_ms(void)
{
    return clock_boot_ns() / NS_PER_MS;
}

void coverage_init(struct coverage *coverage, uint64_t now_ms)
{
    *coverage = (struct coverage){.ledger = ledger_new(now_ms), .heard_ms = now_ms};
}

void coverage_done(struct coverage *coverage)
{
    ledger_free(coverage->ledger);
}

static void count(struct coverage *coverage, const struct source_counts *counts, uint64_t now_ms)
{
    const struct source_counts *before = &coverage->counted;
    const uint64_t fresh[LEDGER_COUNTS] = {
        [LEDGER_FRAMES] = counts->packets - before->packets,
        [LEDGER_BAD_FCS] = counts->error_packets - before->error_packets,
        [LEDGER_KERNEL_DROPS] = counts->kernel_drops - before->kernel_drops,
        [LEDGER_INTERFACE_DROPS] = counts->interface_drops - before->interface_drops,
        [LEDGER_TOOL_DROPS] = counts->tool_drops - before->tool_drops,
        [LEDGER_QUEUE_DROPS] = counts->queue_drops - before->queue_drops,
    };
    ledger_count(coverage->ledger, now_ms, fresh);
    if (fresh[LEDGER_FRAMES])
        coverage->heard_ms = now_ms;
    coverage->counted = *counts;
}

/* A radio that hops as it was told: one dwell after the other. */
static void infer_hops(struct coverage *coverage, const struct source_status *status,
                       uint64_t begin_ms, uint64_t end_ms)
{
    const struct source_channels *list = &status->hop_channels;
    uint64_t dwell = status->hop_rate > 0 ? (uint64_t)(1000 / status->hop_rate) : 1000;
    dwell = dwell ? dwell : 1;
    while (begin_ms < end_ms && list->count) {
        bool is_hop = coverage->hop_ms == 0;
        if (is_hop) {
            coverage->hop_at = (coverage->hop_at + 1) % list->count;
            coverage->hop_ms = dwell;
        }
        uint64_t left = end_ms - begin_ms;
        uint64_t part = coverage->hop_ms < left ? coverage->hop_ms : left;
        ledger_listen(coverage->ledger, list->text[coverage->hop_at % list->count], begin_ms,
                      begin_ms + part, is_hop);
        coverage->hop_ms -= part;
        begin_ms += part;
    }
}

static void infer(struct coverage *coverage, const struct source_status *status, uint64_t begin_ms,
                  uint64_t end_ms)
{
    struct ledger *ledger = coverage->ledger;
    if (status->file_source && !status->tunable)
        return; /* a capture file has no time of its own to listen in */
    if (status->state == SOURCE_ERROR || status->state == SOURCE_OPENING)
        ledger_miss(ledger, LEDGER_GAP_ERROR, begin_ms, end_ms);
    else if (status->state != SOURCE_RUNNING)
        ledger_miss(ledger, LEDGER_GAP_CLOSED, begin_ms, end_ms);
    else if (status->paused)
        ledger_miss(ledger, LEDGER_GAP_PAUSED, begin_ms, end_ms);
    else if (status->deaf)
        ledger_miss(ledger, LEDGER_GAP_DEAF, begin_ms, end_ms);
    else if (coverage->is_told)
        return;
    else if (status->tunable && status->hopping)
        infer_hops(coverage, status, begin_ms, end_ms);
    else
        ledger_listen(ledger, status->channel[0] ? status->channel : unknown_channel, begin_ms,
                      end_ms, false);
}

/* A source that stays deaf is found again each time. */
static bool find_deaf(struct coverage *coverage, struct source_status *status, uint64_t now_ms,
                      uint64_t deaf_ms)
{
    if (status->state != SOURCE_RUNNING || status->paused || status->file_source)
        coverage->heard_ms = now_ms;
    else if (coverage->heard_ms == now_ms)
        status->deaf = false;
    if (!deaf_ms || now_ms < coverage->heard_ms + deaf_ms)
        return false;
    coverage->heard_ms = now_ms;
    status->deaf = true;
    return true;
}

bool coverage_tick(struct coverage *coverage, struct source_status *status, uint64_t now_ms,
                   uint64_t deaf_ms)
{
    uint64_t before = coverage->looked_ms;
    coverage->looked_ms = now_ms;
    if (!coverage->ledger)
        return false;
    count(coverage, &status->counts, now_ms);
    if (before && now_ms - before <= TICK_MOST_MS)
        infer(coverage, status, before, now_ms);
    return find_deaf(coverage, status, now_ms, deaf_ms);
}

void coverage_listened(struct coverage *coverage, const char *channel, uint64_t for_ms, bool is_hop,
                       uint64_t now_ms)
{
    coverage->is_told = true;
    if (coverage->ledger)
        ledger_listen(coverage->ledger, channel, now_ms > for_ms ? now_ms - for_ms : 0, now_ms,
                      is_hop);
}

void coverage_refused(struct coverage *coverage, const char *channel, uint64_t now_ms)
{
    coverage->is_told = true;
    if (coverage->ledger)
        ledger_refuse(coverage->ledger, channel, now_ms);
}
