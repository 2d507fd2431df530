/* msgpack out: the heads and scalars of the specification's 2013 form (str and bin), smallest
 * forms. Each writes at `at`, at most MSGPACK_HEAD bytes, and gives the place after. */
#ifndef NORN_UTIL_MSGPACK_WRITE_H
#define NORN_UTIL_MSGPACK_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MSGPACK_HEAD = 9 };

uint8_t *msgpack_write_bool(uint8_t *at, bool value);
uint8_t *msgpack_write_u64(uint8_t *at, uint64_t number);
uint8_t *msgpack_write_i64(uint8_t *at, int64_t number);

/* float64; msgpack_write_number() writes whole numbers below 2^53 as integers. NaN and infinity
 * are 0 in all three. */
uint8_t *msgpack_write_float64(uint8_t *at, double number);
uint8_t *msgpack_write_float32(uint8_t *at, float number);
uint8_t *msgpack_write_number(uint8_t *at, double number);

/* Heads of containers: `count` values, or pairs of values, follow. */
uint8_t *msgpack_write_array(uint8_t *at, uint32_t count);
uint8_t *msgpack_write_map(uint8_t *at, uint32_t count);

/* Heads of texts (str) and bytes (bin): `length` bytes follow. */
uint8_t *msgpack_write_text_head(uint8_t *at, size_t length);
uint8_t *msgpack_write_bytes_head(uint8_t *at, size_t length);

#endif
