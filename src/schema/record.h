/* The hinge of norn: every record that is kept and published is a plain C struct and one table
 * whose rows say, for each member, where it lies, its name on the wire, its type and its meaning.
 * JSON, msgpack, field lists, sub-key paths, sorting, search and the documentation all come from
 * these rows. Input: structs of the store, read under its lock. Output: see emit.h. */
#ifndef NORN_SCHEMA_RECORD_H
#define NORN_SCHEMA_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/intern.h"
#include "util/macaddr.h"
#include "util/uuid.h"

/* Type of a member on the wire, and with it the C type of the plain member at its offset. */
enum field_type {
    FIELD_STRING,     /* const struct string *; NULL is the empty text */
    FIELD_TEXT,       /* const char *; NULL is the empty text; a string on the wire */
    FIELD_INT8,       /* int8_t */
    FIELD_UINT8,      /* uint8_t; most booleans are such, 0 or 1 */
    FIELD_INT16,      /* int16_t */
    FIELD_UINT16,     /* uint16_t */
    FIELD_INT32,      /* int32_t */
    FIELD_UINT32,     /* uint32_t */
    FIELD_INT64,      /* int64_t */
    FIELD_UINT64,     /* uint64_t */
    FIELD_BOOLEAN,    /* uint8_t; true or false on the wire */
    FIELD_FLOAT,      /* float */
    FIELD_DOUBLE,     /* double */
    FIELD_MAC,        /* struct macaddr */
    FIELD_UUID,       /* struct uuid */
    FIELD_KEY,        /* struct device_key; a string on the wire */
    FIELD_BYTES,      /* struct bytes; upper-case hex on the wire */
    FIELD_POINT,      /* struct point; an array [longitude, latitude] of six decimals */
    FIELD_SERIES,     /* double[count]; an array of numbers on the wire */
    FIELD_RECORD,     /* const void * to a record of type `record`; NULL is absent */
    FIELD_INLINE,     /* a record of type `record` that lies at the offset itself */
    FIELD_LIST,       /* walked by `next`; an array of `element` */
    FIELD_MAP_STRING, /* walked by `next`; a map with text keys */
    FIELD_MAP_MAC,    /* a map with MAC keys */
    FIELD_MAP_INT,    /* a map with whole-number keys */
    FIELD_MAP_DOUBLE, /* a map with number keys (kHz); whole ones print without decimals */
};

struct device_key {
    uint64_t phy; /* hash_weak() of the phy's name */
    uint64_t mac; /* macaddr_u64() of the address */
};

struct bytes {
    const uint8_t *data;
    size_t length;
};

struct point {
    double longitude, latitude; /* degrees */
};

/* A value met while walking a record: what a `get` or `next` gives, what a path finds. */
struct value {
    enum field_type type;
    bool absent; /* there is none: left out of the record */
    union {
        int64_t integer;  /* FIELD_INT* */
        uint64_t natural; /* FIELD_UINT*, FIELD_BOOLEAN */
        double number;    /* FIELD_FLOAT, FIELD_DOUBLE */
        struct macaddr mac;
        struct uuid uuid;
        struct device_key key;
        struct bytes bytes;
        struct point point;
        struct {
            const char *text; /* FIELD_STRING, FIELD_TEXT: valid UTF-8 */
            size_t length;
        };
        struct {
            const double *numbers; /* FIELD_SERIES */
            size_t count;
        };
        const void *record; /* FIELD_RECORD, FIELD_INLINE */
    };
};

enum { VIEW_SCRATCH = 16 * 1024 };

struct datasource_record;
struct dot11_clocks;

/* Side tables that computed members look into; borrowed, good while the store's lock is held. */
struct view_tables {
    const struct datasource_record *const *sources; /* by source number; NULL where there is none */
    const uint64_t *source_clocks; /* seconds: a file's packet time; 0: the server's clock rules */
    const struct phy_record *phys; /* by phy number */
    const struct dot11_clocks *clocks; /* of access points; NULL: none */
    size_t source_count, phy_count;
};

/* What one rendering knows beside the record: the clock and the store's side tables. Computed
 * members put what they render into `scratch`, taken with view_scratch(); whoever walks a record
 * sets scratch_used back after each member. One thread, one view. */
