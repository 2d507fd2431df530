/* Messages: what is written is read, what other tools write is taken, what a stock tool once sent
 * is read whole (NORN_TRANSCRIPTS: the directory of these recordings). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "protocol/protocol_message.h"

static struct protocol_message read_message, written;
static struct buffer bytes;

static int set_up(void **state)
{
    written = (struct protocol_message){0};
    bytes = (struct buffer){0};
    return 0;
}

static int tear_down(void **state)
{
    buffer_done(&bytes);
    return 0;
}

static void round_trip(void)
{
    struct protocol_frame frame;
    size_t size;
    protocol_message_write(&written, &bytes);
    assert_int_equal(protocol_frame_parse(bytes.data, bytes.length, &frame, &size), 0);
    assert_int_equal(size, bytes.length);
    assert_int_equal(protocol_message_parse(&frame, &read_message), 0);
    assert_int_equal(read_message.type, written.type);
    assert_int_equal(read_message.code, written.code);
    assert_int_equal(read_message.sequence, written.sequence);
}

static int parse_body(enum protocol_type type, const char *body, size_t length)
{
    struct protocol_frame frame = {
        .type = (uint16_t)type, .body = (const uint8_t *)body, .body_length = length};
    return protocol_message_parse(&frame, &read_message);
}

#define PARSE(type, text) parse_body(type, text, sizeof(text) - 1)

static void assert_text(struct protocol_text text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.text, expected, text.length);
}

static void a_packet(void **state)
{
    static const uint8_t content[300] = {0x80, 1, 2};
    struct buffer dwells = {0};
    struct protocol_dwell dwell = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(3),
                                   .channel = protocol_text_of("6HT40+"),
                                   .milliseconds = 200,
                                   .hopped = true};
    protocol_block_write(&protocol_dwell_table, &dwell, &dwells);
    protocol_block_write(&protocol_dwell_table, &dwell, &dwells);
    written.type = PROTOCOL_PACKET;
    written.sequence = 77;
    written.packet = (struct protocol_packet){
        .present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(4) | PROTOCOL_BIT(33),
        .gps = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2), .latitude = 47.5, .longitude = -8.25},
        .signal = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(5),
                   .signal_dbm = -60,
                   .frequency = 2437000},
        .captured = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(6),
                     .link_type = 127,
                     .seconds = 1700000000,
                     .content = {content, sizeof content}},
        .dwells = {dwells.data, dwells.length, 2},
    };
    round_trip();
    const struct protocol_packet *packet = &read_message.packet;
    assert_true(packet->present == written.packet.present);
    assert_true(packet->gps.latitude == 47.5 && packet->gps.longitude == -8.25);
    assert_int_equal(packet->signal.signal_dbm, -60);
    assert_int_equal(packet->signal.frequency, 2437000);
    assert_int_equal(packet->captured.link_type, 127);
    assert_int_equal(packet->captured.content.length, sizeof content);
    assert_memory_equal(packet->captured.content.bytes, content, sizeof content);
    struct protocol_list list = packet->dwells;
    struct protocol_dwell read;
    unsigned count = 0;
    for (; protocol_list_block(&list, &protocol_dwell_table, &read); count++) {
        assert_text(read.channel, "6HT40+");
        assert_true(read.hopped && !read.refused && read.milliseconds == 200);
    }
    assert_int_equal(count, 2);
    buffer_done(&dwells);
}

/* A member that is not zero is written without being marked; of zeroes only those that are. */
static void what_is_written(void **state)
{
    written.type = PROTOCOL_OPEN_REPORT;
    written.open_report = (struct protocol_open_report){
        .present = PROTOCOL_BIT(2),
        .sequence = 9,
        .hop = {.shuffle = true},
    };
    round_trip();
    const struct protocol_open_report *report = &read_message.open_report;
    assert_true(report->present == (PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(6)));
    assert_int_equal(report->sequence, 9);
    assert_true(report->hop.present == PROTOCOL_BIT(2) && report->hop.shuffle);
}

