/* Fuzzes source definitions. Input: a definition's text. Finds: crashes, refusals without
 * a sentence, and definitions that read differently once printed. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/definition.h"
#include "capture/tuner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct definition *definition)
{
    char printed[SOURCE_DEFINITION], again[SOURCE_DEFINITION];
    struct definition *second;
    struct buffer why = {0};
    definition_write(definition, true, printed);
    definition_write(definition, false, printed);
    if (definition_parse(printed, &second, &why) < 0)
        abort();
    definition_write(second, false, again);
    if (strcmp(printed, again) != 0 || second->count != definition->count)
        abort();
    for (size_t i = 0; i < second->count; i++)
        if (strcmp(second->options[i].value, definition->options[i].value) != 0)
            abort();
    definition_free(second);
    buffer_done(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct source_status status;
    const struct capture_config config = {.hop = true, .shuffle = true};
    struct definition *definition;
    struct buffer why = {0};
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    if (definition_parse(text, &definition, &why) == 0) {
        check_again(definition);
        tuner_start(&status, definition, &config);
        definition_free(definition);
    } else if (!why.length) {
        abort();
    }
    buffer_done(&why);
    free(text);
    return 0;
}
