/* The alerts of 802.11: what each means and the check that raises it. Input: what a frame told that
 * was not known before (dot11_network.h), disconnects, rules of the configuration. Output: alerts.
 * All under the store's write lock. A beacon that tells nothing new costs nothing here. */
#ifndef NORN_PHY_DOT11_ALERTS_H
#define NORN_PHY_DOT11_ALERTS_H

#include "alert/alert.h"
#include "phy/dot11_network.h"

enum dot11_alert {
    DOT11_ALERT_DEAUTHFLOOD,
    DOT11_ALERT_BCASTDISCON,
    DOT11_ALERT_APSPOOF,
    DOT11_ALERT_SSIDCANARY,
    DOT11_ALERT_CRYPTODROP,
    DOT11_ALERT_CHANCHANGE,
    DOT11_ALERTS,
};

struct dot11_alerts;

/* Defines the alerts and compiles the rules of the options, which may be NULL. NULL without memory;
 * a rule that cannot be read is passed over with a line in ret_why. */
struct dot11_alerts *dot11_alerts_new(struct alert *alert, int64_t phy,
                                      const struct options *options, struct buffer *ret_why);
void dot11_alerts_free(struct dot11_alerts *alerts);

/* Counts a disconnect on its BSSID; true when they have become a flood, then it counts anew. */
bool dot11_alerts_count_disconnect(struct dot11_device *bss, uint64_t time_ns);

/* Judges a disconnect: deauthentication or disassociation. */
void dot11_alerts_disconnect(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                             bool is_flood);

/* Judges what a beacon, a probe response or an association request told of a network. */
void dot11_alerts_network(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                          const struct dot11_news *news);

/* Judges a name that a station has not asked for before. */
void dot11_alerts_probe(const struct dot11_alerts *alerts, const struct alert_facts *facts,
                        const struct string *ssid);

extern const struct alert_kind dot11_alert_kinds[DOT11_ALERTS];
extern const struct option dot11_alerts_options[];
extern const size_t dot11_alerts_options_count;

#endif
