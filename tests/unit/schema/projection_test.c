/* Field lists: which members under which names, missing ones, repeated names, limits; the short
 * form; that a computed record on the way is made once; and that any list gives valid output. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_record.h"
#include "schema/projection.h"
#include "wire_msgpack.h"

static struct view view;
static struct sample sample;

static void write_list(struct buffer *buffer, enum format format,
                       const struct field_request *requests, size_t count)
{
    struct projection *projection = projection_new(&sample_type, requests, count, NULL);
    struct emitter emitter = {.buffer = buffer, .format = format};
    assert_non_null(projection);
    buffer->length = 0;
    emit_record(&emitter, &sample_type, projection, &sample, &view);
    projection_free(projection);
    assert_false(buffer->failed);
    assert_int_equal(view.scratch_used, 0);
}

/* What the list gives, as JSON, and the same from msgpack. */
static void assert_list(const struct field_request *requests, size_t count, const char *expected)
{
    struct buffer buffer = {0}, printed = {0};
    write_list(&buffer, FORMAT_JSON, requests, count);
    assert_int_equal(buffer.length, strlen(expected));
    assert_memory_equal(buffer.data, expected, buffer.length);
    for (int typed = 0; typed < 2; typed++) {
        write_list(&buffer, typed ? FORMAT_MSGPACK_TYPED : FORMAT_MSGPACK, requests, count);
        printed.length = 0;
        assert_null(wire_msgpack_print(&buffer, typed, &printed));
        assert_int_equal(printed.length, strlen(expected));
        assert_memory_equal(printed.data, expected, printed.length);
    }
    buffer_done(&buffer);
    buffer_done(&printed);
}

#define ASSERT_LIST(expected, ...)                                                                 \
    assert_list((const struct field_request[]){__VA_ARGS__},                                       \
                sizeof((const struct field_request[]){__VA_ARGS__}) /                              \
                    sizeof(struct field_request),                                                  \
                expected)

static void test_names(void **state)
{
    ASSERT_LIST("{\"sample.int8\":-128,\"size\":5,\"leaf.word\":\"leaf\"}", {"sample.int8", NULL},
                {"sample.leaf/leaf.size", "size"}, {"//sample.leaf///leaf.word/", NULL});
    ASSERT_LIST("{\"sample.old\":4294967295,\"x\":5}", {"sample.old", NULL},
                {"sample.leaf/leaf.old", "x"});
    ASSERT_LIST("{\"sample.uint8\":255,\"q\\\"\":0}", {"sample.uint8", ""}, {"none", "q\""});
}

static void test_whole_values(void **state)
{
    ASSERT_LIST("{\"sample.words\":[\"alpha\",\"beta/gamma\",\"\xc3\xa9t\xc3\xa9\"],"
                "\"m\":{\"alpha\":1,\"beta/gamma\":2,\"\xc3\xa9t\xc3\xa9\":3},"
                "\"sample.made\":{\"leaf.size\":77,\"leaf.ratio\":0.500000,\"leaf.word\":\"made\","
                "\"leaf.slots\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}",
                {"sample.words", NULL}, {"sample.by.word", "m"}, {"sample.made", NULL});
}

static void test_missing(void **state)
{
    ASSERT_LIST("{\"none\":0,\"leaf.size\":0,\"deep\":0,\"sample.made.nothing\":0,\"list\":0,"
                "\"sample.if.empty\":0,\"scalar\":0,\"sample.no_leaf\":0}",
                {"none", NULL}, {"sample.no_leaf/leaf.size", NULL},
                {"sample.leaf/none/leaf.size", "deep"}, {"sample.made.nothing", NULL},
                {"sample.leaves/leaf.size", "list"}, {"sample.if.empty", NULL},
                {"sample.int8/leaf.size", "scalar"}, {"sample.no_leaf", NULL});
    ASSERT_LIST("{\"x\":0}", {"a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t", "x"});
}

