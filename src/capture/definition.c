/* Source definitions: grammar, known options, checks, re-printing. See definition.h.
 * Input: one line of text. Output: struct definition, or a sentence that says what is wrong and
 * what would be right. */
#include "capture/definition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/channel_text.h"
#include "util/definition_text.h"
#include "util/text.h"

enum value_kind {
    VALUE_TEXT,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_RATE,     /* of packets: above zero */
    VALUE_HOP_RATE, /* "5/sec" */
    VALUE_UUID,
    VALUE_CHANNEL,
    VALUE_CHANNELS,
    VALUE_TUNER, /* "null" */
};

enum key_flags {
    KEY_SHOWN = 1,  /* named when somebody writes an unknown one */
    KEY_SECRET = 2, /* its value is hidden from those not logged in */
    KEY_REPEAT = 4, /* may stand several times */
};

struct known_key {
    const char *key;
    enum value_kind kind;
    unsigned flags;
};

/* What a key was called in 2016, and what its value needs to be today's. */
struct old_key {
    const char *key;
    const char *today;
    const char *suffix;
};

static const struct known_key known_keys[];
static const size_t known_keys_count;
static const struct old_key old_keys[];
static const size_t old_keys_count;

#define PACKETS_PER_SECOND_MAX 10e6

static const struct known_key *find_key(const char *key)
{
    for (size_t i = 0; i < known_keys_count; i++)
        if (strcasecmp(known_keys[i].key, key) == 0)
            return &known_keys[i];
    return NULL;
}

static const struct old_key *find_old_key(const char *key)
{
    for (size_t i = 0; i < old_keys_count; i++)
        if (strcasecmp(old_keys[i].key, key) == 0)
            return &old_keys[i];
    return NULL;
}

static const char *nearest_key(const char *key)
{
    const char *nearest = NULL;
    unsigned least = 3;
    for (size_t i = 0; i < known_keys_count; i++) {
        unsigned distance = text_distance(key, known_keys[i].key);
        if (distance < least && distance < strlen(key)) {
            least = distance;
            nearest = known_keys[i].key;
        }
    }
    return nearest;
}

static int tell_unknown(const char *key, struct buffer *ret_why)
{
    buffer_printf(ret_why, "unknown source option \"%s\"", key);
    const char *nearest = nearest_key(key);
    if (nearest)
        buffer_printf(ret_why, " (did you mean \"%s\"?)", nearest);
    buffer_add_text(ret_why, "; the options are");
    const char *separator = " ";
    for (size_t i = 0; i < known_keys_count; i++) {
        if (!(known_keys[i].flags & KEY_SHOWN))
            continue;
        buffer_printf(ret_why, "%s%s", separator, known_keys[i].key);
        separator = ", ";
    }
    buffer_add_text(ret_why, " and those of capture tools");
    return -EINVAL;
}

static int refuse_value(const char *key, const char *value, const char *wanted,
                        struct buffer *ret_why)
{
    buffer_printf(ret_why, "%s=%s: %s", key, value, wanted);
    return -EINVAL;
}

static bool is_number(const char *value, double above, double most)
{
    double number;
    return text_parse_double(value, strlen(value), &number) == 0 && number > above &&
           number <= most;
}

static int check_channels(const char *key, const char *value, struct buffer *ret_why)
{
    struct source_channels list;
    struct buffer why = {0};
    int result = channel_text_parse_list(value, &list, &why);
    if (result < 0)
        buffer_printf(ret_why, "%s=%s: %.*s", key, value, (int)why.length, (const char *)why.data);
    buffer_done(&why);
    return result;
}

