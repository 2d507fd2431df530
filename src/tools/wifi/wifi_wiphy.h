/* A radio as nl80211 describes it: its channels, how wide each may be, whether it has a monitor
 * mode. Input: the attributes of the messages that answer GET_WIPHY, in parts and in any order;
 * they are checked, not trusted. Output: a plain struct, and whether it can be tuned somewhere. */
#ifndef NORN_TOOLS_WIFI_WIPHY_H
#define NORN_TOOLS_WIFI_WIPHY_H

#include "tools/wifi/wifi_channel.h"
#include "util/bytes.h"

enum { WIFI_FREQUENCIES = 256, WIFI_NAME = 64 };

/* What a frequency must not be used for. */
enum wifi_limit {
    WIFI_DISABLED = 1 << 0, /* by the regulatory domain */
    WIFI_NO_HT40_MINUS = 1 << 1,
    WIFI_NO_HT40_PLUS = 1 << 2,
    WIFI_NO_80 = 1 << 3,
    WIFI_NO_160 = 1 << 4,
    WIFI_NO_320 = 1 << 5,
};

struct wifi_frequency {
    uint16_t mhz;
    uint16_t limits;
};

/* What the radio can do in a band. */
struct wifi_ability {
    bool ht;
    bool he;
    bool wide_40, wide_80, wide_160, wide_320;
    bool wide_80p80;
};

struct wifi_wiphy {
    uint32_t index;
    char name[WIFI_NAME]; /* phy0 */
    bool has_monitor;
    size_t count;
    struct wifi_frequency frequencies[WIFI_FREQUENCIES]; /* in the radio's order */
    struct wifi_ability abilities[WIFI_BANDS];
};

enum wifi_verdict {
    WIFI_FITS,
    WIFI_UNKNOWN,   /* the radio has no such channel */
    WIFI_FORBIDDEN, /* the regulatory domain disables it, or a part of it */
    WIFI_TOO_WIDE,  /* the radio, or the regulatory domain, has it only narrower */
};

/* Adds what one message says to a struct that began as zeroes. */
void wifi_wiphy_parse(struct wifi_wiphy *wiphy, struct slice attributes);

/* Whether the radio can be tuned to a channel, as far as it has said. */
enum wifi_verdict wifi_wiphy_judge(const struct wifi_wiphy *wiphy,
                                   const struct wifi_channel *channel);

#endif
