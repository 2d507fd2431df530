/* What stands between a source and its radio, in words: what it is, and what to do. Input: an
 * error of the kernel's and what is known of the place. Output: a sentence. */
#ifndef NORN_TOOLS_WIFI_OBSTACLE_H
#define NORN_TOOLS_WIFI_OBSTACLE_H

#include "tools/wifi/wifi_holder.h"
#include "tools/wifi/wifi_link.h"
#include "tools/wifi/wifi_wiphy.h"
#include "util/buffer.h"

enum { WIFI_HOLDERS = 8 };

/* Where it happened. Texts that are not known are "". */
struct wifi_place {
    const char *root; /* of /proc, /sys and /run: "" but in tests */
    char interface[IFNAMSIZ];
    uint32_t index;        /* of the interface */
    char rival[IFNAMSIZ];  /* another interface of the same radio, which is up … */
    uint32_t rival_index;  /* … or 0 */
    char wiphy[WIFI_NAME]; /* phy0 */
    char driver[WIFI_DRIVER];
    size_t holders_count; /* noted by wifi_obstacle_note_holder() */
    struct {
        uint32_t index; /* of the interface held */
        struct wifi_holder holder;
    } holders[WIFI_HOLDERS];
};

/* What a process may do, as far as capturing goes. */
struct wifi_rights {
    bool has_them;     /* CAP_NET_ADMIN and CAP_NET_RAW */
    bool may_get;      /* they are within its bounding set */
    bool is_forbidden; /* no_new_privs: file capabilities have no effect */
    char program[256];
};

struct wifi_rights wifi_obstacle_rights(void);

/* Looks who holds an interface of the radio, to be told when nothing can be looked up any more. */
void wifi_obstacle_note_holder(struct wifi_place *place, const char *interface, uint32_t index);

/* "cannot make a monitor interface of wlan0: …" for what was being done and the kernel's -errno. */
void wifi_obstacle_explain(const struct wifi_place *place, const char *deed, int error,
                           struct buffer *ret_why);

void wifi_obstacle_explain_rights(const struct wifi_rights *rights, struct buffer *ret_why);

/* There is no such interface: names that are near, and those that could be meant. */
void wifi_obstacle_explain_unknown(const char *name, const struct wifi_links *links,
                                   struct buffer *ret_why);

void wifi_obstacle_explain_no_monitor(const struct wifi_place *place, struct buffer *ret_why);

/* A channel was refused; `country` is the regulatory domain's, "" when unknown. */
void wifi_obstacle_explain_channel(const struct wifi_place *place,
                                   const struct wifi_channel *channel, enum wifi_verdict verdict,
                                   const char *country, struct buffer *ret_why);

/* The capture broke off. */
void wifi_obstacle_explain_loss(const struct wifi_place *place, bool is_there,
                                struct buffer *ret_why);

#endif
