/* Filters by address. See mac_filter.h. */
#include "track/mac_filter.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/definition_text.h"
#include "util/text.h"

struct mac_filter {
    const struct mac_filter_kind *kind;
    pthread_mutex_t lock; /* of what follows */
    struct mac_filter_record record;
};

static const char *const role_words[MAC_FILTER_ROLES] = {[MAC_FILTER_SOURCE] = "source",
                                                         [MAC_FILTER_DESTINATION] = "destination",
                                                         [MAC_FILTER_NETWORK] = "network",
                                                         [MAC_FILTER_OTHER] = "other",
                                                         [MAC_FILTER_ANY] = "any"};

static bool is_word(const char *word, size_t length, const char *wanted)
{
    return strlen(wanted) == length && strncasecmp(word, wanted, length) == 0;
}

int mac_filter_role(const char *word, size_t length)
{
    for (int role = 0; role < MAC_FILTER_ROLES; role++)
        if (is_word(word, length, role_words[role]))
            return role;
    return -EINVAL;
}

bool mac_filter_word(const char *word, size_t length)
{
    static const char *const words[] = {"1", "true", "t", "reject", "deny", "filter", "block"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(word, length, words[i]))
            return true;
    return false;
}

const struct mac_filter_kind *mac_filter_kind(const struct mac_filter *filter)
{
    return filter->kind;
}

const struct mac_filter_record *mac_filter_lock(struct mac_filter *filter)
{
    pthread_mutex_lock(&filter->lock);
    return &filter->record;
}

void mac_filter_unlock(struct mac_filter *filter)
{
    pthread_mutex_unlock(&filter->lock);
}

static struct mac_filter_phy *find_phy(const struct mac_filter *filter, const char *name)
{
    for (uint32_t i = 0; i < filter->record.phy_count; i++)
        if (strcmp(filter->record.phys[i]->name, name) == 0)
            return filter->record.phys[i];
    return NULL;
}

/* The phy of that name, added where it is missing. */
static int get_phy(struct mac_filter *filter, const char *name, struct mac_filter_phy **ret_phy)
{
    size_t length = strlen(name);
    struct mac_filter_phy *phy = find_phy(filter, name);
    if (!phy) {
        if (!length || length >= MAC_FILTER_PHY_TEXT || !text_is_printable(name, length))
            return -EINVAL;
        if (filter->record.phy_count == MAC_FILTER_PHYS)
            return -ENOSPC;
        phy = calloc(1, sizeof *phy);
        if (!phy)
            return -ENOMEM;
        memcpy(phy->name, name, length);
        filter->record.phys[filter->record.phy_count++] = phy;
    }
    *ret_phy = phy;
    return 0;
}

static size_t count_rules(const struct mac_filter *filter)
{
    size_t count = 0;
    for (uint32_t i = 0; i < filter->record.phy_count; i++)
        for (int role = 0; role < MAC_FILTER_ROLES; role++)
            count += filter->record.phys[i]->roles[role].count;
    return count;
}

static bool has_room(const struct mac_filter *filter, const struct mac_table *table,
                     const struct mac_filter_rule *rules, size_t count)
{
    size_t after = count_rules(filter);
    for (size_t i = 0; i < count; i++)
        after += !mac_table_find(table, rules[i].mac, rules[i].mask);
    return after <= MAC_FILTER_RULES;
}

static int set_rules(struct mac_table *table, const struct mac_filter_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct mac_rule *rule = mac_table_add(table, rules[i].mac, rules[i].mask);
        if (!rule)
            return -ENOMEM;
        rule->value = rules[i].blocks;
    }
    return 0;
}

int mac_filter_set(struct mac_filter *filter, const char *phy, enum mac_filter_role role,
                   const struct mac_filter_rule *rules, size_t count)
{
    struct mac_filter_phy *of_phy;
    pthread_mutex_lock(&filter->lock);
    int error = get_phy(filter, phy, &of_phy);
    if (!error && !has_room(filter, &of_phy->roles[role], rules, count))
        error = -ENOSPC;
    if (!error)
        error = set_rules(&of_phy->roles[role], rules, count);
    pthread_mutex_unlock(&filter->lock);
    return error;
}

void mac_filter_remove(struct mac_filter *filter, const char *phy, enum mac_filter_role role,
                       const struct mac_filter_rule *rules, size_t count)
{
    pthread_mutex_lock(&filter->lock);
    struct mac_filter_phy *of_phy = find_phy(filter, phy);
    for (size_t i = 0; of_phy && i < count; i++) {
        struct mac_rule *rule = mac_table_find(&of_phy->roles[role], rules[i].mac, rules[i].mask);
        if (rule)
            mac_table_remove(&of_phy->roles[role], rule);
    }
    pthread_mutex_unlock(&filter->lock);
}

void mac_filter_set_default(struct mac_filter *filter, bool blocks)
{
    pthread_mutex_lock(&filter->lock);
    filter->record.blocks = blocks;
    pthread_mutex_unlock(&filter->lock);
}

