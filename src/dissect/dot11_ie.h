/* The elements of management frames (IEEE 802.11-2020, 9.4.2; 802.11ax and 802.11be extensions):
 * one iterator, one table of rows {id, extension, name, min, max, parse}, and the facts that the
 * short parsers leave in struct dot11_elements. Every pointer is borrowed from the frame. */
#ifndef NORN_DISSECT_DOT11_IE_H
#define NORN_DISSECT_DOT11_IE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/dot11_rsn.h"
#include "dissect/dot11_wps.h"
#include "util/bytes.h"
#include "util/macaddr.h"

enum {
    DOT11_ELEMENT_EXTENSION = 255,
    DOT11_ELEMENTS_MAX = 64,         /* ids kept in order; more are parsed but not listed */
    DOT11_ELEMENTS_WALKED_MAX = 512, /* elements walked in one frame */
    DOT11_MALFORMED_MAX = 8,
    DOT11_VENDORS_MAX = 24,
    DOT11_TRIPLETS_MAX = 32,
};

/* One element as it lies in the frame. */
struct dot11_element {
    uint8_t id;
    uint8_t extension;      /* element id extension when id is 255, else 0 */
    uint16_t length;        /* of `content` */
    const uint8_t *content; /* after id and length, and after the extension */
};

/* The next element, or false at the end; a cut last element fails the reader (id and announced
 * length are then in ret_element, no content). */
bool dot11_ie_next(struct reader *reader, struct dot11_element *ret_element);

struct dot11_vendor {
    uint32_t oui;
    uint8_t type;           /* octet after the OUI, 0 when there is none */
    uint8_t subtype;        /* the one after that */
    uint8_t length;         /* of the element, OUI included */
    const uint8_t *content; /* from the OUI on */
};

struct dot11_fault {
    uint8_t id, extension;
    uint8_t reason; /* enum malformed */
    uint8_t length; /* the element's length */
};

struct dot11_triplet {
    uint8_t first_channel; /* 201 and above: an operating triplet (class, coverage) */
    uint8_t channel_count;
    int8_t max_power_dbm;
};

enum dot11_width {
    DOT11_WIDTH_UNKNOWN,
    DOT11_WIDTH_20,
    DOT11_WIDTH_40,
    DOT11_WIDTH_80,
    DOT11_WIDTH_160,
    DOT11_WIDTH_80_80,
    DOT11_WIDTH_320,
};

struct dot11_ht {
    bool has_capabilities, has_operation;
    bool capable_40mhz, short_gi_20, short_gi_40;
    uint16_t capabilities;
    uint8_t rx_streams;
    uint8_t primary_channel;
    int8_t secondary_offset; /* +1 above, -1 below, 0 none */
    bool wide;               /* operation: any channel width */
    uint8_t center_2;        /* operation: a second segment VHT does not speak of, else 0 */
};

struct dot11_vht {
    bool has_capabilities, has_operation;
    uint32_t capabilities;
    uint16_t rx_mcs_map;
    uint8_t rx_streams, max_mcs;
    uint8_t width; /* operation: 0 20/40, 1 80 (160 by segment 1), 2 160, 3 80+80 */
    uint8_t center_0, center_1;
};

struct dot11_he {
    bool has_capabilities, has_operation;
    bool has_6ghz;
    uint8_t rx_streams, max_mcs;
    uint16_t rx_mcs_map_80;
    uint8_t width_set; /* PHY capability: 1 40 MHz at 2.4, 2 40/80, 4 160, 8 80+80 */
    uint8_t bss_color;
    uint8_t primary_channel_6ghz, center_0, center_1;
    uint8_t width_6ghz; /* 0 20, 1 40, 2 80, 3 160 or 80+80 */
};

struct dot11_eht {
    bool has_capabilities, has_operation, has_information;
    bool has_multi_link;
    uint8_t rx_streams;
    uint8_t max_mcs;
    bool capable_320mhz; /* 6 GHz */
    uint8_t width;       /* 0 20, 1 40, 2 80, 3 160, 4 320 */
    uint8_t center_0, center_1;
    struct macaddr mld_address;
    bool has_link_id;
    uint8_t link_id;
};

struct dot11_mesh {
    bool has_id, has_configuration;
    struct dot11_text id;
    uint8_t peerings;
    bool gateway; /* connected to a mesh gate */
    bool forwarding;
    bool accepting;
};

