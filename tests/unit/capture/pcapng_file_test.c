/* The pcapng reader: sections of both orders, clocks, block kinds, damage, a cut at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture/capture_file.h"
#include "capture_bytes.h"
#include "util/clock.h"

struct reading {
    struct input_stream *stream;
    struct capture_file file;
};

static int start(struct reading *reading, const struct capture_bytes *bytes, size_t length)
{
    reading->stream = input_stream_over(bytes->buffer.data, length);
    assert_non_null(reading->stream);
    capture_file_init(&reading->file, reading->stream);
    return capture_file_start(&reading->file);
}

static void open_all(struct reading *reading, const struct capture_bytes *bytes)
{
    assert_int_equal(start(reading, bytes, bytes->buffer.length), 0);
}

static void done(struct reading *reading)
{
    capture_file_done(&reading->file);
    input_stream_free(reading->stream);
}

static struct frame next(struct reading *reading)
{
    struct frame frame;
    assert_int_equal(capture_file_next(&reading->file, true, &frame), 0);
    return frame;
}

static void expect_end(struct reading *reading, int result)
{
    struct frame frame;
    assert_int_equal(capture_file_next(&reading->file, true, &frame), result);
}

static void test_sections_of_both_orders(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    put_section(&bytes);
    put_interface(&bytes, 127, 0, 0, 0);
    put_interface(&bytes, 105, 0, 0, 0);
    put_enhanced(&bytes, 1, 5000000, 21, 33, 1);
    bytes.big_endian = true;
    put_section(&bytes);
    put_interface(&bytes, 192, 0, 0, 0);
    put_enhanced(&bytes, 0, 6000000, 4, 4, 2);
    open_all(&reading, &bytes);
    struct frame frame = next(&reading);
    assert_int_equal(frame.link_type, 105);
    assert_int_equal(frame.length, 21);
    assert_int_equal(frame.original_length, 33);
    assert_int_equal(frame.time_ns, 5 * NS_PER_S);
    frame = next(&reading);
    assert_int_equal(frame.link_type, 192);
    assert_int_equal(frame.time_ns, 6 * NS_PER_S);
    assert_int_equal(frame.data[3], 2);
    expect_end(&reading, 1);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static uint64_t time_of(uint8_t resolution, int64_t offset, uint64_t ticks)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    put_section(&bytes);
    put_interface(&bytes, 127, 0, resolution, offset);
    put_enhanced(&bytes, 0, ticks, 1, 1, 0);
    open_all(&reading, &bytes);
    uint64_t time_ns = next(&reading).time_ns;
    done(&reading);
    buffer_done(&bytes.buffer);
    return time_ns;
}

static void test_clocks(void **state)
{
    assert_int_equal(time_of(0, 0, 1234567), 1234567000);
    assert_int_equal(time_of(6, 0, 1234567), 1234567000);
    assert_int_equal(time_of(9, 0, 1234567), 1234567);
    assert_int_equal(time_of(3, 0, 1234), 1234 * 1000000ULL);
    assert_int_equal(time_of(12, 0, 5000000001999ULL), 5000000001ULL);
    assert_int_equal(time_of(6, 100, 1000000), 101 * NS_PER_S);
    assert_int_equal(time_of(6, -5, 7000001), 2 * NS_PER_S + 1000);
    assert_int_equal(time_of(6, -100, 1000000), 0);
    assert_int_equal(time_of(0x80 | 10, 0, 3 * 1024 + 512), 3 * NS_PER_S + 500000000);
    assert_int_equal(time_of(0x80 | 32, 0, 1ULL << 32 | 1ULL << 31), NS_PER_S + 500000000);
    assert_int_equal(time_of(0x80 | 63, 0, 1ULL << 63), NS_PER_S);
    assert_int_equal(time_of(0xff, 7, UINT64_MAX), 7 * NS_PER_S);
    assert_int_equal(time_of(19, 0, UINT64_MAX), NS_PER_S * 1844674407ULL / 1000000000 + 0);
    assert_int_equal(time_of(127, 0, UINT64_MAX), 0);
    assert_int_equal(time_of(6, INT64_MAX, UINT64_MAX), UINT64_MAX);
    assert_int_equal(time_of(6, INT64_MIN, 1), 0);
}

static void put_obsolete(struct capture_bytes *to, uint16_t interface, uint64_t ticks,
                         uint32_t captured, uint8_t fill)
{
    struct capture_bytes body = {.big_endian = to->big_endian};
    put(&body, interface, 2);
    put(&body, 3, 2);
    put(&body, ticks >> 32, 4);
    put(&body, (uint32_t)ticks, 4);
    put(&body, captured, 4);
    put(&body, captured + 5, 4);
    put_fill(&body, fill, captured);
    put_block(to, 2, &body.buffer);
    buffer_done(&body.buffer);
}

static void test_block_kinds(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct buffer comment = {0};
    buffer_add_text(&comment, "something else");
    put_section(&bytes);
    put_block(&bytes, 0x0bad, &comment);
    put_interface(&bytes, 127, 10, 0, 0);
    put_obsolete(&bytes, 0, 2000000, 7, 1);
    put_block(&bytes, 5, &comment);
    put_simple(&bytes, 9, 9, 2);
    put_simple(&bytes, 10, 60, 3); /* cut by the interface's snap length */
    open_all(&reading, &bytes);
    struct frame frame = next(&reading);
    assert_int_equal(frame.length, 7);
    assert_int_equal(frame.original_length, 12);
    assert_int_equal(frame.time_ns, 2 * NS_PER_S);
    frame = next(&reading);
    assert_int_equal(frame.length, 9);
    assert_int_equal(frame.time_ns, 2 * NS_PER_S);
    frame = next(&reading);
    assert_int_equal(frame.length, 10);
    assert_int_equal(frame.original_length, 60);
    assert_int_equal(frame.data[9], 3);
    expect_end(&reading, 1);
    done(&reading);
    buffer_done(&comment);
    buffer_done(&bytes.buffer);
}