/* The most exact rule of a role for one of the packet's addresses that it concerns, or NULL. */
static const struct mac_rule *find_rule(const struct mac_filter_phy *phy, enum mac_filter_role role,
                                        const struct mac_filter_names *names)
{
    const struct mac_rule *found = NULL;
    int first = role == MAC_FILTER_ANY ? 0 : (int)role;
    for (int i = first; i <= (int)role; i++) {
        uint32_t at = phy->roles[role].count;
        const struct mac_rule *rule = NULL;
        if (names->present >> i & 1)
            rule = mac_table_match(&phy->roles[role], names->addresses[i], &at);
        if (rule && (!found || rule->mask > found->mask))
            found = rule;
    }
    return found;
}

bool mac_filter_blocks(struct mac_filter *filter, const char *phy,
                       const struct mac_filter_names *names)
{
    const struct mac_rule *rule = NULL;
    pthread_mutex_lock(&filter->lock);
    const struct mac_filter_phy *of_phy = find_phy(filter, phy);
    for (int role = 0; of_phy && !rule && role < MAC_FILTER_ROLES; role++)
        rule = find_rule(of_phy, (enum mac_filter_role)role, names);
    bool blocks = rule ? rule->value : filter->record.blocks;
    pthread_mutex_unlock(&filter->lock);
    return blocks;
}

/* Sets the rule of a line PHY,[ROLE,]MAC[/MASK]|*,pass|block. */
static int add_line(struct mac_filter *filter, const char *line)
{
    enum { PHY, ROLE, MAC, VERDICT, PARTS };
    struct definition_part parts[PARTS];
    struct mac_filter_rule rule = {0};
    char phy[MAC_FILTER_PHY_TEXT];
    int role = MAC_FILTER_ANY;
    for (int i = 0; i < PARTS; i++)
        if ((i != ROLE || filter->kind->has_roles) && !definition_text_next(&line, &parts[i]))
            return -EINVAL;
    const struct definition_span *name = &parts[PHY].whole, *mac = &parts[MAC].whole,
                                 *verdict = &parts[VERDICT].whole;
    if (filter->kind->has_roles)
        role = mac_filter_role(parts[ROLE].whole.text, parts[ROLE].whole.length);
    bool is_every = is_word(mac->text, mac->length, "*");
    if (role < 0 || *line || name->length >= sizeof phy ||
        (!is_every && macaddr_parse(mac->text, mac->length, &rule.mac, &rule.mask) != 0))
        return -EINVAL;
    memcpy(phy, name->text, name->length);
    phy[name->length] = '\0';
    rule.blocks = mac_filter_word(verdict->text, verdict->length);
    return mac_filter_set(filter, phy, (enum mac_filter_role)role, &rule, 1);
}

static void read_options(struct mac_filter *filter, const struct options *options,
                         struct buffer *ret_why)
{
    const char *key = filter->kind->rules_key;
    const char *word = options_text(options, filter->kind->default_key);
    filter->record.blocks = mac_filter_word(word, strlen(word));
    for (size_t i = 0; i < options_count(options, key); i++) {
        const char *line = options_at(options, key, i);
        int error = add_line(filter, line);
        if (error == -EINVAL)
            buffer_printf(ret_why, "%s=%.80s: it takes PHY,%sADDRESS[/MASK] or *,pass or block\n",
                          key, line, filter->kind->has_roles ? "ROLE," : "");
        else if (error)
            buffer_printf(ret_why, "%s=%.80s: more rules than the %d that a filter may have\n", key,
                          line, MAC_FILTER_RULES);
    }
}

struct mac_filter *mac_filter_new(const struct mac_filter_kind *kind, const struct options *options,
                                  struct buffer *ret_why)
{
    struct mac_filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return NULL;
    filter->kind = kind;
    filter->record.id = kind->id;
    filter->record.description = kind->description;
    filter->record.type = "mac_addr";
    pthread_mutex_init(&filter->lock, NULL);
    read_options(filter, options, ret_why);
    return filter;
}

static void free_phy(struct mac_filter_phy *phy)
{
    for (int role = 0; role < MAC_FILTER_ROLES; role++)
        mac_table_done(&phy->roles[role]);
    free(phy);
}

void mac_filter_free(struct mac_filter *filter)
{
    if (!filter)
        return;
    for (uint32_t i = 0; i < filter->record.phy_count; i++)
        free_phy(filter->record.phys[i]);
    pthread_mutex_destroy(&filter->lock);
    free(filter);
}

// clang-format off
const struct option mac_filter_options[] = {
    {.key = "kis_log_device_filter", .type = OPTION_LIST, .fallback = "", .description = "Rule of the filter kismetdb_devices: PHY,ADDRESS[/MASK] or *,pass or block."},
    {.key = "kis_log_device_filter_default", .type = OPTION_TEXT, .fallback = "pass", .description = "What the filter kismetdb_devices does with devices that no rule speaks of: pass or block."},
    {.key = "kis_log_packet_filter", .type = OPTION_LIST, .fallback = "", .description = "Rule of the filter kismetdb_packets: PHY,ROLE,ADDRESS[/MASK] or *,pass or block; ROLE is source, destination, network, other or any."},
    {.key = "kis_log_packet_filter_default", .type = OPTION_TEXT, .fallback = "pass", .description = "What the filter kismetdb_packets does with packets that no rule speaks of: pass or block."},
};
const size_t mac_filter_options_count = sizeof mac_filter_options / sizeof *mac_filter_options;
