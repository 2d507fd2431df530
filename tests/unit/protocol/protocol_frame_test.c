/* Frames: whole, cut, too long, of other versions, and no frames at all. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocol/protocol_frame.h"

#define PARSE(text) protocol_frame_parse((const uint8_t *)(text), sizeof(text) - 1, &frame, &size)
#define SIGNATURE   "\xde\xca\xfb\xad"

static struct protocol_frame frame;
static size_t size;

static void a_ping(void **state)
{
    struct buffer buffer = {0};
    protocol_frame_write_empty(&buffer, PROTOCOL_PING, 0x01020304);
    static const char expected[] =
        SIGNATURE "\xa9\xa9\x00\x03\x00\x00\x00\x00\x00\x02\x00\x00\x01\x02\x03\x04";
    assert_int_equal(buffer.length, PROTOCOL_HEAD);
    assert_memory_equal(buffer.data, expected, PROTOCOL_HEAD);
    for (size_t cut = 0; cut < buffer.length; cut++)
        assert_int_equal(protocol_frame_parse(buffer.data, cut, &frame, &size), -EAGAIN);
    assert_int_equal(protocol_frame_parse(buffer.data, buffer.length, &frame, &size), 0);
    assert_int_equal(size, PROTOCOL_HEAD);
    assert_int_equal(frame.type, PROTOCOL_PING);
    assert_int_equal(frame.sequence, 0x01020304);
    buffer_done(&buffer);
}

static void a_body(void **state)
{
    struct buffer buffer = {0};
    size_t begin = protocol_frame_begin(&buffer, PROTOCOL_MESSAGE, 1, 9);
    buffer_add_text(&buffer, "body");
    protocol_frame_end(&buffer, begin);
    assert_int_equal(protocol_frame_parse(buffer.data, PROTOCOL_PEEK, &frame, &size), -EAGAIN);
    assert_int_equal(size, PROTOCOL_HEAD + 4);
    assert_int_equal(protocol_frame_parse(buffer.data, buffer.length, &frame, &size), 0);
    assert_int_equal(frame.body_length, 4);
    assert_memory_equal(frame.body, "body", 4);
    buffer_done(&buffer);
}

static void what_is_no_frame_of_ours(void **state)
{
    assert_int_equal(PARSE("GET "), -EPROTO);
    assert_int_equal(PARSE("GET / HTTP/1.1\r\n"), -EPROTO);
    assert_int_equal(PARSE(SIGNATURE "\xab\xcd\x00\x02\x00\x00\x00\x00PING"), -EPROTONOSUPPORT);
    assert_int_equal(size, 2);
    assert_int_equal(PARSE(SIGNATURE "\x00\x00\x00\x01\x00\x00\x00\x05hello"), -EPROTONOSUPPORT);
    assert_int_equal(size, 0);
    assert_int_equal(PARSE(SIGNATURE "\xa9\xa9\x00\x04\x00\x00\x00\x00"), -EPROTONOSUPPORT);
    assert_int_equal(size, 4);
    assert_int_equal(PARSE(SIGNATURE "\xa9\xa9\x00\x03\xff\xff\xff\xff"), -EMSGSIZE);
}

static void each_fault_has_a_sentence(void **state)
{
    static const int errors[] = {-EPROTO, -EPROTONOSUPPORT, -EMSGSIZE, -ENOMEM};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct buffer why = {0};
        protocol_frame_explain(errors[i], 2, &why);
        assert_true(why.length > 5);
        buffer_done(&why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping),
        cmocka_unit_test(a_body),
        cmocka_unit_test(what_is_no_frame_of_ours),
        cmocka_unit_test(each_fault_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
