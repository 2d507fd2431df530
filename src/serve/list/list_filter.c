/* Regular expressions and search terms over the values of records. See list_filter.h. */
#include "serve/list/list_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

struct pair {
    struct path path; /* no steps: names nothing */
    struct pattern *pattern;
};

/* A path that is searched. Where it leads to interned strings, many records share one: the newest
 * is looked at once. */
struct searched {
    struct path path;
    bool is_interned;
    bool is_member; /* an interned string that is a plain member of the record itself */
    bool found;
    const char *text;
    size_t length;
};

struct list_filter {
    const struct record_type *type;
    struct pattern_budget *budget;
    struct buffer text; /* of the value at hand */
    struct pair *pairs;
    size_t pair_count;
    struct searched *searched;
    size_t searched_count;
    size_t term_length;
    uint8_t term[LIST_SEARCH_MAX]; /* small letters */
    size_t digit_count;
    uint8_t digits[12];  /* of the term where it has nothing else: one a hex digit */
    bool is_hexadecimal; /* the term may be part of an address, key, UUID or bytes */
};

struct list_filter *list_filter_new(const struct record_type *type, struct pattern_budget *budget)
{
    struct list_filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return NULL;
    filter->type = type;
    filter->budget = budget;
    return filter;
}

void list_filter_free(struct list_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->pair_count; i++)
        pattern_free(filter->pairs[i].pattern);
    buffer_done(&filter->text);
    free(filter->pairs);
    free(filter->searched);
    free(filter);
}

static int compile_pair(const struct list_filter *filter, const struct command_pair *from,
                        struct pair *pair, struct buffer *ret_why)
{
    int error = path_parse(filter->type, from->path, from->path_length, &pair->path);
    if (error == -E2BIG) {
        buffer_add_text(ret_why, "a path of the regex list has too many parts");
        return -EINVAL;
    }
    pair->pattern = pattern_new(from->pattern, from->pattern_length, ret_why);
    return pair->pattern ? 0 : -errno;
}

int list_filter_match(struct list_filter *filter, const struct command_pair *pairs, size_t count,
                      struct buffer *ret_why)
{
    if (count > PATTERNS_MAX) {
        buffer_printf(ret_why, "the regex list has more than %d pairs", PATTERNS_MAX);
        return -EINVAL;
    }
    filter->pairs = calloc(count, sizeof *filter->pairs);
    if (!filter->pairs)
        return -ENOMEM;
    for (; filter->pair_count < count; filter->pair_count++) {
        int error = compile_pair(filter, &pairs[filter->pair_count],
                                 &filter->pairs[filter->pair_count], ret_why);
        if (error)
            return error;
    }
    return 0;
}

static uint8_t fold(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter;
}

/* Keeps the term, and its hex digits where it has nothing else. */
static void set_term(struct list_filter *filter, const char *term, size_t length)
{
    size_t digits = 0, marks = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = text_hex_digit(term[i]);
        filter->term[i] = fold((uint8_t)term[i]);
        if (digit >= 0 && digits < sizeof filter->digits)
            filter->digits[digits] = (uint8_t)digit;
        digits += digit >= 0;
        marks += strchr(":-_", term[i]) != NULL;
    }
    filter->term_length = length;
    filter->is_hexadecimal = digits + marks == length;
    filter->digit_count = digits == length && length <= sizeof filter->digits ? length : 0;
}

/* True when what the path finds may have a text: numbers are not compared. */
static bool is_compared(const struct path *path)
{
    const struct field *last = path->steps[path->count - 1].field;
    if (!last)
        return true;
    enum field_type type = last->next ? last->element : last->type;
    return type <= FIELD_TEXT || (type >= FIELD_MAC && type <= FIELD_BYTES) || type == FIELD_LIST;
}

int list_filter_search(struct list_filter *filter, const char *term,
                       const struct field_request *paths, size_t count)
{
    size_t length = strlen(term);
    if (length > LIST_SEARCH_MAX)
        return -E2BIG;
    filter->searched = calloc(count + 1, sizeof *filter->searched);
    if (!filter->searched)
        return -ENOMEM;
    set_term(filter, term, length);
    for (size_t i = 0; i < count; i++) {
        struct searched *searched = &filter->searched[filter->searched_count];
        int error = path_parse(filter->type, paths[i].path, strlen(paths[i].path), &searched->path);
        if (error == -E2BIG)
            return error;
        if (error || !is_compared(&searched->path))
            continue; /* what names nothing holds nothing */
        const struct field *last = searched->path.steps[searched->path.count - 1].field;
        searched->is_interned = last && last->type == FIELD_STRING && !last->get;
        searched->is_member = searched->is_interned && searched->path.count == 1;
        filter->searched_count++;
    }
    return 0;
}

