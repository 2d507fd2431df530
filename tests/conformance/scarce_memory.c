/* Memory that runs out: preloaded into norn by test_scarce_memory.py, it makes one allocation in
 * NORN_SCARCE_ONE_IN fail, at random, from one SIGUSR2 to the next. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Variables of a thread that take no allocation of their own. */
#define THERE_FROM_THE_START __attribute__((tls_model("initial-exec")))

enum { EARLY_BYTES = 1 << 16, ALIGNMENT = 16, FIRST_BLOCKS = 4 };

static atomic_bool is_scarce;
static uint64_t one_in;

static void turn(int number)
{
    static const char scarce[] = "test: memory is scarce\n", back[] = "test: memory is back\n";
    bool was_scarce = atomic_load(&is_scarce);
    (void)number;
    atomic_store(&is_scarce, !was_scarce);
    if (write(STDERR_FILENO, was_scarce ? back : scarce,
              was_scarce ? sizeof back - 1 : sizeof scarce - 1) < 0)
        _exit(1); /* nobody would know */
}

__attribute__((constructor)) static void prepare(void)
{
    const char *rate = getenv("NORN_SCARCE_ONE_IN");
    struct sigaction action = {.sa_handler = turn, .sa_flags = SA_RESTART};
    one_in = rate ? strtoull(rate, NULL, 10) : 0;
    if (one_in)
        sigaction(SIGUSR2, &action, NULL);
}

/* Threads draw numbers of their own (xorshift64). Their first blocks are the sanitizer's, which
 * cannot do without them. */
static bool fails(void)
{
    static _Thread_local uint64_t state THERE_FROM_THE_START;
    static _Thread_local unsigned count THERE_FROM_THE_START;
    if (count++ < FIRST_BLOCKS || !atomic_load_explicit(&is_scarce, memory_order_relaxed))
        return false;
    if (!state)
        state = (uint64_t)(uintptr_t)&state | 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    if (state % one_in)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    static void *(*real)(size_t size);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "malloc");
    return fails() ? NULL : real(size);
}

/* dlsym() itself may want memory: that comes from a small room that is never given back. */
void *calloc(size_t count, size_t size)
{
    static void *(*real)(size_t count, size_t size);
    static _Alignas(ALIGNMENT) unsigned char early[EARLY_BYTES];
    static size_t used;
    static bool is_looking;
    if (!real && is_looking) {
        void *room = early + used;
        used += (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return used <= EARLY_BYTES ? room : NULL;
    }
    if (!real) {
        is_looking = true;
        *(void **)&real = dlsym(RTLD_NEXT, "calloc");
        is_looking = false;
    }
    return fails() ? NULL : real(count, size);
}

void *realloc(void *block, size_t size)
{
    static void *(*real)(void *block, size_t size);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "realloc");
    return fails() ? NULL : real(block, size);
}

/* The C library's own would not come by here. */
char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
