/* DEVICEFOUND and DEVICELOST: alerts about the devices that track/watch reports. Input: the
 * addresses of the configuration and of the API. Output: alerts. */
#ifndef NORN_ALERT_WATCH_ALERTS_H
#define NORN_ALERT_WATCH_ALERTS_H

#include "alert/alert.h"
#include "track/store.h"

enum watch_alert { WATCH_ALERT_FOUND, WATCH_ALERT_LOST, WATCH_ALERTS };

struct watch_alerts {
    struct alert *alert;
    struct store *store;
    unsigned first; /* number of WATCH_ALERT_FOUND */
};

/* Defines the alerts, takes the addresses of the configuration and has the store report to
 * `watch_alerts`, which must outlive it. 0 or -errno; an address that cannot be read is passed over
 * with a line in ret_why. */
int watch_alerts_init(struct watch_alerts *watch_alerts, struct alert *alert, struct store *store,
                      const struct options *options, struct buffer *ret_why);

extern const struct alert_kind watch_alert_kinds[WATCH_ALERTS];

#endif
