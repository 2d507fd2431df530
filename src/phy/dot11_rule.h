/* Rules about network names: apspoof= and ssidcanary= of the configuration. A rule has a name, an
 * SSID or a pattern of SSIDs, and for apspoof the addresses that may use it. Input: a line such as
 * home:ssid="Home",validmacs="AA:BB:CC:DD:EE:FF,11:22:33:00:00:00/FF:FF:FF:00:00:00". Output:
 * whether an SSID, in its printable form, is meant; whether an address is listed. */
#ifndef NORN_PHY_DOT11_RULE_H
#define NORN_PHY_DOT11_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/intern.h"
#include "util/macaddr.h"

enum {
    DOT11_RULES = 256,
    DOT11_RULE_NAME = 48,
    DOT11_RULE_ADDRESSES = 1024,
};

struct pattern;

struct dot11_rule_address {
    uint64_t mac, mask;
};

struct dot11_rule {
    char name[DOT11_RULE_NAME];
    struct buffer ssid;      /* printable; unless there is a pattern */
    struct pattern *pattern; /* of ssidregex="...", or of ssid="(?...)" */
    struct dot11_rule_address *addresses;
    size_t address_count;
};

/* Parses a line; with `needs_addresses`, one without validmacs is an error. 0 with ret_rule
 * (dot11_rule_done()), -EINVAL with a sentence in ret_why, or -ENOMEM. */
int dot11_rule_parse(const char *line, bool needs_addresses, struct dot11_rule *ret_rule,
                     struct buffer *ret_why);
void dot11_rule_done(struct dot11_rule *rule);

/* Whether the rule means that SSID; NULL, a name not known, is never meant. Not thread-safe. */
bool dot11_rule_matches(const struct dot11_rule *rule, const struct string *ssid);

/* Whether the address is one of the rule's. */
bool dot11_rule_lists(const struct dot11_rule *rule, struct macaddr mac);

#endif
