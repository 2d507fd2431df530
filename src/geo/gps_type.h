/* The kinds of receivers: each is a row in a file of its own, gps_NAME.c, listed in gps_type.c.
 * A kind that is connected opens a descriptor and reads lines; one that is posted gets its fixes
 * from the API; a fixed one never moves. */
#ifndef NORN_GEO_GPS_TYPE_H
#define NORN_GEO_GPS_TYPE_H

#include "geo/fix.h"
#include "geo/gpsd_report.h"
#include "geo/nmea.h"
#include "schema/gps_fields.h"
#include "util/buffer.h"

struct gps_definition;
struct gps_config;

/* An option of definitions. `set` gives 0 or -EINVAL. */
struct gps_key {
    const char *key;
    int (*set)(struct gps_definition *definition, const char *value, size_t length);
};

/* What a connected receiver remembers between lines. */
union gps_parser {
    struct nmea nmea;
    struct gpsd_report gpsd;
};

struct gps_type {
    struct gps_type_record record; /* what the API shows */
    const char *example;           /* a definition that is right */
    const struct gps_key *keys;    /* beside those of all kinds; ends with .key NULL, or NULL */
    bool is_posted;
    bool is_fixed;
    /* True when the definition has all that it needs; NULL: nothing is needed. */
    bool (*is_complete)(const struct gps_definition *definition);
    /* One line for people: where it is, what it reads. NULL: the kind's own description. */
    void (*describe)(const struct gps_definition *definition, char *ret_text, size_t size);
    /* Begins to open: a descriptor that becomes readable when config->finish() is to be called, or
     * -errno. NULL: not connected. */
    int (*open)(const struct gps_config *config, const struct gps_definition *definition);
    const char *greeting; /* sent once it is open, and again when it is silent; NULL: nothing */
    /* Takes a line at time `now_ns`. 1 and ret_fix, 0 when it is of no use, -EBADMSG when it is not
     * what such a receiver says. */
    int (*take)(union gps_parser *parser, const uint8_t *line, size_t length, uint64_t now_ns,
                struct fix *ret_fix);
};

/* The kind of that name, any case, or NULL. */
const struct gps_type *gps_type_find(const char *name, size_t length);

extern const struct gps_type gps_gpsd_type, gps_meta_type, gps_serial_type, gps_tcp_type,
    gps_virtual_type, gps_web_type;

/* All of them, sorted by name. */
extern const struct gps_type *const gps_types[];
extern const size_t gps_types_count;

#endif
