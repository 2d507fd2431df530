/* A made-up record type with a row of every kind, for the schema's tests and fuzzer: plain and
 * computed members, optional ones, older names, the short form, records in records, lists and maps
 * of all keys, and one computed record that counts how often it was made. */
#ifndef NORN_TESTS_SAMPLE_RECORD_H
#define NORN_TESTS_SAMPLE_RECORD_H

#include <stdlib.h>

#include "schema/record.h"

struct leaf {
    uint32_t size;
    double ratio;
    const char *word;
    double slots[20];
};

struct sample {
    const struct string *name, *nothing;
    const char *text;
    int8_t int8;
    uint8_t uint8;
    int16_t int16;
    uint16_t uint16;
    int32_t int32;
    uint32_t uint32;
    int64_t int64;
    uint64_t uint64;
    float single;
    double number;
    struct macaddr mac;
    struct uuid uuid;
    struct device_key key;
    struct bytes bytes;
    struct point point;
    double series[70];
    const struct leaf *leaf, *no_leaf;
    struct leaf inner;
    const struct sample *again; /* the same type: nests as deep as the data does */
    struct leaf leaves[3];
    size_t leaf_count;
    const char *words[3];
    size_t word_count;
    size_t list_count;   /* lists in the map of lists */
    size_t number_count; /* elements of the long list */
};

static _Thread_local unsigned sample_computed; /* how often the computed record was made */

static void sample_get_leaf(const void *record, struct view *view, struct value *ret)
{
    struct leaf *leaf = view_scratch(view, sizeof *leaf);
    sample_computed++;
    if (leaf)
        *leaf = (struct leaf){.size = 77, .ratio = 0.5, .word = "made"};
    ret->record = leaf;
}

static void sample_get_text(const void *record, struct view *view, struct value *ret)
{
    char *text = view_scratch(view, MACADDR_TEXT);
    ret->absent = !text;
    if (!text)
        return;
    macaddr_write(((const struct sample *)record)->mac, text);
    ret->text = text;
    ret->length = MACADDR_TEXT - 1;
}

static void sample_get_nothing(const void *record, struct view *view, struct value *ret)
{
    ret->absent = true;
}

static bool sample_next_leaf(const void *record, struct view *view, struct cursor *cursor)
{
    const struct sample *sample = record;
    if (cursor->index >= sample->leaf_count)
        return false;
    const struct leaf *leaf = &sample->leaves[cursor->index++];
    cursor->element = (struct value){.type = FIELD_RECORD, .record = leaf};
    return true;
}

static bool sample_next_word(const void *record, struct view *view, struct cursor *cursor)
{
    const struct sample *sample = record;
    if (cursor->index >= sample->word_count)
        return false;
    cursor->element.text = sample->words[cursor->index++];
    cursor->element.length = strlen(cursor->element.text);
    return true;
}

static bool sample_next_number(const void *record, struct view *view, struct cursor *cursor)
{
    cursor->element.natural = cursor->index;
    return cursor->index++ < ((const struct sample *)record)->number_count;
}

static bool sample_next_by_word(const void *record, struct view *view, struct cursor *cursor)
{
    const struct sample *sample = record;
    if (cursor->index >= sample->word_count)
        return false;
    cursor->key.text = sample->words[cursor->index];
    cursor->key.length = strlen(cursor->key.text);
    cursor->element.natural = ++cursor->index;
    return true;
}

static bool sample_next_by_mac(const void *record, struct view *view, struct cursor *cursor)
{
    const struct sample *sample = record;
    if (cursor->index >= sample->leaf_count)
        return false;
    cursor->key.mac = sample->mac;
    cursor->key.mac.octet[5] = (uint8_t)cursor->index;
    cursor->element.record = &sample->leaves[cursor->index++];
    return true;
}

static bool sample_next_by_int(const void *record, struct view *view, struct cursor *cursor)
{
    cursor->key.integer = (int64_t)cursor->index * 100 - 100;
    cursor->element.mac = ((const struct sample *)record)->mac;
    return cursor->index++ < 3;
}

static bool sample_next_by_double(const void *record, struct view *view, struct cursor *cursor)
{
    static const double keys[] = {2412000, 2417500.5, -0.25};
    if (cursor->index >= 3)
        return false;
    cursor->key.number = keys[cursor->index++];
    cursor->element.number = (double)cursor->index / 4;
    return true;
}

