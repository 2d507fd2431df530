/* The compiler of Bluetooth's names: good rows, and rows that are wrong or out of order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

int bluetooth_table_main(int argc, char **argv);
#define main bluetooth_table_main
#include "tools/norn_bluetooth_table.c"
#undef main

static bool add_text(const char *text)
{
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%s", text);
    return add_line(line);
}

static int drop_rows(void **state)
{
    for (size_t i = 0; i < KINDS; i++)
        while (kinds[i].count)
            free(kinds[i].rows[--kinds[i].count].name);
    return 0;
}

static void good_rows(void **state)
{
    assert_true(add_text("# a comment"));
    assert_true(add_text(""));
    assert_true(add_text("company\t004C\tApple"));
    assert_true(add_text("company\t0059\tNordic Semiconductor"));
    assert_true(add_text("service\t0001\tSDP"));
    assert_int_equal(kinds[0].count, 2);
    assert_int_equal(kinds[1].count, 1);
    assert_int_equal(kinds[0].rows[1].number, 0x59);
    assert_string_equal(kinds[0].rows[1].name, "Nordic Semiconductor");
}

static void wrong_rows(void **state)
{
    assert_true(add_text("company\t004C\tApple"));
    assert_false(add_text("company\t004C\tApple"));
    assert_false(add_text("company\t0001\tNokia"));
    assert_false(add_text("company\t59\tNordic"));
    assert_false(add_text("company\t005X\tNordic"));
    assert_false(add_text("firm\t0059\tNordic"));
    assert_false(add_text("company\t0059"));
    assert_false(add_text("company\t0059\t"));
    assert_false(add_text("company\t0059\t\xff"));
    assert_int_equal(kinds[0].count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(good_rows, drop_rows),
        cmocka_unit_test_teardown(wrong_rows, drop_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
