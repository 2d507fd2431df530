/* Lists of records, written chunk by chunk. See listing.h. */
#include "serve/list/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "serve/monitor.h"
#include "serve/http/reply.h"
#include "util/prefetch.h"

enum {
    FAR = 12, /* records asked of memory before they are looked at */
    NEAR = 6, /* and of these what they point to */
};

struct listing *listing_new(struct store *store, const struct list_source *source)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing)
        return NULL;
    listing->store = store;
    listing->source = source;
    listing->stream = -1;
    return listing;
}

void listing_free(void *context)
{
    struct listing *listing = context;
    store_stream_end(listing->store, listing->stream);
    query_done(&listing->result);
    free(listing->ids);
    projection_free(listing->own_projection);
    free(listing);
}

uint32_t listing_count(const struct listing *listing)
{
    return listing->ids ? listing->id_count : listing->result.count;
}

/* The id at *at, which moves past it; STORE_NONE at the end. */
static uint32_t take_id(const struct listing *listing, uint32_t *at)
{
    if (listing->ids)
        return *at < listing->id_count ? listing->ids[(*at)++] : STORE_NONE;
    uint32_t id = query_next(&listing->result, *at);
    *at = id == STORE_NONE ? STORE_NONE : id + 1;
    return id;
}

/* The dictionary around the list, and where the members beside the list are; NULL: none. */
static const struct record_type *wrapper(const struct listing *listing, const void **ret_members)
{
    *ret_members = &listing->page;
    switch (listing->wrap) {
    case LIST_SINCE: *ret_members = &listing->list; return &devicelist_type;
    case LIST_TABLE: return &devicelist_table_type;
    case LIST_PAGE: return &devicelist_page_type;
    case LIST_DRAW: return &devicelist_draw_type;
    default: return NULL;
    }
}

/* The wrapper's members up to and with the list's name, or those after it. */
static void write_members(struct listing *listing, struct view *view, bool after)
{
    const void *members;
    const struct record_type *type = wrapper(listing, &members);
    bool passed = false;
    for (size_t i = 0; type && i < type->count; i++) {
        const struct field *field = &type->fields[i];
        bool list = field->type == FIELD_LIST;
        if (passed == after) {
            emit_name(&listing->emitter, field->name, strlen(field->name));
            if (!list)
                emit_field(&listing->emitter, field, members, view);
        }
        passed |= list;
    }
}

static void write_head(struct listing *listing, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    const void *members;
    const struct record_type *type = wrapper(listing, &members);
    if (listing->lines || listing->wrap == LIST_ALONE)
        return;
    if (listing->wrap == LIST_MAP) {
        emit_map_begin(emitter, FIELD_MAP_STRING, listing_count(listing));
        return;
    }
    if (type)
        emit_map_begin(emitter, FIELD_RECORD, (uint32_t)type->count);
    write_members(listing, view, false);
    emit_array_begin(emitter, listing_count(listing));
}

static void write_tail(struct listing *listing, struct view *view)
{
    if (listing->lines || listing->wrap == LIST_ALONE)
        return;
    if (listing->wrap != LIST_MAP)
        emit_array_end(&listing->emitter);
    write_members(listing, view, true);
    if (listing->wrap != LIST_BARE)
        emit_map_end(&listing->emitter);
}

static void write_record(struct listing *listing, const void *record, struct view *view)
{
    struct emitter *emitter = &listing->emitter;
    if (listing->wrap == LIST_MAP && !listing->lines) {
        char text[DEVICE_KEY_TEXT];
        struct value key = {.type = FIELD_STRING, .text = text};
        key.length = listing->source->key(record, view, text);
        emit_key(emitter, FIELD_MAP_STRING, &key);
    } else if (listing->wrap != LIST_ALONE && !listing->lines) {
        emit_element(emitter);
    }
    emit_record(emitter, listing->source->type, listing->projection, record, view);
    if (listing->lines)
        buffer_add_byte(emitter->buffer, '\n');
}

/* Asks the processor for a record that comes later, and for what a nearer one points to: a walk
 * over many would otherwise wait for memory at each of them. */
static void look_far(struct listing *listing)
{
    uint32_t id = take_id(listing, &listing->far);
    if (id == STORE_NONE)
        return;
    const void *record = listing->source->record(listing->store, id);
    prefetch_to_read(record, listing->source->hot_bytes);
}

static void look_near(struct listing *listing)
{
    uint32_t id = listing->deep ? take_id(listing, &listing->near) : STORE_NONE;
    const void *record = id == STORE_NONE ? NULL : listing->source->record(listing->store, id);
    if (record)
        listing->source->prefetch(record);
}

void listing_look(struct listing *listing, bool deep)
{
    listing->deep = deep && listing->source->prefetch;
    listing->near = listing->far = listing->next;
    for (unsigned i = 0; i < FAR; i++)
        look_far(listing);
    for (unsigned i = 0; i < NEAR; i++)
        look_near(listing);
}

const void *listing_take(struct listing *listing, uint32_t *ret_id)
{
    look_far(listing);
    look_near(listing);
    *ret_id = take_id(listing, &listing->next);
    return *ret_id == STORE_NONE ? NULL : listing->source->record(listing->store, *ret_id);
}

/* True when what was written since `mark` fitted; else it was taken back, `before` is how the
 * emitter stood. */
static bool fits(struct listing *listing, const struct emitter *before, size_t mark)
{
    if (reply_fits(listing->emitter.buffer, mark))
        return true;
    listing->emitter = *before;
    return false;
}

int listing_write(struct listing *listing, struct buffer *buffer, size_t goal)
{
    struct view view;
    struct view_tables tables;
    struct emitter before;
    listing->emitter.buffer = buffer;
    store_view(listing->store, monitor_now(), &view, &tables);
    if (!listing->begun) {
        before = listing->emitter;
        write_head(listing, &view);
        if (!fits(listing, &before, 0))
            return REPLY_ROOM;
        listing->begun = true;
    }
    listing_look(listing, !listing->projection);
    for (unsigned written = 0;; written++) {
        uint32_t at = listing->next, id;
        const void *record = listing_take(listing, &id);
        if (id == STORE_NONE)
            return REPLY_END;
        if (!record)
            return -EIO;
        size_t mark = buffer->length;
        before = listing->emitter;
        bool full = written == LISTING_HOLD || mark >= goal;
        if (!full)
            write_record(listing, record, &view);
        if (!full && fits(listing, &before, mark))
            continue;
        listing->next = at;
        return full ? REPLY_MORE : REPLY_ROOM;
    }
}

int listing_finish(struct listing *listing, struct buffer *buffer)
{
    struct view view = {.server_now = monitor_now()};
    struct emitter before = listing->emitter;
    size_t mark = buffer->length;
    write_tail(listing, &view);
    return fits(listing, &before, mark) ? REPLY_END : REPLY_ROOM;
}
