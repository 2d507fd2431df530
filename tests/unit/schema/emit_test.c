/* Every kind of row in every format: JSON byte for byte, the other forms against it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_record.h"
#include "schema/emit.h"
#include "schema/projection.h"
#include "wire_msgpack.h"

static struct view view;

static void write_sample(struct buffer *buffer, enum format format, const struct sample *sample)
{
    struct emitter emitter = {.buffer = buffer, .format = format};
    buffer->length = 0;
    emit_record(&emitter, &sample_type, NULL, sample, &view);
    assert_int_equal(view.scratch_used, 0);
    assert_int_equal(emitter.depth, 0);
    assert_false(buffer->failed);
}

static void assert_text(const struct buffer *buffer, const char *expected)
{
    struct buffer text = {0};
    assert_false(buffer->failed);
    buffer_add(&text, buffer->data, buffer->length);
    buffer_add_byte(&text, 0);
    assert_string_equal((const char *)text.data, expected);
    buffer_done(&text);
}

#define SLOTS "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}"
#define LEAVES                                                                                     \
    "[{\"leaf.size\":1,\"leaf.ratio\":0,\"leaf.word\":\"one\"," SLOTS                              \
    ",{\"leaf.size\":2,\"leaf.ratio\":0,\"leaf.word\":\"two\"," SLOTS                              \
    ",{\"leaf.size\":3,\"leaf.ratio\":0,\"leaf.word\":\"\"," SLOTS "]"

static const char whole_sample[] =
    "{\"sample.name\":\"n\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001F\x7f\xc3\xa9\",\"sample.nothing\":"
    "\"\","
    "\"sample.text\":\"tab\\there\",\"sample.int8\":-128,\"sample.uint8\":255,"
    "\"sample.int16\":-32768,\"sample.uint16\":65535,\"sample.int32\":-2147483648,"
    "\"sample.uint32\":4294967295,\"sample.int64\":-9223372036854775808,"
    "\"sample.uint64\":18446744073709551615,\"sample.float\":0.500000,"
    "\"sample.double\":-1234.567892,\"sample.mac\":\"00:1D:D5:9B:11:0A\","
    "\"sample.uuid\":\"DDDBE16C-E6B9-11F1-BB42-4B49534D4554\","
    "\"sample.key\":\"4202770D00000000_A119BD51D00\",\"sample.bytes\":\"DEAD000F\","
    "\"sample.point\":[8.500000,-47.123456],\"sample.series\":[107,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
    "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.029722,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
    "0,0,0,0,0,0,0,0,0,1000000000000000.500000],"
    "\"sample.if.name\":\"n\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001F\x7f\xc3\xa9\","
    "\"sample.if.text\":\"tab\\there\",\"sample.if.int32\":-2147483648,"
    "\"sample.if.uint64\":18446744073709551615,\"sample.if.double\":-1234.567892,"
    "\"sample.if.mac\":\"00:1D:D5:9B:11:0A\","
    "\"sample.if.uuid\":\"DDDBE16C-E6B9-11F1-BB42-4B49534D4554\","
    "\"sample.if.key\":\"4202770D00000000_A119BD51D00\",\"sample.if.bytes\":\"DEAD000F\","
    "\"sample.if.point\":[8.500000,-47.123456],\"sample.leaf\":{\"leaf.size\":5,"
    "\"leaf.ratio\":1.500000,\"leaf.word\":\"leaf\","
    "\"leaf.slots\":[0,0,0,0,0,0,0,2,0,0,0,0,0,0,0,0,0,0,0,0]},\"sample.inner\":{\"leaf.size\":9,"
    "\"leaf.ratio\":3,\"leaf.word\":\"\",\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"
    "\"sample.made\":{\"leaf.size\":77,\"leaf.ratio\":0.500000,\"leaf.word\":\"made\","
    "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"
    "\"sample.made.text\":\"00:1D:D5:9B:11:0A\",\"sample.leaves\":[{\"leaf.size\":1,"
    "\"leaf.ratio\":0,\"leaf.word\":\"one\",\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
    "0]},{\"leaf.size\":2,\"leaf.ratio\":0,\"leaf.word\":\"two\",\"leaf.slots\":[0,0,0,0,0,0,0,0,0,"
    "0,0,0,0,0,0,0,0,0,0,0]},{\"leaf.size\":3,\"leaf.ratio\":0,\"leaf.word\":\"\","
    "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}],"
    "\"sample.words\":[\"alpha\",\"beta/gamma\",\"\xc3\xa9t\xc3\xa9\"],"
    "\"sample.numbers\":[0,1,2,3],"
    "\"sample.by.word\":{\"alpha\":1,\"beta/gamma\":2,\"\xc3\xa9t\xc3\xa9\":3},"
    "\"sample.by.mac\":{\"00:1D:D5:9B:11:00\":{\"leaf.size\":1,\"leaf.ratio\":0,"
    "\"leaf.word\":\"one\",\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"
    "\"00:1D:D5:9B:11:01\":{\"leaf.size\":2,\"leaf.ratio\":0,\"leaf.word\":\"two\","
    "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},"
    "\"00:1D:D5:9B:11:02\":{\"leaf.size\":3,\"leaf.ratio\":0,\"leaf.word\":\"\","
    "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}},"
    "\"sample.by.int\":{\"-100\":\"00:1D:D5:9B:11:0A\",\"0\":\"00:1D:D5:9B:11:0A\","
    "\"100\":\"00:1D:D5:9B:11:0A\"},"
    "\"sample.by.double\":{\"2412000\":0.250000,\"2417500.500000\":0.500000,"
    "\"-0.250000\":0.750000},\"sample.empty\":[],"
    "\"sample.if.words\":[\"alpha\",\"beta/gamma\",\"\xc3\xa9t\xc3\xa9\"],"
    "\"sample.lists\":{\"first\":" LEAVES ",\"second\":" LEAVES "}}";

static void fill(struct sample *sample, struct string **ret_name)
{
    static const char name[] = "n\"\\\b\f\n\r\t\x01\x1f\x7f\xc3\xa9";
    *ret_name = sample_string(name, sizeof name - 1);
    sample_fill(sample, *ret_name);
}

static void test_json(void **state)
{
    struct sample sample;
    struct string *name;
    struct buffer buffer = {0};
    fill(&sample, &name);
    write_sample(&buffer, FORMAT_JSON, &sample);
    assert_text(&buffer, whole_sample);
    assert_null(wire_json_fault(&buffer, false));
    buffer_done(&buffer);
    free(name);
}

static void test_empty_record(void **state)
{
    struct sample sample = {0};
    struct buffer buffer = {0}, packed = {0}, printed = {0};
    write_sample(&buffer, FORMAT_JSON, &sample);
    assert_null(wire_json_fault(&buffer, false));
    assert_null(memmem(buffer.data, buffer.length, "sample.if.", 10));
    assert_null(memmem(buffer.data, buffer.length, "sample.leaf\"", 12));
    write_sample(&packed, FORMAT_MSGPACK, &sample);
    assert_null(wire_msgpack_print(&packed, false, &printed));
    buffer_add_byte(&buffer, 0);
    assert_text(&printed, (const char *)buffer.data);
    buffer_done(&buffer);
    buffer_done(&packed);
    buffer_done(&printed);
}

static void test_underscores(void **state)
{
    struct sample sample;
    struct string *name;
    struct buffer buffer = {0};
    fill(&sample, &name);
    write_sample(&buffer, FORMAT_UNDERSCORE, &sample);
    assert_non_null(memmem(buffer.data, buffer.length, "{\"first\":[{\"leaf_size\":1,", 24));
    assert_null(wire_json_fault(&buffer, false));
    assert_null(memmem(buffer.data, buffer.length, "\"sample.", 8));
    assert_null(memmem(buffer.data, buffer.length, "\"leaf.", 6));
    assert_non_null(memmem(buffer.data, buffer.length, "\"sample_if_name\":", 17));
    assert_non_null(memmem(buffer.data, buffer.length, "\"2417500.500000\":0.500000", 25));
    buffer_done(&buffer);
    free(name);
}

/* Both kinds of msgpack hold what JSON holds. */
static void test_msgpack(void **state)
{
    struct sample sample;
    struct string *name;
    struct buffer buffer = {0};
    fill(&sample, &name);
    for (int typed = 0; typed < 2; typed++) {
        struct buffer printed = {0};
        write_sample(&buffer, typed ? FORMAT_MSGPACK_TYPED : FORMAT_MSGPACK, &sample);
        assert_null(wire_msgpack_print(&buffer, typed, &printed));
        assert_text(&printed, whole_sample);
        buffer_done(&printed);
    }
    buffer_done(&buffer);
    free(name);
}

