/* The alerts of 802.11. See dot11_alerts.h. */
#include "phy/dot11_alerts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "phy/dot11_rule.h"
#include "util/clock.h"

enum {
    FLOOD = 10, /* disconnects; one more is a flood */
    GAP_NS = 1000000000,
};

/* The rules of one option. */
struct rules {
    struct dot11_rule *rules;
    size_t count;
};

struct dot11_alerts {
    struct alert *alert;
    unsigned first; /* number of DOT11_ALERT_DEAUTHFLOOD */
    struct rules spoofs, canaries;
};

static int read_rules(struct rules *rules, const struct options *options, const char *key,
                      bool needs_addresses, struct buffer *ret_why)
{
    size_t lines = options ? options_count(options, key) : 0;
    rules->rules = calloc((lines < DOT11_RULES ? lines : DOT11_RULES) + 1, sizeof *rules->rules);
    if (!rules->rules)
        return -ENOMEM;
    for (size_t i = 0; i < lines; i++) {
        const char *line = options_at(options, key, i);
        struct buffer why = {0};
        if (rules->count == DOT11_RULES)
            buffer_printf(&why, "there are more than %d such rules", DOT11_RULES);
        else if (dot11_rule_parse(line, needs_addresses, &rules->rules[rules->count], &why) == 0)
            rules->count++;
        if (why.length)
            buffer_printf(ret_why, "%s=%s: %.*s\n", key, line, (int)why.length,
                          (const char *)why.data);
        buffer_done(&why);
    }
    return 0;
}

static void free_rules(struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        dot11_rule_done(&rules->rules[i]);
    free(rules->rules);
}

struct dot11_alerts *dot11_alerts_new(struct alert *alert, int64_t phy,
                                      const struct options *options, struct buffer *ret_why)
{
    struct dot11_alerts *alerts = calloc(1, sizeof *alerts);
    int first = alert_define_all(alert, dot11_alert_kinds, DOT11_ALERTS, phy);
    if (!alerts || first < 0 ||
        read_rules(&alerts->spoofs, options, "apspoof", true, ret_why) != 0 ||
        read_rules(&alerts->canaries, options, "ssidcanary", false, ret_why) != 0) {
        dot11_alerts_free(alerts);
        return NULL;
    }
    alerts->alert = alert;
    alerts->first = (unsigned)first;
    return alerts;
}

void dot11_alerts_free(struct dot11_alerts *alerts)
{
    if (!alerts)
        return;
    free_rules(&alerts->spoofs);
    free_rules(&alerts->canaries);
    free(alerts);
}

bool dot11_alerts_count_disconnect(struct dot11_device *bss, uint64_t time_ns)
{
    uint64_t last_ns = bss->disconnects_last * NS_PER_S + bss->disconnects_fraction;
    bool apart = time_ns > last_ns + GAP_NS;
    bss->disconnects_last = time_ns / NS_PER_S;
    bss->disconnects_fraction = (uint32_t)(time_ns % NS_PER_S);
    bss->disconnects = apart ? 1 : bss->disconnects + 1;
    if (bss->disconnects <= FLOOD)
        return false;
    bss->disconnects = 0;
    return true;
}

void dot11_alerts_disconnect(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                             bool is_flood)
{
    static const struct macaddr everybody = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    if (is_flood)
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_DEAUTHFLOOD, facts,
                    "more than %d disconnects on BSSID " MACADDR_FORMAT
                    ", each within a second of the one before",
                    FLOOD, MACADDR_OCTETS(facts->transmitter));
    if (macaddr_equal(facts->destination, everybody))
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_BCASTDISCON, facts,
                    MACADDR_FORMAT " disconnects everybody from BSSID " MACADDR_FORMAT,
                    MACADDR_OCTETS(facts->source), MACADDR_OCTETS(facts->transmitter));
}

/* The first rule that means the SSID and does not list the address; NULL when there is none. */
static const struct dot11_rule *find_rule(const struct rules *rules, const struct string *ssid,
                                          struct macaddr source)
{
    for (size_t i = 0; i < rules->count; i++)
        if (dot11_rule_matches(&rules->rules[i], ssid) &&
            !dot11_rule_lists(&rules->rules[i], source))
            return &rules->rules[i];
    return NULL;
}

static void judge_canary(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                         const struct string *ssid, const char *done)
{
    const struct dot11_rule *rule = find_rule(&alerts->canaries, ssid, facts->source);
    if (rule)
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_SSIDCANARY, facts,
                    MACADDR_FORMAT " %s the SSID '%s', a canary of the rule %s",
                    MACADDR_OCTETS(facts->source), done, string_text(ssid), rule->name);
}

