/* Conditions: a path, a relation, a value. See list_where.h. */
#include "serve/list/list_where.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum relation { EQUAL, DIFFERENT, LESS, AT_MOST, MORE, AT_LEAST, MATCHING, RELATIONS };

/* As they are written. */
static const char *const relation_words[RELATIONS];

struct condition {
    struct path path;
    bool is_known; /* the path names something */
    enum relation relation;
    bool is_number;
    double number;
    const char *text; /* of the command */
    size_t length;
    struct pattern *pattern; /* MATCHING */
};

struct list_where {
    struct pattern_budget *budget;
    struct buffer text; /* of the value at hand */
    size_t count;
    struct condition conditions[];
};

static int refuse(struct buffer *why, size_t number, const char *reason)
{
    buffer_printf(why, "entry %zu of where %s", number, reason);
    return -EINVAL;
}

static int read_relation(const struct command_value *value, enum relation *ret_relation)
{
    for (int i = 0; value->type == COMMAND_TEXT && i < RELATIONS; i++) {
        if (strcmp(value->text, relation_words[i]) != 0)
            continue;
        *ret_relation = (enum relation)i;
        return 0;
    }
    return -EINVAL;
}

static int read_value(const struct command_value *value, struct condition *condition)
{
    condition->is_number = true;
    switch (value->type) {
    case COMMAND_BOOLEAN: condition->number = value->boolean; return 0;
    case COMMAND_INTEGER: condition->number = (double)value->integer; return 0;
    case COMMAND_NUMBER: condition->number = value->number; return 0;
    case COMMAND_TEXT: break;
    default: return -EINVAL;
    }
    condition->is_number = false;
    condition->text = value->text;
    condition->length = value->count;
    return 0;
}

static int compile(const struct record_type *type, const struct command_value *triple,
                   size_t number, struct condition *condition, struct buffer *why)
{
    const struct command_value *parts = triple->items;
    if (triple->type != COMMAND_LIST || triple->count != 3 || parts[0].type != COMMAND_TEXT)
        return refuse(why, number, "must be [path, relation, value]");
    if (read_relation(&parts[1], &condition->relation) != 0)
        return refuse(why, number, "has a relation other than = != < <= > >= ~");
    if (read_value(&parts[2], condition) != 0)
        return refuse(why, number, "must compare with a text or a number");
    int error = path_parse(type, parts[0].text, parts[0].count, &condition->path);
    if (error == -E2BIG)
        return refuse(why, number, "has a path of too many parts");
    condition->is_known = !error;
    if (condition->relation != MATCHING)
        return 0;
    if (condition->is_number)
        return refuse(why, number, "matches with a pattern, which is a text");
    condition->pattern = pattern_new(condition->text, condition->length, why);
    return condition->pattern ? 0 : -errno;
}

struct list_where *list_where_new(const struct record_type *type, const struct command *command,
                                  struct pattern_budget *budget, struct buffer *ret_why)
{
    const struct command_value *items;
    size_t count = 0;
    int error = command_list(command, "where", &items, &count);
    if (error == -EINVAL)
        buffer_add_text(ret_why, "where must be a list of [path, relation, value]");
    else if (!error && count > CONDITIONS_MAX)
        error = refuse(ret_why, CONDITIONS_MAX + 1, "is one too many");
    else if (!error && !count)
        error = -ENOENT;
    struct list_where *where =
        error ? NULL : calloc(1, sizeof *where + count * sizeof *where->conditions);
    if (where)
        where->budget = budget;
    for (; where && !error && where->count < count; where->count++)
        error = compile(type, &items[where->count], where->count + 1,
                        &where->conditions[where->count], ret_why);
    if (where && !error)
        return where;
    list_where_free(where);
    errno = error ? -error : ENOMEM;
    return NULL;
}

void list_where_free(struct list_where *where)
{
    if (!where)
        return;
    for (size_t i = 0; i < where->count; i++)
        pattern_free(where->conditions[i].pattern);
    buffer_done(&where->text);
    free(where);
}

bool list_where_is_deep(const struct list_where *where)
{
    bool deep = false;
    for (size_t i = 0; i < where->count; i++)
        deep |= where->conditions[i].path.count > 1;
    return deep;
}

static bool holds(enum relation relation, int order)
{
    switch (relation) {
    case EQUAL: return order == 0;
    case DIFFERENT: return order != 0;
    case LESS: return order < 0;
    case AT_MOST: return order <= 0;
    case MORE: return order > 0;
    case AT_LEAST: return order >= 0;
    default: return false;
    }
}

/* True with the value as a number; false for kinds that are none. */
static bool take_number(const struct value *value, double *ret_number)
{
    switch (value->type) {
    case FIELD_INT8:
    case FIELD_INT16:
    case FIELD_INT32:
    case FIELD_INT64: *ret_number = (double)value->integer; return true;
    case FIELD_UINT8:
    case FIELD_UINT16:
    case FIELD_UINT32:
    case FIELD_UINT64:
    case FIELD_BOOLEAN: *ret_number = (double)value->natural; return true;
    case FIELD_FLOAT:
    case FIELD_DOUBLE: *ret_number = value->number; return true;
    default: return false;
    }
}

/* True with the value as the text that is published; false for kinds that have none. */
static bool take_text(struct buffer *scratch, const struct value *value, const char **ret_text,
                      size_t *ret_length)
{
    if (value->type == FIELD_STRING || value->type == FIELD_TEXT) {
        *ret_text = value->text ? value->text : "";
        *ret_length = value->length;
        return true;
    }
    if (value->type < FIELD_MAC || value->type > FIELD_BYTES)
        return false;
    scratch->length = 0;
    value_text(value, scratch);
    *ret_text = (const char *)scratch->data;
    *ret_length = scratch->length;
    return scratch->length > 0;
}

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t length = a_length < b_length ? a_length : b_length;
    int order = length ? memcmp(a, b, length) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

struct trial {
    struct list_where *where;
    const struct condition *condition;
};

static bool meets(void *context, const struct value *value)
{
    struct trial *trial = context;
    const struct condition *condition = trial->condition;
    const char *text;
    size_t length;
    double number;
    if (value->absent)
        return false;
    if (condition->is_number)
        return take_number(value, &number) &&
               holds(condition->relation,
                     (number > condition->number) - (number < condition->number));
    if (!take_text(&trial->where->text, value, &text, &length))
        return false;
    if (condition->pattern)
        return pattern_budget_try(trial->where->budget, condition->pattern, text, length);
    return holds(condition->relation,
                 compare_texts(text, length, condition->text, condition->length));
}

bool list_where_keeps(struct list_where *where, const void *record, struct view *view)
{
    bool kept = true;
    for (size_t i = 0; kept && i < where->count; i++) {
        const struct condition *condition = &where->conditions[i];
        struct trial trial = {where, condition};
        kept = condition->is_known && path_any(&condition->path, record, view, meets, &trial);
    }
    return kept;
}

static const char *const relation_words[RELATIONS] = {"=", "!=", "<", "<=", ">", ">=", "~"};
