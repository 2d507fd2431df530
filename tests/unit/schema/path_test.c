/* Paths: what they name, what they write, the values sorting, search and regex see, their order. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_record.h"
#include "schema/projection.h"
#include "wire_json.h"

static struct view view;
static struct sample sample;

static struct path parse(const char *text)
{
    struct path path;
    assert_int_equal(path_parse(&sample_type, text, strlen(text), &path), 0);
    return path;
}

static void test_parse(void **state)
{
    struct path path = {.count = 99};
    static const char *const unknown[] = {"",
                                          "/",
                                          "none",
                                          "sample.int8/leaf.size",
                                          "sample.leaf/none",
                                          "sample.words/0/x",
                                          "sample.lists/first/0/none",
                                          "sample.leaves/0/none",
                                          "sample.leaf/leaf.size/0"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_int_equal(path_parse(&sample_type, unknown[i], strlen(unknown[i]), &path), -ENOENT);
    static const char deep[] = "sample.again/sample.again/sample.again/sample.again/sample.again/"
                               "sample.again/sample.again/sample.again/sample.again/sample.again/"
                               "sample.again/sample.again/sample.int8";
    assert_int_equal(path_parse(&sample_type, deep, sizeof deep - 1, &path), -E2BIG);
    assert_int_equal(path.count, 99);
    assert_int_equal(path_parse(&sample_type, "sample.leaf/leaf.size/trailing", 21, &path), 0);
    assert_int_equal(path.count, 2);
    assert_int_equal(parse("//sample.leaf//leaf.old/").count, 2);
}

static const struct path_form whole;

/* The same by a form. */
static void assert_emits_as(const char *text, const struct path_form *form, const char *expected)
{
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    struct path path = parse(text);
    assert_int_equal(path_emit(&path, form, &emitter, &sample, &view), 0);
    assert_int_equal(view.scratch_used, 0);
    buffer_add_byte(&buffer, 0);
    assert_string_equal((const char *)buffer.data, expected);
    buffer_done(&buffer);
}

/* What a path writes as JSON; "none" when it finds nothing. */
static void assert_emits(const char *text, const char *expected)
{
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    struct path path = parse(text);
    int error = path_emit(&path, &whole, &emitter, &sample, &view);
    assert_int_equal(view.scratch_used, 0);
    if (error) {
        assert_int_equal(error, -ENOENT);
        assert_int_equal(buffer.length, 0);
        buffer_add_text(&buffer, "none");
    }
    buffer_add_byte(&buffer, 0);
    assert_string_equal((const char *)buffer.data, expected);
    buffer_done(&buffer);
}

static void test_emit(void **state)
{
    assert_emits("sample.int8", "-128");
    assert_emits("sample.name", "\"name\"");
    assert_emits("sample.leaf/leaf.word", "\"leaf\"");
    assert_emits("sample.made/leaf.size", "77");
    assert_emits("sample.made.text", "\"00:1D:D5:9B:11:0A\"");
    assert_emits("sample.inner",
                 "{\"leaf.size\":9,\"leaf.ratio\":3,\"leaf.word\":\"\",\"leaf.slots\":"
                 "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}");
    assert_emits("sample.words", "[\"alpha\",\"beta/gamma\",\"\xc3\xa9t\xc3\xa9\"]");
    assert_emits("sample.empty", "[]");
    assert_emits("sample.no_leaf", "none");
    assert_emits("sample.no_leaf/leaf.size", "none");
    assert_emits("sample.made.nothing", "none");
    assert_emits("sample.if.empty", "none");
}

static void test_emit_elements(void **state)
{
    assert_emits("sample.words/0", "\"alpha\"");
    assert_emits("sample.words/2", "\"\xc3\xa9t\xc3\xa9\"");
    assert_emits("sample.words/3", "none");
    assert_emits("sample.words/-1", "none");
    assert_emits("sample.words/x", "none");
    assert_emits("sample.leaves/1/leaf.size", "2");
    assert_emits("sample.leaves/leaf.size", "none"); /* sub-keys do not enter lists by themselves */
    assert_emits("sample.by.word/alpha", "1");
    assert_emits("sample.by.word/none", "none");
    assert_emits("sample.by.mac/00:1d:d5:9b:11:02/leaf.size", "3");
    assert_emits("sample.by.mac/001DD59B1101/leaf.word", "\"two\"");
    assert_emits("sample.by.mac/00:1D:D5:9B:11:03", "none");
    assert_emits("sample.lists/second/1/leaf.size", "2");
    assert_emits("sample.lists/none/1/leaf.size", "none");
    assert_emits("sample.lists/first/leaf.size", "none");
    assert_emits("sample.by.int/-100", "\"00:1D:D5:9B:11:0A\"");
    assert_emits("sample.by.int/1", "none");
    assert_emits("sample.by.double/2412000", "0.250000");
    assert_emits("sample.by.double/2417500.500000", "0.500000");
}

