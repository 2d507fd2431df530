/* The engine with threads: batches of several sources are dissected at the same time, every frame
 * is applied once and in its source's order, batches come back, readers see whole records
 * meanwhile, and a stop loses nothing that was taken. Runs under ThreadSanitizer too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dissect/linktype.h"
#include "phy/engine.h"
#include "schema/emit.h"
#include "track/device.h"
#include "util/hash.h"

enum { BATCHES = 200, FRAMES = 100, HELD = 8, SOURCES = 3 };

struct feed;

struct source {
    struct feed *feed;
    uint16_t number;
    pthread_t thread;
};

/* Sources of made-up batches, and those that wait for the engine. */
struct feed {
    pthread_mutex_t lock;
    struct engine *engine;
    struct batch *idle[HELD], *filled[HELD];
    int idle_count, filled_count, out, made, wanted, seconds;
    int newest[SOURCES]; /* batch that the engine was given of each */
    bool stop;
    struct source sources[SOURCES];
};

/* A beacon with an open network's name; octets 10 to 15 and 16 to 21 are the station. */
static const uint8_t beacon[] = {0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0,   1,   2,   3,
                                 0,    0, 0, 1, 2,   3,   0,   0,   0,   0,   1,   2,   3,   4,
                                 5,    6, 7, 8, 100, 0,   1,   0,   0,   4,   'n', 'o', 'r', 'n'};

static void fill(struct batch *batch, uint16_t source, int number)
{
    batch->count = batch->bytes_used = 0;
    batch->file_clock = true;
    batch->source = source;
    for (int i = 0; i < FRAMES; i++) {
        uint8_t *bytes = batch->bytes + batch->bytes_used;
        memcpy(bytes, beacon, sizeof beacon);
        bytes[14] = bytes[20] = (uint8_t)(number % 7);
        bytes[15] = bytes[21] = (uint8_t)i;
        batch->frames[batch->count++] =
            (struct frame){.data = bytes,
                           .length = sizeof beacon,
                           .original_length = sizeof beacon,
                           .time_ns = (1000 + (uint64_t)number) * 1000000000,
                           .link_type = LINKTYPE_IEEE802_11,
                           .source = source};
        batch->bytes_used += sizeof beacon;
    }
}

/* A batch to fill, and the number of what goes into it; NULL without. */
static struct batch *take_idle(struct feed *feed, int *ret_number)
{
    struct batch *batch = NULL;
    pthread_mutex_lock(&feed->lock);
    if (feed->made < feed->wanted && feed->idle_count) {
        batch = feed->idle[--feed->idle_count];
        *ret_number = feed->made++;
        feed->out++;
    }
    pthread_mutex_unlock(&feed->lock);
    return batch;
}

static bool is_stopped(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    bool stop = feed->stop;
    pthread_mutex_unlock(&feed->lock);
    return stop;
}

static void *run_source(void *argument)
{
    struct source *source = argument;
    struct feed *feed = source->feed;
    while (!is_stopped(feed)) {
        int number = 0;
        struct batch *batch = take_idle(feed, &number);
        if (!batch) {
            usleep(200);
            continue;
        }
        fill(batch, source->number, number);
        engine_dissect(feed->engine, batch);
        pthread_mutex_lock(&feed->lock);
        feed->filled[feed->filled_count++] = batch;
        pthread_mutex_unlock(&feed->lock);
    }
    return NULL;
}

static struct batch *next_batch(void *context, unsigned timeout_ms)
{
    struct feed *feed = context;
    struct batch *batch = NULL;
    pthread_mutex_lock(&feed->lock);
    if (feed->filled_count) {
        batch = feed->filled[0];
        memmove(feed->filled, feed->filled + 1,
                (size_t)--feed->filled_count * sizeof feed->filled[0]);
    }
    pthread_mutex_unlock(&feed->lock);
    if (!batch)
        usleep(200);
    return batch;
}

static void give_back(void *context, struct batch *batch)
{
    struct feed *feed = context;
    pthread_mutex_lock(&feed->lock);
    feed->idle[feed->idle_count++] = batch;
    feed->out--;
    pthread_mutex_unlock(&feed->lock);
}

/* What the batch says is that of its frames, in the order of its source. */
static void on_packets(void *context, const struct batch *batch, const struct packet *packets)
{
    struct feed *feed = context;
    int number = (int)(packets[0].time_ns / 1000000000) - 1000;
    assert_true(number > feed->newest[batch->source]);
    feed->newest[batch->source] = number;
    for (uint32_t i = 0; i < batch->count; i++) {
        assert_int_equal(packets[i].verdict, PACKET_GOOD);
        assert_int_equal(packets[i].told.source, batch->source);
        assert_int_equal(packets[i].dot11.frame.transmitter.octet[5], i);
        assert_int_equal(packets[i].dot11.frame.transmitter.octet[4], number % 7);
    }
}

