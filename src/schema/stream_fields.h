/* A stream of packets to one client. */
#ifndef NORN_SCHEMA_STREAM_FIELDS_H
#define NORN_SCHEMA_STREAM_FIELDS_H

#include "schema/record.h"

enum { STREAM_TEXT = 160 };

struct stream_record {
    double id;
    uint64_t time; /* seconds: when it began */
    char name[STREAM_TEXT], path[STREAM_TEXT], description[STREAM_TEXT];
    uint64_t packets, bytes, drops;
    uint8_t paused;
};

extern const struct record_type stream_record_type;

#endif
