/* From the frames of a batch to changed devices. See engine.h. */
#include "phy/engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "dissect/linktype.h"
#include "phy/lookahead.h"
#include "phy/place.h"
#include "phy/repeat.h"
#include "phy/phys.h"
#include "track/channel.h"
#include "track/device.h"
#include "track/shift.h"
#include "util/clock.h"
#include "util/prefetch.h"
#include "util/uncached.h"

enum {
    GROUP = 64, /* frames applied under one hold of the lock */
    WAIT_MS = 100,
    EXPIRE_SECONDS = 30,
    SETTLE_SECONDS = 10, /* after a step: for frames that were captured before it */
};

/* What the frames of a batch say; in the batch's room. */
struct facts {
    struct repeats *repeats; /* the engine's when it was dissected */
    _Alignas(PREFETCH_LINE) struct packet packets[BATCH_FRAMES];
    struct location places[BATCH_FRAMES]; /* of those that have one */
};

struct engine {
    struct engine_config config;
    struct phys phys;
    pthread_t writer;
    bool running;
    atomic_bool stop;

    /* Of whoever dissects. */
    pthread_mutex_t lock;    /* of what follows */
    uint32_t first_source;   /* plus one; 0: none yet */
    struct repeats *repeats; /* since there is more than one source */

    /* The writer's own. */
    uint64_t second;
    struct trail trail; /* of the batch that is being applied */
    struct timeline timeline;
    uint64_t given_ns;   /* where there are no clocks to read */
    int64_t step_ns;     /* newest step of the wall clock */
    uint64_t settled_ns; /* CLOCK_BOOTTIME from which no frame of before it is left */
};

size_t engine_room(void)
{
    return sizeof(struct facts);
}

