/* Field lists compiled to programs (reference: field simplification). Input: a request's paths and
 * names, and the table of the record type they are asked of. Output: a program for emit_walk.c,
 * whose entries are grouped by their paths, so that a record on the way is computed once. */
#include "schema/projection.h"

#include <errno.h>
#include <stdlib.h>

#include "schema/emit_program.h"
#include "util/text.h"

enum {
    NAME_LENGTH = 512,  /* bytes of one output name */
    PATH_LENGTH = 2048, /* bytes of one path */
    ORDERS = PROJECTION_FIELDS * (2 * PATH_STEPS + 1),
};

/* One entry of the list, resolved. */
struct entry {
    const struct field *steps[PATH_STEPS];
    size_t count; /* 0: names nothing */
    const char *name;
    size_t name_length;
    bool hidden;
    bool mute;
    bool done;
};

struct compiler {
    struct entry entries[PROJECTION_FIELDS];
    size_t count;
    struct emit_order orders[ORDERS];
    size_t order_count;
};

static bool is_record(const struct field *field)
{
    return field->type == FIELD_RECORD || field->type == FIELD_INLINE;
}

/* The next part between slashes from *at on; false at the end. */
static bool next_part(const char **at, const char **ret_part, size_t *ret_length)
{
    *at += strspn(*at, "/");
    *ret_part = *at;
    *ret_length = strcspn(*at, "/");
    *at += *ret_length;
    return *ret_length > 0;
}

/* Follows a path into the type and sets the entry's steps and name, the last part. */
static void resolve(const struct record_type *type, const char *path, struct entry *entry)
{
    const char *part;
    size_t length;
    bool found = true;
    while (next_part(&path, &part, &length)) {
        const struct field *field = record_find(type, part, length);
        entry->name = part;
        entry->name_length = length;
        found = found && field && entry->count < PATH_STEPS;
        if (!found)
            continue;
        entry->steps[entry->count++] = field;
        type = is_record(field) ? field->record : NULL;
    }
    if (!found)
        entry->count = 0;
}

static int refuse(struct buffer *ret_why, int error, const char *why)
{
    if (ret_why)
        buffer_add_text(ret_why, why);
    return -error;
}

static int add_entry(struct compiler *compiler, const struct record_type *type,
                     const struct field_request *request, struct buffer *ret_why)
{
    struct entry *entry = &compiler->entries[compiler->count];
    if (strlen(request->path) > PATH_LENGTH)
        return refuse(ret_why, E2BIG, "a path of the field list is longer than 2048 bytes");
    resolve(type, request->path, entry);
    if (!entry->name)
        return refuse(ret_why, EINVAL, "a path of the field list is empty");
    if (request->rename && *request->rename) {
        entry->name = request->rename;
        entry->name_length = strlen(request->rename);
    }
    if (entry->name_length > NAME_LENGTH)
        return refuse(ret_why, E2BIG, "a name in the field list is longer than 512 bytes");
    if (text_utf8_valid(entry->name, entry->name_length) != entry->name_length)
        return refuse(ret_why, EINVAL, "a name in the field list is not valid UTF-8");
    compiler->count++;
    return 0;
}

/* The names are the same; with `underscores` a dot equals an underscore. */
static bool same_name(const struct entry *a, const struct entry *b, bool underscores)
{
    if (a->name_length != b->name_length)
        return false;
    for (size_t i = 0; i < a->name_length; i++) {
        char left = a->name[i], right = b->name[i];
        bool alike = underscores && (left == '.' || left == '_') && (right == '.' || right == '_');
        if (left != right && !alike)
            return false;
    }
    return true;
}

/* The name of `a` is that of the description of `b`. */
static bool is_description(const struct entry *a, const struct entry *b)
{
    static const char prefix[] = "description.";
    size_t skip = sizeof prefix - 1;
    return a->name_length == skip + b->name_length && memcmp(a->name, prefix, skip) == 0 &&
           memcmp(a->name + skip, b->name, b->name_length) == 0;
}

