/* msgpack in, one token at a time over the checked reader: scalars whole, containers by their head
 * (msgpack specification, "Formats"). What a head claims is believed only as far as bytes follow,
 * so five bytes cannot ask for gigabytes. Texts and bytes are borrowed. */
#ifndef NORN_UTIL_MSGPACK_READ_H
#define NORN_UTIL_MSGPACK_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"

enum msgpack_type {
    MSGPACK_NIL,
    MSGPACK_BOOLEAN,
    MSGPACK_INTEGER,
    MSGPACK_UNSIGNED, /* an integer above INT64_MAX */
    MSGPACK_NUMBER,   /* float32 or float64 */
    MSGPACK_TEXT,     /* str, also the raw of old writers */
    MSGPACK_BYTES,    /* bin */
    MSGPACK_LIST,     /* `count` values follow */
    MSGPACK_MAP,      /* `count` pairs of values follow */
    MSGPACK_EXTENSION,
};

struct msgpack_token {
    enum msgpack_type type;
    union {
        bool boolean;
        int64_t integer;
        uint64_t number_unsigned;
        double number;
        struct slice bytes; /* of texts, bytes and extensions */
        size_t count;
    };
};

/* Reads the next token. 0, or -EINVAL when it is cut off or no msgpack. */
int msgpack_read_token(struct reader *reader, struct msgpack_token *ret_token);

/* Passes over a whole value with all that is in it. 0 or -EINVAL. */
int msgpack_read_skip(struct reader *reader);

/* Passes over what the head of a container announced; over nothing behind other tokens. */
int msgpack_read_skip_rest(struct reader *reader, const struct msgpack_token *head);

#endif
