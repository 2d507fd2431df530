/* Posted bodies as the server decodes them: the first line is the content type, the rest the body.
 * Then every look-up that endpoints make. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../require.h"
#include "serve/http/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct command *command, struct buffer *why)
{
    static const char *const keys[] = {"fields", "regex", "uuid", "channel", "lat", "essid"};
    const struct field_request *fields;
    const struct command_pair *pairs;
    const struct target_part *texts;
    const char *text;
    size_t count, length;
    double number;
    int64_t integer;
    bool boolean;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (command_word(command, keys[i], &text, &length) == 0 && text[length] != '\0')
            abort();
        command_number(command, keys[i], &number);
        command_integer(command, keys[i], &integer);
        command_boolean(command, keys[i], &boolean);
        command_texts(command, keys[i], true, &texts, &count);
    }
    command_fields(command, &fields, &count, why);
    command_regexes(command, &pairs, &count, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t type_length = line ? (size_t)(line - data) : 0;
    char type[256];
    if (!line || type_length >= sizeof type)
        return -1;
    memcpy(type, data, type_length);
    type[type_length] = '\0';
    struct arena arena = {0};
    struct buffer why = {0};
    struct command command;
    size_t length = size - type_length - 1;
    int error = command_parse(type, line + 1, length, &arena, &command, &why);
    require(error != -ENOMEM, "the memory that util/json_document takes is too little");
    if (!error)
        look_up(&command, &why);
    command_parse_form(type, line + 1, length, &arena, &command, &why);
    buffer_done(&why);
    arena_done(&arena);
    return 0;
}
