/* The make-believe tuner of `tuner=null`: it keeps a channel list and shows lock and hop in the
 * source's record, so that commands can be tried without a radio. Input: a definition's channel
 * options, commands. Output: the channel members of a source_status. */
#ifndef NORN_CAPTURE_TUNER_H
#define NORN_CAPTURE_TUNER_H

#include "capture/capture.h"
#include "capture/definition.h"

/* Sets the channel members as the definition and the defaults say: a list (`channels`,
 * `add_channels`, `block_channels`), locked on `channel` or hopping. */
void tuner_start(struct source_status *status, const struct definition *definition,
                 const struct capture_config *defaults);

/* 0, or -EINVAL with a plain sentence in ret_why and nothing changed. */
int tuner_lock(struct source_status *status, const char *channel, struct buffer *ret_why);
int tuner_hop(struct source_status *status, const struct capture_hop *hop, struct buffer *ret_why);

/* Spreads sources over one list: this one is `index` of `count` that hop together. */
void tuner_spread(struct source_status *status, unsigned index, unsigned count);

#endif
