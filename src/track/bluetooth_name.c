/* Companies and services of Bluetooth by number. See bluetooth_name.h. */
#include "track/bluetooth_name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bluetooth_table.h"
#include "schema/bluetooth_uuid.h"
#include "util/text.h"

enum { SHORT_DIGITS = 4, LONG_DIGITS = 8, NAME_BYTES = 128 };

static void list_done(struct bluetooth_name_list *list)
{
    while (list->count)
        free(list->names[--list->count].text);
    free(list->names);
    list->names = NULL;
}

void bluetooth_name_done(struct bluetooth_names *names)
{
    list_done(&names->companies);
    list_done(&names->services);
}

static int add(struct bluetooth_name_list *list, struct uuid uuid, const char *text,
               struct buffer *ret_why)
{
    size_t length = strlen(text);
    if (!length || length > NAME_BYTES || text_utf8_valid(text, length) != length) {
        buffer_printf(ret_why, "a name has 1 to %d bytes of UTF-8", NAME_BYTES);
        return -EINVAL;
    }
    if (list->count == BLUETOOTH_NAMES_MAX) {
        buffer_printf(ret_why, "more than %d names", BLUETOOTH_NAMES_MAX);
        return -ENOSPC;
    }
    struct bluetooth_name *moved = realloc(list->names, (list->count + 1) * sizeof *list->names);
    if (moved)
        list->names = moved;
    char *copy = moved ? strdup(text) : NULL;
    if (!copy) {
        buffer_add_text(ret_why, "no memory left for another name");
        return -ENOMEM;
    }
    list->names[list->count++] = (struct bluetooth_name){uuid, copy};
    return 0;
}

/* `digits` hex digits and nothing else, "0x" before them or not. False otherwise. */
static bool parse_number(const char *text, size_t length, size_t digits, uint32_t *ret_number)
{
    uint32_t number = 0;
    if (length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        text += 2;
        length -= 2;
    }
    if (!length || length > digits)
        return false;
    for (size_t i = 0; i < length; i++) {
        int digit = text_hex_digit(text[i]);
        if (digit < 0)
            return false;
        number = number << 4 | (uint32_t)digit;
    }
    *ret_number = number;
    return true;
}

int bluetooth_name_add_company(struct bluetooth_names *names, const char *definition,
                               struct buffer *ret_why)
{
    const char *comma = strchr(definition, ',');
    uint32_t number;
    if (comma && parse_number(definition, (size_t)(comma - definition), SHORT_DIGITS, &number))
        return add(&names->companies, bluetooth_uuid_of(number), comma + 1, ret_why);
    buffer_add_text(ret_why, "write a company's number in hex and its name, as in 004C,Apple");
    return -EINVAL;
}

int bluetooth_name_add_service(struct bluetooth_names *names, const char *definition,
                               struct buffer *ret_why)
{
    const char *comma = strchr(definition, ',');
    size_t length = comma ? (size_t)(comma - definition) : 0;
    struct uuid uuid;
    uint32_t number;
    if (parse_number(definition, length, LONG_DIGITS, &number))
        return add(&names->services, bluetooth_uuid_of(number), comma + 1, ret_why);
    if (uuid_parse(definition, length, &uuid) == 0)
        return add(&names->services, uuid, comma + 1, ret_why);
    buffer_add_text(ret_why, "write a service's number in hex or its UUID, and its name, as in "
                             "180F,Battery");
    return -EINVAL;
}

static const char *find_added(const struct bluetooth_name_list *list, struct uuid uuid)
{
    for (size_t i = list->count; i-- > 0;)
        if (uuid_equal(list->names[i].uuid, uuid))
            return list->names[i].text;
    return NULL;
}

static const char *find_compiled(const struct bluetooth_row *rows, size_t count, uint16_t number)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rows[middle].number == number)
            return rows[middle].name;
        if (rows[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *bluetooth_name_company(const struct bluetooth_names *names, uint16_t number)
{
    if (names->companies.is_off)
        return NULL;
    const char *added = find_added(&names->companies, bluetooth_uuid_of(number));
    return added ? added
                 : find_compiled(bluetooth_companies,
                                 sizeof bluetooth_companies / sizeof *bluetooth_companies, number);
}

const char *bluetooth_name_service(const struct bluetooth_names *names, struct uuid uuid)
{
    if (names->services.is_off)
        return NULL;
    const char *added = find_added(&names->services, uuid);
    uint16_t number;
    if (added || !bluetooth_uuid_short(uuid, &number))
        return added;
    return find_compiled(bluetooth_services, sizeof bluetooth_services / sizeof *bluetooth_services,
                         number);
}

// clang-format off
const struct option bluetooth_name_options[] = {
    {.key = "btmanuf", .type = OPTION_LIST, .fallback = "", .description = "A company's name by its number in Bluetooth, as in 004C,Apple; may stand several times."},
    {.key = "btmanuf_lookup", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Give the names of companies that Bluetooth devices name by number."},
    {.key = "btoid", .type = OPTION_LIST, .fallback = "", .description = "A service's name by its number or UUID in Bluetooth, as in 180F,Battery; may stand several times."},
    {.key = "btoid_lookup", .type = OPTION_BOOLEAN, .fallback = "true", .description = "Give the names of services that Bluetooth devices name by number."},
};
const size_t bluetooth_name_options_count =
    sizeof bluetooth_name_options / sizeof *bluetooth_name_options;
// clang-format on
