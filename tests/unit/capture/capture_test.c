/* Sources as a whole: defining, reading, ending, failing, retrying, commands, pacing, looping,
 * with real threads and files made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/sources.h"
#include "capture_bytes.h"
#include "util/hash.h"

enum { RECORDS = 1000, RETRY_MS = 50 };

/* An engine that only counts, and what it was told. */
struct bench {
    struct queue *queue;
    struct capture *capture;
    struct capture_config config;
    pthread_t engine;
    atomic_ullong frames;
    atomic_ullong last_time_ns;
    atomic_uint events[CAPTURE_REMOVED + 1];
    atomic_bool file_clock;
    atomic_bool fcs_unchecked;
};

static char directory[] = "/tmp/norn-capture-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static uint64_t now_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void sleep_ms(unsigned ms)
{
    usleep(ms * 1000);
}

static int open_path(void *context, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

static void on_event(void *context, uint16_t source, enum capture_event event, const char *text)
{
    struct bench *bench = context;
    struct source_status status;
    assert_int_equal(capture_snapshot(bench->capture, source, &status), 0); /* no lock is held */
    atomic_fetch_add(&bench->events[event], 1);
}

static const char *unsupported(void *context, uint16_t link_type)
{
    return link_type == 127 || link_type == 105 ? NULL : "STRANGE";
}

/* Notes in the batch's room what there is to dissect. */
static void on_frames(void *context, struct batch *batch)
{
    assert_true(batch->count > 0);
    memcpy(batch->room, &batch->count, sizeof batch->count);
}

static void *run_engine(void *argument)
{
    struct bench *bench = argument;
    struct batch *batch;
    while ((batch = queue_get(bench->queue, QUEUE_FOREVER))) {
        assert_memory_equal(batch->room, &batch->count, sizeof batch->count);
        for (uint32_t i = 0; i < batch->count; i++) {
            assert_int_equal(batch->frames[i].source, batch->source);
            atomic_store(&bench->last_time_ns, batch->frames[i].time_ns);
        }
        atomic_store(&bench->file_clock, batch->file_clock);
        atomic_store(&bench->fcs_unchecked, batch->fcs_unchecked);
        atomic_fetch_add(&bench->frames, batch->count);
        queue_give_back(bench->queue, batch);
    }
    return NULL;
}

static void start_bench(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    bench->queue = queue_new(8, sizeof(uint32_t));
    bench->config = (struct capture_config){.queue = bench->queue,
                                            .context = bench,
                                            .open_capture = open_path,
                                            .on_event = on_event,
                                            .on_frames = on_frames,
                                            .unsupported = unsupported,
                                            .hop = true,
                                            .retry = true,
                                            .retry_ms = RETRY_MS};
    bench->capture = capture_new(&bench->config);
    pthread_create(&bench->engine, NULL, run_engine, bench);
}

static void end_bench(struct bench *bench)
{
    uint64_t before = now_ms(CLOCK_MONOTONIC);
    capture_stop(bench->capture);
    assert_true(now_ms(CLOCK_MONOTONIC) - before < 2000);
    queue_close(bench->queue);
    pthread_join(bench->engine, NULL);
    assert_true(queue_is_idle(bench->queue));
    capture_free(bench->capture);
    queue_free(bench->queue);
}

static uint16_t add(struct bench *bench, const char *format, const char *name)
{
    char text[512];
    uint16_t number;
    struct buffer why = {0};
    snprintf(text, sizeof text, format, path_of(name));
    int result = capture_add(bench->capture, text, 2000, &number, &why);
    if (result)
        fail_msg("%s: %.*s", text, (int)why.length, (char *)why.data);
    buffer_done(&why);
    return number;
}

static void expect_refused(struct bench *bench, const char *text, int error, const char *part)
{
    uint16_t number;
    struct buffer why = {0};
    assert_int_equal(capture_add(bench->capture, text, 2000, &number, &why), error);
    buffer_add_byte(&why, 0);
    if (!strstr((char *)why.data, part))
        fail_msg("%s: %s", text, (char *)why.data);
    buffer_done(&why);
}

static struct source_status snapshot(struct bench *bench, uint16_t number)
{
    struct source_status status;
    assert_int_equal(capture_snapshot(bench->capture, number, &status), 0);
    return status;
}

static struct source_status wait_state(struct bench *bench, uint16_t number,
                                       enum source_state state)
{
    for (unsigned i = 0; i < 1000; i++) {
        struct source_status status = snapshot(bench, number);
        if (status.state == state)
            return status;
        sleep_ms(5);
    }
    fail_msg("state %d was not reached", state);
    return snapshot(bench, number);
}

static void wait_frames(struct bench *bench, uint64_t frames)
{
    for (unsigned i = 0; i < 1000 && atomic_load(&bench->frames) < frames; i++)
        sleep_ms(5);
    assert_true(atomic_load(&bench->frames) >= frames);
}

static void save(const char *name, const struct buffer *bytes, size_t length)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->data, 1, length, file), length);
    fclose(file);
}

