/* Every capture of the corpus through the whole of norn in one process: as it is, cut short, and
 * with bit errors. It must end, keep within its limits, and lose no whole frame before a cut.
 * The corpus is at $NORN_CAPTURES, else ../shared/captures; without it the tests are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../phy/batch_feed.h"
#include "capture/capture_file.h"
#include "phy/engine.h"
#include "schema/emit.h"
#include "track/device.h"
#include "util/hash.h"

enum {
    CUTS = 16,
    SEEDS = 8,
    DEVICES = 500,           /* a small limit, so that eviction is at work too */
    BYTES_MAX = 1024 * 1024, /* of a file that is cut or damaged: its beginning serves */
};

struct whole {
    uint8_t *bytes;
    size_t length;
};

static const char *corpus(void)
{
    const char *path = getenv("NORN_CAPTURES");
    return path && *path ? path : "../shared/captures";
}

/* A file's bytes, uncompressed. */
static struct whole read_whole(const char *path)
{
    struct whole whole = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *raw = malloc(size + 1);
    size_t length = fread(raw, 1, size, file);
    fclose(file);
    struct input_stream *stream = input_stream_over(raw, length);
    size_t capacity = size * 16 + 4096; /* compressed captures may be that much larger */
    whole.bytes = malloc(capacity);
    while (whole.length < capacity) {
        int result = input_stream_fill(stream, 1, true);
        size_t have = input_stream_have(stream);
        if (!have || (result != 0 && result != -ENODATA))
            break;
        if (have > capacity - whole.length)
            have = capacity - whole.length;
        memcpy(whole.bytes + whole.length, input_stream_at(stream), have);
        whole.length += have;
        input_stream_skip(stream, have);
    }
    input_stream_free(stream);
    free(raw);
    return whole;
}

static void apply(struct engine *engine, struct batch *batch)
{
    batch->file_clock = true;
    batch_feed(engine, batch, 1700000000);
    batch->count = batch->bytes_used = 0;
}

/* Feeds a capture to an engine; the frames it held. */
static uint64_t feed(struct engine *engine, const uint8_t *bytes, size_t length)
{
    static struct batch batch;
    struct input_stream *stream = input_stream_over(bytes, length);
    struct capture_file file;
    struct frame frame = {0};
    uint64_t frames = 0;
    batch.count = batch.bytes_used = 0;
    capture_file_init(&file, stream);
    int result = capture_file_start(&file);
    while (result == 0 && (result = capture_file_next(&file, true, &frame)) == 0) {
        if (batch.count == BATCH_FRAMES || frame.length > BATCH_BYTES - batch.bytes_used)
            apply(engine, &batch);
        memcpy(batch.bytes + batch.bytes_used, frame.data, frame.length);
        frame.data = batch.bytes + batch.bytes_used;
        batch.bytes_used += frame.length;
        batch.frames[batch.count++] = frame;
        frames++;
    }
    apply(engine, &batch);
    capture_file_done(&file);
    input_stream_free(stream);
    return frames;
}

/* Writes all records in every format: nothing a frame said may break that. */
static void emit_everything(struct store *store)
{
    static const enum format formats[] = {FORMAT_JSON, FORMAT_PRETTY, FORMAT_UNDERSCORE,
                                          FORMAT_MSGPACK, FORMAT_MSGPACK_TYPED};
    struct view view;
    struct view_tables tables;
    store_view(store, 1700000000, &view, &tables);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct buffer buffer = {0};
        for (uint32_t id = 0; id < store->slot_count; id++) {
            struct emitter emitter = {.buffer = &buffer, .format = formats[i]};
            if (!store_device(store, id))
                continue;
            buffer.length = 0;
            emit_record(&emitter, &device_type, NULL, store_device(store, id), &view);
            assert_false(buffer.failed);
        }
        buffer_done(&buffer);
    }
}

static uint64_t now_us(void *context)
{
    return 1700000000000000;
}

static uint64_t replay(const uint8_t *bytes, size_t length)
{
    struct store_limits limits = {.devices = DEVICES,
                                  .ssids = 8,
                                  .probes = 8,
                                  .links = 8,
                                  .clients = 16,
                                  .histories = true,
                                  .key_messages = true};
    struct store *store = store_new(&limits);
    struct alert *alert = alert_new(&(struct alert_config){.now_us = now_us}, NULL);
    struct engine_config config = {.store = store, .alert = alert};
    struct engine *engine = engine_new(&config);
    watch_add(store, (struct macaddr){{0}}, 0, WATCH_FOUND | WATCH_LOST); /* everybody */
    uint64_t frames = feed(engine, bytes, length);
    assert_int_equal(store->packets, frames);
    assert_in_range(store->device_count, 0, DEVICES);
    assert_in_range(store->watch.awaited_count, 0, store->device_count);
    emit_everything(store);
    engine_free(engine);
    alert_free(alert);
    store_free(store);
    return frames;
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return *state >> 33;
}

static void damage(const struct whole *whole, uint64_t seed)
{
    uint8_t *bytes = malloc(whole->length);
    uint64_t state = seed + 1;
    memcpy(bytes, whole->bytes, whole->length);
    for (size_t i = 0; i < whole->length / 100 + 1; i++)
        bytes[random_next(&state) % whole->length] ^= (uint8_t)(1u << random_next(&state) % 8);
    memcpy(bytes, whole->bytes, whole->length < 24 ? whole->length : 24); /* still a capture */
    replay(bytes, whole->length);
    free(bytes);
}

static void replay_damaged(struct whole *whole)
{
    uint64_t most = 0;
    if (whole->length > BYTES_MAX)
        whole->length = BYTES_MAX;
    for (size_t cut = 1; cut <= CUTS; cut++) {
        size_t length = whole->length * cut / CUTS;
        uint8_t *bytes = malloc(length ? length : 1); /* its own block: no reading past the cut */
        memcpy(bytes, whole->bytes, length);
        uint64_t frames = replay(bytes, length);
        assert_true(frames >= most); /* a longer piece never has fewer whole frames */
        most = frames;
        free(bytes);
    }
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        damage(whole, seed);
}

/* Calls on_file for each file of a folder of the corpus; how many. */
static int each_file(const char *folder, void (*on_file)(struct whole *whole))
{
    char path[4096];
    int count = 0;
    snprintf(path, sizeof path, "%s/files/%s", corpus(), folder);
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/files/%s/%s", corpus(), folder, entry->d_name);
        struct whole whole = read_whole(path);
        on_file(&whole);
        free(whole.bytes);
        count++;
    }
    if (directory)
        closedir(directory);
    return count;
}

static void replay_as_it_is(struct whole *whole)
{
    uint8_t *bytes = malloc(whole->length ? whole->length : 1);
    memcpy(bytes, whole->bytes, whole->length);
    replay(bytes, whole->length);
    free(bytes);
}

static void every_file_ends_by_itself(void **state)
{
    static const char *const folders[] = {"dot11", "malformed", "other", "btle",
                                          "hci",   "802154",    "pcapng"};
    int count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        count += each_file(folders[i], replay_as_it_is);
    print_message("%d files\n", count);
    if (!count)
        skip();
}

static void damaged_captures_do_no_harm(void **state)
{
    int count = each_file("dot11", replay_damaged) + each_file("btle", replay_damaged) +
                each_file("hci", replay_damaged);
    print_message("%d files, each cut at %d lengths and damaged with %d seeds\n", count, CUTS,
                  SEEDS);
    if (!count)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_ends_by_itself),
        cmocka_unit_test(damaged_captures_do_no_harm),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
