/* The running whole: the parts of norn and how they hold together. main makes one, handlers get it
 * as their context. Built in one order, stopped in the other. */
#ifndef NORN_SERVE_MONITOR_H
#define NORN_SERVE_MONITOR_H

#include <stdatomic.h>

#include "alert/watch_alerts.h"
#include "capture/capture.h"
#include "capture/remote.h"
#include "geo/gps.h"
#include "phy/engine.h"
#include "schema/packetchain_fields.h"
#include "serve/login/auth.h"
#include "serve/event/device_monitor.h"
#include "serve/event/event_feed.h"
#include "serve/packet/packet_stream.h"
#include "serve/privileges.h"
#include "serve/note_file.h"
#include "serve/http/server.h"
#include "serve/websocket/websocket_pipe.h"
#include "track/mac_filter.h"
#include "track/store.h"
#include "util/arguments.h"
#include "util/config.h"
#include "util/options.h"

/* A source as the store shows it: copied from the capture once a second. */
struct monitor_source {
    struct source_status status;
    struct datasource_record record;
    struct rrd_ring packets, bytes;
    uint64_t last_packets, last_bytes;
};

struct monitor {
    const struct arguments *arguments;
    struct options *options;
    struct config *config;
    struct launcher *launcher;
    struct privileges privileges; /* what is left of them */
    struct message *messages;
    struct alert *alert;
    struct mac_filter *packet_filter, *device_filter; /* of logs and streams */
    struct store *store;
    struct queue *queue;
    struct capture *capture;
    struct remote *remote;
    int remote_listener; /* until the capture has it; -1: none */
    unsigned remote_port;
    struct engine *engine;
    struct gps *gps;
    struct packet_streams *packet_streams;
    struct event_feed *events;
    struct device_monitors *device_monitors;
    struct auth *auth;
    struct server *server;
    struct websocket_pipe_taker sensors; /* that connect by websocket */
    struct uuid uuid;
    bool demo, silent;
    int ready;                            /* where --daemonize waits for the start */
    uint64_t start_seconds, start_uptime; /* by the server's clock; by that of the machine */
    atomic_llong clock_step;              /* by which the clock was set, not told yet */
    struct note_file note_file;
    struct rrd_ring memory_ring, devices_ring; /* written each second under the store's lock */
    struct packetchain packetchain;            /* likewise */
    struct monitor_source *sources[STORE_SOURCES];
    bool
        source_heard[STORE_SOURCES]; /* the writer's own: its packets came, so it is in the store */
    struct watch_alerts watch_alerts;
    unsigned first_system_alert;              /* number of SYSTEM_SOURCEERROR */
    atomic_bool source_failed[STORE_SOURCES]; /* in error since it was last open */
    uint64_t packets_lost;                    /* told so far; under the store's write lock */
    atomic_ullong notices_lost;               /* alerts and messages that no listener was told */
    char demo_password[24];                   /* of a demonstration without a login of its own */
};

/* Runs norn as the command line asks, until it is told to end; the exit status. */
int monitor_run(const struct arguments *arguments);

/* Writes the records of one capture to standard output, without a server; the exit status. */
int monitor_replay(const struct arguments *arguments);

/* The monitor that a request came to. */
struct request;
struct monitor *monitor_of(const struct request *request);

/* Server clock, seconds and microseconds. */
uint64_t monitor_now(void);
uint64_t monitor_now_us(void);

/* Seconds since norn started; a clock that is set does not change them. */
uint64_t monitor_uptime(const struct monitor *monitor);

/* Copies what the capture says of its sources into the store, whose write lock it takes. */
void monitor_refresh_sources(struct monitor *monitor);

#endif
