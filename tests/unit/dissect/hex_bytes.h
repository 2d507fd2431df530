/* Bytes for the dissectors' tests, written as hex text: spaces are passed over. Each lives in a
 * heap block of its exact size, so that the sanitizer sees one byte too far. Input: lower-case
 * hex; output: a block that the caller frees. */
#ifndef NORN_TESTS_HEX_BYTES_H
#define NORN_TESTS_HEX_BYTES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    uint8_t *data;
    uint32_t length;
};

static inline int hex_digit(char digit)
{
    const char *digits = "0123456789abcdef", *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The bytes of several texts in a row, the last one NULL; freed by bytes_done(). */
static inline struct bytes bytes_from(const char *first, const char *second, const char *third)
{
    const char *texts[3] = {first, second, third};
    uint8_t buffer[4096];
    uint32_t length = 0;
    for (int i = 0; i < 3 && texts[i]; i++)
        for (const char *at = texts[i]; *at;) {
            if (*at == ' ') {
                at++;
                continue;
            }
            buffer[length++] = (uint8_t)(hex_digit(at[0]) << 4 | hex_digit(at[1]));
            at += 2;
        }
    struct bytes bytes = {malloc(length ? length : 1), length};
    memcpy(bytes.data, buffer, length);
    return bytes;
}

static inline struct bytes bytes_of(const char *text)
{
    return bytes_from(text, NULL, NULL);
}

static inline void bytes_done(struct bytes *bytes)
{
    free(bytes->data);
    bytes->data = NULL;
}

#endif
