/* Walks every table norn has: options, records, endpoints. Rows must be unique, documented and
 * consistent, since parsing, serialising and the documentation are all made from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "schema/record.h"
#include "serve/api/routes.h"
#include "serve/http/route.h"
#include "serve/settings.h"
#include "util/config.h"

static void options_are_sorted_unique_and_documented(void **state)
{
    struct buffer why = {0};
    int result = options_verify(settings_tables(), &why);
    if (result != 0)
        print_message("%.*s\n", (int)why.length, (const char *)why.data);
    buffer_done(&why);
    assert_int_equal(result, 0);
}

/* A key that is passed over would not be missed when its option is renamed. */
static void options_are_not_passed_over(void **state)
{
    for (const struct option_table *table = settings_tables(); table->name; table++)
        for (size_t i = 0; i < table->count; i++)
            if (config_ignored_reason(table->options[i].key))
                fail_msg("'%s' is an option and passed over", table->options[i].key);
}

static void passed_over_keys_are_sorted_and_explained(void **state)
{
    for (const struct config_ignored_key *row = config_ignored_keys; row->key; row++) {
        assert_true(row->reason && *row->reason);
        if (row[1].key)
            assert_true(strcmp(row->key, row[1].key) < 0);
    }
}

static bool is_listed(const struct record_type *type)
{
    for (size_t i = 0; record_types[i]; i++)
        if (record_types[i] == type)
            return true;
    return false;
}

static void check_field(const struct record_type *type, const struct field *field)
{
    bool collection = field->type >= FIELD_LIST;
    bool record = field->type == FIELD_RECORD || field->type == FIELD_INLINE ||
                  (collection && (field->element == FIELD_RECORD || field->element == FIELD_LIST));
    bool sound = field->name && *field->name && field->description && *field->description &&
                 collection == (field->next != NULL) && !(field->get && field->next) &&
                 (!record || (field->record && is_listed(field->record))) &&
                 (field->type != FIELD_SERIES || field->count || field->get);
    if (!sound)
        fail_msg("row '%s' of '%s' is not sound", field->name, type->name);
}

static void records_are_unique_documented_and_listed(void **state)
{
    for (size_t i = 0; record_types[i]; i++) {
        const struct record_type *type = record_types[i];
        for (size_t row = 0; row < type->count; row++) {
            check_field(type, &type->fields[row]);
            for (size_t other = 0; other < row; other++)
                assert_string_not_equal(type->fields[row].name, type->fields[other].name);
        }
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(type->name, record_types[other]->name);
    }
}

static void endpoints_are_documented_and_answered(void **state)
{
    for (size_t i = 0; routes[i]; i++) {
        for (const struct route *route = routes[i]; route->path; route++) {
            assert_non_null(route->handler);
            assert_true(route->methods && route->roles);
            assert_true(route->path[0] == '/' && route->doc && *route->doc);
        }
    }
}

static void everything_can_be_printed(void **state)
{
    static const char *const texts[] = {"options", "conf",   "fields", "endpoints",
                                        "manual",  "alerts", "routes", "openapi"};
    struct buffer why = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer text = {0};
        assert_int_equal(settings_print(texts[i], &text, &why), 0);
        assert_true(text.length > 500);
        buffer_done(&text);
    }
    assert_true(settings_print("nonsense", &why, &why) < 0);
    assert_true(why.length > 0);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_sorted_unique_and_documented),
        cmocka_unit_test(options_are_not_passed_over),
        cmocka_unit_test(passed_over_keys_are_sorted_and_explained),
        cmocka_unit_test(records_are_unique_documented_and_listed),
        cmocka_unit_test(endpoints_are_documented_and_answered),
        cmocka_unit_test(everything_can_be_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
