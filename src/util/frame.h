/* One captured frame on its way from a capture thread to the engine, and the batch that
 * carries up to BATCH_FRAMES of them. The bytes live in the batch, so a frame is good for as
 * long as its batch is. Knows nothing of radios: a link type is a number. */
#ifndef NORN_UTIL_FRAME_H
#define NORN_UTIL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BATCH_FRAMES = 256,
    BATCH_BYTES = 256 * 1024,
    FRAME_BYTES_MAX = 256 * 1024, /* captured bytes kept of one frame; more is cut and counted */
};

/* What a sensor says of a frame beside its bytes. */
struct frame_extra {
    bool has_signal, has_place;
    int16_t signal, noise;                /* dBm, 0 unknown */
    uint32_t frequency;                   /* kHz, 0 unknown */
    uint8_t fix;                          /* 2 or 3 dimensions */
    double latitude, longitude, altitude; /* degrees, metres */
    double speed, heading;                /* km/h, degrees */
};

/* A link type of our own for what sensors tell without a frame: the report's kind, NUL, JSON. */
enum { FRAME_REPORT = 0xffff };

struct frame {
    const uint8_t *data;
    uint32_t length;                 /* captured bytes at `data` */
    uint32_t original_length;        /* bytes on the air (or on the link) */
    uint64_t time_ns;                /* capture time, nanoseconds since the epoch */
    uint16_t link_type;              /* LINKTYPE_ value of the tcpdump.org list */
    uint16_t source;                 /* number of the data source that captured it */
    const struct frame_extra *extra; /* in the batch's bytes; NULL: nothing more is known */
    uint8_t fcs_length; /* FCS bytes that the capture's own header promises, 0: says nothing */
};

/* Frames of one source, in capture order. Exactly one thread holds a batch at a time. */
struct batch {
    struct batch *next;  /* for whoever holds it */
    uint32_t count;      /* frames[0 .. count-1] are filled */
    uint32_t bytes_used; /* of `bytes` */
    uint16_t source;     /* number of the data source */
    bool fcs_unchecked;  /* source option validatefcs=false: accept a wrong FCS */
    bool file_clock;     /* the source's clock is its packet time (a file read at full speed) */
    bool elsewhere;      /* the source is not where we are: our position says nothing of it */
    bool is_live;        /* the queue gave it to a live source */
    void *room;          /* for what the frames say, behind the batch */
    struct frame frames[BATCH_FRAMES];
    uint8_t bytes[BATCH_BYTES];
};

/* An empty batch with `room` bytes at a multiple of PREFETCH_LINE; free() takes both. NULL when
 * memory is lacking. */
struct batch *batch_new(size_t room);

#endif
