/* Compression of replies. See gzip.h. */
#include "serve/http/gzip.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

/* 4 KiB window and a gzip header (zlib adds 16 for that), 16 KiB of hash tables. */
enum { LEVEL = 1, WINDOW_BITS = 12 + 16, MEMORY_LEVEL = 5, STEP = 4096 };

/* The largest window, with a gzip header. */
enum { EXPAND_BITS = 15 + 16 };

struct gzip {
    z_stream stream;
};

struct gzip *gzip_new(void)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (gzip && deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                             Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gzip);
        gzip = NULL;
    }
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (!gzip)
        return;
    deflateEnd(&gzip->stream);
    free(gzip);
}

int gzip_add(struct gzip *gzip, const void *bytes, size_t length, bool last, struct buffer *buffer)
{
    z_stream *stream = &gzip->stream;
    stream->next_in = (Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)length;
    do {
        stream->next_out = buffer_room(buffer, STEP);
        stream->avail_out = STEP;
        if (!stream->next_out)
            return -ENOMEM;
        deflate(stream, last ? Z_FINISH : Z_NO_FLUSH);
        buffer_advance(buffer, STEP - stream->avail_out);
    } while (stream->avail_out == 0);
    return 0;
}

int gzip_expand(const void *bytes, size_t length, size_t plain_length, struct buffer *buffer)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)length};
    stream.next_out = buffer_room(buffer, plain_length);
    stream.avail_out = (uInt)plain_length;
    if (!stream.next_out || inflateInit2(&stream, EXPAND_BITS) != Z_OK)
        return -ENOMEM;
    int state = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (state != Z_STREAM_END || stream.total_out != plain_length)
        return -EINVAL;
    buffer_advance(buffer, plain_length);
    return 0;
}

bool gzip_is_accepted(const char *accept_encoding)
{
    for (const char *at = accept_encoding; at && *at;) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",");
        size_t name = strcspn(at, "; \t,");
        if (name == 4 && strncasecmp(at, "gzip", 4) == 0) {
            const char *quality = memmem(at, length, "q=", 2);
            return !quality || strtod(quality + 2, NULL) > 0;
        }
        at += length;
    }
    return false;
}
