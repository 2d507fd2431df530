/* Live capture through norn's Wi-Fi tool and a real network device: a TUN with the link type of a
 * monitor interface. What was sent is captured or counted as dropped; a device that goes away is
 * an error, one that comes back is opened again. Skipped without root and /dev/net/tun. And what
 * becomes of tools that are missing or talk nonsense. */
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
#include "capture/sources.h"
#include "capture/tool_child.h"

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

/* Whether this process may make devices: where it may, it must work. */
static bool can_make_device(void)
{
    return geteuid() == 0 && access("/dev/net/tun", F_OK) == 0;
}

/* A TUN device that looks like a monitor interface, up; its descriptor. */
static int make_device(void)
{
    struct ifreq request = {.ifr_flags = IFF_TUN};
    int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(request.ifr_name, device, sizeof device);
    assert_return_code(ioctl(tun, TUNSETIFF, &request), errno);
    assert_return_code(ioctl(tun, TUNSETLINK, DEVICE_RADIOTAP), errno);
    assert_return_code(ioctl(control, SIOCGIFFLAGS, &request), errno);
    request.ifr_flags |= IFF_UP;
    assert_return_code(ioctl(control, SIOCSIFFLAGS, &request), errno);
    close(control);
    return tun;
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

static int start_tool(void *context, const char *program, int *ret_descriptor, pid_t *ret_pid)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        _exit(tool_child_run(ends[1], program));
    close(ends[1]);
    *ret_descriptor = ends[0];
    *ret_pid = pid;
    return 0;
}

