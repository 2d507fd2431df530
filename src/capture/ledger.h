/* The coverage ledger of one source: for each minute of the last day, how long it listened to each
 * channel, what it heard and lost, and when it heard nothing and why. Input: intervals and counts
 * as they happen, in milliseconds of a clock that never steps. Output: what a frame sent on a
 * channel within a window had for a chance to be heard. Not thread-safe. */
#ifndef NORN_CAPTURE_LEDGER_H
#define NORN_CAPTURE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source_status.h"

enum {
    LEDGER_MINUTES = 24 * 60,
    LEDGER_CHANNELS = SOURCE_CHANNELS + 40, /* told apart by their text; more are left out */
    LEDGER_SLOTS = 60,                      /* most parts of a window, for pictures */
};

enum ledger_count {
    LEDGER_FRAMES,
    LEDGER_BAD_FCS,
    LEDGER_KERNEL_DROPS,
    LEDGER_INTERFACE_DROPS,
    LEDGER_TOOL_DROPS,
    LEDGER_QUEUE_DROPS,
    LEDGER_COUNTS,
};

/* Why nothing was heard. */
enum ledger_gap {
    LEDGER_GAP_CLOSED,
    LEDGER_GAP_ERROR,
    LEDGER_GAP_PAUSED,
    LEDGER_GAP_DEAF,
    LEDGER_GAPS,
};

struct ledger;

/* An empty ledger that begins at that time. NULL without memory. */
struct ledger *ledger_new(uint64_t now_ms);
void ledger_free(struct ledger *ledger);

/* Adds to the counts of the minute. */
void ledger_count(struct ledger *ledger, uint64_t now_ms, const uint64_t counts[LEDGER_COUNTS]);

/* It listened to the channel from `begin` to `end`. `is_hop`: it went there at the beginning. */
void ledger_listen(struct ledger *ledger, const char *channel, uint64_t begin_ms, uint64_t end_ms,
                   bool is_hop);

/* The radio refused to go to the channel. */
void ledger_refuse(struct ledger *ledger, const char *channel, uint64_t now_ms);

/* It could not hear anything from `begin` to `end`. */
void ledger_miss(struct ledger *ledger, enum ledger_gap gap, uint64_t begin_ms, uint64_t end_ms);

/* One channel over a window. Chances and fractions are 0 to 1. */
struct ledger_channel {
    char text[SOURCE_CHANNEL_TEXT];
    double listened; /* seconds */
    double fraction; /* of the window */
    uint64_t visits, refused;
    double beacon_missed;       /* that no beacon of one sent each 102.4 ms was heard */
    double frame_missed;        /* that one frame, sent at any time of the window, was not heard */
    double slots[LEDGER_SLOTS]; /* fraction listened in each part of the window */
};

/* A source over a window, which is widened to whole minutes and cut at the ledger's beginning. */
struct ledger_report {
    uint64_t begin_ms, end_ms;
    uint64_t counts[LEDGER_COUNTS];
    double gaps[LEDGER_GAPS]; /* seconds */
    double lost;              /* fraction of the frames heard by the radio that were dropped */
    uint64_t hops, refused;
    unsigned slot_count; /* parts of the window: a minute each, or more */
    unsigned channel_count;
    struct ledger_channel channels[LEDGER_CHANNELS];
};

/* Reads the window from `begin_ms` to `end_ms`; of channels only `channel` (its text, or the number
 * that it begins with), NULL: all. */
void ledger_read(const struct ledger *ledger, uint64_t begin_ms, uint64_t end_ms,
                 const char *channel, struct ledger_report *ret_report);

/* True when `wanted` is the channel's text or the primary channel that it begins with: "36" for
 * 36VHT80, "1W6e" for 1W6eHE80. */
bool ledger_is_channel(const char *text, const char *wanted);

#endif
