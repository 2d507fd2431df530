/* The table of extensions. See media_type.h. */
#include "util/media_type.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct media_type {
    const char *extension, *type;
};

static const struct media_type media_types[];

const char *media_type_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const struct media_type *at = media_types;
    while (at->extension && (!dot || strcasecmp(dot + 1, at->extension) != 0))
        at++;
    return at->type;
}

bool media_type_is_text(const char *type)
{
    return strncmp(type, "text/", 5) == 0 || strstr(type, "json") || strstr(type, "javascript") ||
           strstr(type, "xml");
}

static const struct media_type media_types[] = {
    {"css", "text/css; charset=utf-8"},
    {"gif", "image/gif"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "application/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"mjs", "application/javascript; charset=utf-8"},
    {"pdf", "application/pdf"},
    {"pmtiles", "application/vnd.pmtiles"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {NULL, "application/octet-stream"},
};
