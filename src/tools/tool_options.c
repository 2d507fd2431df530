/* Definitions taken apart for a tool. See tool_options.h; the grammar is util/definition_text's. */
#include "tools/tool_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/definition_text.h"

/* Copies a span to *at, which moves behind its NUL. */
static char *keep(char **at, struct definition_span span)
{
    char *kept = *at;
    memcpy(kept, span.text, span.length);
    kept[span.length] = '\0';
    *at += span.length + 1;
    return kept;
}

/* Puts ",word" behind the newest value, whose NUL is the newest byte kept. */
static void lengthen(char **at, struct definition_span word)
{
    (*at)[-1] = ',';
    keep(at, word);
}

static int check(struct protocol_text text, struct buffer *ret_why)
{
    if (text.length && text.length <= TOOL_DEFINITION_MAX && !memchr(text.text, 0, text.length))
        return 0;
    buffer_printf(ret_why, "a source definition is a text of up to %d bytes", TOOL_DEFINITION_MAX);
    return -EINVAL;
}

static int fill(struct tool_options *options, struct buffer *ret_why)
{
    const char *rest;
    struct definition_part part;
    char *at = options->texts;
    options->interface = keep(&at, definition_text_interface(options->definition, &rest));
    if (!*options->interface) {
        buffer_add_text(ret_why, "a source definition begins with an interface");
        return -EINVAL;
    }
    while (definition_text_next(&rest, &part)) {
        if (!part.key.text && options->count) {
            lengthen(&at, part.whole);
        } else if (part.key.text && options->count < TOOL_OPTIONS) {
            struct tool_option *option = &options->options[options->count++];
            option->key = keep(&at, part.key);
            option->value = keep(&at, part.value);
        }
    }
    return 0;
}

int tool_options_parse(struct protocol_text text, struct tool_options *ret_options,
                       struct buffer *ret_why)
{
    struct tool_options options = {0};
    int result = check(text, ret_why);
    if (result < 0)
        return result;
    options.definition = strndup((const char *)text.text, text.length);
    options.texts = malloc(text.length + 2); /* an end for each colon, comma and equals sign */
    result = options.definition && options.texts ? fill(&options, ret_why) : -ENOMEM;
    if (result < 0)
        tool_options_done(&options);
    else
        *ret_options = options;
    return result;
}

void tool_options_done(struct tool_options *options)
{
    free(options->definition);
    free(options->texts);
    *options = (struct tool_options){0};
}

const char *tool_options_find(const struct tool_options *options, const char *key, size_t skip)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcasecmp(options->options[i].key, key) == 0 && skip-- == 0)
            return options->options[i].value;
    return NULL;
}
