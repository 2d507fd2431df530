/* The tokens of JSON (RFC 8259) that take more than a number: strings, series, addresses. Each
 * writes at `at`, gives the place after its last byte, and NULL when the buffer cannot grow; those
 * without a buffer write at most the bytes they name. Used by emit_walk.c and emit.c. */
#ifndef NORN_SCHEMA_JSON_H
#define NORN_SCHEMA_JSON_H

#include "schema/emit_room.h"
#include "schema/record.h"

enum {
    JSON_MAC = 19, /* bytes of an address with its quotes */
    JSON_UUID = 38,
    JSON_KEY = 36,
};

/* A quoted string: always valid UTF-8 and valid JSON; a byte that is no UTF-8 becomes U+FFFD. */
uint8_t *json_write_text(struct buffer *buffer, uint8_t *at, const char *text, size_t length);

/* The bytes of a series, with a comma before every number; the caller puts the brackets. */
uint8_t *json_write_series(struct buffer *buffer, uint8_t *at, const double *numbers, size_t count);

/* Quoted upper-case hex. */
uint8_t *json_write_bytes(struct buffer *buffer, uint8_t *at, struct bytes bytes);

/* [longitude,latitude], six decimals. */
uint8_t *json_write_point(struct buffer *buffer, uint8_t *at, struct point point);

/* Quoted texts of known sizes. */
uint8_t *json_write_mac(uint8_t *at, struct macaddr mac);
uint8_t *json_write_uuid(uint8_t *at, struct uuid uuid);
uint8_t *json_write_key(uint8_t *at, struct device_key key);

#endif