static void emit_one(struct buffer *buffer, enum format format, const struct value *value)
{
    struct emitter emitter = {.buffer = buffer, .format = format};
    buffer->length = 0;
    emit_value(&emitter, value);
}

static void test_typed_forms(void **state)
{
    struct buffer buffer = {0};
    struct value value = {.type = FIELD_MAC, .mac = {{1, 2, 3, 4, 5, 6}}};
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &value);
    static const char mac[] = "\x92\x0b\x92\xb1"
                              "01:02:03:04:05:06\xb1"
                              "FF:FF:FF:FF:FF:FF";
    assert_int_equal(buffer.length, sizeof mac - 1);
    assert_memory_equal(buffer.data, mac, sizeof mac - 1);
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &(struct value){.type = FIELD_INT8, .integer = -1});
    assert_memory_equal(buffer.data, "\x92\x01\xff", 3);
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &(struct value){.type = FIELD_DOUBLE, .number = 1});
    assert_memory_equal(buffer.data, "\x92\x0a\xcb\x3f\xf0\0\0\0\0\0\0", 11);
    emit_one(&buffer, FORMAT_MSGPACK, &(struct value){.type = FIELD_DOUBLE, .number = 1});
    assert_int_equal(buffer.length, 1);
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &(struct value){.type = FIELD_FLOAT, .number = 1});
    assert_memory_equal(buffer.data, "\x92\x09\xca\x3f\x80\0\0", 7);
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &(struct value){.type = FIELD_BOOLEAN, .natural = 1});
    assert_memory_equal(buffer.data, "\x92\x02\xc3", 3);
    emit_one(&buffer, FORMAT_MSGPACK, &(struct value){.type = FIELD_BOOLEAN});
    assert_memory_equal(buffer.data, "\xc2", 1);
    emit_one(&buffer, FORMAT_JSON, &(struct value){.type = FIELD_BOOLEAN, .natural = 1});
    assert_text(&buffer, "true");
    emit_one(&buffer, FORMAT_PRETTY, &(struct value){.type = FIELD_BOOLEAN});
    assert_text(&buffer, "false");
    emit_one(&buffer, FORMAT_MSGPACK_TYPED, &(struct value){.type = FIELD_KEY});
    assert_memory_equal(buffer.data,
                        "\x92\x00\xa3"
                        "0_0",
                        6);
    emit_one(&buffer, FORMAT_JSON, &(struct value){.type = FIELD_STRING, .absent = true});
    assert_text(&buffer, "0");
    buffer_done(&buffer);
}

