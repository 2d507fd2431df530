/* The hand-over queue: order, limits, the reserve of live sources, closing, many threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "capture/queue.h"
#include "util/prefetch.h"

static void test_order(void **state)
{
    struct queue *queue = queue_new(4, 0);
    assert_true(queue_is_idle(queue));
    for (unsigned i = 0; i < 3; i++) {
        struct batch *batch = queue_take_empty(queue, 0, false);
        assert_non_null(batch);
        assert_int_equal(batch->count, 0);
        batch->source = (uint16_t)i;
        batch->count = i + 1;
        queue_put(queue, batch);
    }
    assert_int_equal(queue_backlog(queue), 3);
    assert_int_equal(queue_frames(queue), 1 + 2 + 3);
    assert_false(queue_is_idle(queue));
    for (unsigned i = 0; i < 3; i++) {
        struct batch *batch = queue_get(queue, 0);
        assert_int_equal(batch->source, i);
        assert_int_equal(queue_frames(queue), i == 0 ? 2 + 3 : i == 1 ? 3 : 0);
        assert_false(queue_is_idle(queue));
        queue_give_back(queue, batch);
    }
    assert_null(queue_get(queue, 5));
    assert_true(queue_is_idle(queue));
    queue_free(queue);
}

static void test_reserve(void **state)
{
    struct queue *queue = queue_new(4, 0);
    struct batch *taken[4];
    for (unsigned i = 0; i < 3; i++)
        taken[i] = queue_take_empty(queue, 0, false);
    assert_null(queue_take_empty(queue, 0, false));
    taken[3] = queue_take_empty(queue, 0, true);
    assert_non_null(taken[3]);
    assert_null(queue_take_empty(queue, 5, true));
    for (unsigned i = 0; i < 4; i++)
        queue_give_back(queue, taken[i]);
    assert_true(queue_is_idle(queue));
    queue_free(queue);
}

static void test_room(void **state)
{
    enum { BATCHES = 4, ROOM = 1000 };
    struct queue *queue = queue_new(BATCHES, ROOM);
    struct batch *taken[BATCHES];
    for (unsigned i = 0; i < BATCHES; i++) {
        taken[i] = queue_take_empty(queue, 0, true);
        assert_int_equal((uintptr_t)taken[i]->room % PREFETCH_LINE, 0);
        memset(taken[i]->room, (int)i, ROOM);
        memset(taken[i]->bytes, 0xee, BATCH_BYTES);
    }
    for (unsigned i = 0; i < BATCHES; i++) {
        const uint8_t *room = taken[i]->room;
        for (unsigned at = 0; at < ROOM; at++)
            assert_int_equal(room[at], i);
        queue_give_back(queue, taken[i]);
    }
    queue_free(queue);
}

/* However many there are: files need no more to be quick. When they had all, they go on when half
 * of it is left. */
static void test_share_of_files(void **state)
{
    enum { ALL = 80, FILES = 16, LEFT = FILES / 2 };
    struct queue *queue = queue_new(ALL, 0);
    struct batch *files[FILES], *live[ALL - FILES];
    for (unsigned i = 0; i < FILES; i++)
        assert_non_null(files[i] = queue_take_empty(queue, 0, false));
    assert_null(queue_take_empty(queue, 0, false));
    for (unsigned i = 0; i < ALL - FILES; i++)
        assert_non_null(live[i] = queue_take_empty(queue, 0, true));
    queue_put(queue, files[0]);
    assert_null(queue_take_empty(queue, 0, false)); /* the engine has it yet */
    queue_give_back(queue, queue_get(queue, 0));
    for (unsigned i = 1; i < FILES - LEFT; i++) {
        assert_null(queue_take_empty(queue, 0, false));
        queue_give_back(queue, files[i]);
    }
    assert_null(queue_take_empty(queue, 0, false)); /* what is left is for live sources */
    for (unsigned i = 0; i < ALL - FILES; i++)
        queue_give_back(queue, live[i]);
    for (unsigned i = 0; i < FILES - LEFT; i++)
        assert_non_null(files[i] = queue_take_empty(queue, 0, false));
    assert_null(queue_take_empty(queue, 0, false));
    for (unsigned i = 0; i < FILES; i++)
        queue_give_back(queue, files[i]);
    assert_true(queue_is_idle(queue));
    queue_free(queue);
}

static void test_close(void **state)
{
    struct queue *queue = queue_new(4, 0);
    struct batch *held = queue_take_empty(queue, 0, false);
    queue_put(queue, queue_take_empty(queue, 0, false));
    queue_close(queue);
    assert_null(queue_take_empty(queue, QUEUE_FOREVER, false));
    struct batch *left = queue_get(queue, QUEUE_FOREVER);
    assert_non_null(left);
    queue_give_back(queue, left);
    assert_null(queue_get(queue, QUEUE_FOREVER));
    queue_put(queue, held);
    assert_null(queue_get(queue, 0));
    assert_true(queue_is_idle(queue));
    queue_free(queue);
}

enum { PRODUCERS = 4, BATCHES_EACH = 3000 };

static void *produce(void *argument)
{
    struct queue *queue = argument;
    for (unsigned i = 0; i < BATCHES_EACH; i++) {
        struct batch *batch = queue_take_empty(queue, QUEUE_FOREVER, false);
        batch->count = i;
        queue_put(queue, batch);
    }
    return NULL;
}

static void test_threads(void **state)
{
    struct queue *queue = queue_new(6, 0);
    pthread_t threads[PRODUCERS];
    uint64_t sum = 0;
    for (unsigned i = 0; i < PRODUCERS; i++)
        pthread_create(&threads[i], NULL, produce, queue);
    for (unsigned i = 0; i < PRODUCERS * BATCHES_EACH; i++) {
        struct batch *batch = queue_get(queue, 5000);
        assert_non_null(batch);
        sum += batch->count;
        queue_give_back(queue, batch);
    }
    for (unsigned i = 0; i < PRODUCERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(sum, (uint64_t)PRODUCERS * BATCHES_EACH * (BATCHES_EACH - 1) / 2);
    assert_true(queue_is_idle(queue));
    queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),          cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_share_of_files), cmocka_unit_test(test_close),
        cmocka_unit_test(test_threads),        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
