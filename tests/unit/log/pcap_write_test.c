/* Classic pcap, octet by octet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log/pcap_write.h"

static void test_a_file_of_one_packet(void **state)
{
    static const uint8_t wanted[] = {
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4,   0,   105, 0,
        0,    0,    2,    0,    0, 0, 0xd2, 4, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 'a', 'b', 'c'};
    struct buffer file = {0};
    pcap_write_head(&file, 105);
    pcap_write_packet(&file, 2001234567ull, "abc", 3, 256);
    assert_int_equal(file.length, sizeof wanted);
    assert_memory_equal(file.data, wanted, sizeof wanted);
    buffer_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_of_one_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
