/* The store of option values: an array of rows sorted by key, each with the values set for it.
 * Input: owners' tables and checked texts. Output: texts, numbers and lists by key. */
#include "util/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

enum { VALUES_MAX = 4096 }; /* of one OPTION_LIST key */

struct slot {
    const struct option *row;
    char **values;
    size_t count;
};

struct options {
    struct slot *slots; /* sorted by key */
    size_t count;
    const struct option_table *tables;
};

static int compare_slots(const void *a, const void *b)
{
    return strcmp(((const struct slot *)a)->row->key, ((const struct slot *)b)->row->key);
}

struct options *options_new(const struct option_table *tables)
{
    size_t count = 0;
    for (const struct option_table *table = tables; table->name; table++)
        count += table->count;
    struct options *options = calloc(1, sizeof *options);
    struct slot *slots = calloc(count ? count : 1, sizeof *slots);
    if (!options || !slots) {
        free(options);
        free(slots);
        return NULL;
    }
    for (const struct option_table *table = tables; table->name; table++)
        for (size_t i = 0; i < table->count; i++)
            slots[options->count++].row = &table->options[i];
    qsort(slots, count, sizeof *slots, compare_slots);
    options->slots = slots;
    options->tables = tables;
    return options;
}

static void clear_slot(struct slot *slot)
{
    for (size_t i = 0; i < slot->count; i++)
        free(slot->values[i]);
    free(slot->values);
    slot->values = NULL;
    slot->count = 0;
}

void options_free(struct options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < options->count; i++)
        clear_slot(&options->slots[i]);
    free(options->slots);
    free(options);
}

const struct option_table *options_tables(const struct options *options)
{
    return options->tables;
}

