/* Notes: the names and tags that operators give devices. They are kept by the device's key, also
 * while there is no such device, and apply as soon as it appears. Input: commands, the file of an
 * earlier run. Whoever changes one holds the write lock, whoever reads one the read lock. */
#ifndef NORN_TRACK_DEVICE_NOTE_H
#define NORN_TRACK_DEVICE_NOTE_H

#include "track/store.h"

enum {
    DEVICE_NOTES_MAX = 32768,             /* devices that ever had one since the start */
    DEVICE_NOTES_BYTES = 6 * 1024 * 1024, /* of all texts, with what stands around them in a file */
    DEVICE_NAME_MAX = 256,                /* bytes */
    DEVICE_TAGS_MAX = 64,
    DEVICE_TAG_MAX = 64, /* bytes of its name */
    DEVICE_TAG_VALUE_MAX = 512,
};

/* The note about the device of that key, or NULL. */
struct device_note *device_note_find(const struct store *store, struct device_key key);

/* True for valid UTF-8 of at most that many bytes, without control characters. */
bool device_note_is_text(const char *text, size_t length, size_t most);

/* Gives a device a name, or a tag its value; an empty one takes it away. All are texts as above.
 * `server_now` (seconds) is when. 0, -ENOSPC at a limit, -ENOMEM. */
int device_note_set_name(struct store *store, struct device_key key, const char *name,
                         size_t length, uint64_t server_now);
int device_note_set_tag(struct store *store, struct device_key key, const char *tag,
                        size_t tag_length, const char *value, size_t value_length,
                        uint64_t server_now);

/* Gives back the memory of all notes. */
void device_note_done(struct store *store);

#endif
