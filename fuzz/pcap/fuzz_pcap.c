/* Fuzzes capture files of any kind norn reads, with the pcap seeds. Input: the bytes of a file.
 * Finds: reads outside the window, frames that lie about themselves, endless reading. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "capture/capture_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS_MAX = 100000 }; /* compressed input may hold many */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input_stream *stream = input_stream_over(data, size);
    struct capture_file file;
    struct frame frame;
    volatile uint8_t sum = 0;
    capture_file_init(&file, stream);
    int result = capture_file_start(&file);
    while ((result == 0 || result == -EINTR) && file.records < RECORDS_MAX) {
        result = capture_file_next(&file, true, &frame);
        if (result)
            continue;
        if (frame.length > FRAME_BYTES_MAX || frame.length > frame.original_length)
            abort();
        for (uint32_t i = 0; i < frame.length; i++)
            sum = (uint8_t)(sum + frame.data[i]);
    }
    if (result < 0 && result != -EINTR && !file.why[0])
        abort();
    capture_file_done(&file);
    input_stream_free(stream);
    return 0;
}
