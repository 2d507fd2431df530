/* Filter programs, run over frames by libpcap's own machine: what comes, and how much of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tools/wifi/wifi_filter.h"

enum { LONG = 200, RADIOTAP = 13 };

/* A frame with these control octets, between these two, LONG octets long. */
struct frame {
    uint8_t bytes[RADIOTAP + LONG];
    unsigned begin;
};

static struct frame make_frame(int link_type, uint8_t kind, uint8_t flags)
{
    struct frame frame = {.begin = link_type == DLT_IEEE802_11_RADIO ? RADIOTAP : 0};
    uint8_t *bytes = frame.bytes + frame.begin;
    if (frame.begin)
        frame.bytes[2] = RADIOTAP;
    bytes[0] = kind;
    bytes[1] = flags;
    memcpy(bytes + 4, "\2\0\0\0\0\1", 6);
    memcpy(bytes + 10, "\2\0\0\0\0\2", 6);
    memcpy(bytes + 16, "\2\0\0\0\0\3", 6);
    return frame;
}

static unsigned run(const struct wifi_filter *filter, int link_type, const struct frame *frame)
{
    struct bpf_program program;
    struct buffer why = {0};
    pcap_t *pcap = pcap_open_dead(link_type, 65535);
    if (wifi_filter_make(filter, pcap, &program, &why) != 1)
        fail_msg("%.*s", (int)why.length, (const char *)why.data);
    unsigned taken =
        bpf_filter(program.bf_insns, frame->bytes, frame->begin + LONG, frame->begin + LONG);
    wifi_filter_done(&program);
    pcap_close(pcap);
    return taken;
}

static const int link_types[] = {DLT_IEEE802_11_RADIO, DLT_IEEE802_11};

static void expect_cut(uint8_t kind, uint8_t flags, unsigned header)
{
    struct wifi_filter filter = {.cuts_data = true};
    for (size_t i = 0; i < 2; i++) {
        struct frame frame = make_frame(link_types[i], kind, flags);
        unsigned taken = run(&filter, link_types[i], &frame);
        if (header)
            assert_int_equal(taken, frame.begin + header);
        else
            assert_true(taken >= LONG);
    }
}

static void test_data_is_cut_behind_its_header(void **state)
{
    expect_cut(0x80, 0, 0);     /* a beacon */
    expect_cut(0xd4, 0, 0);     /* an acknowledgement */
    expect_cut(0x08, 0x01, 24); /* data to an access point */
    expect_cut(0x08, 0x41, 24); /* encrypted */
    expect_cut(0x08, 0x03, 30); /* between two access points */
    expect_cut(0x88, 0x02, 26); /* with quality of service */
    expect_cut(0x88, 0x03, 32);
    expect_cut(0x88, 0x82, 30); /* and HT control */
    expect_cut(0x88, 0x83, 36);
    expect_cut(0x48, 0x81, 24); /* none of that without quality of service */
}

static void test_management_and_handshakes(void **state)
{
    struct wifi_filter filter = {.management_only = true};
    for (size_t i = 0; i < 2; i++) {
        struct frame frame = make_frame(link_types[i], 0x80, 0);
        assert_true(run(&filter, link_types[i], &frame) >= LONG);
        frame = make_frame(link_types[i], 0x08, 0x02);
        assert_int_equal(run(&filter, link_types[i], &frame), 0);
        memcpy(frame.bytes + frame.begin + 24, "\xaa\xaa\3\0\0\0\x88\x8e", 8);
        assert_true(run(&filter, link_types[i], &frame) >= LONG);
        frame = make_frame(link_types[i], 0xd4, 0);
        assert_int_equal(run(&filter, link_types[i], &frame), 0);
    }
}

static struct macaddr address_of(const char *text)
{
    struct macaddr address;
    assert_int_equal(macaddr_parse(text, strlen(text), &address, NULL), 0);
    return address;
}

static void test_addresses_are_left_out(void **state)
{
    static const char *const there[] = {"02:00:00:00:00:01", "02:00:00:00:00:02",
                                        "02:00:00:00:00:03"};
    struct frame frame = make_frame(DLT_IEEE802_11_RADIO, 0x80, 0);
    for (size_t i = 0; i < 3; i++) {
        struct wifi_filter filter = {0};
        wifi_filter_leave_out(&filter, address_of("02:00:00:00:00:09"));
        assert_true(run(&filter, DLT_IEEE802_11_RADIO, &frame) >= LONG);
        wifi_filter_leave_out(&filter, address_of(there[i]));
        assert_int_equal(run(&filter, DLT_IEEE802_11_RADIO, &frame), 0);
    }
}

static void test_both(void **state)
{
    struct wifi_filter filter = {.cuts_data = true};
    struct frame frame = make_frame(DLT_IEEE802_11_RADIO, 0x08, 0);
    wifi_filter_leave_out(&filter, address_of("02:00:00:00:00:09"));
    assert_int_equal(run(&filter, DLT_IEEE802_11_RADIO, &frame), RADIOTAP + 24);
    wifi_filter_leave_out(&filter, address_of("02:00:00:00:00:02"));
    assert_int_equal(run(&filter, DLT_IEEE802_11_RADIO, &frame), 0);
}

static void test_limits(void **state)
{
    struct wifi_filter filter = {0};
    struct bpf_program program;
    struct buffer why = {0};
    pcap_t *pcap = pcap_open_dead(DLT_PRISM_HEADER, 65535);
    assert_int_equal(wifi_filter_make(&filter, pcap, &program, &why), 0); /* all is wanted */
    wifi_filter_leave_out(&filter, (struct macaddr){0});
    assert_int_equal(filter.count, 0);
    for (unsigned i = 0; i < WIFI_ADDRESSES + 9; i++)
        wifi_filter_leave_out(&filter, macaddr_from_u64((uint64_t)(i + 1) << 16));
    assert_int_equal(filter.count, WIFI_ADDRESSES);
    assert_int_equal(wifi_filter_make(&filter, pcap, &program, &why), 1);
    wifi_filter_done(&program);
    filter.cuts_data = true;
    assert_int_equal(wifi_filter_make(&filter, pcap, &program, &why), -EINVAL);
    assert_non_null(memmem(why.data, why.length, "truncate_data", 13));
    pcap_close(pcap);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_is_cut_behind_its_header),
        cmocka_unit_test(test_management_and_handshakes),
        cmocka_unit_test(test_addresses_are_left_out),
        cmocka_unit_test(test_both),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
