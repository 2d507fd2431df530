/* A list of records on its way out: bare or in a dictionary, in any format, chunk by chunk. Input:
 * ids that were chosen (list_reply.c does) and where their records come from. Output: bytes. The
 * store keeps what is evicted meanwhile until the stream ends or is cut, so the count that msgpack
 * needs first stays right. */
#ifndef NORN_SERVE_LISTING_H
#define NORN_SERVE_LISTING_H

#include "schema/devicelist_fields.h"
#include "schema/projection.h"
#include "track/query.h"

enum { LISTING_HOLD = 256 }; /* records looked at under one hold of the lock */

/* A kind of record that lists are made of. Everything here is called under the read lock. */
struct list_source {
    const struct record_type *type;
    /* The record of an id, evicted ones as well; NULL where there is none. */
    const void *(*record)(const struct store *store, uint32_t id);
    int (*query)(const struct store *store, const struct query *query,
                 struct query_result *ret_result);
    /* Text of the record's key, for LIST_MAP; NULL: it has none. */
    size_t (*key)(const void *record, struct view *view, char ret_text[DEVICE_KEY_TEXT]);
    size_t hot_bytes; /* of a record, to get on their way from memory before it is looked at */
    /* Gets on their way what these bytes point to; NULL: nothing. */
    void (*prefetch)(const void *record);
    size_t least_bytes; /* that a whole record has when written */
};

/* What the records are put in. Formats of one record a line never have anything around them. */
enum list_wrap {
    LIST_BARE,  /* an array */
    LIST_SINCE, /* the first API's dictionary of last-time */
    LIST_TABLE, /* {"aaData": [...]} */
    LIST_PAGE,  /* {"data": [...], "last_page": ...} */
    LIST_DRAW,  /* {"draw": ..., "data": [...], "recordsTotal": ...} */
    LIST_MAP,   /* a map by the records' keys */
    LIST_ALONE, /* nothing: there is one record */
};

struct list_plan;

struct listing {
    struct store *store;
    const struct list_source *source;
    const struct list_plan *plan; /* chooses the records at the first fill; NULL: it has */
    struct query_result result;
    uint32_t *ids; /* the same in an order of their own, owned; NULL: by id */
    uint32_t id_count;
    int stream;               /* of the store; -1: none */
    uint32_t next, near, far; /* where writing and looking ahead stand */
    bool deep;                /* what records point to is looked ahead for, too */
    const struct projection *projection;
    struct projection *own_projection;
    struct emitter emitter;
    enum list_wrap wrap;
    bool lines, begun;
    struct devicelist list;
    struct devicelist_page page;
};

/* An empty listing, or NULL without memory. */
struct listing *listing_new(struct store *store, const struct list_source *source);
void listing_free(void *listing);

uint32_t listing_count(const struct listing *listing);

/* Walks the records under the lock, from `next` on: listing_look() at the beginning of each hold
 * (`deep` also gets on its way what records point to), then the next one again and again. *ret_id
 * is STORE_NONE at the end. */
void listing_look(struct listing *listing, bool deep);
const void *listing_take(struct listing *listing, uint32_t *ret_id);

/* Writes records under one hold of the lock: REPLY_END after the last one, else what a fill of
 * reply_stream() gives. */
int listing_write(struct listing *listing, struct buffer *buffer, size_t goal);

/* Writes what comes after the last record, without the lock: REPLY_END or REPLY_ROOM. */
int listing_finish(struct listing *listing, struct buffer *buffer);

#endif
