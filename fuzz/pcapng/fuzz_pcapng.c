/* Fuzzes the pcapng reader with the bytes in two pieces through a pipe, so that every wait and
 * every resumption is met too. Input: the bytes of a file; the first byte says where to split.
 * Finds: what fuzz_pcap.c finds, and records that differ between one piece and two. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "capture/capture_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIPE_MAX = 32768 }; /* fits a pipe's buffer */

struct outcome {
    int result;
    uint64_t records;
    uint64_t bytes;
};

static void take(struct outcome *outcome, const struct frame *frame)
{
    outcome->records++;
    for (uint32_t i = 0; i < frame->length; i++)
        outcome->bytes = outcome->bytes * 31 + frame->data[i];
}

static struct outcome read_memory(const uint8_t *data, size_t size)
{
    struct outcome outcome = {0};
    struct input_stream *stream = input_stream_over(data, size);
    struct capture_file file;
    struct frame frame;
    capture_file_init(&file, stream);
    outcome.result = capture_file_start(&file);
    while (outcome.result == 0 || outcome.result == -EINTR) {
        outcome.result = capture_file_next(&file, true, &frame);
        if (outcome.result == 0)
            take(&outcome, &frame);
    }
    capture_file_done(&file);
    input_stream_free(stream);
    return outcome;
}

static struct outcome read_pipe(const uint8_t *data, size_t size, size_t split)
{
    struct outcome outcome = {0};
    struct capture_file file;
    struct frame frame;
    int ends[2];
    if (pipe(ends) < 0 || write(ends[1], data, split) != (ssize_t)split)
        abort();
    struct input_stream *stream = input_stream_new(ends[0], INPUT_STREAM_NO_WAKE);
    capture_file_init(&file, stream);
    input_stream_fill(stream, split ? split : 1, false);
    if (write(ends[1], data + split, size - split) != (ssize_t)(size - split))
        abort();
    close(ends[1]);
    outcome.result = capture_file_start(&file);
    while (outcome.result == 0 || outcome.result == -EINTR || outcome.result == -EAGAIN) {
        outcome.result = capture_file_next(&file, false, &frame);
        if (outcome.result == 0)
            take(&outcome, &frame);
    }
    capture_file_done(&file);
    input_stream_free(stream);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > PIPE_MAX)
        return 0;
    size_t split = (size - 1) * data[0] / 255;
    struct outcome whole = read_memory(data + 1, size - 1);
    struct outcome parts = read_pipe(data + 1, size - 1, split);
    if (whole.result != parts.result || whole.records != parts.records ||
        whole.bytes != parts.bytes)
        abort();
    return 0;
}
