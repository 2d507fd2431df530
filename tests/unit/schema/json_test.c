/* Strings: every escape, invalid UTF-8 at every place, random bytes at every length and alignment;
 * series with runs of zeroes at every place. Compared with writers made the slow way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/json.h"
#include "schema/msgpack.h"
#include "schema/number.h"
#include "wire_msgpack.h"

static uint32_t next_random(void)
{
    static uint64_t seed = 29;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

static void write_text(struct buffer *buffer, const char *text, size_t length)
{
    buffer->length = 0;
    uint8_t *at = emit_room_begin(buffer);
    emit_room_end(buffer, at ? json_write_text(buffer, at, text, length) : NULL);
}

/* The text with U+FFFD for each invalid byte. */
static void mend(struct buffer *buffer, const char *text, size_t length)
{
    buffer->length = 0;
    for (size_t done = 0; done < length;) {
        size_t valid = text_utf8_valid(text + done, length - done);
        buffer_add(buffer, text + done, valid);
        done += valid;
        if (done < length)
            buffer_add(buffer, "\xef\xbf\xbd", 3);
        done += done < length;
    }
}

static void check_text(const char *text, size_t length)
{
    struct buffer json = {0}, packed = {0}, mended = {0}, expected = {0}, printed = {0};
    write_text(&json, text, length);
    mend(&mended, text, length);
    wire_print_string(mended.data, mended.length, &expected);
    assert_null(wire_json_fault(&json, false));
    assert_int_equal(json.length, expected.length);
    assert_memory_equal(json.data, expected.data, json.length);
    uint8_t *at = emit_room_begin(&packed);
    emit_room_end(&packed, msgpack_write_text(&packed, at, text, length));
    assert_null(wire_msgpack_print(&packed, false, &printed));
    assert_int_equal(printed.length, expected.length);
    assert_memory_equal(printed.data, expected.data, printed.length);
    buffer_done(&json);
    buffer_done(&packed);
    buffer_done(&mended);
    buffer_done(&expected);
    buffer_done(&printed);
}

/* Each byte, alone and at each place of a text. */
static void test_bytes(void **state)
{
    for (unsigned byte = 0; byte < 256; byte++)
        for (size_t length = 1; length < 20; length += 6)
            for (size_t place = 0; place < length; place++) {
                char text[20];
                memset(text, 'x', sizeof text);
                text[place] = (char)byte;
                check_text(text, length);
            }
}

static void test_random_texts(void **state)
{
    static const char *const pieces[] = {
        "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x9b\xb0", "plain text",       "\"",       "\\",
        "\n",       "\xed\xa0\x80", "\xc0\xaf",         "\xf4\x90\x80\x80", "\xe2\x82", "\xff"};
    for (int i = 0; i < 3000; i++) {
        char *text = malloc(2000); /* on the heap so that reading past its end is found */
        size_t length = 0, wanted = next_random() % (i % 10 ? 60 : 1900);
        while (length < wanted) {
            const char *piece = pieces[next_random() % (sizeof pieces / sizeof *pieces)];
            size_t part = strlen(piece);
            if (next_random() % 3) {
                text[length++] = (char)(i % 2 ? next_random() % 256 : 'a' + next_random() % 26);
                continue;
            }
            memcpy(text + length, piece, part);
            length += part;
        }
        char *exact = realloc(text, length ? length : 1);
        check_text(exact, length);
        free(exact);
    }
    check_text("", 0);
    check_text(NULL, 0);
}

static void check_series(const double *numbers, size_t count)
{
    struct buffer fast = {0}, slow = {0}, packed = {0}, printed = {0};
    uint8_t *at = emit_room_begin(&fast);
    emit_room_end(&fast, json_write_series(&fast, at, numbers, count));
    for (size_t i = 0; i < count; i++) {
        at = buffer_room(&slow, NUMBER_ANY + 1);
        *at = ',';
        buffer_advance(&slow, (size_t)(number_write_double(at + 1, numbers[i]) - at));
    }
    assert_int_equal(fast.length, slow.length);
    assert_memory_equal(fast.data, slow.data, fast.length);
    at = emit_room_begin(&packed);
    emit_room_end(&packed, msgpack_write_series(&packed, at, numbers, count));
    struct wire wire = {.at = packed.data, .end = packed.data + packed.length};
    assert_true(wire_msgpack(&wire, false, &printed));
    assert_int_equal(printed.length, count ? slow.length + 1 : 2);
    assert_memory_equal(printed.data + 1, slow.data + 1, count ? slow.length - 1 : 0);
    buffer_done(&fast);
    buffer_done(&slow);
    buffer_done(&packed);
    buffer_done(&printed);
}

static void test_series(void **state)
{
    static const double odd[] = {1, -1, 0.25, 65213, 1e15 + 0.5, -1e18, 1e300, -0.0, 99, 100};
    double *numbers = calloc(300, sizeof *numbers);
    for (int i = 0; i < 3000; i++) {
        size_t count = next_random() % 200;
        double *exact = calloc(count ? count : 1, sizeof *exact);
        for (size_t j = 0; j < count; j++)
            if (next_random() % (unsigned)(i % 40 + 1) == 0)
                exact[j] = odd[next_random() % (sizeof odd / sizeof *odd)];
        check_series(exact, count);
        free(exact);
    }
    for (size_t i = 0; i < 300; i++)
        numbers[i] = -1.7976931348623157e308;
    check_series(numbers, 300);
    free(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