struct view {
    uint64_t server_now; /* server clock, seconds since the epoch */
    uint64_t clock;      /* newest clock of any source, seconds: now for records of no one source */
    const struct view_tables *tables; /* NULL: no side tables */
    bool brief; /* a single value is wanted: computed records may leave out their series */
    size_t scratch_used;
    _Alignas(16) uint8_t scratch[VIEW_SCRATCH];
};

/* `size` bytes of the view's scratch, 16-byte aligned, or NULL when it is spent. */
static inline void *view_scratch(struct view *view, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded > sizeof view->scratch - view->scratch_used)
        return NULL;
    void *bytes = view->scratch + view->scratch_used;
    view->scratch_used += rounded;
    return bytes;
}

/* Where a walk over a list or map stands. Zeroed at the start; `next` fills key and element. */
struct cursor {
    uint64_t index;
    const void *at;
    struct value key;     /* maps only; its type fits the map's */
    struct value element; /* its type is the row's `element` */
};

enum field_flag {
    FIELD_OPTIONAL = 1, /* left out while zero, NULL or empty */
    FIELD_ALIAS = 2, /* older name of a value: found by path and field list, not in whole records */
    FIELD_SUMMARY = 4, /* part of the record's short form */
};

struct field {
    const char *name; /* wire name, with dots */
    enum field_type type;
    uint16_t offset;         /* of the plain member; unused when `get` or `next` is set */
    uint16_t count;          /* FIELD_SERIES: how many numbers */
    uint8_t flags;           /* enum field_flag */
    enum field_type element; /* lists and maps: type of what they hold */
    /* Of FIELD_RECORD, FIELD_INLINE, or of the elements. With `element` FIELD_LIST (a map of lists)
     * it is a type whose first row is the list, walked over the element's `record`. */
    const struct record_type *record;
    /* Computes the value; NULL reads the plain member. `ret` comes zeroed with its type set;
     * records that are computed live in the view's scratch. */
    void (*get)(const void *record, struct view *view, struct value *ret);
    /* Steps a walk; false at its end. */
    bool (*next)(const void *record, struct view *view, struct cursor *cursor);
    const char *unit;        /* NULL when it has none */
    const char *description; /* one line, our own words */
};

struct record_type {
    const char *name; /* "device", "RRD"; for documentation */
    const struct field *fields;
    size_t count;
};

/* A row for a plain member: wire name, type, struct, member, meaning. */
#define FIELD(wire, kind, structure, member, text)                                                 \
    {                                                                                              \
        .name = (wire), .type = (kind), .offset = offsetof(structure, member),                     \
        .description = (text)                                                                      \
    }

/* The same, left out while it is empty. */
#define FIELD_IF_SET(wire, kind, structure, member, text)                                          \
    {                                                                                              \
        .name = (wire), .type = (kind), .offset = offsetof(structure, member),                     \
        .flags = FIELD_OPTIONAL, .description = (text)                                             \
    }

/* An older name of a value. */
#define FIELD_OLD(wire, kind, structure, member, text)                                             \
    {                                                                                              \
        .name = (wire), .type = (kind), .offset = offsetof(structure, member),                     \
        .flags = FIELD_ALIAS, .description = (text)                                                \
    }

/* A fixed run of numbers in the struct. */
#define FIELD_NUMBERS(wire, structure, member, text)                                               \
    {                                                                                              \
        .name = (wire), .type = FIELD_SERIES, .offset = offsetof(structure, member),               \
        .count = sizeof(((structure *)0)->member) / sizeof(double), .description = (text)          \
    }

#define RECORD_TYPE(title, rows)                                                                   \
    {                                                                                              \
        .name = (title), .fields = (rows), .count = sizeof(rows) / sizeof *(rows)                  \
    }

/* Text of a key as the API writes it: two hex numbers, no padding (reference: device keys). */
enum { DEVICE_KEY_TEXT = 34 };
size_t device_key_write(struct device_key key, char ret_text[DEVICE_KEY_TEXT]);
int device_key_parse(const char *text, size_t length, struct device_key *ret_key);

/* The row called `name`, or NULL; linear, for compile time only. */
const struct field *record_find(const struct record_type *type, const char *name, size_t length);

/* The value of a row that is no list and no map: plain member or computed. OPTIONAL rows that are
 * zero, NULL or empty come back absent. */
void record_value(const struct field *field, const void *record, struct view *view,
                  struct value *ret);

/* Every record type there is, for documentation and tests: NULL-ended. */
extern const struct record_type *const record_types[];

#endif
