/* Times the emitters alone: every device of a capture as full records, again and again, into one
 * buffer, on one core. Input: a pcap file in this machine's byte order (as airgen writes it).
 * Output: json=BYTES_PER_SECOND and msgpack=..., the best of the rounds; with --sample, some of
 * the records instead, one a line, for the yardstick to serialise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "phy/engine.h"
#include "schema/emit.h"
#include "util/hash.h"

enum { ROUNDS = 5, SAMPLE = 2000, LINK_TYPE = 127, DRAIN = 64 * 1024 };

struct pcap_record {
    uint32_t seconds, microseconds, length, original_length;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Fills a batch from the file; false when nothing was left. */
static bool fill(struct batch *batch, FILE *file)
{
    struct pcap_record record;
    batch->count = batch->bytes_used = 0;
    batch->file_clock = true;
    while (batch->count < BATCH_FRAMES && batch->bytes_used < BATCH_BYTES - 4096 &&
           fread(&record, sizeof record, 1, file) == 1) {
        uint8_t *data = batch->bytes + batch->bytes_used;
        if (record.length > 4096 || fread(data, 1, record.length, file) != record.length)
            return false;
        batch->frames[batch->count++] = (struct frame){
            .data = data,
            .length = record.length,
            .original_length = record.original_length,
            .time_ns = record.seconds * 1000000000ull + record.microseconds * 1000ull,
            .link_type = LINK_TYPE,
        };
        batch->bytes_used += record.length;
    }
    return batch->count > 0;
}

static int load(struct store *store, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct batch *batch = batch_new(engine_room());
    struct engine *engine = engine_new(&(struct engine_config){.store = store});
    char head[24];
    bool ready = file && batch && engine && fread(head, sizeof head, 1, file) == 1;
    while (ready && fill(batch, file)) {
        engine_dissect(engine, batch);
        engine_apply(engine, batch, 1700000000);
    }
    engine_free(engine);
    free(batch);
    if (file)
        fclose(file);
    return ready ? 0 : -1;
}

/* One pass over all devices; the bytes written. With `sample`, some records go out as lines. */
static size_t pass(struct store *store, struct buffer *buffer, enum format format, bool sample)
{
    static struct view view;
    static struct view_tables tables;
    size_t total = 0;
    store_view(store, 1700000000, &view, &tables);
    for (uint32_t id = 0; id < store->slot_count && (!sample || id < SAMPLE); id++) {
        const struct device *device = store_device(store, id);
        if (!device)
            continue;
        struct emitter emitter = {.buffer = buffer, .format = format};
        emit_record(&emitter, &device_type, NULL, device, &view);
        if (!sample && buffer->length < DRAIN)
            continue;
        if (sample)
            printf("%.*s\n", (int)buffer->length, (const char *)buffer->data);
        total += buffer->length;
        buffer->length = 0;
    }
    total += buffer->length;
    buffer->length = 0;
    return total;
}

static void measure(struct store *store, struct buffer *buffer, const char *name,
                    enum format format)
{
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double began = seconds_now();
        size_t bytes = pass(store, buffer, format, false);
        double speed = (double)bytes / (seconds_now() - began);
        best = speed > best ? speed : best;
    }
    printf("%s=%.0f\n", name, best);
}

int main(int argc, char **argv)
{
    static const struct store_limits limits = {
        .devices = 1000000,
        .ssids = 64,
        .probes = 64,
        .links = 64,
        .clients = 512,
        .histories = true,
    };
    struct buffer buffer = {0};
    hash_seed();
    struct store *store = store_new(&limits);
    if (argc < 2 || !store || load(store, argv[1]) < 0) {
        fprintf(stderr, "usage: bench_serialise FILE.pcap [--sample]\n");
        return 2;
    }
    if (argc > 2) {
        pass(store, &buffer, FORMAT_JSON, true);
    } else {
        measure(store, &buffer, "json", FORMAT_JSON);
        measure(store, &buffer, "msgpack", FORMAT_MSGPACK);
    }
    buffer_done(&buffer);
    store_free(store);
    return 0;
}
