/* The HTTP request that opens a websocket to a server, and the reading of its answer (RFC 6455, 4;
 * RFC 9112). Texts only, no sockets. */
#ifndef NORN_TOOLS_TOOL_UPGRADE_H
#define NORN_TOOLS_TOOL_UPGRADE_H

#include "tools/tool_arguments.h"

enum {
    TOOL_UPGRADE_TARGET_MAX = 1023, /* what the stock server takes, of path and login */
    TOOL_UPGRADE_ANSWER_MAX = 8192,
    TOOL_UPGRADE_KEY = 25, /* base64 of 16 bytes, and a NUL */
};

/* Makes up the random key of one handshake. 0 or -errno. */
int tool_upgrade_key(char ret_key[TOOL_UPGRADE_KEY]);

/* Appends the request. 0, or -E2BIG with a sentence when path and login are too long. */
int tool_upgrade_request(const struct tool_target *target, const char *key, struct buffer *request,
                         struct buffer *ret_why);

/* Reads the answer at the start of what came. 0: the websocket is open, and ret_length bytes of it
 * were the answer; -EAGAIN: more must come; else why not, in words: -EACCES (401, 403),
 * -ENOENT (404), -EPROTO (anything else). */
int tool_upgrade_answer(struct slice bytes, const char *key, size_t *ret_length,
                        struct buffer *ret_why);

#endif
