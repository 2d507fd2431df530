/* Lists of configuration lines and how one overrides another. See config_entries.h. */
#include "util/config_entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void free_entry(struct config_entry *entry)
{
    free(entry->key);
    free(entry->value);
}

static int make_room(struct config_entries *entries)
{
    if (entries->count >= CONFIG_ENTRIES_MAX)
        return -ENOSPC;
    if (entries->count < entries->capacity)
        return 0;
    size_t capacity = entries->capacity ? entries->capacity * 2 : 64;
    struct config_entry *items = reallocarray(entries->items, capacity, sizeof *items);
    if (!items)
        return -ENOMEM;
    entries->items = items;
    entries->capacity = capacity;
    return 0;
}

int config_entries_add(struct config_entries *entries, const struct config_line *line,
                       const char *path, enum config_layer layer)
{
    int result = make_room(entries);
    if (result != 0)
        return result;
    struct config_entry entry = {.key = strdup(line->key),
                                 .value = strdup(line->value),
                                 .path = path,
                                 .line = line->number,
                                 .append = line->append,
                                 .bare = line->bare,
                                 .layer = layer};
    if (!entry.key || !entry.value) {
        free_entry(&entry);
        return -ENOMEM;
    }
    entries->items[entries->count++] = entry;
    return 0;
}

const struct config_entry *config_entries_find(const struct config_entries *entries,
                                               const char *key)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->items[i].key, key) == 0)
            return &entries->items[i];
    return NULL;
}

void config_entries_drop(struct config_entries *entries, const char *key)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++) {
        if (strcmp(entries->items[i].key, key) == 0)
            free_entry(&entries->items[i]);
        else
            entries->items[kept++] = entries->items[i];
    }
    entries->count = kept;
}

/* Whether an earlier plain line of the same list has dropped this key from the base already. */
static bool dropped_before(const struct config_entries *over, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!over->items[i].append && strcmp(over->items[i].key, over->items[index].key) == 0)
            return true;
    return false;
}

int config_entries_override(struct config_entries *base, struct config_entries *over)
{
    for (size_t i = 0; i < over->count; i++)
        if (!over->items[i].append && !dropped_before(over, i))
            config_entries_drop(base, over->items[i].key);
    size_t moved = 0;
    int result = 0;
    for (; moved < over->count && (result = make_room(base)) == 0; moved++)
        base->items[base->count++] = over->items[moved];
    for (size_t i = moved; i < over->count; i++)
        free_entry(&over->items[i]);
    over->count = 0;
    return result;
}

void config_entries_done(struct config_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        free_entry(&entries->items[i]);
    free(entries->items);
    *entries = (struct config_entries){0};
}
