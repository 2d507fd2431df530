/* Fuzzes what clients search for and sort by. Input: lines: a term, a path to sort by, a path and a
 * pattern to match, then the names of the records. What a search of the names finds and how they
 * are sorted must agree with the plain way of doing it; nothing else may go wrong. */
#include <ctype.h>
#include <stdlib.h>

#include "../../tests/unit/schema/sample_record.h"
#include "../require.h"
#include "schema/projection.h"
#include "serve/list/list_filter.h"
#include "serve/list/list_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 16, QUESTIONS = 4, LINES = QUESTIONS + RECORDS };

static struct view view;
static struct sample records[RECORDS];

static bool holds(const char *text, const char *term)
{
    for (;; text++) {
        size_t same = 0;
        while (term[same] &&
               tolower((unsigned char)text[same]) == tolower((unsigned char)term[same]))
            same++;
        if (!term[same])
            return true;
        if (!*text)
            return false;
    }
}

static void check_search(const char *term, size_t count)
{
    static const struct field_request paths[] = {{.path = "sample.name"}};
    struct pattern_budget budget = {0};
    struct list_filter *filter = list_filter_new(&sample_type, &budget);
    require(filter, "no memory");
    int error = list_filter_search(filter, term, paths, 1);
    require(!error == (strlen(term) <= LIST_SEARCH_MAX), "a term is refused for no reason");
    list_filter_begin(filter);
    for (size_t i = 0; i < count && !error; i++)
        require(list_filter_keeps(filter, &records[i], &view) ==
                    holds(string_text(records[i].name), term),
                "a search finds something else");
    list_filter_free(filter);
}

static void check_pattern(const char *path, const char *pattern, const char *term, size_t count)
{
    struct command_pair pair = {path, pattern, strlen(path), strlen(pattern)};
    const struct field_request paths[] = {{.path = path}, {.path = "sample.mac"}};
    struct buffer why = {0};
    struct pattern_budget budget = {0};
    struct list_filter *filter = list_filter_new(&sample_type, &budget);
    require(filter, "no memory");
    int error = list_filter_match(filter, &pair, 1, &why);
    require(!error || why.length, "refused without saying why");
    if (!error && list_filter_search(filter, term, paths, 2) == 0) {
        list_filter_begin(filter);
        for (size_t i = 0; i < count; i++)
            require(!list_filter_keeps(filter, &records[i], &view) || !budget.fault,
                    "a record stays after a fault");
    }
    if (budget.fault)
        pattern_budget_explain(&budget, &why);
    list_filter_free(filter);
    buffer_done(&why);
}

static void check_order(const char *text, size_t count, bool descending)
{
    struct path path;
    struct value before, here;
    uint32_t found;
    struct list_order *order = list_order_new(&sample_type, text, descending);
    if (!order)
        return;
    for (uint32_t i = 0; i < count; i++)
        require(list_order_add(order, i, &records[i], &view) == 0, "no memory");
    uint32_t *ids = list_order_window(order, 0, 0, &found);
    require(ids && found == count, "not everything is sorted");
    bool names = strcmp(text, "sample.name") == 0;
    for (uint32_t i = 1; i < found && names; i++) {
        path_parse(&sample_type, text, strlen(text), &path);
        path_value(&path, &records[ids[i - 1]], &view, &before);
        path_value(&path, &records[ids[i]], &view, &here);
        int compared = value_compare(&before, &here);
        require(descending ? compared >= 0 : compared <= 0, "sorted in another order");
    }
    free(ids);
    list_order_free(order);
}

/* Cuts the text into lines; how many there are, the rest are empty. */
static size_t split(char *text, const char *lines[LINES])
{
    size_t count = 0;
    for (size_t i = 0; i < LINES; i++)
        lines[i] = "";
    for (char *line = text, *next; line && count < LINES; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        lines[count++] = line;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *lines[LINES];
    struct string *names[RECORDS];
    char *text = strndup((const char *)data, size);
    require(text, "no memory");
    size_t count = split(text, lines);
    count = count > QUESTIONS ? count - QUESTIONS : 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const char *name = lines[QUESTIONS + i];
        names[i] = sample_string((const uint8_t *)name, strnlen(name, 200));
        sample_fill(&records[i], names[i]);
    }
    check_search(lines[0], count);
    check_pattern(lines[2], lines[3], lines[0], count);
    for (int descending = 0; descending < 2; descending++) {
        check_order(lines[1], count, descending);
        check_order("sample.name", count, descending);
    }
    require(view.scratch_used == 0, "not back where it began");
    for (size_t i = 0; i < RECORDS; i++)
        free(names[i]);
    free(text);
    return 0;
}
