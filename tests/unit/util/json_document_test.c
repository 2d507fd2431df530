/* JSON read within memory taken beforehand: whatever the text is, there is enough of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "util/buffer.h"
#include "util/json_document.h"

enum { COUNT = 30000, DEPTH = 2000 };

/* A list of that many, the same or numbered. */
static void repeat(struct buffer *text, const char *begin, const char *each, const char *end)
{
    buffer_add_text(text, begin);
    for (int i = 0; i < COUNT; i++) {
        if (i)
            buffer_add_byte(text, ',');
        buffer_printf(text, each, i);
    }
    buffer_add_text(text, end);
}

static void expect_loaded(struct buffer *text, size_t elements)
{
    struct json_document document;
    json_error_t reason;
    assert_false(text->failed);
    const char *bytes = (const char *)text->data;
    assert_int_equal(
        json_document_load(&document, bytes, text->length, 0, text->length + 1, &reason), 0);
    size_t count = json_is_object(document.root) ? json_object_size(document.root)
                                                 : json_array_size(document.root);
    assert_int_equal(count, elements);
    json_document_done(&document);
    buffer_done(text);
}

static void many_of_each_kind(void **state)
{
    static const char *const kinds[] = {
        "0",
        "1.5",
        "[]",
        "{}",
        "[[]]",
        "[0]",
        "{\"\":0}",
        "{\"a\":{}}",
        "{\"%d\":[]}",
        "\"\"",
        "\"%d\"",
        "true",
        "\"\\u00e9\"",
        "\"a text that is somewhat longer than the others\"",
        "{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0}",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buffer text = {0};
        repeat(&text, "[", kinds[i], "]");
        expect_loaded(&text, COUNT);
    }
}

static void objects_with_many_keys(void **state)
{
    static const char *const pairs[] = {"\"%d\":0", "\"%d\":{}", "\"key number %d\":\"\"",
                                        "\"%d\":[[]]"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buffer text = {0};
        repeat(&text, "{", pairs[i], "}");
        expect_loaded(&text, COUNT);
    }
}

/* The buffer that a text is gathered in doubles: the lengths just past that take the most. */
static void long_texts_and_keys(void **state)
{
    for (size_t length = 1; length < 1 << 20; length = length * 2 + 1) {
        for (int is_key = 0; is_key < 2; is_key++) {
            struct buffer text = {0};
            buffer_add_text(&text, is_key ? "{\"" : "[\"");
            for (size_t i = 0; i < length; i++)
                buffer_add_byte(&text, 'x');
            buffer_add_text(&text, is_key ? "\":0}" : "\"]");
            expect_loaded(&text, 1);
        }
    }
}

static void deep_nesting(void **state)
{
    struct buffer text = {0};
    for (int i = 0; i < DEPTH; i++)
        buffer_add_text(&text, "[{\"\":");
    buffer_add_byte(&text, '0');
    for (int i = 0; i < DEPTH; i++)
        buffer_add_text(&text, "}]");
    struct json_document document;
    json_error_t reason;
    int error = json_document_load(&document, (const char *)text.data, text.length, 0, text.length,
                                   &reason);
    assert_int_equal(error, -EINVAL); /* deeper than the library goes */
    assert_int_equal(json_error_code(&reason), json_error_stack_overflow);
    json_document_done(&document);
    buffer_done(&text);
}

static void faults_have_a_reason(void **state)
{
    static const char *const faults[] = {"", "{", "[1,", "\"x", "{\"a\" 1}", "nul", "[\"\\u12\"]"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct json_document document;
        json_error_t reason;
        int error = json_document_load(&document, faults[i], strlen(faults[i]), 0, 1, &reason);
        assert_int_equal(error, -EINVAL);
        assert_null(document.root);
        assert_true(reason.text[0]);
        json_document_done(&document);
    }
}

static void documents_are_apart(void **state)
{
    struct json_document first, second;
    json_error_t reason;
    assert_int_equal(json_document_load(&first, "{\"a\":\"one\"}", 11, 0, 2, &reason), 0);
    assert_int_equal(json_document_load(&second, "{\"a\":\"two\"}", 11, 0, 2, &reason), 0);
    assert_string_equal(json_string_value(json_object_get(first.root, "a")), "one");
    json_document_done(&first);
    assert_string_equal(json_string_value(json_object_get(second.root, "a")), "two");
    json_document_done(&second);
    json_document_done(&second); /* harmless */
}

/* A promise of fewer values than there are does no harm. */
static void too_little_is_no_memory(void **state)
{
    struct buffer text = {0};
    struct json_document document;
    json_error_t reason;
    repeat(&text, "[", "{}", "]");
    assert_int_equal(
        json_document_load(&document, (const char *)text.data, text.length, 0, 1, &reason),
        -ENOMEM);
    json_document_done(&document);
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_of_each_kind),       cmocka_unit_test(objects_with_many_keys),
        cmocka_unit_test(long_texts_and_keys),     cmocka_unit_test(deep_nesting),
        cmocka_unit_test(faults_have_a_reason),    cmocka_unit_test(documents_are_apart),
        cmocka_unit_test(too_little_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
