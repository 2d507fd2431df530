/* Texts, keys and containers of records as msgpack. See msgpack.h for the rules kept. */
#include "schema/msgpack.h"

#include "schema/number.h"
#include "util/text.h"

enum {
    FIXMAP = 0x80,
    FIXARRAY = 0x90,
    FIXSTR = 0xa0,
    ARRAY16 = 0xdc,
    MAP16 = 0xde,
};

/* A text with invalid bytes: measured, then written with U+FFFD in their places. */
static uint8_t *write_mended(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    size_t bad = 0;
    for (size_t done = 0; done < length; done++, bad++) {
        done += text_utf8_valid(text + done, length - done);
        if (done >= length)
            break;
    }
    at = emit_room(buffer, at, length + 2 * bad + 5);
    if (!at)
        return NULL;
    at = msgpack_write_text_head(at, length + 2 * bad);
    for (size_t done = 0; done < length; done++) {
        size_t valid = text_utf8_valid(text + done, length - done);
        memcpy(at, text + done, valid);
        at += valid;
        done += valid;
        if (done >= length)
            break;
        memcpy(at, "\xef\xbf\xbd", 3);
        at += 3;
    }
    return at;
}

static bool is_ascii(const char *text, size_t length)
{
    uint64_t word, any = 0;
    size_t done = 0;
    for (; done + 8 <= length; done += 8) {
        memcpy(&word, text + done, 8);
        any |= word;
    }
    for (; done < length; done++)
        any |= (uint8_t)text[done];
    return !(any & 0x8080808080808080);
}

uint8_t *msgpack_write_text(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    if (!is_ascii(text, length) && text_utf8_valid(text, length) != length)
        return write_mended(buffer, at, text, length);
    at = emit_room(buffer, at, length + 5);
    if (!at)
        return NULL;
    at = msgpack_write_text_head(at, length);
    if (length)
        memcpy(at, text, length);
    return at + length;
}

uint8_t *msgpack_write_bytes(struct buffer *buffer, uint8_t *at, struct bytes bytes)
{
    at = emit_room(buffer, at, 2 * bytes.length + 5);
    if (!at)
        return NULL;
    at = msgpack_write_text_head(at, 2 * bytes.length);
    return number_write_hex(at, bytes.data, bytes.length);
}

uint8_t *msgpack_write_series(struct buffer *buffer, uint8_t *at, const double *numbers,
                              size_t count)
{
    at = emit_room(buffer, at, 9 * count + 5);
    if (!at)
        return NULL;
    at = msgpack_write_array(at, (uint32_t)count);
    for (size_t i = 0; i < count;) {
        if (i + 8 <= count && number_zeroes(numbers + i)) {
            memset(at, 0, 8);
            at += 8;
            i += 8;
            continue;
        }
        at = msgpack_write_number(at, numbers[i++]);
    }
    return at;
}

uint8_t *msgpack_write_mac(uint8_t *at, struct macaddr mac)
{
    *at++ = FIXSTR | (MACADDR_TEXT - 1);
    for (int i = 0; i < 6; i++, at += 3) {
        number_write_hex(at, &mac.octet[i], 1);
        at[2] = ':';
    }
    return at - 1;
}

uint8_t *msgpack_write_uuid(uint8_t *at, struct uuid uuid)
{
    at = msgpack_write_text_head(at, UUID_TEXT - 1);
    uuid_write(uuid, (char *)at);
    return at + UUID_TEXT - 1;
}

uint8_t *msgpack_write_key(uint8_t *at, struct device_key key)
{
    char text[DEVICE_KEY_TEXT];
    size_t length = device_key_write(key, text);
    at = msgpack_write_text_head(at, length);
    memcpy(at, text, length);
    return at + length;
}

uint8_t *msgpack_reserve(uint8_t *at, uint32_t most)
{
    return at + (most < 16 ? 1 : 3);
}

static void write_long_head(uint8_t *at, uint8_t code, uint32_t count, unsigned octets)
{
    *at++ = code;
    while (octets--)
        *at++ = (uint8_t)(count >> (8 * octets));
}

/* The head at offset `head` takes a container of `count`: `fix` the code of its one-byte form,
 * `code` of its 16-bit one; the 32-bit one is the next. An empty one shrinks to a byte. */
static uint8_t *patch(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                      uint32_t count, uint8_t fix, uint8_t code)
{
    uint8_t *place = buffer->data + head;
    if (most < 16 || !count) {
        *place = (uint8_t)(fix | count);
        return count ? at : place + 1;
    }
    if (count <= UINT16_MAX) {
        write_long_head(place, code, count, 2);
        return at;
    }
    at = emit_room(buffer, at, 2);
    if (!at)
        return NULL;
    place = buffer->data + head;
    memmove(place + 5, place + 3, (size_t)(at - place) - 3);
    write_long_head(place, (uint8_t)(code + 1), count, 4);
    return at + 2;
}

uint8_t *msgpack_patch_array(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                             uint32_t count)
{
    return patch(buffer, at, head, most, count, FIXARRAY, ARRAY16);
}

uint8_t *msgpack_patch_map(struct buffer *buffer, uint8_t *at, size_t head, uint32_t most,
                           uint32_t count)
{
    return patch(buffer, at, head, most, count, FIXMAP, MAP16);
}
