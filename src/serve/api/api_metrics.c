/* /metrics: counters and gauges for Prometheus. Input: the monitor's counters and those of its
 * sources. Output: text. */
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "alert/backlog.h"
#include "serve/api/metrics.h"
#include "serve/api/routes.h"
#include "serve/http/reply.h"
#include "serve/monitor.h"
#include "serve/system_sensors.h"

static void fill_server(const struct monitor *monitor, struct metrics *metrics)
{
    struct server_counts counts;
    server_counts(monitor->server, &counts);
    metrics->requests = counts.requests;
    metrics->requests_shared = counts.shared;
    metrics->answered = counts.answered;
    metrics->rejected = counts.rejected;
    metrics->failed = counts.failed;
    metrics->connections = counts.connections;
    metrics->connections_refused = counts.refused;
    metrics->replies = counts.streams;
    metrics->replies_slow = counts.cut_slow;
    metrics->replies_memory = counts.cut_memory;
    metrics->reply_bytes = counts.reply_bytes;
    metrics->websockets = counts.websockets.open;
    metrics->websocket_in = counts.websockets.messages.in;
    metrics->websocket_out = counts.websockets.messages.out;
    metrics->websocket_dropped = counts.websockets.messages.dropped;
}

static void fill_monitor(const struct monitor *monitor, struct metrics *metrics)
{
    metrics->memory_bytes = system_sensors_memory() * 1024;
    metrics->queue_batches = queue_backlog(monitor->queue);
    metrics->alerts = backlog_added(alert_backlog(monitor->alert));
    metrics->notices_lost = atomic_load(&monitor->notices_lost);
    store_lock_read(monitor->store);
    metrics->start_seconds = monitor->start_seconds;
    metrics->store_bytes = monitor->store->pool.bytes_held;
    metrics->devices = monitor->store->device_count;
    metrics->devices_evicted = monitor->store->evicted;
    metrics->packets = monitor->store->packets;
    metrics->packets_error = monitor->store->packets_error;
    metrics->packets_unsupported = monitor->store->packets_unsupported;
    metrics->packets_repeated = monitor->store->packets_repeated;
    store_unlock(monitor->store);
}

/* What the metrics show of each source, at most `limit`; how many. */
static size_t copy_sources(struct capture *capture, struct source_status *status,
                           struct metrics_source *sources, size_t limit)
{
    size_t count = 0;
    for (size_t number = 0; number < limit; number++) {
        struct metrics_source *source = &sources[count];
        if (capture_snapshot(capture, (uint16_t)number, status) != 0 || status->removed)
            continue;
        *source = (struct metrics_source){.type = status->type,
                                          .counts = status->counts,
                                          .running = status->running,
                                          .error = status->error};
        memcpy(source->name, status->name, sizeof source->name);
        uuid_write(status->uuid, source->uuid);
        count++;
    }
    return count;
}

static void get_metrics(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct metrics metrics = {0};
    struct buffer body = {0};
    size_t limit = capture_count(monitor->capture);
    struct source_status *status = malloc(sizeof *status);
    struct metrics_source *sources = calloc(limit + 1, sizeof *sources);
    if (status && sources) {
        fill_server(monitor, &metrics);
        fill_monitor(monitor, &metrics);
        metrics.source_count = copy_sources(monitor->capture, status, sources, limit);
        metrics.sources = sources;
        metrics_write(&metrics, &body);
        reply_buffer(request, 200, METRICS_TYPE, &body);
    } else {
        reply_error(request, 503, "out of memory");
    }
    free(sources);
    free(status);
}

// clang-format off
const struct route api_metrics_routes[] = {
    {METHOD_GET, "/metrics", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_metrics,
     "Counters and gauges in the text format of Prometheus."},
    {0},
};
