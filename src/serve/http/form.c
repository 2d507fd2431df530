/* Form bodies. See form.h. */
#include "serve/http/form.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { BOUNDARY = 72 };

bool form_is_type(const char *content_type, const char *type)
{
    if (!content_type)
        return false;
    content_type += strspn(content_type, " \t");
    size_t length = strcspn(content_type, "; \t,");
    return length == strlen(type) && strncasecmp(content_type, type, length) == 0;
}

/* Copies the value that follows `name=` in a header ("quoted" or bare). */
static bool copy_parameter(const char *text, size_t length, const char *name, char *ret_value,
                           size_t size)
{
    size_t name_length = strlen(name), count = 0;
    for (size_t at = 1; at + name_length < length; at++) {
        bool starts = strchr("; \t", text[at - 1]) && text[at + name_length] == '=';
        if (!starts || strncasecmp(text + at, name, name_length) != 0)
            continue;
        at += name_length + 1;
        bool quoted = at < length && text[at] == '"';
        for (at += quoted; at < length; at++) {
            if (quoted ? text[at] == '"' : strchr("; \t\r\n", text[at]) != NULL)
                break;
            if (quoted && text[at] == '\\' && at + 1 < length)
                at++;
            if (count + 1 >= size)
                return false;
            ret_value[count++] = text[at];
        }
        ret_value[count] = '\0';
        return strlen(ret_value) == count;
    }
    return false;
}

/* One part: its headers, an empty line, its value. */
static int parse_part(const char *text, size_t length, struct arena *arena,
                      struct target_variable *ret_variable)
{
    char name[256];
    const char *end = memmem(text, length, "\r\n\r\n", 4);
    if (!end)
        return -EINVAL;
    const char *line = text;
    bool named = false;
    while (!named && line < end) {
        const char *next = memmem(line, (size_t)(end + 2 - line), "\r\n", 2);
        if (next - line > 20 && strncasecmp(line, "content-disposition:", 20) == 0)
            named = copy_parameter(line, (size_t)(next - line), "name", name, sizeof name);
        line = next + 2;
    }
    if (!named)
        return -ENOENT;
    const char *value = end + 4;
    size_t value_length = length - (size_t)(value - text);
    ret_variable->name.length = strlen(name);
    ret_variable->name.text = arena_copy(arena, name, strlen(name));
    ret_variable->value.length = value_length;
    ret_variable->value.text = arena_copy(arena, value, value_length);
    return ret_variable->name.text && ret_variable->value.text ? 0 : -ENOMEM;
}

int form_parse_multipart(const char *content_type, const char *body, size_t length,
                         struct arena *arena, struct target_variable **ret_variables,
                         size_t *ret_count)
{
    char delimiter[BOUNDARY + 5] = "\r\n--";
    if (!copy_parameter(content_type, strlen(content_type), "boundary", delimiter + 4,
                        BOUNDARY + 1) ||
        !delimiter[4])
        return -EINVAL;
    size_t delimiter_length = strlen(delimiter), count = 0;
    if (length < delimiter_length - 2 || memcmp(body, delimiter + 2, delimiter_length - 2) != 0)
        return -EINVAL;
    struct target_variable *variables = arena_new(arena, TARGET_VARIABLES * sizeof *variables);
    if (!variables)
        return -ENOMEM;
    const char *at = body + delimiter_length - 2, *end = body + length;
    while (end - at >= 2 && memcmp(at, "--", 2) != 0) {
        const char *next = memmem(at, (size_t)(end - at), delimiter, delimiter_length);
        if (!next || memcmp(at, "\r\n", 2) != 0)
            return -EINVAL;
        if (count == TARGET_VARIABLES)
            return -E2BIG;
        /* next may be the very CRLF that ended the boundary: an empty part has no headers */
        int error = next < at + 2
                        ? -EINVAL
                        : parse_part(at + 2, (size_t)(next - at - 2), arena, &variables[count]);
        if (error && error != -ENOENT)
            return error;
        count += !error;
        at = next + delimiter_length;
    }
    *ret_variables = variables;
    *ret_count = count;
    return 0;
}
