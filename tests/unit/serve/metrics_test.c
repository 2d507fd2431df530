/* The text format of Prometheus: heads once, labels escaped, samples of a metric side by side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/api/metrics.h"

static struct buffer buffer;

static const char *written(const struct metrics *metrics)
{
    buffer.length = 0;
    metrics_write(metrics, &buffer);
    buffer_add_byte(&buffer, '\0');
    assert_false(buffer.failed);
    return (const char *)buffer.data;
}

static size_t count(const char *text, const char *word)
{
    size_t found = 0;
    for (; (text = strstr(text, word)); text++)
        found++;
    return found;
}

static void numbers_are_written(void **state)
{
    struct metrics metrics = {.packets = UINT64_MAX, .replies_slow = 3, .replies_memory = 4};
    const char *text = written(&metrics);
    assert_non_null(strstr(text, "\nnorn_packets_total 18446744073709551615\n"));
    assert_non_null(strstr(text, "\n# TYPE norn_devices gauge\nnorn_devices 0\n"));
    assert_non_null(strstr(text, "\nnorn_http_replies_cut_total{why=\"slow\"} 3\n"
                                 "norn_http_replies_cut_total{why=\"memory\"} 4\n"));
    assert_int_equal(count(text, "# TYPE norn_http_replies_cut_total "), 1);
    assert_int_equal(count(text, "norn_source_"), 0);
}

static void labels_are_escaped(void **state)
{
    struct metrics_source sources[] = {
        {.name = "a\"b\\c\nd\xff\xc3\xa9",
         .uuid = "00000000-0000-0000-0000-000000000001",
         .type = "pcapfile",
         .counts = {.packets = 5, .kernel_drops = 6, .queue_drops = 7},
         .running = 1},
        {.name = "plain", .uuid = "2", .type = ""},
    };
    struct metrics metrics = {.sources = sources, .source_count = 2};
    const char *text = written(&metrics);
    assert_non_null(strstr(text, "norn_source_packets_total{source=\"a\\\"b\\\\c\\nd?\xc3\xa9\","
                                 "uuid=\"00000000-0000-0000-0000-000000000001\",type=\"pcapfile\"} "
                                 "5\nnorn_source_packets_total{source=\"plain\","));
    assert_non_null(strstr(text, "type=\"pcapfile\",at=\"kernel\"} 6\n"));
    assert_non_null(strstr(text, "type=\"pcapfile\",at=\"queue\"} 7\n"));
    assert_int_equal(count(text, "# HELP norn_source_drops_total "), 1);
    assert_int_equal(count(text, "\nnorn_source_drops_total{"), 8);
}

static int done(void **state)
{
    buffer_done(&buffer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written),
        cmocka_unit_test(labels_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
