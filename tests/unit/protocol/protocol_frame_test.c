/* Frames: headers of every version, windows that end anywhere, lengths that are too great; and the
 * bytes of a stock capture tool (NORN_TRANSCRIPTS) in windows of every size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol_frame.h"
#include "protocol/protocol_message.h"

static int parse(const void *bytes, size_t length, struct protocol_frame *ret_frame)
{
    size_t need = 0;
    return protocol_frame_parse(bytes, length, ret_frame, &need);
}

static void test_reads_what_it_writes(void **state)
{
    uint8_t bytes[PROTOCOL_HEADER + 3];
    struct protocol_frame frame;
    protocol_frame_write(bytes, PROTOCOL_OPENREPORT, 1, 0xfedcba98, 3);
    memcpy(bytes + PROTOCOL_HEADER, "abc", 3);
    assert_memory_equal(bytes, "\xde\xca\xfb\xad\xa9\xa9\0\3\0\0\0\3\0\x0d\0\1\xfe\xdc\xba\x98",
                        20);
    assert_int_equal(parse(bytes, sizeof bytes, &frame), 0);
    assert_int_equal(frame.version, 3);
    assert_int_equal(frame.command, PROTOCOL_OPENREPORT);
    assert_int_equal(frame.code, 1);
    assert_true(frame.sequence == 0xfedcba98);
    assert_int_equal(frame.body.length, 3);
    assert_memory_equal(frame.body.data, "abc", 3);
    assert_int_equal(frame.length, sizeof bytes);
}

static void test_says_how_much_it_needs(void **state)
{
    uint8_t bytes[PROTOCOL_HEADER + 5] = {0};
    struct protocol_frame frame;
    protocol_frame_write(bytes, PROTOCOL_PING, 0, 1, 5);
    for (size_t length = 0; length < sizeof bytes; length++) {
        size_t need = 0;
        assert_int_equal(protocol_frame_parse(bytes, length, &frame, &need), -EAGAIN);
        assert_int_equal(need, length < PROTOCOL_PEEK ? PROTOCOL_PEEK : (int)sizeof bytes);
    }
    assert_int_equal(parse(bytes, sizeof bytes, &frame), 0);
}

static void test_knows_older_versions(void **state)
{
    uint8_t ping[48] = "\xde\xca\xfb\xad\xab\xcd\0\2\0\0\0\0PING";
    struct protocol_frame frame;
    ping[47] = 9;
    assert_int_equal(parse(ping, sizeof ping, &frame), 0);
    assert_int_equal(frame.version, 2);
    assert_int_equal(frame.name.length, 4);
    assert_memory_equal(frame.name.data, "PING", 4);
    assert_int_equal(frame.sequence, 9);
    assert_int_equal(frame.length, 48);
    memset(ping + 12, 'x', 32);
    assert_int_equal(parse(ping, sizeof ping, &frame), 0);
    assert_int_equal(frame.name.length, 32);
    assert_int_equal(parse("\xde\xca\xfb\xad\1\2\3\4\0\0\0\2\x0a\0", 14, &frame), 0);
    assert_int_equal(frame.version, 0);
    assert_int_equal(frame.body.length, 2);
    assert_int_equal(frame.length, 14);
}

static void test_refuses_what_is_no_frame(void **state)
{
    struct protocol_frame frame;
    assert_int_equal(parse("G", 1, &frame), -EPROTO);
    assert_int_equal(parse("GET / HTTP/1.1\r\n", 16, &frame), -EPROTO);
    assert_int_equal(parse("\xde\xca\xfb\xae", 4, &frame), -EPROTO);
    uint8_t bytes[PROTOCOL_HEADER];
    protocol_frame_write(bytes, PROTOCOL_DATA, 0, 1, PROTOCOL_BODY_MAX + 1);
    assert_int_equal(parse(bytes, sizeof bytes, &frame), -EMSGSIZE);
    protocol_frame_write(bytes, PROTOCOL_DATA, 0, 1, PROTOCOL_BODY_MAX);
    assert_int_equal(parse(bytes, sizeof bytes, &frame), -EAGAIN);
}

static void test_names_commands(void **state)
{
    assert_string_equal(protocol_frame_name(PROTOCOL_DATA), "PACKET");
    assert_string_equal(protocol_frame_name(PROTOCOL_NEWSOURCE), "NEWSOURCE");
    assert_null(protocol_frame_name(0));
    assert_null(protocol_frame_name(7));
    assert_null(protocol_frame_name(65535));
}

/* A file of the transcripts, or NULL where they are not. */
static uint8_t *load(const char *name, size_t *ret_length)
{
    char path[4096];
    const char *folder = getenv("NORN_TRANSCRIPTS");
    snprintf(path, sizeof path, "%s/%s",
             folder && *folder ? folder : "../shared/reference/transcripts", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    uint8_t *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *ret_length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

struct tally {
    unsigned frames[32];
    uint64_t content; /* bytes of the packets */
    unsigned positions;
};

static void tally_frame(const struct protocol_frame *frame, struct tally *tally)
{
    struct protocol_message message;
    assert_int_equal(frame->version, 3);
    assert_int_equal(protocol_message_parse(frame, &message), 0);
    assert_in_range(message.command, 1, 31);
    tally->frames[message.command]++;
    if (message.command != PROTOCOL_DATA)
        return;
    tally->content += message.data.packet.content.length;
    tally->positions += (message.data.has & PROTOCOL_BIT(PROTOCOL_DATA_GPS)) != 0;
}

/* Reads the stream through a window that grows by `chunk` bytes at a time. */
static void replay(const uint8_t *bytes, size_t length, size_t chunk, struct tally *tally)
{
    size_t begin = 0, end = 0;
    memset(tally, 0, sizeof *tally);
    while (end < length) {
        struct protocol_frame frame;
        end = length - end < chunk ? length : end + chunk;
        while (begin < end && parse(bytes + begin, end - begin, &frame) == 0) {
            tally_frame(&frame, tally);
            begin += frame.length;
        }
    }
    assert_int_equal(begin, length);
}

static void replay_in_every_chunking(const char *name, struct tally *ret_tally)
{
    size_t length;
    uint8_t *bytes = load(name, &length);
    if (!bytes) {
        print_message("SKIPPED: no %s: set NORN_TRANSCRIPTS to its directory\n", name);
        skip();
    }
    replay(bytes, length, length, ret_tally);
    for (size_t chunk = 1; chunk < 400; chunk++) {
        struct tally tally;
        replay(bytes, length, chunk, &tally);
        assert_memory_equal(&tally, ret_tally, sizeof tally);
    }
    free(bytes);
}

static void test_reads_a_stock_tool(void **state)
{
    struct tally tally;
    replay_in_every_chunking("pcapfile-tcp.tool.bin", &tally);
    assert_int_equal(tally.frames[PROTOCOL_NEWSOURCE], 1);
    assert_int_equal(tally.frames[PROTOCOL_OPENREPORT], 1);
    assert_true(tally.frames[PROTOCOL_DATA] > 100);
    assert_true(tally.content > 10000);
    assert_int_equal(tally.positions, 0);
    replay_in_every_chunking("pcapfile-tcp-gps.tool.bin", &tally);
    assert_int_equal(tally.positions, tally.frames[PROTOCOL_DATA]);
}

static void test_reads_a_stock_server(void **state)
{
    struct tally tally;
    replay_in_every_chunking("pcapfile-tcp.server.bin", &tally);
    assert_int_equal(tally.frames[PROTOCOL_OPENREQ], 1);
    assert_true(tally.frames[PROTOCOL_PING] > 1);
    replay_in_every_chunking("pcapfile-tcp-gps.server.bin", &tally);
    assert_int_equal(tally.frames[PROTOCOL_OPENREQ], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_it_writes),
        cmocka_unit_test(test_says_how_much_it_needs),
        cmocka_unit_test(test_knows_older_versions),
        cmocka_unit_test(test_refuses_what_is_no_frame),
        cmocka_unit_test(test_names_commands),
        cmocka_unit_test(test_reads_a_stock_tool),
        cmocka_unit_test(test_reads_a_stock_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