static void judge_spoof(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                        const struct string *ssid)
{
    const struct dot11_rule *rule = find_rule(&alerts->spoofs, ssid, facts->source);
    if (rule)
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_APSPOOF, facts,
                    MACADDR_FORMAT
                    " offers the SSID '%s', but is not one of the addresses of the rule %s",
                    MACADDR_OCTETS(facts->source), string_text(ssid), rule->name);
}

void dot11_alerts_network(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                          const struct dot11_news *news)
{
    const struct dot11_ssid *ssid = news->ssid;
    const char *name = string_text(ssid->ssid);
    if (news->is_named) {
        judge_spoof(alerts, facts, ssid->ssid);
        judge_canary(alerts, facts, ssid->ssid, "offers");
    }
    if (news->is_opened)
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_CRYPTODROP, facts,
                    "network '%s' of BSSID " MACADDR_FORMAT " was encrypted and is open now", name,
                    MACADDR_OCTETS(facts->transmitter));
    if (*news->channel_before)
        alert_raise(alerts->alert, alerts->first + DOT11_ALERT_CHANCHANGE, facts,
                    "network '%s' of BSSID " MACADDR_FORMAT
                    " has moved from channel %s to channel %s",
                    name, MACADDR_OCTETS(facts->transmitter), news->channel_before,
                    string_text(ssid->channel));
}

void dot11_alerts_probe(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                        const struct string *ssid)
{
    judge_canary(alerts, facts, ssid, "asks for");
}

// clang-format off
const struct option dot11_alerts_options[] = {
    {.key = "apspoof", .type = OPTION_LIST, .fallback = "", .description = "Which addresses may offer an SSID, others raise APSPOOF: NAME:ssid=\"Home\",validmacs=\"AA:BB:CC:DD:EE:FF,11:22:33:00:00:00/FF:FF:FF:00:00:00\"; a pattern of SSIDs as ssidregex=\"^Home\" or ssid=\"(?i:home)\"."},
    {.key = "ssidcanary", .type = OPTION_LIST, .fallback = "", .description = "An SSID that nobody should offer or ask for, else SSIDCANARY is raised: NAME:ssid=\"Bait\", or a pattern as ssidregex=\"^Bait\"."},
};
const size_t dot11_alerts_options_count = sizeof dot11_alerts_options / sizeof *dot11_alerts_options;

const struct alert_kind dot11_alert_kinds[DOT11_ALERTS] = {
    [DOT11_ALERT_DEAUTHFLOOD] = {"DEAUTHFLOOD", "DENIAL", ALERT_MEDIUM, {5, ALERT_MINUTE}, {2, ALERT_SECOND},
     "More than 10 deauthentications or disassociations on one BSSID, each at most a second after the one before: somebody drives clients off the network, often to catch their handshakes when they come back."},
    [DOT11_ALERT_BCASTDISCON] = {"BCASTDISCON", "DENIAL", ALERT_MEDIUM, {5, ALERT_MINUTE}, {2, ALERT_SECOND},
     "A deauthentication or disassociation that is meant for everybody. An access point sends a few when it restarts; attackers send them all the time."},
    [DOT11_ALERT_APSPOOF] = {"APSPOOF", "SPOOF", ALERT_HIGH, {10, ALERT_MINUTE}, {1, ALERT_SECOND},
     "An SSID of a rule apspoof= is offered by an address that the rule does not list: an evil twin, or an access point that the rule has forgotten."},
    [DOT11_ALERT_SSIDCANARY] = {"SSIDCANARY", "SPOOF", ALERT_HIGH, {5, ALERT_MINUTE}, {1, ALERT_SECOND},
     "An SSID of a rule ssidcanary=, which nobody should know, was offered or asked for: somebody answers whatever is asked for, or has read what was meant to be bait."},
    [DOT11_ALERT_CRYPTODROP] = {"CRYPTODROP", "SPOOF", ALERT_HIGH, {5, ALERT_MINUTE}, {1, ALERT_SECOND},
     "A network that was encrypted is open now: somebody imitates it, or it was set up anew."},
    [DOT11_ALERT_CHANCHANGE] = {"CHANCHANGE", "SPOOF", ALERT_LOW, {5, ALERT_MINUTE}, {1, ALERT_SECOND},
     "The beacons of a network name another channel than before: it has moved, or somebody imitates it elsewhere."},
};
// clang-format on
