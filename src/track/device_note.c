/* Names and tags by device key: a list that only grows, so that it can be walked in steps while it
 * changes, and a table of places in it. See device_note.h. */
#include "track/device_note.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "track/device.h"
#include "util/hash.h"
#include "util/text.h"

enum {
    SLOTS = 2 * DEVICE_NOTES_MAX, /* power of two, never more than half full */
    NOTE_BYTES = 128, /* around the texts of a note in a file, and around those of a tag */
    TAG_BYTES = 8,
};

bool device_note_is_text(const char *text, size_t length, size_t most)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return length <= most && text_utf8_valid(text, length) == length;
}

/* The slot of a key: its own or the empty one where it belongs. */
static uint32_t find_slot(const struct store_notes *notes, struct device_key key)
{
    uint32_t at = (uint32_t)hash_keyed(hash_keyed(key.phy) ^ key.mac) % SLOTS;
    for (; notes->slots[at]; at = (at + 1) % SLOTS) {
        const struct device_note *note = notes->list[notes->slots[at] - 1];
        if (note->key.phy == key.phy && note->key.mac == key.mac)
            break;
    }
    return at;
}

struct device_note *device_note_find(const struct store *store, struct device_key key)
{
    const struct store_notes *notes = &store->notes;
    uint32_t place = notes->count ? notes->slots[find_slot(notes, key)] : 0;
    return place ? notes->list[place - 1] : NULL;
}

/* Tables for all the notes there may be; pages that are not used cost nothing. */
static int reserve(struct store_notes *notes)
{
    if (notes->slots)
        return 0;
    notes->list = calloc(DEVICE_NOTES_MAX, sizeof *notes->list);
    notes->slots = calloc(SLOTS, sizeof *notes->slots);
    if (notes->list && notes->slots)
        return 0;
    free(notes->list);
    free(notes->slots);
    *notes = (struct store_notes){0};
    return -ENOMEM;
}

/* Makes the first note about the device of that key. 0, -ENOSPC or -ENOMEM. */
static int add(struct store *store, struct device_key key, struct device_note **ret_note)
{
    struct store_notes *notes = &store->notes;
    bool full = notes->count == DEVICE_NOTES_MAX || notes->bytes + NOTE_BYTES > DEVICE_NOTES_BYTES;
    int error = full ? -ENOSPC : reserve(notes);
    struct device_note *note = error ? NULL : pool_new(&store->pool, sizeof *note);
    if (!note)
        return error ? error : -ENOMEM;
    note->key = key;
    notes->slots[find_slot(notes, key)] = notes->count + 1;
    notes->list[notes->count++] = note;
    notes->bytes += NOTE_BYTES;
    *ret_note = note;
    return 0;
}

/* Makes *slot hold a text, within the limit of all texts. 0, -ENOSPC or -ENOMEM. */
static int set_text(struct store *store, const struct string **slot, const char *text,
                    size_t length)
{
    size_t others = store->notes.bytes - string_length(*slot);
    if (others + length > DEVICE_NOTES_BYTES)
        return -ENOSPC;
    intern_set(&store->strings, slot, text, length);
    store->notes.bytes = others + string_length(*slot);
    return length && !*slot ? -ENOMEM : 0;
}

/* The device, if it is there, shows the note from now on. */
static void note_change(struct store *store, const struct device_note *note, uint64_t server_now)
{
    struct device *device = device_find_key(store, note->key);
    store->notes.changes++;
    if (!device)
        return;
    device->note = note;
    device_touch(store, device, server_now);
}

int device_note_set_name(struct store *store, struct device_key key, const char *name,
                         size_t length, uint64_t server_now)
{
    struct device_note *note = device_note_find(store, key);
    int error = note || !length ? 0 : add(store, key, &note);
    if (error || !note)
        return error;
    error = set_text(store, &note->name, name, length);
    if (!error)
        note_change(store, note, server_now);
    return error;
}

/* Where the tag of that name is, or belongs. */
static struct device_tag **find_tag(struct device_note *note, const char *name, size_t length)
{
    struct device_tag **at = &note->tags;
    for (; *at; at = &(*at)->next) {
        const struct string *other = (*at)->name;
        size_t shared = other->length < length ? other->length : length;
        int order = memcmp(other->text, name, shared);
        if (order > 0 || (order == 0 && other->length >= length))
            break;
    }
    return at;
}

static bool is_named(const struct device_tag *tag, const char *name, size_t length)
{
    return tag && tag->name->length == length && memcmp(tag->name->text, name, length) == 0;
}

static void remove_tag(struct store *store, struct device_note *note, struct device_tag **at)
{
    struct device_tag *tag = *at;
    *at = tag->next;
    note->tag_count--;
    store->notes.bytes -= TAG_BYTES;
    set_text(store, &tag->value, "", 0);
    set_text(store, &tag->name, "", 0);
    pool_free(&store->pool, tag, sizeof *tag);
}

/* Puts a new tag where it belongs. 0, -ENOSPC or -ENOMEM. */
static int add_tag(struct store *store, struct device_note *note, struct device_tag **at,
                   const char *name, size_t length)
{
    if (note->tag_count == DEVICE_TAGS_MAX || store->notes.bytes + TAG_BYTES > DEVICE_NOTES_BYTES)
        return -ENOSPC;
    struct device_tag *tag = pool_new(&store->pool, sizeof *tag);
    int error = tag ? set_text(store, &tag->name, name, length) : -ENOMEM;
    if (error) {
        pool_free(&store->pool, tag, sizeof *tag);
        return error;
    }
    tag->next = *at;
    *at = tag;
    note->tag_count++;
    store->notes.bytes += TAG_BYTES;
    return 0;
}

/* Gives a tag its value, making the tag when it is new. 0, -ENOSPC or -ENOMEM. */
static int set_value(struct store *store, struct device_note *note, struct device_tag **at,
                     const char *tag, size_t tag_length, const char *value, size_t value_length)
{
    bool is_new = !is_named(*at, tag, tag_length);
    int error = is_new ? add_tag(store, note, at, tag, tag_length) : 0;
    if (error)
        return error;
    error = set_text(store, &(*at)->value, value, value_length);
    if (error && is_new)
        remove_tag(store, note, at);
    return error;
}

int device_note_set_tag(struct store *store, struct device_key key, const char *tag,
                        size_t tag_length, const char *value, size_t value_length,
                        uint64_t server_now)
{
    struct device_note *note = device_note_find(store, key);
    int error = note || !value_length ? 0 : add(store, key, &note);
    if (error || !note)
        return error;
    struct device_tag **at = find_tag(note, tag, tag_length);
    if (value_length)
        error = set_value(store, note, at, tag, tag_length, value, value_length);
    else if (is_named(*at, tag, tag_length))
        remove_tag(store, note, at);
    if (!error)
        note_change(store, note, server_now);
    return error;
}

void device_note_done(struct store *store)
{
    free(store->notes.list);
    free(store->notes.slots);
    store->notes = (struct store_notes){0};
}
