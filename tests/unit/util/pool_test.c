/* Pools: zeroed, aligned, reused by size, counted; large objects from the heap. */
#include <setjmp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "util/pool.h"

static atomic_bool is_over;

static void test_objects(void **state)
{
    struct pool pool = {0};
    uint8_t *a = pool_new(&pool, 100), *b = pool_new(&pool, 100);
    assert_non_null(a);
    assert_true(b >= a + 100 || a >= b + 100);
    assert_int_equal((uintptr_t)a % 16, 0);
    assert_int_equal((uintptr_t)b % 16, 0);
    assert_int_equal(pool.bytes_used, 224);
    memset(a, 0xff, 100);
    pool_free(&pool, a, 100);
    assert_int_equal(pool.bytes_used, 112);
    uint8_t *again = pool_new(&pool, 97); /* the same size class */
    assert_ptr_equal(again, a);
    for (int i = 0; i < 97; i++)
        assert_int_equal(again[i], 0);
    pool_free(&pool, NULL, 100);
    pool_done(&pool);
    assert_int_equal(pool.bytes_held, 0);
}

static void test_sizes(void **state)
{
    struct pool pool = {0};
    uint8_t *objects[600];
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 600; i++) {
            objects[i] = pool_new(&pool, i * 14);
            assert_non_null(objects[i]);
            memset(objects[i], (int)i, i * 14);
        }
        for (size_t i = 0; i < 600; i++) {
            for (size_t at = 0; at < i * 14; at++)
                assert_int_equal(objects[i][at], (uint8_t)i);
            pool_free(&pool, objects[i], i * 14);
        }
        assert_int_equal(pool.bytes_used, 0);
    }
    pool_done(&pool);
}

/* Objects lie in as few lines as they can: one, where their size lets them. */
static void test_lines(void **state)
{
    struct pool pool = {0};
    for (int i = 0; i < 1000; i++) {
        assert_int_equal((uintptr_t)pool_new(&pool, 64) % 64, 0);
        assert_int_equal((uintptr_t)pool_new(&pool, 320) % 64, 0);
        assert_int_equal((uintptr_t)pool_new(&pool, 32) % 32, 0);
        assert_int_equal((uintptr_t)pool_new(&pool, 96) % 32, 0);
        assert_non_null(pool_new(&pool, 16));
    }
    pool_done(&pool);
}

static void test_large(void **state)
{
    struct pool pool = {0};
    uint8_t *large = pool_new(&pool, POOL_OBJECT_MAX + 1);
    assert_int_equal(large[POOL_OBJECT_MAX], 0);
    assert_int_equal(pool.bytes_used, POOL_OBJECT_MAX + POOL_GRAIN);
    pool_free(&pool, large, POOL_OBJECT_MAX + 1);
    assert_int_equal(pool.bytes_used, 0);
    assert_int_equal(pool.bytes_held, 0);
    uint8_t *edge = pool_new(&pool, POOL_OBJECT_MAX);
    memset(edge, 1, POOL_OBJECT_MAX);
    pool_free(&pool, edge, POOL_OBJECT_MAX);
    assert_ptr_equal(pool_new(&pool, POOL_OBJECT_MAX), edge);
    pool_done(&pool);
}

/* Other threads get chunks ready all the time; what is handed out is zeroed and nobody else's. */
static void *prepare(void *argument)
{
    struct pool *pool = argument;
    while (!atomic_load(&is_over))
        pool_prepare(pool);
    return NULL;
}

static void test_prepared(void **state)
{
    enum { OBJECTS = 6000, SIZE = 8000, OTHERS = 3 }; /* past small chunks */
    static uint8_t *objects[OBJECTS];
    struct pool pool = {0};
    pthread_t others[OTHERS];
    atomic_store(&is_over, false);
    for (int i = 0; i < OTHERS; i++)
        assert_int_equal(pthread_create(&others[i], NULL, prepare, &pool), 0);
    for (int i = 0; i < OBJECTS; i++) {
        objects[i] = pool_new(&pool, SIZE);
        assert_non_null(objects[i]);
        for (int at = 0; at < SIZE; at++)
            assert_int_equal(objects[i][at], 0);
        memset(objects[i], i % 255 + 1, SIZE);
    }
    atomic_store(&is_over, true);
    for (int i = 0; i < OTHERS; i++)
        pthread_join(others[i], NULL);
    for (int i = 0; i < OBJECTS; i++)
        for (int at = 0; at < SIZE; at++)
            assert_int_equal(objects[i][at], i % 255 + 1);
    assert_true(pool.bytes_held >= pool.bytes_used);
    pool_prepare(&pool);
    assert_non_null(atomic_load(&pool.prepared));
    pool_done(&pool); /* with what was got ready */
    assert_null(atomic_load(&pool.prepared));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_lines),    cmocka_unit_test(test_large),
        cmocka_unit_test(test_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
