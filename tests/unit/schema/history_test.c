/* Histories: the sparse form and the rings must render what a plain model of them says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "schema/history.h"

enum { MODEL_SECONDS = 200000 };

/* Packets of every second since `start`: the plain truth. */
struct model {
    uint32_t start, last;
    uint16_t *packets;
};

static void check(const struct history *history, const struct model *model, uint64_t now)
{
    struct rrd_record record;
    double minute[60] = {0}, hour[60] = {0}, day[24] = {0};
    for (uint64_t t = model->start; t <= model->last; t++) {
        double value = model->packets[t - model->start];
        if (now - t < 60)
            minute[t % 60] = value;
        if (now / 60 - t / 60 < 60)
            hour[t / 60 % 60] += value / 60;
        if (now / 3600 - t / 3600 < 24)
            day[t / 3600 % 24] += value / 3600;
    }
    history_render(history, HISTORY_PACKETS, now, false, &record);
    assert_int_equal(record.serial_time, now);
    for (int i = 0; i < 60; i++) {
        assert_float_equal(record.minute[i], minute[i], 1e-6);
        assert_float_equal(record.hour[i], hour[i], 1e-6);
    }
    for (int i = 0; i < 24; i++)
        assert_float_equal(record.day[i], day[i], 1e-6);
    double before = 0;
    for (uint64_t age = 1; age < 60 && before == 0; age++)
        before = minute[(now - age) % 60];
    for (int brief = 0; brief < 2; brief++) {
        history_render(history, HISTORY_PACKETS, now, brief, &record);
        assert_float_equal(record.last_value, minute[now % 60], 1e-9);
        assert_float_equal(record.last_value_n1, before, 1e-9);
    }
}

/* Plays random packets with a mean gap and compares at random moments. */
static void play(uint32_t mean_gap, uint32_t packets, unsigned seed)
{
    struct pool pool = {0};
    struct history history = {0};
    struct model model = {.start = 1700000000, .last = 1700000000};
    model.packets = calloc(MODEL_SECONDS, sizeof *model.packets);
    assert_non_null(model.packets);
    srand(seed);
    uint32_t time = model.start;
    for (uint32_t i = 0; i < packets; i++) {
        time += (uint32_t)rand() % (2 * mean_gap + 1);
        if (time - model.start >= MODEL_SECONDS)
            break;
        history_add(&history, &pool, &(struct history_event){.time = time, .packets = 1});
        model.packets[time - model.start]++;
        model.last = time;
        if (i % 16 == 0)
            check(&history, &model, time + (uint32_t)rand() % 5000);
    }
    check(&history, &model, time);
    history_done(&history, &pool);
    assert_int_equal(pool.bytes_used, 0);
    pool_done(&pool);
    free(model.packets);
}

static void sparse_history_matches_the_model(void **state)
{
    for (unsigned seed = 0; seed < 40; seed++)
        play(9000, 30, seed);
}

static void busy_history_matches_the_model(void **state)
{
    for (unsigned seed = 0; seed < 10; seed++)
        play(1, 2000, seed);
}

static void mixed_history_matches_the_model(void **state)
{
    for (unsigned seed = 0; seed < 30; seed++)
        play(100 * (seed + 1), 200, seed);
}

static void late_packets_join_their_second_or_are_dropped(void **state)
{
    struct pool pool = {0};
    struct history history = {0};
    struct rrd_record record;
    history_add(&history, &pool, &(struct history_event){.time = 1000, .packets = 1});
    history_add(&history, &pool, &(struct history_event){.time = 950, .packets = 1});
    history_add(&history, &pool, &(struct history_event){.time = 940, .packets = 1});
    history_render(&history, HISTORY_PACKETS, 1000, false, &record);
    assert_float_equal(record.minute[1000 % 60], 1, 1e-9);
    assert_float_equal(record.minute[950 % 60], 1, 1e-9);
    double minutes = 0;
    for (int i = 0; i < 60; i++)
        minutes += record.hour[i];
    assert_float_equal(minutes, 2 / 60.0, 1e-9); /* the third was a whole minute late */
    history_done(&history, &pool);
    pool_done(&pool);
}

static void keeps_the_strongest_signal_of_a_second(void **state)
{
    struct pool pool = {0};
    struct history history = {0};
    struct rrd_record record;
    const int8_t signals[] = {-70, -40, -90, 0};
    for (size_t i = 0; i < 4; i++)
        history_add(&history, &pool,
                    &(struct history_event){.time = 77, .packets = 1, .signal = signals[i]});
    history_render(&history, HISTORY_SIGNAL, 77, false, &record);
    assert_float_equal(record.minute[77 % 60], -40, 1e-9);
    history_done(&history, &pool);
    pool_done(&pool);
}

