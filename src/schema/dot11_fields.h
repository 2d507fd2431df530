/* What is known of a device as an 802.11 station: the networks it beacons, answers and probes for,
 * whose client it is and who its clients are, handshakes, fingerprints. Pool objects of the store,
 * kept by phy/dot11_phy. Texts are interned. */
#ifndef NORN_SCHEMA_DOT11_FIELDS_H
#define NORN_SCHEMA_DOT11_FIELDS_H

#include "schema/device_fields.h"
#include "schema/ssid_group_fields.h"

enum dot11_type_bit {
    DOT11_TYPE_BEACON_AP = 1,
    DOT11_TYPE_ADHOC = 2,
    DOT11_TYPE_CLIENT = 4,
    DOT11_TYPE_WIRED = 8,
    DOT11_TYPE_WDS = 16,
    DOT11_TYPE_TURBOCELL = 32,
    DOT11_TYPE_INFERRED_WIRELESS = 64,
    DOT11_TYPE_INFERRED_WIRED = 128,
    DOT11_TYPE_PROBE_AP = 256,
    DOT11_TYPE_MESH = 512, /* norn's own */
};

/* Wi-Fi Protected Setup facts. */
struct dot11_wps_record {
    uint8_t version, state;
    uint16_t config_methods;
    const struct string *manufacturer, *device_name, *model_name, *model_number, *serial_number;
    const struct string *uuid;
};

struct dot11_range_record {
    uint32_t first_channel, channel_count;
    int32_t max_power;
};

enum { DOT11_RANGES_MAX = 16 };

/* The rarer facts of a network; absent from most. */
struct dot11_ssid_extra {
    struct dot11_wps_record wps;
    const struct string *owe_ssid, *mesh_id, *beacon_info;
    struct macaddr owe_bssid;
    uint8_t has_wps, has_owe, has_mesh;
    uint8_t mesh_gateway, mesh_peerings, mesh_forwarding;
    uint8_t range_count, ccx_power, cisco_mfp, power;
    struct dot11_range_record ranges[DOT11_RANGES_MAX];
};

/* One advertised (beaconed or answered) network of a device. */
struct dot11_ssid {
    /* What each beacon touches: DOT11_SSID_HOT_BYTES. */
    struct dot11_ssid *next;
    uint64_t body_hash; /* of the newest beacon or response that was parsed */
    uint64_t last_time, crypt_legacy;
    const struct string *ssid, *crypt;
    struct location_summary *location;
    uint32_t beacon_clock, beacons_second; /* the second, and what was counted in it */
    uint16_t qbss_stations;
    uint8_t qbss, qbss_utilization, beacon, probe_response;
    struct ssid_member member;
    /* The rest. */
    uint8_t ssid_length, cloaked;
    uint8_t mfp_required, mfp_supported, mobility;
    uint16_t mobility_domain;
    uint64_t hash;     /* of the name shown */
    uint64_t air_hash; /* of the SSID's bytes as they are sent: empty or zeroes while hidden */
    const struct string *channel, *ht_mode, *country;
    const struct string *rsn_group, *rsn_pairwise, *rsn_akm, *wpa_group, *wpa_pairwise, *wpa_akm;
    const struct string *standard; /* "802.11ax" */
    uint64_t first_time, crypt_bits;
    uint32_t max_rate; /* 100 kb/s */
    uint32_t beacon_rate, element_checksum;
    uint32_t center_1, center_2;
    struct dot11_ssid_extra *extra;
};

enum { DOT11_SSID_HOT_BYTES = offsetof(struct dot11_ssid, ssid_length) };

/* One network that a device probed for. */
struct dot11_probe {
    /* What each request touches: DOT11_PROBE_HOT_BYTES; of those on the way to the one that it
     * repeats, the first four. */
    struct dot11_probe *next;
    uint64_t body_hash; /* of the newest request that was parsed */
    uint64_t hash;      /* of the name */
    uint64_t last_time;
    const struct string *ssid;
    struct macaddr bssid;
    struct ssid_member member;
    /* The rest. */
    uint16_t mobility_domain;
    uint8_t ssid_length, mobility, mfp_required, mfp_supported;
    const struct string *crypt;
    uint64_t first_time, crypt_bits, crypt_legacy;
    struct dot11_wps_record *wps;
};

enum { DOT11_PROBE_HOT_BYTES = offsetof(struct dot11_probe, mobility_domain) };

