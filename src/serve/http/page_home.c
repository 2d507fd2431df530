/* Files of the folder httpd_home. See page_home.h. The launcher opens them, after it has made sure
 * that what a path leads to lies in that folder; names that begin with a dot are never asked for.
 */
#include "serve/http/page_home.h"

#include <errno.h>
#include <string.h>

#include "serve/home_file.h"
#include "serve/http/exchange.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"
#include "util/media_type.h"

enum { FILE_MAX = 16 * 1024 * 1024 };

struct visit {
    char *path;
    void (*otherwise)(struct request *request);
};

static bool is_plain(const struct target_part *segment)
{
    return segment->text[0] != '.' && !memchr(segment->text, '/', segment->length);
}

/* True when the path, as it came, ends like a folder's. */
static bool is_folder(const struct request *request)
{
    size_t length = strcspn(request->target_text, "?#");
    return !request->target.segment_count || request->target_text[length - 1] == '/';
}

/* The file's path in the arena; NULL where the request cannot mean one. */
static char *path_of(struct request *request)
{
    const struct target *target = &request->target;
    struct buffer path = {.ceiling = 4096};
    buffer_add_text(&path, request->service->home);
    for (size_t i = 0; i < target->segment_count; i++) {
        if (!is_plain(&target->segments[i]))
            path.failed = true;
        buffer_add_text(&path, "/");
        buffer_add(&path, target->segments[i].text, target->segments[i].length);
    }
    if (is_folder(request))
        buffer_add_text(&path, "/index.html");
    char *copy =
        path.failed ? NULL : arena_copy(&request->arena, (const char *)path.data, path.length);
    buffer_done(&path);
    return copy;
}

static void run(struct request *request, void *context)
{
    struct visit *visit = context;
    struct buffer content = {.ceiling = FILE_MAX};
    int error = home_file_read_path(monitor_of(request), visit->path, &content);
    if (!error)
        reply_file(request, media_type_of(visit->path), &content);
    else if (error == -EFBIG)
        reply_error(request, 500, "files of httpd_home may have %d bytes at most", FILE_MAX);
    else
        visit->otherwise(request);
    buffer_done(&content);
}

void page_home_reply(struct request *request, void (*otherwise)(struct request *request))
{
    struct visit *visit = request->service->home ? arena_new(&request->arena, sizeof *visit) : NULL;
    if (visit)
        *visit = (struct visit){path_of(request), otherwise};
    if (visit && visit->path)
        reply_later(request, run, visit);
    else
        otherwise(request);
}
