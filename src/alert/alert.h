/* Alerts: which kinds there are, how often each may be raised, and the newest of those raised.
 * Input: kinds from tables (system_alerts.c, phy/NOUN_alerts.c) and from the API, the rates of the
 * configuration, what the checks find. Output: records in a backlog; a message for each.
 *
 * Locks: any thread may call anything here. Its own lock and its backlog's are held for bounded
 * steps, nothing outside is taken under them (but the clock is read), so alerts may be raised under
 * the store's write lock. Raising allocates nothing; text is made only of what may pass. */
#ifndef NORN_ALERT_ALERT_H
#define NORN_ALERT_ALERT_H

#include "alert/alert_rate.h"
#include "alert/message.h"
#include "schema/alert_fields.h"
#include "schema/device_fields.h"
#include "schema/phy_fields.h"
#include "util/options.h"

enum { ALERT_DEFINITIONS = 1024, ALERT_DESCRIPTION = 2048 /* bytes, NUL included */ };

/* A kind of alert: a row of its owner's table. */
struct alert_kind {
    const char *name, *class;
    uint8_t severity; /* enum alert_severity */
    struct alert_rate rate, burst;
    const char *description;
};

/* What an alert is about; whatever is zero or NULL is not known. */
struct alert_facts {
    uint64_t time_ns;             /* of the packet; 0: now, and about no packet */
    const struct phy_record *phy; /* NULL: about no phy */
    struct device *device;        /* its count of alerts grows: under the store's write lock */
    struct macaddr transmitter, source, destination, other;
    const char *channel;
    uint32_t frequency; /* kHz */
    const struct location *location;
    bool has_datasource;
    uint16_t datasource; /* number of the source that heard it */
};

struct alert_config {
    const struct options *options;     /* NULL: the defaults */
    struct message *messages;          /* may be NULL */
    uint64_t (*now_us)(void *context); /* server's clock, microseconds; any thread */
    void *context;
};

struct alert;

/* An engine of alerts without a kind yet. NULL without memory. Lines of the configuration that
 * cannot be read are passed over, each with a sentence in ret_why, a line each. */
struct alert *alert_new(const struct alert_config *config, struct buffer *ret_why);
void alert_free(struct alert *alert);

/* Adds a kind; texts are copied, the rates of the configuration win. `phy` is -1 for any. Its
 * number, -EEXIST when there is one of that name (any case), -ENOSPC or -ENOMEM. */
int alert_define(struct alert *alert, const struct alert_kind *kind, int64_t phy);

/* Adds the kinds of a table, numbered one after the other: the number of the first, or as above. */
int alert_define_all(struct alert *alert, const struct alert_kind *kinds, size_t count,
                     int64_t phy);

/* The number of the kind of that name (any case), or -ENOENT. */
int alert_find(struct alert *alert, const char *name);

/* Appends the names of the configuration that no kind has, the first few; how many there are. */
size_t alert_unknown(struct alert *alert, struct buffer *buffer);

/* Copies the definitions, at most `limit`; how many. */
size_t alert_list(struct alert *alert, struct alert_definition *ret_definitions, size_t limit);

/* Raises an alert with a text of at most ALERT_TEXT; bytes from the air in it must be printable
 * already, others are replaced. 0, or -EAGAIN when its kind was raised too often lately. */
int alert_raise(struct alert *alert, unsigned number, const struct alert_facts *facts,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Raises an alert of the system that needs no definition and is never held back. */
void alert_raise_once(struct alert *alert, const struct alert_kind *kind,
                      const struct alert_facts *facts, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The backlog of struct alert_record: to copy, listen to and deliver. */
struct backlog *alert_backlog(struct alert *alert);

extern const struct option alert_options[];
extern const size_t alert_options_count;

#endif
