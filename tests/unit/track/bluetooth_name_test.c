/* Names of Bluetooth's companies and services: those compiled in, those that options add before
 * them, and definitions that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "bluetooth_table.h"
#include "schema/bluetooth_uuid.h"
#include "track/bluetooth_name.h"

static struct bluetooth_names names;

static int tear_down(void **state)
{
    bluetooth_name_done(&names);
    memset(&names, 0, sizeof names);
    return 0;
}

static void tables_are_sorted(void **state)
{
    for (size_t i = 1; i < sizeof bluetooth_companies / sizeof *bluetooth_companies; i++)
        assert_true(bluetooth_companies[i].number > bluetooth_companies[i - 1].number);
    for (size_t i = 1; i < sizeof bluetooth_services / sizeof *bluetooth_services; i++)
        assert_true(bluetooth_services[i].number > bluetooth_services[i - 1].number);
}

static void common_names_are_there(void **state)
{
    struct uuid odd = {{1, 2, 3, 4}};
    assert_string_equal(bluetooth_name_company(&names, 0x004c), "Apple");
    assert_string_equal(bluetooth_name_company(&names, 0x0000), "Ericsson");
    assert_null(bluetooth_name_company(&names, 0xfffe));
    assert_string_equal(bluetooth_name_service(&names, bluetooth_uuid_of(0x180f)), "Battery");
    assert_string_equal(bluetooth_name_service(&names, bluetooth_uuid_of(0xfeaa)), "Eddystone");
    assert_null(bluetooth_name_service(&names, bluetooth_uuid_of(0x1180f)));
    assert_null(bluetooth_name_service(&names, odd));
}

static void options_come_first(void **state)
{
    static const char long_name[] = "6E400001-B5A3-F393-E0A9-E50E24DCCA9E,Nordic UART";
    struct buffer why = {0};
    struct uuid uuid;
    assert_int_equal(bluetooth_name_add_company(&names, "4c,Orchard", &why), 0);
    assert_int_equal(bluetooth_name_add_company(&names, "0xFFFE,Nobody, Inc.", &why), 0);
    assert_int_equal(bluetooth_name_add_service(&names, "180F,Power", &why), 0);
    assert_int_equal(bluetooth_name_add_service(&names, "180f,Juice", &why), 0);
    assert_int_equal(bluetooth_name_add_service(&names, "0001180F,Wide", &why), 0);
    assert_int_equal(bluetooth_name_add_service(&names, long_name, &why), 0);
    assert_int_equal(why.length, 0);
    assert_string_equal(bluetooth_name_company(&names, 0x004c), "Orchard");
    assert_string_equal(bluetooth_name_company(&names, 0xfffe), "Nobody, Inc.");
    assert_string_equal(bluetooth_name_service(&names, bluetooth_uuid_of(0x180f)), "Juice");
    assert_string_equal(bluetooth_name_service(&names, bluetooth_uuid_of(0x1180f)), "Wide");
    assert_int_equal(uuid_parse(long_name, UUID_TEXT - 1, &uuid), 0);
    assert_string_equal(bluetooth_name_service(&names, uuid), "Nordic UART");
}

static void look_up_can_be_off(void **state)
{
    names.companies.is_off = names.services.is_off = true;
    assert_null(bluetooth_name_company(&names, 0x004c));
    assert_null(bluetooth_name_service(&names, bluetooth_uuid_of(0x180f)));
}

static void refuse(int (*add)(struct bluetooth_names *, const char *, struct buffer *),
                   const char *definition, const char *expected)
{
    struct buffer why = {0};
    assert_int_equal(add(&names, definition, &why), -EINVAL);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((const char *)why.data, expected));
    buffer_done(&why);
}

static void definitions_that_make_no_sense(void **state)
{
    refuse(bluetooth_name_add_company, "Apple", "as in 004C,Apple");
    refuse(bluetooth_name_add_company, "12345,Apple", "as in 004C,Apple");
    refuse(bluetooth_name_add_company, "xyz,Apple", "as in 004C,Apple");
    refuse(bluetooth_name_add_company, ",Apple", "as in 004C,Apple");
    refuse(bluetooth_name_add_company, "4c,", "UTF-8");
    refuse(bluetooth_name_add_company, "4c,\xff", "UTF-8");
    refuse(bluetooth_name_add_service, "180F", "as in 180F,Battery");
    refuse(bluetooth_name_add_service, "6E400001-B5A3,Short", "as in 180F,Battery");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(tables_are_sorted, tear_down),
        cmocka_unit_test_teardown(common_names_are_there, tear_down),
        cmocka_unit_test_teardown(options_come_first, tear_down),
        cmocka_unit_test_teardown(look_up_can_be_off, tear_down),
        cmocka_unit_test_teardown(definitions_that_make_no_sense, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