struct engine *engine_new(const struct engine_config *config)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    engine->config = *config;
    const struct phy_setup setup = {config->alert, config->options, config->ret_why};
    int error = phys_init(&engine->phys, config->store, &setup);
    engine->config.ret_why = NULL; /* the caller's: lent for this call */
    pthread_mutex_init(&engine->lock, NULL);
    if (error) {
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
    phys_done(&engine->phys);
    repeat_free(engine->repeats);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

/* Reads the clocks, with the lock: a reply that was begun before a change bears an earlier mark,
 * so a client that asks again for everything since then is told of it. Seconds of the wall clock.
 */
static uint64_t keep_time(struct engine *engine, struct timeline_clock *ret_clock)
{
    const struct engine_config *config = &engine->config;
    *ret_clock = config->read_clock ? config->read_clock(config->context)
                                    : (struct timeline_clock){engine->given_ns, engine->given_ns};
    struct timeline_reading reading = timeline_read(&engine->timeline, *ret_clock);
    config->store->server_now = reading.mark;
    if (!reading.step)
        return reading.now;
    engine->step_ns = reading.step * NS_PER_S;
    engine->settled_ns = ret_clock->boot_ns + SETTLE_SECONDS * NS_PER_S;
    shift_store(config->store, reading.step, reading.leap);
    if (config->on_step)
        config->on_step(config->context, reading.step);
    return reading.now;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

/* Moves frames along that the kernel stamped before the wall clock was set. */
static void settle(const struct engine *engine, const struct timeline_clock *clock,
                   struct packet *packets, uint32_t count)
{
    if (clock->boot_ns >= engine->settled_ns)
        return;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t moved = packets[i].time_ns + (uint64_t)engine->step_ns;
        if (distance(moved, clock->wall_ns) < distance(packets[i].time_ns, clock->wall_ns))
            packet_set_time(&packets[i], moved);
    }
}

/* Moves the clocks of the store on to the newest frame of a group; true when that of a file moved.
 */
static bool set_clocks(struct store *store, const struct batch *batch, uint64_t newest_ns)
{
    uint64_t *clock = &store->source_clocks[batch->source % STORE_SOURCES];
    uint64_t seconds = newest_ns / NS_PER_S;
    uint64_t before = *clock;
    if (!batch->file_clock)
        *clock = 0;
    else if (seconds > *clock)
        *clock = seconds;
    if (seconds > store->clock)
        store->clock = seconds;
    return *clock > before;
}

/* What the frames of a batch had wrong. */
struct faults {
    uint64_t errors, malformed;
};

/* Counts a packet by what became of it; true when its phy is to apply it. */
static bool count_packet(struct store *store, const struct packet *packet, struct faults *faults)
{
    store->packets++;
    store->packets_unsupported += packet->verdict == PACKET_UNSUPPORTED;
    store->packets_error += packet->verdict == PACKET_BAD_FCS;
    store->packets_repeated += packet->is_repeated;
    faults->errors += packet->verdict == PACKET_BAD_FCS;
    faults->malformed += packet->verdict == PACKET_MALFORMED;
    if (packet->verdict == PACKET_UNSUPPORTED)
        return false;
    struct phy_record *phy = &store->phys[packet->phy->number];
    phy->packets += !packet->is_repeated;
    phy->packets_error += packet->verdict != PACKET_GOOD;
    return packet->verdict == PACKET_GOOD;
}

/* Asks for a packet of the next group: who dissected it wrote it past the caches. */
static void prefetch_packet(struct packet *packets, uint32_t at, uint32_t count)
{
    if (at + GROUP < count)
        prefetch_to_write(&packets[at + GROUP], sizeof *packets);
}

/* Applies the first GROUP of the `left` packets that a batch still has. */
static void apply_group(struct engine *engine, const struct batch *batch, struct packet *packets,
                        uint32_t left, struct faults *faults)
{
    uint32_t count = left < GROUP ? left : GROUP;
    struct store *store = engine->config.store;
    struct timeline_clock clock;
    uint64_t newest = 0;
    store_lock_write(store);
    keep_time(engine, &clock);
    if (!batch->file_clock)
        settle(engine, &clock, packets, count);
    for (uint32_t i = 0; i < count; i++)
        if (packets[i].time_ns > newest)
            newest = packets[i].time_ns;
    bool moved = set_clocks(store, batch, newest);
    for (uint32_t i = 0; i < count; i++) {
        if (i % LOOKAHEAD_PACKETS == 0)
            lookahead_run(store, packets + i, count - i);
        prefetch_packet(packets, i, left);
        if (count_packet(store, &packets[i], faults))
            packets[i].phy->type->apply(packets[i].phy, &packets[i]);
    }
    if (moved)
        watch_tick(store); /* a file is read faster than seconds pass */
    device_bury(store);
    rrd_ring_add(&store->packets_ring, RRD_SUM, newest / NS_PER_S, count);
    store_unlock(store);
}

/* What tells transmissions apart, from the second source on: several may hear the same. NULL with
 * one source. */
static struct repeats *repeats_for(struct engine *engine, uint16_t source)
{
    pthread_mutex_lock(&engine->lock);
    if (!engine->first_source)
        engine->first_source = source + 1u;
    if (!engine->repeats && engine->first_source != source + 1u)
        engine->repeats = repeat_new();
    struct repeats *repeats = engine->repeats;
    pthread_mutex_unlock(&engine->lock);
    return repeats;
}

/* What the sensor said of how the frame was heard, where the frame's own header says nothing. */
static void add_extra(struct radio *radio, const struct frame_extra *extra)
{
    if (extra->has_signal && radio->signal_kind == RADIO_SIGNAL_NONE) {
        radio->signal_kind = extra->signal ? RADIO_SIGNAL_DBM : RADIO_SIGNAL_NONE;
        radio->signal = extra->signal;
        radio->has_noise = extra->noise != 0;
        radio->noise = extra->noise;
    }
    if (extra->has_signal && !radio->frequency_khz)
        radio->frequency_khz = extra->frequency;
}

static void dissect_frame(const struct engine *engine, const struct batch *batch,
                          const struct frame *frame, struct facts *facts, uint32_t at)
{
    struct radio radio;
    struct packet packet; /* built here: the writer's processor may still have the room's lines */
    packet_begin(&packet, frame->time_ns, frame->source);
    phys_dissect(&engine->phys, frame, !batch->fcs_unchecked, facts->repeats != NULL, &radio,
                 &packet);
    if (packet.verdict == PACKET_GOOD) {
        if (frame->extra)
            add_extra(&radio, frame->extra);
        packet_hear(&packet, &radio);
        packet.told.location = place_stated(frame, &radio, &facts->places[at]);
        lookahead_note(&packet);
    }
    uncached_copy(&facts->packets[at], &packet, sizeof packet);
}

void engine_dissect(struct engine *engine, struct batch *batch)
{
    struct facts *facts = batch->room;
    facts->repeats = repeats_for(engine, batch->source);
    for (uint32_t i = 0; i < batch->count; i++)
        dissect_frame(engine, batch, &batch->frames[i], facts, i);
    uncached_done();
    pool_prepare(&engine->config.store->pool);
}

/* Places the packets where their source was, and finds those that another source told of. */
static void complete(struct engine *engine, const struct batch *batch)
{
    struct facts *facts = batch->room;
    struct trail *trail = &engine->trail;
    trail->count = 0;
    if (engine->config.locate && !batch->elsewhere)
        engine->config.locate(engine->config.context, batch, trail);
    if (!trail->count && !facts->repeats)
        return;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct packet *packet = &facts->packets[i];
        if (!packet->told.location && packet->verdict == PACKET_GOOD &&
            trail_find(trail, packet->time_ns, &facts->places[i]))
            packet->told.location = &facts->places[i];
        if (packet->fingerprint)
            packet->is_repeated = repeat_hear(facts->repeats, packet->fingerprint,
                                              packet->told.source, packet->time_ns);
    }
}

