/* The engine's two threads and what goes between them. See engine.h. */
#include "phy/engine.h"

#include <pthread.h>
#include <stdlib.h>

#include "dissect/linktype.h"
#include "phy/dot11_phy.h"
#include "phy/place.h"
#include "track/channel.h"
#include "track/device.h"

enum {
    GROUP = 64, /* frames applied under one hold of the lock */
    STAGES = 4, /* dissected batches on their way to the writer */
    WAIT_MS = 100,
    EXPIRE_SECONDS = 30,
};

/* A batch and what its frames say. */
struct stage {
    struct batch *batch;
    struct dot11_packet packets[BATCH_FRAMES];
};

struct engine {
    struct engine_config config;
    struct dot11_phy *dot11;
    pthread_t dissector, writer;
    bool running;
    uint64_t second;
    struct trail trail; /* of the batch that is being applied */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool stop;
    bool dissecting, applying;
    bool tick;             /* the dissector waited in vain */
    uint32_t first, count; /* stages that wait for the writer */
    struct stage *stages;  /* STAGES of them */
};

struct engine *engine_new(const struct engine_config *config)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    engine->config = *config;
    engine->dot11 = dot11_phy_new(config->store);
    engine->stages = calloc(STAGES, sizeof *engine->stages);
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->changed, NULL);
    if (!engine->dot11 || !engine->stages) {
        engine_free(engine);
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
    pthread_cond_destroy(&engine->changed);
    pthread_mutex_destroy(&engine->lock);
    free(engine->stages);
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

/* What the frames of a batch had wrong. */
struct faults {
    uint64_t errors, malformed;
};

static void apply_group(struct engine *engine, const struct batch *batch,
                        const struct dot11_packet *packets, uint32_t count, uint64_t server_now,
                        struct faults *faults)
{
    struct store *store = engine->config.store;
    struct location place;
    uint64_t newest = 0;
    store_lock_write(store);
    for (uint32_t i = 0; i < count; i++)
        if (packets[i].time_ns > newest)
            newest = packets[i].time_ns;
    /* Read under the lock: a reply that was begun before this change has an earlier time, so a
     * client that asks again for everything since then is told of it. */
    if (engine->config.now)
        server_now = engine->config.now(engine->config.context);
    set_clocks(store, batch, newest, server_now);
    dot11_phy_prefetch(engine->dot11, packets, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct dot11_packet *packet = &packets[i];
        store->packets++;
        store->packets_unsupported += packet->verdict == DOT11_UNSUPPORTED;
        store->packets_error += packet->verdict == DOT11_BAD_FCS;
        faults->errors += packet->verdict == DOT11_BAD_FCS;
        faults->malformed += packet->verdict == DOT11_MALFORMED;
        const struct location *location =
            packet->verdict == DOT11_GOOD
                ? place_find(&engine->trail, &packet->radio, packet->time_ns, &place)
                : NULL;
        if (packet->verdict != DOT11_UNSUPPORTED)
            dot11_phy_apply(engine->dot11, packet, location);
    }
    device_bury(store);
    rrd_ring_add(&store->packets_ring, RRD_SUM, newest / 1000000000, count);
    store_unlock(store);
}

static void dissect(const struct batch *batch, struct dot11_packet *packets)
{
    for (uint32_t i = 0; i < batch->count; i++)
        dot11_phy_dissect(&batch->frames[i], !batch->fcs_unchecked, &packets[i]);
}

static void apply(struct engine *engine, const struct stage *stage, uint64_t server_now)
{
    const struct batch *batch = stage->batch;
    struct faults faults = {0};
    engine->trail.count = 0;
    if (engine->config.locate)
        engine->config.locate(engine->config.context, batch, &engine->trail);
    for (uint32_t at = 0; at < batch->count; at += GROUP) {
        uint32_t left = batch->count - at;
        apply_group(engine, batch, stage->packets + at, left < GROUP ? left : GROUP, server_now,
                    &faults);
    }
    if ((faults.errors || faults.malformed) && engine->config.on_faults)
        engine->config.on_faults(engine->config.context, batch->source, faults.errors,
                                 faults.malformed);
}

void engine_apply(struct engine *engine, struct batch *batch, uint64_t server_now)
{
    struct stage *stage = engine->stages;
    stage->batch = batch;
    dissect(batch, stage->packets);
    apply(engine, stage, server_now);
}

static void each_second(struct engine *engine, uint64_t now)
{
    struct store *store = engine->config.store;
    if (now == engine->second)
        return;
    engine->second = now;
    store_lock_write(store);
    store->server_now = engine->config.now(engine->config.context);
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

/* A free stage for the dissector, NULL at the stop. */
static struct stage *take_free(struct engine *engine)
{
    struct stage *stage = NULL;
    pthread_mutex_lock(&engine->lock);
    while (!engine->stop && engine->count == STAGES)
        pthread_cond_wait(&engine->changed, &engine->lock);
    if (!engine->stop)
        stage = &engine->stages[(engine->first + engine->count) % STAGES];
    pthread_mutex_unlock(&engine->lock);
    return stage;
}

/* Tells the writer whether there is a batch; without one it looks at the clock now and then. */
static void tell_dissecting(struct engine *engine, bool dissecting)
{
    pthread_mutex_lock(&engine->lock);
    engine->dissecting = dissecting;
    engine->tick = !dissecting;
    if (engine->tick)
        pthread_cond_broadcast(&engine->changed);
    pthread_mutex_unlock(&engine->lock);
}

static void *run_dissector(void *argument)
{
    struct engine *engine = argument;
    struct stage *stage;
    pthread_setname_np(pthread_self(), "norn-dissect");
    while ((stage = take_free(engine))) {
        stage->batch = engine->config.next(engine->config.context, WAIT_MS);
        tell_dissecting(engine, stage->batch != NULL);
        if (!stage->batch)
            continue;
        dissect(stage->batch, stage->packets);
        pthread_mutex_lock(&engine->lock);
        engine->count++;
        engine->dissecting = false;
        pthread_cond_broadcast(&engine->changed);
        pthread_mutex_unlock(&engine->lock);
    }
    return NULL;
}

/* The oldest dissected stage, NULL when there is none for a while. */
static struct stage *take_dissected(struct engine *engine)
{
    struct stage *stage = NULL;
    pthread_mutex_lock(&engine->lock);
    while (!engine->stop && !engine->count && !engine->tick)
        pthread_cond_wait(&engine->changed, &engine->lock);
    engine->tick = false;
    if (engine->count) {
        stage = &engine->stages[engine->first];
        engine->applying = true;
    }
    pthread_mutex_unlock(&engine->lock);
    return stage;
}

static void drop_stage(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->first = (engine->first + 1) % STAGES;
    engine->count--;
    engine->applying = false;
    pthread_cond_broadcast(&engine->changed);
    pthread_mutex_unlock(&engine->lock);
}

static bool stopped(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool stop = engine->stop;
    pthread_mutex_unlock(&engine->lock);
    return stop;
}

static void *run_writer(void *argument)
{
    struct engine *engine = argument;
    pthread_setname_np(pthread_self(), "norn-engine");
    while (!stopped(engine)) {
        struct stage *stage = take_dissected(engine);
        uint64_t now = engine->config.now(engine->config.context);
        if (stage) {
            apply(engine, stage, now);
            engine->config.give_back(engine->config.context, stage->batch);
            drop_stage(engine);
        }
        each_second(engine, now);
    }
    return NULL;
}

static void tell_stop(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->stop = true;
    pthread_cond_broadcast(&engine->changed);
    pthread_mutex_unlock(&engine->lock);
}

int engine_start(struct engine *engine)
{
    int error = pthread_create(&engine->dissector, NULL, run_dissector, engine);
    if (error)
        return -error;
    error = pthread_create(&engine->writer, NULL, run_writer, engine);
    if (error) {
        tell_stop(engine);
        pthread_join(engine->dissector, NULL);
        return -error;
    }
    engine->running = true;
    return 0;
}

void engine_stop(struct engine *engine)
{
    if (!engine->running)
        return;
    tell_stop(engine);
    pthread_join(engine->dissector, NULL);
    pthread_join(engine->writer, NULL);
    engine->running = false;
    for (; engine->count; engine->count--, engine->first = (engine->first + 1) % STAGES)
        engine->config.give_back(engine->config.context, engine->stages[engine->first].batch);
}

bool engine_idle(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool idle = !engine->dissecting && !engine->applying && !engine->count;
    pthread_mutex_unlock(&engine->lock);
    return idle;
}

const char *engine_unsupported(uint16_t link_type)
{
    const struct linktype *row = linktype_find(link_type);
    if (row && row->supported)
        return NULL;
    return row ? row->name : "unknown link type";
}
