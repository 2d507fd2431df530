/* The machine's clock is set while norn listens: devices keep their ages, order and histories,
 * none is dropped for a silence that never was, and a client that asks for what changed since the
 * newest mark it has misses nothing. Frames come in live, by clocks that the test sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "batch_feed.h"
#include "dissect/linktype.h"
#include "phy/engine.h"
#include "track/device.h"
#include "track/ssid_group.h"
#include "track/query.h"
#include "util/hash.h"

#define S     1000000000ULL
#define YEAR  (365 * 24 * 3600LL)
#define START (20 * (uint64_t)YEAR)

enum { LIVE, FILED, STATIONS = 16 };

static struct timeline_clock clocks;
static struct store *store;
static struct engine *engine;
static int64_t told; /* by on_step */
static struct batch batch;

static struct timeline_clock read_clock(void *context)
{
    return clocks;
}

static void on_step(void *context, int64_t step)
{
    told += step;
}

static int set_up(void **state)
{
    const struct store_limits limits = {.devices = 1000,
                                        .timeout = 600,
                                        .ssids = 4,
                                        .tracked_ssids = 4,
                                        .probes = 4,
                                        .links = 4,
                                        .clients = 4,
                                        .histories = true};
    store = store_new(&limits);
    const struct engine_config config = {
        .store = store, .read_clock = read_clock, .on_step = on_step};
    engine = engine_new(&config);
    clocks = (struct timeline_clock){.wall_ns = START * S, .boot_ns = 5 * S};
    told = 0;
    return engine ? 0 : -1;
}

static int tear_down(void **state)
{
    engine_free(engine);
    store_free(store);
    return 0;
}

static void pass(uint64_t seconds)
{
    clocks.wall_ns += seconds * S;
    clocks.boot_ns += seconds * S;
}

static void set_clock(int64_t by)
{
    clocks.wall_ns += (uint64_t)by * S;
}

static uint64_t wall(void)
{
    return clocks.wall_ns / S;
}

static struct macaddr station(uint8_t number)
{
    return (struct macaddr){{0, 1, 2, 3, 4, number}};
}

static struct device *device(uint8_t number)
{
    struct device *found = device_find(store, 0, station(number));
    assert_non_null(found);
    return found;
}

/* A beacon of a station, with the time that the kernel put on it. */
static void hear_stamped(uint8_t number, uint16_t source, uint64_t time)
{
    static uint8_t beacon[] = {0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0,   1,   2,   3,
                               4,    0, 0, 1, 2,   3,   4,   0,   0,   0,   0,   1,   2,   3,
                               4,    5, 6, 7, 100, 0,   1,   0,   0,   4,   'n', 'o', 'r', 'n'};
    beacon[15] = beacon[21] = number;
    batch.count = 1;
    batch.source = source;
    batch.file_clock = source == FILED;
    batch.frames[0] = (struct frame){.data = beacon,
                                     .length = sizeof beacon,
                                     .original_length = sizeof beacon,
                                     .time_ns = time * S,
                                     .link_type = LINKTYPE_IEEE802_11,
                                     .source = source};
    batch_feed(engine, &batch, 0);
}

static void hear(uint8_t number)
{
    hear_stamped(number, LIVE, wall());
}

/* Packets that the history of the last minute, hour or day shows. */
static double shown(const double *slots, size_t count, double each)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += slots[i] * each;
    return sum;
}

static void expect_history(uint8_t number, double minute, double hour, double day)
{
    struct rrd_record record;
    history_render(&device(number)->history, HISTORY_PACKETS, wall(), false, &record);
    assert_float_equal(shown(record.minute, 60, 1), minute, 1e-6);
    assert_float_equal(shown(record.hour, 60, 60), hour, 1e-6);
    assert_float_equal(shown(record.day, 24, 3600), day, 1e-6);
}

/* A day of beacons in which every kind of slot is filled; station 1 seldom, station 2 often. */
static void hear_a_day(void)
{
    for (int hour = 0; hour < 20; hour++) {
        hear(1);
        for (int i = 0; i < 50; i++)
            hear(2);
        pass(3600);
    }
    hear(1);
    hear(2);
}

static void check_step(int64_t step)
{
    hear_a_day();
    uint64_t first = device(1)->first_time, mark = store->server_now;
    expect_history(1, 1, 1, 21);
    expect_history(2, 1, 1, 1001);
    set_clock(step);
    pass(5);
    hear(2);
    assert_int_equal(told, step);
    assert_int_equal(device(1)->first_time, first + (uint64_t)step);
    assert_int_equal(device(1)->last_time, wall() - 5);
    assert_int_equal(device(2)->last_time, wall());
    assert_int_equal(store->clock, wall());
    expect_history(1, 1, 1, 21);
    expect_history(2, 2, 2, 1002);
    const struct dot11_ssid *ssid = device(1)->dot11->advertised;
    assert_int_equal(ssid->first_time, first + (uint64_t)step);
    assert_int_equal(ssid->last_time, wall() - 5);
    assert_int_equal(device(1)->first_seenby.last_time, wall() - 5);
    const struct ssid_group *group = ssid_group_get(store, 0);
    assert_int_equal(group->first_time, first + (uint64_t)step);
    assert_int_equal(group->last_time, wall());
    assert_true(store->ssids.mod_times[0] >= mark + 5);
    assert_int_equal(device_expire(store, wall()), 0);
    assert_true(store->server_now >= mark + 5);
    assert_int_equal(store->list_changed, store->server_now); /* clients take all anew */
}

static void forward_by_years(void **state)
{
    check_step(26 * YEAR);
}

