/* Messages: each written and read back, the tolerance that other tools and servers need, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "protocol/protocol_list.h"
#include "protocol/protocol_message.h"

/* Parses a body as a frame of that command would carry it. */
static int parse_body(enum protocol_command command, const void *body, size_t length,
                      struct protocol_message *ret_message)
{
    struct protocol_frame frame = {.version = 3,
                                   .command = (uint16_t)command,
                                   .code = 1,
                                   .sequence = 7,
                                   .body = {body, length}};
    return protocol_message_parse(&frame, ret_message);
}

#define BODY(command, text, message) parse_body(command, text, sizeof text - 1, message)

/* Writes a message into `buffer` and reads it back from there. */
static struct protocol_message pass(const struct protocol_message *message, struct buffer *buffer)
{
    struct protocol_frame frame;
    struct protocol_message back;
    size_t need;
    buffer->length = 0;
    protocol_message_write(message, buffer);
    assert_false(buffer->failed);
    assert_int_equal(protocol_frame_parse(buffer->data, buffer->length, &frame, &need), 0);
    assert_int_equal(frame.length, buffer->length);
    assert_int_equal(protocol_message_parse(&frame, &back), 0);
    assert_int_equal(back.command, message->command);
    assert_int_equal(back.code, message->code);
    assert_int_equal(back.sequence, message->sequence);
    return back;
}

static void expect_text(struct slice slice, const char *text)
{
    assert_int_equal(slice.length, strlen(text));
    assert_memory_equal(slice.data, text, slice.length);
}

static void test_texts(void **state)
{
    static const enum protocol_command commands[] = {PROTOCOL_REGISTER, PROTOCOL_SHUTDOWN,
                                                     PROTOCOL_FAILURE, PROTOCOL_PROBEREQ,
                                                     PROTOCOL_OPENREQ};
    struct buffer buffer = {0};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct protocol_message message = {
            .command = commands[i], .sequence = 99, .text = {.text = slice_of("wlan0:name=x")}};
        expect_text(pass(&message, &buffer).text.text, "wlan0:name=x");
    }
    struct protocol_message note = {
        .command = PROTOCOL_MESSAGE,
        .note = {.severity = PROTOCOL_ALERT, .text = slice_of("look out")}};
    struct protocol_message back = pass(&note, &buffer);
    assert_int_equal(back.note.severity, PROTOCOL_ALERT);
    expect_text(back.note.text, "look out");
    buffer_done(&buffer);
}

static void test_messages_without_body(void **state)
{
    static const enum protocol_command commands[] = {PROTOCOL_PING, PROTOCOL_PONG,
                                                     PROTOCOL_LISTREQ};
    struct buffer buffer = {0};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct protocol_message message = {.command = commands[i], .sequence = 3};
        pass(&message, &buffer);
        assert_int_equal(buffer.length, PROTOCOL_HEADER);
    }
    struct protocol_message empty;
    assert_int_equal(BODY(PROTOCOL_FAILURE, "", &empty), 0);
    assert_int_equal(empty.text.text.length, 0);
    buffer_done(&buffer);
}

static void add_channels(struct protocol_list_writer *writer)
{
    static const char *const channels[] = {"1", "6HT40+", "36VHT80"};
    for (size_t i = 0; i < 3; i++)
        protocol_list_add_text(writer, slice_of(channels[i]));
}

static void expect_channels(struct protocol_list list)
{
    struct slice text;
    assert_int_equal(list.count, 3);
    assert_true(protocol_list_next_text(&list, &text));
    expect_text(text, "1");
    assert_true(protocol_list_next_text(&list, &text));
    expect_text(text, "6HT40+");
    assert_true(protocol_list_next_text(&list, &text));
    expect_text(text, "36VHT80");
    assert_false(protocol_list_next_text(&list, &text));
}

static void test_list_report(void **state)
{
    struct protocol_list_writer writer = {0};
    struct buffer buffer = {0};
    struct protocol_interface interface = {.name = slice_of("wlan0"),
                                           .flags = slice_of("type=linuxwifi"),
                                           .hardware = slice_of("ath9k")};
    protocol_list_add_interface(&writer, &interface);
    interface.name = slice_of("wlan1");
    protocol_list_add_interface(&writer, &interface);
    struct protocol_message message = {.command = PROTOCOL_LISTREPORT,
                                       .list_report = {.sequence = 12,
                                                       .interfaces = protocol_list_written(&writer),
                                                       .version = slice_of("1.2")}};
    struct protocol_message back = pass(&message, &buffer);
    struct protocol_list list = back.list_report.interfaces;
    assert_int_equal(back.list_report.sequence, 12);
    assert_true(protocol_list_next_interface(&list, &interface));
    expect_text(interface.name, "wlan0");
    expect_text(interface.flags, "type=linuxwifi");
    assert_true(protocol_list_next_interface(&list, &interface));
    expect_text(interface.name, "wlan1");
    expect_text(interface.hardware, "ath9k");
    assert_false(protocol_list_next_interface(&list, &interface));
    expect_text(back.list_report.version, "1.2");
    protocol_list_done(&writer);
    buffer_done(&buffer);
}

