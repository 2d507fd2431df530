/* The registry of source types: what `type=` may say, for the API's list of types and for those
 * who define sources. Input: a type's name or an interface's. Output: the type. */
#ifndef NORN_CAPTURE_SOURCES_H
#define NORN_CAPTURE_SOURCES_H

#include <stddef.h>

#include "capture/source.h"

/* The type of that name, any case, or NULL. */
const struct source_type *sources_find(const char *name);

/* Whether the option mask_datasource_type names the type. */
bool sources_is_masked(const struct capture_config *config, const struct source_type *type);

/* The first type that takes the interface without asking a tool, or NULL. */
const struct source_type *sources_probe(const struct capture_config *config, const char *interface);

/* Appends why no type takes the interface. */
void sources_explain_missing(const char *interface, struct buffer *ret_why);

/* Appends that no type has this name, and which there are. */
void sources_explain_unknown(const char *name, struct buffer *ret_why);

/* The UUID a source gets when its definition names none: the same in every run. `type` may be
 * NULL; `again` makes another one of the same inputs, for when the first is taken. */
struct uuid sources_make_uuid(const struct capture_config *config, const struct source_type *type,
                              const char *interface, bool again);

extern const struct source_type source_file_type;
extern const struct source_type source_demo_type;
extern const struct source_type source_virtual_type;

/* Leaves frames for a source of type virtual, which hands them on in its own thread: all of them or
 * none. Any thread. 0; -EOPNOTSUPP: another type; -ESHUTDOWN: it is closed; -EAGAIN: too much waits
 * already; each with a plain sentence in ret_why. */
int source_virtual_post(struct source *source, const struct frame *frames, size_t count,
                        struct buffer *ret_why);

/* Walks over all types: those norn captures itself, then those of tools. NULL gives the first, the
 * last gives NULL. */
const struct source_type *sources_next(const struct source_type *type);

#endif