bool list_filter_is_deep(const struct list_filter *filter)
{
    bool deep = false;
    for (size_t i = 0; i < filter->searched_count; i++)
        deep |= filter->searched[i].path.count > 1;
    for (size_t i = 0; i < filter->pair_count; i++)
        deep |= filter->pairs[i].path.count > 1;
    return deep;
}

void list_filter_begin(struct list_filter *filter)
{
    for (size_t i = 0; i < filter->searched_count; i++)
        filter->searched[i].text = NULL;
}

/* Gives the text of a value as printed; false for kinds that are not compared. */
static bool print_value(struct buffer *scratch, const struct value *value, const char **ret_text,
                        size_t *ret_length)
{
    switch (value->type) {
    case FIELD_STRING:
    case FIELD_TEXT:
        *ret_text = value->text ? value->text : "";
        *ret_length = value->length;
        return true;
    case FIELD_MAC:
    case FIELD_UUID:
    case FIELD_KEY:
    case FIELD_BYTES:
        scratch->length = 0;
        value_text(value, scratch);
        *ret_text = (const char *)scratch->data;
        *ret_length = scratch->length;
        return scratch->length > 0;
    default: return false;
    }
}

/* What one path's values are tried against. */
struct trial {
    struct list_filter *filter;
    struct pattern *pattern;
    struct searched *searched;
};

static bool match_value(void *context, const struct value *value)
{
    struct trial *trial = context;
    const char *text;
    size_t length;
    return print_value(&trial->filter->text, value, &text, &length) &&
           pattern_budget_try(trial->filter->budget, trial->pattern, text, length);
}

static bool holds_term(const struct list_filter *filter, const char *text, size_t length)
{
    const uint8_t *term = filter->term;
    size_t size = filter->term_length;
    for (size_t at = 0; at + size <= length; at++) {
        size_t same = 0;
        while (same < size && fold((uint8_t)text[at + same]) == term[same])
            same++;
        if (same == size)
            return true;
    }
    return false;
}

/* The term's digits stand in the address, from the beginning of an octet on. */
static bool holds_digits(const struct list_filter *filter, struct macaddr mac)
{
    if (!filter->digit_count)
        return false;
    for (size_t at = 0; at + filter->digit_count <= 12; at += 2) {
        size_t same = 0;
        for (; same < filter->digit_count; same++) {
            size_t digit = at + same;
            uint8_t octet = mac.octet[digit / 2];
            if ((digit % 2 ? octet & 15 : octet >> 4) != filter->digits[same])
                break;
        }
        if (same == filter->digit_count)
            return true;
    }
    return false;
}

/* The same for interned strings. */
static bool holds_string(const struct list_filter *filter, struct searched *searched,
                         const char *text, size_t length)
{
    if (text == searched->text && length == searched->length)
        return searched->found;
    searched->text = text;
    searched->length = length;
    searched->found = holds_term(filter, text, length);
    return searched->found;
}

static bool search_value(void *context, const struct value *value)
{
    enum { OCTET_DIGITS = 2 };
    struct trial *trial = context;
    struct list_filter *filter = trial->filter;
    const char *text;
    size_t length;
    if (value->type >= FIELD_MAC && !filter->is_hexadecimal)
        return false;
    if (value->type == FIELD_MAC && holds_digits(filter, value->mac))
        return true;
    if (value->type == FIELD_MAC && filter->digit_count > OCTET_DIGITS)
        return false; /* there are colons in the text */
    if (!print_value(&filter->text, value, &text, &length))
        return false;
    return trial->searched->is_interned ? holds_string(filter, trial->searched, text, length)
                                        : holds_term(filter, text, length);
}

static bool is_found(struct list_filter *filter, const void *record, struct view *view)
{
    struct trial trial = {.filter = filter};
    for (size_t i = 0; i < filter->searched_count; i++) {
        struct searched *searched = trial.searched = &filter->searched[i];
        const uint8_t *member = (const uint8_t *)record + searched->path.steps[0].field->offset;
        const struct string *string =
            searched->is_member ? *(const struct string *const *)member : NULL;
        if (searched->is_member
                ? holds_string(filter, searched, string_text(string), string_length(string))
                : path_any(&searched->path, record, view, search_value, &trial))
            return true;
    }
    return false;
}

static bool is_matched(struct list_filter *filter, const void *record, struct view *view)
{
    struct trial trial = {.filter = filter};
    for (size_t i = 0; i < filter->pair_count; i++) {
        trial.pattern = filter->pairs[i].pattern;
        if (path_any(&filter->pairs[i].path, record, view, match_value, &trial))
            return true;
    }
    return false;
}

bool list_filter_keeps(struct list_filter *filter, const void *record, struct view *view)
{
    return (!filter->searched || is_found(filter, record, view)) &&
           (!filter->pairs || is_matched(filter, record, view));
}
