/* Definitions of receivers. See gps_definition.h. Input: one line of text. Output: the kind and
 * its options, or a sentence that says what is wrong and what would be right. */
#include "geo/gps_definition.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

enum { KEY_MAX = 16, VALUE_MAX = 128, USUAL_BAUD = 4800 };

static const struct gps_key common_keys[];

static int set_name(struct gps_definition *definition, const char *value, size_t length)
{
    if (!length || length >= sizeof definition->name || text_utf8_valid(value, length) != length)
        return -EINVAL;
    memcpy(definition->name, value, length);
    definition->name[length] = '\0';
    return 0;
}

static int set_uuid(struct gps_definition *definition, const char *value, size_t length)
{
    definition->has_uuid = true;
    return uuid_parse(value, length, &definition->uuid);
}

static int set_priority(struct gps_definition *definition, const char *value, size_t length)
{
    int64_t number;
    if (text_parse_i64(value, length, &number) || number < INT32_MIN || number > INT32_MAX)
        return -EINVAL;
    definition->has_priority = true;
    definition->priority = (int32_t)number;
    return 0;
}

static int set_data_only(struct gps_definition *definition, const char *value, size_t length)
{
    return text_parse_bool(value, length, &definition->data_only);
}

static int set_reconnect(struct gps_definition *definition, const char *value, size_t length)
{
    return text_parse_bool(value, length, &definition->reconnect);
}

int gps_definition_set_host(struct gps_definition *definition, const char *value, size_t length)
{
    if (!text_is_host(value, length) || length >= sizeof definition->host)
        return -EINVAL;
    snprintf(definition->host, sizeof definition->host, "%s", value);
    return 0;
}

int gps_definition_set_port(struct gps_definition *definition, const char *value, size_t length)
{
    int64_t port;
    if (text_parse_i64(value, length, &port) || port < 1 || port > 65535)
        return -EINVAL;
    definition->port = (unsigned)port;
    return 0;
}

static int refuse_type(const char *text, size_t length, struct buffer *ret_why)
{
    buffer_add_text(ret_why, "gps: the kind of receiver '");
    text_add_printable(ret_why, text, length);
    buffer_add_text(ret_why, "' is not known; known are ");
    for (size_t i = 0; i < gps_types_count; i++)
        buffer_printf(ret_why, "%s%s", i ? ", " : "", gps_types[i]->record.class);
    return -EINVAL;
}

static void list_keys(const struct gps_key *keys, const char **separator, struct buffer *ret_why)
{
    for (; keys && keys->key; keys++) {
        buffer_printf(ret_why, "%s%s", *separator, keys->key);
        *separator = ", ";
    }
}

static int refuse_key(const struct gps_definition *definition, const char *key,
                      struct buffer *ret_why)
{
    const char *separator = "";
    buffer_printf(ret_why, "gps: a %s receiver has no option '", definition->type->record.class);
    text_add_printable(ret_why, key, strlen(key));
    buffer_add_text(ret_why, "'; it has ");
    list_keys(definition->type->keys, &separator, ret_why);
    list_keys(common_keys, &separator, ret_why);
    return -EINVAL;
}

static const struct gps_key *find_key(const struct gps_key *keys, const char *key)
{
    for (; keys && keys->key; keys++)
        if (strcasecmp(keys->key, key) == 0)
            return keys;
    return NULL;
}

static int set_option(struct gps_definition *definition, const char *key, const char *value,
                      struct buffer *ret_why)
{
    const struct gps_key *known = find_key(definition->type->keys, key);
    if (!known)
        known = find_key(common_keys, key);
    if (!known)
        return refuse_key(definition, key, ret_why);
    if (known->set(definition, value, strlen(value)) == 0)
        return 0;
    buffer_printf(ret_why, "gps: '%s' cannot be '", known->key);
    text_add_printable(ret_why, value, strlen(value));
    buffer_add_text(ret_why, "'");
    return -EINVAL;
}

/* Takes one "key=value" off the text; true with both NUL-terminated when they make sense. */
static bool take_option(const char **at, char key[KEY_MAX], char value[VALUE_MAX])
{
    size_t key_length = strcspn(*at, "=,");
    const char *from = *at + key_length + 1;
    if (!key_length || key_length >= KEY_MAX || from[-1] != '=')
        return false;
    bool quoted = *from == '"';
    from += quoted;
    size_t length = strcspn(from, quoted ? "\"" : ",");
    const char *after = from + length;
    if (length >= VALUE_MAX || (quoted && *after++ != '"') || (*after && *after != ','))
        return false;
    memcpy(key, *at, key_length);
    key[key_length] = '\0';
    memcpy(value, from, length);
    value[length] = '\0';
    *at = *after ? after + 1 : after;
    return true;
}

int gps_definition_parse(const char *text, struct gps_definition *ret_definition,
                         struct buffer *ret_why)
{
    struct gps_definition definition = {
        .reconnect = true, .latitude = NAN, .longitude = NAN, .altitude = NAN, .baud = USUAL_BAUD};
    size_t type_length = strcspn(text, ":");
    const struct gps_type *type = definition.type = gps_type_find(text, type_length);
    if (!type)
        return refuse_type(text, type_length, ret_why);
    const char *at = text + type_length + (text[type_length] != '\0');
    while (*at) {
        char key[KEY_MAX], value[VALUE_MAX];
        if (!take_option(&at, key, value)) {
            buffer_printf(ret_why, "gps: what follows ':' is key=value,key=value, as in %s",
                          type->example);
            return -EINVAL;
        }
        int error = set_option(&definition, key, value, ret_why);
        if (error)
            return error;
    }
    if (type->is_complete && !type->is_complete(&definition)) {
        buffer_printf(ret_why, "gps: a %s receiver needs more, as in %s", type->record.class,
                      type->example);
        return -EINVAL;
    }
    *ret_definition = definition;
    return 0;
}

static const struct gps_key common_keys[] = {
    {"dataonly", set_data_only},  {"name", set_name}, {"priority", set_priority},
    {"reconnect", set_reconnect}, {"uuid", set_uuid}, {NULL, NULL},
};
