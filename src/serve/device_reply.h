/* Answers that list devices: chosen by a query under the read lock, thinned out by the command's
 * regex on a worker, taken down to its field list, and streamed chunk by chunk in any format.
 * Input: a plan made by a handler. Output: the reply. */
#ifndef NORN_SERVE_DEVICE_REPLY_H
#define NORN_SERVE_DEVICE_REPLY_H

#include "schema/projection.h"
#include "serve/monitor.h"
#include "serve/reply.h"
#include "track/query.h"

/* What is written of a device where the command has no field list. */
enum device_form { DEVICE_FULL, DEVICE_SUMMARY };

/* What the devices are put in. Formats of one record a line never have anything around them. */
enum device_wrap {
    DEVICE_LIST,       /* an array */
    DEVICE_SINCE_LIST, /* the first API's dictionary of last-time */
    DEVICE_TABLE,      /* {"aaData": [...]} */
    DEVICE_MAP,        /* a map with the devices' keys */
    DEVICE_ALONE,      /* nothing: there is one device */
};

struct device_plan {
    struct query query;
    /* Chooses the devices under the read lock; NULL runs `query`. Gives 0, -ENOMEM, or -ENOENT for
     * a 404 with the text `missing`. */
    int (*select)(const struct store *store, const struct device_plan *plan,
                  struct query_result *ret_result);
    /* Tries a device on a worker, under the read lock; NULL keeps all. `prepare` comes before the
     * first one: 0, or -errno with a sentence (400); `finish` comes after the last. */
    int (*prepare)(struct device_plan *plan, struct buffer *ret_why);
    bool (*keep)(const struct device_plan *plan, const struct device *device, struct view *view);
    void (*finish)(struct device_plan *plan);
    const void *context; /* of these; in the request's arena */
    size_t count;        /* of what `context` points to */
    const char *missing;
    enum device_form form;
    enum device_wrap wrap;
    enum format format;
    bool lines;
    uint64_t since; /* DEVICE_SINCE_LIST: the time asked for */
};

/* A plan for this request: everything, bare, in its format. */
struct device_plan device_reply_plan(const struct request *request, enum device_form form);

/* Answers by the plan, which is copied, and by the command's `fields` and `regex`. */
void device_reply_send(struct request *request, const struct device_plan *plan);

/* Seconds since 1970 of a time that a client gives; a negative one is a distance before now. */
uint64_t device_reply_time(struct store *store, int64_t time);

/* The device of that key under the read lock, or NULL. */
struct device *device_reply_find(const struct store *store, struct device_key key);

/* An empty result that covers every id of the store, and adding one to it. */
int device_reply_select_none(const struct store *store, struct query_result *ret_result);
void device_reply_select(struct query_result *result, uint32_t id);

#endif