static int check_value(const struct known_key *known, const char *value, struct buffer *ret_why)
{
    bool flag;
    double rate;
    struct uuid uuid;
    char channel[SOURCE_CHANNEL_TEXT];
    const char *wanted = NULL;
    switch (known->kind) {
    case VALUE_TEXT: return 0;
    case VALUE_BOOL:
        if (text_parse_bool(value, strlen(value), &flag) < 0)
            wanted = "write true or false";
        break;
    case VALUE_NUMBER:
        if (!is_number(value, -1e9, 1e9))
            wanted = "write a number";
        break;
    case VALUE_RATE:
        if (!is_number(value, 0, PACKETS_PER_SECOND_MAX))
            wanted = "write a number of packets a second, above 0 and up to 10000000";
        break;
    case VALUE_HOP_RATE:
        if (channel_text_parse_rate(value, &rate) < 0)
            wanted = "write N/sec, N/min or N/dwell (one hop every N seconds)";
        break;
    case VALUE_UUID:
        if (uuid_parse(value, strlen(value), &uuid) < 0)
            wanted = "a UUID has 36 characters, such as 4E1D07C3-0000-0000-0000-00005BE71D37";
        break;
    case VALUE_CHANNEL:
        if (channel_text_parse(value, channel, NULL) < 0)
            wanted = "write a channel, such as 6, 6HT40+, 36VHT80, 1W6e or 2412";
        break;
    case VALUE_CHANNELS: return check_channels(known->key, value, ret_why);
    case VALUE_TUNER:
        if (strcasecmp(value, "null") != 0)
            wanted = "the only make-believe tuner is null";
        break;
    }
    return wanted ? refuse_value(known->key, value, wanted, ret_why) : 0;
}

/* Copies text into the definition's own memory, sized for all of it by definition_parse(). */
static const char *keep(struct definition *definition, const char *text, size_t length)
{
    char *kept = definition->texts + definition->texts_used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    definition->texts_used += length + 1;
    return kept;
}

/* The place of a key's option: the one it had, or a new one. NULL when there are too many. */
static struct definition_option *place_option(struct definition *definition,
                                              const struct known_key *known)
{
    if (!(known->flags & KEY_REPEAT))
        for (size_t i = 0; i < definition->count; i++)
            if (definition->options[i].key == known->key)
                return &definition->options[i];
    if (definition->count == DEFINITION_OPTIONS)
        return NULL;
    return &definition->options[definition->count++];
}

static int add_option(struct definition *definition, const struct definition_part *part,
                      struct buffer *ret_why)
{
    const char *typed = keep(definition, part->key.text, part->key.length);
    const char *written = keep(definition, part->value.text, part->value.length);
    const char *today = written;
    const struct old_key *old = find_old_key(typed);
    const struct known_key *known = find_key(old ? old->today : typed);
    if (!known)
        return tell_unknown(typed, ret_why);
    if (old && old->suffix && !strchr(written, '/')) {
        today = keep(definition, part->value.text, part->value.length);
        definition->texts_used--;
        keep(definition, old->suffix, strlen(old->suffix));
    }
    int result = check_value(known, today, ret_why);
    if (result < 0)
        return result;
    struct definition_option *option = place_option(definition, known);
    if (!option) {
        buffer_printf(ret_why, "more than %d options", DEFINITION_OPTIONS);
        return -EINVAL;
    }
    *option = (struct definition_option){.key = known->key,
                                         .value = today,
                                         .typed = typed,
                                         .written = written,
                                         .quoted = part->quoted};
    return 0;
}

static int parse_option(struct definition *definition, const struct definition_part *part,
                        struct buffer *ret_why)
{
    if (!part->key.text) {
        buffer_printf(ret_why,
                      "\"%.*s\" is not an option: write key=value, and quotes around a value "
                      "that holds commas (channels=\"1,6,11\")",
                      (int)part->whole.length, part->whole.text);
        return -EINVAL;
    }
    if (part->unmatched) {
        buffer_printf(ret_why, "quotes do not match in \"%.*s\"", (int)part->key.length,
                      part->key.text);
        return -EINVAL;
    }
    return add_option(definition, part, ret_why);
}

static int parse_options(struct definition *definition, const char *text, struct buffer *ret_why)
{
    struct definition_part part;
    while (definition_text_next(&text, &part)) {
        int result = parse_option(definition, &part, ret_why);
        if (result < 0)
            return result;
    }
    return 0;
}

/* What holds for the text as a whole. NULL when it is fine, else what is wrong. */
static const char *check_text(const char *text, size_t length)
{
    if (!length)
        return "an empty source definition: write INTERFACE:key=value,key=value";
    if (length >= SOURCE_DEFINITION)
        return "a source definition has at most 2047 bytes";
    if (text_utf8_valid(text, length) != length)
        return "a source definition must be UTF-8 text";
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return "a source definition cannot hold control characters";
    const char *colon = memchr(text, ':', length);
    size_t head = colon ? (size_t)(colon - text) : length;
    if (memchr(text, ',', head))
        return "a comma before the first colon: write INTERFACE:key=value,key=value";
    if (!definition_text_trim(text, head).length)
        return "no interface before the colon: write INTERFACE:key=value,key=value";
    if (head >= SOURCE_INTERFACE)
        return "an interface or path has at most 1023 bytes here";
    return NULL;
}

