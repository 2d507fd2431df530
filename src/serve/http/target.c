/* Request targets: split first, decode each part once. See target.h. */
#include "serve/http/target.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

/* Decodes one part into the arena. */
static int decode_part(const char *text, size_t length, bool plus_is_space, struct arena *arena,
                       struct target_part *ret_part)
{
    struct buffer buffer = {.ceiling = length + 1};
    int error = text_percent_decode(text, length, plus_is_space, &buffer);
    if (!error && buffer.failed)
        error = -ENOMEM;
    if (!error && buffer.length && memchr(buffer.data, '\0', buffer.length))
        error = -EINVAL;
    if (!error) {
        ret_part->text = arena_copy(arena, (const char *)buffer.data, buffer.length);
        ret_part->length = buffer.length;
        if (!ret_part->text)
            error = -ENOMEM;
    }
    buffer_done(&buffer);
    return error;
}

/* "http://host/path" becomes "/path" (RFC 9112, 3.2.2). */
static void skip_authority(const char **text, size_t *length)
{
    size_t scheme = 0;
    if (*length > 7 && strncasecmp(*text, "http://", 7) == 0)
        scheme = 7;
    else if (*length > 8 && strncasecmp(*text, "https://", 8) == 0)
        scheme = 8;
    if (!scheme)
        return;
    const char *path = memchr(*text + scheme, '/', *length - scheme);
    size_t skipped = path ? (size_t)(path - *text) : *length;
    *text += skipped;
    *length -= skipped;
}

static int split_path(const char *text, size_t length, struct arena *arena,
                      struct target *ret_target)
{
    for (size_t at = 0; at < length;) {
        const char *slash = memchr(text + at, '/', length - at);
        size_t end = slash ? (size_t)(slash - text) : length;
        if (end > at) {
            if (ret_target->segment_count == TARGET_SEGMENTS)
                return -E2BIG;
            struct target_part *segment = &ret_target->segments[ret_target->segment_count];
            int error = decode_part(text + at, end - at, false, arena, segment);
            if (error)
                return error;
            ret_target->segment_count++;
        }
        at = end + 1;
    }
    return 0;
}

static void strip_prefix(const char *prefix, struct target *target)
{
    size_t matched = 0;
    while (*prefix) {
        size_t length = strcspn(prefix, "/");
        if (length) {
            if (matched == target->segment_count || target->segments[matched].length != length ||
                memcmp(target->segments[matched].text, prefix, length) != 0)
                return;
            matched++;
        }
        prefix += length + (prefix[length] == '/');
    }
    target->segment_count -= matched;
    memmove(target->segments, target->segments + matched,
            target->segment_count * sizeof *target->segments);
}

int target_parse(const char *text, size_t length, const char *prefix, struct arena *arena,
                 struct target *ret_target)
{
    *ret_target = (struct target){0};
    skip_authority(&text, &length);
    const char *question = length ? memchr(text, '?', length) : NULL;
    size_t path_length = question ? (size_t)(question - text) : length;
    if (path_length && text[0] != '/')
        return -EINVAL;
    int error = split_path(text, path_length, arena, ret_target);
    if (error)
        return error;
    strip_prefix(prefix, ret_target);
    if (!question)
        return 0;
    return target_parse_variables(question + 1, length - path_length - 1, false, arena,
                                  &ret_target->variables, &ret_target->variable_count);
}

static size_t count_variables(const char *text, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '&';
    return count;
}

int target_parse_variables(const char *text, size_t length, bool plus_is_space, struct arena *arena,
                           struct target_variable **ret_variables, size_t *ret_count)
{
    size_t limit = count_variables(text, length), count = 0;
    if (limit > TARGET_VARIABLES)
        return -E2BIG;
    struct target_variable *variables = arena_new(arena, limit * sizeof *variables);
    if (!variables)
        return -ENOMEM;
    for (size_t at = 0; at < length;) {
        const char *and = memchr(text + at, '&', length - at);
        size_t end = and? (size_t)(and-text) : length;
        const char *equals = end > at ? memchr(text + at, '=', end - at) : NULL;
        size_t name_end = equals ? (size_t)(equals - text) : end;
        size_t value = equals ? name_end + 1 : end;
        if (end > at) {
            int error =
                decode_part(text + at, name_end - at, plus_is_space, arena, &variables[count].name);
            if (!error)
                error = decode_part(text + value, end - value, plus_is_space, arena,
                                    &variables[count].value);
            if (error)
                return error;
            count++;
        }
        at = end + 1;
    }
    *ret_variables = variables;
    *ret_count = count;
    return 0;
}

const struct target_part *target_find(const struct target_variable *variables, size_t count,
                                      const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(variables[i].name.text, name) == 0)
            return &variables[i].value;
    return NULL;
}