/* Records taken down to some members, by whatever way they were found; lists by lines. */
static void test_emit_forms(void **state)
{
    static const struct field_request size = {"leaf.size", "n"};
    struct buffer why = {0};
    struct path path = parse("sample.leaves");
    struct projection *projection = projection_new(path_type(&path), &size, 1, &why);
    const struct path_form taken = {projection, false}, lines = {NULL, true},
                           both = {projection, true};
    assert_non_null(projection);
    assert_emits_as("sample.leaf", &taken, "{\"n\":5}");
    assert_emits_as("sample.leaves", &taken, "[{\"n\":1},{\"n\":2},{\"n\":3}]");
    assert_emits_as("sample.leaves/1", &taken, "{\"n\":2}");
    assert_emits_as("sample.leaves", &both, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
    assert_emits_as("sample.leaves/1", &both, "{\"n\":2}\n");
    assert_emits_as("sample.by.mac", &both,
                    "{\"00:1D:D5:9B:11:00\":{\"n\":1},\"00:1D:D5:9B:11:01\":{\"n\":2},"
                    "\"00:1D:D5:9B:11:02\":{\"n\":3}}\n");
    assert_emits_as("sample.words/0", &lines, "\"alpha\"\n");
    assert_emits_as("sample.int8", &lines, "-128\n");
    assert_emits_as("sample.words", &lines, "[\"alpha\",\"beta/gamma\",\"\xc3\xa9t\xc3\xa9\"]\n");
    path = parse("sample.words");
    assert_null(path_type(&path));
    path = parse("sample.words/0");
    assert_null(path_type(&path));
    path = parse("sample.by.mac/00:1d:d5:9b:11:02");
    assert_non_null(path_type(&path));
    projection_free(projection);
    buffer_done(&why);
}

static struct value value_at(const char *text)
{
    struct path path = parse(text);
    struct value value;
    path_value(&path, &sample, &view, &value);
    assert_int_equal(view.scratch_used, 0);
    return value;
}

static void test_value(void **state)
{
    assert_int_equal(value_at("sample.int8").integer, -128);
    assert_true(value_at("sample.leaf/leaf.ratio").number == 1.5);
    assert_int_equal(value_at("sample.leaves/2/leaf.size").natural, 3);
    assert_int_equal(value_at("sample.by.word/beta").absent, true);
    assert_int_equal(value_at("sample.words/1").length, 10);
    assert_true(value_at("sample.leaf").absent);
    assert_true(value_at("sample.words").absent);
    assert_true(value_at("sample.leaves/leaf.size").absent);
    assert_true(value_at("sample.no_leaf/leaf.size").absent);
    assert_true(value_at("sample.made.nothing").absent);
}

struct seen {
    struct buffer text;
    size_t stop_after;
};

static bool collect(void *context, const struct value *value)
{
    struct seen *seen = context;
    value_text(value, &seen->text);
    buffer_add_byte(&seen->text, ';');
    return --seen->stop_after == 0;
}

static void assert_any(const char *text, size_t stop_after, const char *expected)
{
    struct seen seen = {.stop_after = stop_after};
    struct path path = parse(text);
    bool stopped = path_any(&path, &sample, &view, collect, &seen);
    assert_int_equal(stopped, seen.stop_after == 0);
    buffer_add_byte(&seen.text, 0);
    assert_string_equal((const char *)seen.text.data, expected);
    assert_int_equal(view.scratch_used, 0);
    buffer_done(&seen.text);
}

static void test_any(void **state)
{
    assert_any("sample.name", 9, "name;");
    assert_any("sample.leaves/leaf.word", 9, "one;two;;");
    assert_any("sample.leaves/leaf.word", 2, "one;two;");
    assert_any("sample.leaves/1/leaf.word", 9, "two;");
    assert_any("sample.by.mac/leaf.size", 9, "1;2;3;");
    assert_any("sample.lists/leaf.size", 9, "1;2;3;1;2;3;");
    assert_any("sample.lists/second/leaf.size", 9, "1;2;3;");
    assert_any("sample.lists/first/2/leaf.size", 9, "3;");
    assert_any("sample.lists", 9, "");
    assert_any("sample.words", 9, "alpha;beta/gamma;\xc3\xa9t\xc3\xa9;");
    assert_any("sample.by.int", 1, "00:1D:D5:9B:11:0A;");
    assert_any("sample.made.text", 9, "00:1D:D5:9B:11:0A;");
    assert_any("sample.leaf", 9, "");
    assert_any("sample.leaves", 9, "");
    assert_any("sample.no_leaf/leaf.word", 9, "");
    assert_any("sample.series", 9, "");
    assert_any("sample.by.double", 9, "0.250000;0.500000;0.750000;");
}

static void assert_text(const struct value *value, const char *expected)
{
    struct buffer buffer = {0};
    value_text(value, &buffer);
    buffer_add_byte(&buffer, 0);
    assert_string_equal((const char *)buffer.data, expected);
    buffer_done(&buffer);
}

static void test_text(void **state)
{
    static const uint8_t bytes[] = {0x0a, 0xff};
    assert_text(&(struct value){.type = FIELD_INT16, .integer = -7}, "-7");
    assert_text(&(struct value){.type = FIELD_UINT64, .natural = UINT64_MAX},
                "18446744073709551615");
    assert_text(&(struct value){.type = FIELD_DOUBLE, .number = 2.5}, "2.500000");
    assert_text(&(struct value){.type = FIELD_KEY, .key = {0, 1}}, "0_100000000000000");
    assert_text(&(struct value){.type = FIELD_BYTES, .bytes = {bytes, 2}}, "0AFF");
    assert_text(&(struct value){.type = FIELD_INT8, .absent = true}, "");
    assert_text(&(struct value){.type = FIELD_UUID}, "00000000-0000-0000-0000-000000000000");
    assert_text(&(struct value){.type = FIELD_POINT}, "");
}

/* The values in their order; each pair is compared both ways. */
static void test_compare(void **state)
{
    static const uint8_t low[] = {1}, high[] = {1, 0};
    const struct value values[] = {
        {.type = FIELD_STRING, .absent = true},
        {.type = FIELD_DOUBLE, .number = NAN},
        {.type = FIELD_INT64, .integer = INT64_MIN},
        {.type = FIELD_FLOAT, .number = -0.5},
        {.type = FIELD_UINT8, .natural = 0},
        {.type = FIELD_DOUBLE, .number = 0.5},
        {.type = FIELD_INT8, .integer = 1},
        {.type = FIELD_UINT64, .natural = INT64_MAX},
        {.type = FIELD_UINT64, .natural = UINT64_MAX},
        {.type = FIELD_TEXT, .text = "", .length = 0},
        {.type = FIELD_BYTES, .bytes = {low, 1}},
        {.type = FIELD_BYTES, .bytes = {high, 2}},
        {.type = FIELD_STRING, .text = "abc", .length = 3},
        {.type = FIELD_TEXT, .text = "abcd", .length = 4},
        {.type = FIELD_MAC, .mac = {{0, 9}}},
        {.type = FIELD_MAC, .mac = {{1}}},
        {.type = FIELD_UUID},
        {.type = FIELD_UUID, .uuid = {{1}}},
        {.type = FIELD_KEY, .key = {1, 9}},
        {.type = FIELD_KEY, .key = {2, 0}},
        {.type = FIELD_KEY, .key = {2, 1}},
        {.type = FIELD_POINT},
    };
    size_t count = sizeof values / sizeof *values;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int order = value_compare(&values[i], &values[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

static int set_up(void **state)
{
    sample_fill(&sample, sample_string("name", 4));
    return 0;
}

static int tear_down(void **state)
{
    free((void *)(uintptr_t)sample.name);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),         cmocka_unit_test(test_emit),
        cmocka_unit_test(test_emit_elements), cmocka_unit_test(test_emit_forms),
        cmocka_unit_test(test_value),         cmocka_unit_test(test_any),
        cmocka_unit_test(test_text),          cmocka_unit_test(test_compare),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
