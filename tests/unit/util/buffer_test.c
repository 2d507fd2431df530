/* The output buffer: growth, the ceiling, failure that sticks, formatting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "util/buffer.h"

static void test_growth(void **state)
{
    struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        buffer_add_byte(&buffer, (uint8_t)i);
    buffer_add(&buffer, NULL, 0);
    buffer_add_text(&buffer, "end");
    assert_int_equal(buffer.length, 1003);
    assert_int_equal(buffer.data[999], 999 & 0xff);
    assert_memory_equal(buffer.data + 1000, "end", 3);
    assert_false(buffer.failed);
    buffer_done(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.capacity, 0);
}

static void test_ceiling(void **state)
{
    struct buffer buffer = {.ceiling = 1000};
    uint8_t bytes[600] = {0};
    buffer_add(&buffer, bytes, sizeof bytes);
    buffer_add(&buffer, bytes, 400);
    assert_false(buffer.failed);
    assert_int_equal(buffer.length, 1000);
    assert_true(buffer.capacity <= 1000);
    buffer_add_byte(&buffer, 1);
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 1000);
    buffer_done(&buffer);
    assert_false(buffer.failed);
    assert_int_equal(buffer.ceiling, 1000);
    assert_null(buffer_room(&buffer, 1001));
    buffer_done(&buffer);
    assert_null(buffer_room(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    buffer_done(&buffer);
}

static void test_failure_sticks(void **state)
{
    struct buffer buffer = {.ceiling = 300};
    buffer_add_text(&buffer, "kept");
    assert_null(buffer_room(&buffer, 400));
    buffer_printf(&buffer, "%0300d", 1);
    assert_int_equal(buffer.length, 4);
    assert_true(buffer.failed);
    buffer_done(&buffer);
}

static void test_string(void **state)
{
    struct buffer buffer = {.ceiling = 300};
    assert_string_equal(buffer_string(&buffer), "");
    buffer_add_text(&buffer, "one");
    assert_string_equal(buffer_string(&buffer), "one");
    assert_int_equal(buffer.length, 3); /* its end is not part of it */
    buffer_add_text(&buffer, " two");
    assert_string_equal(buffer_string(&buffer), "one two");
    buffer_printf(&buffer, "%0293d", 1);
    assert_int_equal(buffer.length, 7); /* no room: printf ends its text too */
    assert_true(buffer.failed);
    assert_null(buffer_string(&buffer));
    buffer_done(&buffer);
    uint8_t full[300] = {0};
    buffer_add(&buffer, full, sizeof full);
    assert_false(buffer.failed);
    assert_null(buffer_string(&buffer)); /* no room for its end */
    assert_true(buffer.failed);
    buffer_done(&buffer);
}

static void test_printf(void **state)
{
    struct buffer buffer = {0};
    buffer_printf(&buffer, "%s-%d", "a", 7);
    buffer_printf(&buffer, "%s", "");
    buffer_printf(&buffer, "%0500d", 0);
    assert_int_equal(buffer.length, 503);
    assert_memory_equal(buffer.data, "a-7000", 6);
    buffer_done(&buffer);
}

static void test_numbers(void **state)
{
    struct buffer buffer = {0};
    buffer_add_le16(&buffer, 0x0102);
    buffer_add_le32(&buffer, 0x03040506);
    buffer_add_be16(&buffer, 0x0708);
    buffer_add_be32(&buffer, 0x090a0b0c);
    assert_int_equal(buffer.length, 12);
    assert_memory_equal(buffer.data, "\x02\x01\x06\x05\x04\x03\x07\x08\x09\x0a\x0b\x0c", 12);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growth),         cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_failure_sticks), cmocka_unit_test(test_string),
        cmocka_unit_test(test_printf),         cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
