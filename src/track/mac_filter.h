/* Filters by address: what is to be left out of logs and streams. A packet goes by the first rule
 * that one of its addresses falls under, by role in the order source, destination, network, other,
 * any, and there by the longest mask; without one, by the default. Input: lines of the
 * configuration, commands. Thread-safe. */
#ifndef NORN_TRACK_MAC_FILTER_H
#define NORN_TRACK_MAC_FILTER_H

#include "schema/mac_filter_fields.h"
#include "util/options.h"

enum { MAC_FILTER_RULES = 4096 }; /* of one filter */

struct mac_filter;

/* Which filter it is: texts outlive it. */
struct mac_filter_kind {
    const char *id, *description;
    const char *default_key, *rules_key; /* options that fill it */
    bool has_roles;                      /* else all rules are of MAC_FILTER_ANY */
};

/* A filter as the options say. Each line that cannot be read is told in ret_why and left out. NULL
 * without memory. */
struct mac_filter *mac_filter_new(const struct mac_filter_kind *kind, const struct options *options,
                                  struct buffer *ret_why);
void mac_filter_free(struct mac_filter *filter);

const struct mac_filter_kind *mac_filter_kind(const struct mac_filter *filter);

/* Between these two calls the record, and nothing else, may be read. */
const struct mac_filter_record *mac_filter_lock(struct mac_filter *filter);
void mac_filter_unlock(struct mac_filter *filter);

struct mac_filter_rule {
    struct macaddr mac;
    uint64_t mask;
    bool blocks;
};

/* Sets rules of a phy and role, or takes them back. 0; -EINVAL: no name of a phy, -ENOSPC: nothing
 * was set; -ENOMEM. Rules that are not there are taken back without an error. */
int mac_filter_set(struct mac_filter *filter, const char *phy, enum mac_filter_role role,
                   const struct mac_filter_rule *rules, size_t count);
void mac_filter_remove(struct mac_filter *filter, const char *phy, enum mac_filter_role role,
                       const struct mac_filter_rule *rules, size_t count);
void mac_filter_set_default(struct mac_filter *filter, bool blocks);

/* The addresses of a packet by role. That of MAC_FILTER_ANY is one more: the receiver. */
struct mac_filter_names {
    struct macaddr addresses[MAC_FILTER_ROLES];
    uint8_t present; /* bits 1 << enum mac_filter_role */
};

/* True when the packet is to be left out. */
bool mac_filter_blocks(struct mac_filter *filter, const char *phy,
                       const struct mac_filter_names *names);

/* Role of a word: source, destination, network, other, any. Negative for any other. */
int mac_filter_role(const char *word, size_t length);

/* Whether a word of the configuration or of a command means to block: 1, true, t, reject, deny,
 * filter, block in any case; every other lets pass. */
bool mac_filter_word(const char *word, size_t length);

extern const struct option mac_filter_options[];
extern const size_t mac_filter_options_count;

#endif
