/* msgpack tokens: every form read and written, cut off everywhere, claims that no bytes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/msgpack_read.h"
#include "util/msgpack_write.h"

static struct msgpack_token read_one(const void *bytes, size_t length)
{
    struct reader reader = reader_over(bytes, length);
    struct msgpack_token token;
    assert_int_equal(msgpack_read_token(&reader, &token), 0);
    assert_int_equal(reader.offset, length);
    for (size_t cut = 0; cut < length; cut++) {
        struct msgpack_token none = {.type = MSGPACK_EXTENSION, .count = 77};
        struct reader shorter = reader_over(bytes, cut);
        assert_int_equal(msgpack_read_token(&shorter, &none), -EINVAL);
        assert_int_equal(none.count, 77);
    }
    return token;
}

#define READ(text) read_one(text, sizeof text - 1)

static void test_reads_every_scalar(void **state)
{
    assert_int_equal(READ("\xc0").type, MSGPACK_NIL);
    assert_false(READ("\xc2").boolean);
    assert_true(READ("\xc3").boolean);
    assert_int_equal(READ("\x7f").integer, 127);
    assert_int_equal(READ("\xe0").integer, -32);
    assert_int_equal(READ("\xcc\xff").integer, 255);
    assert_int_equal(READ("\xcd\x01\x00").integer, 256);
    assert_int_equal(READ("\xce\xff\xff\xff\xc4").integer, 4294967236);
    assert_int_equal(READ("\xcf\0\0\0\1\0\0\0\0").integer, 1LL << 32);
    assert_int_equal(READ("\xcf\xff\xff\xff\xff\xff\xff\xff\xff").type, MSGPACK_UNSIGNED);
    assert_true(READ("\xcf\xff\xff\xff\xff\xff\xff\xff\xff").number_unsigned == UINT64_MAX);
    assert_int_equal(READ("\xd0\x80").integer, -128);
    assert_int_equal(READ("\xd1\x80\x00").integer, -32768);
    assert_int_equal(READ("\xd2\xff\xff\xff\xc4").integer, -60);
    assert_int_equal(READ("\xd3\xff\xff\xff\xff\xff\xff\xff\xfe").integer, -2);
    assert_true(READ("\xca\x3f\x80\x00\x00").number == 1.0);
    assert_true(READ("\xcb\xc0\x04\0\0\0\0\0\0").number == -2.5);
}

static void expect_bytes(struct msgpack_token token, enum msgpack_type type, const char *text)
{
    assert_int_equal(token.type, type);
    assert_int_equal(token.bytes.length, strlen(text));
    assert_memory_equal(token.bytes.data, text, strlen(text));
}

static void test_reads_texts_and_bytes(void **state)
{
    expect_bytes(READ("\xa3"
                      "abc"),
                 MSGPACK_TEXT, "abc");
    expect_bytes(READ("\xd9\x02hi"), MSGPACK_TEXT, "hi");
    expect_bytes(READ("\xda\x00\x02hi"), MSGPACK_TEXT, "hi");
    expect_bytes(READ("\xdb\x00\x00\x00\x02hi"), MSGPACK_TEXT, "hi");
    expect_bytes(READ("\xc4\x02hi"), MSGPACK_BYTES, "hi");
    expect_bytes(READ("\xc5\x00\x02hi"), MSGPACK_BYTES, "hi");
    expect_bytes(READ("\xc6\x00\x00\x00\x02hi"), MSGPACK_BYTES, "hi");
    expect_bytes(READ("\xd5\x05hi"), MSGPACK_EXTENSION, "hi");
    expect_bytes(READ("\xc7\x02\x05hi"), MSGPACK_EXTENSION, "hi");
}

static int read_result(const void *bytes, size_t length)
{
    struct reader reader = reader_over(bytes, length);
    struct msgpack_token token;
    return msgpack_read_token(&reader, &token);
}

static void test_believes_no_more_than_follows(void **state)
{
    assert_int_equal(read_result("\xdd\xff\xff\xff\xff", 5), -EINVAL);
    assert_int_equal(read_result("\xdf\xff\xff\xff\xff", 5), -EINVAL);
    assert_int_equal(read_result("\xc6\xff\xff\xff\xff", 5), -EINVAL);
    assert_int_equal(read_result("\x92\1", 2), -EINVAL);
    assert_int_equal(read_result("\x92\1\2", 3), 0);
    assert_int_equal(read_result("\x81\1", 2), -EINVAL);
    assert_int_equal(read_result("\xc1\1\1", 3), -EINVAL);
}

static size_t skipped(const void *bytes, size_t length)
{
    struct reader reader = reader_over(bytes, length);
    return msgpack_read_skip(&reader) ? 0 : reader.offset;
}

static void test_skips_whole_values(void **state)
{
    assert_int_equal(skipped("\x82\1\x93\1\2\3\2\xa1x\7", 10), 9);
    assert_int_equal(skipped("\x82\1\x93\1\2\3\2\xa1", 8), 0);
    assert_int_equal(skipped("\x90", 1), 1);
    uint8_t nested[4096];
    memset(nested, 0x91, sizeof nested);
    assert_int_equal(skipped(nested, sizeof nested), 0);
    nested[sizeof nested - 1] = 0xc0;
    assert_int_equal(skipped(nested, sizeof nested), sizeof nested);
    memset(nested, 0x9f, sizeof nested);
    assert_int_equal(skipped(nested, sizeof nested), 0);
}

static void expect_integer(int64_t number, size_t length)
{
    uint8_t bytes[MSGPACK_HEAD];
    assert_int_equal(msgpack_write_i64(bytes, number) - bytes, length);
    assert_true(read_one(bytes, length).integer == number);
}

static void test_writes_smallest_integers(void **state)
{
    expect_integer(0, 1);
    expect_integer(127, 1);
    expect_integer(128, 2);
    expect_integer(256, 3);
    expect_integer(65536, 5);
    expect_integer(1LL << 32, 9);
    expect_integer(-32, 1);
    expect_integer(-33, 2);
    expect_integer(-129, 3);
    expect_integer(-32769, 5);
    expect_integer(INT64_MIN, 9);
}

static void expect_head(uint8_t *(*write)(uint8_t *, size_t), size_t size, size_t head)
{
    uint8_t *bytes = calloc(1, size + MSGPACK_HEAD);
    assert_int_equal(write(bytes, size) - bytes, head);
    assert_int_equal(read_one(bytes, size + head).bytes.length, size);
    free(bytes);
}

static void test_writes_heads(void **state)
{
    expect_head(msgpack_write_text_head, 31, 1);
    expect_head(msgpack_write_text_head, 32, 2);
    expect_head(msgpack_write_text_head, 256, 3);
    expect_head(msgpack_write_text_head, 65536, 5);
    expect_head(msgpack_write_bytes_head, 0, 2);
    expect_head(msgpack_write_bytes_head, 256, 3);
    expect_head(msgpack_write_bytes_head, 65536, 5);
    uint8_t bytes[MSGPACK_HEAD];
    assert_true(READ("\xc3").boolean);
    assert_int_equal(msgpack_write_bool(bytes, true) - bytes, 1);
    assert_int_equal(bytes[0], 0xc3);
    assert_int_equal(msgpack_write_array(bytes, 15) - bytes, 1);
    assert_int_equal(msgpack_write_array(bytes, 16) - bytes, 3);
    assert_int_equal(msgpack_write_map(bytes, 65536) - bytes, 5);
    msgpack_write_float32(bytes, 0.5f);
    assert_true(read_one(bytes, 5).number == 0.5);
    msgpack_write_float64(bytes, NAN);
    assert_true(read_one(bytes, 9).number == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_scalar),
        cmocka_unit_test(test_reads_texts_and_bytes),
        cmocka_unit_test(test_believes_no_more_than_follows),
        cmocka_unit_test(test_skips_whole_values),
        cmocka_unit_test(test_writes_smallest_integers),
        cmocka_unit_test(test_writes_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