/* Of entries with one name the last stays; of those that only differ in dots and underscores the
 * last is the one that formats with underscores write. A description gives way to an entry. */
static void drop_repeated(struct compiler *compiler)
{
    for (size_t i = 0; i < compiler->count; i++) {
        struct entry *entry = &compiler->entries[i];
        for (size_t j = i + 1; j < compiler->count; j++) {
            entry->done |= same_name(entry, &compiler->entries[j], false);
            entry->hidden |= same_name(entry, &compiler->entries[j], true);
        }
        for (size_t j = 0; j < compiler->count; j++)
            entry->mute |= is_description(&compiler->entries[j], entry);
    }
}

static void add_order(struct compiler *compiler, uint8_t code, const struct field *field,
                      const struct entry *entry)
{
    struct emit_order *order = &compiler->orders[compiler->order_count++];
    *order = (struct emit_order){.code = code, .field = field};
    if (!entry)
        return;
    order->kept = true;
    order->hidden = entry->hidden;
    order->mute = entry->mute;
    order->name = entry->name;
    order->name_length = entry->name_length;
}

/* Orders of the entries whose paths begin as `prefix`'s first `depth` steps do, from entry `from`
 * on. Depth is at most PATH_STEPS. */
static void order_entries(struct compiler *compiler, size_t from, const struct entry *prefix,
                          size_t depth)
{
    for (size_t i = from; i < compiler->count; i++) {
        struct entry *entry = &compiler->entries[i];
        bool apart = depth && (entry->count <= depth ||
                               memcmp(entry->steps, prefix->steps, depth * sizeof *entry->steps));
        if (entry->done || apart)
            continue;
        if (entry->count > depth + 1) {
            add_order(compiler, EMIT_ENTER, entry->steps[depth], NULL);
            order_entries(compiler, i, entry, depth + 1);
            add_order(compiler, EMIT_LEAVE, NULL, NULL);
            continue;
        }
        const struct field *field = entry->count ? entry->steps[depth] : NULL;
        add_order(compiler, field ? emit_program_code(field) : EMIT_MISSING, field, entry);
        entry->done = true;
    }
}

static struct projection *finish(struct compiler *compiler)
{
    struct projection *projection = calloc(1, sizeof *projection);
    if (!projection || !compiler->order_count)
        return projection;
    projection->program = emit_program_new(compiler->orders, compiler->order_count);
    if (!projection->program) {
        free(projection);
        projection = NULL;
    }
    return projection;
}

struct projection *projection_new(const struct record_type *type,
                                  const struct field_request *requests, size_t count,
                                  struct buffer *ret_why)
{
    struct compiler *compiler = NULL;
    struct projection *projection = NULL;
    int error = 0;
    if (count > PROJECTION_FIELDS)
        error = refuse(ret_why, E2BIG, "the field list has more than 256 entries");
    else if (!(compiler = calloc(1, sizeof *compiler)))
        error = -ENOMEM;
    for (size_t i = 0; i < count && !error; i++)
        error = add_entry(compiler, type, &requests[i], ret_why);
    if (!error) {
        drop_repeated(compiler);
        order_entries(compiler, 0, NULL, 0);
        projection = finish(compiler);
        error = projection ? 0 : -ENOMEM;
    }
    free(compiler);
    if (error)
        errno = -error;
    return projection;
}

struct projection *projection_summary(const struct record_type *type)
{
    struct compiler *compiler = calloc(1, sizeof *compiler);
    struct projection *projection = NULL;
    if (!compiler)
        return NULL;
    for (size_t i = 0; i < type->count && compiler->order_count < PROJECTION_FIELDS; i++) {
        const struct field *field = &type->fields[i];
        struct entry entry = {.name = field->name, .name_length = strlen(field->name)};
        if (field->flags & FIELD_SUMMARY)
            add_order(compiler, emit_program_code(field), field, &entry);
    }
    projection = finish(compiler);
    free(compiler);
    return projection;
}

void projection_free(struct projection *projection)
{
    if (!projection)
        return;
    emit_program_free(projection->program);
    free(projection);
}
