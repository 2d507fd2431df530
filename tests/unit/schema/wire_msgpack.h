/* A reader of msgpack for the schema's tests and fuzzer, written apart from the writers: it prints
 * what it reads as the JSON that the same record should give, so that the two can be compared.
 * Takes plain msgpack (keys are text) and the [type, payload] pairs of 2016. */
#ifndef NORN_TESTS_WIRE_MSGPACK_H
#define NORN_TESTS_WIRE_MSGPACK_H

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "wire_json.h"

static inline uint64_t wire_big(struct wire *wire, unsigned bytes)
{
    uint64_t number = 0;
    if (wire->end - wire->at < (long)bytes) {
        wire_fail(wire, "cut number");
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++)
        number = number << 8 | *wire->at++;
    return number;
}

/* Prints the escape of a line separator beyond ASCII; its length, 0 when there is none here. */
static inline size_t wire_print_separator(const uint8_t *data, size_t length, struct buffer *ret)
{
    static const struct {
        const char *bytes, *escape;
    } separators[] = {
        {"\xc2\x85", "\\u0085"}, {"\xe2\x80\xa8", "\\u2028"}, {"\xe2\x80\xa9", "\\u2029"}};
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        size_t size = strlen(separators[i].bytes);
        if (size > length || memcmp(data, separators[i].bytes, size) != 0)
            continue;
        buffer_add_text(ret, separators[i].escape);
        return size;
    }
    return 0;
}

static inline void wire_print_string(const uint8_t *data, size_t length, struct buffer *ret)
{
    buffer_add_byte(ret, '"');
    for (size_t i = 0; i < length; i++) {
        static const char letters[] = "btnvfr";
        uint8_t byte = data[i];
        size_t separator = wire_print_separator(data + i, length - i, ret);
        if (separator) {
            i += separator - 1;
            continue;
        }
        if (byte == '"' || byte == '\\')
            buffer_printf(ret, "\\%c", byte);
        else if (byte >= 8 && byte <= 13 && byte != 11)
            buffer_printf(ret, "\\%c", letters[byte - 8]);
        else if (byte < 0x20)
            buffer_printf(ret, "\\u%04X", byte);
        else
            buffer_add_byte(ret, byte);
    }
    buffer_add_byte(ret, '"');
}

/* Doubles as the API prints them; of a point always with decimals. */
static inline void wire_print_double(double number, bool point, struct buffer *ret)
{
    if (!isfinite(number))
        buffer_add_text(ret, "not finite");
    else if (number == trunc(number) && !point)
        buffer_printf(ret, "%.0f", number == 0 ? 0.0 : number);
    else
        buffer_printf(ret, "%.6f", number);
}

static inline bool wire_msgpack(struct wire *wire, bool typed, struct buffer *ret);

static inline bool wire_msgpack_string(struct wire *wire, uint64_t length, struct buffer *ret)
{
    if ((uint64_t)(wire->end - wire->at) < length)
        return wire_fail(wire, "cut str");
    if (text_utf8_valid(wire->at, length) != length)
        return wire_fail(wire, "str is not UTF-8");
    wire_print_string(wire->at, length, ret);
    wire->at += length;
    return true;
}

static inline bool wire_msgpack_array(struct wire *wire, uint64_t count, bool typed,
                                      struct buffer *ret)
{
    buffer_add_byte(ret, '[');
    for (uint64_t i = 0; i < count; i++) {
        if (i)
            buffer_add_byte(ret, ',');
        if (!wire_msgpack(wire, typed, ret))
            return false;
    }
    buffer_add_byte(ret, ']');
    return true;
}

/* What an address bears as a key of typed msgpack, as text with its quotes: an address and this. */
static const char wire_mask[] = "/FF:FF:FF:FF:FF:FF\"";

enum {
    WIRE_ADDRESS = sizeof "\"00:00:00:00:00:00" - 1,
    WIRE_MASK = sizeof wire_mask - 1,
    WIRE_MAP_MAC = 16, /* the type id of a map by address */
};

static inline bool wire_is_masked(const struct buffer *key)
{
    if (key->length != WIRE_ADDRESS + WIRE_MASK ||
        memcmp(key->data + WIRE_ADDRESS, wire_mask, WIRE_MASK) != 0)
        return false;
    for (size_t colon = 3; colon < WIRE_ADDRESS; colon += 3)
        if (key->data[colon] != ':')
            return false;
    return true;
}

/* A key: text in plain msgpack; in typed, where `id` is the type of the map, numbers become text
 * and the masks of addresses go. */
static inline bool wire_msgpack_key(struct wire *wire, bool typed, uint64_t id, struct buffer *ret)
{
    struct buffer key = {0};
    bool good = wire_msgpack(wire, false, &key);
    bool text = good && key.length && key.data[0] == '"';
    if (good && !text && !typed)
        good = wire_fail(wire, "key is no text");
    bool masked = typed && id == WIRE_MAP_MAC;
    if (good && masked && !wire_is_masked(&key))
        good = wire_fail(wire, "key is no address with its mask");
    if (!text)
        buffer_add_byte(ret, '"');
    buffer_add(ret, key.data, good && masked ? WIRE_ADDRESS : key.length);
    if (!text || masked)
        buffer_add_byte(ret, '"');
    buffer_done(&key);
    return good;
}

