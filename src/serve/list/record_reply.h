/* Answers made of a few records: one record, a list, a list in a dictionary; in the format the
 * suffix asks for, taken down to the field list of the command, and of lists to what its patterns
 * match. Input: records. Output: one whole reply. Lists that may be long are list_reply.h's. */
#ifndef NORN_SERVE_RECORD_REPLY_H
#define NORN_SERVE_RECORD_REPLY_H

#include "schema/emit.h"
#include "schema/projection.h"
#include "serve/list/list_filter.h"
#include "serve/http/reply.h"

struct record_reply {
    struct request *request;
    const struct record_type *type;
    struct projection *projection; /* NULL: whole records */
    struct list_filter *filter;    /* of the records of a list; NULL: all of them */
    struct pattern_budget budget;  /* of its patterns */
    size_t head, content;          /* where a filtered list begins, and its first record */
    uint32_t kept;                 /* records of it so far */
    struct buffer body;
    struct emitter emitter;
    bool lines;
};

/* The command's field list over `type`, which may be NULL where there is no record; NULL where
 * there is no list. False when 400 or 503 was replied instead. */
bool record_reply_read_fields(struct request *request, const struct record_type *type,
                              struct projection **ret_projection);

/* Replies 400 for what the patterns of a command took. */
void record_reply_refuse_patterns(struct request *request, const struct pattern_budget *budget);

/* Reads the command's field list and patterns over `type`. False when one was bad: then 400 has
 * been replied and nothing else is to be done; neither is it where there are patterns, which are
 * for a worker: it calls the handler again. Ends with record_reply_send() or record_reply_drop().
 */
bool record_reply_begin(struct record_reply *reply, struct request *request,
                        const struct record_type *type);

/* The whole of an answer that is one record. */
void record_reply_single(struct request *request, const struct record_type *type,
                         const void *record, struct view *view);

/* The single record of the answer. */
void record_reply_record(struct record_reply *reply, const void *record, struct view *view);

/* True when the command's patterns let a record of a list stay. */
bool record_reply_keeps(struct record_reply *reply, const void *record, struct view *view);

/* A list of `count` records: each by record_reply_element(), which leaves out what does not stay.
 */
void record_reply_list_begin(struct record_reply *reply, uint32_t count);
void record_reply_element(struct record_reply *reply, const void *record, struct view *view);
void record_reply_list_end(struct record_reply *reply);

/* A dictionary of `count` records, each by record_reply_entry() under its key; formats of one
 * record a line give the dictionary in one. */
void record_reply_map_begin(struct record_reply *reply, enum field_type map, uint32_t count);
void record_reply_entry(struct record_reply *reply, enum field_type map, const struct value *key,
                        const void *record, struct view *view);
void record_reply_map_end(struct record_reply *reply, enum field_type map);

/* The same within a dictionary that has the list as its only member. */
void record_reply_table_begin(struct record_reply *reply, const char *name, uint32_t count);
void record_reply_table_end(struct record_reply *reply);

/* Sends with status 200 (400 when the patterns took too much), or gives up without a reply. */
void record_reply_send(struct record_reply *reply);
void record_reply_drop(struct record_reply *reply);

/* Replies 400 with the sentence collected in `why` and frees it. */
void record_reply_refuse(struct request *request, struct buffer *why);

/* The same for an error that may have no sentence: then memory was lacking (503). 0 is none. */
void record_reply_fail(struct request *request, int error, struct buffer *why);

#endif
