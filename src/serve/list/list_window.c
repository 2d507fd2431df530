/* The variables of pages and DataTables. See list_window.h. Two senses of direction are kept apart:
 * sort_dir is Kismet's, where asc puts the larger first; order is norn's own and means what it
 * says, as does the dir of DataTables. */
#include "serve/list/list_window.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "serve/list/list_filter.h"
#include "serve/http/reply.h"
#include "util/text.h"

/* A variable of the form or the query, else the command's member of that name; NULL: neither. */
static const char *find_word(const struct request *request, const char *name)
{
    const char *text = request_variable(request, name);
    size_t length;
    if (!text && command_word(request_command(request), name, &text, &length) != 0)
        return NULL;
    return text && *text ? text : NULL;
}

/* A count of records: `fallback` where there is none. False when 400 was replied instead. */
static bool read_count(struct request *request, const char *name, int64_t least, int64_t fallback,
                       int64_t *ret_count)
{
    const char *text = find_word(request, name);
    *ret_count = fallback;
    if (!text || (text_parse_i64(text, strlen(text), ret_count) == 0 && *ret_count >= least))
        return true;
    reply_error(request, 400, "%s is '%.40s': it takes a whole number, %lld or more", name, text,
                (long long)least);
    return false;
}

static uint32_t clamp(int64_t count)
{
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* The pages are counted from 0. */
static bool read_page(struct request *request, struct list_window *window)
{
    int64_t page, length;
    const char *name = find_word(request, "length") ? "length" : "size";
    if (!read_count(request, "page", 0, 0, &page) || !read_count(request, name, 0, -1, &length))
        return false;
    if (length < 0) {
        reply_error(request, 400,
                    "page needs length (or size): how many records a page holds; pages are "
                    "counted from 0");
        return false;
    }
    window->mode = LIST_PAGED;
    window->length = clamp(length);
    window->start = length && page > UINT32_MAX / length ? UINT32_MAX : clamp(page * length);
    return true;
}

/* Which word stands for which direction; the first one is the ascending one. */
static bool read_direction(struct request *request, const char *name, const char *ascending,
                           const char *descending, bool *ret_descending)
{
    const char *text = find_word(request, name);
    if (!text)
        return true;
    *ret_descending = strcasecmp(text, descending) == 0;
    if (*ret_descending || strcasecmp(text, ascending) == 0)
        return true;
    reply_error(request, 400, "%s is '%.40s': it takes %s or %s", name, text, ascending,
                descending);
    return false;
}

/* The first path in a text or in lists of such; NULL where there is none. */
static const char *first_path(const struct command_value *value)
{
    while (value && value->type == COMMAND_LIST)
        value = value->count ? &value->items[0] : NULL;
    return value && value->type == COMMAND_TEXT ? value->text : NULL;
}

/* The path of a column in the command's colmap, {"0": path, ...}. */
static const char *find_mapped(const struct request *request, const char *number)
{
    const struct command_value *map = command_find(request_command(request), "colmap");
    for (size_t i = 0; map && map->type == COMMAND_MAP && i < map->count; i++)
        if (strcmp(map->members[i].key, number) == 0)
            return first_path(&map->members[i].value);
    return NULL;
}

/* The path of a column by what DataTables itself says of it: names with a backslash before each of
 * their dots, joined by dots. NULL without such a column. */
static const char *find_column(struct request *request, const char *number)
{
    char name[40];
    snprintf(name, sizeof name, "columns[%.20s][data]", number);
    const char *data = request_variable(request, name);
    char *path = data ? arena_copy(request_arena(request), data, strlen(data)) : NULL;
    if (!path)
        return NULL;
    char *to = path;
    for (const char *from = path; *from; from++) {
        bool escaped = *from == '\\' && from[1];
        from += escaped;
        *to++ = *from == '.' && !escaped && strchr(data, '\\') ? '/' : *from;
    }
    *to = '\0';
    return path;
}

/* The name that a field list gives to an entry: its own, or its path's last part. */
static const char *output_name(const struct field_request *entry)
{
    const char *slash = strrchr(entry->path, '/');
    return entry->rename ? entry->rename : slash ? slash + 1 : entry->path;
}

/* The path behind what a field list calls `name`; the name itself where none does. */
static const char *find_named(const struct list_window *window, const char *name)
{
    for (size_t i = 0; name && i < window->path_count; i++)
        if (strcmp(output_name(&window->paths[i]), name) == 0)
            return window->paths[i].path;
    return name;
}

static bool read_order(struct request *request, struct list_window *window)
{
    const char *column = find_word(request, "order[0][column]");
    if (column) {
        window->sort = find_mapped(request, column);
        if (!window->sort)
            window->sort = find_named(window, find_column(request, column));
    }
    return read_direction(request, "order[0][dir]", "asc", "desc", &window->descending);
}

/* Without a field list the search looks through the columns. */
static bool read_columns(struct request *request, struct list_window *window)
{
    struct field_request *paths =
        arena_new(request_arena(request), PROJECTION_FIELDS * sizeof *paths);
    size_t count = 0;
    char number[12];
    if (!paths) {
        reply_error(request, 503, "out of memory");
        return false;
    }
    for (; count < PROJECTION_FIELDS; count++) {
        snprintf(number, sizeof number, "%zu", count);
        paths[count].path = find_column(request, number);
        if (!paths[count].path)
            break;
    }
    window->paths = paths;
    window->path_count = count;
    return true;
}

static bool read_draw(struct request *request, struct list_window *window)
{
    int64_t draw, start, length;
    const char *term = find_word(request, "search[value]");
    if (!read_count(request, "draw", 0, 0, &draw) || !read_count(request, "start", 0, 0, &start) ||
        !read_count(request, "length", -1, LIST_DRAW_MAX, &length))
        return false;
    if (!window->paths && !read_columns(request, window))
        return false;
    window->mode = LIST_DRAWN;
    window->draw = (uint64_t)draw;
    window->start = clamp(start);
    window->length = length > 0 && length < LIST_DRAW_MAX ? (uint32_t)length : LIST_DRAW_MAX;
    if (term)
        window->search = term;
    return read_order(request, window);
}

/* A field list also says what is searched; where it is wrong the reply says so later. */
static void read_paths(const struct request *request, struct list_window *window)
{
    struct buffer why = {0};
    if (command_fields(request_command(request), &window->paths, &window->path_count, &why) != 0)
        window->path_count = 0;
    buffer_done(&why);
}

bool list_window_read(struct request *request, struct list_window *ret_window)
{
    struct list_window window = {.mode = LIST_WHOLE};
    bool drawn = false, read = true;
    const char *datatable = find_word(request, "datatable");
    if (command_boolean(request_command(request), "datatable", &drawn) == -ENOENT)
        drawn = find_word(request, "draw") ||
                (datatable && text_parse_bool(datatable, strlen(datatable), &drawn) == 0 && drawn);
    window.sort = find_word(request, "sort");
    window.search = find_word(request, "search");
    read_paths(request, &window);
    if (drawn)
        read = read_draw(request, &window);
    else if (find_word(request, "page"))
        read = read_page(request, &window);
    if (!read || !read_direction(request, "sort_dir", "desc", "asc", &window.descending) ||
        !read_direction(request, "order", "ascending", "descending", &window.descending))
        return false;
    if (window.search && strlen(window.search) > LIST_SEARCH_MAX) {
        reply_error(request, 400, "the search term may have %d bytes at most", LIST_SEARCH_MAX);
        return false;
    }
    *ret_window = window;
    return true;
}
