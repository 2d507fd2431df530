/* The demo's capture: well formed, every FCS right, in order of time, small, with the networks that
 * the first API document's examples name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/bytes.h"
#include "util/hash.h"

int demo_main(int argc, char **argv);
#define main demo_main
#include "tools/norn_demo_capture.c"
#undef main

static struct buffer file;
static size_t frames;

static int make_capture(void **state)
{
    make_access_points();
    make_clients();
    make_probers();
    make_wired();
    make_peers();
    make_farewells();
    make_control();
    frames = air_write_file(&file);
    return frames == 0;
}

static int drop_capture(void **state)
{
    buffer_done(&file);
    return 0;
}

static void it_is_small(void **state)
{
    assert_in_range(file.length, 50000, 150 * 1024);
    assert_in_range(frames, 500, 3000);
}

static void records_are_whole_and_in_order(void **state)
{
    struct reader reader = reader_over(file.data, file.length);
    reader_skip(&reader, 24);
    uint64_t before = 0;
    size_t count = 0;
    for (; reader_left(&reader); count++) {
        uint64_t seconds = reader_le32(&reader), microseconds = reader_le32(&reader);
        uint32_t length = reader_le32(&reader);
        assert_int_equal(length, reader_le32(&reader));
        assert_true(seconds * 1000000 + microseconds >= before);
        before = seconds * 1000000 + microseconds;
        reader_skip(&reader, length);
    }
    assert_false(reader.failed);
    assert_int_equal(count, frames);
    assert_in_range(before / 1000000, 1700000000, 1700000000 + SECONDS + 1);
}

static void every_fcs_is_right(void **state)
{
    struct reader reader = reader_over(file.data, file.length);
    reader_skip(&reader, 24);
    while (reader_left(&reader)) {
        reader_skip(&reader, 8);
        uint32_t length = reader_le32(&reader);
        reader_skip(&reader, 4);
        struct reader record = reader_part(&reader, length);
        reader_skip(&record, 2);
        uint16_t radiotap = reader_le16(&record);
        reader_skip(&record, radiotap - 4u);
        size_t frame = reader_left(&record) - 4;
        uint32_t expected = crc32_ieee(reader_bytes(&record, frame), frame);
        assert_int_equal(reader_le32(&record), expected);
        assert_false(record.failed);
    }
    assert_false(reader.failed);
}

static void it_holds_the_names_of_the_first_document(void **state)
{
    const char *names[] = {"linksys", "single", "barfoo", "somefoo", "cellar"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(memmem(file.data, file.length, names[i], strlen(names[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_small),
        cmocka_unit_test(records_are_whole_and_in_order),
        cmocka_unit_test(every_fcs_is_right),
        cmocka_unit_test(it_holds_the_names_of_the_first_document),
    };
    return cmocka_run_group_tests(tests, make_capture, drop_capture);
}
