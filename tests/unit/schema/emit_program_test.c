/* Programs: a type is compiled once, whoever asks, in any number of threads at the same time. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_record.h"
#include "schema/emit.h"
#include "schema/emit_program.h"

enum { THREADS = 8, ROUNDS = 200 };

static struct sample sample;
static pthread_barrier_t start;

struct worker {
    pthread_t thread;
    struct buffer buffer;
    const struct emit_program *program;
};

static void *work(void *context)
{
    struct worker *worker = context;
    struct view *view = calloc(1, sizeof *view);
    struct emitter emitter = {.buffer = &worker->buffer, .format = FORMAT_JSON};
    pthread_barrier_wait(&start);
    for (int i = 0; view && i < ROUNDS; i++) {
        worker->buffer.length = 0;
        emit_record(&emitter, &sample_type, NULL, &sample, view);
    }
    worker->program = emit_program_find(&sample_type);
    free(view);
    return NULL;
}

static void test_threads(void **state)
{
    struct worker workers[THREADS] = {0};
    sample_fill(&sample, NULL);
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_non_null(workers[i].program);
        assert_ptr_equal(workers[i].program, workers[0].program);
        assert_int_equal(workers[i].buffer.length, workers[0].buffer.length);
        assert_memory_equal(workers[i].buffer.data, workers[0].buffer.data,
                            workers[0].buffer.length);
    }
    for (int i = 0; i < THREADS; i++)
        buffer_done(&workers[i].buffer);
    pthread_barrier_destroy(&start);
}

/* More types than there is room for: the buffer fails, nothing else does. */
static void test_limit(void **state)
{
    static struct record_type types[2000];
    static struct view view;
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer, .format = FORMAT_JSON};
    struct leaf leaf = {.size = 1};
    for (size_t i = 0; i < 2000; i++) {
        types[i] = leaf_type;
        emit_record(&emitter, &types[i], NULL, &leaf, &view);
    }
    assert_true(buffer.failed);
    assert_null(emit_program_find(&types[1999]));
    assert_non_null(emit_program_find(&types[0]));
    struct emit_program *own = emit_program_new(NULL, 0);
    assert_non_null(own);
    assert_int_equal(own->members, 0);
    emit_program_free(own);
    emit_program_free(NULL);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
