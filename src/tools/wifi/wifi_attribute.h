/* Netlink attributes, as the kernel sends them: length and type, the value, padding to four bytes,
 * numbers in the machine's own order (netlink(7), linux/netlink.h). Input: a message's bytes behind
 * its headers. Output: one attribute after the other, borrowed. */
#ifndef NORN_TOOLS_WIFI_ATTRIBUTE_H
#define NORN_TOOLS_WIFI_ATTRIBUTE_H

#include <linux/netlink.h>
#include <stdio.h>

#include "util/bytes.h"

struct wifi_attribute {
    uint16_t type;
    struct slice value;
};

/* The next attribute. False at the end, or where the bytes make no sense (a failed reader). */
static inline bool wifi_attribute_next(struct reader *reader, struct wifi_attribute *ret_attribute)
{
    uint16_t length, type;
    if (!reader_left(reader))
        return false;
    reader_copy(reader, &length, sizeof length);
    reader_copy(reader, &type, sizeof type);
    if (length < NLA_HDRLEN)
        reader->failed = true;
    size_t size = length - (size_t)NLA_HDRLEN, padding = NLA_ALIGN(size) - size;
    const uint8_t *value = reader_bytes(reader, size);
    if (!value)
        return false;
    reader_skip(reader, padding < reader_left(reader) ? padding : reader_left(reader));
    *ret_attribute = (struct wifi_attribute){type & NLA_TYPE_MASK, {value, size}};
    return true;
}

/* A reader over the attributes inside one. */
static inline struct reader wifi_attribute_inner(struct wifi_attribute attribute)
{
    return reader_over(attribute.value.data, attribute.value.length);
}

/* The first of that type, else an empty one. */
static inline struct wifi_attribute wifi_attribute_find(struct reader reader, uint16_t type)
{
    struct wifi_attribute attribute;
    while (wifi_attribute_next(&reader, &attribute))
        if (attribute.type == type)
            return attribute;
    return (struct wifi_attribute){0};
}

/* Its number; 0 when it is shorter than that. */
static inline uint32_t wifi_attribute_u32(struct wifi_attribute attribute)
{
    uint32_t value;
    struct reader reader = wifi_attribute_inner(attribute);
    reader_copy(&reader, &value, sizeof value);
    return value;
}

static inline uint16_t wifi_attribute_u16(struct wifi_attribute attribute)
{
    uint16_t value;
    struct reader reader = wifi_attribute_inner(attribute);
    reader_copy(&reader, &value, sizeof value);
    return value;
}

static inline uint8_t wifi_attribute_u8(struct wifi_attribute attribute)
{
    struct reader reader = wifi_attribute_inner(attribute);
    return reader_u8(&reader);
}

/* Its text, with or without a NUL of its own, cut to the room there is. */
static inline void wifi_attribute_text(struct wifi_attribute attribute, char *ret_text, size_t room)
{
    snprintf(ret_text, room, "%.*s", (int)attribute.value.length,
             attribute.value.length ? (const char *)attribute.value.data : "");
}

#endif
