/* The messages of the protocol, both ways, as plain structs (docs/protocol.md). Texts are borrowed
 * from the frame. A bit of `present` is PROTOCOL_BIT(key); the keys stand behind the members. */
#ifndef NORN_PROTOCOL_PROTOCOL_MESSAGE_H
#define NORN_PROTOCOL_PROTOCOL_MESSAGE_H

#include "protocol/protocol_block.h"
#include "protocol/protocol_frame.h"
#include "util/uuid.h"

/* Kinds of MESSAGE: bits of one number. */
enum protocol_level {
    PROTOCOL_DEBUG = 1,
    PROTOCOL_INFO = 2,
    PROTOCOL_FAULT = 4,
    PROTOCOL_ALERT = 8,
    PROTOCOL_FATAL = 16,
};

/* An interface that a tool can open, or what it found of one. */
struct protocol_interface {
    uint64_t present;
    struct protocol_text interface; /* 1 */
    struct protocol_text flags;     /* 2: source options to put behind it */
    struct protocol_text hardware;  /* 3 */
    struct protocol_text capture;   /* 4: interface that captures */
    struct protocol_text channel;   /* 5 */
    struct protocol_list channels;  /* 6: texts */
};

struct protocol_hop {
    uint64_t present;
    double rate;                   /* 1: hops a second */
    bool shuffle;                  /* 2 */
    uint64_t skip;                 /* 3 */
    uint64_t offset;               /* 4 */
    struct protocol_list channels; /* 5: texts */
    bool enabled;                  /* 6 */
};

struct protocol_gps {
    uint64_t present;
    double latitude, longitude, altitude; /* 1, 2, 3: degrees, metres */
    uint64_t fix;                         /* 4: 0, 2, 3 */
    double speed, heading, precision;     /* 5, 6, 7: km/h, degrees, metres */
    uint64_t seconds, microseconds;       /* 8, 9 */
    struct protocol_text type;            /* 10 */
    struct protocol_text name;            /* 11 */
    struct protocol_text uuid;            /* 12 */
};

struct protocol_signal {
    uint64_t present;
    int32_t signal_dbm, noise_dbm;   /* 1, 2 */
    int32_t signal_rssi, noise_rssi; /* 3, 4 */
    uint64_t frequency;              /* 5: kHz */
    uint64_t rate;                   /* 6 */
    struct protocol_text channel;    /* 7 */
};

struct protocol_captured {
    uint64_t present;
    uint64_t link_type;             /* 1 */
    uint64_t seconds, microseconds; /* 2, 3 */
    uint64_t original_length;       /* 4 */
    struct protocol_bytes content;  /* 6 */
    uint64_t nanoseconds;           /* 32, ours: of the second, instead of 3 */
};

struct protocol_json {
    uint64_t present;
    struct protocol_text type;      /* 1 */
    uint64_t seconds, microseconds; /* 2, 3 */
    struct protocol_text json;      /* 4 */
};

/* Ours: what the radio and the tool did since they started. */
struct protocol_statistics {
    uint64_t present;
    uint64_t received;        /* 1 */
    uint64_t kernel_drops;    /* 2 */
    uint64_t interface_drops; /* 3 */
    uint64_t tool_drops;      /* 4: ring or spool was full */
};

/* Ours: one stay on a channel, or a refusal to go there. */
struct protocol_dwell {
    uint64_t present;
    struct protocol_text channel; /* 1 */
    uint64_t milliseconds;        /* 2: listened since the last report of this stay */
    bool hopped;                  /* 3: it went there just now */
    bool refused;                 /* 4 */
};

struct protocol_packet {
    uint64_t present;
    struct protocol_gps gps;               /* 1 */
    struct protocol_signal signal;         /* 2 */
    struct protocol_captured captured;     /* 4 */
    struct protocol_json json;             /* 5 */
    struct protocol_statistics statistics; /* 32 */
    struct protocol_list dwells;           /* 33: blocks of protocol_dwell_table */
};

struct protocol_note { /* MESSAGE */
    uint64_t present;
    uint64_t level;            /* 1 */
    struct protocol_text text; /* 2 */
};

struct protocol_reason { /* ERROR, SHUTDOWN; PROBE and OPEN requests: the definition */
    uint64_t present;
    struct protocol_text text; /* 1 */
};

struct protocol_list_report {
    uint64_t present;
    uint64_t sequence;               /* 1: of the request */
    struct protocol_list interfaces; /* 2: blocks of protocol_interface_table */
    struct protocol_text text;       /* 3 */
    struct protocol_text version;    /* 4 */
};

struct protocol_probe_report {
    uint64_t present;
    uint64_t sequence;                   /* 1 */
    struct protocol_interface interface; /* 2 */
    struct protocol_text text;           /* 3 */
};

struct protocol_open_report {
    uint64_t present;
    uint64_t sequence;             /* 1 */
    uint64_t link_type;            /* 2 */
    struct protocol_text capture;  /* 3: interface */
    struct protocol_list channels; /* 4: texts */
    struct protocol_text channel;  /* 5 */
    struct protocol_hop hop;       /* 6 */
    struct protocol_text hardware; /* 7 */
    struct protocol_text uuid;     /* 8 */
    struct protocol_text text;     /* 9 */
    struct protocol_text version;  /* 10 */
    uint64_t session;              /* 32, ours: random number of the tool's process */
};

struct protocol_configure {
    uint64_t present;
    struct protocol_text channel; /* 1 */
    struct protocol_hop hop;      /* 2 */
};

struct protocol_configure_report {
    uint64_t present;
    uint64_t sequence;            /* 1 */
    struct protocol_text channel; /* 2 */
    struct protocol_hop hop;      /* 3 */
    struct protocol_text text;    /* 4 */
};

struct protocol_new_source {
    uint64_t present;
    struct protocol_text definition; /* 1 */
    struct protocol_text type;       /* 2 */
    struct protocol_text uuid;       /* 3 */
    uint64_t session;                /* 32, ours */
};

struct protocol_message {
    uint16_t type, code;
    uint32_t sequence;
    union {
        struct protocol_note note;
        struct protocol_reason reason;
        struct protocol_list_report list_report;
        struct protocol_probe_report probe_report;
        struct protocol_open_report open_report;
        struct protocol_packet packet;
        struct protocol_configure configure;
        struct protocol_configure_report configure_report;
        struct protocol_new_source new_source;
    };
};

/* Reads a frame's body. 0; -EBADMSG: no map, or cut off; -ENOTSUP: an unknown type. */
int protocol_message_parse(const struct protocol_frame *frame,
                           struct protocol_message *ret_message);

/* Appends a message as a whole frame. */
void protocol_message_write(const struct protocol_message *message, struct buffer *buffer);

/* The UUID at the start of a text: stock tools put the rest of the definition behind it. 0 or
 * -EINVAL. */
int protocol_message_uuid(struct protocol_text text, struct uuid *ret_uuid);

extern const struct protocol_table protocol_interface_table;
extern const struct protocol_table protocol_dwell_table;

#endif
