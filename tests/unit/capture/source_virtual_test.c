/* Virtual sources: made by their first report, renamed by later ones, frames handed on with what
 * the sensor says of them, and what is refused. With real threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "capture/capture.h"
#include "capture/sources.h"

enum { WAIT_MS = 5000 };

static struct queue *queue;
static struct capture *capture;
static struct buffer why;
static const struct uuid phone = {{1, 2, 3, 4}}, other = {{9}};

static int set_up(void **state)
{
    queue = queue_new(8, 0);
    struct capture_config config = {.queue = queue, .retry = true};
    capture = capture_new(&config);
    return 0;
}

static int tear_down(void **state)
{
    capture_free(capture);
    queue_close(queue);
    queue_free(queue);
    buffer_done(&why);
    return 0;
}

static const struct frame_extra place = {
    .has_place = true, .fix = 2, .latitude = 47.5, .longitude = 8.5};

/* A frame of odd length, so that what follows it has to be aligned. */
static struct frame make_frame(const char *text, const struct frame_extra *extra)
{
    return (struct frame){.data = (const uint8_t *)text,
                          .length = (uint32_t)strlen(text),
                          .original_length = (uint32_t)strlen(text),
                          .time_ns = 1700000000000000000,
                          .link_type = FRAME_REPORT,
                          .extra = extra};
}

static struct source_status status_of(struct uuid uuid)
{
    static struct source_status status;
    uint16_t number = 0;
    assert_int_equal(capture_find(capture, uuid, &number), 0);
    assert_int_equal(capture_snapshot(capture, number, &status), 0);
    return status;
}

static void assert_why(const char *expected)
{
    buffer_add_byte(&why, 0);
    if (!strstr((const char *)why.data, expected))
        fail_msg("%s", (const char *)why.data);
    why.length = 0;
}

static void reports_come_out_of_the_queue(void **state)
{
    struct frame frames[] = {make_frame("abc", &place), make_frame("defgh", NULL),
                             make_frame("i", &place)};
    assert_int_equal(capture_report(capture, phone, "my phone", frames, 3, &why), 0);
    struct batch *batch = queue_get(queue, WAIT_MS);
    assert_non_null(batch);
    assert_int_equal(batch->count, 3);
    assert_true(batch->elsewhere && !batch->file_clock);
    assert_memory_equal(batch->frames[0].data, "abc", 3);
    assert_int_equal(batch->frames[0].time_ns, 1700000000000000000);
    assert_int_equal(batch->frames[0].link_type, FRAME_REPORT);
    assert_true(batch->frames[0].extra->latitude == 47.5);
    assert_null(batch->frames[1].extra);
    assert_memory_equal(batch->frames[1].data, "defgh", 5);
    assert_int_equal((uintptr_t)batch->frames[2].extra % _Alignof(struct frame_extra), 0);
    assert_true(batch->frames[2].extra->longitude == 8.5);
    assert_true((const uint8_t *)batch->frames[0].extra > batch->bytes);
    queue_give_back(queue, batch);
    struct source_status status = status_of(phone);
    assert_string_equal(status.name, "my phone");
    assert_string_equal(status.type, "virtual");
    assert_int_equal(status.counts.packets, 3);
}

static void names_change_and_stay_unique(void **state)
{
    struct frame frame = make_frame("x", NULL);
    assert_int_equal(capture_report(capture, phone, "one", &frame, 1, &why), 0);
    assert_int_equal(capture_report(capture, other, "one", &frame, 1, &why), 0);
    assert_string_equal(status_of(other).name, "one-2");
    assert_int_equal(capture_report(capture, phone, "two", &frame, 1, &why), 0);
    assert_string_equal(status_of(phone).name, "two");
    assert_int_equal(capture_report(capture, other, "two", &frame, 1, &why), 0);
    assert_string_equal(status_of(other).name, "one-2");
    assert_int_equal(capture_report(capture, other, "q\"\n\xc3\xa9\xff", &frame, 1, &why), 0);
    assert_string_equal(status_of(other).name, "q  \xc3\xa9");
    assert_int_equal(capture_report(capture, other, "", &frame, 1, &why), 0);
    assert_string_equal(status_of(other).name, "q  \xc3\xa9");
    assert_int_equal(capture_count(capture), 2);
}