static void test_repeated(void **state)
{
    ASSERT_LIST("{\"x\":255}", {"sample.int8", "x"}, {"sample.uint8", "x"});
    ASSERT_LIST("{\"leaf.size\":9,\"b\":-128}", {"sample.leaf/leaf.size", NULL},
                {"sample.made.text/x", "b"}, {"sample.inner/leaf.size", NULL},
                {"sample.numbers", "b"}, {"sample.none", "b"}, {"sample.int8", "b"});
}

/* Two names that differ in a dot and an underscore: one of them is left with underscores. */
static void test_underscores(void **state)
{
    struct buffer buffer = {0};
    const struct field_request requests[] = {{"sample.int8", "a.b"}, {"sample.uint8", "a_b"}};
    write_list(&buffer, FORMAT_UNDERSCORE, requests, 2);
    assert_int_equal(buffer.length, 11);
    assert_memory_equal(buffer.data, "{\"a_b\":255}", 11);
    buffer_done(&buffer);
}

/* An entry that is called as another's description would be: the entry stays. */
static void test_descriptions(void **state)
{
    struct buffer buffer = {0};
    const struct field_request requests[] = {{"sample.int8", "x"},
                                             {"sample.uint8", "description.x"}};
    write_list(&buffer, FORMAT_PRETTY, requests, 2);
    assert_null(wire_json_fault(&buffer, true));
    buffer_done(&buffer);
}

/* Entries below one computed record make it once, wherever they stand in the list. */
static void test_computed_once(void **state)
{
    struct buffer buffer = {0};
    const struct field_request requests[] = {{"sample.made/leaf.size", NULL},
                                             {"sample.int8", NULL},
                                             {"sample.made/leaf.word", NULL},
                                             {"sample.uint8", NULL},
                                             {"sample.made/leaf.ratio", NULL}};
    sample_computed = 0;
    write_list(&buffer, FORMAT_JSON, requests, 5);
    assert_int_equal(sample_computed, 1);
    buffer_done(&buffer);
}

static void test_summary(void **state)
{
    struct projection *projection = projection_summary(&sample_type);
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    static const char expected[] =
        "{\"sample.name\":\"name\",\"sample.uint8\":255,\"sample.leaf\":{\"leaf.size\":5,"
        "\"leaf.ratio\":1.500000,\"leaf.word\":\"leaf\",\"leaf.slots\":[0,0,0,0,0,0,0,2,0,0,0,0,0,"
        "0,"
        "0,0,0,0,0,0]},\"sample.no_leaf\":0}";
    assert_non_null(projection);
    emit_record(&emitter, &sample_type, projection, &sample, &view);
    assert_int_equal(buffer.length, sizeof expected - 1);
    assert_memory_equal(buffer.data, expected, buffer.length);
    projection_free(projection);
    projection_free(NULL);
    buffer_done(&buffer);
}

static void test_empty_list(void **state)
{
    struct buffer whole = {0}, buffer = {0};
    struct emitter emitter = {.buffer = &whole, .format = FORMAT_JSON};
    emit_record(&emitter, &sample_type, NULL, &sample, &view);
    write_list(&buffer, FORMAT_JSON, NULL, 0);
    assert_int_equal(whole.length, buffer.length);
    assert_memory_equal(whole.data, buffer.data, buffer.length);
    buffer_done(&whole);
    buffer_done(&buffer);
}

static void assert_refused(const struct field_request *requests, size_t count, int error)
{
    struct buffer why = {0};
    errno = 0;
    assert_null(projection_new(&sample_type, requests, count, &why));
    assert_int_equal(errno, error);
    assert_true(why.length > 10);
    assert_null(projection_new(&sample_type, requests, count, NULL));
    buffer_done(&why);
}