static bool sample_next_list(const void *record, struct view *view, struct cursor *cursor)
{
    const struct sample *sample = record;
    if (cursor->index >= sample->list_count)
        return false;
    cursor->key.text = cursor->index++ ? "second" : "first";
    cursor->key.length = strlen(cursor->key.text);
    cursor->element.record = sample;
    return true;
}

static bool sample_next_none(const void *record, struct view *view, struct cursor *cursor)
{
    return false;
}

// clang-format off
#define LEAF(wire, kind, member) FIELD(wire, kind, struct leaf, member, "of a leaf")
static const struct field leaf_fields[] = {
    LEAF("leaf.size", FIELD_UINT32, size),
    LEAF("leaf.ratio", FIELD_DOUBLE, ratio),
    LEAF("leaf.word", FIELD_TEXT, word),
    FIELD_NUMBERS("leaf.slots", struct leaf, slots, "slots of a leaf"),
    FIELD_OLD("leaf.old", FIELD_UINT32, struct leaf, size, "older name of leaf.size"),
};
static const struct record_type leaf_type = RECORD_TYPE("leaf", leaf_fields);

static const struct field list_fields[] = {
    {.name = "sample.list", .type = FIELD_LIST, .element = FIELD_RECORD, .record = &leaf_type, .next = sample_next_leaf},
};
static const struct record_type list_type = RECORD_TYPE("list", list_fields);

static const struct record_type sample_type;

#define SAMPLE(wire, kind, member) FIELD(wire, kind, struct sample, member, "the " #member)
#define OPTIONAL(wire, kind, member) FIELD_IF_SET(wire, kind, struct sample, member, "the " #member ", if set")
#define WALK(wire, kind, inner_kind, inner, function) \
    {.name = (wire), .type = (kind), .element = (inner_kind), .record = (inner), .next = (function), .description = "walked"}
static const struct field sample_fields[] = {
    {.name = "sample.name", .type = FIELD_STRING, .offset = offsetof(struct sample, name), .flags = FIELD_SUMMARY, .description = "a <name> | with \"marks\""},
    SAMPLE("sample.nothing", FIELD_STRING, nothing),
    SAMPLE("sample.text", FIELD_TEXT, text),
    SAMPLE("sample.int8", FIELD_INT8, int8),
    {.name = "sample.uint8", .type = FIELD_UINT8, .offset = offsetof(struct sample, uint8), .flags = FIELD_SUMMARY | FIELD_OPTIONAL, .unit = "dB"},
    SAMPLE("sample.int16", FIELD_INT16, int16),
    SAMPLE("sample.uint16", FIELD_UINT16, uint16),
    SAMPLE("sample.int32", FIELD_INT32, int32),
    SAMPLE("sample.uint32", FIELD_UINT32, uint32),
    SAMPLE("sample.int64", FIELD_INT64, int64),
    SAMPLE("sample.uint64", FIELD_UINT64, uint64),
    SAMPLE("sample.float", FIELD_FLOAT, single),
    SAMPLE("sample.double", FIELD_DOUBLE, number),
    SAMPLE("sample.mac", FIELD_MAC, mac),
    SAMPLE("sample.uuid", FIELD_UUID, uuid),
    SAMPLE("sample.key", FIELD_KEY, key),
    SAMPLE("sample.bytes", FIELD_BYTES, bytes),
    SAMPLE("sample.point", FIELD_POINT, point),
    FIELD_NUMBERS("sample.series", struct sample, series, "numbers"),
    OPTIONAL("sample.if.name", FIELD_STRING, name),
    OPTIONAL("sample.if.text", FIELD_TEXT, text),
    OPTIONAL("sample.if.int32", FIELD_INT32, int32),
    OPTIONAL("sample.if.uint64", FIELD_UINT64, uint64),
    OPTIONAL("sample.if.double", FIELD_DOUBLE, number),
    OPTIONAL("sample.if.mac", FIELD_MAC, mac),
    OPTIONAL("sample.if.uuid", FIELD_UUID, uuid),
    OPTIONAL("sample.if.key", FIELD_KEY, key),
    OPTIONAL("sample.if.bytes", FIELD_BYTES, bytes),
    OPTIONAL("sample.if.point", FIELD_POINT, point),
    {.name = "sample.leaf", .type = FIELD_RECORD, .offset = offsetof(struct sample, leaf), .record = &leaf_type, .flags = FIELD_SUMMARY},
    {.name = "sample.no_leaf", .type = FIELD_RECORD, .offset = offsetof(struct sample, no_leaf), .record = &leaf_type, .flags = FIELD_SUMMARY},
    {.name = "sample.inner", .type = FIELD_INLINE, .offset = offsetof(struct sample, inner), .record = &leaf_type},
    {.name = "sample.again", .type = FIELD_RECORD, .offset = offsetof(struct sample, again), .record = &sample_type},
    {.name = "sample.made", .type = FIELD_RECORD, .get = sample_get_leaf, .record = &leaf_type},
    {.name = "sample.made.text", .type = FIELD_STRING, .get = sample_get_text},
    {.name = "sample.made.nothing", .type = FIELD_INT32, .get = sample_get_nothing},
    WALK("sample.leaves", FIELD_LIST, FIELD_RECORD, &leaf_type, sample_next_leaf),
    WALK("sample.words", FIELD_LIST, FIELD_STRING, NULL, sample_next_word),
    WALK("sample.numbers", FIELD_LIST, FIELD_UINT32, NULL, sample_next_number),
    WALK("sample.by.word", FIELD_MAP_STRING, FIELD_UINT8, NULL, sample_next_by_word),
    WALK("sample.by.mac", FIELD_MAP_MAC, FIELD_RECORD, &leaf_type, sample_next_by_mac),
    WALK("sample.by.int", FIELD_MAP_INT, FIELD_MAC, NULL, sample_next_by_int),
    WALK("sample.by.double", FIELD_MAP_DOUBLE, FIELD_DOUBLE, NULL, sample_next_by_double),
    WALK("sample.empty", FIELD_LIST, FIELD_STRING, NULL, sample_next_none),
    {.name = "sample.if.empty", .type = FIELD_MAP_STRING, .element = FIELD_STRING, .next = sample_next_none, .flags = FIELD_OPTIONAL},
    {.name = "sample.if.words", .type = FIELD_LIST, .element = FIELD_STRING, .next = sample_next_word, .flags = FIELD_OPTIONAL},
    WALK("sample.lists", FIELD_MAP_STRING, FIELD_LIST, &list_type, sample_next_list),
    FIELD_OLD("sample.old", FIELD_UINT32, struct sample, uint32, "older name of sample.uint32"),
};
static const struct record_type sample_type = RECORD_TYPE("sample", sample_fields);

