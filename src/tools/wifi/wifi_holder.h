/* Who else has a hand on a radio: programs that manage it, and switches that turn it off. Input:
 * /proc, /sys and /run below a root ("" but in tests). Output: a name, a number, and what lets the
 * radio go. What cannot be looked up is as if it were not there. */
#ifndef NORN_TOOLS_WIFI_HOLDER_H
#define NORN_TOOLS_WIFI_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct wifi_holder {
    const char *program; /* its usual name */
    int process;
    bool is_sure; /* it names the interface; else it only is one that manages what it finds */
};

/* A radio is turned off by either or both. */
struct wifi_switches {
    bool hard; /* a switch or key of the machine */
    bool soft; /* rfkill(8) */
};

/* Whether processes can be looked up at all. */
bool wifi_holder_can_look(const char *root);

/* The likeliest program to manage an interface. False when there is none; ret_holder is then as it
 * was. */
bool wifi_holder_find(const char *root, const char *interface, uint32_t index,
                      struct wifi_holder *ret_holder);

/* Appends "NetworkManager (process 812) manages wlan0; to release it: …". */
void wifi_holder_explain(const struct wifi_holder *holder, const char *interface,
                         struct buffer *ret_why);

struct wifi_switches wifi_holder_switches(const char *root, const char *wiphy);

#endif
