/* Servers that announce themselves on the network (server_announce): a datagram to port 2501 every
 * few seconds, which says at what port they take capture tools. */
#ifndef NORN_TOOLS_TOOL_ANNOUNCEMENT_H
#define NORN_TOOLS_TOOL_ANNOUNCEMENT_H

#include "tools/tool_arguments.h"

/* Reads a datagram. 0 and the port for capture tools, where it is an announcement of the server of
 * that UUID (NULL: of any); else -EPROTO or -ENOENT. */
int tool_announcement_parse(struct slice datagram, const char *uuid, uint16_t *ret_port);

/* Waits until one comes, and makes its sender the target. 0, or -errno with a sentence. */
int tool_announcement_wait(const char *uuid, struct tool_target *target, struct buffer *ret_why);

#endif