static void test_reports(void **state)
{
    struct protocol_list_writer writer = {0};
    struct buffer buffer = {0};
    add_channels(&writer);
    struct protocol_list channels = protocol_list_written(&writer);
    struct protocol_message probe = {
        .command = PROTOCOL_PROBEREPORT,
        .code = 1,
        .probe_report = {.sequence = 1,
                         .interface = {.channel = slice_of("6"), .channels = channels}}};
    struct protocol_message back = pass(&probe, &buffer);
    expect_text(back.probe_report.interface.channel, "6");
    expect_channels(back.probe_report.interface.channels);
    struct protocol_message open = {
        .command = PROTOCOL_OPENREPORT,
        .code = 1,
        .open_report = {.sequence = 1,
                        .link_type = 127,
                        .capture_interface = slice_of("wlan0mon"),
                        .channels = channels,
                        .hop = {.rate = 5, .enabled = true, .channels = channels},
                        .uuid = slice_of("4E1D07C3-0000-0000-0000-00005BE71D37,realtime=false"),
                        .session = UINT64_MAX}};
    back = pass(&open, &buffer);
    assert_int_equal(back.open_report.link_type, 127);
    expect_channels(back.open_report.channels);
    expect_channels(back.open_report.hop.channels);
    assert_true(back.open_report.hop.rate == 5);
    assert_true(back.open_report.session == UINT64_MAX);
    struct uuid uuid;
    assert_int_equal(protocol_message_uuid(back.open_report.uuid, &uuid), 0);
    assert_int_equal(uuid.octet[0], 0x4e);
    assert_int_equal(protocol_message_uuid(slice_of("4E1D07C3"), &uuid), -EINVAL);
    assert_int_equal(protocol_message_uuid(slice_of(NULL), &uuid), -EINVAL);
    protocol_list_done(&writer);
    buffer_done(&buffer);
}

static void test_configuring(void **state)
{
    struct protocol_list_writer writer = {0};
    struct buffer buffer = {0};
    add_channels(&writer);
    struct protocol_message request = {
        .command = PROTOCOL_CONFIGREQ,
        .sequence = 5,
        .configure = {.hop = {.has = PROTOCOL_BIT(PROTOCOL_HOP_SHUFFLE),
                              .rate = 0.1,
                              .channels = protocol_list_written(&writer)}}};
    struct protocol_message back = pass(&request, &buffer);
    assert_int_equal(back.configure.has, PROTOCOL_BIT(PROTOCOL_CONFIGURE_HOP));
    assert_int_equal(back.configure.hop.has, PROTOCOL_BIT(PROTOCOL_HOP_RATE) |
                                                 PROTOCOL_BIT(PROTOCOL_HOP_SHUFFLE) |
                                                 PROTOCOL_BIT(PROTOCOL_HOP_CHANNELS));
    assert_true(back.configure.hop.rate == 0.1);
    struct protocol_message report = {
        .command = PROTOCOL_CONFIGREPORT,
        .configure_report = {.channel = slice_of("6"), .text = slice_of("locked")}};
    back = pass(&report, &buffer);
    expect_text(back.configure_report.channel, "6");
    assert_int_equal(back.configure_report.sequence, 0);
    struct protocol_message source = {.command = PROTOCOL_NEWSOURCE,
                                      .new_source = {.definition = slice_of("a.pcap"),
                                                     .type = slice_of("pcapfile"),
                                                     .session = 42}};
    back = pass(&source, &buffer);
    expect_text(back.new_source.type, "pcapfile");
    assert_int_equal(back.new_source.session, 42);
    protocol_list_done(&writer);
    buffer_done(&buffer);
}

