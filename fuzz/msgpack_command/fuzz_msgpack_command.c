/* Raw msgpack as a command carries it, then a walk over everything that came of it. */
#include <stdint.h>
#include <stdlib.h>

#include "serve/http/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Counts every value; texts must end in NUL. */
static size_t walk(const struct command_value *value)
{
    size_t values = 1;
    if (value->type == COMMAND_TEXT && value->text[value->count] != '\0')
        abort();
    for (size_t i = 0; value->type == COMMAND_LIST && i < value->count; i++)
        values += walk(&value->items[i]);
    for (size_t i = 0; value->type == COMMAND_MAP && i < value->count; i++)
        values += walk(&value->members[i].value);
    return values;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct command_value value;
    if (unpack_value(data, size, &arena, &value) == 0 && walk(&value) > COMMAND_VALUES)
        abort();
    arena_done(&arena);
    return 0;
}