/* RECORDS frames of 100 bytes, a millisecond apart. */
static void make_capture(struct capture_bytes *bytes, uint32_t link)
{
    put_pcap_header(bytes, 0xa1b2c3d4, link);
    for (unsigned i = 0; i < RECORDS; i++)
        put_pcap_record(bytes, 1000 + i / 1000, (i % 1000) * 1000, 100, 100, (uint8_t)i);
}

static void test_file(void **state)
{
    struct bench bench;
    start_bench(&bench);
    assert_false(capture_all_ended(bench.capture));
    uint16_t number = add(&bench, "%s:name=sample", "good.pcap");
    struct source_status status = wait_state(&bench, number, SOURCE_ENDED);
    assert_true(capture_all_ended(bench.capture));
    wait_frames(&bench, RECORDS);
    assert_string_equal(status.type, "pcapfile");
    assert_string_equal(status.name, "sample");
    assert_true(status.ended && !status.running && !status.error && status.file_clock);
    assert_int_equal(status.counts.packets, RECORDS);
    assert_int_equal(status.counts.bytes, RECORDS * 100);
    assert_int_equal(status.link_type, 127);
    assert_int_equal(status.first_time_ns, 1000 * 1000000000ULL);
    assert_int_equal(status.last_time_ns, 1000 * 1000000000ULL + 999 * 1000000ULL);
    assert_true(atomic_load(&bench.file_clock));
    assert_int_equal(bench.events[CAPTURE_OPENED], 1);
    assert_int_equal(bench.events[CAPTURE_ENDED], 1);
    uint16_t found;
    assert_int_equal(capture_find(bench.capture, status.uuid, &found), 0);
    assert_int_equal(found, number);
    capture_count_faults(bench.capture, number, 3, 4);
    status = snapshot(&bench, number);
    assert_int_equal(status.counts.error_packets, 3);
    assert_int_equal(status.counts.malformed, 4);
    end_bench(&bench);
}

static void test_uuid_rule(void **state)
{
    const struct capture_config config = {0};
    char text[UUID_TEXT];
    uuid_write(sources_make_uuid(&config, &source_file_type, "captures/one.pcap", false), text);
    assert_memory_equal(text, "4E1D07C3-0000-0000-0000-0000", 28);
    assert_int_equal(strtoul(text + 28, NULL, 16), hash_weak("captures/one.pcap"));
    uuid_write(sources_make_uuid(&config, sources_find("linuxwifi"), "no-such-device", false),
               text);
    assert_memory_equal(text, "5FE308BD-0000-0000-0000-", 24);
    struct uuid first = sources_make_uuid(&config, &source_file_type, "a", false);
    assert_false(uuid_equal(first, sources_make_uuid(&config, &source_file_type, "b", false)));
}

