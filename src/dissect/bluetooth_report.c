/* Facts of Bluetooth reports. See bluetooth_report.h. */
#include "dissect/bluetooth_report.h"

#include <errno.h>
#include <string.h>

/* A whole number of 16 bits or fewer, 0 where there is none. */
static int16_t number_of(struct report_value object, const char *key, int64_t least, int64_t most,
                         bool *ret_found)
{
    int64_t number;
    *ret_found = report_integer(report_find(object, key), least, most, &number);
    return *ret_found ? (int16_t)number : 0;
}

/* Reads what any of them may say; the address goes by that key. */
static int parse(struct report_value object, const char *address_key,
                 struct bluetooth_report *report)
{
    bool found;
    int64_t kind;
    if (report_integer(report_find(object, "type"), 0, 2, &kind))
        report->kind = (uint8_t)kind;
    report->name = report_find(object, "name");
    report->device_type = report_find(object, "devicetype");
    report->scan_data = report_find(object, "scan_data");
    report->service_data = report_find(object, "service_data");
    report->power = number_of(object, "txpowerlevel", INT8_MIN, INT8_MAX, &report->has_power);
    report->path_loss = number_of(object, "pathloss", INT16_MIN, INT16_MAX, &report->has_path_loss);
    report->signal = number_of(object, "signal", INT8_MIN, 0, &found);
    return report_address(report_find(object, address_key), &report->mac) ? 0 : -EBADMSG;
}

int bluetooth_report_parse(const struct report *report, struct bluetooth_report *ret_report)
{
    *ret_report = (struct bluetooth_report){.kind = BLUETOOTH_REPORT_KIND_UNKNOWN};
    if (strcmp(report->kind, "linuxbthci") == 0)
        return parse(report->object, "addr", ret_report);
    if (strcmp(report->kind, "BLUETOOTHSCAN") == 0)
        return parse(report->object, "btaddr", ret_report);
    return -EOPNOTSUPP;
}
