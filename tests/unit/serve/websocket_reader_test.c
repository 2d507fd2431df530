/* What a client sends, and what comes of it: every case is read whole and byte by byte, and gives
 * the same words both times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serve/websocket/websocket_reader.h"

enum { LIMIT = 1000, FINAL = 0x80 };

/* ---- a client's bytes */

static void add_header(struct buffer *buffer, unsigned first, size_t length)
{
    buffer_add_byte(buffer, (uint8_t)first);
    if (length < 126) {
        buffer_add_byte(buffer, (uint8_t)(0x80 | length));
    } else {
        buffer_add_byte(buffer, 0x80 | 126);
        buffer_add_byte(buffer, (uint8_t)(length >> 8));
        buffer_add_byte(buffer, (uint8_t)length);
    }
}

static void add_frame(struct buffer *buffer, unsigned first, const char *text, size_t length)
{
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    add_header(buffer, first, length);
    buffer_add(buffer, mask, sizeof mask);
    for (size_t i = 0; i < length; i++)
        buffer_add_byte(buffer, (uint8_t)text[i] ^ mask[i % 4]);
}

static void add_text_frame(struct buffer *buffer, unsigned first, const char *text)
{
    add_frame(buffer, first, text, strlen(text));
}

/* ---- what is made of them */

static void add_words(struct buffer *words, const struct websocket_event *event)
{
    static const char *const kinds[] = {
        [WEBSOCKET_TEXT] = "text",
        [WEBSOCKET_BINARY] = "binary",
        [WEBSOCKET_PING] = "ping",
        [WEBSOCKET_PONG] = "pong",
    };
    if (event->type == WEBSOCKET_EVENT_FAULT)
        buffer_printf(words, "fault %u ", event->code);
    else if (event->type == WEBSOCKET_EVENT_CLOSE)
        buffer_printf(words, "close %u(%.*s) ", event->code, (int)event->length, event->bytes);
    else if (event->type == WEBSOCKET_EVENT_PART)
        buffer_printf(words, "%.*s%s", (int)event->length, event->bytes,
                      event->is_last ? "| " : "");
    else
        buffer_printf(words, "%s(%.*s) ", kinds[event->kind], (int)event->length, event->bytes);
}

/* Gives the bytes in pieces, each in memory of its own that ends where they end. */
static void read_all(const struct websocket_reader_config *config, const struct buffer *bytes,
                     size_t step, struct buffer *words)
{
    struct websocket_reader reader;
    struct websocket_event event;
    websocket_reader_init(&reader, config);
    for (size_t at = 0, count; at < bytes->length && !reader.failed; at += count) {
        count = bytes->length - at < step ? bytes->length - at : step;
        uint8_t *piece = malloc(count);
        memcpy(piece, bytes->data + at, count);
        websocket_reader_give(&reader, piece, count);
        while (websocket_reader_next(&reader, &event))
            add_words(words, &event);
        free(piece);
    }
    assert_false(websocket_reader_next(&reader, &event));
    websocket_reader_done(&reader);
    buffer_add_byte(words, '\0');
}

static const struct websocket_reader_config both = {.accepts = WEBSOCKET_TEXT | WEBSOCKET_BINARY,
                                                    .limit = LIMIT};

/* Checks what is read of the bytes, and gives their memory back. */
static void expect_as(struct websocket_reader_config config, struct buffer *bytes,
                      const char *expected)
{
    static const size_t steps[] = {SIZE_MAX, 1, 7, 13};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct buffer words = {0};
        read_all(&config, bytes, steps[i], &words);
        assert_string_equal((const char *)words.data, expected);
        buffer_done(&words);
    }
    buffer_done(bytes);
}

static void expect(struct buffer *bytes, const char *expected)
{
    expect_as(both, bytes, expected);
}

static void expect_frame(unsigned first, const char *text, size_t length, const char *expected)
{
    struct buffer bytes = {0};
    add_frame(&bytes, first, text, length);
    expect(&bytes, expected);
}

/* ---- tests */

static void messages(void **state)
{
    struct buffer bytes = {0};
    add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "one");
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "two");
    add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "");
    add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "gr\xc3\xbc\xc3\x9f");
    expect(&bytes, "text(one) binary(two) text() text(gr\xc3\xbc\xc3\x9f) ");
}

static void fragments(void **state)
{
    struct buffer bytes = {0};
    add_text_frame(&bytes, WEBSOCKET_TEXT, "a\xc3"); /* a letter lies across the frames */
    add_text_frame(&bytes, FINAL | WEBSOCKET_PING, "in between");
    add_text_frame(&bytes, 0, "\xbc");
    add_text_frame(&bytes, 0, "");
    add_text_frame(&bytes, FINAL | WEBSOCKET_PONG, "");
    add_text_frame(&bytes, FINAL, "b");
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "next");
    expect(&bytes, "ping(in between) pong() text(a\xc3\xbc"
                   "b) binary(next) ");
}

