/* The checked reader: integers in both orders, faults that stick, parts that cannot leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/bytes.h"

static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void test_integers(void **state)
{
    struct reader reader = reader_over(octets, sizeof octets);
    assert_int_equal(reader_u8(&reader), 0x01);
    assert_int_equal(reader_le16(&reader), 0x0302);
    assert_int_equal(reader_be16(&reader), 0x0405);
    assert_int_equal(reader_le32(&reader), 0x09080706);
    assert_int_equal(reader_be32(&reader), 0x0a0b0c0d);
    assert_int_equal(reader_left(&reader), 3);
    assert_false(reader.failed);
    reader = reader_over(octets, sizeof octets);
    assert_true(reader_le64(&reader) == 0x0807060504030201ull);
    assert_true(reader_be64(&reader) == 0x090a0b0c0d0e0f10ull);
    assert_int_equal(reader_left(&reader), 0);
    assert_false(reader.failed);
    const uint8_t high[] = {0xff, 0xfe, 0xfd, 0xfc};
    assert_int_equal(load_le32(high), 0xfcfdfeff);
    assert_int_equal(load_be32(high), 0xfffefdfc);
}

static void test_fault_sticks(void **state)
{
    struct reader reader = reader_over(octets, 3);
    assert_int_equal(reader_le32(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(reader_left(&reader), 0);
    assert_int_equal(reader_u8(&reader), 0);
    assert_null(reader_bytes(&reader, 0));
    reader_skip(&reader, 1);
    uint8_t copy[2] = {7, 7};
    reader_copy(&reader, copy, sizeof copy);
    assert_int_equal(copy[0] | copy[1], 0);
    assert_true(reader_le64(&reader) == 0);
}

static void test_huge_counts(void **state)
{
    struct reader reader = reader_over(octets, 4);
    reader_skip(&reader, 2);
    assert_null(reader_bytes(&reader, SIZE_MAX));
    assert_true(reader.failed);
    reader = reader_over(octets, 4);
    reader_skip(&reader, 4);
    assert_false(reader.failed);
    assert_non_null(reader_bytes(&reader, 0));
    reader_skip(&reader, SIZE_MAX - 3);
    assert_true(reader.failed);
}

static void test_parts(void **state)
{
    struct reader reader = reader_over(octets, sizeof octets);
    struct reader part = reader_part(&reader, 4);
    assert_int_equal(reader_be32(&part), 0x01020304);
    assert_int_equal(reader_u8(&part), 0);
    assert_true(part.failed);
    assert_int_equal(reader_u8(&reader), 5);
    struct reader lacking = reader_part(&reader, 100);
    assert_true(lacking.failed && reader.failed);
    assert_int_equal(reader_left(&lacking), 0);
    struct reader empty = reader_over(NULL, 0);
    assert_int_equal(reader_u8(&empty), 0);
    assert_true(empty.failed);
}

static void test_copy(void **state)
{
    struct reader reader = reader_over(octets, 3);
    uint8_t copy[3];
    reader_copy(&reader, copy, 3);
    assert_memory_equal(copy, octets, 3);
    assert_false(reader.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),    cmocka_unit_test(test_fault_sticks),
        cmocka_unit_test(test_huge_counts), cmocka_unit_test(test_parts),
        cmocka_unit_test(test_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
