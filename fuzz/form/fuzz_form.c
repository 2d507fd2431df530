/* Multipart forms. The whole input is a body (the boundary stands in its first line); and its lines
 * are made into a form of our own, "name=value" each, which must come back as it was. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../require.h"
#include "serve/http/command.h"
#include "serve/http/form.h"
#include "util/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 32, TYPE = 160 };

struct line {
    const char *name, *value;
};

static void check_texts(const struct target_variable *variables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        require(strlen(variables[i].name.text) == variables[i].name.length, "a name with a NUL");
        require(variables[i].value.text[variables[i].value.length] == '\0', "a value has no end");
    }
}

/* The input as a body, under the boundary that its first line names. */
static void check_any(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buffer why = {0};
    struct command command;
    struct target_variable *variables;
    size_t count;
    char type[TYPE] = "multipart/form-data; boundary=";
    const uint8_t *end = size ? memchr(data, '\r', size) : NULL;
    size_t length = end ? (size_t)(end - data) : 0, head = strlen(type);
    if (length < 3 || length - 2 >= sizeof type - head)
        return;
    memcpy(type + head, data + 2, length - 2); /* after its two dashes */
    type[head + length - 2] = '\0';
    if (form_parse_multipart(type, (const char *)data, size, &arena, &variables, &count) == 0)
        check_texts(variables, count);
    if (command_parse_form(type, data, size, &arena, &command, &why) == 0)
        check_texts(command.variables, command.variable_count);
    buffer_done(&why);
    arena_done(&arena);
}

/* Cuts the text into lines of a name and a value; those that a form cannot carry are left out. */
static size_t split(char *text, struct line *lines)
{
    size_t count = 0;
    for (char *line = text, *next; line && count < LINES; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        char *equals = strchr(line, '=');
        if (!equals || equals - line > 200)
            continue;
        *equals = '\0';
        bool has_boundary = strncmp(equals + 1, "--x", 3) == 0 || strstr(equals + 1, "\r\n--x");
        if (!strpbrk(line, "\"\\\r") && !has_boundary)
            lines[count++] = (struct line){line, equals + 1};
    }
    return count;
}

static void check_own(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buffer body = {0};
    struct line lines[LINES];
    struct target_variable *variables;
    char *text = strndup((const char *)data, size);
    size_t found, count = text ? split(text, lines) : 0;
    for (size_t i = 0; i < count; i++)
        buffer_printf(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
                      lines[i].name, lines[i].value);
    buffer_add_text(&body, "--x--\r\n");
    require(text && !body.failed, "no memory");
    int error = form_parse_multipart("multipart/form-data; boundary=x", (const char *)body.data,
                                     body.length, &arena, &variables, &found);
    require(error == 0 && found == count, "a good form is refused");
    for (size_t i = 0; i < count; i++)
        require(strcmp(variables[i].name.text, lines[i].name) == 0 &&
                    strcmp(variables[i].value.text, lines[i].value) == 0,
                "a form does not come back");
    free(text);
    buffer_done(&body);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_any(data, size);
    check_own(data, size);
    return 0;
}
