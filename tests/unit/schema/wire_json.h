/* A judge of JSON for the schema's tests and fuzzer, written apart from the writers: strict RFC
 * 8259, one value and nothing after it, valid UTF-8, one line unless pretty, no member twice.
 * wire_msgpack.h builds on it. */
#ifndef NORN_TESTS_WIRE_JSON_H
#define NORN_TESTS_WIRE_JSON_H

#include <stdlib.h>

#include "util/buffer.h"
#include "util/text.h"

enum { WIRE_DEPTH = 40, WIRE_MEMBERS = 4096 };

struct wire {
    const uint8_t *at, *end;
    unsigned depth;
    bool spaces; /* pretty JSON has them */
    bool points; /* plain msgpack: a float64 that is whole stands in a point */
    uint64_t id; /* typed msgpack: the type of the pair whose payload is next */
    const char *fault;
};

struct wire_span {
    const uint8_t *data;
    size_t length;
};

static inline bool wire_fail(struct wire *wire, const char *fault)
{
    if (!wire->fault)
        wire->fault = fault;
    wire->at = wire->end;
    return false;
}

static inline void wire_skip(struct wire *wire)
{
    while (wire->spaces && wire->at < wire->end && strchr(" \r\n\t", *wire->at) && *wire->at)
        wire->at++;
}

static inline bool wire_take(struct wire *wire, char byte)
{
    wire_skip(wire);
    if (wire->at == wire->end || *wire->at != (uint8_t)byte)
        return false;
    wire->at++;
    return true;
}

static inline int wire_compare(const void *a, const void *b)
{
    const struct wire_span *left = a, *right = b;
    size_t shared = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->data, right->data, shared);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* No two of these are the same. */
static inline bool wire_unique(struct wire *wire, struct wire_span *spans, size_t count)
{
    qsort(spans, count, sizeof *spans, wire_compare);
    for (size_t i = 1; i < count; i++)
        if (wire_compare(&spans[i - 1], &spans[i]) == 0)
            return wire_fail(wire, "a member twice");
    return true;
}

static inline bool wire_escape(struct wire *wire)
{
    if (wire->at == wire->end)
        return wire_fail(wire, "cut escape");
    uint8_t letter = *wire->at++;
    if (strchr("\"\\/bfnrt", letter) && letter)
        return true;
    if (letter != 'u' || wire->end - wire->at < 4)
        return wire_fail(wire, "bad escape");
    for (int i = 0; i < 4; i++)
        if (!strchr("0123456789abcdefABCDEF", *wire->at++))
            return wire_fail(wire, "bad \\u escape");
    return true;
}

static inline bool wire_json_string(struct wire *wire, struct wire_span *ret_span)
{
    if (!wire_take(wire, '"'))
        return wire_fail(wire, "no string");
    const uint8_t *begin = wire->at;
    while (wire->at < wire->end && *wire->at != '"') {
        uint8_t byte = *wire->at++;
        if (byte < 0x20)
            return wire_fail(wire, "control byte in a string");
        if (byte == '\\' && !wire_escape(wire))
            return false;
    }
    *ret_span = (struct wire_span){begin, (size_t)(wire->at - begin)};
    return wire_take(wire, '"') || wire_fail(wire, "string without end");
}

static inline bool wire_digits(struct wire *wire)
{
    const uint8_t *begin = wire->at;
    while (wire->at < wire->end && *wire->at >= '0' && *wire->at <= '9')
        wire->at++;
    return wire->at > begin || wire_fail(wire, "no digits");
}

static inline bool wire_json_number(struct wire *wire)
{
    if (wire->at < wire->end && *wire->at == '-')
        wire->at++;
    bool zero = wire->at < wire->end && *wire->at == '0';
    const uint8_t *begin = wire->at;
    if (!wire_digits(wire) || (zero && wire->at - begin > 1))
        return wire_fail(wire, "bad number");
    if (wire->at < wire->end && *wire->at == '.') {
        wire->at++;
        return wire_digits(wire);
    }
    return true;
}

static inline bool wire_json_truth(struct wire *wire)
{
    static const char *const words[] = {"true", "false"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(wire->end - wire->at) < length || memcmp(wire->at, words[i], length) != 0)
            continue;
        wire->at += length;
        return true;
    }
    return false;
}

static inline bool wire_json_value(struct wire *wire);

static inline bool wire_json_members(struct wire *wire)
{
    struct wire_span *names = calloc(WIRE_MEMBERS, sizeof *names);
    size_t count = 0;
    bool good = names != NULL;
    do {
        good = good && count < WIRE_MEMBERS && wire_json_string(wire, &names[count++]) &&
               (wire_take(wire, ':') || wire_fail(wire, "no colon")) && wire_json_value(wire);
    } while (good && wire_take(wire, ','));
    good = good && wire_unique(wire, names, count);
    free(names);
    return good && (wire_take(wire, '}') || wire_fail(wire, "object without end"));
}

static inline bool wire_json_container(struct wire *wire)
{
    if (wire_take(wire, '{'))
        return wire_take(wire, '}') || wire_json_members(wire);
    if (!wire_take(wire, '['))
        return wire_json_truth(wire) || wire_json_number(wire);
    if (wire_take(wire, ']'))
        return true;
    do {
        if (!wire_json_value(wire))
            return false;
    } while (wire_take(wire, ','));
    return wire_take(wire, ']') || wire_fail(wire, "array without end");
}

static inline bool wire_json_value(struct wire *wire)
{
    struct wire_span span;
    wire_skip(wire);
    if (wire->depth++ > WIRE_DEPTH)
        return wire_fail(wire, "too deep");
    bool string = wire->at < wire->end && *wire->at == '"';
    bool good = string ? wire_json_string(wire, &span) : wire_json_container(wire);
    wire->depth--;
    return good;
}

/* What is wrong with a document, NULL when nothing is. */
static inline const char *wire_json_fault(const struct buffer *buffer, bool pretty)
{
    struct wire wire = {.at = buffer->data, .end = buffer->data + buffer->length, .spaces = pretty};
    if (buffer->failed)
        return "the buffer failed";
    if (text_utf8_valid(buffer->data, buffer->length) != buffer->length)
        return "not UTF-8";
    if (!pretty && buffer->length && memchr(buffer->data, '\n', buffer->length))
        return "more than one line";
    if (wire_json_value(&wire) && wire.at != wire.end)
        wire.fault = "bytes after the value";
    return wire.fault;
}

#endif