static void uuids_with_more_behind_them(void **state)
{
    struct uuid uuid;
    const char *text = "4E1D07C3-0000-0000-0000-00005BE71D37,realtime=false";
    assert_int_equal(protocol_message_uuid(protocol_text_of(text), &uuid), 0);
    assert_int_equal(uuid.octet[0], 0x4e);
    assert_int_equal(protocol_message_uuid((struct protocol_text){text, 35}, &uuid), -EINVAL);
    assert_int_equal(protocol_message_uuid(protocol_text_of(NULL), &uuid), -EINVAL);
}

static void lists_of_channels(void **state)
{
    struct protocol_list_writer channels = {0};
    protocol_list_add_text(&channels, "1");
    protocol_list_add_text(&channels, "36VHT80");
    written.type = PROTOCOL_OPEN_REPORT;
    written.code = 1;
    written.open_report = (struct protocol_open_report){
        .present = PROTOCOL_BIT(1) | PROTOCOL_BIT(4) | PROTOCOL_BIT(6) | PROTOCOL_BIT(32),
        .sequence = 5,
        .channels = protocol_list_written(&channels),
        .hop = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(6), .rate = 5, .enabled = true},
        .session = UINT64_MAX,
    };
    round_trip();
    struct protocol_list list = read_message.open_report.channels;
    struct protocol_text text;
    assert_true(protocol_list_text(&list, &text));
    assert_text(text, "1");
    assert_true(protocol_list_text(&list, &text));
    assert_text(text, "36VHT80");
    assert_false(protocol_list_text(&list, &text));
    assert_true(read_message.open_report.hop.rate == 5);
    assert_true(read_message.open_report.hop.enabled);
    assert_true(read_message.open_report.session == UINT64_MAX);
    protocol_list_done(&channels);
}

static void what_other_writers_do(void **state)
{
    /* a key twice: the first counts; an unknown key with a nested value; a float for an integer;
     * a signal as 32 bits without sign; a number for a text */
    assert_int_equal(PARSE(PROTOCOL_PACKET,
                           "\x82\x02\x82\x01\xce\xff\xff\xff\xc4\x01\x05\x07\x93\x01\x91\xc0\x80"),
                     0);
    assert_int_equal(read_message.packet.signal.signal_dbm, -60);
    assert_int_equal(PARSE(PROTOCOL_CONFIGURE_REPORT, "\x83\x01\xca\x40\x00\x00\x00\x02\x06\x04"
                                                      "\xc4\x02ok"),
                     0);
    assert_int_equal(read_message.configure_report.sequence, 2);
    assert_int_equal(read_message.configure_report.channel.length, 0);
    assert_text(read_message.configure_report.text, "ok");
    assert_int_equal(PARSE(PROTOCOL_CONFIGURE_REPORT, "\x81\x03\x81\x06\x01"), 0);
    assert_true(read_message.configure_report.hop.enabled);
    assert_int_equal(PARSE(PROTOCOL_ERROR, ""), 0); /* no body at all */
    assert_int_equal(read_message.reason.present, 0);
    assert_int_equal(PARSE(PROTOCOL_PING, "\xc1"), 0);
}

static void what_is_no_message(void **state)
{
    assert_int_equal(PARSE(PROTOCOL_ERROR, "\x93\x01\x02\x03"), -EBADMSG);
    assert_int_equal(PARSE(PROTOCOL_ERROR, "\x81\x01"), -EBADMSG);
    assert_int_equal(PARSE(PROTOCOL_PACKET, "\x81\x04\x81\x06\xc6\xff\xff\xff\xff\x01"), -EBADMSG);
    assert_int_equal(parse_body(999, "\x80", 1), -ENOTSUP);
    assert_int_equal(parse_body(7, "\x80", 1), -ENOTSUP);
    assert_int_equal(PARSE(PROTOCOL_PACKET, "\x81\x04\xa2hi"), 0); /* a text for a block */
    assert_int_equal(read_message.packet.captured.present, 0);
}

