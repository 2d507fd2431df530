/* Frame headers, all of them big-endian. See protocol_frame.h.
 * v3: signature, u16 A9A9, u16 version, u32 body length, u16 command, u16 code, u32 sequence.
 * v2: signature, u16 ABCD, u16 version, u32 body length, command as 32 bytes of text, u32 sequence.
 * v0: signature, u32 checksum of the body, u32 body length. */
#include "protocol/protocol_frame.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum {
    SIGNATURE = 0xdecafbad,
    MARK_V3 = 0xa9a9,
    MARK_V2 = 0xabcd,
    HEADER_V2 = 48,
    HEADER_V0 = 12,
    NAME_V2 = 32,
};

static const char *const names[];
static const size_t names_count;

/* The bytes of all the versions' headers up to the length of the body. */
struct peek {
    unsigned version;
    size_t header;
    size_t body;
};

/* A version 0 checksum may look like a newer mark, but then hardly with that version behind it. */
static struct peek read_peek(struct reader *reader)
{
    uint16_t mark = reader_be16(reader);
    uint16_t version = reader_be16(reader);
    struct peek peek = {0, HEADER_V0, reader_be32(reader)};
    if (mark == MARK_V3 && version == 3) {
        peek.version = 3;
        peek.header = PROTOCOL_HEADER;
    } else if (mark == MARK_V2 && version == 2) {
        peek.version = 2;
        peek.header = HEADER_V2;
    }
    return peek;
}

static struct slice read_name(struct reader *reader)
{
    const uint8_t *name = reader_bytes(reader, NAME_V2);
    return (struct slice){name, name ? strnlen((const char *)name, NAME_V2) : 0};
}

/* A window that is too short for the peek: does it begin as a frame does? */
static int check_start(const uint8_t *bytes, size_t length)
{
    uint32_t signature = htobe32(SIGNATURE);
    return memcmp(bytes, &signature, length < 4 ? length : 4) == 0 ? -EAGAIN : -EPROTO;
}

int protocol_frame_parse(const void *bytes, size_t length, struct protocol_frame *ret_frame,
                         size_t *ret_need)
{
    struct reader reader = reader_over(bytes, length);
    if (length && check_start(bytes, length) == -EPROTO)
        return -EPROTO;
    *ret_need = PROTOCOL_PEEK;
    if (length < PROTOCOL_PEEK)
        return -EAGAIN;
    reader_skip(&reader, 4);
    struct peek peek = read_peek(&reader);
    if (peek.body > PROTOCOL_BODY_MAX)
        return -EMSGSIZE;
    *ret_need = peek.header + peek.body;
    if (length < *ret_need)
        return -EAGAIN;
    struct protocol_frame frame = {.version = peek.version, .length = *ret_need};
    if (frame.version == 3) {
        frame.command = reader_be16(&reader);
        frame.code = reader_be16(&reader);
    } else if (frame.version == 2) {
        frame.name = read_name(&reader);
    }
    if (frame.version)
        frame.sequence = reader_be32(&reader);
    frame.body = (struct slice){reader_bytes(&reader, peek.body), peek.body};
    *ret_frame = frame;
    return 0;
}

static uint8_t *store_16(uint8_t *at, unsigned value)
{
    *at++ = (uint8_t)(value >> 8);
    *at++ = (uint8_t)value;
    return at;
}

static uint8_t *store_32(uint8_t *at, uint32_t value)
{
    return store_16(store_16(at, value >> 16), value & 0xffff);
}

void protocol_frame_write(uint8_t ret_header[PROTOCOL_HEADER], enum protocol_command command,
                          uint16_t code, uint32_t sequence, size_t body_length)
{
    uint8_t *at = store_32(ret_header, SIGNATURE);
    at = store_16(store_16(at, MARK_V3), 3);
    at = store_32(at, (uint32_t)body_length);
    at = store_16(store_16(at, command), code);
    store_32(at, sequence);
}

const char *protocol_frame_name(unsigned command)
{
    return command < names_count ? names[command] : NULL;
}

// clang-format off
static const char *const names[] = {
    [PROTOCOL_REGISTER] = "REGISTER",
    [PROTOCOL_PING] = "PING",
    [PROTOCOL_PONG] = "PONG",
    [PROTOCOL_SHUTDOWN] = "SHUTDOWN",
    [PROTOCOL_MESSAGE] = "MESSAGE",
    [PROTOCOL_FAILURE] = "ERROR",
    [PROTOCOL_PROBEREQ] = "PROBEREQ",
    [PROTOCOL_PROBEREPORT] = "PROBEREPORT",
    [PROTOCOL_OPENREQ] = "OPENREQ",
    [PROTOCOL_OPENREPORT] = "OPENREPORT",
    [PROTOCOL_LISTREQ] = "LISTREQ",
    [PROTOCOL_LISTREPORT] = "LISTREPORT",
    [PROTOCOL_DATA] = "PACKET",
    [PROTOCOL_CONFIGREQ] = "CONFIGREQ",
    [PROTOCOL_CONFIGREPORT] = "CONFIGREPORT",
    [PROTOCOL_NEWSOURCE] = "NEWSOURCE",
};
static const size_t names_count = sizeof names / sizeof names[0];
// clang-format on
