/* From the capture's own status of a source to the record that the API publishes. Input: a copied
 * status. Output: a record whose texts are borrowed from that copy. */
#ifndef NORN_SERVE_SOURCE_RECORD_H
#define NORN_SERVE_SOURCE_RECORD_H

#include "capture/source.h"
#include "capture/source_status.h"
#include "schema/datasource_fields.h"

/* Fills the record of a source; good for as long as the status stays where it is. With `is_public`
 * the definition comes without its secrets. The rings are left NULL. */
void source_record_fill(const struct source_status *status, bool is_public,
                        struct datasource_record *ret_record);

/* Fills the record of a type of source. */
void source_record_driver(const struct source_type *type, struct driver_record *ret_record);

/* Fills the record of an interface that a live source could use; texts are borrowed. */
void source_record_interface(const struct capture_interface *listed,
                             struct interface_record *ret_record);

#endif
