/* Where frames were heard: each by its own time, its own header first; through the engine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "batch_feed.h"
#include "dissect/linktype.h"
#include "phy/engine.h"
#include "phy/place.h"
#include "track/device.h"
#include "util/hash.h"

#define S UINT64_C(1000000000)

static struct batch batch;
static struct trail trail;

/* A beacon; octet 15 and 21 are the station's last. */
static const uint8_t beacon[] = {0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0,   1,   2,   3,
                                 0,    0, 0, 1, 2,   3,   0,   0,   0,   0,   1,   2,   3,   4,
                                 5,    6, 7, 8, 100, 0,   1,   0,   0,   4,   'n', 'o', 'r', 'n'};

/* PPI with a geotag at 47.4, 8.5, 400 m in front of an 802.11 frame. */
static const uint8_t geotag[] = {0x00, 0x00, 0x20, 0x00, 0x69, 0x00, 0x00, 0x00, 0x32, 0x75, 0x14,
                                 0x00, 0x02, 0x00, 0x14, 0x00, 0x0e, 0x00, 0x00, 0x00, 0x80, 0x7c,
                                 0x8a, 0x87, 0x40, 0xd1, 0x5a, 0x70, 0x00, 0xdb, 0x86, 0x6b};

static void add_frame(uint8_t station, uint64_t time_ns, bool tagged)
{
    uint8_t *bytes = batch.bytes + batch.bytes_used, *frame = bytes;
    if (tagged) {
        memcpy(bytes, geotag, sizeof geotag);
        frame += sizeof geotag;
    }
    memcpy(frame, beacon, sizeof beacon);
    frame[15] = frame[21] = station;
    uint32_t length = (uint32_t)(frame - bytes + (ptrdiff_t)sizeof beacon);
    batch.frames[batch.count++] =
        (struct frame){.data = bytes,
                       .length = length,
                       .original_length = length,
                       .time_ns = time_ns,
                       .link_type = tagged ? LINKTYPE_PPI : LINKTYPE_IEEE802_11};
    batch.bytes_used += length;
}

static int batches_located;

static void locate(void *context, const struct batch *located, struct trail *ret_trail)
{
    assert_ptr_equal(located, &batch);
    assert_int_equal(ret_trail->count, 0);
    batches_located++;
    if (context)
        trail_copy(context, 0, UINT64_MAX, ret_trail);
}

static double latitude_of(const struct store *store, uint8_t station)
{
    const struct macaddr mac = {{0, 1, 2, 3, 0, station}};
    const struct device *device = device_find(store, 0, mac);
    assert_non_null(device);
    return device->location ? device->location->last.point.latitude : NAN;
}

static void add_fix(uint64_t time_ns, double latitude)
{
    struct location location = {.point = {8, latitude}, .fix = 3};
    trail_add(&trail, time_ns, &location);
}

static void frames_are_stamped_with_the_place_of_their_time(void **state)
{
    struct store_limits limits = {
        .devices = 100, .ssids = 4, .probes = 4, .links = 4, .clients = 4};
    struct store *store = store_new(&limits);
    struct engine_config config = {.store = store, .context = &trail, .locate = locate};
    struct engine *engine = engine_new(&config);
    assert_non_null(engine);
    memset(&trail, 0, sizeof trail);
    trail.hold_ns = 30 * S;
    add_fix(1000 * S, 10);
    add_fix(1010 * S, 11);
    batch.count = batch.bytes_used = 0;
    add_frame(1, 999 * S, false);
    add_frame(2, 1005 * S, false);
    add_frame(3, 1005 * S, true);
    add_frame(4, 1040 * S, false);
    add_frame(5, 1041 * S, false);
    batches_located = 0;
    batch_feed(engine, &batch, 1041);
    assert_int_equal(batches_located, 1);
    assert_true(isnan(latitude_of(store, 1)));
    assert_true(fabs(latitude_of(store, 2) - 10.5) < 1e-9);
    assert_true(fabs(latitude_of(store, 3) - 47.4) < 1e-6); /* says so itself */
    assert_true(latitude_of(store, 4) == 11);
    assert_true(isnan(latitude_of(store, 5)));
    engine_free(engine);
    store_free(store);
}

static void the_place_of_one_batch_is_not_the_next_ones(void **state)
{
    struct store_limits limits = {
        .devices = 100, .ssids = 4, .probes = 4, .links = 4, .clients = 4};
    struct store *store = store_new(&limits);
    struct location place = {.point = {8, 10}, .fix = 2};
    struct engine_config config = {.store = store, .context = &trail, .locate = locate};
    struct engine *engine = engine_new(&config);
    trail_pin(&trail, &place);
    batch.count = batch.bytes_used = 0;
    add_frame(1, 1000 * S, false);
    batch_feed(engine, &batch, 1000);
    assert_true(latitude_of(store, 1) == 10);
    trail.count = 0;
    batch.count = batch.bytes_used = 0;
    add_frame(2, 1001 * S, false);
    batch_feed(engine, &batch, 1001);
    assert_true(isnan(latitude_of(store, 2)));
    engine_free(engine);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_stamped_with_the_place_of_their_time),
        cmocka_unit_test(the_place_of_one_batch_is_not_the_next_ones),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