/* One device's traffic with one BSSID; in the lists of both. */
struct dot11_link {
    struct dot11_link *next_of_client, *next_of_ap, *previous_of_ap;
    struct dot11_device *client, *ap; /* `ap` NULL once that device is gone */
    struct macaddr bssid;
    uint8_t type; /* enum dot11_link_type */
    uint8_t decrypted;
    uint64_t first_time, last_time, data_bytes, data_bytes_retry;
    uint32_t fragments, retries;
    const struct string *identity; /* EAP */
};

enum dot11_link_type {
    DOT11_LINK_UNKNOWN,
    DOT11_LINK_FROM_DS,
    DOT11_LINK_TO_DS,
    DOT11_LINK_INTER_DS,
    DOT11_LINK_ADHOC,
};

enum {
    DOT11_KEPT_FRAME_MAX = 512, /* bytes */
    DOT11_KEYS_MAX = 16,
    DOT11_HANDSHAKES_MAX = 64,
};

/* A frame as it was heard, without radio header and FCS. */
struct dot11_kept_frame {
    uint64_t time_ns;
    uint16_t source, link_type;
    uint16_t length, original_length;
    uint8_t bytes[];
};

/* One EAPOL-Key message. */
struct dot11_key_record {
    struct dot11_key_record *next;
    uint64_t replay_counter;
    uint8_t nonce[32], pmkid[16];
    uint8_t has_pmkid, direction, message, install; /* has_pmkid: one that is not zero */
    struct dot11_kept_frame frame;
};

/* Key messages between an access point and one client. */
struct dot11_handshake {
    struct dot11_handshake *next;
    struct macaddr client;
    uint8_t count;
    struct dot11_key_record *keys; /* oldest first */
};

/* The name of an access point's network as those who join it give it. */
struct dot11_told_name {
    const struct string *ssid;
    uint64_t hash;
    uint8_t length; /* of the name on the air */
};

/* What a station said of itself. */
struct dot11_abilities {
    const struct string *supported_channels, *extended;
    uint8_t min_power, max_power, link_measurement, neighbor_report;
};

struct dot11_device {
    /* What each packet touches: DOT11_HOT_BYTES. */
    struct device *device;
    struct dot11_link *links; /* as a client: newest first */
    struct dot11_ssid *last_beaconed;
    struct dot11_probe *last_probed;
    uint64_t data_bytes, data_bytes_retry, fragments, retries;
    uint64_t bss_timestamp, last_beacon_time;
    int64_t clock_zero; /* when its timer began, microseconds: see dot11_clocks.h */
    uint32_t type_set;
    uint32_t beacon_fingerprint, probe_fingerprint, response_fingerprint;
    uint16_t last_sequence;
    struct macaddr last_bssid;
    bool has_clock; /* it is in the list of timers */
    /* The rest. */
    uint8_t handshake_count;
    uint8_t beacon_worth; /* how well `beacon` tells of the network */
    uint16_t link_count, client_count, advertised_count, responded_count, probed_count;
    struct dot11_link *clients; /* as an access point: newest first */
    struct dot11_link *oldest_client;
    struct dot11_ssid *advertised, *responded;
    struct dot11_probe *probed;
    struct dot11_handshake *handshakes;
    struct dot11_kept_frame *beacon;   /* that goes with its handshakes, or its probe response */
    struct dot11_kept_frame *request;  /* to join it, while that alone gives the name */
    struct dot11_told_name *told_name; /* told before its first beacon; NULL: not */
    struct dot11_abilities *abilities;
    uint64_t disconnects_last, wps_m3_last;
    uint32_t disconnects, wps_m3_count;
    uint32_t disconnects_fraction; /* of disconnects_last, nanoseconds */
};

enum { DOT11_HOT_BYTES = offsetof(struct dot11_device, handshake_count) };

/* The newest message with a PMKID, or NULL. */
const struct dot11_key_record *dot11_fields_find_pmkid(const struct dot11_device *ap);

extern const struct record_type dot11_device_type;
extern const struct record_type dot11_ssid_type;
extern const struct record_type dot11_probe_type;
extern const struct record_type dot11_link_record_type;
extern const struct record_type dot11_key_type;
extern const struct record_type dot11_packet_type;
extern const struct record_type dot11_handshake_type;
extern const struct record_type dot11_range_type;

#endif
