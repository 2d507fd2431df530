/* The compiler of manufacturer tables: names without legal suffixes, lines of each registry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

int oui_table_main(int argc, char **argv);
#define main oui_table_main
#include "tools/norn_oui_table.c"
#undef main

static void check_name(const char *text, const char *expected)
{
    char *name = tidy_name(text);
    assert_string_equal(name, expected);
    free(name);
}

static void legal_suffixes_go(void **state)
{
    check_name("\t\tCisco Systems, Inc\r\n", "Cisco Systems");
    check_name("Shanghai Kenmyond Industrial Network Equipment Co.,Ltd",
               "Shanghai Kenmyond Industrial Network Equipment");
    check_name("AVM Audiovisuelles Marketing und Computersysteme GmbH & Co. KG",
               "AVM Audiovisuelles Marketing und Computersysteme");
    check_name("A  B   Corp.", "A B");
}

static void something_is_left(void **state)
{
    check_name("AG", "AG");
    check_name("Co., Ltd.", "Co.");
    check_name("", "");
    check_name("\xc3\x96resundskraft AB", "\xc3\x96resundskraft");
    check_name("broken \xff name", "broken");
}

static void lines_become_rows(void **state)
{
    rows = calloc(ROWS_MAX, sizeof *rows);
    assert_int_equal(add_line(0, "001310     (base 16)\t\tCisco-Linksys, LLC\n"), 0);
    assert_int_equal(add_line(0x208593, "B00000-BFFFFF     (base 16)\t\tIOG Products LLC\n"), 0);
    assert_int_equal(add_line(0x70b3d5, "F2F000-F2FFFF     (base 16)\t\tTELEPLATFORMS\n"), 0);
    assert_int_equal(add_line(0x741ae0, "900000-9FFFFF     (base 16)\t\tPrivate\n"), 0);
    assert_int_equal(row_count, 3);
    assert_true(rows[0].bits == 24 && rows[0].prefix == 0x001310);
    assert_true(rows[1].bits == 28 && rows[1].prefix == 0x208593b);
    assert_true(rows[2].bits == 36 && rows[2].prefix == 0x70b3d5f2f);
    assert_string_equal(rows[0].name, "Cisco-Linksys");
    while (row_count)
        free(rows[--row_count].name);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_suffixes_go),
        cmocka_unit_test(something_is_left),
        cmocka_unit_test(lines_become_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
