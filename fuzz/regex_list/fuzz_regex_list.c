/* Lists of patterns as clients post them. Input: a line with the name of a record, then the JSON of
 * the member `regex`. A record that the list keeps is one that some pair of it keeps alone; nothing
 * may be refused without a sentence. */
#include <errno.h>
#include <stdlib.h>

#include "../../tests/unit/schema/sample_record.h"
#include "../require.h"
#include "serve/list/list_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct view view;

enum { TOO_MUCH = 2 };

/* 1 when the pairs keep the record, 0 when not, TOO_MUCH when that takes too much to tell, or why
 * they are refused. */
static int judge(const struct command_pair *pairs, size_t count, const struct sample *sample)
{
    struct buffer why = {0};
    struct pattern_budget budget = {0};
    struct list_filter *filter = list_filter_new(&sample_type, &budget);
    require(filter, "no memory");
    int result = list_filter_match(filter, pairs, count, &why);
    require(!result || why.length, "refused without saying why");
    if (!result) {
        list_filter_begin(filter);
        result = list_filter_keeps(filter, sample, &view);
        bool again = list_filter_keeps(filter, sample, &view);
        require(budget.fault || result == again, "asked twice, told twice");
        if (budget.fault)
            result = TOO_MUCH;
    }
    list_filter_free(filter);
    buffer_done(&why);
    return result;
}

static void check_pairs(const struct command_pair *pairs, size_t count, const struct sample *sample)
{
    bool any = false, good = true, too_much = false;
    for (size_t i = 0; i < count; i++) {
        int alone = judge(&pairs[i], 1, sample);
        any |= alone == 1;
        too_much |= alone == TOO_MUCH;
        good &= alone >= 0;
    }
    int together = judge(pairs, count, sample);
    require((together >= 0) == good, "a list is refused for another reason than a pair of it");
    require(together < 0 || together == TOO_MUCH || too_much || together == any,
            "a list keeps what none of its pairs keeps");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buffer why = {0}, text = {0};
    struct command command;
    const struct command_pair *pairs;
    struct sample sample;
    size_t count;
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t length = line ? (size_t)(line - data) : 0;
    if (!line || length > 200)
        return -1;
    struct string *name = sample_string(data, length);
    sample_fill(&sample, name);
    buffer_add_text(&text, "{\"regex\":");
    buffer_add(&text, line + 1, size - length - 1);
    buffer_add_byte(&text, '}');
    require(!text.failed, "no memory");
    int error = command_parse_json((const char *)text.data, text.length, &arena, &command, &why);
    if (!error) {
        error = command_regexes(&command, &pairs, &count, &why);
        require(!error || error == -ENOENT || why.length, "refused without saying why");
        if (!error)
            check_pairs(pairs, count < 8 ? count : 8, &sample);
    }
    require(view.scratch_used == 0, "not back where it began");
    buffer_done(&text);
    buffer_done(&why);
    arena_done(&arena);
    free(name);
    return 0;
}
