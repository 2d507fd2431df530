/* UUIDs as the API prints them: 8-4-4-4-12 hex digits, upper case. RFC 4122 text form. */
#ifndef NORN_UTIL_UUID_H
#define NORN_UTIL_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct uuid {
    uint8_t octet[16]; /* in text order */
};

enum { UUID_TEXT = 37 };

/* Upper-case text, NUL-terminated. */
void uuid_write(struct uuid uuid, char ret_text[UUID_TEXT]);

/* Exactly 36 characters, any case. 0, or -EINVAL with nothing written. */
int uuid_parse(const char *text, size_t length, struct uuid *ret_uuid);

/* The API's made-up form: `first`-0000-0000-0000-`last` (48 bits of `last`). */
struct uuid uuid_made(uint32_t first, uint64_t last);

/* A random one (version 4) from the kernel. */
struct uuid uuid_random(void);

static inline bool uuid_equal(struct uuid a, struct uuid b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

#endif