static void test_same_source_twice(void **state)
{
    struct bench bench;
    start_bench(&bench);
    uint16_t first = add(&bench, "%s:realtime=true,name=a", "good.pcap");
    char text[512];
    snprintf(text, sizeof text, "%s", path_of("good.pcap"));
    expect_refused(&bench, text, -EEXIST, "runs already: a");
    snprintf(text, sizeof text, "%s:uuid=12345678-0000-0000-0000-000000000001,name=a",
             path_of("good.pcap"));
    uint16_t second;
    struct buffer why = {0};
    assert_int_equal(capture_add(bench.capture, text, 2000, &second, &why), 0);
    assert_int_not_equal(first, second);
    struct source_status status = wait_state(&bench, second, SOURCE_ENDED);
    assert_string_equal(status.name, "a-2");
    assert_int_equal(status.uuid.octet[15], 1);
    /* one that has ended takes a new definition */
    snprintf(text, sizeof text, "%s:uuid=12345678-0000-0000-0000-000000000001,validatefcs=false",
             path_of("good.pcap"));
    uint16_t again;
    assert_int_equal(capture_add(bench.capture, text, 2000, &again, &why), 0);
    assert_int_equal(again, second);
    for (unsigned i = 0; i < 400 && snapshot(&bench, again).counts.packets < 2 * RECORDS; i++)
        sleep_ms(5);
    assert_int_equal(snapshot(&bench, again).counts.packets, 2 * RECORDS);
    assert_int_equal(capture_count(bench.capture), 2);
    buffer_done(&why);
    end_bench(&bench);
}

static void test_refused_definitions(void **state)
{
    struct bench bench;
    start_bench(&bench);
    expect_refused(&bench, "wlan0:type=nonsense", -EINVAL, "the types are demo, pcapfile");
    expect_refused(&bench, "wlan0:nonsense=1", -EINVAL, "unknown source option");
    assert_int_equal(capture_count(bench.capture), 0);
    end_bench(&bench);
}

static void test_missing_is_retried(void **state)
{
    struct bench bench;
    start_bench(&bench);
    unlink(path_of("late.pcap"));
    uint16_t number = add(&bench, "%s", "late.pcap");
    struct source_status status = snapshot(&bench, number);
    assert_int_equal(status.state, SOURCE_ERROR);
    assert_true(status.error && status.retry);
    assert_non_null(strstr(status.error_reason, "no capture file and no network interface"));
    assert_true(capture_all_ended(bench.capture));
    sleep_ms(4 * RETRY_MS);
    assert_true(snapshot(&bench, number).total_retry_attempts >= 2);
    assert_int_equal(bench.events[CAPTURE_ERROR], 1);
    struct capture_bytes bytes = {0};
    make_capture(&bytes, 127);
    save("late.pcap", &bytes.buffer, bytes.buffer.length);
    status = wait_state(&bench, number, SOURCE_ENDED);
    assert_false(status.error);
    assert_string_equal(status.error_reason, "");
    assert_string_equal(status.type, "pcapfile");
    wait_frames(&bench, RECORDS);
    buffer_done(&bytes.buffer);
    end_bench(&bench);
}

static void test_no_retry(void **state)
{
    struct bench bench;
    start_bench(&bench);
    uint16_t number = add(&bench, "%s:type=pcapfile,retry=false", "never.pcap");
    sleep_ms(4 * RETRY_MS);
    struct source_status status = snapshot(&bench, number);
    assert_int_equal(status.state, SOURCE_ERROR);
    assert_int_equal(status.total_retry_attempts, 1);
    assert_non_null(strstr(status.error_reason, "there is no file"));
    number = add(&bench, "%s:retry=false", "."); /* opens here, cannot be read */
    status = snapshot(&bench, number);
    assert_string_equal(status.type, "pcapfile");
    assert_non_null(strstr(status.error_reason, "cannot be read: Is a directory"));
    end_bench(&bench);
}