static struct definition *new_definition(size_t length)
{
    /* Each byte is kept at most three times, and an option adds ends and an old key's suffix. */
    size_t room = 3 * length + (length / 2 + 2) * 10;
    struct definition *definition = calloc(1, sizeof *definition);
    if (definition && !(definition->texts = malloc(room))) {
        free(definition);
        return NULL;
    }
    return definition;
}

int definition_parse(const char *text, struct definition **ret_definition, struct buffer *ret_why)
{
    struct definition_span whole = definition_text_trim(text, strlen(text));
    const char *wrong = check_text(whole.text, whole.length);
    if (wrong) {
        buffer_add_text(ret_why, wrong);
        return -EINVAL;
    }
    struct definition *definition = new_definition(whole.length);
    if (!definition)
        return -ENOMEM;
    const char *copy = keep(definition, whole.text, whole.length);
    const char *options;
    struct definition_span interface = definition_text_interface(copy, &options);
    definition->interface = keep(definition, interface.text, interface.length);
    int result = parse_options(definition, options, ret_why);
    if (result < 0) {
        definition_free(definition);
        return result;
    }
    *ret_definition = definition;
    return 0;
}

void definition_free(struct definition *definition)
{
    if (!definition)
        return;
    free(definition->texts);
    free(definition);
}

const char *definition_find(const struct definition *definition, const char *key)
{
    for (size_t i = 0; i < definition->count; i++)
        if (strcmp(definition->options[i].key, key) == 0)
            return definition->options[i].value;
    return NULL;
}

bool definition_bool(const struct definition *definition, const char *key, bool fallback)
{
    const char *value = definition_find(definition, key);
    bool flag = fallback;
    if (value && text_parse_bool(value, strlen(value), &flag) < 0)
        return fallback;
    return flag;
}

double definition_number(const struct definition *definition, const char *key, double fallback)
{
    const char *value = definition_find(definition, key);
    double number = fallback;
    if (value && text_parse_double(value, strlen(value), &number) < 0)
        return fallback;
    return number;
}

static void append(char *text, size_t *used, const char *part)
{
    while (*part && *used + 1 < SOURCE_DEFINITION)
        text[(*used)++] = *part++;
    text[*used] = '\0';
}

void definition_write(const struct definition *definition, bool hide_secrets,
                      char ret_text[SOURCE_DEFINITION])
{
    size_t used = 0;
    append(ret_text, &used, definition->interface);
    for (size_t i = 0; i < definition->count; i++) {
        const struct definition_option *option = &definition->options[i];
        bool secret = hide_secrets && find_key(option->key)->flags & KEY_SECRET;
        append(ret_text, &used, i ? "," : ":");
        append(ret_text, &used, option->typed);
        append(ret_text, &used, option->quoted ? "=\"" : "=");
        append(ret_text, &used, secret ? "***" : option->written);
        append(ret_text, &used, option->quoted ? "\"" : "");
    }
}

// clang-format off
static const struct old_key old_keys[] = {
    {"hop", "channel_hop", NULL},
    {"channellist", "channels", NULL},
    {"velocity", "channel_hoprate", "/sec"},
    {"dwell", "channel_hoprate", "/dwell"},
    {"vap", "vif", NULL},
};
static const size_t old_keys_count = sizeof old_keys / sizeof old_keys[0];

