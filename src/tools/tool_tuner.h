/* Tuning a source: locked on one channel, or hopping; and the account of where it was when. */
#ifndef NORN_TOOLS_TOOL_TUNER_H
#define NORN_TOOLS_TOOL_TUNER_H

#include "tools/tool_session.h"

/* Stays on a channel. 0, or -errno with a sentence: -ENODEV: the source is dead; else it goes on
 * as before. */
int tool_tuner_lock(struct tool_session *session, struct protocol_text channel,
                    struct buffer *ret_why);

/* Hops as the request says, from now on. 0 or -EINVAL with a sentence. */
int tool_tuner_hop(struct tool_session *session, const struct protocol_hop *request,
                   struct buffer *ret_why);

/* Hops when it is time to. 0, or -ENODEV with a sentence: the source is dead, or there is no
 * channel left that it can tune to. */
int tool_tuner_step(struct tool_session *session, uint64_t now_ns, struct buffer *ret_why);

/* Accounts for the dwell so far. */
void tool_tuner_tell(struct tool_session *session);

/* Forgets everything: the source is closed. */
void tool_tuner_reset(struct tool_tuner *tuner);

#endif
