/* A command for a radio, on its way from whoever gave it to the source's thread, its tool, and
 * back. Thread-safe; one command at a time. */
#ifndef NORN_CAPTURE_TUNING_H
#define NORN_CAPTURE_TUNING_H

#include "capture/source_status.h"
#include "util/buffer.h"

struct source;

enum tuning_state {
    TUNING_NONE,
    TUNING_ASKED,   /* the source's thread is to take it up */
    TUNING_SENT,    /* the tool is to answer */
    TUNING_DONE,    /* it did as told */
    TUNING_REFUSED, /* `why` */
};

/* Guarded by the source's lock. */
struct tuning {
    enum tuning_state state;
    bool is_hop;
    char channel[SOURCE_CHANNEL_TEXT]; /* to lock on */
    struct source_channels channels;   /* of a hop; none: those it has */
    double rate;                       /* 0: the one it has */
    int shuffle;                       /* 1 on, -1 off, 0: as it is */
    char why[SOURCE_REASON];
};

/* Gives the command and waits for its end. 0, or -errno with a sentence: -ENOTCONN: the source is
 * not open; -EREMOTEIO: the tool refuses; -ETIMEDOUT. From any thread but the source's. */
int tuning_ask(struct source *source, const struct tuning *command, unsigned timeout_ms,
               struct buffer *ret_why);

/* For the source's thread, with its lock: the command was done (NULL) or refused. */
void tuning_end(struct source *source, const char *why);

#endif