static const struct known_key known_keys[] = {
    {"name", VALUE_TEXT, KEY_SHOWN},
    {"uuid", VALUE_UUID, KEY_SHOWN},
    {"type", VALUE_TEXT, KEY_SHOWN},
    {"retry", VALUE_BOOL, KEY_SHOWN},
    {"realtime", VALUE_BOOL, KEY_SHOWN},
    {"pps", VALUE_RATE, KEY_SHOWN},
    {"loop", VALUE_BOOL, KEY_SHOWN},
    {"tuner", VALUE_TUNER, KEY_SHOWN},
    {"validatefcs", VALUE_BOOL, KEY_SHOWN},
    {"fcs", VALUE_BOOL, KEY_SHOWN},
    {"channel", VALUE_CHANNEL, KEY_SHOWN},
    {"channels", VALUE_CHANNELS, KEY_SHOWN},
    {"add_channels", VALUE_CHANNELS, KEY_SHOWN},
    {"block_channels", VALUE_CHANNELS, KEY_SHOWN},
    {"channel_hop", VALUE_BOOL, KEY_SHOWN},
    {"channel_hoprate", VALUE_HOP_RATE, KEY_SHOWN},
    {"split", VALUE_BOOL, KEY_SHOWN},
    {"metagps", VALUE_TEXT, KEY_SHOWN},
    {"timestamp", VALUE_BOOL, KEY_SHOWN},
    {"info_antenna_type", VALUE_TEXT, KEY_SHOWN},
    {"info_antenna_gain", VALUE_NUMBER, KEY_SHOWN},
    {"info_antenna_orientation", VALUE_NUMBER, KEY_SHOWN},
    {"info_antenna_beamwidth", VALUE_NUMBER, KEY_SHOWN},
    {"info_amp_type", VALUE_TEXT, KEY_SHOWN},
    {"info_amp_gain", VALUE_NUMBER, KEY_SHOWN},

    /* of the Wi-Fi capture tools */
    {"vif", VALUE_TEXT, 0},
    {"forcevap", VALUE_BOOL, 0},
    {"ignoreprimary", VALUE_BOOL, 0},
    {"ht_channels", VALUE_BOOL, 0},
    {"vht_channels", VALUE_BOOL, 0},
    {"default_ht20", VALUE_BOOL, 0},
    {"expand_ht20", VALUE_BOOL, 0},
    {"band24ghz", VALUE_BOOL, 0},
    {"band5ghz", VALUE_BOOL, 0},
    {"band6ghz", VALUE_BOOL, 0},
    {"fcsfail", VALUE_BOOL, 0},
    {"plcpfail", VALUE_BOOL, 0},
    {"filter_mgmt", VALUE_BOOL, 0},
    {"truncate_data", VALUE_BOOL, 0},
    {"filter_locals", VALUE_BOOL, 0},
    {"filter_interface", VALUE_TEXT, KEY_REPEAT},
    {"filter_address", VALUE_TEXT, KEY_REPEAT},
    {"verbose", VALUE_BOOL, 0},
    {"statistics", VALUE_BOOL, 0},
    {"dot11_process_phy", VALUE_BOOL, 0},

    /* of tools for other radios */
    {"device", VALUE_TEXT, 0},
    {"baudrate", VALUE_NUMBER, 0},
    {"phy", VALUE_TEXT, 0},
    {"band", VALUE_TEXT, 0},
    {"frequency", VALUE_TEXT, 0},
    {"gain", VALUE_TEXT, 0},
    {"ppm", VALUE_TEXT, 0},
    {"biast", VALUE_TEXT, 0},
    {"biastgpio", VALUE_TEXT, 0},
    {"pass_invalid", VALUE_TEXT, 0},

    /* of sources over the network */
    {"host", VALUE_TEXT, 0},
    {"port", VALUE_NUMBER, 0},
    {"topic", VALUE_TEXT, 0},
    {"mapping", VALUE_TEXT, 0},
    {"identity", VALUE_TEXT, 0},
    {"user", VALUE_TEXT, KEY_SECRET},
    {"username", VALUE_TEXT, KEY_SECRET},
    {"password", VALUE_TEXT, KEY_SECRET},
    {"apikey", VALUE_TEXT, KEY_SECRET},
    {"endpoint", VALUE_TEXT, 0},
    {"ssl", VALUE_BOOL, 0},
    {"tls", VALUE_BOOL, 0},
    {"tls_psk", VALUE_TEXT, KEY_SECRET},
    {"tls_ca_dir", VALUE_TEXT, 0},
    {"tls_ca_file", VALUE_TEXT, 0},
    {"tls_certfile", VALUE_TEXT, 0},
    {"tls_keyfile", VALUE_TEXT, 0},
    {"tls_keyfile_pw", VALUE_TEXT, KEY_SECRET},
    {"debug", VALUE_BOOL, 0},
};
static const size_t known_keys_count = sizeof known_keys / sizeof known_keys[0];
// clang-format on
