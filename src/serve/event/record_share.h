/* Messages of devices that were encoded just now, for the next client that is to be told the same:
 * watchers of many go through the devices side by side. Input and output: messages. On the
 * websocket thread only. */
#ifndef NORN_SERVE_RECORD_SHARE_H
#define NORN_SERVE_RECORD_SHARE_H

#include "serve/websocket/socket_form.h"
#include "track/device.h"

enum { RECORD_SHARE_SLOTS = 256, RECORD_SHARE_BYTES = 4 * 1024 * 1024 };

struct shared_record {
    const struct socket_form *form;
    struct websocket_message *message; /* NULL: the slot is free */
    struct macaddr mac;
    uint8_t phy;
    uint64_t mark; /* of the store when it was encoded */
};

/* Zeroed it is empty. */
struct record_share {
    struct shared_record slots[RECORD_SHARE_SLOTS];
    size_t bytes;
};

/* A reference to the device's message in that form, if it was encoded at `mark` or later; NULL. */
struct websocket_message *record_share_find(const struct record_share *share,
                                            const struct socket_form *form,
                                            const struct device *device, uint64_t mark);

/* Keeps a message, of which it takes a reference, for a while. */
void record_share_keep(struct record_share *share, const struct socket_form *form,
                       const struct device *device, uint64_t mark,
                       struct websocket_message *message);

/* Drops them all: before a form goes, and when nobody is left to share with. */
void record_share_forget(struct record_share *share);

#endif
