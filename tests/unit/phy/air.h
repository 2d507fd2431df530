/* Frames for the tests of 802.11: built octet by octet (IEEE 802.11-2020, 9.3), sent through an
 * engine without threads. */
#ifndef NORN_TESTS_PHY_AIR_H
#define NORN_TESTS_PHY_AIR_H

#include "batch_feed.h"
#include "dissect/linktype.h"
#include "phy/engine.h"

static const struct macaddr ap = {{0x00, 0x13, 0x10, 0, 0, 1}};
static const struct macaddr client = {{0x00, 0x0e, 0x58, 0, 0, 2}};
static const struct macaddr wired = {{0x00, 0x0c, 0x29, 0, 0, 3}};
static const struct macaddr everyone = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

struct air {
    struct store *store;
    struct engine *engine;
    uint64_t seconds;
    struct buffer frame;
};

static struct batch batch;

/* Alerts go to `alert`, made with those options; all three may be NULL. */
static inline struct air air_new_with(struct store_limits limits, struct alert *alert,
                                      const struct options *options, struct buffer *why)
{
    struct air air = {.store = store_new(&limits), .seconds = 1000};
    struct engine_config config = {
        .store = air.store, .alert = alert, .options = options, .ret_why = why};
    air.engine = engine_new(&config);
    assert_non_null(air.engine);
    return air;
}

static inline struct air air_new(struct store_limits limits)
{
    return air_new_with(limits, NULL, NULL, NULL);
}

static const struct store_limits roomy = {.devices = 1000,
                                          .ssids = 4,
                                          .probes = 4,
                                          .links = 4,
                                          .clients = 4,
                                          .histories = true,
                                          .key_messages = true};

static inline void air_free(struct air *air)
{
    engine_free(air->engine);
    store_free(air->store);
    buffer_done(&air->frame);
}

static inline void begin(struct air *air, uint8_t control, uint8_t flags, struct macaddr first,
                         struct macaddr second, struct macaddr third)
{
    const uint8_t head[4] = {control, flags, 0, 0}, sequence[2] = {0x10, 0};
    air->frame.length = 0;
    buffer_add(&air->frame, head, 4);
    buffer_add(&air->frame, &first, 6);
    buffer_add(&air->frame, &second, 6);
    buffer_add(&air->frame, &third, 6);
    buffer_add(&air->frame, sequence, 2);
}

static inline void add(struct air *air, const char *bytes, size_t length)
{
    buffer_add(&air->frame, bytes, length);
}

static inline void add_element(struct air *air, uint8_t id, const char *bytes, size_t length)
{
    buffer_add_byte(&air->frame, id);
    buffer_add_byte(&air->frame, (uint8_t)length);
    buffer_add(&air->frame, bytes, length);
}

static inline void send_with(struct air *air, uint16_t link_type, uint16_t source,
                             const struct frame_extra *extra)
{
    batch.count = 1;
    batch.source = source;
    batch.file_clock = true;
    batch.frames[0] = (struct frame){.data = air->frame.data,
                                     .length = (uint32_t)air->frame.length,
                                     .original_length = (uint32_t)air->frame.length,
                                     .time_ns = air->seconds * 1000000000,
                                     .link_type = link_type,
                                     .source = source,
                                     .extra = extra};
    batch_feed(air->engine, &batch, air->seconds);
}

static inline void send_on(struct air *air, uint16_t link_type, uint16_t source)
{
    send_with(air, link_type, source, NULL);
}

static inline void send_frame(struct air *air)
{
    send_on(air, LINKTYPE_IEEE802_11, 0);
}

#endif