static void texts_are_cleaned(void **state)
{
    char copy[8];
    protocol_text_copy((struct protocol_text){"a\nb\x1b\x7f", 5}, copy, sizeof copy);
    assert_string_equal(copy, "a b  ");
    protocol_text_copy((struct protocol_text){"0123456789", 10}, copy, sizeof copy);
    assert_string_equal(copy, "0123456");
    protocol_text_copy((struct protocol_text){"ab\xff\xfe", 4}, copy, sizeof copy);
    assert_string_equal(copy, "ab");
    protocol_text_copy((struct protocol_text){NULL, 0}, copy, sizeof copy);
    assert_string_equal(copy, "");
}

/* ---- a stock tool's bytes */

static struct buffer read_file(const char *folder, const char *name)
{
    char path[512];
    struct buffer content = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    for (size_t got = 1; got; buffer_advance(&content, got))
        got = fread(buffer_room(&content, 65536), 1, 65536, file);
    fclose(file);
    return content;
}

/* Counts by type what arrives in pieces of `step` octets. */
static void read_stream(const struct buffer *content, size_t step, unsigned counts[64])
{
    size_t at = 0;
    memset(counts, 0, 64 * sizeof *counts);
    for (size_t have = step; at < content->length; have += step) {
        struct protocol_frame frame;
        size_t size;
        have = have < content->length ? have : content->length;
        while (protocol_frame_parse(content->data + at, have - at, &frame, &size) == 0) {
            assert_int_equal(protocol_message_parse(&frame, &read_message), 0);
            counts[frame.type % 64]++;
            at += size;
        }
        if (have == content->length)
            break;
    }
    assert_int_equal(at, content->length);
}

static void a_stock_tool(void **state)
{
    const char *folder = getenv("NORN_TRANSCRIPTS");
    unsigned first[64], again[64];
    if (!folder || !*folder)
        skip();
    struct buffer plain = read_file(folder, "pcapfile-tcp.tool.bin");
    read_stream(&plain, plain.length, first);
    assert_int_equal(first[PROTOCOL_NEW_SOURCE], 1);
    assert_int_equal(first[PROTOCOL_OPEN_REPORT], 1);
    assert_true(first[PROTOCOL_PACKET] > 100);
    for (size_t step = 1; step < 40; step += 3) {
        read_stream(&plain, step, again);
        assert_memory_equal(first, again, sizeof first);
    }
    struct buffer placed = read_file(folder, "pcapfile-tcp-gps.tool.bin");
    read_stream(&placed, placed.length, again);
    assert_int_equal(again[PROTOCOL_PACKET], first[PROTOCOL_PACKET]);
    buffer_done(&plain);
    buffer_done(&placed);
}

static void a_stock_tools_place(void **state)
{
    const char *folder = getenv("NORN_TRANSCRIPTS");
    if (!folder || !*folder)
        skip();
    struct buffer content = read_file(folder, "pcapfile-tcp-gps.tool.bin");
    struct protocol_frame frame;
    size_t size, at = 0;
    unsigned placed = 0;
    for (; protocol_frame_parse(content.data + at, content.length - at, &frame, &size) == 0;
         at += size) {
        assert_int_equal(protocol_message_parse(&frame, &read_message), 0);
        if (frame.type != PROTOCOL_PACKET)
            continue;
        const struct protocol_gps *gps = &read_message.packet.gps;
        assert_true(gps->latitude == 47.5 && gps->longitude == 8.25 && gps->fix == 3);
        assert_text(gps->type, "remote-fixed");
        placed++;
    }
    assert_true(placed > 100);
    buffer_done(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_packet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_written, set_up, tear_down),
        cmocka_unit_test(uuids_with_more_behind_them),
        cmocka_unit_test_setup_teardown(lists_of_channels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_other_writers_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_are_cleaned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stock_tool, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stock_tools_place, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
