/* The options of a Wi-Fi source, as far as they are the tool's. Input: a definition, through
 * tool_option(). Output: a plain struct; what does not make sense is refused with a sentence. */
#ifndef NORN_TOOLS_WIFI_OPTIONS_H
#define NORN_TOOLS_WIFI_OPTIONS_H

#include "tools/wifi/wifi_offer.h"

struct wifi_options {
    struct wifi_offer offer;
    bool hop_bands[WIFI_BANDS]; /* none set: all */
    const char *interface;      /* vif=: the name of the monitor interface; NULL: made up */
    bool keeps_primary;         /* ignoreprimary: the other interface of the radio stays up */
    uint32_t flags;             /* of the monitor interface: bits of enum nl80211_mntr_flags */
    const char *channel;        /* to begin on; NULL: where the radio is */
    bool management_only;       /* filter_mgmt */
    bool cuts_data;             /* truncate_data */
    bool leaves_out_own;        /* filter_locals: frames of this machine's interfaces */
};

/* 0, or -EINVAL with a sentence. Texts are the definition's. */
int wifi_options_read(const struct tool *tool, struct wifi_options *ret_options,
                      struct buffer *ret_why);

/* Whether hopping goes to a channel: it is in one of the bands. */
bool wifi_options_hops_to(const struct wifi_options *options, const char *channel);

#endif
