/* msgpack tokens: every form, what other writers make of numbers, and what is cut off. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/msgpack_read.h"
#include "util/msgpack_write.h"

#define READER(text) reader_over(text, sizeof(text) - 1)

static void numbers_of_every_width(void **state)
{
    static const int64_t numbers[] = {
        0,         1,  127, 128, 255,  256,  65535,  65536,  4294967295, 1LL << 33,
        INT64_MAX, -1, -32, -33, -128, -129, -32768, -32769, INT32_MIN,  INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint8_t bytes[MSGPACK_NUMBER];
        uint8_t *end = msgpack_write_i64(bytes, numbers[i]);
        struct reader reader = reader_over(bytes, (size_t)(end - bytes));
        struct msgpack_token token = msgpack_read(&reader);
        assert_int_equal(token.kind, MSGPACK_IS_INTEGER);
        assert_true(token.integer == numbers[i]);
        assert_false(reader.failed);
        for (size_t cut = 0; cut + bytes < end; cut++) {
            reader = reader_over(bytes, cut);
            assert_int_equal(msgpack_read(&reader).kind, MSGPACK_IS_NIL);
            assert_true(reader.failed);
        }
    }
}

static void numbers_of_other_kinds(void **state)
{
    struct reader reader = READER("\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xca\x3f\xc0\x00\x00\xc3"
                                  "\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\xcb\xc0\x5e\x00\x00\x00\x00"
                                  "\x00\x00");
    struct msgpack_token token = msgpack_read(&reader);
    assert_int_equal(token.kind, MSGPACK_IS_UNSIGNED);
    assert_true(msgpack_integer(&token) == INT64_MAX);
    token = msgpack_read(&reader);
    assert_true(msgpack_real(&token) == 1.5);
    token = msgpack_read(&reader);
    assert_true(msgpack_integer(&token) == 1 && msgpack_real(&token) == 1);
    token = msgpack_read(&reader); /* not a number */
    assert_true(msgpack_integer(&token) == 0 && msgpack_real(&token) == 0);
    token = msgpack_read(&reader);
    assert_true(msgpack_integer(&token) == -120);
}

static void texts_and_containers(void **state)
{
    struct reader reader = READER("\x93\xa2hi\xc4\x01\x07\x81\x01\xd9\x01x\xd4\x05\x00\xc0");
    assert_int_equal(msgpack_read(&reader).count, 3);
    struct msgpack_token token = msgpack_read(&reader);
    assert_int_equal(token.kind, MSGPACK_IS_TEXT);
    assert_memory_equal(token.bytes, "hi", 2);
    token = msgpack_read(&reader);
    assert_int_equal(token.kind, MSGPACK_IS_BINARY);
    assert_int_equal(token.length, 1);
    token = msgpack_read(&reader);
    assert_int_equal(token.kind, MSGPACK_IS_MAP);
    msgpack_skip_rest(&reader, &token);
    assert_int_equal(msgpack_read(&reader).kind, MSGPACK_IS_EXTENSION);
    assert_int_equal(msgpack_read(&reader).kind, MSGPACK_IS_NIL);
    assert_false(reader.failed);
}

static void claims_are_not_believed(void **state)
{
    static const char *const claims[] = {"\xdd\xff\xff\xff\xff",
                                         "\xdf\x7f\xff\xff\xff",
                                         "\xdb\xff\xff\xff\xff",
                                         "\xc6\xff\xff\xff\xff",
                                         "\xc1",
                                         "\x92\x01",
                                         "\xc9\xff\xff\xff\xff\x01"};
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        struct reader reader = reader_over(claims[i], strlen(claims[i]));
        msgpack_skip(&reader);
        assert_true(reader.failed);
    }
}

static void nesting_has_no_limit_when_skipped(void **state)
{
    uint8_t deep[100000];
    memset(deep, 0x91, sizeof deep);
    deep[sizeof deep - 1] = 7;
    struct reader reader = reader_over(deep, sizeof deep);
    msgpack_skip(&reader);
    assert_false(reader.failed);
    assert_int_equal(reader_left(&reader), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_width),
        cmocka_unit_test(numbers_of_other_kinds),
        cmocka_unit_test(texts_and_containers),
        cmocka_unit_test(claims_are_not_believed),
        cmocka_unit_test(nesting_has_no_limit_when_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
