/* The options store: types checked, lists add up, texts generated from the rows, tables verified.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "util/config.h"
#include "util/options.h"

static const struct option first_rows[] = {
    {"alpha", OPTION_TEXT, "one", NULL, 0, 0, "The first letter."},
    {"port", OPTION_INTEGER, "2501", NULL, 1, 65535, "Where to listen."},
    {"source", OPTION_LIST, "", NULL, 0, 0, "What to listen to."},
};
static const struct option second_rows[] = {
    {"bars", OPTION_LIST, "a|b", NULL, 0, 0, "Has a default | and a bar."},
    {"httpd_password", OPTION_TEXT, "", NULL, 0, 0, "Secret."},
    {"mode", OPTION_CHOICE, "auto", "auto|always|never", 0, 0, "How."},
    {"wanted", OPTION_BOOLEAN, "true", NULL, 0, 0, "Whether."},
};
static const struct option_table tables[] = {
    {"First", first_rows, 3},
    {"Second", second_rows, 4},
    {NULL, NULL, 0},
};

static int set(struct options *options, const char *key, const char *value)
{
    struct buffer why = {0};
    int result = options_set(options, key, value, &why);
    assert_int_equal(result != 0, why.length != 0);
    buffer_done(&why);
    return result;
}

static void test_defaults(void **state)
{
    struct options *options = options_new(tables);
    assert_string_equal(options_text(options, "alpha"), "one");
    assert_int_equal(options_integer(options, "port"), 2501);
    assert_true(options_boolean(options, "wanted"));
    assert_string_equal(options_text(options, "mode"), "auto");
    assert_int_equal(options_count(options, "source"), 0);
    assert_string_equal(options_at(options, "source", 0), "");
    assert_int_equal(options_count(options, "bars"), 1);
    assert_string_equal(options_at(options, "bars", 0), "a|b");
    assert_false(options_is_set(options, "alpha"));
    assert_ptr_equal(options_find(options, "mode"), &second_rows[2]);
    assert_null(options_find(options, "nothing"));
    assert_ptr_equal(options_tables(options), tables);
    options_free(options);
    options_free(NULL);
}

static void test_values(void **state)
{
    struct options *options = options_new(tables);
    assert_int_equal(set(options, "port", "80"), 0);
    assert_int_equal(set(options, "port", "81"), 0);
    assert_int_equal(options_integer(options, "port"), 81);
    assert_int_equal(set(options, "source", "wlan0"), 0);
    assert_int_equal(set(options, "source", "wlan1"), 0);
    assert_int_equal(options_count(options, "source"), 2);
    assert_string_equal(options_at(options, "source", 1), "wlan1");
    assert_int_equal(set(options, "bars", "mine"), 0);
    assert_int_equal(options_count(options, "bars"), 1);
    assert_string_equal(options_at(options, "bars", 0), "mine");
    assert_int_equal(set(options, "mode", "ALWAYS"), 0);
    assert_string_equal(options_text(options, "mode"), "always");
    assert_int_equal(set(options, "wanted", "no"), 0);
    assert_false(options_boolean(options, "wanted"));
    options_clear(options, "port");
    assert_int_equal(options_integer(options, "port"), 2501);
    assert_true(options_is_set(options, "mode"));
    options_free(options);
}

static void test_refusals(void **state)
{
    struct options *options = options_new(tables);
    static const char *const wrong[][2] = {
        {"port", "0"},     {"port", "65536"}, {"port", "x"},     {"port", ""},
        {"mode", "maybe"}, {"mode", ""},      {"mode", "auto|"}, {"wanted", "maybe"},
        {"wanted", ""},    {"alpha", "\xff"}, {"port", "80 "},   {"mode", "auto|always"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(set(options, wrong[i][0], wrong[i][1]), -EINVAL);
    assert_int_equal(set(options, "nothing", "x"), -ENOENT);
    assert_false(options_is_set(options, "port"));
    for (int i = 0; i < 4096; i++)
        assert_int_equal(set(options, "source", "s"), 0);
    assert_int_equal(set(options, "source", "one too many"), -EINVAL);
    options_free(options);
}

static void test_nearest(void **state)
{
    struct options *options = options_new(tables);
    assert_string_equal(options_nearest(options, "prot"), "port");
    assert_string_equal(options_nearest(options, "sources"), "source");
    assert_string_equal(options_nearest(options, "httpd_pasword"), "httpd_password");
    assert_null(options_nearest(options, "zz"));
    assert_null(options_nearest(options, "completely_different"));
    options_free(options);
}

static const char *text_of(struct buffer *buffer)
{
    buffer_add_byte(buffer, '\0');
    assert_false(buffer->failed);
    return (const char *)buffer->data;
}

static void test_list(void **state)
{
    struct options *options = options_new(tables);
    struct buffer buffer = {0};
    assert_int_equal(set(options, "port", "80"), 0);
    assert_int_equal(set(options, "source", "wlan0"), 0);
    assert_int_equal(set(options, "source", "wlan1"), 0);
    assert_int_equal(set(options, "httpd_password", "hunter2"), 0);
    options_print_list(options, &buffer);
    const char *text = text_of(&buffer);
    assert_non_null(
        strstr(text, "  port = 80\n      (whole number, from 1 to 65535; default 2501)"));
    assert_non_null(strstr(text, "  source = wlan0\n  source = wlan1\n"));
    assert_non_null(strstr(text, "(one of auto, always, never)"));
    assert_null(strstr(text, "hunter2"));
    buffer_done(&buffer);
    options_free(options);
}

static void test_generated(void **state)
{
    struct buffer buffer = {0};
    options_print_conf(tables, &buffer);
    const char *text = text_of(&buffer);
    assert_non_null(strstr(text, "\n# Where to listen.\n# (whole number, from 1 to 65535)\n"
                                 "#port=2501\n"));
    assert_non_null(strstr(text, "# ---- Second ---"));
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 100 && (*line == '#' || *line == '\n'));
    buffer_done(&buffer);
    options_print_markdown(tables, &buffer);
    text = text_of(&buffer);
    assert_non_null(strstr(text, "\n## First\n"));
    assert_non_null(strstr(text, "| `port` | whole number, from 1 to 65535 | `2501` | Where to "
                                 "listen. |\n"));
    assert_non_null(strstr(text, "`a\\|b` | Has a default \\| and a bar. |"));
    assert_non_null(strstr(text, "| `source` | text, repeatable |  | "));
    buffer_done(&buffer);
}

static int verify_one(struct option row)
{
    struct buffer why = {0};
    const struct option_table one[] = {{"One", &row, 1}, {NULL, NULL, 0}};
    int result = options_verify(one, &why);
    buffer_done(&why);
    return result;
}

static void test_verify(void **state)
{
    struct buffer why = {0};
    assert_int_equal(options_verify(tables, &why), 0);
    const struct option_table doubled[] = {
        {"First", first_rows, 3}, {"Again", first_rows, 3}, {NULL, NULL, 0}};
    assert_int_equal(options_verify(doubled, &why), -EINVAL);
    const struct option unsorted[] = {first_rows[1], first_rows[0]};
    const struct option_table unsorted_table[] = {{"Unsorted", unsorted, 2}, {NULL, NULL, 0}};
    assert_int_equal(options_verify(unsorted_table, &why), -EINVAL);
    buffer_done(&why);
    assert_int_equal(verify_one((struct option){"Key", OPTION_TEXT, "", NULL, 0, 0, "x"}), -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_TEXT, "", NULL, 0, 0, ""}), -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_TEXT, "", "a", 0, 0, "x"}), -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_INTEGER, "", NULL, 0, 1, "x"}),
                     -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_INTEGER, "5", NULL, 0, 1, "x"}),
                     -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_CHOICE, "c", "a|b", 0, 0, "x"}),
                     -EINVAL);
    assert_int_equal(verify_one((struct option){"key", OPTION_CHOICE, "b", "a|b", 0, 0, "x"}), 0);
}

static void test_own_table(void **state)
{
    struct buffer why = {0};
    const struct option_table own[] = {{"General", config_options, config_option_count},
                                       {NULL, NULL, 0}};
    if (options_verify(own, &why) != 0)
        fail_msg("%.*s", (int)why.length, (const char *)why.data);
    buffer_done(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_values),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_list),     cmocka_unit_test(test_generated),
        cmocka_unit_test(test_verify),   cmocka_unit_test(test_own_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