static struct timeline_clock read_clock(void *context)
{
    return (struct timeline_clock){5000000000000, 7000000000000};
}

static void on_second(void *context, uint64_t now)
{
    struct feed *feed = context;
    pthread_mutex_lock(&feed->lock);
    feed->seconds++;
    pthread_mutex_unlock(&feed->lock);
}

static bool is_all_applied(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    bool all = feed->made == feed->wanted && !feed->out;
    pthread_mutex_unlock(&feed->lock);
    return all;
}

static void feed_init(struct feed *feed, int wanted)
{
    *feed = (struct feed){.wanted = wanted};
    pthread_mutex_init(&feed->lock, NULL);
    while (feed->idle_count < HELD)
        assert_non_null(feed->idle[feed->idle_count++] = batch_new(engine_room()));
    for (int i = 0; i < SOURCES; i++)
        feed->newest[i] = -1;
}

static void free_batches(struct batch **batches, int count)
{
    for (int i = 0; i < count; i++)
        free(batches[i]);
}

static void feed_start(struct feed *feed, struct engine *engine)
{
    feed->engine = engine;
    for (uint16_t i = 0; i < SOURCES; i++) {
        struct source *source = &feed->sources[i];
        *source = (struct source){.feed = feed, .number = i};
        assert_int_equal(pthread_create(&source->thread, NULL, run_source, source), 0);
    }
}

static void feed_stop(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    feed->stop = true;
    pthread_mutex_unlock(&feed->lock);
    for (int i = 0; i < SOURCES; i++)
        pthread_join(feed->sources[i].thread, NULL);
}

static void feed_done(struct feed *feed)
{
    assert_int_equal(feed->idle_count + feed->filled_count, HELD); /* every batch came back */
    free_batches(feed->idle, feed->idle_count);
    free_batches(feed->filled, feed->filled_count);
    pthread_mutex_destroy(&feed->lock);
}

static struct engine *engine_with(struct feed *feed, struct store **ret_store)
{
    struct store_limits limits = {
        .devices = 500, .ssids = 4, .probes = 4, .links = 4, .clients = 4, .histories = true};
    *ret_store = store_new(&limits);
    struct engine_config config = {.store = *ret_store,
                                   .context = feed,
                                   .read_clock = read_clock,
                                   .next = next_batch,
                                   .give_back = give_back,
                                   .on_packets = on_packets,
                                   .on_second = on_second};
    struct engine *engine = engine_new(&config);
    assert_non_null(engine);
    assert_int_equal(engine_start(engine), 0);
    feed_start(feed, engine);
    return engine;
}

/* Reads every device once, as a reply does. */
static void read_all(struct store *store)
{
    struct buffer buffer = {0};
    struct view view;
    struct view_tables tables;
    store_lock_read(store);
    store_view(store, 5000, &view, &tables);
    for (uint32_t id = 0; id < store->slot_count; id++) {
        struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
        buffer.length = 0;
        if (store_device(store, id))
            emit_record(&emitter, &device_type, NULL, store_device(store, id), &view);
    }
    store_unlock(store);
    assert_false(buffer.failed);
    buffer_done(&buffer);
}

static void applies_everything_while_others_read(void **state)
{
    struct feed feed;
    struct store *store;
    feed_init(&feed, BATCHES);
    struct engine *engine = engine_with(&feed, &store);
    while (!is_all_applied(&feed))
        read_all(store);
    feed_stop(&feed);
    engine_stop(engine);
    assert_int_equal(store->packets, BATCHES * FRAMES);
    assert_int_equal(store->device_count, 500); /* 700 stations, and the limit */
    assert_true(store->evicted >= 200);
    assert_int_equal(store->clock, 1000 + BATCHES - 1);
    assert_true(feed.seconds >= 1);
    engine_free(engine);
    store_free(store);
    feed_done(&feed);
}

static void a_stop_gives_back_what_was_taken(void **state)
{
    for (int i = 0; i < 20; i++) {
        struct feed feed;
        struct store *store;
        feed_init(&feed, 1 << 20);
        struct engine *engine = engine_with(&feed, &store);
        usleep((useconds_t)(i * 500));
        engine_stop(engine);
        feed_stop(&feed);
        assert_true(store->packets % FRAMES == 0);
        engine_free(engine);
        store_free(store);
        feed_done(&feed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applies_everything_while_others_read),
        cmocka_unit_test(a_stop_gives_back_what_was_taken),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
