/* A hash over a beacon's or probe response's body that leaves out what changes from one beacon to
 * the next (timestamp, TIM, BSS load, time advertisement, channel switch and quiet counts ...), so
 * that a body heard before need not be parsed again. Stable across runs, not for hostile tables. */
#ifndef NORN_DISSECT_DOT11_BODY_H
#define NORN_DISSECT_DOT11_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/dot11_frame.h"

/* What a body says whether it is new or not. */
struct dot11_body {
    uint64_t hash;      /* 0: the fixed fields are cut, or the frame is encrypted */
    uint64_t timestamp; /* the rest is good only when hash is not 0 */
    uint16_t interval, capability;
    bool has_qbss;
    uint8_t qbss_utilization; /* of 255 */
    uint16_t qbss_stations;
};

/* Fills ret_body from a beacon or probe response. */
void dot11_body_parse(const struct dot11_frame *frame, struct dot11_body *ret_body);

/* The hash alone. */
uint64_t dot11_body_hash(const struct dot11_frame *frame);

#endif
