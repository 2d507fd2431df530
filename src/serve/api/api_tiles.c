/* /tiles: the archive of map tiles (PMTiles) that the operator has put beside the server, read part
 * by part. Input: the option httpd_tiles, opened by the launcher for each request; the headers
 * Range and If-Range (RFC 9110, 13 and 14). Output: bytes of the file, read, never mapped. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/api/routes.h"
#include "serve/http/byte_range.h"
#include "serve/http/exchange.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"

enum {
    PART_MAX = 4 * 1024 * 1024, /* bytes of one answer; a longer range is answered by its begin */
    ETAG_TEXT = 64,
};

static const char content_type[] = "application/vnd.pmtiles";

/* An open archive, and what is still to be sent of it. */
struct archive {
    int descriptor;
    uint64_t at, end;
};

/* Reads up to `goal` bytes of what is left: 0; -EIO where the file has become shorter. */
static int read_on(struct archive *archive, struct buffer *buffer, size_t goal)
{
    while (archive->at < archive->end && buffer->length < goal) {
        uint64_t left = archive->end - archive->at;
        size_t room = goal - buffer->length, step = left < room ? (size_t)left : room;
        uint8_t *bytes = buffer_room(buffer, step);
        ssize_t count = bytes ? pread(archive->descriptor, bytes, step, (off_t)archive->at) : -1;
        if (count <= 0)
            return bytes ? -EIO : -ENOMEM;
        buffer_advance(buffer, (size_t)count);
        archive->at += (uint64_t)count;
    }
    return 0;
}

static int fill(void *context, struct buffer *buffer, size_t goal)
{
    struct archive *archive = context;
    int error = read_on(archive, buffer, goal);
    return error ? error : archive->at < archive->end ? REPLY_MORE : REPLY_END;
}

static void free_archive(void *context)
{
    struct archive *archive = context;
    close(archive->descriptor);
    free(archive);
}

/* The file as a whole, for who wants a copy. Takes the descriptor over. */
static void reply_all(struct request *request, int descriptor, uint64_t length)
{
    struct archive *archive = malloc(sizeof *archive);
    if (!archive) {
        close(descriptor);
        reply_error(request, 503, "out of memory");
        return;
    }
    *archive = (struct archive){descriptor, 0, length};
    reply_stream(request, content_type, fill, archive, free_archive);
}

static void reply_part(struct request *request, int descriptor, uint64_t length,
                       const struct byte_range *range)
{
    uint64_t count = range->count < PART_MAX ? range->count : PART_MAX;
    struct archive part = {descriptor, range->first, range->first + count};
    struct buffer body = {.ceiling = PART_MAX};
    char text[96];
    if (read_on(&part, &body, (size_t)count) != 0) {
        buffer_done(&body);
        reply_error(request, 500, "the file of httpd_tiles cannot be read");
        return;
    }
    snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, part.at - count,
             part.at - 1, length);
    reply_header(request, "Content-Range", text);
    reply_buffer(request, 206, content_type, &body);
}

/* A range holds for the file that the client knows: else it gets the whole (13.1.5). */
static const char *wanted_range(struct request *request, const char *etag)
{
    const char *condition = request_header(request, "If-Range");
    bool holds = !condition || strcmp(condition, etag) == 0;
    return holds ? request_header(request, "Range") : NULL;
}

/* Answers from the open file; takes the descriptor over. */
static void reply_archive(struct request *request, int descriptor, const struct stat *status)
{
    uint64_t length = (uint64_t)status->st_size;
    struct byte_range range;
    char etag[ETAG_TEXT], size[48];
    snprintf(etag, sizeof etag, "\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"", (uint64_t)status->st_ino,
             (uint64_t)status->st_mtim.tv_sec * 1000000000 + (uint64_t)status->st_mtim.tv_nsec,
             length);
    reply_header(request, "Accept-Ranges", "bytes");
    if (reply_is_known(request, etag, "no-cache")) {
        close(descriptor);
        return;
    }
    switch (byte_range_parse(wanted_range(request, etag), length, &range)) {
    case BYTE_RANGE_WHOLE: reply_all(request, descriptor, length); return;
    case BYTE_RANGE_PART: reply_part(request, descriptor, length, &range); break;
    case BYTE_RANGE_OUTSIDE:
        snprintf(size, sizeof size, "bytes */%" PRIu64, length);
        reply_header(request, "Content-Range", size);
        reply_error(request, 416, "the file has %" PRIu64 " bytes", length);
        break;
    }
    close(descriptor);
}

static void run(struct request *request, void *context)
{
    struct monitor *monitor = monitor_of(request);
    struct stat status;
    int descriptor = launcher_open_read(monitor->launcher, context);
    if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
        reply_archive(request, descriptor, &status);
        return;
    }
    if (descriptor >= 0)
        close(descriptor);
    reply_error(request, 404, "the file of httpd_tiles cannot be opened: %s",
                strerror(descriptor < 0 ? -descriptor : EIO));
}

static void get_archive(struct request *request)
{
    const char *path = options_text(monitor_of(request)->options, "httpd_tiles");
    if (*path)
        reply_later(request, run, (void *)path);
    else
        reply_error(request, 404, "there are no tiles: httpd_tiles names no file");
}

// clang-format off
const struct route api_tiles_routes[] = {
    {METHOD_GET, "/tiles/map.pmtiles", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_archive,
     "The tiles of the map (httpd_tiles), as a PMTiles archive that is read by ranges of at most 4 MiB."},
    {0},
};