static void test_data(void **state)
{
    struct protocol_list_writer writer = {0};
    struct buffer buffer = {0};
    struct protocol_dwell dwell = {slice_of("6"), 1700000000000000000, 1700000000200000000, true};
    protocol_list_add_dwell(&writer, &dwell);
    dwell.tuned = false;
    protocol_list_add_dwell(&writer, &dwell);
    struct protocol_message message = {
        .command = PROTOCOL_DATA,
        .data = {.gps = {.latitude = 47.5, .altitude = 400.25, .fix = 3, .type = slice_of("x")},
                 .signal = {.signal_dbm = -60, .frequency_khz = 2412000},
                 .packet = {.link_type = 127, .seconds = 1700000000, .content = slice_of("ab")},
                 .json = {.type = slice_of("RTL433"), .text = slice_of("{}")},
                 .statistics = {.received = 5, .bad_fcs = 1},
                 .dwells = protocol_list_written(&writer)}};
    struct protocol_message back = pass(&message, &buffer);
    assert_true(back.data.gps.latitude == 47.5 && back.data.gps.altitude == 400.25);
    assert_int_equal(back.data.signal.signal_dbm, -60);
    assert_int_equal(back.data.packet.link_type, 127);
    expect_text(back.data.packet.content, "ab");
    expect_text(back.data.json.text, "{}");
    assert_int_equal(back.data.statistics.received, 5);
    assert_int_equal(back.data.statistics.has, PROTOCOL_BIT(1) | PROTOCOL_BIT(5));
    assert_true(protocol_list_next_dwell(&back.data.dwells, &dwell));
    assert_true(dwell.tuned && dwell.end_ns == 1700000000200000000);
    assert_true(protocol_list_next_dwell(&back.data.dwells, &dwell));
    assert_false(dwell.tuned);
    expect_text(dwell.channel, "6");
    assert_false(protocol_list_next_dwell(&back.data.dwells, &dwell));
    protocol_list_done(&writer);
    buffer_done(&buffer);
}

static void test_zeroes_are_left_out(void **state)
{
    struct buffer buffer = {0};
    struct protocol_message message = {.command = PROTOCOL_DATA,
                                       .data = {.packet = {.content = slice_of("x")}}};
    protocol_message_write(&message, &buffer);
    assert_int_equal(buffer.length, PROTOCOL_HEADER + 7);
    assert_memory_equal(buffer.data + PROTOCOL_HEADER, "\x81\4\x81\6\xc4\1x", 7);
    buffer_done(&buffer);
}

static void test_signed_numbers_arrive_unsigned(void **state)
{
    struct protocol_message message;
    BODY(PROTOCOL_DATA, "\x81\2\x82\1\xce\xff\xff\xff\xc4\2\xd0\xa6", &message);
    assert_int_equal(message.data.signal.signal_dbm, -60);
    assert_int_equal(message.data.signal.noise_dbm, -90);
}

static void test_kinds_are_taken_as_they_come(void **state)
{
    struct protocol_message message;
    /* enabled as 1, shuffle as 0, a whole rate, skip as 64 bits, offset as a float. */
    assert_int_equal(BODY(PROTOCOL_CONFIGREQ,
                          "\x81\2\x85\6\1\2\0\1\5\3\xcf\0\0\0\0\0\0\0\2\4\xca\x40\x40\0\0",
                          &message),
                     0);
    assert_true(message.configure.hop.enabled);
    assert_false(message.configure.hop.shuffle);
    assert_int_not_equal(message.configure.hop.has & PROTOCOL_BIT(PROTOCOL_HOP_SHUFFLE), 0);
    assert_true(message.configure.hop.rate == 5);
    assert_int_equal(message.configure.hop.skip, 2);
    assert_int_equal(message.configure.hop.offset, 3);
    assert_int_equal(BODY(PROTOCOL_DATA, "\x81\4\x81\6\xa2xy", &message), 0);
    expect_text(message.data.packet.content, "xy");
    assert_int_equal(BODY(PROTOCOL_OPENREQ, "\x81\xd1\0\1\xc4\1w", &message), 0);
    expect_text(message.text.text, "w");
}

static void test_wrong_kinds_are_missing(void **state)
{
    struct protocol_message message;
    assert_int_equal(BODY(PROTOCOL_MESSAGE, "\x82\1\x92\1\2\2\xa2hi", &message), 0);
    assert_int_equal(message.note.has, PROTOCOL_BIT(2));
    expect_text(message.note.text, "hi");
    assert_int_equal(BODY(PROTOCOL_DATA, "\x82\4\7\5\x90", &message), 0);
    assert_int_equal(message.data.has, 0);
    assert_int_equal(BODY(PROTOCOL_CONFIGREQ, "\x81\2\x81\1\xcb\x7f\xf0\0\0\0\0\0\0", &message), 0);
    assert_int_equal(message.configure.hop.has, 0);
    assert_int_equal(BODY(PROTOCOL_DATA, "\x81\2\x81\5\xcb\x7f\xf0\0\0\0\0\0\0", &message), 0);
    assert_int_equal(message.data.signal.has, 0);
}

