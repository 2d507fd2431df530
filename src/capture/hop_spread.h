/* Sources that hop round the same list begin each at a part of their own, so that together they
 * hear more of it (split_source_hopping). Input: sources and what they hop over. Output: their
 * places in the list; sources whose tool has to be told are woken. */
#ifndef NORN_CAPTURE_HOP_SPREAD_H
#define NORN_CAPTURE_HOP_SPREAD_H

#include "capture/source.h"

/* Spreads those of `count` sources, at most SOURCES_MAX, that share a list. The caller holds the
 * registry's lock. */
void hop_spread(struct source *const *sources, size_t count);

#endif
