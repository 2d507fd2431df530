/* An engine over a store of its own, fed packet by packet from hex text: for the tests of phys.
 * Input: a link type and hex, spaces passed over. Output: the devices of the store. */
#ifndef NORN_TESTS_PHY_BENCH_H
#define NORN_TESTS_PHY_BENCH_H

#include <string.h>

#include "batch_feed.h"
#include "phy/engine.h"
#include "track/device.h"
#include "util/text.h"

struct bench {
    struct store *store;
    struct engine *engine;
    uint64_t seconds;
    uint16_t source;
    const struct frame_extra *extra;
};

static const struct store_limits bench_limits = {
    .devices = 1000, .services = 4, .names = 3, .histories = true};

static inline struct bench bench_new(struct store_limits limits)
{
    struct bench bench = {.store = store_new(&limits), .seconds = 1000};
    struct engine_config config = {.store = bench.store};
    bench.engine = engine_new(&config);
    assert_non_null(bench.engine);
    return bench;
}

static inline void bench_free(struct bench *bench)
{
    engine_free(bench->engine);
    store_free(bench->store);
}

static inline void bench_send_bytes(struct bench *bench, uint16_t link_type, const void *bytes,
                                    size_t length)
{
    static struct batch batch;
    batch.count = 1;
    batch.source = bench->source;
    batch.file_clock = true;
    batch.frames[0] = (struct frame){.data = bytes,
                                     .length = (uint32_t)length,
                                     .original_length = (uint32_t)length,
                                     .time_ns = bench->seconds * 1000000000,
                                     .link_type = link_type,
                                     .source = bench->source,
                                     .extra = bench->extra};
    batch_feed(bench->engine, &batch, bench->seconds);
}

static inline void bench_send(struct bench *bench, uint16_t link_type, const char *hex)
{
    uint8_t bytes[1024];
    size_t length = 0;
    for (; *hex; hex++)
        if (*hex != ' ') {
            bytes[length++] = (uint8_t)(text_hex_digit(hex[0]) << 4 | text_hex_digit(hex[1]));
            hex++;
        }
    bench_send_bytes(bench, link_type, bytes, length);
}

/* A report of a sensor. */
static inline void bench_report(struct bench *bench, const char *kind, const char *json)
{
    char bytes[2048];
    size_t head = strlen(kind) + 1, length = strlen(json);
    assert_true(head + length <= sizeof bytes);
    memcpy(bytes, kind, head);
    memcpy(bytes + head, json, length);
    bench_send_bytes(bench, FRAME_REPORT, bytes, head + length);
}

/* The device of a phy's name and an address as text, or NULL. */
static inline struct device *bench_find(const struct bench *bench, const char *phy,
                                        const char *address)
{
    struct macaddr mac;
    assert_int_equal(macaddr_parse(address, strlen(address), &mac, NULL), 0);
    for (uint32_t i = 0; i < bench->store->phy_count; i++)
        if (strcmp(bench->store->phys[i].name, phy) == 0)
            return device_find(bench->store, (uint8_t)i, mac);
    fail_msg("no phy %s", phy);
    return NULL;
}

static inline const struct phy_record *bench_phy(const struct bench *bench, const char *phy)
{
    for (uint32_t i = 0; i < bench->store->phy_count; i++)
        if (strcmp(bench->store->phys[i].name, phy) == 0)
            return &bench->store->phys[i];
    fail_msg("no phy %s", phy);
    return NULL;
}

#endif
