/* Table of API keys. */
#include "schema/auth_fields.h"

#include <string.h>

static void get_token(const void *record, struct view *view, struct value *ret)
{
    const struct auth_record *key = record;
    ret->text = key->token ? key->token : "";
    ret->length = strlen(ret->text);
}

// clang-format off
#define AUTH(wire, kind, member, text) FIELD("kismet.httpd.auth." wire, kind, struct auth_record, member, text)

static const struct field auth_fields[] = {
    AUTH("name", FIELD_TEXT, name, "name of the key"),
    AUTH("role", FIELD_TEXT, role, "what it may do"),
    {.name = "kismet.httpd.auth.token", .type = FIELD_STRING, .get = get_token, .flags = FIELD_OPTIONAL, .description = "the key itself; missing with httpd_allow_auth_view=false"},
    AUTH("expiration", FIELD_UINT64, expires, "when it ends, seconds; 0: never"),
    AUTH("created", FIELD_UINT64, created, "when it was made, seconds"),
    AUTH("accessed", FIELD_UINT64, accessed, "when it was last used, seconds"),
};

const struct record_type auth_record_type = RECORD_TYPE("API key", auth_fields);
// clang-format on