static void other_types_and_closed_sources_refuse(void **state)
{
    struct frame frame = make_frame("x", NULL);
    uint16_t number;
    assert_int_equal(capture_add(capture,
                                 "nowhere.pcap:type=pcapfile,"
                                 "uuid=09000000-0000-0000-0000-000000000000",
                                 0, &number, &why),
                     0);
    assert_int_equal(capture_report(capture, other, "x", &frame, 1, &why), -EOPNOTSUPP);
    assert_why("is no virtual one");
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), 0);
    assert_int_equal(capture_find(capture, phone, &number), 0);
    assert_int_equal(capture_close(capture, number, &why), 0);
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), -ESHUTDOWN);
    assert_why("phone is closed");
    assert_int_equal(capture_open(capture, number, &why), 0);
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), 0);
}

static void too_much_at_once_is_refused_whole(void **state)
{
    static char text[100000];
    struct frame frames[50];
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < 50; i++)
        frames[i] = make_frame(text, NULL);
    assert_int_equal(capture_report(capture, phone, "phone", frames, 50, &why), -EAGAIN);
    assert_why("too many reports waiting");
    assert_int_equal(capture_report(capture, phone, "phone", frames, 1, &why), 0);
    struct batch *batch = queue_get(queue, WAIT_MS);
    assert_non_null(batch);
    assert_int_equal(batch->count, 1);
    queue_give_back(queue, batch);
    assert_null(queue_get(queue, 0));
}

static void many_reports_fill_many_batches(void **state)
{
    struct frame frames[1000];
    uint32_t got = 0;
    for (int i = 0; i < 1000; i++)
        frames[i] = make_frame("odd", i % 2 ? &place : NULL);
    assert_int_equal(capture_report(capture, phone, "phone", frames, 1000, &why), 0);
    while (got < 1000) {
        struct batch *batch = queue_get(queue, WAIT_MS);
        assert_non_null(batch);
        for (uint32_t i = 0; i < batch->count; i++, got++) {
            assert_memory_equal(batch->frames[i].data, "odd", 3);
            assert_int_equal(batch->frames[i].extra != NULL, got % 2);
        }
        queue_give_back(queue, batch);
    }
    assert_int_equal(got, 1000);
}

static void *post_alone(void *argument)
{
    struct frame frame = make_frame("x", NULL);
    struct buffer reason = {0};
    for (int i = 0; i < 100; i++)
        assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &reason), 0);
    buffer_done(&reason);
    return NULL;
}

static void several_post_at_the_same_time(void **state)
{
    pthread_t threads[4];
    uint32_t got = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, post_alone, NULL), 0);
    while (got < 400) {
        struct batch *batch = queue_get(queue, WAIT_MS);
        assert_non_null(batch);
        got += batch->count;
        queue_give_back(queue, batch);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(capture_count(capture), 1);
}

static void paused_sources_throw_reports_away(void **state)
{
    struct frame frame = make_frame("x", NULL);
    uint16_t number;
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), 0);
    queue_give_back(queue, queue_get(queue, WAIT_MS));
    assert_int_equal(capture_find(capture, phone, &number), 0);
    assert_int_equal(capture_pause(capture, number, &why), 0);
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), 0);
    assert_null(queue_get(queue, 200));
    assert_int_equal(capture_resume(capture, number, &why), 0);
    assert_int_equal(capture_report(capture, phone, "phone", &frame, 1, &why), 0);
    struct batch *batch = queue_get(queue, WAIT_MS);
    assert_non_null(batch);
    queue_give_back(queue, batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reports_come_out_of_the_queue, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_change_and_stay_unique, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_types_and_closed_sources_refuse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_much_at_once_is_refused_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_reports_fill_many_batches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_post_at_the_same_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paused_sources_throw_reports_away, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
