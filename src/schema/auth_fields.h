/* An API key or a login session, as it is listed. */
#ifndef NORN_SCHEMA_AUTH_FIELDS_H
#define NORN_SCHEMA_AUTH_FIELDS_H

#include "schema/record.h"

struct auth_record {
    const char *name, *role;
    const char *token; /* NULL: not to be shown */
    uint64_t created, accessed;
    uint64_t expires; /* 0: never */
};

extern const struct record_type auth_record_type;

#endif