/* Keys of typed maps: whole numbers, floats, addresses with masks. */
static void test_typed_keys(void **state)
{
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_MSGPACK_TYPED};
    emit_map_begin(&emitter, FIELD_MAP_INT, 1);
    emit_key(&emitter, FIELD_MAP_INT, &(struct value){.type = FIELD_INT32, .integer = -5});
    emit_map_end(&emitter);
    assert_memory_equal(buffer.data, "\x92\x0f\x81\xfb", 4);
    buffer.length = 0;
    emit_map_begin(&emitter, FIELD_MAP_DOUBLE, 1);
    emit_key(&emitter, FIELD_MAP_DOUBLE, &(struct value){.type = FIELD_DOUBLE, .number = 2});
    emit_map_end(&emitter);
    assert_memory_equal(buffer.data, "\x92\x12\x81\xcb\x40\0\0\0\0\0\0\0", 12);
    buffer.length = 0;
    emit_key(&emitter, FIELD_MAP_MAC, &(struct value){.type = FIELD_MAC, .mac = {{0xab}}});
    assert_memory_equal(buffer.data,
                        "\xd9\x23"
                        "AB:00:00:00:00:00/FF:FF:FF:FF:FF:FF",
                        37);
    buffer_done(&buffer);
}

/* Heads grow with the count: fixed, 16 and 32 bits, and an empty one is one byte. */
static void test_long_lists(void **state)
{
    static const size_t counts[] = {0, 1, 15, 16, 65535, 65536, 70000};
    const struct field *field = record_find(&sample_type, "sample.numbers", 14);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct sample sample = {.number_count = counts[i]};
        struct buffer json = {0}, packed = {0}, printed = {0};
        struct emitter emitter = {.buffer = &json, .format = FORMAT_JSON};
        emit_field(&emitter, field, &sample, &view);
        emitter = (struct emitter){.buffer = &packed, .format = FORMAT_MSGPACK};
        emit_field(&emitter, field, &sample, &view);
        assert_null(wire_json_fault(&json, false));
        assert_null(wire_msgpack_print(&packed, false, &printed));
        assert_int_equal(json.length, printed.length);
        assert_memory_equal(json.data, printed.data, json.length);
        buffer_done(&json);
        buffer_done(&packed);
        buffer_done(&printed);
    }
}