static void test_cut_file(void **state)
{
    struct bench bench;
    struct capture_bytes bytes = {0};
    start_bench(&bench);
    make_capture(&bytes, 127);
    save("cut.pcap", &bytes.buffer, bytes.buffer.length - 30);
    uint16_t number = add(&bench, "%s", "cut.pcap");
    struct source_status status = wait_state(&bench, number, SOURCE_ENDED);
    assert_int_equal(status.counts.packets, RECORDS - 1);
    assert_false(status.error);
    assert_non_null(strstr(status.warning, "cut off: 86 of 116 bytes of record 1000"));
    assert_int_equal(bench.events[CAPTURE_WARNING], 1);
    memset(bytes.buffer.data + 24 + 116 * 500, 0xff, 16);
    save("damaged.pcap", &bytes.buffer, bytes.buffer.length);
    number = add(&bench, "%s", "damaged.pcap");
    status = wait_state(&bench, number, SOURCE_ERROR);
    assert_int_equal(status.counts.packets, 500);
    assert_non_null(strstr(status.error_reason, "damaged: record 501"));
    sleep_ms(3 * RETRY_MS);
    assert_int_equal(snapshot(&bench, number).counts.packets, 500); /* not read twice */
    buffer_done(&bytes.buffer);
    end_bench(&bench);
}

static void test_unsupported_link_type(void **state)
{
    struct bench bench;
    struct capture_bytes bytes = {0};
    start_bench(&bench);
    make_capture(&bytes, 1);
    save("ethernet.pcap", &bytes.buffer, bytes.buffer.length);
    struct source_status status =
        wait_state(&bench, add(&bench, "%s", "ethernet.pcap"), SOURCE_ENDED);
    assert_int_equal(status.counts.unsupported, RECORDS);
    assert_int_equal(status.counts.packets, RECORDS);
    assert_non_null(strstr(status.warning, "link type 1 (STRANGE) is not supported"));
    wait_frames(&bench, RECORDS);
    buffer_done(&bytes.buffer);
    end_bench(&bench);
}

static void test_rate(void **state)
{
    struct bench bench;
    start_bench(&bench);
    uint64_t before = now_ms(CLOCK_MONOTONIC);
    uint16_t number = add(&bench, "%s:pps=2000", "good.pcap");
    struct source_status status = wait_state(&bench, number, SOURCE_ENDED);
    uint64_t took = now_ms(CLOCK_MONOTONIC) - before;
    assert_true(took >= 480 && took < 20000);
    assert_true(status.file_clock);
    assert_int_equal(status.last_time_ns, 1000 * 1000000000ULL + 999 * 1000000ULL);
    end_bench(&bench);
}

static void test_realtime(void **state)
{
    struct bench bench;
    start_bench(&bench);
    uint64_t before = now_ms(CLOCK_MONOTONIC);
    uint64_t wall = now_ms(CLOCK_REALTIME);
    uint16_t number = add(&bench, "%s:realtime=true", "good.pcap");
    assert_false(capture_all_ended(bench.capture));
    struct source_status status = wait_state(&bench, number, SOURCE_ENDED);
    uint64_t took = now_ms(CLOCK_MONOTONIC) - before;
    assert_true(took >= 990 && took < 20000);
    assert_false(status.file_clock);
    assert_true(status.last_time_ns / 1000000 >= wall + 990);
    assert_true(status.last_time_ns / 1000000 < wall + 20000);
    assert_int_equal(status.last_time_ns - status.first_time_ns, 999 * 1000000ULL);
    end_bench(&bench);
}

