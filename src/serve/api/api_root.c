/* /: the page, embedded in the program at build time (tools/norn_page_table makes page_table.h of
 * web/dist). Its parts lie under /page/, by names that hold a hash of their content. */
#include <string.h>

#include "page_table.h"
#include "serve/api/routes.h"
#include "serve/http/exchange.h"
#include "serve/http/page_home.h"
#include "serve/http/reply.h"

/* Nothing from elsewhere, no script or style in the markup, nothing evaluated, no text that turns
 * into markup. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

/* Replies with the embedded file of this name. */
static void serve_file(struct request *request, const char *name, bool is_lasting)
{
    for (size_t i = 0; i < sizeof page_files / sizeof *page_files; i++) {
        const struct page_file *file = &page_files[i];
        if (strcmp(file->path, name) != 0)
            continue;
        reply_add_header(request, "Content-Security-Policy", policy);
        reply_add_header(request, "Referrer-Policy", "no-referrer");
        reply_packed(request, &(struct packed_file){file->content_type, file->etag, file->bytes,
                                                    file->length, file->plain_length, is_lasting});
        return;
    }
    reply_error(request, 404, "there is nothing at this path");
}

static void serve_own_page(struct request *request)
{
    serve_file(request, "index.html", false);
}

static void serve_page(struct request *request)
{
    page_home_reply(request, serve_own_page);
}

static void serve_own_icon(struct request *request)
{
    serve_file(request, "icon.svg", false);
}

static void serve_icon(struct request *request)
{
    page_home_reply(request, serve_own_icon);
}

static void serve_own_part(struct request *request)
{
    serve_file(request, request_parameter(request, "file", NULL), true);
}

static void serve_part(struct request *request)
{
    page_home_reply(request, serve_own_part);
}

// clang-format off
const struct route api_root_routes[] = {
    {METHOD_GET, "/", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_page,
     "The page: devices, networks, channels, sources, alerts in a browser."},
    {METHOD_GET, "/index.html", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_page,
     "The page under its file name."},
    {METHOD_GET, "/icon.svg", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_icon,
     "The page's icon."},
    {METHOD_GET, "/page/{file}", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL, serve_part,
     "The page's program and style, by names that change when they do."},
    {0},
};
// clang-format on
