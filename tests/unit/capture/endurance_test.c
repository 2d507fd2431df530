/* A day in the life of a source whose tool dies, hangs or cannot open it a hundred times, and comes
 * back each time: nothing is lost but what the ledger says. The day takes seconds: all clocks and
 * waits of the program are wrapped (the linker's --wrap) and go by a time that the test sets. The
 * test plays the tool, a word at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/ledger.h"
#include "protocol/protocol_message.h"

enum {
    LIVES = 100,
    LIFE_SECONDS = 24 * 3600 / LIVES,
    BATCHES = 4,
    PACKET_SECONDS = 10,   /* from one to the next: a tool that is silent for 15 s is dead */
    SETTLED = 10,          /* lives, after which nothing grows any more */
    PATIENCE_US = 5000000, /* of the real clock, for a thread to do what it should */
    TICK = 1000, /* of the ledger, in ms: what it may be wrong by at either end of a gap */
};

#define SECOND UINT64_C(1000000000)

/* ---- time */

static atomic_ullong now_ns = 1000000 * SECOND;

int __real_ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
int __real_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                                  const struct timespec *deadline);
int __real_clock_gettime(clockid_t clock, struct timespec *ret_now);
int __wrap_ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
int __wrap_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                                  const struct timespec *deadline);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now);

static uint64_t to_ns(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now)
{
    uint64_t now = atomic_load(&now_ns);
    *ret_now = (struct timespec){(time_t)(now / SECOND), (long)(now % SECOND)};
    return 0;
}

/* Looks at the test's clock each millisecond of the real one. */
int __wrap_ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    uint64_t end = timeout ? atomic_load(&now_ns) + to_ns(timeout) : UINT64_MAX;
    for (;;) {
        int ready = __real_ppoll(polled, count, &moment, mask);
        if (ready || atomic_load(&now_ns) >= end)
            return ready;
    }
}

/* Ends each millisecond of the real clock, so that the caller looks at what it waits for: it may
 * have come while the lock was taken again. */
int __wrap_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                                  const struct timespec *deadline)
{
    struct timespec moment;
    __real_clock_gettime(CLOCK_MONOTONIC, &moment);
    moment.tv_nsec += 1000000;
    moment.tv_sec += moment.tv_nsec / (long)SECOND;
    moment.tv_nsec %= (long)SECOND;
    int result = __real_pthread_cond_timedwait(condition, lock, &moment);
    return result == ETIMEDOUT && atomic_load(&now_ns) < to_ns(deadline) ? 0 : result;
}

static uint64_t now_ms(void)
{
    return atomic_load(&now_ns) / 1000000;
}

/* ---- the tool */

enum fate { DIES, HANGS, CANNOT_OPEN, FATES };

struct life {
    int descriptor; /* the tool's end; -1: it does not run */
    struct buffer in;
    uint32_t sequence;
    bool refuses; /* to open, the next time it is asked */
    bool is_silent;
};

static atomic_int started = -1; /* the end of a tool that was started just now */
static atomic_uint starts, stops;

static int start_tool(void *context, const char *program, int *ret_descriptor, pid_t *ret_pid)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    *ret_descriptor = ends[0];
    *ret_pid = 1;
    atomic_fetch_add(&starts, 1);
    atomic_store(&started, ends[1]);
    return 0;
}

static void stop_tool(void *context, pid_t pid)
{
    atomic_fetch_add(&stops, 1);
}

static void say(struct life *life, struct protocol_message *message)
{
    struct buffer frame = {0};
    if (!message->sequence)
        message->sequence = ++life->sequence;
    protocol_message_write(message, &frame);
    if (send(life->descriptor, frame.data, frame.length, MSG_NOSIGNAL) < 0)
        assert_int_equal(errno, EPIPE); /* the server has given it up meanwhile */
    buffer_done(&frame);
}

static void answer_open(struct life *life, uint32_t sequence)
{
    struct protocol_message report = {
        .type = PROTOCOL_OPEN_REPORT,
        .code = !life->refuses,
        .sequence = sequence,
        .open_report = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(9),
                        .sequence = sequence,
                        .link_type = 127,
                        .text = protocol_text_of(life->refuses ? "not today" : "")}};
    say(life, &report);
    life->refuses = false;
}

