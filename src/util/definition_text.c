/* Splitting source definitions at colons, commas and equals signs. See definition_text.h. */
#include "util/definition_text.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct definition_span definition_text_trim(const char *text, size_t length)
{
    while (length && is_blank(*text)) {
        text++;
        length--;
    }
    while (length && is_blank(text[length - 1]))
        length--;
    return (struct definition_span){text, length};
}

struct definition_span definition_text_interface(const char *text, const char **ret_options)
{
    size_t length = strcspn(text, ":");
    *ret_options = text + length + (text[length] == ':');
    return definition_text_trim(text, length);
}

/* Where the option that starts at `text` ends: at a comma outside quotes or at the end. */
static size_t option_length(const char *text)
{
    bool quoted = false;
    size_t length = 0;
    for (; text[length] && (quoted || text[length] != ','); length++)
        if (text[length] == '"')
            quoted = !quoted;
    return length;
}

/* Takes the quotes off the value. */
static void unquote(struct definition_part *part)
{
    struct definition_span *value = &part->value;
    part->quoted = value->length >= 2 && value->text[0] == '"';
    if (part->quoted && value->text[value->length - 1] == '"') {
        value->text++;
        value->length -= 2;
    }
    part->unmatched = memchr(value->text, '"', value->length) != NULL;
}

static struct definition_part split(struct definition_span whole)
{
    struct definition_part part = {.whole = whole};
    const char *equals = memchr(whole.text, '=', whole.length);
    if (!equals || equals == whole.text)
        return part;
    size_t key_length = (size_t)(equals - whole.text);
    part.key = definition_text_trim(whole.text, key_length);
    part.value = definition_text_trim(equals + 1, whole.length - key_length - 1);
    unquote(&part);
    return part;
}

bool definition_text_next(const char **options, struct definition_part *ret_part)
{
    while (**options) {
        size_t length = option_length(*options);
        struct definition_span whole = definition_text_trim(*options, length);
        *options += length;
        *options += **options == ',';
        if (whole.length) {
            *ret_part = split(whole);
            return true;
        }
    }
    return false;
}
