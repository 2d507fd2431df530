/* Definitions of receivers. See gps_definition.h. Input: one line of text. Output: the kind and
 * its options, or a sentence that says what is wrong and what would be right. */
#include "geo/gps_definition.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

enum { KEY_MAX = 16, VALUE_MAX = 128 };

struct known_key {
    const char *key;
    bool fixed_only; /* means something for a virtual receiver alone */
    int (*set)(struct gps_definition *definition, const char *value, size_t length);
};

static const struct gps_type_record *const known_types[];
static const size_t known_types_count;
static const struct known_key known_keys[];
static const size_t known_keys_count;

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

static int parse_within(const char *value, size_t length, double limit, double *ret_number)
{
    double number;
    if (text_parse_double(value, length, &number) || fabs(number) > limit)
        return -EINVAL;
    *ret_number = number;
    return 0;
}

static int set_latitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 90, &definition->latitude);
}

static int set_longitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 180, &definition->longitude);
}

static int set_altitude(struct gps_definition *definition, const char *value, size_t length)
{
    return parse_within(value, length, 1e6, &definition->altitude);
}

static const struct gps_type_record *find_type(const char *text, size_t length)
{
    for (size_t i = 0; i < known_types_count; i++)
        if (strlen(known_types[i]->class) == length &&
            strncasecmp(known_types[i]->class, text, length) == 0)
            return known_types[i];
    return NULL;
}

static int refuse_type(const char *text, size_t length, struct buffer *ret_why)
{
    buffer_add_text(ret_why, "gps: the kind of receiver '");
    text_add_printable(ret_why, text, length);
    buffer_add_text(ret_why, "' is not known; known are ");
    for (size_t i = 0; i < known_types_count; i++)
        buffer_printf(ret_why, "%s%s", i ? ", " : "", known_types[i]->class);
    return -EINVAL;
}

static int refuse_key(const struct gps_definition *definition, const char *key,
                      struct buffer *ret_why)
{
    buffer_printf(ret_why, "gps: a %s receiver has no option '", definition->type->class);
    text_add_printable(ret_why, key, strlen(key));
    buffer_add_text(ret_why, "'; it has ");
    const char *separator = "";
    for (size_t i = 0; i < known_keys_count; i++) {
        if (known_keys[i].fixed_only && definition->type != &gps_type_virtual)
            continue;
        buffer_printf(ret_why, "%s%s", separator, known_keys[i].key);
        separator = ", ";
    }
    return -EINVAL;
}

static int set_option(struct gps_definition *definition, const char *key, const char *value,
                      struct buffer *ret_why)
{
    for (size_t i = 0; i < known_keys_count; i++) {
        const struct known_key *known = &known_keys[i];
        if (strcasecmp(known->key, key) != 0 ||
            (known->fixed_only && definition->type != &gps_type_virtual))
            continue;
        if (known->set(definition, value, strlen(value)) == 0)
            return 0;
        buffer_printf(ret_why, "gps: '%s' cannot be '", known->key);
        text_add_printable(ret_why, value, strlen(value));
        buffer_add_text(ret_why, "'");
        return -EINVAL;
    }
    return refuse_key(definition, key, ret_why);
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
        .reconnect = true, .latitude = NAN, .longitude = NAN, .altitude = NAN};
    size_t type_length = strcspn(text, ":");
    definition.type = find_type(text, type_length);
    if (!definition.type)
        return refuse_type(text, type_length, ret_why);
    const char *at = text + type_length + (text[type_length] != '\0');
    while (*at) {
        char key[KEY_MAX], value[VALUE_MAX];
        if (!take_option(&at, key, value)) {
            buffer_add_text(ret_why, "gps: what follows ':' is key=value,key=value, as in "
                                     "virtual:lat=47.4,lon=8.5,alt=400");
            return -EINVAL;
        }
        int error = set_option(&definition, key, value, ret_why);
        if (error)
            return error;
    }
    if (definition.type == &gps_type_virtual &&
        (isnan(definition.latitude) || isnan(definition.longitude))) {
        buffer_add_text(ret_why, "gps: a virtual receiver needs lat and lon, as in "
                                 "virtual:lat=47.4,lon=8.5,alt=400");
        return -EINVAL;
    }
    *ret_definition = definition;
    return 0;
}

const struct gps_type_record gps_type_web = {.class = "web",
                                             .description = "positions posted by a browser",
                                             .default_name = "web",
                                             .priority = 0,
                                             .singleton = 1};

const struct gps_type_record gps_type_virtual = {.class = "virtual",
                                                 .description = "one place that never changes",
                                                 .default_name = "virtual",
                                                 .priority = 0,
                                                 .singleton = 1};

static const struct gps_type_record *const known_types[] = {&gps_type_virtual, &gps_type_web};
static const size_t known_types_count = sizeof known_types / sizeof *known_types;

// clang-format off
static const struct known_key known_keys[] = {
    {"alt", true, set_altitude},
    {"dataonly", false, set_data_only},
    {"lat", true, set_latitude},
    {"lon", true, set_longitude},
    {"name", false, set_name},
    {"priority", false, set_priority},
    {"reconnect", false, set_reconnect},
    {"uuid", false, set_uuid},
};
static const size_t known_keys_count = sizeof known_keys / sizeof *known_keys;
