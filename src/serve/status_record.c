/* The parts of the status record that are told elsewhere too. See status_record.h. */
#include "serve/status_record.h"

void status_record_fill_clock(struct status_record *status)
{
    uint64_t now_us = monitor_now_us();
    status->seconds = now_us / 1000000;
    status->microseconds = (uint32_t)(now_us % 1000000);
}

void status_record_fill_counts(const struct monitor *monitor, struct status_record *status)
{
    struct server_counts counts;
    server_counts(monitor->server, &counts);
    status->http_connections = counts.connections;
    status->requests = counts.requests;
    status->requests_shared = counts.shared;
    status->requests_cut = counts.cut_slow + counts.cut_memory;
    status->websockets = counts.websockets.open;
    status->websocket_in = counts.websockets.messages.in;
    status->websocket_out = counts.websockets.messages.out;
    status->websocket_dropped = counts.websockets.messages.dropped;
    status->websocket_queue_bytes = counts.websockets.messages.queue_bytes;
    status->notices_lost = atomic_load(&monitor->notices_lost);
    status->events_lost =
        event_feed_lost(monitor->events) + device_monitor_lost(monitor->device_monitors);
    for (const struct record_type *const *type = record_types; *type; type++) {
        status->components++;
        status->fields += (*type)->count;
    }
}
