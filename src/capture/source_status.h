/* What there is to know of one data source, as a plain struct that is copied whole: the data
 * behind the datasource and packetsource records of the API. Texts are NUL-terminated. */
#ifndef NORN_CAPTURE_SOURCE_STATUS_H
#define NORN_CAPTURE_SOURCE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/uuid.h"

enum {
    SOURCES_MAX = 256,
    SOURCE_CHANNELS = 160, /* channels in a list */
    SOURCE_CHANNEL_TEXT = 20,
    SOURCE_NAME = 128,
    SOURCE_INTERFACE = 1024,
    SOURCE_DEFINITION = 2048,
    SOURCE_REASON = 512,
};

enum source_state {
    SOURCE_OPENING, /* being opened, or waiting for the first bytes of a pipe */
    SOURCE_RUNNING,
    SOURCE_ENDED,  /* a file was read to its end (or to where it is damaged) */
    SOURCE_CLOSED, /* by a command, or never opened */
    SOURCE_ERROR,  /* could not open or broke off; `error_reason` says why */
};

/* Running counts since the source was defined. */
struct source_counts {
    uint64_t packets;         /* frames handed to the engine */
    uint64_t bytes;           /* captured bytes of these */
    uint64_t error_packets;   /* wrong frame check sequence, said by the engine */
    uint64_t malformed;       /* frames that could not be dissected whole, said by the engine */
    uint64_t unsupported;     /* frames of a link type norn does not dissect */
    uint64_t cut;             /* frames longer than FRAME_BYTES_MAX, kept without their tail */
    uint64_t bad_records;     /* records of a file that make no sense and were passed over */
    uint64_t kernel_drops;    /* lost because the kernel's capture ring was full */
    uint64_t interface_drops; /* lost by the interface or its driver */
    uint64_t tool_drops;      /* lost by the capture tool: its ring or spool was full */
    uint64_t queue_drops;     /* lost because the engine was behind */
};

struct source_channels {
    uint16_t count;
    char text[SOURCE_CHANNELS][SOURCE_CHANNEL_TEXT];
};

struct source_status {
    uint16_t number; /* frame.source; 0, 1, ... in order of definition; see capture_remove() */
    struct uuid uuid;
    uint32_t key; /* weak checksum of the UUID's text: the key of seen-by maps */
    enum source_state state;
    bool running;
    bool paused;
    bool error;
    bool ended;
    bool removed;     /* by a command: to be shown no more, but for what it has heard */
    bool deaf;        /* runs, but delivered nothing for too long; opened again now and then */
    bool file_source; /* reads a capture that ends, unless it loops */
    bool file_clock;  /* its frames keep the file's times (not rebased onto now) */
    bool retry;
    bool tunable;  /* lock and hop are accepted */
    bool has_tool; /* a capture tool does it */
    bool passive;
    bool quiet; /* may deliver nothing for long */
    bool remote;
    uint32_t retry_attempts;       /* failures since it last opened */
    uint32_t total_retry_attempts; /* failures in all */
    uint32_t link_type;            /* LINKTYPE_ of the newest frame or of the open interface */
    int64_t child_pid;             /* of the capture tool, 0 when there is none */
    const char *type;              /* its name, "" while unresolved */
    const char *type_description;
    char name[SOURCE_NAME];
    char interface[SOURCE_INTERFACE];
    char capture_interface[SOURCE_INTERFACE];
    char definition[SOURCE_DEFINITION];        /* as typed, values with commas quoted */
    char definition_public[SOURCE_DEFINITION]; /* the same without secrets */
    char hardware[64];
    char error_reason[SOURCE_REASON];
    char warning[SOURCE_REASON];

    bool hopping;
    bool hop_split;
    bool hop_shuffle;
    uint32_t hop_shuffle_skip;
    uint32_t hop_offset;
    double hop_rate;                     /* hops a second */
    char channel[SOURCE_CHANNEL_TEXT];   /* locked on; "" while hopping */
    struct source_channels channels;     /* what it can tune to */
    struct source_channels hop_channels; /* what it goes round */

    char antenna_type[64], amp_type[64];
    double antenna_gain, antenna_orientation, antenna_beamwidth, amp_gain;

    struct source_counts counts;
    uint64_t first_time_ns;  /* time of the first frame, 0 before it */
    uint64_t last_time_ns;   /* time of the newest frame */
    uint64_t last_report_ns; /* wall clock when it last handed over frames */
};

#endif
