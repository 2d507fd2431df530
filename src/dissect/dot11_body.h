/* A hash over a beacon's or probe response's body that leaves out what changes from one beacon to
 * the next (timestamp, TIM, BSS load, time advertisement, channel switch and quiet counts ...), so
 * that a body heard before need not be parsed again. Stable across runs, not for hostile tables. */
#ifndef NORN_DISSECT_DOT11_BODY_H
#define NORN_DISSECT_DOT11_BODY_H

#include <stdint.h>

#include "dissect/dot11_frame.h"

/* Hash of a beacon or probe response; never 0 for one with fixed fields, 0 when they are cut. */
uint64_t dot11_body_hash(const struct dot11_frame *frame);

#endif
