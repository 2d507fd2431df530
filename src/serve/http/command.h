/* The dictionary a client posts, whatever its encoding: form field `msgpack` (base64), form field
 * `json`, a raw JSON or msgpack body, url-encoded or multipart forms, and the plain form variables
 * beside them. Input: body and content type. Output: one tree of values in the request's arena.
 * Unknown keys do no harm; keys are case sensitive. */
#ifndef NORN_SERVE_COMMAND_H
#define NORN_SERVE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/projection.h"
#include "serve/http/arena.h"
#include "serve/http/target.h"
#include "util/buffer.h"

enum {
    COMMAND_DEPTH = 24,     /* nesting of lists and maps; what is deeper is null */
    COMMAND_VALUES = 65536, /* values in one command */
};

enum command_type {
    COMMAND_NULL, /* also extension types of msgpack, and what cannot be kept (json_text.h) */
    COMMAND_BOOLEAN,
    COMMAND_INTEGER,
    COMMAND_NUMBER,
    COMMAND_TEXT, /* also msgpack bin and raw: bytes as they came, NUL added */
    COMMAND_LIST,
    COMMAND_MAP,
};

struct command_value {
    enum command_type type;
    size_t count; /* bytes of a text, items of a list, members of a map */
    union {
        bool boolean;
        int64_t integer;
        double number;
        const char *text;
        const struct command_value *items;
        const struct command_member *members;
    };
};

struct command_member {
    const char *key;
    size_t key_length;
    struct command_value value;
};

enum command_encoding { COMMAND_NONE, COMMAND_JSON, COMMAND_MSGPACK };

struct command {
    enum command_encoding encoding; /* COMMAND_NONE: no command was sent; `top` is an empty map */
    struct command_value top;       /* always a map */
    struct target_variable *variables; /* plain form variables */
    size_t variable_count;
    struct arena *arena;
};

/* Decodes a body. 0; -EINVAL or -E2BIG with a helpful sentence in ret_why; -ENOMEM. A body without
 * a command is no error here (encoding COMMAND_NONE). `content_type` may be NULL. */
int command_parse(const char *content_type, const void *body, size_t length, struct arena *arena,
                  struct command *ret_command, struct buffer *ret_why);

/* Only the plain form variables of a body (BODY_FORM); errors as command_parse(). */
int command_parse_form(const char *content_type, const void *body, size_t length,
                       struct arena *arena, struct command *ret_command, struct buffer *ret_why);

/* JSON text alone, as found in ?json=. */
int command_parse_json(const char *text, size_t length, struct arena *arena,
                       struct command *ret_command, struct buffer *ret_why);

/* The value of a key (the last one where it is repeated), or NULL. */
const struct command_value *command_find(const struct command *command, const char *key);

/* Look-ups below: 0; -ENOENT when the key is missing or null; -EINVAL when the value is of another
 * kind, or a text with a NUL; nothing is written then. */

/* A text. */
int command_text(const struct command *command, const char *key, const char **ret_text,
                 size_t *ret_length);

/* A text, or a number written as text (6 and 6.0 as "6"): channels, names of things. */
int command_word(const struct command *command, const char *key, const char **ret_text,
                 size_t *ret_length);

/* A finite number: integer, float, or a text that is one. */
int command_number(const struct command *command, const char *key, double *ret_number);

/* A whole number: integer, whole float, or a text that is one. */
int command_integer(const struct command *command, const char *key, int64_t *ret_integer);

/* A boolean, a number (0 is false), or a text of util/text.h. */
int command_boolean(const struct command *command, const char *key, bool *ret_boolean);

/* A list: where it is and how many. An empty list is no error. */
int command_list(const struct command *command, const char *key,
                 const struct command_value **ret_items, size_t *ret_count);

/* A list of texts (numbers are written as text when `words`). One text alone counts as a list of
 * one. */
int command_texts(const struct command *command, const char *key, bool words,
                  const struct target_part **ret_texts, size_t *ret_count);

/* `fields`: entries "path" or ["path", "rename"]. -ENOENT when missing, null or empty (the whole
 * record is wanted); -EINVAL or -E2BIG with a sentence in ret_why. */
int command_fields(const struct command *command, const struct field_request **ret_fields,
                   size_t *ret_count, struct buffer *ret_why);

struct command_pair {
    const char *path;
    const char *pattern;
    size_t path_length, pattern_length;
};

/* `regex`: entries ["path", "pattern"]. Errors as command_fields(). */
int command_regexes(const struct command *command, const struct command_pair **ret_pairs,
                    size_t *ret_count, struct buffer *ret_why);

#endif