static void test_the_first_of_a_repeated_key_counts(void **state)
{
    struct protocol_message message;
    assert_int_equal(BODY(PROTOCOL_DATA, "\x81\1\x83\x0a\xacremote-fixed\x0a\xa3van\4\3", &message),
                     0);
    expect_text(message.data.gps.type, "remote-fixed");
    assert_int_equal(message.data.gps.fix, 3);
    assert_int_equal(BODY(PROTOCOL_CONFIGREQ, "\x82\2\x81\3\1\2\x81\3\2", &message), 0);
    assert_int_equal(message.configure.hop.skip, 1);
}

static void test_unknown_keys_are_passed_over(void **state)
{
    struct protocol_message message;
    assert_int_equal(BODY(PROTOCOL_FAILURE,
                          "\x86\xcc\xc8\x92\1\2\xa1k\x81\1\2\x92\1\2\3\xff\4\xc0\5\1\xa2no",
                          &message),
                     0);
    expect_text(message.text.text, "no");
}

static void test_broken_bodies(void **state)
{
    struct protocol_message message = {.sequence = 1234};
    assert_int_equal(BODY(PROTOCOL_FAILURE, "\x91\1", &message), -EPROTO);
    assert_int_equal(BODY(PROTOCOL_FAILURE, "\x82\1\xa1x", &message), -EPROTO);
    assert_int_equal(BODY(PROTOCOL_FAILURE, "\x81\1\xa9x", &message), -EPROTO);
    assert_int_equal(BODY(PROTOCOL_DATA, "\x81\4\x81\6\xc6\xff\xff\xff\xff", &message), -EPROTO);
    assert_int_equal(BODY(PROTOCOL_LISTREPORT, "\x81\2\xdd\xff\xff\xff\xff", &message), -EPROTO);
    assert_int_equal(BODY(7, "\x80", &message), -ENOTSUP);
    assert_int_equal(BODY(64, "\x80", &message), -ENOTSUP);
    assert_int_equal(message.sequence, 1234);
    struct protocol_frame old = {.version = 2};
    assert_int_equal(protocol_message_parse(&old, &message), -ENOTSUP);
}

static void test_lists_pass_over_other_kinds(void **state)
{
    struct protocol_message message;
    struct slice text;
    struct protocol_dwell dwell;
    assert_int_equal(BODY(PROTOCOL_OPENREPORT,
                          "\x81\4\x95\1\xa1"
                          "a\x92\1\2\xc0\xa1"
                          "b",
                          &message),
                     0);
    struct protocol_list list = message.open_report.channels;
    assert_true(protocol_list_next_text(&list, &text));
    expect_text(text, "a");
    assert_true(protocol_list_next_text(&list, &text));
    expect_text(text, "b");
    assert_false(protocol_list_next_text(&list, &text));
    assert_int_equal(BODY(PROTOCOL_DATA,
                          "\x81\x21\x95\1\x93\xa1"
                          "1\1\2\x94\xa1"
                          "1\xff\2\xc3\x94\xa1"
                          "1\1\2\1"
                          "\x95\xa1"
                          "9\1\2\xc3\xc0",
                          &message),
                     0);
    assert_true(protocol_list_next_dwell(&message.data.dwells, &dwell));
    expect_text(dwell.channel, "9");
    assert_false(protocol_list_next_dwell(&message.data.dwells, &dwell));
}

static void test_ceiling_leaves_no_half_message(void **state)
{
    struct buffer buffer = {.ceiling = PROTOCOL_HEADER + 10};
    struct protocol_message message = {.command = PROTOCOL_OPENREQ,
                                       .text = {.text = slice_of("more than ten bytes")}};
    protocol_message_write(&message, &buffer);
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 0);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_messages_without_body),
        cmocka_unit_test(test_list_report),
        cmocka_unit_test(test_reports),
        cmocka_unit_test(test_configuring),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_zeroes_are_left_out),
        cmocka_unit_test(test_signed_numbers_arrive_unsigned),
        cmocka_unit_test(test_kinds_are_taken_as_they_come),
        cmocka_unit_test(test_wrong_kinds_are_missing),
        cmocka_unit_test(test_the_first_of_a_repeated_key_counts),
        cmocka_unit_test(test_unknown_keys_are_passed_over),
        cmocka_unit_test(test_broken_bodies),
        cmocka_unit_test(test_lists_pass_over_other_kinds),
        cmocka_unit_test(test_ceiling_leaves_no_half_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
