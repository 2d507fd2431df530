/* Query strings and urlencoded forms: what the server's splitter finds must be what a plain one
 * finds that takes a byte at a time, with a plus as it stands and as a space. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../require.h"
#include "serve/http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The plain way: where it stands in the text. */
struct plain {
    const uint8_t *at, *end;
    bool plus_is_space;
    bool bad; /* an escape that is none, or one of a NUL */
};

static int digit_of(uint8_t byte)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = byte ? strchr(digits, byte) : NULL;
    return found ? (int)(found - digits) % 16 : -1;
}

/* Decodes up to a byte of `stops`; the length. The stop is taken too. */
static size_t take_plain(struct plain *plain, const char *stops, char *ret_text, char *ret_stop)
{
    size_t length = 0;
    *ret_stop = '\0';
    while (plain->at < plain->end) {
        uint8_t byte = *plain->at++;
        if (byte && strchr(stops, byte)) {
            *ret_stop = (char)byte;
            break;
        }
        if (byte == '%') {
            bool whole = plain->end - plain->at >= 2;
            int high = whole ? digit_of(plain->at[0]) : -1,
                low = whole ? digit_of(plain->at[1]) : -1;
            plain->bad |= high < 0 || low < 0;
            byte = (uint8_t)(high * 16 + low);
            plain->at += whole ? 2 : 0;
        } else if (byte == '+' && plain->plus_is_space) {
            byte = ' ';
        }
        plain->bad |= byte == 0;
        ret_text[length++] = (char)byte;
    }
    return length;
}

/* True when the text can be decoded at all; each variable is compared on the way. */
static bool agrees(struct plain *plain, const struct target_variable *variables, size_t count)
{
    size_t room = (size_t)(plain->end - plain->at) + 1, next = 0;
    char *name = malloc(room), *value = malloc(room), stop = '&';
    require(name && value, "no memory");
    while (plain->at < plain->end) {
        const uint8_t *before = plain->at;
        size_t name_length = take_plain(plain, "&=", name, &stop), value_length = 0;
        bool has_value = stop == '=';
        if (has_value)
            value_length = take_plain(plain, "&", value, &stop);
        if (plain->at - before == 1 && stop == '&' && !has_value)
            continue; /* nothing between two */
        if (!variables)
            continue;
        require(next < count, "a variable is lost");
        const struct target_variable *found = &variables[next++];
        require(found->name.length == name_length && found->value.length == value_length &&
                    memcmp(found->name.text, name, name_length) == 0 &&
                    memcmp(found->value.text, value, value_length) == 0,
                "a variable is another one");
        require(strlen(found->name.text) == name_length &&
                    strlen(found->value.text) == value_length,
                "a text does not end where it ends");
    }
    require(!variables || next == count, "a variable too many");
    free(name);
    free(value);
    return !plain->bad;
}

static void check(const uint8_t *data, size_t size, bool plus_is_space)
{
    struct arena arena = {0};
    struct target_variable *variables = NULL;
    size_t count = 0;
    int error =
        target_parse_variables((const char *)data, size, plus_is_space, &arena, &variables, &count);
    struct plain plain = {data, data + size, plus_is_space, false};
    bool good = agrees(&plain, error ? NULL : variables, count);
    require(error != 0 || good, "a bad text is taken");
    require(error == 0 || !good || count == 0, "a good text is refused");
    for (size_t i = 0; !error && i < count; i++)
        require(target_find(variables, count, variables[i].name.text) != NULL, "it is not found");
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(data, size, false);
    check(data, size, true);
    return 0;
}
