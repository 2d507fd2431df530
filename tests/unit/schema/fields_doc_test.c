/* The fields' page and document: each name once, in order, escaped, nothing that a strict content
 * policy would block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_record.h"
#include "schema/fields_doc.h"

static const char *text_of(struct buffer *buffer)
{
    assert_false(buffer->failed);
    buffer_add_byte(buffer, 0);
    return (const char *)buffer->data;
}

static void test_html(void **state)
{
    struct buffer buffer = {0};
    fields_doc_html(&buffer);
    const char *page = text_of(&buffer);
    assert_ptr_equal(strstr(page, "<!DOCTYPE html>"), page);
    assert_string_equal(page + strlen(page) - 16, "</body>\n</html>\n");
    assert_non_null(strstr(page, "<title>Tracked fields</title>"));
    assert_non_null(strstr(page, "a &lt;name&gt; | with &quot;marks&quot;"));
    assert_non_null(strstr(page, "<td>map[mac, leaf]</td>"));
    assert_non_null(strstr(page, "<td>map[string, vector[leaf]]</td>"));
    assert_non_null(strstr(page, "<td>uint8</td><td>dB</td>"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "style"));
    buffer_done(&buffer);
}

/* Every row of every type has its line, once, and the lines are sorted. */
static void test_markdown(void **state)
{
    struct buffer buffer = {0};
    char before[64] = "", name[64];
    size_t lines = 0;
    fields_doc_markdown(&buffer);
    const char *at = text_of(&buffer);
    assert_non_null(strstr(at, "a &lt;name&gt; \\| with \"marks\""));
    while ((at = strstr(at, "\n| `"))) {
        at += 4;
        size_t length = strcspn(at, "`");
        assert_true(length < sizeof name);
        memcpy(name, at, length);
        name[length] = 0;
        assert_true(strcmp(before, name) < 0);
        memcpy(before, name, sizeof before);
        lines++;
    }
    assert_int_equal(lines, sample_type.count + leaf_type.count);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_markdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
