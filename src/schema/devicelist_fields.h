/* The dictionaries that lists come in: the device list with its time stamp, the answers for
 * DataTables and pages, the views of devices, and the defaults of data sources. Their lists are
 * streamed by serve/, so the rows here give the names and the documentation. */
#ifndef NORN_SCHEMA_DEVICELIST_FIELDS_H
#define NORN_SCHEMA_DEVICELIST_FIELDS_H

#include "schema/record.h"

/* Members beside the list itself. */
struct devicelist {
    uint64_t timestamp; /* seconds, server clock */
    uint8_t refresh;
};

/* A page of a longer list, or a DataTables answer. */
struct devicelist_page {
    uint64_t draw, total, filtered, last_page;
};

/* A view: a list of devices that have something in common. */
struct view_record {
    const char *id, *description;
    uint64_t size;
    uint8_t indexed;
};

struct datasource_defaults {
    double hop_rate;
    const char *remote_address;
    uint32_t remote_port;
    uint8_t hop, random_order, split, retry, remote_timestamp;
};

extern const struct record_type devicelist_type;       /* kismet.device.list */
extern const struct record_type devicelist_table_type; /* aaData */
extern const struct record_type devicelist_page_type;  /* data, last_page, last_row, total_row */
extern const struct record_type
    devicelist_draw_type; /* draw, data, recordsTotal, recordsFiltered */
extern const struct record_type view_type;
extern const struct record_type datasource_defaults_type;

#endif
