/* A data source as published, in the names of today and of 2016, and the two older forms: the
 * packet source, and the type of source. Filled by copying from the capture's own status. */
#ifndef NORN_SCHEMA_DATASOURCE_FIELDS_H
#define NORN_SCHEMA_DATASOURCE_FIELDS_H

#include "schema/rrd_fields.h"

/* One supported type of source. */
struct driver_record {
    const char *type, *description;
    uint8_t probe_capable, probe_ipc, list_capable, list_ipc, local_capable, local_ipc;
    uint8_t remote_capable, passive_capable, tuning_capable, hop_capable;
};

/* A list of texts: channels. */
struct text_list {
    const char *(*at)(const void *context, size_t index);
    const void *context;
    size_t count;
};

struct datasource_record {
    struct uuid uuid;
    uint32_t key, number;
    const char *name, *type, *description, *definition, *interface, *capture_interface, *hardware;
    const char *version, *ipc_binary, *channel, *error_reason, *warning, *remote_ip;
    const char *antenna_type, *amp_type;
    struct text_list channels, hop_channels;
    double hop_rate, antenna_gain, antenna_orientation, antenna_beamwidth, amp_gain;
    int64_t child_pid;
    uint64_t packets, error_packets, kernel_drops, interface_drops, queue_drops, tool_drops,
        unsupported;
    uint8_t deaf;
    uint64_t malformed, cut, bad_records, last_report_time;
    uint32_t link_type, link_type_override, hop_offset, hop_shuffle_skip;
    uint32_t retry_attempts, total_retry_attempts;
    uint8_t running, paused, error, retry, hopping, hop_split, hop_shuffle, tunable, passive;
    uint8_t remote, command_pending, ended;
    struct driver_record driver;
    const struct rrd_ring *packets_ring, *bytes_ring;
};

/* A network interface that a source could use. */
struct interface_record {
    const char *interface, *capture_interface, *hardware, *version;
    const char *options; /* key=value,... */
    struct uuid in_use;
    struct driver_record driver;
};

extern const struct record_type driver_type;
extern const struct record_type datasource_type;
extern const struct record_type packetsource_type; /* the same struct under its 2016 names */
extern const struct record_type interface_type;

#endif
