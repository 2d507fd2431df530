/* Forms: one for all who ask for the same, none left behind, a limit for all of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "schema/message_fields.h"
#include "schema/status_fields.h"
#include "serve/websocket/socket_form.h"

static const struct socket_form_parts clock_parts = {{&timestamp_type}};
static const struct socket_form_parts two_parts = {{&timestamp_type, &message_type}};

static struct socket_form *get(struct socket_forms *forms, const struct socket_form_parts *parts,
                               const char *text)
{
    struct socket_command command;
    struct buffer why = {0};
    assert_int_equal(socket_command_parse(text, strlen(text), &command, &why), 0);
    struct socket_form *form = socket_form_get(forms, parts, &command, &why);
    int error = errno;
    assert_true(form ? !why.length : why.length > 0);
    socket_command_done(&command);
    buffer_done(&why);
    errno = error;
    return form;
}

static void the_same_is_shared(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"format\": \"tjson\"}",
        "{\"fields\": [\"a\"]}",
        "{\"fields\": [\"b\"]}",
        "{\"fields\": [[\"a\", \"b\"]]}",
        "{\"fields\": [\"a\", \"b\"]}",
        "{\"fields\": [\"b\", \"a\"]}",
    };
    enum { COUNT = sizeof texts / sizeof *texts };
    struct socket_form *kept[2 * COUNT];
    struct socket_forms forms = {0};
    for (size_t i = 0; i < COUNT; i++) {
        kept[i] = get(&forms, &clock_parts, texts[i]);
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(kept[i], kept[j]);
    }
    size_t size = forms.size;
    for (size_t i = 0; i < COUNT; i++) {
        kept[COUNT + i] = get(&forms, &clock_parts, texts[i]);
        assert_ptr_equal(kept[COUNT + i], kept[i]);
    }
    assert_int_equal(forms.size, size);
    for (size_t i = 0; i < 2 * COUNT; i++)
        socket_form_unref(&forms, kept[i]);
    assert_null(forms.first);
    assert_int_equal(forms.size, 0);
    socket_form_unref(&forms, NULL);
}

static void each_part_has_its_own_list(void **state)
{
    struct socket_forms forms = {0};
    struct socket_form *whole = get(&forms, &two_parts, "{}");
    struct socket_form *one = get(&forms, &clock_parts, "{\"fields\": [\"a\"]}");
    struct socket_form *two = get(&forms, &two_parts, "{\"fields\": [\"a\"]}");
    assert_true(!whole->projections[0] && !whole->projections[1]);
    assert_true(one->projections[0] && !one->projections[1]);
    assert_true(two->projections[0] && two->projections[1]);
    socket_form_unref(&forms, one);
    socket_form_unref(&forms, whole);
    socket_form_unref(&forms, two);
    assert_null(forms.first);
}

static void bad_lists_leave_nothing(void **state)
{
    struct socket_forms forms = {0};
    assert_null(get(&forms, &clock_parts, "{\"fields\": [\"//\"]}"));
    assert_int_equal(errno, EINVAL);
    assert_null(forms.first);
    assert_int_equal(forms.size, 0);
}

static void all_of_them_have_a_limit(void **state)
{
    enum { LISTS = 100000, ENTRIES = 200 };
    static struct socket_form *kept[LISTS];
    struct socket_forms forms = {0};
    struct buffer text = {0};
    size_t count = 0;
    for (; count < LISTS; count++) {
        text.length = 0;
        buffer_printf(&text, "{\"fields\": [\"%zu\"", count);
        for (int i = 0; i < ENTRIES; i++)
            buffer_add_text(&text, ", \"kismet.system.timestamp.sec\"");
        buffer_add(&text, "]}", 3);
        kept[count] = get(&forms, &clock_parts, (const char *)text.data);
        if (!kept[count])
            break;
    }
    assert_true(count > 0 && count < LISTS);
    assert_int_equal(errno, ENOSPC);
    assert_true(forms.size <= SOCKET_FORM_BYTES);
    for (size_t i = 0; i < count; i++)
        socket_form_unref(&forms, kept[i]);
    assert_int_equal(forms.size, 0);
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_shared),
        cmocka_unit_test(each_part_has_its_own_list),
        cmocka_unit_test(bad_lists_leave_nothing),
        cmocka_unit_test(all_of_them_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