static void write_document(struct emitter *emitter, const struct sample *sample)
{
    emit_map_begin(emitter, FIELD_RECORD, 3);
    emit_name(emitter, "sample.numbers", 14);
    emit_array_begin(emitter, 2);
    emit_element(emitter);
    emit_unsigned(emitter, 1);
    emit_element(emitter);
    emit_text(emitter, "a.b", 3);
    emit_array_end(emitter);
    emit_name(emitter, "none.such", 9);
    emit_map_begin(emitter, FIELD_MAP_DOUBLE, 1);
    emit_key(emitter, FIELD_MAP_DOUBLE, &(struct value){.type = FIELD_DOUBLE, .number = 2.5});
    emit_array_begin(emitter, 0);
    emit_array_end(emitter);
    emit_map_end(emitter);
    emit_name(emitter, "x.list", 6);
    emit_array_begin(emitter, 1);
    emit_element(emitter);
    emit_record(emitter, &leaf_type, NULL, &sample->inner, &view);
    emit_array_end(emitter);
    emit_map_end(emitter);
}

static void test_document(void **state)
{
    struct sample sample = {.inner = {.size = 4, .word = "w"}};
    struct buffer buffer = {0}, printed = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    static const char dotted[] = "{\"sample.numbers\":[1,\"a.b\"],\"none.such\":{\"2.500000\":[]},"
                                 "\"x.list\":[{\"leaf.size\":"
                                 "4,\"leaf.ratio\":0,\"leaf.word\":\"w\",\"leaf.slots\":[0,0,0,0,0,"
                                 "0,0,0,0,0,0,0,0,0,0,0,0,0,"
                                 "0,0]}]}";
    write_document(&emitter, &sample);
    assert_text(&buffer, dotted);
    for (int typed = 0; typed < 2; typed++) {
        buffer.length = printed.length = 0;
        emitter.format = typed ? FORMAT_MSGPACK_TYPED : FORMAT_MSGPACK;
        write_document(&emitter, &sample);
        assert_null(wire_msgpack_print(&buffer, typed, &printed));
        assert_text(&printed, dotted);
    }
    buffer.length = 0;
    emitter.format = FORMAT_UNDERSCORE;
    write_document(&emitter, &sample);
    assert_non_null(memmem(buffer.data, buffer.length, "{\"sample_numbers\":[1,\"a.b\"]", 27));
    assert_non_null(memmem(buffer.data, buffer.length, "{\"2.500000\":", 12));
    buffer_done(&buffer);
    buffer_done(&printed);
}

static void test_pretty(void **state)
{
    struct sample sample = {.inner = {.size = 4, .word = "w"}};
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_PRETTY};
    write_document(&emitter, &sample);
    assert_null(wire_json_fault(&buffer, true));
    assert_text(
        &buffer,
        "{\r\n \"description.sample.numbers\": \"vector[uint32], walked\",\r\n"
        " \"sample.numbers\": [\r\n  1,\r\n  \"a.b\"\r\n ],\r\n \"none.such\": {\r\n"
        "  \"2.500000\":[]\r\n },\r\n \"x.list\": [\r\n  {\r\n"
        "   \"description.leaf.size\": \"uint32, of a leaf\",\r\n   \"leaf.size\": 4,\r\n"
        "   \"description.leaf.ratio\": \"double, of a leaf\",\r\n   \"leaf.ratio\": 0,\r\n"
        "   \"description.leaf.word\": \"string, of a leaf\",\r\n   \"leaf.word\": \"w\",\r\n"
        "   \"description.leaf.slots\": \"vector[double], slots of a leaf\",\r\n"
        "   \"leaf.slots\": [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]\r\n  }\r\n ]\r\n}");
    buffer_done(&buffer);
}

