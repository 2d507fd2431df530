/* The source of a capture tool: opened, read, counted, closed. */
#ifndef NORN_TOOLS_TOOL_CAPTURE_H
#define NORN_TOOLS_TOOL_CAPTURE_H

#include "tools/tool_session.h"

/* Takes a definition for the source to be opened or probed, and finds its UUID. One that is open
 * is closed before; a tool that is confined to one takes no other. 0, or -errno with a sentence. */
int tool_capture_define(struct tool_session *session, struct protocol_text definition,
                        struct buffer *ret_why);

/* Opens what was defined. 0, or -errno with a sentence. */
int tool_capture_open(struct tool_session *session, struct buffer *ret_why);

/* True when that definition is the one that is open. */
bool tool_capture_has(const struct tool_session *session, struct protocol_text definition);

/* True when read() may be called: it is open, not at its end, and what it gives has room. */
bool tool_capture_wants(const struct tool_session *session, uint64_t now_ns);

/* Reads once, when there may be something: the descriptor is `readable`, or it is time. */
void tool_capture_read(struct tool_session *session, bool readable, uint64_t now_ns);

/* Hops, counts and tells of dwells where it is time to. */
void tool_capture_tick(struct tool_session *session, uint64_t now_ns);

/* When tool_capture_read() or tool_capture_tick() are to be called next, whatever comes before. */
uint64_t tool_capture_due(const struct tool_session *session, uint64_t now_ns);

/* The source is dead: tells the server why, where there is one, and ends the connection. The next
 * one opens it anew. */
void tool_capture_fail(struct tool_session *session, const struct buffer *why);

void tool_capture_close(struct tool_session *session);

#endif