/* Packets that make no sense inside sound blocks: their neighbours stay. */
static void test_bad_packets(void **state)
{
    struct capture_bytes bytes = {0}, liar = {0};
    struct reading reading;
    put_section(&bytes);
    put_simple(&bytes, 4, 4, 9); /* no interface yet */
    put_interface(&bytes, 127, 0, 0, 0);
    put_enhanced(&bytes, 0, 1, 8, 8, 1);
    put_enhanced(&bytes, 77, 1, 8, 8, 2);
    put(&liar, 0, 4);
    put(&liar, 0, 8);
    put(&liar, 1000, 4);
    put(&liar, 1000, 4);
    put_fill(&liar, 3, 8);
    put_block(&bytes, 6, &liar.buffer);
    buffer_done(&liar.buffer);
    put_block(&bytes, 6, &liar.buffer); /* an empty body */
    put_enhanced(&bytes, 0, 1, 8, 8, 4);
    open_all(&reading, &bytes);
    assert_int_equal(next(&reading).data[0], 1);
    assert_int_equal(next(&reading).data[0], 4);
    expect_end(&reading, 1);
    assert_int_equal(reading.file.bad_records, 4);
    assert_non_null(strstr(reading.file.bad_why, "longer than itself"));
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void check_damage(uint32_t length, uint32_t again, const char *why)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    put_section(&bytes);
    put_interface(&bytes, 127, 0, 0, 0);
    put_enhanced(&bytes, 0, 1, 8, 8, 1);
    put(&bytes, 6, 4);
    put(&bytes, length, 4);
    put_fill(&bytes, 0, 24);
    put(&bytes, again, 4);
    put_fill(&bytes, 0, 64);
    open_all(&reading, &bytes);
    assert_int_equal(next(&reading).data[0], 1);
    expect_end(&reading, -EBADMSG);
    if (!strstr(reading.file.why, why))
        fail_msg("%s", reading.file.why);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_block_lengths(void **state)
{
    check_damage(0, 0, "impossible length: 0");
    check_damage(11, 11, "impossible length: 11");
    check_damage(38, 38, "impossible length: 38");
    check_damage(0x7ffffffc, 0x7ffffffc, "impossible length: 2147483644");
    check_damage(36, 40, "ends with another length than it starts with: 40");
}

static void test_long_blocks(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct buffer large = {0};
    memset(buffer_room(&large, 5 << 20), 0, 5 << 20);
    buffer_advance(&large, 5 << 20);
    put_section(&bytes);
    put_interface(&bytes, 127, 0, 0, 0);
    put_block(&bytes, 0x0bad, &large);
    put_enhanced(&bytes, 0, 1, 400000, 400000, 1);
    put_enhanced(&bytes, 0, 1, 3, 3, 2);
    open_all(&reading, &bytes);
    struct frame frame = next(&reading);
    assert_int_equal(frame.length, FRAME_BYTES_MAX);
    assert_int_equal(frame.original_length, 400000);
    assert_int_equal(next(&reading).length, 3);
    expect_end(&reading, 1);
    assert_int_equal(reading.file.cut, 1);
    done(&reading);
    buffer_done(&large);
    buffer_done(&bytes.buffer);
}

static void test_interface_limit(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    put_section(&bytes);
    for (unsigned i = 0; i <= PCAPNG_INTERFACES_MAX; i++)
        put_interface(&bytes, 127, 0, 0, 0);
    open_all(&reading, &bytes);
    int result;
    struct frame frame;
    while ((result = capture_file_next(&reading.file, true, &frame)) == -EINTR)
        ;
    assert_int_equal(result, -EBADMSG);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_every_truncation(void **state)
{
    struct capture_bytes bytes = {0};
    size_t ends[8];
    unsigned blocks = 0;
    put_section(&bytes);
    ends[blocks++] = bytes.buffer.length;
    put_interface(&bytes, 127, 0, 9, 0);
    ends[blocks++] = bytes.buffer.length;
    for (unsigned i = 1; i <= 3; i++) {
        put_enhanced(&bytes, 0, i, 10 * i, 10 * i, (uint8_t)i);
        ends[blocks++] = bytes.buffer.length;
    }
    for (size_t cut = 0; cut <= bytes.buffer.length; cut++) {
        struct reading reading;
        struct frame frame;
        int result = start(&reading, &bytes, cut);
        if (cut < ends[0]) {
            assert_int_equal(result, -EBADMSG);
            assert_true(reading.file.why[0]);
            done(&reading);
            continue;
        }
        unsigned whole = 0;
        while (whole < blocks && ends[whole] <= cut)
            whole++;
        for (unsigned i = 3; i <= whole; i++)
            assert_int_equal(next(&reading).length, 10 * (i - 2));
        bool clean = cut == ends[whole - 1];
        result = capture_file_next(&reading.file, true, &frame);
        assert_int_equal(result, clean ? 1 : -ENODATA);
        assert_int_equal(clean, !strstr(reading.file.why, "cut off: "));
        done(&reading);
    }
    buffer_done(&bytes.buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_of_both_orders),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_block_kinds),
        cmocka_unit_test(test_bad_packets),
        cmocka_unit_test(test_block_lengths),
        cmocka_unit_test(test_long_blocks),
        cmocka_unit_test(test_interface_limit),
        cmocka_unit_test(test_every_truncation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