static inline bool wire_msgpack_map(struct wire *wire, uint64_t count, bool typed,
                                    struct buffer *ret)
{
    uint64_t id = wire->id;
    buffer_add_byte(ret, '{');
    for (uint64_t i = 0; i < count; i++) {
        if (i)
            buffer_add_byte(ret, ',');
        if (!wire_msgpack_key(wire, typed, id, ret))
            return false;
        buffer_add_byte(ret, ':');
        if (!wire_msgpack(wire, typed, ret))
            return false;
    }
    buffer_add_byte(ret, '}');
    return true;
}

static inline bool wire_msgpack_number(struct wire *wire, uint8_t code, struct buffer *ret)
{
    uint64_t bits = wire_big(wire, code < 0xcc ? (code == 0xca ? 4 : 8) : 1u << (code & 3));
    double number;
    float narrow;
    uint32_t low = (uint32_t)bits;
    unsigned shift = 64 - (8u << (code & 3));
    memcpy(&narrow, &low, sizeof narrow);
    memcpy(&number, &bits, sizeof number);
    if (code == 0xca)
        wire_print_double(narrow, false, ret);
    else if (code == 0xcb)
        wire_print_double(number, fabs(number) < 9007199254740992.0 && wire->points, ret);
    else if (code >= 0xd0)
        buffer_printf(ret, "%" PRId64, (int64_t)(bits << shift) >> shift);
    else
        buffer_printf(ret, "%" PRIu64, bits);
    return !wire->fault;
}

static inline bool wire_msgpack_untyped(struct wire *wire, bool typed, struct buffer *ret)
{
    uint8_t code = (uint8_t)wire_big(wire, 1);
    if (code < 0x80 || code >= 0xe0) {
        buffer_printf(ret, "%d", (int8_t)code);
        return !wire->fault;
    }
    if (code < 0x90)
        return wire_msgpack_map(wire, code & 15, typed, ret);
    if (code < 0xa0)
        return wire_msgpack_array(wire, code & 15, typed, ret);
    if (code < 0xc0)
        return wire_msgpack_string(wire, code & 31, ret);
    if (code >= 0xca && code <= 0xd3)
        return wire_msgpack_number(wire, code, ret);
    if (code >= 0xd9 && code <= 0xdb)
        return wire_msgpack_string(wire, wire_big(wire, 1u << (code - 0xd9)), ret);
    if (code == 0xdc || code == 0xdd)
        return wire_msgpack_array(wire, wire_big(wire, code == 0xdc ? 2 : 4), typed, ret);
    if (code == 0xde || code == 0xdf)
        return wire_msgpack_map(wire, wire_big(wire, code == 0xde ? 2 : 4), typed, ret);
    return wire_fail(wire, "a code that is never written");
}

/* [type, payload]: the address of [address, mask], the payload of the others. */
static inline bool wire_msgpack_pair(struct wire *wire, struct buffer *ret)
{
    struct buffer mask = {0};
    if (wire_big(wire, 1) != 0x92)
        return wire_fail(wire, "no pair");
    uint64_t id = wire_big(wire, 1);
    if (id > 18)
        return wire_fail(wire, "type id the 2016 client does not know");
    wire->id = id;
    if (id != 11)
        return wire_msgpack_untyped(wire, true, ret);
    bool good = wire_big(wire, 1) == 0x92 && wire_msgpack_untyped(wire, false, ret) &&
                wire_msgpack_untyped(wire, false, &mask) && mask.length == 19 &&
                memcmp(mask.data, "\"FF:FF:FF:FF:FF:FF\"", 19) == 0;
    buffer_done(&mask);
    return good || wire_fail(wire, "address without its mask");
}

static inline bool wire_msgpack(struct wire *wire, bool typed, struct buffer *ret)
{
    if (wire->depth++ > 2 * WIRE_DEPTH)
        return wire_fail(wire, "too deep");
    bool good = typed ? wire_msgpack_pair(wire, ret) : wire_msgpack_untyped(wire, typed, ret);
    wire->depth--;
    return good;
}

/* Prints msgpack as JSON into `ret`. What is wrong with it, NULL when nothing is. */
static inline const char *wire_msgpack_print(const struct buffer *buffer, bool typed,
                                             struct buffer *ret)
{
    struct wire wire = {.at = buffer->data, .end = buffer->data + buffer->length, .points = !typed};
    if (buffer->failed)
        return "the buffer failed";
    if (wire_msgpack(&wire, typed, ret) && wire.at != wire.end)
        wire.fault = "bytes after the value";
    return wire.fault;
}

#endif
