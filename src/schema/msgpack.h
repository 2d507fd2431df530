/* The values of records as msgpack, over the tokens of util/msgpack_write.
 * Each writes at `at` and gives the place after its last byte: at most MSGPACK_SCALAR bytes, or
 * with a buffer at hand as much as it asks for (then NULL when the buffer cannot grow). */
#ifndef NORN_SCHEMA_MSGPACK_H
#define NORN_SCHEMA_MSGPACK_H

#include "schema/emit_room.h"
#include "schema/record.h"
#include "util/msgpack_write.h"

enum { MSGPACK_SCALAR = 64 };

/* A str; bytes that are no UTF-8 become U+FFFD. */
uint8_t *msgpack_write_text(struct buffer *buffer, uint8_t *at, const char *text, size_t length);

/* A str of upper-case hex. */
uint8_t *msgpack_write_bytes(struct buffer *buffer, uint8_t *at, struct bytes bytes);

/* An array of numbers, as msgpack_write_number(). */
uint8_t *msgpack_write_series(struct buffer *buffer, uint8_t *at, const double *numbers,
                              size_t count);

/* Short texts. */
uint8_t *msgpack_write_mac(uint8_t *at, struct macaddr mac);
uint8_t *msgpack_write_uuid(uint8_t *at, struct uuid uuid);
uint8_t *msgpack_write_key(uint8_t *at, struct device_key key);

/* A head whose count is not known yet: one byte when there are at most 15 (`most`), else three.
 * msgpack_patch_*() then fills it in: `head` is its offset in the buffer, `at` the end of the
 * content, which moves when the count needs a longer head. */
uint8_t *msgpack_reserve(uint8_t *at, uint32_t most);
uint8_t *msgpack_patch_array(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                             uint32_t count);
uint8_t *msgpack_patch_map(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                           uint32_t count);

#endif
