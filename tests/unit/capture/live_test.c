/* Live capture through a real child and a real network device: a TUN with the link type of a
 * monitor interface. What was sent is captured or counted as dropped; a device that goes away is
 * an error, one that comes back is opened again. Needs root and /dev/net/tun, else skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/live_child.h"
#include "capture/live_message.h"

enum {
    DEVICE_RADIOTAP = 803, /* ARPHRD_IEEE80211_RADIOTAP */
    FRAMES = 20000,
    FRAME_LENGTH = 60,
};

static char device[IFNAMSIZ];

static void name_device(void)
{
    snprintf(device, sizeof device, "ntap%u", (unsigned)getpid() % 100000);
}

/* A TUN device that looks like a monitor interface, up; its descriptor, or -1. */
static int make_device(void)
{
    struct ifreq request = {.ifr_flags = IFF_TUN};
    int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0)
        return -1;
    memcpy(request.ifr_name, device, sizeof device);
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool made = ioctl(tun, TUNSETIFF, &request) == 0 &&
                ioctl(tun, TUNSETLINK, DEVICE_RADIOTAP) == 0 &&
                ioctl(control, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags |= IFF_UP;
    made = made && ioctl(control, SIOCSIFFLAGS, &request) == 0;
    close(control);
    if (made)
        return tun;
    close(tun);
    return -1;
}

static void send_frames(int tun, unsigned count)
{
    uint8_t bytes[4 + FRAME_LENGTH] = {0, 0, 0, 4, 0, 0, 8, 0}; /* packet information, radiotap */
    for (unsigned i = 0; i < count; i++) {
        memcpy(bytes + 20, &i, sizeof i);
        if (write(tun, bytes, sizeof bytes) != sizeof bytes)
            fail_msg("%s", strerror(errno));
    }
}

static int start_live(void *context, const char *interface, int *ret_descriptor, pid_t *ret_pid)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        _exit(live_child_run(ends[1], interface));
    close(ends[1]);
    *ret_descriptor = ends[0];
    *ret_pid = pid;
    return 0;
}

static void stop_live(void *context, pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

/* An engine that can stand still. */
struct bench {
    struct queue *queue;
    struct capture *capture;
    pthread_t engine;
    atomic_bool stand;
    atomic_ullong frames;
};

static void *run_engine(void *argument)
{
    struct bench *bench = argument;
    struct batch *batch;
    while ((batch = queue_get(bench->queue, QUEUE_FOREVER))) {
        while (atomic_load(&bench->stand))
            usleep(1000);
        for (uint32_t i = 0; i < batch->count; i++) {
            assert_int_equal(batch->frames[i].link_type, 127);
            assert_int_equal(batch->frames[i].length, FRAME_LENGTH);
        }
        atomic_fetch_add(&bench->frames, batch->count);
        queue_give_back(bench->queue, batch);
    }
    return NULL;
}

static void start_bench(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    bench->queue = queue_new(4);
    const struct capture_config config = {.queue = bench->queue,
                                          .context = bench,
                                          .start_live = start_live,
                                          .stop_live = stop_live,
                                          .retry = true,
                                          .retry_ms = 100};
    bench->capture = capture_new(&config);
    pthread_create(&bench->engine, NULL, run_engine, bench);
}

static void end_bench(struct bench *bench)
{
    atomic_store(&bench->stand, false);
    capture_stop(bench->capture);
    queue_close(bench->queue);
    pthread_join(bench->engine, NULL);
    capture_free(bench->capture);
    queue_free(bench->queue);
}

static struct source_status snapshot(struct bench *bench)
{
    struct source_status status;
    assert_int_equal(capture_snapshot(bench->capture, 0, &status), 0);
    return status;
}

static void wait_running(struct bench *bench, bool running)
{
    for (unsigned i = 0; i < 1000 && snapshot(bench).running != running; i++)
        usleep(10000);
    struct source_status status = snapshot(bench);
    if (status.running != running)
        fail_msg("running %d, %s", status.running, status.error_reason);
}

static uint64_t accounted(const struct source_status *status)
{
    return status->counts.packets + status->counts.kernel_drops + status->counts.queue_drops;
}

static void wait_accounted(struct bench *bench, uint64_t frames)
{
    struct source_status status = snapshot(bench);
    for (unsigned i = 0; i < 500 && accounted(&status) < frames; i++) {
        usleep(10000);
        status = snapshot(bench);
    }
    assert_int_equal(accounted(&status), frames);
}

static void test_names(void **state)
{
    assert_int_equal(live_child_allow("wlan0"), 0);
    assert_int_equal(live_child_allow("wlp0s20f0u1u2"), 0);
    static const char *const wrong[] = {
        "", ".", "..", "a/b", "a b", "a:b", "wlan0\n", "0123456789abcdef", "\x7f", "w\xc3"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(live_child_allow(wrong[i]), -EINVAL);
}

static void add_device(struct bench *bench, const char *options)
{
    char text[128];
    uint16_t number;
    struct buffer why = {0};
    snprintf(text, sizeof text, "%s:%s", device, options);
    assert_int_equal(capture_add(bench->capture, text, 2000, &number, &why), 0);
    buffer_done(&why);
}

static void test_capture_and_disappearance(void **state)
{
    struct bench bench;
    int tun = make_device();
    if (tun < 0)
        skip();
    start_bench(&bench);
    add_device(&bench, "tuner=null");
    struct source_status status = snapshot(&bench);
    if (!status.running)
        fail_msg("%s", status.error_reason);
    assert_string_equal(status.type, "linuxwifi");
    assert_int_equal(status.link_type, 127);
    assert_true(status.child_pid > 0 && status.tunable && !status.file_clock);
    send_frames(tun, FRAMES);
    wait_accounted(&bench, FRAMES);
    print_message("%u sent: %llu captured, %llu dropped by the kernel\n", FRAMES,
                  (unsigned long long)snapshot(&bench).counts.packets,
                  (unsigned long long)snapshot(&bench).counts.kernel_drops);
    close(tun);
    wait_running(&bench, false);
    status = snapshot(&bench);
    assert_true(status.error);
    assert_true(status.error_reason[0]);
    print_message("gone: %s\n", status.error_reason);
    usleep(300000);
    assert_non_null(strstr(snapshot(&bench).error_reason, "there is no network interface"));
    tun = make_device();
    wait_running(&bench, true);
    send_frames(tun, 100);
    wait_accounted(&bench, FRAMES + 100);
    end_bench(&bench);
    close(tun);
}

/* An engine that stands still: frames are dropped and counted, none is lost without a trace. */
static void test_drops_are_counted(void **state)
{
    struct bench bench;
    int tun = make_device();
    if (tun < 0)
        skip();
    start_bench(&bench);
    atomic_store(&bench.stand, true);
    add_device(&bench, "type=linuxwifi");
    wait_running(&bench, true);
    for (unsigned i = 0; i < 10; i++) {
        send_frames(tun, FRAMES);
        usleep(50000);
    }
    atomic_store(&bench.stand, false);
    wait_accounted(&bench, 10 * FRAMES);
    struct source_status status = snapshot(&bench);
    print_message("%u sent: %llu captured, %llu dropped by the kernel, %llu by the queue\n",
                  10 * FRAMES, (unsigned long long)status.counts.packets,
                  (unsigned long long)status.counts.kernel_drops,
                  (unsigned long long)status.counts.queue_drops);
    assert_true(status.counts.queue_drops > 0);
    for (unsigned i = 0; i < 200 && atomic_load(&bench.frames) < status.counts.packets; i++)
        usleep(10000);
    assert_int_equal(atomic_load(&bench.frames), status.counts.packets);
    end_bench(&bench);
    close(tun);
}

static void test_listing(void **state)
{
    struct bench bench;
    int tun = make_device();
    if (tun < 0)
        skip();
    start_bench(&bench);
    add_device(&bench, "");
    wait_running(&bench, true);
    struct capture_interface list[32];
    size_t count = capture_list_interfaces(bench.capture, list, 32);
    unsigned found = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, device) == 0) {
            found++;
            assert_true(uuid_equal(list[i].in_use, snapshot(&bench).uuid));
        }
    assert_int_equal(found, 1);
    end_bench(&bench);
    close(tun);
}

