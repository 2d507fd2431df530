/* A radio made ready to capture, and left as it was found. Where it can be the capture has a
 * monitor interface of its own (wlan0mon beside wlan0), else the interface itself becomes one. A
 * network device that nl80211 does not know is captured as it is, and cannot be tuned. */
#ifndef NORN_TOOLS_WIFI_MONITOR_H
#define NORN_TOOLS_WIFI_MONITOR_H

#include "tools/wifi/wifi_link.h"
#include "tools/wifi/wifi_obstacle.h"
#include "tools/wifi/wifi_options.h"
#include "tools/wifi/wifi_radio.h"

struct wifi_monitor {
    struct wifi_netlink radio; /* its socket is NULL where the kernel has no radios */
    struct wifi_netlink route;
    struct wifi_place place;
    struct wifi_wiphy wiphy;       /* name "": no radio of nl80211's */
    struct wifi_interface base;    /* as named in the definition, and as it was found */
    struct wifi_interface capture; /* what frames come from */
    bool gives_frames;             /* of 802.11: by the type of `base`, as it was found */
    bool is_made;                  /* `capture` is ours to remove */
    bool is_switched;              /* `base` was of another type */
    bool base_was_up;              /* and is down now */
    bool capture_was_down;         /* and is up now */
    bool is_tuned;                 /* elsewhere than `capture` was found on */
    uint64_t lost_before;          /* by the device, when it was opened */
};

/* Opens the sockets and looks the interface up, changing nothing: enough for a look. 0 or -errno
 * with a sentence: then it is closed. */
int wifi_monitor_look(struct wifi_monitor *monitor, const char *name, struct buffer *ret_why);

/* Looks, then makes it ready. 0 or -errno with a sentence, and all is as it was. */
int wifi_monitor_open(struct wifi_monitor *monitor, const char *name,
                      const struct wifi_options *options, struct buffer *ret_why);

/* Whether a program is sure to manage the radio, and may take it back: then a sentence. */
bool wifi_monitor_warn(const struct wifi_monitor *monitor, struct buffer *ret_text);

/* Leaves it as it was found. */
void wifi_monitor_close(struct wifi_monitor *monitor);

/* True when it can be tuned. */
bool wifi_monitor_is_radio(const struct wifi_monitor *monitor);

/* 0; or -EINVAL: never; -ENODEV: it is gone; else: not now; with a sentence. */
int wifi_monitor_tune(struct wifi_monitor *monitor, const char *channel, struct buffer *ret_why);

/* Where it is tuned to, "" when that is unknown. */
void wifi_monitor_find_channel(struct wifi_monitor *monitor, char ret_text[TOOL_CHANNEL_TEXT]);

/* False when the capturing interface is down or gone. */
bool wifi_monitor_is_up(struct wifi_monitor *monitor);

/* Frames that the device or its driver lost since it was opened. */
uint64_t wifi_monitor_losses(struct wifi_monitor *monitor);

/* Says why the capture broke off. */
void wifi_monitor_explain_loss(struct wifi_monitor *monitor, struct buffer *ret_why);

#endif
