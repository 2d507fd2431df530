/* Fuzzes the reports of sensors: the JSON scanner, texts and numbers of every member, the facts of
 * Bluetooth and Wi-Fi scans. Input: kind, NUL, JSON. The sanitizers judge. */
#include <stddef.h>
#include <stdint.h>

#include "dissect/bluetooth_report.h"
#include "dissect/dot11_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_members(struct report_value object)
{
    struct report_value key, value;
    uint8_t room[256];
    double number;
    for (uint32_t offset = 0; report_next(object, &offset, &key, &value);) {
        struct buffer text = {.data = room, .capacity = sizeof room, .ceiling = sizeof room};
        report_text(value, &text);
        report_number(value, &number);
        read_members(value); /* no deeper than the scanner lets it be */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report;
    struct bluetooth_report bluetooth;
    struct dot11_report dot11;
    struct dot11_elements elements;
    struct dot11_report_network network;
    uint8_t ssid[DOT11_REPORT_SSID_MAX];
    enum malformed reason;
    if (size > 4096 || report_open(data, (uint32_t)size, &report, &reason) != 0)
        return 0;
    read_members(report.object);
    bluetooth_report_parse(&report, &bluetooth);
    if (dot11_report_parse(&report, &dot11) == 0)
        dot11_report_elements(&dot11, ssid, &elements, &network);
    return 0;
}