/* What a child that lies may say: none of it may break the server. */
static const char *lie;
static size_t lie_length;

static int start_liar(void *context, const char *interface, int *ret_descriptor, pid_t *ret_pid)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(write(ends[1], lie, lie_length), lie_length);
    close(ends[1]);
    *ret_descriptor = ends[0];
    *ret_pid = 0;
    return 0;
}

static void expect_lie(const char *bytes, size_t length, const char *reason)
{
    struct queue *queue = queue_new(4);
    const struct capture_config config = {.queue = queue, .start_live = start_liar};
    struct capture *capture = capture_new(&config);
    struct source_status status;
    struct buffer why = {0};
    uint16_t number;
    lie = bytes;
    lie_length = length;
    assert_int_equal(capture_add(capture, "lo:type=linuxwifi", 2000, &number, &why), 0);
    for (unsigned i = 0; i < 200; i++) {
        assert_int_equal(capture_snapshot(capture, number, &status), 0);
        if (status.state == SOURCE_ERROR)
            break;
        usleep(5000);
    }
    if (!strstr(status.error_reason, reason))
        fail_msg("%s", status.error_reason);
    buffer_done(&why);
    capture_free(capture);
    queue_free(queue);
}

static void test_lying_child(void **state)
{
    static const char ready[] = "\1\0\0\0\4\0\0\0\x7f\0\0\0";
    char bytes[64];
    expect_lie("", 0, "ended without a word");
    expect_lie("\1\0\0", 3, "ended without a word");
    expect_lie("\1\0\0\0\xff\xff\xff\xff", 8, "makes no sense");
    expect_lie("\1\0\0\0\2\0\0\0\x7f\0", 10, "makes no sense");
    expect_lie("\7\0\0\0\0\0\0\0", 8, "makes no sense");
    expect_lie("\2\0\0\0\4\0\0\0oh\33!", 12, "oh\\033!");
    expect_lie(ready, 12, "ended without a word");
    memcpy(bytes, ready, 12);
    memcpy(bytes + 12, "\3\0\0\0\x12\0\0\0tttttttt\3\0\0\0\3\0\0\0ab", 26);
    expect_lie(bytes, 38, "makes no sense");
    memcpy(bytes + 12, "\3\0\0\0\x10\0\0\0tttttttt\xff\xff\xff\xff\3\0\0\0", 24);
    expect_lie(bytes, 36, "makes no sense");
    memcpy(bytes + 12, "\4\0\0\0\x08\0\0\0ssssssss", 16);
    expect_lie(bytes, 28, "makes no sense");
    memcpy(bytes + 12, "\5\0\0\0\4\0\0\0gone", 12);
    expect_lie(bytes, 24, "gone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_lying_child),
        cmocka_unit_test(test_capture_and_disappearance),
        cmocka_unit_test(test_drops_are_counted),
        cmocka_unit_test(test_listing),
    };
    name_device();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