struct dot11_elements {
    /* network */
    bool has_ssid, ssid_hidden; /* hidden: empty or all NUL */
    uint8_t ssid_length;
    const uint8_t *ssid; /* up to 32 bytes; a longer one is a fault and not kept */
    uint8_t channel;     /* DS parameter set; 0 absent */
    bool has_country, has_tim, has_erp, has_qbss, has_power_constraint, has_tpc;
    bool has_mobility, has_power_capability, has_rm_capabilities, has_interworking;
    bool has_channel_switch, has_time, has_owe_dh, has_fils, has_ibss, has_wapi;
    uint8_t country[3];
    uint8_t triplet_count;
    struct dot11_triplet triplets[DOT11_TRIPLETS_MAX];
    uint8_t dtim_count, dtim_period;
    uint8_t erp;
    uint16_t qbss_stations;
    uint8_t qbss_utilization; /* of 255 */
    uint16_t qbss_admission;
    uint8_t power_constraint_db;
    int8_t tpc_power_dbm, tpc_margin_db;
    uint16_t ibss_atim;

    /* rates, in units of 500 kbit/s */
    uint8_t rate_count, basic_count;
    uint8_t max_rate;
    uint8_t rates[32];         /* basic bit (0x80) kept, both elements in order */
    uint32_t max_rate_100kbps; /* best of legacy, HT, VHT, HE and EHT capabilities */

    struct dot11_ht ht;
    struct dot11_vht vht;
    struct dot11_he he;
    struct dot11_eht eht;
    enum dot11_width width; /* operating width from HT, VHT, HE and EHT operation */

    struct dot11_rsn rsn, wpa;
    struct dot11_text rsnx;
    struct dot11_wps wps;

    uint16_t mobility_domain;
    uint8_t mobility_capability;
    struct dot11_mesh mesh;
    struct dot11_text extended_capabilities;
    uint8_t rm_capabilities[5];
    struct dot11_text supported_channels; /* pairs: first channel, count */
    int8_t min_power_dbm, max_power_dbm;  /* power capability */
    uint8_t interworking;
    bool has_hessid;
    struct macaddr hessid;
    uint8_t switch_mode, switch_channel, switch_count;
    uint8_t multiple_bssid; /* max BSSID indicator, 0 absent */
    uint8_t neighbor_count;
    uint8_t neighbor_channel_max; /* highest channel number in neighbour reports */
    uint16_t owe_group;

    /* vendors */
    bool wmm, p2p, hotspot, cisco_mfp, has_ccx_power, has_owe_transition, has_osen;
    uint8_t wmm_tspecs;
    uint8_t wmm_length_max; /* longest WMM element's data */
    uint16_t p2p_noa_max;   /* longest notice-of-absence attribute */
    int8_t ccx_power_dbm;
    uint8_t ccx_version;
    struct dot11_text ccx_name; /* Aironet element's access point name */
    uint8_t ccx_clients;
    struct macaddr owe_bssid;
    struct dot11_text owe_ssid;
    uint8_t vendor_count;
    struct dot11_vendor vendors[DOT11_VENDORS_MAX];

    /* the frame's shape */
    uint16_t element_count;             /* all elements, those past the lists too */
    uint8_t order_count;                /* of order[] */
    uint16_t order[DOT11_ELEMENTS_MAX]; /* id, or 0xff00 | extension */
    bool is_cut;                        /* the last element ends too early */
    uint64_t fingerprint; /* stable hash of the layout: ids in order, vendors' OUI and type,
                             and the content of elements that are part of the make */
    uint8_t fault_count;  /* all faults; those past the list too (saturates) */
    struct dot11_fault faults[DOT11_MALFORMED_MAX];
};

/* Parses all elements. Always fills ret_elements; a bad element is listed in faults[] and its
 * neighbours are parsed all the same. The first of duplicates counts. */
void dot11_ie_parse(const uint8_t *elements, uint32_t length, struct dot11_elements *ret_elements);

/* Name of an element ("SSID", "HT Capabilities"), NULL when it has no row. */
const char *dot11_ie_name(uint8_t id, uint8_t extension);

/* Name of an extended capability bit, NULL for reserved ones. */
const char *dot11_ie_capability_name(unsigned bit);

#endif
