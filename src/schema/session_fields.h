/* What a login session may do, as the page asks for it. */
#ifndef NORN_SCHEMA_SESSION_FIELDS_H
#define NORN_SCHEMA_SESSION_FIELDS_H

#include "schema/record.h"

struct session_record {
    const char *user, *role; /* empty: not logged in */
    const char *setup;       /* "done", "needed", "fixed" */
    uint8_t reads_open, needs_code;
};

extern const struct record_type session_record_type;

#endif
