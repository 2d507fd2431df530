/* The table of topics: whole, in the order of the names, found by exact name, documented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/event/event_topics.h"

static void the_table_is_whole_and_sorted(void **state)
{
    for (int i = 0; i < EVENT_TOPICS; i++) {
        const struct event_topic *topic = &event_topics[i];
        assert_non_null(topic->name);
        assert_true(topic->doc && *topic->doc);
        assert_true(i == 0 || strcmp(event_topics[i - 1].name, topic->name) < 0);
        assert_true(!topic->parts[1].key || topic->parts[1].type);
        assert_int_equal(event_topics_find(topic->name), i);
    }
}

static void names_are_exact(void **state)
{
    assert_int_equal(event_topics_find("TIMESTAMP"), EVENT_TIMESTAMP);
    assert_int_equal(event_topics_find("timestamp"), -1);
    assert_int_equal(event_topics_find("TIMESTAMP "), -1);
    assert_int_equal(event_topics_find(""), -1);
    assert_int_equal(event_topics_find("*"), -1);
}

static void each_has_a_row_in_the_documentation(void **state)
{
    struct buffer text = {0};
    size_t lines = 0;
    event_topics_print(&text);
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n';
    assert_int_equal(lines, EVENT_TOPICS + 2);
    buffer_add_byte(&text, 0);
    assert_non_null(
        strstr((const char *)text.data,
               "`DOT11_PROBED_SSID`: probed network; `DOT11_NEW_SSID_BASEDEV`: device"));
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_whole_and_sorted),
        cmocka_unit_test(names_are_exact),
        cmocka_unit_test(each_has_a_row_in_the_documentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