static void back_by_years(void **state)
{
    check_step(-7 * YEAR);
}

static void by_what_is_no_whole_day_minute_or_hour(void **state)
{
    check_step(YEAR + 3600 * 5 + 60 * 7 + 11);
}

static void forward_and_back_again(void **state)
{
    hear_a_day();
    uint64_t first = device(1)->first_time;
    set_clock(30 * YEAR);
    pass(1);
    hear(2);
    set_clock(-30 * YEAR);
    pass(1);
    hear(2);
    assert_int_equal(device(1)->first_time, first);
    assert_int_equal(device(2)->last_time, wall());
    expect_history(1, 1, 1, 21);
    expect_history(2, 3, 3, 1003);
}

/* What is silent for the timeout goes, and nothing else, however the clock is set meanwhile. */
static void silence_is_what_passed(void **state)
{
    hear(1);
    set_clock(10 * YEAR);
    pass(590);
    hear(2);
    assert_int_equal(device_expire(store, wall()), 0);
    set_clock(-20 * YEAR);
    pass(15);
    hear(3);
    assert_int_equal(device_expire(store, wall()), 1);
    assert_null(device_find(store, 0, station(1)));
    assert_non_null(device_find(store, 0, station(2)));
}

/* The order of hearing decides who goes first; it is not left as it was when the clock was ahead.
 */
static void the_order_of_hearing_goes_on(void **state)
{
    hear(1);
    hear(2);
    set_clock(-5 * YEAR);
    pass(60);
    hear(1);
    assert_int_equal(store->newest, device(1)->id);
    assert_int_equal(store->oldest, device(2)->id);
}

/* Captured before the step, applied after it. */
static void frames_on_their_way_are_moved_along(void **state)
{
    hear(1);
    pass(1);
    uint64_t before = wall();
    set_clock(25 * YEAR);
    hear_stamped(1, LIVE, before);
    assert_int_equal(device(1)->last_time, wall());
    assert_int_equal(device(1)->first_time, wall() - 1);
    before = wall();
    set_clock(-25 * YEAR);
    hear_stamped(1, LIVE, before);
    assert_int_equal(device(1)->last_time, wall());
    assert_int_equal(device(1)->first_time, wall() - 1);
    hear(1);
    assert_int_equal(device(1)->last_time, wall());
}

static void files_keep_the_time_of_their_packets(void **state)
{
    hear(1);
    hear_stamped(2, FILED, 1000);
    hear_stamped(2, FILED, 1010);
    set_clock(9 * YEAR);
    pass(1);
    hear_stamped(2, FILED, 1020);
    assert_int_equal(device(2)->first_time, 1000);
    assert_int_equal(device(2)->last_time, 1020);
    assert_int_equal(device(2)->mod_time, store->server_now);
    assert_int_equal(device(1)->last_time, wall() - 1);
}

/* A second is too little to move anything; the device is heard all the same. */
static void small_steps_are_let_pass(void **state)
{
    hear(1);
    uint64_t first = device(1)->first_time;
    set_clock(-1);
    pass(3);
    hear(1);
    assert_int_equal(told, 0);
    assert_int_equal(device(1)->first_time, first);
    assert_int_equal(device(1)->last_time, wall());
}

/* A client that asks for what changed since the newest mark it was given. */
struct client {
    uint64_t since;
    bool waiting[STATIONS]; /* changed since it asked */
};

static void ask(struct client *client)
{
    struct query_result result;
    const struct query query = {.phy = -1, .has_since = true, .since = client->since};
    assert_int_equal(query_run(store, &query, &result), 0);
    for (uint8_t i = 0; i < STATIONS; i++) {
        const struct device *found = device_find(store, 0, station(i));
        bool listed = found && result.bits[found->id / 64] >> (found->id % 64) & 1;
        if (client->waiting[i])
            assert_true(listed);
        client->waiting[i] = false;
    }
    client->since = store->server_now;
    query_done(&result);
}

static void a_client_misses_nothing(void **state)
{
    struct client client = {0};
    srand(7);
    for (int i = 0; i < 20000; i++) {
        uint8_t number = (uint8_t)(rand() % STATIONS);
        if (rand() % 10 == 0)
            set_clock((rand() % 2 ? 1 : -1) * (rand() % 3 ? rand() % 100 : rand() % YEAR));
        if (wall() < START / 2)
            set_clock(10 * YEAR);
        if (rand() % 2)
            pass((uint64_t)rand() % 3);
        hear(number);
        client.waiting[number] = true;
        if (rand() % 5 == 0)
            ask(&client);
    }
}

/* "The last minute" means what really passed. */
static void recent_changes_are_recent_after_a_step(void **state)
{
    const int64_t steps[] = {12 * YEAR, -3 * YEAR, YEAR};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct query_result result;
        hear(1);
        pass(100);
        hear(2);
        set_clock(steps[i]);
        pass(1);
        hear(3);
        const struct query query = {.phy = -1, .has_since = true, .since = store->server_now - 60};
        assert_int_equal(query_run(store, &query, &result), 0);
        assert_int_equal(result.count, 2);
        query_done(&result);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(forward_by_years),
        TEST(back_by_years),
        TEST(by_what_is_no_whole_day_minute_or_hour),
        TEST(forward_and_back_again),
        TEST(silence_is_what_passed),
        TEST(the_order_of_hearing_goes_on),
        TEST(frames_on_their_way_are_moved_along),
        TEST(files_keep_the_time_of_their_packets),
        TEST(small_steps_are_let_pass),
        TEST(a_client_misses_nothing),
        TEST(recent_changes_are_recent_after_a_step),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
