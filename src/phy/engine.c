/* The engine's thread and its batches. See engine.h. */
#include "phy/engine.h"

#include <pthread.h>
#include <stdlib.h>

#include "dissect/linktype.h"
#include "phy/dot11_phy.h"
#include "track/channel.h"
#include "track/device.h"

enum {
    GROUP = 64, /* frames dissected, then applied under one hold of the lock */
    WAIT_MS = 100,
    EXPIRE_SECONDS = 30,
};

struct engine {
    struct engine_config config;
    struct dot11_phy *dot11;
    pthread_t thread;
    bool running, stop, idle;
    uint64_t second;
    struct dot11_packet packets[GROUP];
};

struct engine *engine_new(const struct engine_config *config)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    engine->config = *config;
    engine->dot11 = dot11_phy_new(config->store);
    if (!engine->dot11) {
        free(engine);
        return NULL;
    }
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    engine_stop(engine);
    dot11_phy_free(engine->dot11);
    free(engine);
}

/* Moves the clocks of the store on to the newest frame of a group. */
static void set_clocks(struct store *store, const struct batch *batch, uint64_t newest_ns,
                       uint64_t server_now)
{
    uint64_t *clock = &store->source_clocks[batch->source % STORE_SOURCES];
    uint64_t seconds = newest_ns / 1000000000;
    store->server_now = server_now;
    if (!batch->file_clock)
        *clock = 0;
    else if (seconds > *clock)
        *clock = seconds;
    if (seconds > store->clock)
        store->clock = seconds;
}

static void apply_group(struct engine *engine, const struct batch *batch, uint32_t count,
                        uint64_t server_now, const struct location *location, uint64_t *errors,
                        uint64_t *malformed)
{
    struct store *store = engine->config.store;
    uint64_t newest = 0;
    store_lock_write(store);
    for (uint32_t i = 0; i < count; i++)
        if (engine->packets[i].time_ns > newest)
            newest = engine->packets[i].time_ns;
    set_clocks(store, batch, newest, server_now);
    dot11_phy_prefetch(engine->dot11, engine->packets, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct dot11_packet *packet = &engine->packets[i];
        store->packets++;
        store->packets_unsupported += packet->verdict == DOT11_UNSUPPORTED;
        store->packets_error += packet->verdict == DOT11_BAD_FCS;
        *errors += packet->verdict == DOT11_BAD_FCS;
        *malformed += packet->verdict == DOT11_MALFORMED;
        if (packet->verdict != DOT11_UNSUPPORTED)
            dot11_phy_apply(engine->dot11, packet, location);
    }
    device_bury(store);
    rrd_ring_add(&store->packets_ring, RRD_SUM, newest / 1000000000, count);
    store_unlock(store);
}

void engine_apply(struct engine *engine, struct batch *batch, uint64_t server_now)
{
    struct location place, *location = NULL;
    uint64_t errors = 0, malformed = 0;
    if (!batch->file_clock && engine->config.locate &&
        engine->config.locate(engine->config.context, &place))
        location = &place;
    for (uint32_t at = 0; at < batch->count;) {
        uint32_t count = batch->count - at < GROUP ? batch->count - at : GROUP;
        for (uint32_t i = 0; i < count; i++)
            dot11_phy_dissect(&batch->frames[at + i], !batch->fcs_unchecked, &engine->packets[i]);
        apply_group(engine, batch, count, server_now, location, &errors, &malformed);
        at += count;
    }
    if ((errors || malformed) && engine->config.on_faults)
        engine->config.on_faults(engine->config.context, batch->source, errors, malformed);
}

static void each_second(struct engine *engine, uint64_t now)
{
    struct store *store = engine->config.store;
    if (now == engine->second)
        return;
    engine->second = now;
    store_lock_write(store);
    store->server_now = now;
    bool live = false;
    for (int i = 0; i < STORE_SOURCES && !live; i++)
        live = store->sources[i] && store->sources[i]->running && !store->source_clocks[i];
    if (live && now > store->clock)
        store->clock = now;
    channel_count_devices(store);
    if (now % EXPIRE_SECONDS == 0)
        device_expire(store, now);
    device_bury(store);
    if (engine->config.on_second)
        engine->config.on_second(engine->config.context, now);
    store_unlock(store);
}

static void *run(void *argument)
{
    struct engine *engine = argument;
    while (!__atomic_load_n(&engine->stop, __ATOMIC_ACQUIRE)) {
        struct batch *batch = engine->config.next(engine->config.context, WAIT_MS);
        uint64_t now = engine->config.now(engine->config.context);
        __atomic_store_n(&engine->idle, !batch, __ATOMIC_RELEASE);
        if (batch) {
            engine_apply(engine, batch, now);
            engine->config.give_back(engine->config.context, batch);
        }
        each_second(engine, now);
    }
    return NULL;
}

int engine_start(struct engine *engine)
{
    int error = pthread_create(&engine->thread, NULL, run, engine);
    engine->running = !error;
    return -error;
}

void engine_stop(struct engine *engine)
{
    if (!engine->running)
        return;
    __atomic_store_n(&engine->stop, true, __ATOMIC_RELEASE);
    pthread_join(engine->thread, NULL);
    engine->running = false;
}

bool engine_idle(struct engine *engine)
{
    return __atomic_load_n(&engine->idle, __ATOMIC_ACQUIRE);
}

const char *engine_unsupported(uint16_t link_type)
{
    const struct linktype *row = linktype_find(link_type);
    if (row && row->supported)
        return NULL;
    return row ? row->name : "unknown link type";
}