static void test_pretty_sample(void **state)
{
    struct sample sample;
    struct string *name;
    struct buffer buffer = {0};
    fill(&sample, &name);
    sample.again = &sample; /* goes round until the depth's limit */
    write_sample(&buffer, FORMAT_PRETTY, &sample);
    assert_null(wire_json_fault(&buffer, true));
    assert_non_null(memmem(buffer.data, buffer.length, "with \\\"marks\\\"", 14));
    buffer_done(&buffer);
    free(name);
}

/* A record that holds itself ends at the depth's limit, with 0, in every format. */
static void test_depth(void **state)
{
    struct sample sample = {.text = "deep"};
    struct buffer buffer = {0}, printed = {0};
    sample.again = &sample;
    write_sample(&buffer, FORMAT_JSON, &sample);
    assert_null(wire_json_fault(&buffer, false));
    for (int typed = 0; typed < 2; typed++) {
        struct buffer packed = {0};
        write_sample(&packed, typed ? FORMAT_MSGPACK_TYPED : FORMAT_MSGPACK, &sample);
        printed.length = 0;
        assert_null(wire_msgpack_print(&packed, typed, &printed));
        if (!typed) /* points that are whole look like doubles in typed msgpack */
            assert_memory_equal(printed.data, buffer.data, buffer.length);
        buffer_done(&packed);
    }
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    for (int i = 0; i < 2 * EMIT_DEPTH; i++)
        emit_array_begin(&emitter, 0);
    for (int i = 0; i < 2 * EMIT_DEPTH; i++)
        emit_array_end(&emitter);
    assert_true(buffer.failed);
    buffer_done(&buffer);
    buffer_done(&printed);
}

/* At any ceiling the buffer fails, and nothing is written past it. */
static void test_ceilings(void **state)
{
    struct sample sample;
    struct string *name;
    fill(&sample, &name);
    for (int format = FORMAT_JSON; format <= FORMAT_MSGPACK_TYPED; format++)
        for (size_t ceiling = 1; ceiling < 6000; ceiling += 37) {
            struct buffer buffer = {.ceiling = ceiling};
            struct emitter emitter = {.buffer = &buffer, .format = (enum format)format};
            emit_record(&emitter, &sample_type, NULL, &sample, &view);
            assert_true(buffer.length <= ceiling && buffer.capacity <= ceiling);
            assert_int_equal(view.scratch_used, 0);
            buffer_done(&buffer);
        }
    free(name);
}

static void test_bad_numbers(void **state)
{
    struct sample sample = {.number = NAN, .single = INFINITY, .point = {NAN, -INFINITY}};
    struct buffer buffer = {0}, packed = {0}, printed = {0};
    sample.series[3] = -INFINITY;
    sample.series[4] = 1e300;
    sample.series[5] = -0.0;
    sample.series[66] = NAN;
    write_sample(&buffer, FORMAT_JSON, &sample);
    assert_null(wire_json_fault(&buffer, false));
    assert_non_null(memmem(buffer.data, buffer.length, "\"sample.double\":0,", 18));
    assert_non_null(memmem(buffer.data, buffer.length, "\"sample.point\":[0,0]", 20));
    write_sample(&packed, FORMAT_MSGPACK, &sample);
    assert_null(wire_msgpack_print(&packed, false, &printed));
    assert_null(memmem(printed.data, printed.length, "finite", 6));
    buffer_done(&buffer);
    buffer_done(&packed);
    buffer_done(&printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),        cmocka_unit_test(test_empty_record),
        cmocka_unit_test(test_underscores), cmocka_unit_test(test_msgpack),
        cmocka_unit_test(test_typed_forms), cmocka_unit_test(test_typed_keys),
        cmocka_unit_test(test_long_lists),  cmocka_unit_test(test_document),
        cmocka_unit_test(test_pretty),      cmocka_unit_test(test_pretty_sample),
        cmocka_unit_test(test_depth),       cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_bad_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
