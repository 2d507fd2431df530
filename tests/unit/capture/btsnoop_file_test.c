/* The btsnoop reader: its three kinds and the headers made for them, times, long records, what it
 * refuses, and a cut at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture/capture_file.h"
#include "capture_bytes.h"

#define EPOCH_US 62168256000000000ull

enum { UART = 1002, BARE = 1001, MONITOR = 2001 };

static struct capture_bytes bytes;
static struct input_stream *stream;
static struct capture_file file;
static struct frame frame;

static void put_header(uint32_t version, uint32_t kind)
{
    bytes.big_endian = true;
    bytes.buffer.length = 0;
    buffer_add(&bytes.buffer, "btsnoop", 8);
    put(&bytes, version, 4);
    put(&bytes, kind, 4);
}

static void put_record(uint32_t flags, uint64_t seconds, uint32_t captured, uint32_t original)
{
    put(&bytes, original, 4);
    put(&bytes, captured, 4);
    put(&bytes, flags, 4);
    put(&bytes, 0, 4);
    put(&bytes, EPOCH_US + seconds * 1000000, 8);
    put_fill(&bytes, 0x77, captured);
}

static int start_of(size_t length)
{
    stream = input_stream_over(bytes.buffer.data, length);
    assert_non_null(stream);
    capture_file_init(&file, stream);
    return capture_file_start(&file);
}

static int next(void)
{
    return capture_file_next(&file, true, &frame);
}

static void done(void)
{
    capture_file_done(&file);
    input_stream_free(stream);
}

static void check_next(uint16_t link_type, const char *header, size_t length)
{
    assert_int_equal(next(), 0);
    assert_int_equal(frame.link_type, link_type);
    assert_memory_equal(frame.data, header, length);
    assert_int_equal(frame.data[length], 0x77);
}

static void uart_packets_get_their_direction(void **state)
{
    put_header(1, UART);
    put_record(0, 1000, 4, 4);
    put_record(3, 1001, 5, 9);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    check_next(201, "\0\0\0\0", 4);
    assert_int_equal(frame.length, 8);
    assert_int_equal(frame.original_length, 8);
    assert_int_equal(frame.time_ns, 1000ull * 1000000000);
    check_next(201, "\0\0\0\1", 4);
    assert_int_equal(frame.length, 9);
    assert_int_equal(frame.original_length, 13);
    assert_int_equal(next(), 1);
    assert_int_equal(file.records, 2);
    done();
}

static void bare_packets_get_their_type(void **state)
{
    put_header(1, BARE);
    put_record(0, 1000, 4, 4);
    put_record(1, 1000, 4, 4);
    put_record(2, 1000, 4, 4);
    put_record(3, 1000, 4, 4);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    check_next(201, "\0\0\0\0\2", 5);
    check_next(201, "\0\0\0\1\2", 5);
    check_next(201, "\0\0\0\0\1", 5);
    check_next(201, "\0\0\0\1\4", 5);
    assert_int_equal(frame.length, 9);
    done();
}

static void monitor_records_keep_adapter_and_opcode(void **state)
{
    put_header(1, MONITOR);
    put_record(0x00010003, 1000, 4, 4);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    check_next(254, "\0\1\0\3", 4);
    done();
}

static void long_records_are_cut_or_damage(void **state)
{
    put_header(1, UART);
    put_record(0, 1000, 200000, 200000);
    put_record(0, 1001, 4, 4);
    put_record(0, 0, 0, 0);
    put(&bytes, 4, 4);
    put(&bytes, 0x7fffffff, 4);
    put_fill(&bytes, 0, 16);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    assert_int_equal(next(), 0);
    assert_int_equal(frame.length, 4 + 128 * 1024);
    assert_int_equal(frame.original_length, 4 + 200000);
    assert_int_equal(file.cut, 1);
    assert_int_equal(next(), 0);
    assert_int_equal(frame.time_ns, 1001ull * 1000000000);
    assert_int_equal(next(), 0);
    assert_int_equal(frame.length, 4);
    assert_int_equal(next(), -EBADMSG);
    assert_non_null(strstr(file.why, "claims to hold 2147483647 bytes"));
    done();
}

static void refuse(const char *why)
{
    assert_int_equal(start_of(bytes.buffer.length), -EBADMSG);
    if (!strstr(file.why, why))
        fail_msg("%s", file.why);
    done();
}

static void other_versions_and_kinds_are_refused(void **state)
{
    put_header(2, UART);
    refuse("version 2");
    put_header(1, 1003);
    refuse("kind 1003");
    put_header(1, 1);
    bytes.buffer.length -= 5;
    refuse("11 of the 16 bytes");
}

static void check_time(uint64_t seconds, uint64_t expected_ns)
{
    put_header(1, UART);
    put_record(0, seconds, 4, 4);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    assert_int_equal(next(), 0);
    assert_true(frame.time_ns == expected_ns);
    done();
}

static void times_that_cannot_be_are_at_the_nearest_end(void **state)
{
    check_time(0 - EPOCH_US / 1000000 - 1, 0);
    check_time(0 - EPOCH_US / 1000000, 0);
    check_time(18446744073, 18446744073ull * 1000000000);
    check_time(18446744074, UINT64_MAX);
}

static void lengths_that_cannot_be_are_the_greatest(void **state)
{
    put_header(1, BARE);
    put_record(0, 0, 4, UINT32_MAX - 4);
    put_record(0, 0, 4, UINT32_MAX - 6);
    assert_int_equal(start_of(bytes.buffer.length), 0);
    assert_int_equal(next(), 0);
    assert_true(frame.original_length == UINT32_MAX);
    assert_int_equal(next(), 0);
    assert_true(frame.original_length == UINT32_MAX - 1);
    done();
}

static void cut_at_every_byte(void **state)
{
    put_header(1, UART);
    put_record(0, 1000, 4, 4);
    put_record(1, 1001, 6, 6);
    for (size_t length = 16; length < bytes.buffer.length; length++) {
        assert_int_equal(start_of(length), 0);
        int result = next();
        uint64_t whole = length < 44 ? 0 : 1;
        if (whole)
            result = next();
        assert_int_equal(file.records, whole);
        assert_int_equal(result, length == 16 || length == 44 ? 1 : -ENODATA);
        done();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uart_packets_get_their_direction),
        cmocka_unit_test(bare_packets_get_their_type),
        cmocka_unit_test(monitor_records_keep_adapter_and_opcode),
        cmocka_unit_test(long_records_are_cut_or_damage),
        cmocka_unit_test(other_versions_and_kinds_are_refused),
        cmocka_unit_test(times_that_cannot_be_are_at_the_nearest_end),
        cmocka_unit_test(lengths_that_cannot_be_are_the_greatest),
        cmocka_unit_test(cut_at_every_byte),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_done(&bytes.buffer);
    return failed;
}