static void test_refused(void **state)
{
    static struct field_request many[PROJECTION_FIELDS + 1];
    static char names[PROJECTION_FIELDS][16], long_text[4096];
    struct buffer buffer = {0};
    assert_refused((struct field_request[]){{"", NULL}}, 1, EINVAL);
    assert_refused((struct field_request[]){{"///", "x"}}, 1, EINVAL);
    assert_refused((struct field_request[]){{"x", "\xff"}}, 1, EINVAL);
    assert_refused((struct field_request[]){{"sample.leaf/\xc3", NULL}}, 1, EINVAL);
    memset(long_text, 'a', sizeof long_text - 1);
    assert_refused((struct field_request[]){{"x", long_text}}, 1, E2BIG);
    assert_refused((struct field_request[]){{long_text, "x"}}, 1, E2BIG);
    for (int i = 0; i < PROJECTION_FIELDS; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        many[i] = (struct field_request){"sample.leaf/leaf.size", names[i]};
    }
    write_list(&buffer, FORMAT_JSON, many, PROJECTION_FIELDS);
    assert_null(wire_json_fault(&buffer, false));
    many[PROJECTION_FIELDS] = many[0];
    assert_refused(many, PROJECTION_FIELDS + 1, E2BIG);
    buffer_done(&buffer);
}

static uint32_t next_random(void)
{
    static uint64_t seed = 20160912;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

/* A path of names that exist, mostly, and now and then of bytes. */
static void make_path(char *text, size_t size)
{
    const struct record_type *type = &sample_type;
    size_t at = 0;
    for (unsigned depth = next_random() % 5 + 1; depth && at < size - 60; depth--) {
        const struct field *field = &type->fields[next_random() % type->count];
        if (next_random() % 8)
            at += (size_t)snprintf(text + at, size - at, "%s/", field->name);
        else
            at += (size_t)snprintf(text + at, size - at, "%c/", (int)(next_random() % 127 + 1));
        if (field->record)
            type = field->record;
    }
    text[at] = 0;
}

static void check_random_list(struct buffer *buffer, struct buffer *printed)
{
    char paths[24][400], names[24][8];
    struct field_request requests[24];
    size_t count = next_random() % 24 + 1;
    for (size_t i = 0; i < count; i++) {
        make_path(paths[i], sizeof paths[i]);
        snprintf(names[i], sizeof names[i], "%c%c", (int)(next_random() % 127 + 1),
                 "._ab"[next_random() % 4]);
        requests[i] = (struct field_request){paths[i], next_random() % 2 ? names[i] : NULL};
        if (paths[i][strspn(paths[i], "/")] == 0)
            requests[i].path = "sample.again/sample.again/sample.made/leaf.slots";
    }
    for (int format = FORMAT_JSON; format <= FORMAT_MSGPACK_TYPED; format++) {
        bool typed = format == FORMAT_MSGPACK_TYPED;
        write_list(buffer, (enum format)format, requests, count);
        printed->length = 0;
        const char *fault = format < FORMAT_MSGPACK
                                ? wire_json_fault(buffer, format == FORMAT_PRETTY)
                                : wire_msgpack_print(buffer, typed, printed);
        assert_null(fault);
        if (format >= FORMAT_MSGPACK)
            assert_null(wire_json_fault(printed, false));
    }
}

static void test_random_lists(void **state)
{
    struct buffer buffer = {0}, printed = {0};
    struct sample other = sample;
    sample.again = &other;
    for (int i = 0; i < 1500; i++)
        check_random_list(&buffer, &printed);
    sample.again = NULL;
    buffer_done(&buffer);
    buffer_done(&printed);
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
        cmocka_unit_test(test_names),         cmocka_unit_test(test_whole_values),
        cmocka_unit_test(test_missing),       cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_underscores),   cmocka_unit_test(test_descriptions),
        cmocka_unit_test(test_computed_once), cmocka_unit_test(test_summary),
        cmocka_unit_test(test_empty_list),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_random_lists),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
