/* Telling formats apart, and the corpus: every capture ends by itself, and each has
 * as many records as their manifest says. Without NORN_CAPTURES the corpus part is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture_file.h"
#include "capture_bytes.h"

static void expect_refusal(const char *bytes, size_t length, const char *why)
{
    struct capture_file file;
    struct input_stream *stream = input_stream_over(bytes, length);
    capture_file_init(&file, stream);
    assert_int_equal(capture_file_start(&file), -EBADMSG);
    if (!strstr(file.why, why))
        fail_msg("%s", file.why);
    capture_file_done(&file);
    input_stream_free(stream);
}

static void test_other_formats(void **state)
{
    expect_refusal("", 0, "is empty");
    expect_refusal("\x01", 1, "it starts with 01");
    expect_refusal("btsnoop\0\0\0\0\1", 12, "btsnoop");
    expect_refusal("<html><head>", 12, "it looks like text");
    expect_refusal("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", 10, "00 01 02 03 04 05 06 07");
    expect_refusal("\xfd"
                   "7zXZ\0\0\0",
                   8, "xz -dc");
}

/* Reads a whole stream: the result at its end. */
static int read_all(struct input_stream *stream, struct capture_file *file)
{
    struct frame frame;
    capture_file_init(file, stream);
    int result = capture_file_start(file);
    uint32_t sum = 0;
    while (result == 0 || result == -EINTR) {
        result = capture_file_next(file, true, &frame);
        for (uint32_t i = 0; !result && i < frame.length; i += 64)
            sum += frame.data[i];
    }
    assert_true(sum + 1 != 0);
    return result;
}

static void test_truncated_gzip(void **state)
{
    static const uint8_t gzip_start[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0};
    struct capture_file file;
    struct input_stream *stream = input_stream_over(gzip_start, sizeof gzip_start);
    assert_int_equal(read_all(stream, &file), -ENODATA);
    assert_string_equal(file.why, "the gzip data is cut off at byte 11");
    capture_file_done(&file);
    input_stream_free(stream);
}

static const char *corpus(void)
{
    const char *directory = getenv("NORN_CAPTURES");
    if (!directory)
        directory = "../shared/captures";
    char path[1024];
    snprintf(path, sizeof path, "%s/manifest.tsv", directory);
    if (access(path, R_OK) == 0)
        return directory;
    print_message("no corpus of captures at %s: skipped\n", directory);
    return NULL;
}

static struct input_stream *open_capture(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail_msg("%s: %s", path, strerror(errno));
    return input_stream_new(descriptor, INPUT_STREAM_NO_WAKE);
}

static unsigned walked, refused, cut_off, damaged;

static int walk(const char *path, const struct stat *status, int type, struct FTW *position)
{
    struct capture_file file;
    if (type != FTW_F)
        return 0;
    struct input_stream *stream = open_capture(path);
    int result = read_all(stream, &file);
    if (result != 1 && !file.why[0])
        fail_msg("%s: %d without a word", path, result);
    if (result == -ENODATA || result == -EBADMSG)
        print_message("%s: %s (%llu records)\n", path + position->base, file.why,
                      (unsigned long long)file.records);
    assert_true(result == 1 || result == -ENODATA || result == -EBADMSG);
    walked++;
    refused += file.format == CAPTURE_FORMAT_UNKNOWN;
    cut_off += result == -ENODATA;
    damaged += result == -EBADMSG && file.format != CAPTURE_FORMAT_UNKNOWN;
    capture_file_done(&file);
    input_stream_free(stream);
    return 0;
}

static void test_every_capture_ends(void **state)
{
    const char *directory = corpus();
    if (!directory)
        skip();
    char path[1024];
    snprintf(path, sizeof path, "%s/files", directory);
    assert_int_equal(nftw(path, walk, 16, FTW_PHYS), 0);
    print_message("%u captures: %u refused, %u cut off, %u damaged\n", walked, refused, cut_off,
                  damaged);
    assert_true(walked > 0);
}

static void read_variant(const uint8_t *bytes, size_t length)
{
    struct capture_file file;
    struct input_stream *stream = input_stream_over(bytes, length);
    int result = read_all(stream, &file);
    assert_true(result == 1 || (result < 0 && file.why[0]));
    capture_file_done(&file);
    input_stream_free(stream);
}

/* The file cut at 16 lengths and with 8 seeds of bit errors. */
static int spoil(const char *path, const struct stat *status, int type, struct FTW *position)
{
    if (type != FTW_F || !status->st_size)
        return 0;
    size_t length = (size_t)status->st_size;
    uint8_t *bytes = malloc(length);
    FILE *file = fopen(path, "r");
    assert_true(bytes && file && fread(bytes, 1, length, file) == length);
    fclose(file);
    for (size_t i = 0; i < 16; i++)
        read_variant(bytes, length * i / 16);
    for (uint32_t seed = 1; seed <= 8; seed++) {
        uint32_t random = seed;
        for (size_t i = 0; i < length; i += 512) {
            random = random * 1664525 + 1013904223;
            size_t at = i + (random >> 9) % 512;
            if (at < length)
                bytes[at] ^= (uint8_t)(1 << (random >> 28) % 8);
        }
        read_variant(bytes, length); /* errors add up from seed to seed */
    }
    free(bytes);
    return 0;
}

static void test_spoiled_captures(void **state)
{
    const char *directory = corpus();
    if (!directory)
        skip();
    char path[1024];
    snprintf(path, sizeof path, "%s/files/dot11", directory);
    assert_int_equal(nftw(path, spoil, 16, FTW_PHYS), 0);
    snprintf(path, sizeof path, "%s/files/hci", directory);
    assert_int_equal(nftw(path, spoil, 16, FTW_PHYS), 0);
}

/* Column `index` of a line of tab-separated values, copied. */
static void column(const char *line, unsigned index, char *ret_text, size_t room)
{
    while (index-- && (line = strchr(line, '\t')))
        line++;
    snprintf(ret_text, room, "%.*s", line ? (int)strcspn(line, "\t\n") : 0, line ? line : "");
}

static void check_count(const char *directory, const char *name, uint64_t packets)
{
    char path[1200];
    struct capture_file file;
    snprintf(path, sizeof path, "%s/files/%s", directory, name);
    struct input_stream *stream = open_capture(path);
    read_all(stream, &file);
    if (file.records != packets)
        fail_msg("%s: %llu records, %llu expected (%s)", name, (unsigned long long)file.records,
                 (unsigned long long)packets, file.why);
    capture_file_done(&file);
    input_stream_free(stream);
}

static void test_record_counts(void **state)
{
    const char *directory = corpus();
    if (!directory)
        skip();
    char path[1024], line[4096], name[512], packets[32], format[32];
    snprintf(path, sizeof path, "%s/manifest.tsv", directory);
    FILE *manifest = fopen(path, "r");
    assert_non_null(manifest);
    unsigned checked = 0;
    while (fgets(line, sizeof line, manifest)) {
        column(line, 0, name, sizeof name);
        column(line, 3, format, sizeof format);
        column(line, 5, packets, sizeof packets);
        if (strncmp(format, "pcap", 4) != 0 && strncmp(format, "btsnoop", 7) != 0)
            continue;
        check_count(directory, name, strtoull(packets, NULL, 10));
        checked++;
    }
    fclose(manifest);
    print_message("%u captures have the records the manifest says\n", checked);
    assert_true(checked > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_formats),      cmocka_unit_test(test_truncated_gzip),
        cmocka_unit_test(test_every_capture_ends), cmocka_unit_test(test_record_counts),
        cmocka_unit_test(test_spoiled_captures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
