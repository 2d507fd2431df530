/* How a command went, for commands that answer with that alone. */
#ifndef NORN_SCHEMA_RESULT_FIELDS_H
#define NORN_SCHEMA_RESULT_FIELDS_H

#include "schema/record.h"

struct result_record {
    const char *status;
    uint8_t success;
};

extern const struct record_type result_record_type;

#endif