static void test_loop_and_commands(void **state)
{
    struct bench bench;
    struct buffer why = {0};
    start_bench(&bench);
    uint16_t number = add(&bench, "%s:loop=true,pps=100000", "good.pcap");
    wait_frames(&bench, 3 * RECORDS);
    struct source_status status = snapshot(&bench, number);
    assert_true(status.running && !status.ended);
    assert_true(now_ms(CLOCK_REALTIME) - status.last_time_ns / 1000000 < 2000);
    assert_int_equal(capture_pause(bench.capture, number, &why), 0);
    assert_int_equal(capture_pause(bench.capture, number, &why), -EALREADY);
    sleep_ms(50);
    uint64_t paused_at = snapshot(&bench, number).counts.packets;
    sleep_ms(100);
    assert_int_equal(snapshot(&bench, number).counts.packets, paused_at);
    assert_true(snapshot(&bench, number).paused);
    assert_int_equal(capture_resume(bench.capture, number, &why), 0);
    wait_frames(&bench, paused_at + RECORDS);
    assert_int_equal(capture_open(bench.capture, number, &why), -EALREADY);
    assert_int_equal(capture_close(bench.capture, number, &why), 0);
    status = snapshot(&bench, number);
    assert_int_equal(status.state, SOURCE_CLOSED);
    assert_int_equal(capture_close(bench.capture, number, &why), -EALREADY);
    assert_int_equal(capture_open(bench.capture, number, &why), 0);
    status = snapshot(&bench, number);
    assert_true(status.running);
    wait_frames(&bench, status.counts.packets + RECORDS);
    assert_int_equal(capture_open(bench.capture, 99, &why), -ENOENT);
    assert_true(bench.events[CAPTURE_PAUSED] && bench.events[CAPTURE_RESUMED] &&
                bench.events[CAPTURE_CLOSED]);
    buffer_done(&why);
    end_bench(&bench);
}

/* Removed is closed and forgotten, but for what was heard: that keeps its number. */
static void test_removing(void **state)
{
    struct bench bench;
    struct buffer why = {0};
    start_bench(&bench);
    uint16_t number = add(&bench, "%s:loop=true,pps=100000,name=one", "good.pcap");
    wait_frames(&bench, RECORDS);
    struct source_status status = snapshot(&bench, number);
    assert_false(status.removed || capture_is_removed(bench.capture, number));
    assert_int_equal(capture_remove(bench.capture, number, &why), 0);
    assert_true(capture_is_removed(bench.capture, number));
    assert_int_equal(capture_remove(bench.capture, number, &why), -ENOENT);
    sleep_ms(50); /* the engine has what was queued */
    uint64_t before = atomic_load(&bench.frames);
    sleep_ms(50);
    assert_int_equal(atomic_load(&bench.frames), before);
    assert_int_equal(snapshot(&bench, number).state, SOURCE_CLOSED);
    assert_int_equal(bench.events[CAPTURE_REMOVED], 1);
    assert_int_equal(add(&bench, "%s:loop=true,pps=100000,name=one", "good.pcap"), number);
    assert_false(capture_is_removed(bench.capture, number));
    assert_string_equal(snapshot(&bench, number).name, "one");
    wait_frames(&bench, before + RECORDS);
    assert_int_equal(capture_remove(bench.capture, 99, &why), -ENOENT);
    assert_false(capture_is_removed(bench.capture, 99));
    buffer_done(&why);
    end_bench(&bench);
}

/* What fails is not tried again, and takes no number for ever. */
static void test_removing_a_thousand(void **state)
{
    struct bench bench;
    struct buffer why = {0};
    char definition[128];
    uint16_t number;
    start_bench(&bench);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(definition, sizeof definition, "/not/there-%u.pcap:type=pcapfile", i);
        assert_int_equal(capture_add(bench.capture, definition, 0, &number, &why), 0);
        assert_string_equal(snapshot(&bench, number).definition, definition);
        assert_int_equal(capture_remove(bench.capture, number, &why), 0);
    }
    assert_in_range(capture_count(bench.capture), 1, 4);
    sleep_ms(5 * RETRY_MS); /* the last may still be failing for the first time */
    unsigned errors = bench.events[CAPTURE_ERROR];
    sleep_ms(5 * RETRY_MS);
    assert_int_equal(bench.events[CAPTURE_ERROR], errors);
    buffer_done(&why);
    end_bench(&bench);
}

