/* /: the page, embedded in the program at build time (web/embed.cmake makes web_page.h). */
#include <string.h>

#include "serve/exchange.h"
#include "serve/reply.h"
#include "serve/routes.h"
#include "web_page.h"

static const char policy[] =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'";

/* Replies with the embedded file of this path. */
static void serve_file(struct request *request, const char *path)
{
    for (size_t i = 0; i < sizeof web_files / sizeof *web_files; i++) {
        const struct web_file *file = &web_files[i];
        if (strcmp(file->path, path) != 0)
            continue;
        reply_add_header(request, "Content-Security-Policy", policy);
        reply_add_header(request, "Referrer-Policy", "no-referrer");
        reply_static(request, file->content_type, file->bytes, file->length, file->etag);
        return;
    }
    reply_error(request, 404, "there is nothing at this path");
}

static void serve_page(struct request *request)
{
    serve_file(request, "index.html");
}

static void serve_part(struct request *request)
{
    serve_file(request, request->target.segments[0].text);
}

// clang-format off
const struct route api_root_routes[] = {
    {METHOD_GET, "/", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_page,
     "The page: status and a table of devices."},
    {METHOD_GET, "/index.html", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_page,
     "The page under its file name."},
    {METHOD_GET, "/page.js", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_part,
     "The page's program."},
    {METHOD_GET, "/page.css", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_part,
     "The page's style."},
    {METHOD_GET, "/icon.svg", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_part,
     "The page's icon."},
    {0},
};
// clang-format on
