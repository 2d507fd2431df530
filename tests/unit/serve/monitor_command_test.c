/* What clients of device monitors say: subjects, ids, rates, and what is wrong with them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/event/monitor_command.h"

/* Reads a request; the sentence says what is wrong, if anything. */
static int read_request(const char *text, struct monitor_request *ret_request, const char *word)
{
    struct arena arena = {0};
    struct buffer why = {0};
    struct command command;
    assert_int_equal(command_parse_json(text, strlen(text), &arena, &command, &why), 0);
    int error = monitor_command_request(&command, ret_request, &why);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((const char *)why.data, word));
    assert_int_equal(error == -EINVAL, why.length > 1);
    buffer_done(&why);
    arena_done(&arena);
    return error;
}

static void subjects_are_told_apart(void **state)
{
    struct monitor_request request;
    assert_int_equal(read_request("{\"monitor\": \"*\"}", &request, ""), 0);
    assert_true(!request.is_named && !request.has_mask && !request.has_key);
    assert_int_equal(read_request("{\"monitor\": \"00:13:10:aa:00:01\"}", &request, ""), 0);
    assert_true(request.is_named && request.has_mask && !request.has_key);
    assert_int_equal(request.key.mac, 0x001310aa00010000);
    assert_int_equal(
        read_request("{\"monitor\": \"00:13:10:AA:00:01/FF:FF:FF:00:00:00\"}", &request, ""), 0);
    assert_true(!request.is_named && request.has_mask);
    assert_int_equal(request.mask, 0xffffff0000000000);
    assert_int_equal(read_request("{\"monitor\": \"4202770D00000000_0100AA101300\"}", &request, ""),
                     0);
    assert_true(request.is_named && request.has_key && !request.has_mask);
    assert_int_equal(request.key.phy, 0x0d770242);
}

static void ids_and_rates(void **state)
{
    static const struct {
        const char *text, *name;
        unsigned rate;
    } rows[] = {
        {"{\"monitor\": \"*\"}", "", 1},
        {"{\"monitor\": \"*\", \"request\": 7, \"rate\": 0}", "7", 1},
        {"{\"monitor\": \"*\", \"request\": \"seven\", \"rate\": 2.5}", "seven", 3},
        {"{\"monitor\": \"*\", \"request\": 0, \"rate\": \"5\"}", "0", 5},
        {"{\"monitor\": \"*\", \"request\": null, \"rate\": 86400}", "", 86400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct monitor_request request;
        assert_int_equal(read_request(rows[i].text, &request, ""), 0);
        assert_string_equal(request.name, rows[i].name);
        assert_int_equal(request.rate, rows[i].rate);
    }
}

static void mistakes_are_explained(void **state)
{
    static const char *const rows[][2] = {
        {"{\"monitor\": 7}", "MAC address"},
        {"{\"monitor\": \"\"}", "MAC address"},
        {"{\"monitor\": \"00:13:10\"}", "MAC address"},
        {"{\"monitor\": \"**\"}", "MAC address"},
        {"{\"monitor\": \"*\", \"rate\": -1}", "rate"},
        {"{\"monitor\": \"*\", \"rate\": 86401}", "86400"},
        {"{\"monitor\": \"*\", \"rate\": []}", "rate"},
        {"{\"monitor\": \"*\", \"request\": {}}", "request"},
        {"{\"monitor\": \"*\", \"request\": "
         "\"0123456789012345678901234567890123456789012345678901234567890123\"}",
         "64 bytes"},
    };
    struct monitor_request request = {.rate = 77};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(read_request(rows[i][0], &request, rows[i][1]), -EINVAL);
    assert_int_equal(read_request("{\"request\": 7}", &request, ""), -ENOENT);
    assert_int_equal(read_request("{\"monitor\": null}", &request, ""), -ENOENT);
    assert_int_equal(request.rate, 77); /* untouched */
}

static void what_is_cancelled(void **state)
{
    static const struct {
        const char *text;
        int error;
        const char *name;
    } rows[] = {
        {"{\"cancel\": 7}", 0, "7"},
        {"{\"cancel\": \"seven\"}", 0, "seven"},
        {"{}", -ENOENT, "kept"},
        {"{\"cancel\": [7]}", -EINVAL, "kept"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[MONITOR_COMMAND_NAME] = "kept";
        struct arena arena = {0};
        struct buffer why = {0};
        struct command command;
        command_parse_json(rows[i].text, strlen(rows[i].text), &arena, &command, &why);
        assert_int_equal(monitor_command_cancel(&command, name, &why), rows[i].error);
        assert_string_equal(name, rows[i].name);
        buffer_done(&why);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_are_told_apart),
        cmocka_unit_test(ids_and_rates),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(what_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
