/* Bluetooth devices as sensors report them: an adapter's host (kind linuxbthci: addr, name, type)
 * and scanning phones (kind BLUETOOTHSCAN: btaddr, devicetype, name, txpowerlevel, pathloss,
 * scan_data, service_data, signal); either may say what the other does. Input: a report; output:
 * facts, texts borrowed from it. */
#ifndef NORN_DISSECT_BLUETOOTH_REPORT_H
#define NORN_DISSECT_BLUETOOTH_REPORT_H

#include "dissect/report.h"

enum { BLUETOOTH_REPORT_KIND_UNKNOWN = 0xff };

struct bluetooth_report {
    struct macaddr mac;
    uint8_t kind; /* 0 basic rate, 1 low energy, 2 low energy with a random address, or
                     BLUETOOTH_REPORT_KIND_UNKNOWN */
    bool has_power, has_path_loss;
    int16_t power, path_loss;
    int16_t signal; /* dBm, 0 unknown */
    struct report_value name, device_type;
    struct report_value scan_data;    /* hex */
    struct report_value service_data; /* a map from UUIDs to hex */
};

/* 0; -EOPNOTSUPP: a report of another kind; -EBADMSG: it names no address. */
int bluetooth_report_parse(const struct report *report, struct bluetooth_report *ret_report);

#endif
