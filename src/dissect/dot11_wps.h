/* Wi-Fi Protected Setup attributes: in the vendor element 00-50-F2:4 of beacons, probes and
 * associations, and in EAP-WSC messages (Wi-Fi Simple Configuration 2.0.8, clause 12). Texts are
 * borrowed slices: not terminated, not checked, bytes from the air. */
#ifndef NORN_DISSECT_DOT11_WPS_H
#define NORN_DISSECT_DOT11_WPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/malformed.h"

/* Borrowed bytes; `bytes` is NULL when absent. */
struct dot11_text {
    const uint8_t *bytes;
    uint16_t length;
};

struct dot11_wps {
    bool present;
    uint8_t version;      /* 0x10 for 1.0 */
    uint8_t version2;     /* 0x20 for 2.0, 0 when absent */
    uint8_t state;        /* 1 not configured, 2 configured, 0 absent */
    uint8_t message_type; /* EAP-WSC: 4 M1, 5 M2, 7 M3 .. 12 M8, 0 absent */
    bool setup_locked, has_config_methods;
    uint16_t config_methods;
    uint16_t device_category, device_subcategory; /* primary device type */
    uint16_t password_id;
    struct dot11_text manufacturer, device_name, model_name, model_number, serial_number;
    struct dot11_text uuid; /* 16 bytes */
};

/* Walks the attributes; what precedes a fault is kept. Gives the fault, MALFORMED_NONE for none. */
enum malformed dot11_wps_parse(const uint8_t *content, size_t length, struct dot11_wps *ret_wps);

#endif
