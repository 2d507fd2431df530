/* What clients say over a websocket that takes commands: one JSON object a message, with the same
 * look-ups as a posted command; and how they are told what is wrong with one. A command that is
 * wrong changes nothing and leaves the socket open. */
#ifndef NORN_SERVE_SOCKET_COMMAND_H
#define NORN_SERVE_SOCKET_COMMAND_H

#include "schema/emit.h"
#include "serve/http/arena.h"
#include "serve/http/command.h"
#include "serve/websocket/websocket.h"

enum { SOCKET_COMMAND_MAX = 64 * 1024 }; /* bytes of one message */

struct socket_command {
    struct arena arena;
    struct command command;
    const struct field_request *fields; /* `fields`; none: whole records */
    size_t field_count;
    enum format format; /* `format`: json, prettyjson, tjson, ekjson, itjson or msgpack */
};

/* Reads a message. 0, or -EINVAL, -E2BIG, -ENOMEM with a sentence in ret_why. Either way
 * socket_command_done() gives the memory back. */
int socket_command_parse(const void *bytes, size_t length, struct socket_command *ret_command,
                         struct buffer *ret_why);
void socket_command_done(struct socket_command *command);

/* Reads a message and does what it says: `obey` is given the socket's context. What either finds
 * wrong is sent back. 0, or the error. */
int socket_command_take(struct websocket *socket, const void *bytes, size_t length,
                        int (*obey)(void *context, const struct socket_command *command,
                                    struct buffer *ret_why));

/* The message that holds one document of that format, with one reference; NULL without memory. */
struct websocket_message *socket_command_message(enum format format, const struct buffer *document);

/* Sends an object with that one member. */
void socket_command_answer(struct websocket *socket, const char *key, const char *text);

/* Sends {"error": the sentence in `why`}, which is emptied. */
void socket_command_refuse(struct websocket *socket, struct buffer *why);

#endif
