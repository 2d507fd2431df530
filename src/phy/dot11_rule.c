/* Rules about network names. See dot11_rule.h. */
#include "phy/dot11_rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/pattern.h"
#include "util/text.h"

enum { STEPS = 2000 /* of one match: it stands on a packet's way */ };

static const char form[] = "it takes NAME:ssid=\"...\" or NAME:ssidregex=\"...\"";

static int set_pattern(struct dot11_rule *rule, const char *value, size_t length,
                       struct buffer *ret_why)
{
    pattern_free(rule->pattern);
    rule->pattern = pattern_new(value, length, ret_why);
    if (!rule->pattern)
        return -errno;
    pattern_limit(rule->pattern, STEPS);
    pattern_matches(rule->pattern, "", 0); /* takes its memory now, not with a packet */
    return 0;
}

/* A pattern in parentheses with an option, as in (?i:home), needs no key of its own. */
static int set_ssid(struct dot11_rule *rule, const char *value, size_t length,
                    struct buffer *ret_why)
{
    if (length > 2 && value[0] == '(' && value[1] == '?')
        return set_pattern(rule, value, length, ret_why);
    rule->ssid.length = 0;
    text_add_printable(&rule->ssid, value, length);
    return rule->ssid.failed ? -ENOMEM : 0;
}

static int add_address(struct dot11_rule *rule, const char *text, size_t length,
                       struct buffer *ret_why)
{
    struct macaddr mac;
    uint64_t mask;
    if (macaddr_parse(text, length, &mac, &mask) != 0) {
        buffer_printf(ret_why, "'%.*s' is no address; one looks like AA:BB:CC:DD:EE:FF",
                      length < 60 ? (int)length : 60, text);
        return -EINVAL;
    }
    if (rule->address_count == DOT11_RULE_ADDRESSES) {
        buffer_printf(ret_why, "it names more than %d addresses", DOT11_RULE_ADDRESSES);
        return -EINVAL;
    }
    rule->addresses[rule->address_count++] =
        (struct dot11_rule_address){.mac = macaddr_u64(mac) & mask, .mask = mask};
    return 0;
}

static int set_addresses(struct dot11_rule *rule, const char *value, size_t length,
                         struct buffer *ret_why)
{
    const char *end = value + length;
    int error = 0;
    if (!rule->addresses)
        rule->addresses = calloc(DOT11_RULE_ADDRESSES, sizeof *rule->addresses);
    if (!rule->addresses)
        return -ENOMEM;
    while (value < end && !error) {
        const char *comma = memchr(value, ',', (size_t)(end - value));
        const char *stop = comma ? comma : end;
        error = add_address(rule, value, (size_t)(stop - value), ret_why);
        value = stop + 1;
    }
    return error;
}

static const struct {
    const char *key;
    int (*set)(struct dot11_rule *rule, const char *value, size_t length, struct buffer *ret_why);
} keys[] = {
    {"ssid", set_ssid},
    {"ssidregex", set_pattern},
    {"validmacs", set_addresses},
};

static int set_value(struct dot11_rule *rule, const char *key, size_t key_length, const char *value,
                     size_t length, struct buffer *ret_why)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].key) == key_length && strncasecmp(keys[i].key, key, key_length) == 0)
            return keys[i].set(rule, value, length, ret_why);
    buffer_printf(ret_why, "'%.*s' is not one of ssid, ssidregex, validmacs",
                  key_length < 40 ? (int)key_length : 40, key);
    return -EINVAL;
}

/* Reads key=value or key="value" pairs between commas. */
static int parse_values(struct dot11_rule *rule, const char *at, struct buffer *ret_why)
{
    int error = 0;
    while (*at && !error) {
        const char *equals = strchr(at, '=');
        if (!equals) {
            buffer_add_text(ret_why, form);
            return -EINVAL;
        }
        bool quoted = equals[1] == '"';
        const char *value = equals + 1 + quoted;
        const char *end = quoted ? strchr(value, '"') : value + strcspn(value, ",");
        if (!end || (quoted && end[1] && end[1] != ',')) {
            buffer_printf(ret_why, "the quotes after %.*s= do not end", (int)(equals - at), at);
            return -EINVAL;
        }
        error = set_value(rule, at, (size_t)(equals - at), value, (size_t)(end - value), ret_why);
        at = end + quoted;
        at += *at == ',';
    }
    return error;
}

int dot11_rule_parse(const char *line, bool needs_addresses, struct dot11_rule *ret_rule,
                     struct buffer *ret_why)
{
    struct dot11_rule rule = {0};
    const char *colon = strchr(line, ':');
    size_t length = colon ? (size_t)(colon - line) : 0;
    if (!length || length >= sizeof rule.name) {
        buffer_add_text(ret_why, form);
        return -EINVAL;
    }
    memcpy(rule.name, line, length);
    text_clean(rule.name);
    int error = parse_values(&rule, colon + 1, ret_why);
    if (!error && !rule.ssid.length && !rule.pattern) {
        buffer_add_text(ret_why, form);
        error = -EINVAL;
    }
    if (!error && needs_addresses && !rule.address_count) {
        buffer_add_text(ret_why, "validmacs=\"...\" with the addresses of the network is missing");
        error = -EINVAL;
    }
    if (error)
        dot11_rule_done(&rule);
    else
        *ret_rule = rule;
    return error;
}

void dot11_rule_done(struct dot11_rule *rule)
{
    buffer_done(&rule->ssid);
    pattern_free(rule->pattern);
    free(rule->addresses);
}

bool dot11_rule_matches(const struct dot11_rule *rule, const struct string *ssid)
{
    if (!ssid)
        return false;
    if (rule->pattern && pattern_matches(rule->pattern, ssid->text, ssid->length))
        return true;
    return rule->ssid.length && rule->ssid.length == ssid->length &&
           memcmp(rule->ssid.data, ssid->text, ssid->length) == 0;
}

bool dot11_rule_lists(const struct dot11_rule *rule, struct macaddr mac)
{
    uint64_t address = macaddr_u64(mac);
    for (size_t i = 0; i < rule->address_count; i++)
        if ((address & rule->addresses[i].mask) == rule->addresses[i].mac)
            return true;
    return false;
}