const struct record_type *const record_types[] = {&sample_type, &leaf_type, NULL};
// clang-format on

/* A counted string of its own; free() it. */
static inline struct string *sample_string(const void *bytes, size_t length)
{
    struct string *string = calloc(1, sizeof *string + length + 1);
    if (!string)
        abort();
    string->length = (uint32_t)length;
    memcpy(string->text, bytes, length);
    return string;
}

static const struct leaf sample_leaf = {
    .size = 5, .ratio = 1.5, .word = "leaf", .slots = {[7] = 2}};

/* Fills every member; `name` is borrowed. */
static inline void sample_fill(struct sample *sample, const struct string *name)
{
    static const uint8_t bytes[] = {0xde, 0xad, 0x00, 0x0f};
    *sample = (struct sample){
        .name = name,
        .text = "tab\there",
        .int8 = -128,
        .uint8 = 255,
        .int16 = -32768,
        .uint16 = 65535,
        .int32 = INT32_MIN,
        .uint32 = UINT32_MAX,
        .int64 = INT64_MIN,
        .uint64 = UINT64_MAX,
        .single = 0.5f,
        .number = -1234.5678915,
        .mac = {{0x00, 0x1d, 0xd5, 0x9b, 0x11, 0x0a}},
        .uuid = {{0xdd, 0xdb, 0xe1, 0x6c, 0xe6, 0xb9, 0x11, 0xf1, 0xbb, 0x42, 0x4b, 0x49, 0x53,
                  0x4d, 0x45, 0x54}},
        .key = {0x0d770242, 0x001dd59b110a0000},
        .bytes = {bytes, sizeof bytes},
        .point = {8.5, -47.1234564},
        .leaf = &sample_leaf,
        .inner = {.size = 9, .ratio = 3, .word = ""},
        .leaves = {{.size = 1, .word = "one"}, {.size = 2, .word = "two"}, {.size = 3}},
        .leaf_count = 3,
        .words = {"alpha", "beta/gamma", "\xc3\xa9t\xc3\xa9"},
        .word_count = 3,
        .list_count = 2,
        .number_count = 4,
    };
    sample->series[0] = 107;
    sample->series[33] = 0.029722;
    sample->series[69] = 1e15 + 0.5;
}

#endif
