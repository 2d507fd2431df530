/* Counters and gauges in the text format 0.0.4 of Prometheus: a table of metrics over one struct,
 * and one over each source. Input: a struct that the endpoint fills. Output: lines. */
#ifndef NORN_SERVE_METRICS_H
#define NORN_SERVE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "capture/source_status.h"
#include "util/buffer.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics_source {
    char name[SOURCE_NAME]; /* any bytes: escaped when written */
    char uuid[UUID_TEXT];
    const char *type;
    struct source_counts counts;
    uint64_t running, error; /* 0 or 1 */
};

struct metrics {
    uint64_t start_seconds, memory_bytes, store_bytes;
    uint64_t devices, devices_evicted;
    uint64_t packets, packets_error, packets_unsupported, packets_repeated, queue_batches;
    uint64_t alerts, notices_lost;
    uint64_t requests, requests_shared, answered, rejected, failed;
    uint64_t connections, connections_refused;
    uint64_t replies, replies_slow, replies_memory, reply_bytes;
    uint64_t websockets, websocket_in, websocket_out, websocket_dropped;
    const struct metrics_source *sources;
    size_t source_count;
};

/* Writes every metric; the buffer fails without memory. */
void metrics_write(const struct metrics *metrics, struct buffer *buffer);

#endif
