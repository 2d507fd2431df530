/* What capture tools and servers say to each other, protocol v3: one struct for each message of
 * both directions, read from a frame's body and written into one (docs/protocol.md).
 * Read: texts and lists are borrowed from the frame; unknown keys, values of the wrong kind and
 * missing keys do no harm; of a repeated key the first counts. Written: members that are not zero,
 * and those whose bit is set in `has` (PROTOCOL_BIT of the key). */
#ifndef NORN_PROTOCOL_PROTOCOL_MESSAGE_H
#define NORN_PROTOCOL_PROTOCOL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/protocol_block.h"
#include "protocol/protocol_frame.h"
#include "util/buffer.h"
#include "util/bytes.h"
#include "util/uuid.h"

#define PROTOCOL_BIT(key) (UINT64_C(1) << (key))

/* Types of MESSAGE. */
enum protocol_severity {
    PROTOCOL_DEBUG = 1,
    PROTOCOL_INFO = 2,
    PROTOCOL_ERROR = 4,
    PROTOCOL_ALERT = 8,
    PROTOCOL_FATAL = 16,
};

struct protocol_interface {
    uint64_t has;
    struct slice name;
    struct slice flags; /* source options to put behind the name */
    struct slice hardware;
    struct slice capture_interface;
    struct slice channel;
    struct protocol_list channels; /* texts */
};

enum {
    PROTOCOL_HOP_RATE = 1,
    PROTOCOL_HOP_SHUFFLE,
    PROTOCOL_HOP_SKIP,
    PROTOCOL_HOP_OFFSET,
    PROTOCOL_HOP_CHANNELS,
    PROTOCOL_HOP_ENABLED
};

struct protocol_hop {
    uint64_t has;
    double rate; /* hops a second */
    bool shuffle;
    uint32_t skip;                 /* channels a step while shuffling */
    uint32_t offset;               /* where in the list to begin */
    struct protocol_list channels; /* texts */
    bool enabled;
};

struct protocol_gps {
    uint64_t has;
    double latitude, longitude; /* degrees */
    double altitude;            /* m */
    uint32_t fix;               /* 0, 2 or 3 */
    double speed, heading, precision;
    uint64_t seconds;
    uint32_t microseconds;
    struct slice type, name, uuid;
};

struct protocol_signal {
    uint64_t has;
    int32_t signal_dbm, noise_dbm, signal_rssi, noise_rssi;
    uint64_t frequency_khz;
    uint64_t data_rate;
    struct slice channel;
};

struct protocol_packet {
    uint64_t has;
    uint32_t link_type;
    uint64_t seconds;
    uint32_t microseconds;
    uint32_t original_length;
    struct slice content; /* what was captured of it */
};

struct protocol_json {
    uint64_t has;
    struct slice type; /* names the phy that takes it: "linuxbthci", "RTL433" */
    uint64_t seconds;
    uint32_t microseconds;
    struct slice text;
};

/* norn's own: counted since the tool opened the source. */
struct protocol_statistics {
    uint64_t has;
    uint64_t received;        /* frames that reached the tool */
    uint64_t kernel_drops;    /* lost because the kernel's ring was full */
    uint64_t interface_drops; /* lost by the interface or its driver */
    uint64_t tool_drops;      /* lost because the tool's ring or spool was full */
    uint64_t bad_fcs;         /* frames whose check sequence the radio saw fail */
};

/* norn's own: what was listened to from when to when, or that tuning to it was refused. */
struct protocol_dwell {
    struct slice channel;
    uint64_t begin_ns, end_ns; /* wall clock */
    bool tuned;
};

struct protocol_text { /* REGISTER: subsystem; SHUTDOWN: reason; ERROR: text; PROBEREQ and
                          OPENREQ: definition */
    uint64_t has;
    struct slice text;
};

struct protocol_note { /* MESSAGE */
    uint64_t has;
    uint32_t severity;
    struct slice text;
};

enum { PROTOCOL_CONFIGURE_CHANNEL = 1, PROTOCOL_CONFIGURE_HOP };

struct protocol_configure { /* CONFIGREQ; where both are there the channel counts */
    uint64_t has;
    struct slice channel;
    struct protocol_hop hop;
};

/* The reports: `sequence` is that of the request, 0 in a CONFIGREPORT that nobody asked for. */
struct protocol_list_report {
    uint64_t has;
    uint32_t sequence;
    struct protocol_list interfaces; /* interface blocks */
    struct slice text;
    struct slice version; /* of the tool */
};

struct protocol_probe_report { /* code 1: one of mine */
    uint64_t has;
    uint32_t sequence;
    struct protocol_interface interface;
    struct slice text;
};

struct protocol_open_report { /* code 1: open */
    uint64_t has;
    uint32_t sequence;
    uint32_t link_type;
    struct slice capture_interface;
    struct protocol_list channels; /* texts */
    struct slice channel;
    struct protocol_hop hop;
    struct slice hardware;
    struct slice uuid; /* may carry junk: protocol_message_uuid() */
    struct slice text;
    struct slice version;
    uint64_t session; /* norn's own: a random number of this run of the tool */
};

struct protocol_configure_report { /* code 1: done */
    uint64_t has;
    uint32_t sequence;
    struct slice channel;
    struct protocol_hop hop;
    struct slice text;
};

enum {
    PROTOCOL_DATA_GPS = 1,
    PROTOCOL_DATA_SIGNAL,
    PROTOCOL_DATA_PACKET = 4,
    PROTOCOL_DATA_JSON,
    PROTOCOL_DATA_STATISTICS = 32,
    PROTOCOL_DATA_DWELLS
};

struct protocol_data { /* PACKET: any mix of these */
    uint64_t has;
    struct protocol_gps gps;
    struct protocol_signal signal;
    struct protocol_packet packet;
    struct protocol_json json;
    struct protocol_statistics statistics;
    struct protocol_list dwells; /* dwells */
};

struct protocol_new_source { /* NEWSOURCE */
    uint64_t has;
    struct slice definition;
    struct slice type;
    struct slice uuid; /* may be missing or carry junk */
    uint64_t session;
};

struct protocol_message {
    enum protocol_command command; /* says which member of the union; PING, PONG and LISTREQ have
                                      none */
    uint16_t code;
    uint32_t sequence; /* of the header */
    union {
        struct protocol_text text;
        struct protocol_note note;
        struct protocol_configure configure;
        struct protocol_list_report list_report;
        struct protocol_probe_report probe_report;
        struct protocol_open_report open_report;
        struct protocol_configure_report configure_report;
        struct protocol_data data;
        struct protocol_new_source new_source;
    };
};

/* Reads a v3 frame. 0; -ENOTSUP: a command that is not one of these (the frame may be passed
 * over); -EPROTO: its body is no msgpack map. */
int protocol_message_parse(const struct protocol_frame *frame,
                           struct protocol_message *ret_message);

/* Appends the frame of a message; check buffer->failed. */
void protocol_message_write(const struct protocol_message *message, struct buffer *buffer);

/* The table of struct protocol_interface, for lists of them. */
extern const struct protocol_block protocol_interface_block;

/* The UUID at the start of a text that may carry junk behind it. 0 or -EINVAL. */
int protocol_message_uuid(struct slice text, struct uuid *ret_uuid);

#endif
