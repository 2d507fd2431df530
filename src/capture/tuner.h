/* The channels of a source: its lists, and whether it hops or stays. Also the make-believe tuner of
 * `tuner=null`, which shows lock and hop in the source's record, so that commands can be tried
 * without a radio. Input: a definition's channel
 * options, commands. Output: the channel members of a source_status. */
#ifndef NORN_CAPTURE_TUNER_H
#define NORN_CAPTURE_TUNER_H

#include "capture/capture.h"
#include "capture/definition.h"
#include "capture/tuning.h"

/* Sets the channel members as the definition and the defaults say: a list (`channels`,
 * `add_channels`, `block_channels`), locked on `channel` or hopping. */
void tuner_start(struct source_status *status, const struct definition *definition,
                 const struct capture_config *defaults);

/* Whether the source hops, how, or on which channel it stays: by the definition and the defaults.
 */
void tuner_choose(struct source_status *status, const struct definition *definition,
                  const struct capture_config *defaults);

/* Adds the channels of a definition's list that are not there, takes out those that are in it. A
 * text that is NULL or no list changes nothing. */
void tuner_add_channels(struct source_channels *list, const char *text);
void tuner_block_channels(struct source_channels *list, const char *text);

/* 0, or -EINVAL with a plain sentence in ret_why and nothing changed. */
int tuner_lock(struct source_status *status, const char *channel, struct buffer *ret_why);
int tuner_hop(struct source_status *status, const struct capture_hop *hop, struct buffer *ret_why);

/* What a command says, checked, for a tool to do. 0, or -EINVAL with a sentence. */
int tuner_read_channel(const char *channel, char ret_text[SOURCE_CHANNEL_TEXT],
                       struct buffer *ret_why);
int tuner_read_hop(const struct capture_hop *hop, struct tuning *ret_command,
                   struct buffer *ret_why);

/* Spreads sources over one list: this one is `index` of `count` that hop together. True when its
 * part has changed. */
bool tuner_spread(struct source_status *status, unsigned index, unsigned count);

#endif
