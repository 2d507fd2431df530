/* Reading and writing the notes about devices. See note_file.h. */
#include "serve/note_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/emit.h"
#include "serve/http/command.h"
#include "serve/notice.h"
#include "serve/monitor.h"
#include "track/device_note.h"

enum {
    SAVE_SECONDS = 3,
    HOLD_NOTES = 64, /* written under one hold of the lock */
};

static const char file_name[] = "device_notes.json", bad_name[] = "device_notes.bad";

/* A member of the record that must be a text within its limit; an empty one where it is missing. */
static bool read_text(const struct command *record, const char *name, size_t most,
                      const char **ret_text, size_t *ret_length)
{
    int error = command_text(record, name, ret_text, ret_length);
    if (error == -ENOENT) {
        *ret_text = "";
        *ret_length = 0;
        return true;
    }
    return !error && device_note_is_text(*ret_text, *ret_length, most);
}

static int load_tags(struct store *store, struct device_key key, const struct command_value *tags)
{
    int error = !tags || tags->type == COMMAND_MAP ? 0 : -EINVAL;
    for (size_t i = 0; tags && !error && i < tags->count; i++) {
        const struct command_member *tag = &tags->members[i];
        const struct command_value *value = &tag->value;
        if (value->type != COMMAND_TEXT ||
            !device_note_is_text(tag->key, tag->key_length, DEVICE_TAG_MAX) ||
            !device_note_is_text(value->text, value->count, DEVICE_TAG_VALUE_MAX))
            error = -EINVAL;
        else
            error = device_note_set_tag(store, key, tag->key, tag->key_length, value->text,
                                        value->count, 0);
    }
    return error;
}

/* One line. 0, -EINVAL, -ENOSPC or -ENOMEM. */
static int load_record(struct store *store, const struct command *record)
{
    struct device_key key;
    const char *text, *name;
    size_t length, name_length;
    if (command_text(record, "kismet.device.base.key", &text, &length) != 0 ||
        device_key_parse(text, length, &key) != 0 ||
        !read_text(record, "kismet.device.base.username", DEVICE_NAME_MAX, &name, &name_length))
        return -EINVAL;
    int error = device_note_set_name(store, key, name, name_length, 0);
    return error ? error : load_tags(store, key, command_find(record, "kismet.device.base.tags"));
}

static int load_line(struct store *store, const char *line, size_t length)
{
    struct arena arena = {0};
    struct command record;
    struct buffer why = {0};
    int error = command_parse_json(line, length, &arena, &record, &why);
    if (!error)
        error = load_record(store, &record);
    arena_done(&arena);
    buffer_done(&why);
    return error;
}

/* The lines that could not be read: how many, and the first of them. */
static unsigned load_lines(struct store *store, const struct buffer *file, unsigned *ret_first)
{
    const char *at = (const char *)file->data, *end = at + file->length;
    unsigned number = 0, bad = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        number++;
        if (length && load_line(store, at, length) != 0 && !bad++)
            *ret_first = number;
        at += length + 1;
    }
    return bad;
}

/* The whole file; 0, or -errno. */
static int read_file(struct monitor *monitor, struct buffer *file)
{
    char path[PATH_MAX];
    enum { STEP = 64 * 1024 };
    snprintf(path, sizeof path, "%s/%s", monitor->config->home, file_name);
    int descriptor = launcher_open_read(monitor->launcher, path);
    if (descriptor < 0)
        return descriptor;
    ssize_t count = 1;
    while (count > 0 && buffer_room(file, STEP)) {
        count = read(descriptor, file->data + file->length, STEP);
        if (count > 0)
            buffer_advance(file, (size_t)count);
    }
    int error = count < 0 ? -errno : file->failed ? -EFBIG : 0;
    close(descriptor);
    return error;
}

void note_file_load(struct monitor *monitor)
{
    struct buffer file = {.ceiling = LAUNCHER_WRITE_MAX + 128 * 1024};
    unsigned first = 0;
    int error = read_file(monitor, &file);
    unsigned bad = error ? 0 : load_lines(monitor->store, &file, &first);
    if (error && error != -ENOENT)
        notice_complain(monitor, "norn: cannot read the names and tags of devices in %s/%s: %s",
                        monitor->config->home, file_name, strerror(-error));
    if (bad) {
        notice_complain(monitor,
                        "norn: %u lines of %s/%s hold no name or tag of a device (the first is "
                        "line %u): the file is kept as %s",
                        bad, monitor->config->home, file_name, first, bad_name);
        launcher_write_home(monitor->launcher, bad_name, file.data, file.length);
    }
    monitor->note_file.saved = monitor->store->notes.changes;
    buffer_done(&file);
}

/* Writes the notes from place *at on, under one hold of the lock; true when that was all. */
static bool write_some(struct store *store, uint32_t *at, struct buffer *file)
{
    struct view view;
    struct view_tables tables;
    const struct store_notes *notes = &store->notes;
    store_lock_read(store);
    store_view(store, monitor_now(), &view, &tables);
    for (uint32_t end = *at + HOLD_NOTES; *at < notes->count && *at < end; ++*at) {
        struct emitter emitter = {.buffer = file, .format = FORMAT_JSON};
        const struct device_note *note = notes->list[*at];
        if (!note->name && !note->tags)
            continue;
        emit_record(&emitter, &device_note_type, NULL, note, &view);
        buffer_add_byte(file, '\n');
    }
    bool all = *at == notes->count;
    store_unlock(store);
    return all;
}

static uint64_t count_changes(struct store *store)
{
    store_lock_read(store);
    uint64_t changes = store->notes.changes;
    store_unlock(store);
    return changes;
}

void note_file_save(struct monitor *monitor, bool now)
{
    struct note_file *state = &monitor->note_file;
    struct buffer file = {.ceiling = LAUNCHER_WRITE_MAX};
    uint64_t changes = count_changes(monitor->store), clock = monitor_now();
    uint32_t at = 0;
    if (changes == state->saved || (!now && clock < state->tried + SAVE_SECONDS))
        return;
    state->tried = clock;
    while (!write_some(monitor->store, &at, &file))
        ;
    int error = file.failed
                    ? -EFBIG
                    : launcher_write_home(monitor->launcher, file_name, file.data, file.length);
    buffer_done(&file);
    if (!error)
        state->saved = changes;
    else if (!state->complained)
        notice_complain(monitor, "norn: cannot keep the names and tags of devices in %s/%s: %s",
                        monitor->config->home, file_name, strerror(-error));
    state->complained = error != 0;
}
