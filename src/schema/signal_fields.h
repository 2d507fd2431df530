/* Signal: the few bytes kept of each device and channel, and the record published of them. */
#ifndef NORN_SCHEMA_SIGNAL_FIELDS_H
#define NORN_SCHEMA_SIGNAL_FIELDS_H

#include "schema/history.h"
#include "schema/location_fields.h"

enum signal_kind {
    SIGNAL_NONE,
    SIGNAL_DBM,
    SIGNAL_RSSI, /* a driver's own scale */
};

/* Kept. 0 stands for no sample, as in the API. */
struct signal {
    int16_t last_signal, minimum_signal, maximum_signal;
    int16_t last_noise, minimum_noise, maximum_noise;
    uint32_t maximum_rate; /* 100 kb/s */
    uint8_t kind;          /* enum signal_kind, fixed by the first sample */
    uint8_t encodings;     /* bits of the encodings heard */
    uint16_t carriers;     /* bits of the carriers heard */
};

/* Published. */
struct signal_record {
    const char *type;
    int32_t last_signal, last_noise;
    int32_t minimum_signal, minimum_noise;
    int32_t maximum_signal, maximum_noise;
    double maximum_rate; /* Mb/s */
    uint64_t encodings, carriers;
    struct location *const *peak;  /* looked at only where it is asked for; NULL: none */
    const struct history *history; /* rendered as of `now`, only where it is asked for */
    uint64_t now;
};

/* Adds one sample; a kind other than the first one's is ignored, as are zeroes. */
void signal_add(struct signal *signal, enum signal_kind kind, int strength, int noise,
                uint32_t rate, uint8_t encodings, uint16_t carriers);

/* Fills the published form; peak and history are the caller's. */
void signal_render(const struct signal *signal, struct signal_record *ret_record);

extern const struct record_type signal_record_type;

#endif