static void test_tuning(void **state)
{
    struct bench bench;
    struct buffer why = {0};
    start_bench(&bench);
    uint16_t fixed = add(&bench, "%s", "good.pcap");
    assert_int_equal(capture_lock(bench.capture, fixed, "6", &why), -EOPNOTSUPP);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((char *)why.data, "cannot be tuned"));
    assert_int_equal(capture_hop(bench.capture, fixed, NULL, &why), -EOPNOTSUPP);
    uint16_t number = add(&bench,
                          "%s:tuner=null,loop=true,pps=10,channels=\"1,6\","
                          "uuid=12345678-0000-0000-0000-000000000001",
                          "good.pcap");
    assert_true(snapshot(&bench, number).hopping);
    assert_int_equal(capture_lock(bench.capture, number, "11", &why), 0);
    assert_string_equal(snapshot(&bench, number).channel, "11");
    assert_int_equal(capture_lock(bench.capture, number, "x", &why), -EINVAL);
    assert_int_equal(capture_hop(bench.capture, number, NULL, &why), 0);
    assert_true(snapshot(&bench, number).hopping);
    assert_int_equal(capture_lock(bench.capture, 77, "6", &why), -ENOENT);
    buffer_done(&why);
    end_bench(&bench);
}

static void test_demo(void **state)
{
    struct bench bench;
    struct capture_bytes bytes = {0};
    start_bench(&bench);
    expect_refused(&bench, "demo:type=demo,x=y", -EINVAL, "unknown source option");
    end_bench(&bench);
    start_bench(&bench);
    put_pcap_header(&bytes, 0xa1b2c3d4, 127);
    for (unsigned i = 0; i < 5; i++)
        put_pcap_record(&bytes, 5, i * 1000, 40, 40, 0);
    capture_free(bench.capture);
    bench.config.demo = bytes.buffer.data;
    bench.config.demo_length = bytes.buffer.length;
    bench.capture = capture_new(&bench.config);
    uint16_t number;
    struct buffer why = {0};
    assert_int_equal(capture_add(bench.capture, "demo:tuner=null", 2000, &number, &why), 0);
    wait_frames(&bench, 12); /* three rounds */
    struct source_status status = snapshot(&bench, number);
    assert_string_equal(status.type, "demo");
    assert_true(status.running && status.tunable && !status.file_clock);
    assert_false(capture_all_ended(bench.capture));
    buffer_done(&why);
    end_bench(&bench);
    buffer_done(&bytes.buffer);
}

static void test_fifo(void **state)
{
    struct bench bench;
    struct capture_bytes bytes = {0};
    start_bench(&bench);
    make_capture(&bytes, 127);
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    char text[512];
    uint16_t number;
    struct buffer why = {0};
    snprintf(text, sizeof text, "%s", path_of("fifo"));
    assert_int_equal(capture_add(bench.capture, text, 50, &number, &why), 0);
    assert_int_equal(snapshot(&bench, number).state, SOURCE_OPENING);
    int writer = open(text, O_WRONLY | O_CLOEXEC);
    assert_true(writer >= 0);
    assert_int_equal(write(writer, bytes.buffer.data, 24 + 116 * 3 + 50), 24 + 116 * 3 + 50);
    wait_frames(&bench, 3); /* what is whole comes at once */
    assert_int_equal(snapshot(&bench, number).state, SOURCE_RUNNING);
    size_t rest = bytes.buffer.length - (24 + 116 * 3 + 50);
    for (size_t at = 0; at < rest;) {
        size_t part = rest - at < 4000 ? rest - at : 4000;
        assert_int_equal(write(writer, bytes.buffer.data + 24 + 116 * 3 + 50 + at, part), part);
        at += part;
    }
    close(writer);
    assert_int_equal(wait_state(&bench, number, SOURCE_ENDED).counts.packets, RECORDS);
    /* stopping while waiting for a writer is quick: end_bench() checks */
    assert_int_equal(capture_open(bench.capture, number, &why), 0);
    buffer_done(&why);
    buffer_done(&bytes.buffer);
    end_bench(&bench);
}

