/* Access points as scanning phones report them (kind DOT11SCAN: bssid, ssid, capabilities, channel,
 * freqkhz, signal), and the elements that a beacon would say the same with. Input: a report;
 * output: facts, texts borrowed from it. */
#ifndef NORN_DISSECT_DOT11_REPORT_H
#define NORN_DISSECT_DOT11_REPORT_H

#include "dissect/dot11_ie.h"
#include "dissect/report.h"

enum { DOT11_REPORT_SSID_MAX = 32 };

struct dot11_report {
    struct macaddr bssid;
    uint32_t frequency_khz; /* 0 unknown */
    uint16_t channel;       /* 0 unknown */
    int16_t signal;         /* dBm, 0 unknown */
    struct report_value ssid;
    struct report_value capabilities; /* as Android writes them: [WPA2-PSK-CCMP][ESS] */
};

/* 0; -EOPNOTSUPP: a report of another kind; -EBADMSG: it names no BSSID. */
int dot11_report_parse(const struct report *report, struct dot11_report *ret_report);

/* What a report's capabilities say beside encryption. */
struct dot11_report_network {
    bool is_private; /* encrypted in some way */
    bool is_ibss;    /* an ad-hoc network */
};

/* The elements of a beacon that says the same. The SSID is put into `ret_ssid`, where ret_elements
 * points. */
void dot11_report_elements(const struct dot11_report *report,
                           uint8_t ret_ssid[DOT11_REPORT_SSID_MAX],
                           struct dot11_elements *ret_elements,
                           struct dot11_report_network *ret_network);

#endif