static void closes(void **state)
{
    expect_frame(FINAL | WEBSOCKET_CLOSE, "", 0, "close 1005() ");
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03\xe8", 2, "close 1000() ");
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x0f\xa0good bye", 10, "close 4000(good bye) ");
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03\xf5", 2, "close 1013() ");
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03", 1, "fault 1002 ");
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03\xed", 2, "fault 1002 "); /* 1005 */
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03\xe7", 2, "fault 1002 "); /* 999 */
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x07\xd0", 2, "fault 1002 "); /* 2000 */
    expect_frame(FINAL | WEBSOCKET_CLOSE, "\x03\xe8\xff", 3, "fault 1007 ");
}

static void text_must_be_utf8(void **state)
{
    static const char *const bad[] = {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_frame(FINAL | WEBSOCKET_TEXT, bad[i], strlen(bad[i]), "fault 1007 ");
        struct buffer bytes = {0};
        add_text_frame(&bytes, WEBSOCKET_TEXT, "so far so good");
        add_text_frame(&bytes, FINAL, bad[i]);
        expect(&bytes, "fault 1007 ");
    }
    expect_frame(FINAL | WEBSOCKET_BINARY, "a", 1, "binary(a) ");
}

static void frames_that_may_not_be(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"\x81\x03"
         "abc",
         5},                           /* not masked */
        {"\xc1\x80\1\2\3\4", 6},       /* a reserved bit */
        {"\x83\x80\1\2\3\4", 6},       /* kinds that do not exist */
        {"\x8b\x80\1\2\3\4", 6},       /* */
        {"\x80\x80\1\2\3\4", 6},       /* continues nothing */
        {"\x09\x80\1\2\3\4", 6},       /* a ping in fragments */
        {"\x89\xfe\0\x7e\1\2\3\4", 8}, /* a ping of 126 bytes */
        {"\x81\xfe\0\x05\1\2\3\4", 8}, /* a length that is longer than it need be */
        {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\2\3\4", 14},
        {"\x81\xff\0\0\0\0\0\0\xff\xff\1\2\3\4", 14},
        {"\x01\x80\1\2\3\4\x81\x80\1\2\3\4", 12}, /* another before the end of one */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer bytes = {0};
        buffer_add(&bytes, cases[i].bytes, cases[i].length);
        add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "never told of");
        expect(&bytes, "fault 1002 ");
    }
}

static void messages_have_a_limit(void **state)
{
    static char long_text[LIMIT + 2];
    struct buffer bytes = {0}, words = {0};
    memset(long_text, 'x', LIMIT + 1);
    buffer_printf(&words, "text(%.*s) ", LIMIT, long_text);
    buffer_add_byte(&words, '\0');
    expect_frame(FINAL | WEBSOCKET_TEXT, long_text, LIMIT, (const char *)words.data);
    buffer_done(&words);
    expect_frame(FINAL | WEBSOCKET_TEXT, long_text, LIMIT + 1, "fault 1009 ");
    add_frame(&bytes, WEBSOCKET_BINARY, long_text, LIMIT);
    add_frame(&bytes, 0, "", 0);
    add_frame(&bytes, FINAL, "y", 1);
    expect(&bytes, "fault 1009 ");
    /* told before a byte of it has come */
    buffer_add(&bytes, "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4z", 15);
    expect(&bytes, "fault 1009 ");
}

static void fragments_never_end(void **state)
{
    struct buffer bytes = {0};
    add_frame(&bytes, WEBSOCKET_TEXT, "", 0);
    for (int i = 0; i < 5000; i++)
        add_frame(&bytes, 0, i % 2 ? "x" : "", i % 2);
    expect(&bytes, "fault 1009 ");
}

static void endpoints_choose_kinds(void **state)
{
    struct websocket_reader_config texts = both, binaries = both;
    struct buffer bytes = {0};
    texts.accepts = WEBSOCKET_TEXT;
    binaries.accepts = WEBSOCKET_BINARY;
    add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "a");
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "b");
    expect_as(texts, &bytes, "text(a) fault 1003 ");
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "b");
    add_text_frame(&bytes, WEBSOCKET_TEXT, "a");
    expect_as(binaries, &bytes, "binary(b) fault 1003 ");
}

static void parts(void **state)
{
    struct websocket_reader_config config = {
        .accepts = WEBSOCKET_BINARY | WEBSOCKET_TEXT, .limit = LIMIT, .by_parts = true};
    struct buffer bytes = {0};
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "one");
    add_text_frame(&bytes, WEBSOCKET_BINARY, "tw");
    add_text_frame(&bytes, 0, "");
    add_text_frame(&bytes, FINAL | WEBSOCKET_PING, "p");
    add_text_frame(&bytes, FINAL, "o");
    add_text_frame(&bytes, FINAL | WEBSOCKET_BINARY, "");
    add_text_frame(&bytes, FINAL | WEBSOCKET_TEXT, "whole");
    expect_as(config, &bytes, "one| twping(p) o| | text(whole) ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages),
        cmocka_unit_test(fragments),
        cmocka_unit_test(closes),
        cmocka_unit_test(text_must_be_utf8),
        cmocka_unit_test(frames_that_may_not_be),
        cmocka_unit_test(messages_have_a_limit),
        cmocka_unit_test(fragments_never_end),
        cmocka_unit_test(endpoints_choose_kinds),
        cmocka_unit_test(parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