/* Standard input, as `zcat FILE | norn -c -` has it. */
static void test_standard_input(void **state)
{
    struct bench bench;
    uint16_t number;
    struct buffer why = {0};
    int kept = dup(STDIN_FILENO);
    int file = open(path_of("good.pcap"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    close(file);
    start_bench(&bench);
    assert_int_equal(capture_add(bench.capture, "-:name=stdin", 2000, &number, &why), 0);
    assert_int_equal(wait_state(&bench, number, SOURCE_ENDED).counts.packets, RECORDS);
    end_bench(&bench);
    dup2(kept, STDIN_FILENO);
    close(kept);
    buffer_done(&why);
}

static void test_stop_while_engine_stands(void **state)
{
    struct bench bench;
    memset(&bench, 0, sizeof bench);
    bench.queue = queue_new(2, 0);
    bench.config = (struct capture_config){.queue = bench.queue, .open_capture = open_path};
    bench.capture = capture_new(&bench.config);
    uint16_t number = add(&bench, "%s:loop=true", "good.pcap");
    sleep_ms(100);
    struct source_status status = snapshot(&bench, number);
    assert_true(status.running);
    assert_int_equal(status.counts.queue_drops, 0);
    uint64_t before = now_ms(CLOCK_MONOTONIC);
    capture_free(bench.capture);
    assert_true(now_ms(CLOCK_MONOTONIC) - before < 1000);
    queue_free(bench.queue);
}

static void test_source_limit(void **state)
{
    struct bench bench;
    char text[512];
    uint16_t number;
    struct buffer why = {0};
    start_bench(&bench);
    for (unsigned i = 0; i <= SOURCES_MAX; i++) {
        snprintf(text, sizeof text, "%s:uuid=12345678-0000-0000-0000-%012u", path_of("good.pcap"),
                 i);
        assert_int_equal(capture_add(bench.capture, text, 0, &number, &why),
                         i < SOURCES_MAX ? 0 : -ENOSPC);
    }
    wait_frames(&bench, (uint64_t)SOURCES_MAX * RECORDS);
    buffer_done(&why);
    end_bench(&bench);
}

static void test_types_are_told_apart(void **state)
{
    const struct source_type *type = NULL;
    while ((type = sources_next(type))) {
        assert_true(type->name[0] && type->description[0] && type->tool[0]);
        assert_ptr_equal(sources_find(type->name), type);
        assert_non_null(type->probes);
        assert_non_null(type->identify);
    }
    assert_null(sources_find("nonsense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_uuid_rule),
        cmocka_unit_test(test_same_source_twice),
        cmocka_unit_test(test_refused_definitions),
        cmocka_unit_test(test_missing_is_retried),
        cmocka_unit_test(test_no_retry),
        cmocka_unit_test(test_cut_file),
        cmocka_unit_test(test_unsupported_link_type),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_realtime),
        cmocka_unit_test(test_loop_and_commands),
        cmocka_unit_test(test_removing),
        cmocka_unit_test(test_removing_a_thousand),
        cmocka_unit_test(test_tuning),
        cmocka_unit_test(test_demo),
        cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_stop_while_engine_stands),
        cmocka_unit_test(test_source_limit),
        cmocka_unit_test(test_types_are_told_apart),
    };
    if (!mkdtemp(directory))
        return 1;
    struct capture_bytes bytes = {0};
    make_capture(&bytes, 127);
    save("good.pcap", &bytes.buffer, bytes.buffer.length);
    buffer_done(&bytes.buffer);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const made[] = {"good.pcap",    "late.pcap",     "cut.pcap",
                                       "damaged.pcap", "ethernet.pcap", "fifo"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        unlink(path_of(made[i]));
    rmdir(directory);
    return failed;
}