static void apply(struct engine *engine, const struct batch *batch)
{
    struct facts *facts = batch->room;
    struct faults faults = {0};
    complete(engine, batch);
    if (engine->config.on_packets)
        engine->config.on_packets(engine->config.context, batch, facts->packets);
    for (uint32_t at = 0; at < batch->count; at += GROUP)
        apply_group(engine, batch, facts->packets + at, batch->count - at, &faults);
    if ((faults.errors || faults.malformed) && engine->config.on_faults)
        engine->config.on_faults(engine->config.context, batch->source, faults.errors,
                                 faults.malformed);
}

void engine_apply(struct engine *engine, const struct batch *batch, uint64_t server_now)
{
    engine->given_ns = server_now * NS_PER_S;
    apply(engine, batch);
}

static void count_devices(struct store *store)
{
    uint32_t slab = 0;
    bool more;
    do {
        store_lock_write(store);
        more = channel_count_devices(store, &slab);
        store_unlock(store);
    } while (more);
}

/* The machine's own seconds: the wall clock may stand still for a while, or jump. */
static void each_second(struct engine *engine)
{
    struct store *store = engine->config.store;
    struct timeline_clock clock = engine->config.read_clock(engine->config.context);
    if (clock.boot_ns / NS_PER_S == engine->second)
        return;
    engine->second = clock.boot_ns / NS_PER_S;
    store_lock_write(store);
    uint64_t now = keep_time(engine, &clock);
    bool live = false;
    for (int i = 0; i < STORE_SOURCES && !live; i++)
        live = store->sources[i] && store->sources[i]->running && !store->source_clocks[i];
    if (live && now > store->clock)
        store->clock = now;
    watch_tick(store);
    if (engine->second % EXPIRE_SECONDS == 0)
        device_expire(store, now);
    device_bury(store);
    if (engine->config.on_second)
        engine->config.on_second(engine->config.context, now);
    store_unlock(store);
    count_devices(store);
}

static void *run_writer(void *argument)
{
    struct engine *engine = argument;
    const struct engine_config *config = &engine->config;
    pthread_setname_np(pthread_self(), "norn-engine");
    while (!atomic_load(&engine->stop)) {
        struct batch *batch = config->next(config->context, WAIT_MS);
        if (batch) {
            apply(engine, batch);
            config->give_back(config->context, batch);
        }
        each_second(engine);
    }
    return NULL;
}

int engine_start(struct engine *engine)
{
    int error = pthread_create(&engine->writer, NULL, run_writer, engine);
    engine->running = error == 0;
    return -error;
}

void engine_stop(struct engine *engine)
{
    atomic_store(&engine->stop, true);
    if (engine->running)
        pthread_join(engine->writer, NULL);
    engine->running = false;
}

const char *engine_unsupported(uint16_t link_type)
{
    if (phys_take(link_type))
        return NULL;
    const struct linktype *row = linktype_find(link_type);
    return row ? row->name : "unknown link type";
}
