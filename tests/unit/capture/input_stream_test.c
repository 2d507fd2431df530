/* Streams: plain, gzip (several members), zstd, cut and damaged ones, pipes, waking, rewinding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "capture/input_stream.h"

enum { PLAIN_BYTES = 1500 * 1000 };

static uint8_t plain[PLAIN_BYTES];

static void fill_plain(void)
{
    uint32_t random = 1;
    for (size_t i = 0; i < PLAIN_BYTES; i++) {
        random = random * 1664525 + 1013904223;
        plain[i] = (uint8_t)(random >> 28); /* compressible */
    }
}

static void gzip(struct buffer *to, const uint8_t *bytes, size_t length)
{
    z_stream zlib = {0};
    assert_int_equal(deflateInit2(&zlib, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&zlib, length) + 64;
    zlib.next_in = (uint8_t *)bytes;
    zlib.avail_in = (uInt)length;
    zlib.next_out = buffer_room(to, room);
    zlib.avail_out = (uInt)room;
    assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    buffer_advance(to, room - zlib.avail_out);
    deflateEnd(&zlib);
}

static void zstd(struct buffer *to, const uint8_t *bytes, size_t length)
{
    size_t room = ZSTD_compressBound(length);
    uint8_t *at = buffer_room(to, room);
    size_t used = ZSTD_compress(at, room, bytes, length, 1);
    assert_false(ZSTD_isError(used));
    buffer_advance(to, used);
}

/* Reads everything in steps of `step` and compares it; how many bytes came, and the result. */
static size_t read_through(struct input_stream *stream, size_t step, int *ret_result)
{
    size_t at = 0;
    int result;
    while ((result = input_stream_fill(stream, step, true)) == 0) {
        assert_int_equal(stream->offset, at);
        assert_memory_equal(input_stream_at(stream), plain + at, step);
        input_stream_skip(stream, step);
        at += step;
    }
    size_t have = input_stream_have(stream);
    assert_true(have < step);
    assert_memory_equal(input_stream_at(stream), plain + at, have);
    *ret_result = result;
    return at + have;
}

static void check_whole(const struct buffer *bytes, const char *compression)
{
    static const size_t steps[] = {1, 7, 1000, 65536, INPUT_STREAM_WINDOW};
    struct input_stream *stream = input_stream_over(bytes->data, bytes->length);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int result;
        assert_int_equal(read_through(stream, steps[i], &result), PLAIN_BYTES);
        assert_int_equal(result, -ENODATA);
        assert_string_equal(input_stream_compression(stream), compression);
        assert_int_equal(input_stream_rewind(stream), 0);
    }
    input_stream_free(stream);
}

static void test_plain(void **state)
{
    struct buffer bytes = {.data = plain, .length = PLAIN_BYTES};
    check_whole(&bytes, "");
}

static void test_gzip(void **state)
{
    struct buffer bytes = {0};
    gzip(&bytes, plain, 600000);
    gzip(&bytes, plain + 600000, PLAIN_BYTES - 600000);
    check_whole(&bytes, "gzip");
    buffer_add(&bytes, "\0\0\0\0 rubbish", 12); /* padding behind it is fine */
    check_whole(&bytes, "gzip");
    buffer_done(&bytes);
}

static void test_zstd(void **state)
{
    struct buffer bytes = {0};
    zstd(&bytes, plain, 600000);
    zstd(&bytes, plain + 600000, PLAIN_BYTES - 600000);
    check_whole(&bytes, "zstd");
    buffer_done(&bytes);
}

