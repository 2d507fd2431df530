/* Pairs of path and pattern. See device_filter.h. */
#include "serve/device_filter.h"

#include <errno.h>
#include <stdlib.h>

#include "schema/projection.h"
#include "util/pattern.h"

struct pair {
    struct path path; /* no steps: names nothing */
    struct pattern *pattern;
};

struct device_filter {
    struct buffer text; /* of the value at hand */
    size_t count;
    struct pair pairs[];
};

static int compile_pair(const struct command_pair *from, struct pair *pair, struct buffer *ret_why)
{
    int error = path_parse(&device_type, from->path, from->path_length, &pair->path);
    if (error == -E2BIG) {
        buffer_add_text(ret_why, "a path of the regex list has too many parts");
        return -EINVAL;
    }
    pair->pattern = pattern_new(from->pattern, from->pattern_length, ret_why);
    return pair->pattern ? 0 : -errno;
}

struct device_filter *device_filter_new(const struct command_pair *pairs, size_t count,
                                        struct buffer *ret_why)
{
    if (count > PATTERNS_MAX) {
        buffer_printf(ret_why, "the regex list has more than %d pairs", PATTERNS_MAX);
        errno = EINVAL;
        return NULL;
    }
    struct device_filter *filter = calloc(1, sizeof *filter + count * sizeof *filter->pairs);
    if (!filter)
        return NULL;
    for (; filter->count < count; filter->count++) {
        int error = compile_pair(&pairs[filter->count], &filter->pairs[filter->count], ret_why);
        if (!error)
            continue;
        device_filter_free(filter);
        errno = -error;
        return NULL;
    }
    return filter;
}

void device_filter_free(struct device_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->count; i++)
        pattern_free(filter->pairs[i].pattern);
    buffer_done(&filter->text);
    free(filter);
}

/* What one path's values are tried against. */
struct trial {
    struct device_filter *filter;
    struct pattern *pattern;
};

static bool try_value(void *context, const struct value *value)
{
    struct trial *trial = context;
    struct buffer *text = &trial->filter->text;
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
        return pattern_matches(trial->pattern, value->text ? value->text : "", value->length);
    case FIELD_MAC:
    case FIELD_UUID:
    case FIELD_KEY:
    case FIELD_BYTES:
        text->length = 0;
        value_text(value, text);
        return text->length &&
               pattern_matches(trial->pattern, (const char *)text->data, text->length);
    default: return false;
    }
}

bool device_filter_keeps(struct device_filter *filter, const struct device *device,
                         struct view *view)
{
    for (size_t i = 0; i < filter->count; i++) {
        struct trial trial = {filter, filter->pairs[i].pattern};
        if (path_any(&filter->pairs[i].path, device, view, try_value, &trial))
            return true;
    }
    return false;
}
