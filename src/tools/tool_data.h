/* The frames that a capture tool writes: packets and messages, which are numbered and kept until
 * they are sent, and answers, which belong to the connection. */
#ifndef NORN_TOOLS_TOOL_DATA_H
#define NORN_TOOLS_TOOL_DATA_H

#include "tools/tool_session.h"

/* A number for a frame that is not kept; never 0. */
uint32_t tool_data_number(struct tool_session *session);

/* Sends an answer on this connection, before the packets that wait. */
void tool_data_send(struct tool_session *session, const struct protocol_message *message);

/* Adds what the source gave, with position, counters and dwells where they are due: see tool_add().
 */
bool tool_data_add(struct tool_session *session, const struct protocol_packet *packet);

/* Sends counters and dwells by themselves, when no packet has taken them. */
void tool_data_report(struct tool_session *session);

/* Adds a MESSAGE behind the packets so far. */
void tool_data_say(struct tool_session *session, enum protocol_level level, const char *text);

#endif