static struct slot *find_slot(const struct options *options, const char *key)
{
    size_t low = 0, high = options->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(key, options->slots[middle].row->key);
        if (order == 0)
            return &options->slots[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The slot of a key that the program itself names; a wrong one is our own mistake. */
static struct slot *get_slot(const struct options *options, const char *key)
{
    struct slot *slot = find_slot(options, key);
    if (!slot) {
        fprintf(stderr, "norn: no such option: %s\n", key);
        abort();
    }
    return slot;
}

const struct option *options_find(const struct options *options, const char *key)
{
    struct slot *slot = find_slot(options, key);
    return slot ? slot->row : NULL;
}

const char *options_nearest(const struct options *options, const char *key)
{
    size_t length = strlen(key);
    unsigned best = length > 12 ? 5 : length > 5 ? 4 : length > 2 ? 3 : 2;
    const char *nearest = NULL;
    for (size_t i = 0; i < options->count; i++) {
        unsigned distance = text_distance(key, options->slots[i].row->key);
        if (distance < best) {
            best = distance;
            nearest = options->slots[i].row->key;
        }
    }
    return nearest;
}

/* Whether `value` is one of the '|'-separated words; ret_word gets the word as the row spells it.
 */
static bool find_choice(const char *choices, const char *value, const char **ret_word,
                        size_t *ret_length)
{
    size_t wanted = strlen(value);
    for (const char *word = choices; *word;) {
        size_t length = strcspn(word, "|");
        if (length == wanted && strncasecmp(word, value, length) == 0) {
            *ret_word = word;
            *ret_length = length;
            return true;
        }
        word += length + (word[length] == '|');
    }
    return false;
}

static int check_integer(const struct option *row, const char *value, struct buffer *ret_why)
{
    int64_t number;
    if (text_parse_i64(value, strlen(value), &number) == 0 && number >= row->minimum &&
        number <= row->maximum)
        return 0;
    buffer_printf(ret_why, "%s takes a whole number from %lld to %lld, not '%.80s'", row->key,
                  (long long)row->minimum, (long long)row->maximum, value);
    return -EINVAL;
}

int options_check(const struct option *row, const char *value, struct buffer *ret_why)
{
    size_t length = strlen(value);
    const char *word;
    bool truth;
    if (text_utf8_valid(value, length) != length) {
        buffer_printf(ret_why, "the value of %s is not valid UTF-8", row->key);
        return -EINVAL;
    }
    switch (row->type) {
    case OPTION_TEXT:
    case OPTION_LIST: return 0;
    case OPTION_INTEGER: return check_integer(row, value, ret_why);
    case OPTION_BOOLEAN:
        if (text_parse_bool(value, length, &truth) == 0)
            return 0;
        buffer_printf(ret_why, "%s takes true or false, not '%.80s'", row->key, value);
        return -EINVAL;
    case OPTION_CHOICE:
        if (find_choice(row->choices, value, &word, &length))
            return 0;
        buffer_printf(ret_why, "%s takes one of %s, not '%.80s'", row->key, row->choices, value);
        return -EINVAL;
    }
    return -EINVAL;
}

/* The value as it is kept: choices in the row's own spelling. */
static char *copy_value(const struct option *row, const char *value)
{
    const char *word;
    size_t length;
    if (row->type == OPTION_CHOICE && find_choice(row->choices, value, &word, &length))
        return strndup(word, length);
    return strdup(value);
}

int options_set(struct options *options, const char *key, const char *value, struct buffer *ret_why)
{
    struct slot *slot = find_slot(options, key);
    if (!slot) {
        buffer_printf(ret_why, "unknown option '%.80s'", key);
        return -ENOENT;
    }
    int result = options_check(slot->row, value, ret_why);
    if (result != 0)
        return result;
    bool list = slot->row->type == OPTION_LIST;
    if (list && slot->count >= VALUES_MAX) {
        buffer_printf(ret_why, "%s is given more than %d times", key, VALUES_MAX);
        return -EINVAL;
    }
    char *copy = copy_value(slot->row, value);
    size_t kept = list ? slot->count : 0;
    char **values = copy ? reallocarray(NULL, kept + 1, sizeof *values) : NULL;
    if (!values) {
        free(copy);
        return -ENOMEM;
    }
    if (kept)
        memcpy(values, slot->values, kept * sizeof *values);
    values[kept] = copy;
    if (list)
        free(slot->values);
    else
        clear_slot(slot);
    slot->values = values;
    slot->count = kept + 1;
    return 0;
}

void options_clear(struct options *options, const char *key)
{
    clear_slot(get_slot(options, key));
}

bool options_is_set(const struct options *options, const char *key)
{
    return get_slot(options, key)->count > 0;
}

const char *options_text(const struct options *options, const char *key)
{
    const struct slot *slot = get_slot(options, key);
    return slot->count ? slot->values[0] : slot->row->fallback;
}

int64_t options_integer(const struct options *options, const char *key)
{
    const char *text = options_text(options, key);
    int64_t number = 0;
    if (text_parse_i64(text, strlen(text), &number) != 0)
        return 0;
    return number;
}

bool options_boolean(const struct options *options, const char *key)
{
    const char *text = options_text(options, key);
    bool truth = false;
    if (text_parse_bool(text, strlen(text), &truth) != 0)
        return false;
    return truth;
}

size_t options_count(const struct options *options, const char *key)
{
    const struct slot *slot = get_slot(options, key);
    return slot->count ? slot->count : *slot->row->fallback != '\0';
}

const char *options_at(const struct options *options, const char *key, size_t index)
{
    const struct slot *slot = get_slot(options, key);
    if (index >= options_count(options, key))
        return "";
    return slot->count ? slot->values[index] : slot->row->fallback;
}

const char *const *options_list(const struct options *options, const char *key,
                                const char *ret_texts[OPTIONS_LIST + 1])
{
    size_t count = options_count(options, key);
    for (size_t i = 0; i < count && i < OPTIONS_LIST; i++)
        ret_texts[i] = options_at(options, key, i);
    return ret_texts;
}

static int verify_row(const struct option *row, struct buffer *ret_why)
{
    bool unset_allowed = row->type == OPTION_TEXT || row->type == OPTION_LIST;
    if (!row->key || !*row->key ||
        row->key[strspn(row->key, "abcdefghijklmnopqrstuvwxyz0123456789_")]) {
        buffer_printf(ret_why, "key '%s' is not lower case", row->key ? row->key : "");
        return -EINVAL;
    }
    if (!row->description || !*row->description || !row->fallback ||
        (row->type == OPTION_CHOICE) != (row->choices != NULL)) {
        buffer_printf(ret_why, "%s lacks its description, default or choices", row->key);
        return -EINVAL;
    }
    return !*row->fallback && unset_allowed ? 0 : options_check(row, row->fallback, ret_why);
}

/* Whether a key stands in a table before row `index` of `table`. */
static bool is_repeated(const struct option_table *tables, const struct option_table *table,
                        size_t index)
{
    for (const struct option_table *other = tables; other <= table; other++)
        for (size_t i = 0; i < (other == table ? index : other->count); i++)
            if (strcmp(other->options[i].key, table->options[index].key) == 0)
                return true;
    return false;
}

int options_verify(const struct option_table *tables, struct buffer *ret_why)
{
    for (const struct option_table *table = tables; table->name; table++) {
        for (size_t i = 0; i < table->count; i++) {
            const struct option *rows = table->options;
            int result = verify_row(&rows[i], ret_why);
            if (result != 0)
                return result;
            bool sorted = i == 0 || strcmp(rows[i - 1].key, rows[i].key) < 0;
            if (sorted && !is_repeated(tables, table, i))
                continue;
            buffer_printf(ret_why, "%s is %s", rows[i].key,
                          sorted ? "in two tables" : "not in alphabetical order");
            return -EINVAL;
        }
    }
    return 0;
}
