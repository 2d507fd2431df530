/* The devices that a device is related to, by relation: computed from what the phys keep anyway, so
 * a relation costs no memory. Input: a device. Output: a map from relation to a list of keys. */
#ifndef NORN_SCHEMA_RELATED_FIELDS_H
#define NORN_SCHEMA_RELATED_FIELDS_H

#include "schema/record.h"

/* For a FIELD_MAP_STRING row of devices with elements FIELD_LIST of `related_type`: the relations
 * that the device has. */
bool related_next(const void *record, struct view *view, struct cursor *cursor);

extern const struct record_type related_type;

#endif
