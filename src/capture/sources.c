/* The registry of source types. See sources.h. One line for each type's file. */
#include "capture/sources.h"

#include <string.h>
#include <strings.h>

#include "capture/source_tool.h"
#include "util/hash.h"

enum { OWN_TYPES = 3 };

static const struct source_type *const own_types[OWN_TYPES];

const struct source_type *sources_find(const char *name)
{
    for (size_t i = 0; i < OWN_TYPES; i++)
        if (strcasecmp(own_types[i]->name, name) == 0)
            return own_types[i];
    return source_tool_find(name);
}

const struct source_type *sources_next(const struct source_type *type)
{
    size_t own = 0;
    while (own < OWN_TYPES && own_types[own] != type)
        own++;
    if (!type)
        return own_types[0];
    if (own + 1 < OWN_TYPES)
        return own_types[own + 1];
    size_t tool = own < OWN_TYPES ? 0 : (size_t)(type - source_tool_types) + 1;
    while (tool < source_tool_types_count &&
           sources_find(source_tool_types[tool].name) != &source_tool_types[tool])
        tool++; /* norn captures that itself here */
    return tool < source_tool_types_count ? &source_tool_types[tool] : NULL;
}

bool sources_is_masked(const struct capture_config *config, const struct source_type *type)
{
    const char *const *masked = config->masked_types;
    while (masked && *masked && strcasecmp(*masked, type->name) != 0)
        masked++;
    return masked && *masked;
}

const struct source_type *sources_probe(const struct capture_config *config, const char *interface)
{
    const struct source_type *type = NULL;
    while ((type = sources_next(type)))
        if (type->probe && !sources_is_masked(config, type) && type->probes(config, interface))
            return type;
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
    const struct source_type *type = NULL;
    while ((type = sources_next(type)))
        buffer_printf(ret_why, "%s %s", type == own_types[0] ? "" : ",", type->name);
}

struct uuid sources_make_uuid(const struct capture_config *config, const struct source_type *type,
                              const char *interface, bool again)
{
    if (!type)
        type = looks_like_path(interface) ? &source_file_type : source_tool_find("linuxwifi");
    uint64_t last = again ? 0 : type->identify(config, interface);
    if (!last)
        last = hash_bytes(0, interface, strlen(interface)) & 0xffffffffffffULL;
    return uuid_made(hash_weak(type->tool), last);
}

static const struct source_type *const own_types[OWN_TYPES] = {
    &source_demo_type,
    &source_file_type,
    &source_virtual_type,
};
