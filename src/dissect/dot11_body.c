/* Tells whether a beacon or probe response says anything new. One walk over the elements cuts the
 * body into runs at those that change by themselves; the runs are hashed sixteen bytes at a time
 * in two lanes. The few volatile facts worth keeping come out on the way. Input: a parsed header
 * and its body; output: struct dot11_body. */
#include "dissect/dot11_body.h"

#include <string.h>

#include "util/bytes.h"
#include "util/wide.h"

enum {
    FIXED_BYTES = 12,
    TIMESTAMP_BYTES = 8,
    ELEMENT_QBSS = 11,
    QBSS_BYTES = 5,
    QBSS_OLD_BYTES = 4, /* of drafts, with one octet for the capacity left */
    ELEMENT_AIRONET = 133,
    AIRONET_NAME_AT = 10,
    AIRONET_NAME_BYTES = 16,
    ELEMENT_EXTENSION = 255,
    EXTENSION_COLOR_CHANGE = 42,
    EXTENSION_SWITCH_TIME = 52,
};

struct hash {
    uint64_t first, second;
};

static const uint64_t volatiles[4];

static void hash_run(struct hash *hash, const uint8_t *bytes, size_t length)
{
    static const uint64_t multiplier = 0xe7037ed1a0b428dbull;
    uint64_t first = hash->first, second = hash->second ^ length;
    for (; length >= 16; bytes += 16, length -= 16) {
        first = wide_fold(first ^ load_le64(bytes), multiplier);
        second = wide_fold(second ^ load_le64(bytes + 8), 0x94d049bb133111ebull);
    }
    if (length) {
        uint8_t tail[16] = {0};
        memcpy(tail, bytes, length);
        first = wide_fold(first ^ load_le64(tail), multiplier);
        second = wide_fold(second ^ load_le64(tail + 8), 0x94d049bb133111ebull);
    }
    hash->first = first;
    hash->second = second;
}

static bool is_volatile(uint8_t id)
{
    return volatiles[id >> 6] >> (id & 63) & 1;
}

/* Takes what is worth keeping of a volatile element; false when it is to be hashed after all. */
static bool take_volatile(uint8_t id, struct reader *content, struct dot11_body *body,
                          struct hash *hash)
{
    size_t length = reader_left(content);
    if (id == ELEMENT_QBSS && (length == QBSS_BYTES || length == QBSS_OLD_BYTES)) {
        body->has_qbss = true;
        body->qbss_stations = reader_le16(content);
        body->qbss_utilization = reader_u8(content);
    } else if (id == ELEMENT_AIRONET) { /* the load and the clients change, the name does not */
        reader_skip(content, AIRONET_NAME_AT);
        const uint8_t *name = reader_bytes(content, AIRONET_NAME_BYTES);
        if (name)
            hash_run(hash, name, AIRONET_NAME_BYTES);
    } else if (id == ELEMENT_EXTENSION) {
        uint8_t extension = reader_u8(content);
        return extension == EXTENSION_COLOR_CHANGE || extension == EXTENSION_SWITCH_TIME;
    }
    return true;
}

static void walk(struct reader *reader, struct dot11_body *body, struct hash *hash)
{
    size_t run = reader->offset;
    while (reader_left(reader) >= 2) {
        size_t start = reader->offset;
        uint8_t id = reader_u8(reader), length = reader_u8(reader);
        if (length > reader_left(reader))
            break; /* a cut element: hashed as it is with the rest */
        if (!is_volatile(id)) {
            reader_skip(reader, length);
            continue;
        }
        struct reader content = reader_part(reader, length);
        if (!take_volatile(id, &content, body, hash))
            continue;
        hash_run(hash, reader->data + run, start - run);
        run = reader->offset;
    }
    hash_run(hash, reader->data + run, reader->length - run);
}

void dot11_body_parse(const struct dot11_frame *frame, struct dot11_body *ret_body)
{
    struct reader reader = reader_over(frame->body, frame->body_length);
    struct hash hash = {0xa0761d6478bd642full, 0x9e3779b97f4a7c15ull};
    memset(ret_body, 0, sizeof *ret_body);
    const uint8_t *fixed = reader_bytes(&reader, FIXED_BYTES);
    if (!fixed || frame->protected_frame)
        return;
    ret_body->timestamp = load_le64(fixed);
    ret_body->interval = load_le16(fixed + TIMESTAMP_BYTES);
    ret_body->capability = load_le16(fixed + TIMESTAMP_BYTES + 2);
    hash.first ^= (uint64_t)ret_body->interval << 16 | ret_body->capability;
    walk(&reader, ret_body, &hash);
    uint64_t value = wide_fold(hash.first ^ hash.second >> 32, hash.second | 1);
    ret_body->hash = value ? value : 1;
}

uint64_t dot11_body_hash(const struct dot11_frame *frame)
{
    struct dot11_body body;
    dot11_body_parse(frame, &body);
    return body.hash;
}

#define BIT(id) (1ull << ((id)&63))

/* CF parameters, TIM, BSS load, channel switch, quiet, extended channel switch; time, mesh awake
 * window, beacon timing; Aironet; wide switch, switch wrapper, reduced neighbours (they carry
 * beacon offsets), extensions. */
static const uint64_t volatiles[4] = {
    BIT(4) | BIT(5) | BIT(11) | BIT(37) | BIT(40) | BIT(60),
    BIT(69) | BIT(119) | BIT(120),
    BIT(133),
    BIT(194) | BIT(196) | BIT(201) | BIT(255),
};