static void stop_tool(void *context, pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

/* An engine that can stand still. */
struct bench {
    struct queue *queue;
    struct capture *capture;
    pthread_t engine;
    bool is_shared; /* others send over that interface as well */
    atomic_bool stand;
    atomic_ullong frames;
    atomic_ullong strangers; /* of them, not those that send_frames() sends */
};

static void *run_engine(void *argument)
{
    struct bench *bench = argument;
    struct batch *batch;
    while ((batch = queue_get(bench->queue, QUEUE_FOREVER))) {
        while (atomic_load(&bench->stand))
            usleep(1000);
        for (uint32_t i = 0; i < batch->count; i++)
            if (batch->frames[i].link_type != 127 || batch->frames[i].length != FRAME_LENGTH)
                atomic_fetch_add(&bench->strangers, 1);
        atomic_fetch_add(&bench->frames, batch->count);
        queue_give_back(bench->queue, batch);
    }
    return NULL;
}

static void start_bench(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    bench->queue = queue_new(4, 0);
    const struct capture_config config = {.queue = bench->queue,
                                          .context = bench,
                                          .start_tool = start_tool,
                                          .stop_tool = stop_tool,
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
    if (!bench->is_shared)
        assert_int_equal(atomic_load(&bench->strangers), 0);
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

/* A tool's warning comes behind the word that it is open. */
static void wait_warning(struct bench *bench, const char *words)
{
    for (unsigned i = 0; i < 1000 && !strstr(snapshot(bench).warning, words); i++)
        usleep(10000);
    assert_non_null(strstr(snapshot(bench).warning, words));
}

/* What the next try to open it comes to. */
static void wait_reason(struct bench *bench, const char *words)
{
    for (unsigned i = 0; i < 1000 && !strstr(snapshot(bench).error_reason, words); i++)
        usleep(10000);
    assert_non_null(strstr(snapshot(bench).error_reason, words));
}

static uint64_t accounted(const struct source_status *status)
{
    return status->counts.packets + status->counts.kernel_drops + status->counts.tool_drops +
           status->counts.queue_drops;
}

static void wait_accounted(struct bench *bench, uint64_t frames)
{
    struct source_status status = snapshot(bench);
    for (unsigned i = 0; i < 3000 && accounted(&status) < frames; i++) {
        usleep(10000);
        status = snapshot(bench);
    }
    assert_int_equal(accounted(&status), frames);
}

static void add_device(struct bench *bench, const char *options)
{
    char text[128];
    uint16_t number;
    struct buffer why = {0};
    snprintf(text, sizeof text, "%s:%s", device, options);
    assert_int_equal(capture_add(bench->capture, text, 5000, &number, &why), 0);
    buffer_done(&why);
}

static void test_capture_and_disappearance(void **state)
{
    struct bench bench;
    if (!can_make_device())
        skip();
    int tun = make_device();
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
    wait_reason(&bench, "there is no network interface");
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
    if (!can_make_device())
        skip();
    int tun = make_device();
    start_bench(&bench);
    atomic_store(&bench.stand, true);
    add_device(&bench, "type=linuxwifi");
    wait_running(&bench, true);
    for (unsigned i = 0; i < 10; i++) {
        send_frames(tun, FRAMES);
        usleep(50000);
    }
    for (unsigned i = 0; i < 500 && !snapshot(&bench).counts.queue_drops; i++)
        usleep(10000); /* the source waits a second for its engine before it drops */
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
    if (!can_make_device())
        skip();
    int tun = make_device();
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

/* What a tool says that is none: it hangs up. */
static const char *words;
static size_t words_length;

static int start_liar(void *context, const char *program, int *ret_descriptor, pid_t *ret_pid)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(write(ends[1], words, words_length), words_length);
    shutdown(ends[1], SHUT_WR);
    *ret_descriptor = ends[0];
    *ret_pid = ends[1];
    return 0;
}

static void stop_liar(void *context, pid_t pid)
{
    close(pid);
}

static void expect_error(const struct capture_config *given, const char *definition,
                         const char *reason)
{
    struct queue *queue = queue_new(4, 0);
    struct capture_config config = *given;
    config.queue = queue;
    struct capture *capture = capture_new(&config);
    struct source_status status;
    struct buffer why = {0};
    uint16_t number;
    assert_int_equal(capture_add(capture, definition, 5000, &number, &why), 0);
    assert_int_equal(capture_snapshot(capture, number, &status), 0);
    assert_int_equal(status.state, SOURCE_ERROR);
    if (!strstr(status.error_reason, reason))
        fail_msg("%s", status.error_reason);
    buffer_done(&why);
    capture_free(capture);
    queue_free(queue);
}

static void test_lying_tool(void **state)
{
    const struct capture_config config = {.start_tool = start_liar, .stop_tool = stop_liar};
    words = "";
    words_length = 0;
    expect_error(&config, "lo:type=linuxwifi", "hung up");
    words = "\xde\xca";
    words_length = 2;
    expect_error(&config, "lo:type=linuxwifi", "hung up");
    words = "this is not what a capture tool says";
    words_length = strlen(words);
    expect_error(&config, "lo:type=linuxwifi", "no frame of a capture tool");
}

static void test_missing_tool(void **state)
{
    const struct capture_config config = {.start_tool = start_tool, .stop_tool = stop_tool};
    static const char *const nowhere[] = {"%B", "/nowhere/at/all", NULL};
    tool_child_search(nowhere);
    expect_error(&config, "0:type=rtladsb", "kismet_cap_sdr_rtladsb is not installed");
    expect_error(&config, "0:type=rtladsb", ", /nowhere/at/all, ");
    expect_error(&config, "0:type=rtladsb", "helper_binary_path=");
}

/* Any network interface is captured without naming a type; one that is no radio says so. */
static void test_interface_that_is_no_radio(void **state)
{
    struct bench bench;
    uint16_t number;
    struct buffer why = {0};
    if (geteuid() != 0)
        skip();
    start_bench(&bench);
    bench.is_shared = true;
    assert_int_equal(capture_add(bench.capture, "lo", 5000, &number, &why), 0);
    struct source_status status = snapshot(&bench);
    if (!status.running)
        fail_msg("%s", status.error_reason);
    assert_string_equal(status.type, "linuxwifi");
    assert_int_equal(status.link_type, 1);
    assert_false(status.tunable);
    wait_warning(&bench, "no monitor mode");
    assert_int_equal(capture_lock(bench.capture, number, "6", &why), -EOPNOTSUPP);
    buffer_done(&why);
    end_bench(&bench);
}

static void test_masked_type(void **state)
{
    static const char *const masked[] = {"LinuxWifi", NULL};
    const struct capture_config open = {0}, closed = {.masked_types = masked};
    assert_ptr_equal(sources_probe(&open, "lo"), sources_find("linuxwifi"));
    assert_null(sources_probe(&closed, "lo"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lying_tool),
        cmocka_unit_test(test_missing_tool),
        cmocka_unit_test(test_masked_type),
        cmocka_unit_test(test_interface_that_is_no_radio),
        cmocka_unit_test(test_capture_and_disappearance),
        cmocka_unit_test(test_drops_are_counted),
        cmocka_unit_test(test_listing),
    };
    name_device();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
