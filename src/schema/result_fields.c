/* Table of the result record. */
#include "schema/result_fields.h"

// clang-format off
static const struct field result_fields[] = {
    FIELD("status", FIELD_TEXT, struct result_record, status, "what was done, or what is wrong"),
    FIELD("success", FIELD_BOOLEAN, struct result_record, success, "whether it was done"),
};

const struct record_type result_record_type = RECORD_TYPE("result", result_fields);
