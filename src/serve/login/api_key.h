/* API keys: tokens that last, each with a name and a role, kept in session.db in the home as Kismet
 * keeps them: a JSON array of {token, name, role, created, accessed, expires}. A bounded table; one
 * thread at a time: auth.c holds the lock. Times are seconds of the wall clock. */
#ifndef NORN_SERVE_API_KEY_H
#define NORN_SERVE_API_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/login/session.h"
#include "util/buffer.h"

enum {
    API_KEYS = 256,
    API_KEY_NAME = 65,
    API_KEY_ROLE = 33,
};

struct api_key {
    char token[SESSION_TOKEN];
    char name[API_KEY_NAME], role[API_KEY_ROLE];
    int64_t created, accessed;
    int64_t expires; /* 0: never */
};

struct api_keys {
    struct api_key keys[API_KEYS];
    size_t count;
};

/* The name that sessions go by where keys are listed; no key can have it. */
#define API_KEY_LOGON "web logon"
#define API_KEY_FILE  "session.db"

/* Makes a key that ends after `duration` seconds (0: never); expired ones make room. 0; -EINVAL: a
 * name or role that cannot be, -EEXIST: the name is taken, -ENOSPC: API_KEYS reached; each with a
 * sentence; -EIO without randomness. */
int api_key_add(struct api_keys *keys, const char *name, const char *role, int64_t duration,
                int64_t now, const struct api_key **ret_key, struct buffer *ret_why);

/* Removes the key of that name: 0 or -ENOENT. */
int api_key_remove(struct api_keys *keys, const char *name);

/* The living key of a token (32 hex digits, any case), noted as used, or NULL. */
const struct api_key *api_key_find(struct api_keys *keys, const char *token, int64_t now);

/* Appends the file's text. */
void api_key_print(const struct api_keys *keys, struct buffer *buffer);

/* Takes keys from a file's text; those that cannot be are left out. How many were left out, or
 * -EINVAL when the text is no array of keys. */
int api_key_load(struct api_keys *keys, const char *text, size_t length);

#endif
