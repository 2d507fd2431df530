/* The registry of source types. See sources.h. One line for each type's file. */
#include "capture/sources.h"

#include <string.h>
#include <strings.h>

#include "util/hash.h"

const struct source_type *sources_find(const char *name)
{
    for (size_t i = 0; i < source_types_count; i++)
        if (strcasecmp(source_types[i]->name, name) == 0)
            return source_types[i];
    return NULL;
}

const struct source_type *sources_probe(const struct capture_config *config, const char *interface)
{
    for (size_t i = 0; i < source_types_count; i++)
        if (source_types[i]->probe && source_types[i]->probes(config, interface))
            return source_types[i];
    return NULL;
}

/* Whether a text that is neither looks more like a path than like an interface. */
static bool looks_like_path(const char *interface)
{
    return strpbrk(interface, "/.") != NULL;
}

void sources_explain_missing(const char *interface, struct buffer *ret_why)
{
    if (strcmp(interface, source_demo_type.name) == 0) {
        buffer_add_text(ret_why, "no demo capture is running here: start norn --demo");
        return;
    }
    buffer_printf(ret_why, "there is no capture file and no network interface \"%s\"", interface);
    if (!looks_like_path(interface))
        buffer_add_text(ret_why, " (ip link lists the interfaces)");
}

void sources_explain_unknown(const char *name, struct buffer *ret_why)
{
    buffer_printf(ret_why, "unknown source type \"%s\"; the types are", name);
    for (size_t i = 0; i < source_types_count; i++)
        buffer_printf(ret_why, "%s %s", i ? "," : "", source_types[i]->name);
}

struct uuid sources_make_uuid(const struct source_type *type, const char *interface, bool again)
{
    if (!type)
        type = looks_like_path(interface) ? &source_file_type : &source_live_type;
    uint64_t last = again ? 0 : type->identify(interface);
    if (!last)
        last = hash_bytes(0, interface, strlen(interface)) & 0xffffffffffffULL;
    return uuid_made(hash_weak(type->tool), last);
}

const struct source_type *const source_types[] = {
    &source_demo_type,
    &source_live_type,
    &source_file_type,
    &source_virtual_type,
};
const size_t source_types_count = sizeof source_types / sizeof source_types[0];
