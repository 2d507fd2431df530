/* Alerts as published: one raised alert, the definition of a kind of alert, and the dictionary that
 * a list of alerts may come in. Plain records with their texts inside, so that they are copied by
 * value. Kept by alert/alert. */
#ifndef NORN_SCHEMA_ALERT_FIELDS_H
#define NORN_SCHEMA_ALERT_FIELDS_H

#include "schema/location_fields.h"

enum {
    ALERT_NAME = 48, /* bytes of the texts, NUL included */
    ALERT_CLASS = 16,
    ALERT_CHANNEL = 20,
    ALERT_TEXT = 448,
    ALERT_NO_SOURCE = 0xffff,
};

enum alert_severity {
    ALERT_INFO = 0,
    ALERT_LOW = 5,
    ALERT_MEDIUM = 10,
    ALERT_HIGH = 15,
    ALERT_CRITICAL = 20,
};

/* One alert. Texts are valid UTF-8 without control bytes. */
struct alert_record {
    uint64_t time_us;   /* server's clock, microseconds; no two alerts have the same */
    uint64_t packet_ns; /* of the packet that raised it; 0: none did */
    struct location location;
    struct device_key device_key;
    struct macaddr transmitter, source, destination, other;
    uint32_t hash, phy, frequency; /* phy UINT32_MAX: of no phy; frequency in kHz */
    uint16_t datasource;           /* number of the source that heard it, or ALERT_NO_SOURCE */
    uint8_t severity;              /* enum alert_severity */
    uint8_t has_coverage;
    float coverage; /* 0 to 1 */
    struct uuid datasource_uuid;
    char header[ALERT_NAME], class[ALERT_CLASS], channel[ALERT_CHANNEL], text[ALERT_TEXT];
};

/* A kind of alert, with what was sent of it. */
struct alert_definition {
    char header[ALERT_NAME], class[ALERT_CLASS];
    const char *description; /* good as long as the alerts are */
    int64_t phy;             /* -1: any */
    uint8_t severity;
    uint64_t limit_unit, limit_rate, burst_unit, limit_burst; /* units: 0 s, 1 min, 2 h, 3 days */
    uint64_t burst_sent, total_sent;                          /* in the unit under way */
    double time_last;                                         /* server's clock, seconds */
};

/* Alerts with the time they were asked for. */
struct alert_list {
    const struct alert_record *alerts;
    size_t count;
    double timestamp; /* server's clock, seconds */
};

/* The word for a severity: "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"; NULL for other numbers. */
const char *alert_severity_word(unsigned severity);

extern const struct record_type alert_type;
extern const struct record_type alert_definition_type;
extern const struct record_type alert_list_type;

#endif