/* Merged events must not overflow: what does not fit in one stays in several. */
static void large_counts_stay_exact(void **state)
{
    enum { HOUR = 3600, BEGIN = 1000 * HOUR, BURSTS = 10, BURST = 40000, LATER = 60 };
    struct pool pool = {0};
    struct history history = {0};
    struct rrd_record record;
    for (uint32_t i = 0; i < BURSTS; i++)
        history_add(&history, &pool,
                    &(struct history_event){.time = BEGIN + 60 * i, .packets = BURST});
    for (uint32_t i = 0; i < LATER; i++)
        history_add(&history, &pool,
                    &(struct history_event){.time = BEGIN + 3 * HOUR + 90 * i, .packets = 1});
    history_render(&history, HISTORY_PACKETS, BEGIN + 3 * HOUR + 90 * LATER, false, &record);
    assert_float_equal(record.day[BEGIN / HOUR % 24], BURSTS * BURST / 3600.0, 1e-9);
    assert_float_equal(record.day[(BEGIN / HOUR + 3) % 24], 40 / 3600.0, 1e-9);
    history_done(&history, &pool);
    pool_done(&pool);
}

static void ring_means_follow_the_definition(void **state)
{
    struct rrd_ring ring = {0};
    struct rrd_record record;
    rrd_ring_add(&ring, RRD_SUM, 7200, 60);
    rrd_ring_render(&ring, RRD_SUM, 7200, &record);
    assert_float_equal(record.minute[0], 60, 1e-9);
    assert_float_equal(record.hour[0], 1, 1e-9);
    assert_float_equal(record.day[2], 1 / 60.0, 1e-9);
    rrd_ring_render(&ring, RRD_SUM, 7200 + 3600 * 30, &record);
    for (int i = 0; i < 24; i++)
        assert_float_equal(record.day[i], 0, 1e-9);
    assert_float_equal(record.last_value, 0, 1e-9);
    assert_float_equal(record.last_value_n1, 60, 1e-9);
}

enum { RING_SECONDS = 20000, RING_LATE = 59 };

/* What the ring of a kind has to show of the values of every second since 0. */
static void check_ring(const struct rrd_ring *ring, enum rrd_kind kind, const double *seconds,
                       uint64_t last, uint64_t now)
{
    struct rrd_record record;
    double minute[60] = {0}, hour[60] = {0}, day[24] = {0};
    bool sums = kind == RRD_SUM;
    for (uint64_t t = 0; t <= last; t++) {
        double *slots[] = {&minute[t % 60], &hour[t / 60 % 60], &day[t / 3600 % 24]};
        bool shown[] = {now - t < 60, now / 60 - t / 60 < 60, now / 3600 - t / 3600 < 24};
        for (int i = 0; i < 3; i++)
            if (shown[i])
                *slots[i] = sums ? *slots[i] + seconds[t] : fmax(*slots[i], seconds[t]);
    }
    rrd_ring_render(ring, kind, now, &record);
    for (int i = 0; i < 60; i++) {
        assert_float_equal(record.minute[i], minute[i], 1e-6);
        assert_float_equal(record.hour[i], sums ? hour[i] / 60 : hour[i], 1e-6);
    }
    for (int i = 0; i < 24; i++)
        assert_float_equal(record.day[i], sums ? day[i] / 3600 : day[i], 1e-6);
}

static void rings_match_the_model(void **state)
{
    static double seconds[2][RING_SECONDS];
    for (unsigned gap = 1; gap < 5000; gap *= 7) {
        struct rrd_ring rings[2] = {{0}};
        memset(seconds, 0, sizeof seconds);
        srand(gap);
        for (uint64_t last = 3600; last < RING_SECONDS; last += (uint64_t)rand() % (2 * gap)) {
            for (int i = 0; i < 4; i++) {
                uint64_t time = last - (i == 2 ? (uint64_t)rand() % RING_LATE : 0);
                double value = rand() % 100;
                rrd_ring_add(&rings[RRD_SUM], RRD_SUM, time, value);
                rrd_ring_add(&rings[RRD_PEAK], RRD_PEAK, time, value);
                seconds[RRD_SUM][time] += value;
                seconds[RRD_PEAK][time] = fmax(seconds[RRD_PEAK][time], value);
            }
            for (int kind = RRD_SUM; kind <= RRD_PEAK && last % 8 == 0; kind++)
                check_ring(&rings[kind], kind, seconds[kind], last,
                           last + (uint64_t)rand() % 2 * (uint64_t)rand() % 5000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sparse_history_matches_the_model),
        cmocka_unit_test(busy_history_matches_the_model),
        cmocka_unit_test(mixed_history_matches_the_model),
        cmocka_unit_test(late_packets_join_their_second_or_are_dropped),
        cmocka_unit_test(rings_match_the_model),
        cmocka_unit_test(keeps_the_strongest_signal_of_a_second),
        cmocka_unit_test(large_counts_stay_exact),
        cmocka_unit_test(ring_means_follow_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
