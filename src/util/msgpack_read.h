/* msgpack in, a token at a time, over the checked reader: sizes claimed by the bytes are believed
 * only as far as bytes follow. Input: foreign bytes. Output: borrowed tokens; on a fault the reader
 * has failed and every further token is nil. */
#ifndef NORN_UTIL_MSGPACK_READ_H
#define NORN_UTIL_MSGPACK_READ_H

#include "util/bytes.h"

enum msgpack_kind {
    MSGPACK_IS_NIL,
    MSGPACK_IS_BOOLEAN,
    MSGPACK_IS_INTEGER,  /* fits int64_t */
    MSGPACK_IS_UNSIGNED, /* above INT64_MAX */
    MSGPACK_IS_FLOAT,
    MSGPACK_IS_TEXT, /* str, or the raw of old writers */
    MSGPACK_IS_BINARY,
    MSGPACK_IS_ARRAY,     /* `count` values follow */
    MSGPACK_IS_MAP,       /* `count` pairs follow */
    MSGPACK_IS_EXTENSION, /* passed over already */
};

struct msgpack_token {
    enum msgpack_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t number;
        double real;
        uint32_t count;
        struct {
            const uint8_t *bytes; /* text (no NUL at its end) or binary */
            size_t length;
        };
    };
};

/* The next token. */
struct msgpack_token msgpack_read(struct reader *reader);

/* Passes over one whole value, however deep it is nested. */
void msgpack_skip(struct reader *reader);

/* Passes over what remains of a value whose first token was read. */
void msgpack_skip_rest(struct reader *reader, const struct msgpack_token *token);

/* The token as a number, converting from what other writers make of it: booleans are 0 and 1,
 * floats are cut. 0 for anything else. */
int64_t msgpack_integer(const struct msgpack_token *token);
double msgpack_real(const struct msgpack_token *token);

#endif