static void send_packet(struct life *life)
{
    static const uint8_t bytes[60] = {0, 0, 8};
    struct protocol_message packet = {.type = PROTOCOL_PACKET};
    packet.packet.present = PROTOCOL_BIT(4);
    packet.packet.captured =
        (struct protocol_captured){.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2) | PROTOCOL_BIT(6),
                                   .link_type = 127,
                                   .seconds = now_ms() / 1000,
                                   .content = {bytes, sizeof bytes}};
    say(life, &packet);
}

static void end_tool(struct life *life)
{
    if (life->descriptor >= 0)
        close(life->descriptor);
    life->descriptor = -1;
    life->in.length = 0;
}

/* Takes up a tool that was started, reads what it is told, answers. */
static void play(struct life *life)
{
    struct protocol_frame frame;
    size_t size, at = 0;
    int fresh = atomic_exchange(&started, -1);
    if (fresh >= 0) {
        end_tool(life);
        life->descriptor = fresh;
        life->is_silent = false;
    }
    if (life->descriptor < 0 || life->is_silent)
        return;
    ssize_t count = recv(life->descriptor, buffer_room(&life->in, 4096), 4096, MSG_DONTWAIT);
    buffer_advance(&life->in, count > 0 ? (size_t)count : 0);
    while (protocol_frame_parse(life->in.data + at, life->in.length - at, &frame, &size) == 0) {
        struct protocol_message pong = {.type = PROTOCOL_PONG, .sequence = frame.sequence};
        if (frame.type == PROTOCOL_OPEN_REQUEST)
            answer_open(life, frame.sequence);
        if (frame.type == PROTOCOL_PING)
            say(life, &pong);
        at += size;
    }
    life->in.length -= at;
    if (at)
        memmove(life->in.data, life->in.data + at, life->in.length);
}

/* ---- the server's side */

static struct queue *queue;
static struct capture *capture;

static void *run_engine(void *argument)
{
    struct batch *batch;
    while ((batch = queue_get(queue, QUEUE_FOREVER)))
        queue_give_back(queue, batch);
    return NULL;
}

static struct source_status snapshot(void)
{
    struct source_status status;
    assert_int_equal(capture_snapshot(capture, 0, &status), 0);
    return status;
}

/* Waits, of the real clock, until the source is in the state and has so many packets. */
static void settle(struct life *life, enum source_state state, uint64_t packets)
{
    struct source_status status = snapshot();
    for (unsigned us = 0; us < PATIENCE_US; us += 20) {
        if (status.state == state && status.counts.packets >= packets)
            return;
        usleep(20);
        play(life);
        status = snapshot();
    }
    fail_msg("state %d instead of %d, %llu packets instead of %llu: %s", status.state, state,
             (unsigned long long)status.counts.packets, (unsigned long long)packets,
             status.error_reason);
}

static void pass_second(struct life *life)
{
    atomic_fetch_add(&now_ns, SECOND);
    play(life);
    capture_tick(capture);
}

/* … with time, of the real clock, for a thread that waits to look at ours. */
static void pass_slowly(struct life *life)
{
    pass_second(life);
    usleep(1500);
    play(life);
}

/* Listens for the rest of the life. The packets until then. */
static uint64_t listen_until(struct life *life, uint64_t end_ms, uint64_t packets)
{
    while (now_ms() < end_ms) {
        send_packet(life);
        settle(life, SOURCE_RUNNING, ++packets);
        for (unsigned i = 0; i < PACKET_SECONDS && now_ms() < end_ms; i++)
            pass_second(life);
    }
    return packets;
}

static void meet_fate(struct life *life, enum fate fate)
{
    life->refuses = fate == CANNOT_OPEN;
    life->is_silent = fate == HANGS;
    if (fate != HANGS)
        end_tool(life);
    for (unsigned seconds = 0; fate == HANGS && snapshot().running; seconds++) {
        assert_true(seconds < 300);
        pass_slowly(life);
    }
    settle(life, SOURCE_ERROR, 0);
}

