/* Table of the session's status. */
#include "schema/session_fields.h"

// clang-format off
#define SESSION(wire, kind, member, text) FIELD("norn.session." wire, kind, struct session_record, member, text)

static const struct field session_fields[] = {
    SESSION("user", FIELD_TEXT, user, "name of the login or API key shown; empty without one"),
    SESSION("role", FIELD_TEXT, role, "what it may do: admin, readonly or another role; empty without a login"),
    SESSION("setup", FIELD_TEXT, setup, "whether a password is set: done, needed, or fixed in the global configuration"),
    SESSION("reads_open", FIELD_UINT8, reads_open, "1: this client may read without a login"),
    SESSION("needs_code", FIELD_UINT8, needs_code, "1: this client needs the code of the server's console to set the first password"),
};

const struct record_type session_record_type = RECORD_TYPE("login session", session_fields);
// clang-format on
