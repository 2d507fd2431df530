/* What the server says and what it is answered (docs/protocol.md, "Conversations"). */
#ifndef NORN_TOOLS_TOOL_TALK_H
#define NORN_TOOLS_TOOL_TALK_H

#include "tools/tool_session.h"

/* Answers the messages that have come whole. 0, or -errno with a sentence when the connection can
 * be used no more. */
int tool_talk_answer(struct tool_session *session, struct buffer *ret_why);

/* Says on a new connection what source this is. */
void tool_talk_introduce(struct tool_session *session);

/* Asks for a receipt where it is time to; when it will be. */
void tool_talk_ask(struct tool_session *session, uint64_t now_ns);
uint64_t tool_talk_due(const struct tool_session *session);

#endif