/* Until the source runs again. */
static void come_back(struct life *life)
{
    unsigned seconds = 0;
    for (; !snapshot().running; seconds++) {
        assert_true(seconds < 300);
        pass_slowly(life);
    }
    settle(life, SOURCE_RUNNING, 0);
}

/* The ledger has the gap that began then and is over now: so many milliseconds. */
static void check_gap(uint64_t begin_ms)
{
    static struct ledger_report report;
    double seconds = (double)(now_ms() - begin_ms) / 1000;
    assert_int_equal(capture_coverage(capture, 0, now_ms() - begin_ms, NULL, &report), 0);
    double wrong = report.gaps[LEDGER_GAP_ERROR] - seconds;
    if (wrong > 2 * TICK / 1000.0 || wrong < -2 * TICK / 1000.0)
        fail_msg("a gap of %g s is one of %g s in the ledger", seconds,
                 report.gaps[LEDGER_GAP_ERROR]);
}

/* ---- what must not grow */

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t heap_bytes(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static unsigned count_entries(const char *path)
{
    unsigned count = 0;
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

struct belongings {
    size_t heap;
    unsigned threads, descriptors;
};

static struct belongings look(void)
{
    return (struct belongings){heap_bytes(), count_entries("/proc/self/task"),
                               count_entries("/proc/self/fd")};
}

/* A queue all of whose batches are allocated, so that none comes when it is rarely needed. */
static struct queue *make_queue(void)
{
    struct queue *made = queue_new(BATCHES, 0);
    struct batch *batches[BATCHES];
    for (unsigned i = 0; i < BATCHES; i++)
        assert_non_null(batches[i] = queue_take_empty(made, 0, true));
    for (unsigned i = 0; i < BATCHES; i++)
        queue_give_back(made, batches[i]);
    return made;
}

static void test_a_day(void **state)
{
    queue = make_queue();
    const struct capture_config config = {
        .queue = queue, .start_tool = start_tool, .stop_tool = stop_tool, .retry = true};
    struct life life = {.descriptor = -1};
    struct belongings settled = {0};
    struct buffer why = {0};
    uint64_t packets = 0;
    uint16_t number;
    pthread_t engine;
    capture = capture_new(&config);
    pthread_create(&engine, NULL, run_engine, NULL);
    uint64_t birth_ms = now_ms(), down_ms = birth_ms, gaps_ms = 0;
    assert_int_equal(capture_add(capture, "wlan0:type=linuxwifi,name=day", 0, &number, &why), 0);
    for (unsigned i = 0; i < LIVES; i++) {
        come_back(&life);
        gaps_ms += now_ms() - down_ms;
        if (i)
            check_gap(down_ms);
        if (i == SETTLED)
            settled = look();
        uint64_t end_ms = birth_ms + (i + 1) * LIFE_SECONDS * UINT64_C(1000);
        packets = listen_until(&life, end_ms, packets);
        if (i == LIVES - 1)
            break;
        meet_fate(&life, i % FATES);
        down_ms = now_ms();
    }
    struct belongings now = look();
    assert_int_equal(now.threads, settled.threads);
    assert_int_equal(now.descriptors, settled.descriptors);
    assert_true(now.heap < settled.heap + settled.heap / 20);
    static struct ledger_report report;
    assert_int_equal(capture_coverage(capture, 0, 24 * 3600 * 1000, NULL, &report), 0);
    double wrong = report.gaps[LEDGER_GAP_ERROR] - (double)gaps_ms / 1000;
    assert_true(wrong < LIVES && wrong > -LIVES);
    assert_in_range(report.counts[LEDGER_FRAMES], packets - 60, packets); /* but the first minute */
    end_tool(&life);
    capture_stop(capture);
    queue_close(queue);
    pthread_join(engine, NULL);
    assert_int_equal(atomic_load(&stops), atomic_load(&starts));
    assert_true(atomic_load(&starts) >= LIVES + LIVES / FATES); /* some could not open it at once */
    capture_free(capture);
    queue_free(queue);
    buffer_done(&life.in);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