/* As pzstd writes them: frames that hold nothing of the file stand before it, and in it. */
static void test_zstd_skippable_frames(void **state)
{
    static const uint8_t nothing[] = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    static const uint8_t other[] = {0x5f, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
    struct buffer bytes = {0};
    buffer_add(&bytes, nothing, sizeof nothing);
    buffer_add(&bytes, other, sizeof other);
    zstd(&bytes, plain, 600000);
    buffer_add(&bytes, nothing, sizeof nothing);
    zstd(&bytes, plain + 600000, PLAIN_BYTES - 600000);
    buffer_add(&bytes, other, sizeof other);
    check_whole(&bytes, "zstd");
    buffer_done(&bytes);
}

static void check_cut(const struct buffer *bytes)
{
    for (size_t cut = 5; cut < bytes->length; cut += bytes->length / 37) {
        struct input_stream *stream = input_stream_over(bytes->data, cut);
        int result;
        struct buffer why = {0};
        assert_true(read_through(stream, 100, &result) < PLAIN_BYTES);
        assert_int_equal(result, -EPIPE);
        input_stream_explain(stream, result, &why);
        buffer_add_byte(&why, 0);
        assert_non_null(strstr((char *)why.data, "is cut off at byte"));
        buffer_done(&why);
        input_stream_free(stream);
    }
}

static void check_damaged(struct buffer *bytes)
{
    bytes->data[bytes->length / 2] ^= 0x55;
    bytes->data[bytes->length / 2 + 1] ^= 0xaa;
    struct input_stream *stream = input_stream_over(bytes->data, bytes->length);
    int result;
    while ((result = input_stream_fill(stream, 100, true)) == 0)
        input_stream_skip(stream, 100);
    assert_int_equal(result, -EBADMSG);
    assert_int_equal(input_stream_fill(stream, 100, true), -EBADMSG);
    input_stream_free(stream);
}

static void test_cut_and_damaged(void **state)
{
    struct buffer bytes = {0};
    gzip(&bytes, plain, PLAIN_BYTES);
    check_cut(&bytes);
    check_damaged(&bytes);
    buffer_done(&bytes);
    zstd(&bytes, plain, PLAIN_BYTES);
    check_cut(&bytes);
    buffer_done(&bytes);
}

static void test_skip_past_end(void **state)
{
    struct input_stream *stream = input_stream_over(plain, PLAIN_BYTES);
    input_stream_skip(stream, PLAIN_BYTES - 4);
    assert_int_equal(input_stream_fill(stream, 4, true), 0);
    assert_int_equal(stream->offset, PLAIN_BYTES - 4);
    assert_memory_equal(input_stream_at(stream), plain + PLAIN_BYTES - 4, 4);
    input_stream_skip(stream, 10);
    assert_int_equal(input_stream_fill(stream, 1, true), -ENODATA);
    assert_int_equal(input_stream_skip_missing(stream), 6);
    input_stream_free(stream);
}

static void test_pipe(void **state)
{
    int pipe_ends[2], wake = eventfd(0, EFD_NONBLOCK);
    assert_int_equal(pipe(pipe_ends), 0);
    struct input_stream *stream = input_stream_new(pipe_ends[0], wake);
    assert_true(input_stream_is_pipe(stream));
    assert_int_equal(input_stream_fill(stream, 8, false), -EAGAIN);
    assert_int_equal(write(pipe_ends[1], "abcdef", 6), 6);
    assert_int_equal(input_stream_fill(stream, 8, false), -EAGAIN);
    uint64_t one = 1;
    assert_int_equal(write(wake, &one, 8), 8);
    assert_int_equal(input_stream_fill(stream, 8, true), -EINTR);
    assert_int_equal(read(wake, &one, 8), 8);
    assert_int_equal(write(pipe_ends[1], "gh", 2), 2);
    assert_int_equal(input_stream_fill(stream, 8, true), 0);
    assert_memory_equal(input_stream_at(stream), "abcdefgh", 8);
    assert_int_equal(input_stream_rewind(stream), -ESPIPE);
    close(pipe_ends[1]);
    assert_int_equal(input_stream_fill(stream, 9, true), -ENODATA);
    input_stream_free(stream);
    close(wake);
}

static void test_file(void **state)
{
    char name[] = "/tmp/norn-stream-XXXXXX";
    int descriptor = mkstemp(name);
    unlink(name);
    assert_int_equal(write(descriptor, plain, PLAIN_BYTES), PLAIN_BYTES);
    lseek(descriptor, 0, SEEK_SET);
    struct input_stream *stream = input_stream_new(descriptor, INPUT_STREAM_NO_WAKE);
    assert_false(input_stream_is_pipe(stream));
    for (unsigned i = 0; i < 2; i++) {
        int result;
        assert_int_equal(read_through(stream, 333, &result), PLAIN_BYTES);
        assert_int_equal(input_stream_rewind(stream), 0);
    }
    input_stream_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_zstd),
        cmocka_unit_test(test_zstd_skippable_frames),
        cmocka_unit_test(test_cut_and_damaged),
        cmocka_unit_test(test_skip_past_end),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_file),
    };
    fill_plain();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
