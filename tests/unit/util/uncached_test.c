/* Copies past the cache: every byte arrives, none beside them is touched, and another thread that
 * is told of them sees them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "util/prefetch.h"
#include "util/uncached.h"

enum { ROOM = 1024, ROUNDS = 5000 };

struct lines {
    _Alignas(PREFETCH_LINE) uint8_t bytes[ROOM];
};

static struct lines from, to;

static void expect_copy(size_t at, size_t length)
{
    memset(to.bytes, 0xee, ROOM);
    uncached_copy(to.bytes + at, from.bytes + ROOM - at - length, length);
    uncached_done();
    assert_memory_equal(to.bytes + at, from.bytes + ROOM - at - length, length);
    for (size_t i = 0; i < ROOM; i++)
        if (i < at || i >= at + length)
            assert_int_equal(to.bytes[i], 0xee);
}

static void copies_what_it_is_given(void **state)
{
    for (size_t i = 0; i < ROOM; i++)
        from.bytes[i] = (uint8_t)(i * 7 + 1);
    for (size_t at = 0; at < ROOM; at += UNCACHED_GRAIN)
        for (size_t length = 0; at + length <= ROOM; length += UNCACHED_GRAIN)
            expect_copy(at, length);
}

/* A board that goes to and fro between two threads. */
static struct lines board;
static atomic_uint turn; /* even: the writer's */

static void *write_rounds(void *argument)
{
    struct lines mine;
    for (unsigned round = 0; round < ROUNDS; round++) {
        while (atomic_load(&turn) != 2 * round)
            sched_yield();
        memset(mine.bytes, (int)(round % 255), ROOM);
        uncached_copy(board.bytes, mine.bytes, ROOM);
        uncached_done();
        atomic_store(&turn, 2 * round + 1);
    }
    return NULL;
}

static void another_thread_sees_it(void **state)
{
    pthread_t writer;
    atomic_store(&turn, 0);
    assert_int_equal(pthread_create(&writer, NULL, write_rounds, NULL), 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        while (atomic_load(&turn) != 2 * round + 1)
            sched_yield();
        for (size_t i = 0; i < ROOM; i++)
            if (board.bytes[i] != round % 255)
                fail_msg("round %u, byte %zu: %u", round, i, board.bytes[i]);
        board.bytes[round % ROOM] = 0xff; /* its line is ours when the next is written */
        atomic_store(&turn, 2 * round + 2);
    }
    pthread_join(writer, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_what_it_is_given),
        cmocka_unit_test(another_thread_sees_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
