/* /channels: use of every channel and frequency. Input: the store's channel records, which live as
 * long as it does. Output: a dictionary of two maps, streamed a few channels at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "schema/channel_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"

enum { HOLD_CHANNELS = 16 }; /* under one hold of the lock */

/* A reply under way: the records are named once, then written map after map. */
struct listing {
    struct store *store;
    struct emitter emitter;
    struct channel_maps maps;
    bool lines;
    bool begun;     /* the dictionary */
    bool is_inside; /* a map */
    size_t map;     /* the row of channel_maps_type at hand */
    struct cursor cursor;
    struct channel_record *records[];
};

/* With the read lock: a listing that names the records of now. NULL without memory. */
static struct listing *new_listing(struct store *store)
{
    size_t frequencies = store->frequency_count, names = store->channel_count;
    struct listing *listing =
        calloc(1, sizeof *listing + (frequencies + names) * sizeof *listing->records);
    if (!listing)
        return NULL;
    if (frequencies)
        memcpy(listing->records, store->frequencies, frequencies * sizeof *listing->records);
    if (names)
        memcpy(listing->records + frequencies, store->channels, names * sizeof *listing->records);
    listing->store = store;
    listing->maps = (struct channel_maps){
        .by_frequency = listing->records,
        .by_name = listing->records + frequencies,
        .frequencies = (uint32_t)frequencies,
        .names = (uint32_t)names,
    };
    return listing;
}

static void begin_map(struct listing *listing, const struct field *field)
{
    struct emitter *emitter = &listing->emitter;
    uint32_t count =
        field->type == FIELD_MAP_DOUBLE ? listing->maps.frequencies : listing->maps.names;
    if (!listing->begun)
        emit_map_begin(emitter, FIELD_RECORD, (uint32_t)channel_maps_type.count);
    emit_name(emitter, field->name, strlen(field->name));
    emit_map_begin(emitter, field->type, count);
    listing->begun = listing->is_inside = true;
    listing->cursor = (struct cursor){0};
}

/* Writes one step: the beginning of a map, a channel, or the end of a map. */
static void write_step(struct listing *listing, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    const struct field *field = &channel_maps_type.fields[listing->map];
    if (!listing->is_inside) {
        begin_map(listing, field);
        return;
    }
    if (field->next(&listing->maps, view, &listing->cursor)) {
        emit_key(emitter, field->type, &listing->cursor.key);
        emit_record(emitter, field->record, NULL, listing->cursor.element.record, view);
        return;
    }
    emit_map_end(emitter);
    listing->is_inside = false;
    if (++listing->map == channel_maps_type.count) {
        emit_map_end(emitter);
        if (listing->lines)
            buffer_add_byte(emitter->buffer, '\n');
    }
}

static int fill_listing(void *context, struct buffer *buffer, size_t goal)
{
    struct listing *listing = context;
    struct view view;
    struct view_tables tables;
    int state = REPLY_MORE;
    listing->emitter.buffer = buffer;
    store_lock_read(listing->store);
    store_view(listing->store, monitor_now(), &view, &tables);
    for (int i = 0; i < HOLD_CHANNELS && state == REPLY_MORE && buffer->length < goal; i++) {
        struct listing before = *listing;
        size_t mark = buffer->length;
        write_step(listing, &view);
        if (listing->map == channel_maps_type.count)
            state = REPLY_END;
        if (reply_fits(buffer, mark))
            continue;
        *listing = before;
        state = REPLY_ROOM;
    }
    store_unlock(listing->store);
    return state;
}

/* With a field list: it chooses among the two maps. */
static void reply_fields(struct request *request, struct record_reply *reply)
{
    struct monitor *monitor = monitor_of(request);
    struct store *store = monitor->store;
    struct view view;
    struct view_tables tables;
    struct channel_maps maps;
    store_lock_read(store);
    maps = (struct channel_maps){
        .by_frequency = store->frequencies,
        .by_name = store->channels,
        .frequencies = store->frequency_count,
        .names = store->channel_count,
    };
    store_view(store, monitor_now(), &view, &tables);
    record_reply_record(reply, &maps, &view);
    store_unlock(store);
    record_reply_send(reply);
}

static void get_channels(struct request *request)
{
    struct monitor *monitor = monitor_of(request);
    struct record_reply reply;
    if (!record_reply_begin(&reply, request, &channel_maps_type))
        return;
    if (reply.projection) {
        reply_fields(request, &reply);
        return;
    }
    record_reply_drop(&reply);
    store_lock_read(monitor->store);
    struct listing *listing = new_listing(monitor->store);
    store_unlock(monitor->store);
    if (!listing) {
        reply_error(request, 503, "out of memory");
        return;
    }
    listing->emitter.format = request_format(request);
    listing->lines = request_lines(request);
    reply_stream(request, reply_content_type(request), fill_listing, listing, free);
}

// clang-format off
const struct route api_channels_routes[] = {
    {METHOD_GET | METHOD_POST, "/channels/channels", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_channels,
     "Packets, bytes, devices and signal of every channel and frequency, over time.", ANSWER_RECORD, &channel_maps_type},
    {0},
};
