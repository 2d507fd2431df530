/* The pcap reader: byte orders, units, odd headers, long records, and a cut at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture/capture_file.h"
#include "capture_bytes.h"

struct reading {
    struct input_stream *stream;
    struct capture_file file;
};

static int start(struct reading *reading, const void *bytes, size_t length)
{
    reading->stream = input_stream_over(bytes, length);
    assert_non_null(reading->stream);
    capture_file_init(&reading->file, reading->stream);
    return capture_file_start(&reading->file);
}

static void done(struct reading *reading)
{
    capture_file_done(&reading->file);
    input_stream_free(reading->stream);
}

static void check_three(uint32_t magic, bool big_endian, uint32_t unit_ns)
{
    struct capture_bytes bytes = {.big_endian = big_endian};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, magic, 127);
    put_pcap_record(&bytes, 1000, 7, 60, 60, 1);
    put_pcap_record(&bytes, 1001, 8, 0, 0, 2);
    put_pcap_record(&bytes, 1002, 9, 20, 90, 3);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.time_ns, 1000ULL * 1000000000 + 7 * unit_ns);
    assert_int_equal(frame.length, 60);
    assert_int_equal(frame.link_type, 127);
    assert_int_equal(frame.data[59], 1);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.length, 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.original_length, 90);
    assert_int_equal(frame.data[0], 3);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 1);
    assert_int_equal(reading.file.records, 3);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_orders_and_units(void **state)
{
    check_three(0xa1b2c3d4, false, 1000);
    check_three(0xa1b2c3d4, true, 1000);
    check_three(0xa1b23c4d, false, 1);
    check_three(0xa1b23c4d, true, 1);
}

static void test_modified_header(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, 0xa1b2cd34, 105);
    put(&bytes, 5, 4);
    put(&bytes, 0, 4);
    put(&bytes, 4, 4);
    put(&bytes, 4, 4);
    put(&bytes, 0, 8);
    put_fill(&bytes, 0xaa, 4);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.length, 4);
    assert_int_equal(frame.data[0], 0xaa);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 1);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_fcs_bits(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, 0xa1b2c3d4, 0x24000069); /* FCS of 2 words, link type 105 */
    put_pcap_record(&bytes, 1, 0, 14, 14, 0);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.link_type, 105);
    assert_int_equal(frame.fcs_length, 4);
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_swapped_lengths(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, 0xa1b2c3d4, 105);
    bytes.buffer.data[6] = 3; /* version 2.3 */
    put_pcap_record(&bytes, 1, 0, 10, 50, 1);
    put(&bytes, 1, 4);
    put(&bytes, 0, 4);
    put(&bytes, 50, 4);
    put(&bytes, 10, 4);
    put_fill(&bytes, 2, 10);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    for (unsigned i = 1; i <= 2; i++) {
        assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
        assert_int_equal(frame.length, 10);
        assert_int_equal(frame.original_length, 50);
        assert_int_equal(frame.data[9], i);
    }
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 1);
    done(&reading);
    buffer_done(&bytes.buffer);
}

/* A record longer than a frame may be is cut, and the record after it is found. */
static void test_long_record(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, 0xa1b2c3d4, 127);
    put_pcap_record(&bytes, 1, 0, 3 * 1024 * 1024, 3 * 1024 * 1024, 1);
    put_pcap_record(&bytes, 2, 0, 16, 16, 2);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.length, FRAME_BYTES_MAX);
    assert_int_equal(frame.original_length, 3 * 1024 * 1024);
    assert_int_equal(reading.file.cut, 1);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(frame.data[15], 2);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 1);
    done(&reading);
    assert_int_equal(start(&reading, bytes.buffer.data, 1024 * 1024), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), -ENODATA);
    assert_non_null(strstr(reading.file.why, "of record 1 are missing"));
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_absurd_length(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    struct frame frame;
    put_pcap_header(&bytes, 0xa1b2c3d4, 127);
    put_pcap_record(&bytes, 1, 0, 8, 8, 1);
    put(&bytes, 1, 4);
    put(&bytes, 1, 4);
    put(&bytes, 0x41414141, 4);
    put(&bytes, 0x41414141, 4);
    put_fill(&bytes, 0, 100);
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), -EBADMSG);
    assert_string_equal(reading.file.why,
                        "damaged: record 2 at offset 48 claims to hold 1094795585 bytes");
    done(&reading);
    buffer_done(&bytes.buffer);
}

/* Whole records before the cut, then where it is cut: at every byte. */
static void test_every_truncation(void **state)
{
    struct capture_bytes bytes = {0};
    size_t ends[4];
    put_pcap_header(&bytes, 0xa1b2c3d4, 127);
    ends[0] = bytes.buffer.length;
    for (unsigned i = 1; i <= 3; i++) {
        put_pcap_record(&bytes, i, 0, 20 * i, 20 * i, (uint8_t)i);
        ends[i] = bytes.buffer.length;
    }
    for (size_t cut = 0; cut <= bytes.buffer.length; cut++) {
        struct reading reading;
        struct frame frame;
        int result = start(&reading, bytes.buffer.data, cut);
        if (cut < PCAP_FILE_HEADER) {
            assert_int_equal(result, -EBADMSG);
            assert_true(reading.file.why[0]);
            done(&reading);
            continue;
        }
        assert_int_equal(result, 0);
        unsigned whole = cut >= ends[3] ? 3 : cut >= ends[2] ? 2 : cut >= ends[1] ? 1 : 0;
        for (unsigned i = 1; i <= whole; i++) {
            assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
            assert_int_equal(frame.length, 20 * i);
            assert_int_equal(frame.data[0], i);
        }
        bool clean = cut == ends[whole];
        assert_int_equal(capture_file_next(&reading.file, true, &frame), clean ? 1 : -ENODATA);
        if (!clean)
            assert_non_null(strstr(reading.file.why, "cut off: "));
        done(&reading);
    }
    struct reading reading;
    struct frame frame;
    assert_int_equal(start(&reading, bytes.buffer.data, ends[1] + 28), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), 0);
    assert_int_equal(capture_file_next(&reading.file, true, &frame), -ENODATA);
    assert_string_equal(reading.file.why, "cut off: 28 of 56 bytes of record 2 at offset 60");
    done(&reading);
    buffer_done(&bytes.buffer);
}

static void test_unknown_version(void **state)
{
    struct capture_bytes bytes = {0};
    struct reading reading;
    put_pcap_header(&bytes, 0xa1b2c3d4, 127);
    bytes.buffer.data[4] = 9;
    assert_int_equal(start(&reading, bytes.buffer.data, bytes.buffer.length), -EBADMSG);
    assert_string_equal(reading.file.why, "pcap version 9.4 is none that norn knows");
    done(&reading);
    buffer_done(&bytes.buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_and_units), cmocka_unit_test(test_modified_header),
        cmocka_unit_test(test_fcs_bits),         cmocka_unit_test(test_swapped_lengths),
        cmocka_unit_test(test_long_record),      cmocka_unit_test(test_absurd_length),
        cmocka_unit_test(test_every_truncation), cmocka_unit_test(test_unknown_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
