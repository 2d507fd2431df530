/* The backlog: the newest are shown, each is delivered once, what is lost is counted; also with
 * threads that add while another delivers and a third copies. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alert/backlog.h"

enum { WRITERS = 3, WRITTEN = 5000 };

/* A record whose halves always agree, so that a torn one shows. */
struct record {
    uint64_t number, again;
    char padding[200];
};

static void add(struct backlog *backlog, uint64_t number)
{
    struct record record = {.number = number, .again = ~number};
    backlog_add(backlog, &record);
}

struct heard {
    uint64_t count, sum, newest;
};

static void on_record(void *context, void *record)
{
    struct heard *heard = context;
    const struct record *told = record;
    assert_int_equal(told->again, ~told->number);
    heard->count++;
    heard->sum += told->number;
    heard->newest = told->number;
}

static void the_newest_are_shown(void **state)
{
    struct backlog *backlog = backlog_new(sizeof(struct record), 3);
    struct record records[3];
    assert_int_equal(backlog_limit(backlog), 3);
    assert_int_equal(backlog_copy(backlog, records), 0);
    assert_int_equal(backlog_added(backlog), 0);
    add(backlog, 1);
    add(backlog, 2);
    assert_int_equal(backlog_copy(backlog, records), 2);
    assert_int_equal(records[0].number, 1);
    for (uint64_t i = 3; i <= 1000; i++)
        add(backlog, i);
    assert_int_equal(backlog_copy(backlog, records), 3);
    assert_int_equal(backlog_added(backlog), 1000);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(records[i].number, 998 + i);
    backlog_free(backlog);
}

static void each_is_delivered_once(void **state)
{
    struct backlog *backlog = backlog_new(sizeof(struct record), 1);
    struct heard first = {0}, second = {0};
    assert_int_equal(backlog_listen(backlog, on_record, &first), 0);
    assert_int_equal(backlog_listen(backlog, on_record, &second), 0);
    assert_int_equal(backlog_deliver(backlog), 0);
    for (uint64_t i = 1; i <= BACKLOG_QUEUE; i++)
        add(backlog, i);
    assert_int_equal(backlog_deliver(backlog), 0); /* more than are shown */
    assert_int_equal(backlog_deliver(backlog), 0);
    assert_int_equal(first.count, BACKLOG_QUEUE);
    assert_int_equal(second.sum, BACKLOG_QUEUE * (BACKLOG_QUEUE + 1) / 2);
    for (uint64_t i = 0; i < BACKLOG_QUEUE + 7; i++)
        add(backlog, i);
    assert_int_equal(backlog_deliver(backlog), 7);
    assert_int_equal(first.count, 2 * BACKLOG_QUEUE);
    backlog_free(backlog);
}

static void complete(void *context, void *record)
{
    ((struct record *)record)->padding[0] = 'x';
}

static void spoil(void *context, void *record)
{
    ((struct record *)record)->padding[0] = 'y';
}

static void the_first_listener_completes(void **state)
{
    struct backlog *backlog = backlog_new(sizeof(struct record), 2);
    struct record records[2];
    backlog_listen(backlog, complete, NULL);
    backlog_listen(backlog, spoil, NULL);
    add(backlog, 1);
    backlog_deliver(backlog);
    add(backlog, 2);
    assert_int_equal(backlog_copy(backlog, records), 2);
    assert_int_equal(records[0].padding[0], 'x');
    assert_int_equal(records[1].padding[0], 0);
    while (backlog_listen(backlog, spoil, NULL) == 0)
        continue;
    assert_int_equal(backlog_listen(backlog, spoil, NULL), -ENOSPC);
    backlog_free(backlog);
}

static atomic_uint writing;

static void *write_many(void *backlog)
{
    for (uint64_t i = 1; i <= WRITTEN; i++)
        add(backlog, i);
    atomic_fetch_sub(&writing, 1);
    return NULL;
}

static void *copy_many(void *backlog)
{
    struct record *records = calloc(backlog_limit(backlog), sizeof *records);
    while (records && atomic_load(&writing)) {
        uint32_t count = backlog_copy(backlog, records);
        for (uint32_t i = 0; i < count; i++)
            if (records[i].again != ~records[i].number)
                abort();
    }
    free(records);
    return NULL;
}

static void threads_share_it(void **state)
{
    struct backlog *backlog = backlog_new(sizeof(struct record), 20);
    struct heard heard = {0};
    pthread_t writers[WRITERS], reader;
    uint64_t lost = 0;
    backlog_listen(backlog, on_record, &heard);
    atomic_store(&writing, WRITERS);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_many, backlog), 0);
    assert_int_equal(pthread_create(&reader, NULL, copy_many, backlog), 0);
    while (atomic_load(&writing))
        lost += backlog_deliver(backlog);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    pthread_join(reader, NULL);
    lost += backlog_deliver(backlog);
    assert_int_equal(heard.count + lost, WRITERS * WRITTEN);
    assert_int_equal(heard.newest, WRITTEN);
    backlog_free(backlog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_are_shown),
        cmocka_unit_test(each_is_delivered_once),
        cmocka_unit_test(the_first_listener_completes),
        cmocka_unit_test(threads_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
