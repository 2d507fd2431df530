/* Hopping: order, shuffling, rates, offsets, channels that leave the list, what stays unsaid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/tool_hop.h"

static struct protocol_list_writer list_writer;

/* A request over channels "1" to `count`. */
static struct protocol_hop request_over(unsigned count)
{
    char text[16];
    protocol_list_clear(&list_writer);
    for (unsigned channel = 1; channel <= count; channel++) {
        snprintf(text, sizeof text, "%u", channel);
        protocol_list_add_text(&list_writer, text);
    }
    return (struct protocol_hop){.present = PROTOCOL_BIT(5),
                                 .channels = protocol_list_written(&list_writer)};
}

static void start(struct tool_hop *hop, const struct protocol_hop *request)
{
    struct tool_channels none = {0};
    struct buffer why = {0};
    assert_int_equal(tool_hop_start(hop, request, &none, 1000, &why), 0);
}

static void expect_next(struct tool_hop *hop, const char *channel)
{
    assert_string_equal(tool_hop_channel(hop), channel);
    tool_hop_advance(hop, hop->due_ns);
}

static void test_goes_round(void **state)
{
    struct tool_hop hop = {0};
    struct protocol_hop request = request_over(3);
    start(&hop, &request);
    assert_true(hop.on);
    assert_int_equal(hop.due_ns, 1000);
    expect_next(&hop, "1");
    assert_int_equal(hop.due_ns, 1000001000); /* one a second when nobody said */
    expect_next(&hop, "2");
    expect_next(&hop, "3");
    expect_next(&hop, "1");
    tool_hop_done(&hop.channels);
}

static void test_rate_and_offset(void **state)
{
    struct tool_hop hop = {0};
    struct protocol_hop request = request_over(4);
    request.present |= PROTOCOL_BIT(1) | PROTOCOL_BIT(4);
    request.rate = 5;
    request.offset = 6;
    start(&hop, &request);
    expect_next(&hop, "3");
    assert_int_equal(hop.due_ns, 200001000);
    tool_hop_advance(&hop, 9000000000); /* tuning took long: no burst of hops to make up for it */
    assert_int_equal(hop.due_ns, 9000000000);
    request = (struct protocol_hop){.present = PROTOCOL_BIT(1), .rate = 1000};
    start(&hop, &request); /* the list and the offset stay */
    expect_next(&hop, "3");
    assert_int_equal(hop.due_ns, 50001000);
    tool_hop_done(&hop.channels);
}

static void test_shuffling_comes_by_every_channel(void **state)
{
    for (unsigned count = 1; count < 60; count++)
        for (unsigned skip = 0; skip < 70; skip++) {
            struct tool_hop hop = {0};
            bool seen[64] = {false};
            struct protocol_hop request = request_over(count);
            request.present |= PROTOCOL_BIT(2) | PROTOCOL_BIT(3);
            request.shuffle = true;
            request.skip = skip;
            start(&hop, &request);
            assert_true(hop.skip >= skip || skip >= count);
            for (unsigned i = 0; i < count; i++) {
                assert_false(seen[hop.at]);
                seen[hop.at] = true;
                tool_hop_advance(&hop, 0);
            }
            tool_hop_done(&hop.channels);
        }
}

static void test_shuffling_steps_over_neighbours(void **state)
{
    struct tool_hop hop = {0};
    struct protocol_hop request = request_over(14);
    request.present |= PROTOCOL_BIT(2);
    start(&hop, &request);
    assert_int_equal(hop.skip, 1); /* not shuffled */
    request.shuffle = true;
    start(&hop, &request);
    expect_next(&hop, "1");
    expect_next(&hop, "6");
    expect_next(&hop, "11");
    request.present |= PROTOCOL_BIT(3);
    request.skip = 9;
    start(&hop, &request);
    request.present = PROTOCOL_BIT(1);
    request.rate = 2;
    start(&hop, &request); /* the step stays as well */
    assert_int_equal(hop.skip, 9);
    tool_hop_done(&hop.channels);
}

static bool is_odd(struct tool *tool, const char *channel)
{
    return (channel[strlen(channel) - 1] - '0') % 2;
}

static void test_unwanted_channels_are_left_out(void **state)
{
    struct tool_hop hop = {.hops_to = is_odd};
    struct tool_channels known = {0};
    struct protocol_hop request = request_over(5);
    struct buffer why = {0};
    start(&hop, &request);
    expect_next(&hop, "1");
    expect_next(&hop, "3");
    expect_next(&hop, "5");
    expect_next(&hop, "1");
    tool_hop_done(&hop.channels);
    request = (struct protocol_hop){0};
    tool_hop_add(&known, protocol_text_of("4"));
    assert_int_equal(tool_hop_start(&hop, &request, &known, 0, &why), -EINVAL);
    tool_hop_add(&known, protocol_text_of("7"));
    assert_int_equal(tool_hop_start(&hop, &request, &known, 0, &why), 0);
    expect_next(&hop, "7");
    expect_next(&hop, "7");
    buffer_done(&why);
    tool_hop_done(&hop.channels);
    tool_hop_done(&known);
}

static void test_channels_leave(void **state)
{
    struct tool_hop hop = {0};
    struct protocol_hop request = request_over(3);
    start(&hop, &request);
    expect_next(&hop, "1");
    assert_true(tool_hop_drop(&hop));
    expect_next(&hop, "3");
    tool_hop_advance(&hop, 0);
    assert_true(tool_hop_drop(&hop));
    expect_next(&hop, "1");
    assert_false(tool_hop_drop(&hop));
    assert_false(hop.on);
    tool_hop_done(&hop.channels);
}

static void test_refusals_change_nothing(void **state)
{
    struct tool_hop hop = {0};
    struct tool_channels none = {0};
    struct buffer why = {0};
    struct protocol_hop request = {0};
    assert_int_equal(tool_hop_start(&hop, &request, &none, 0, &why), -EINVAL);
    assert_true(why.length > 0);
    request = request_over(2);
    start(&hop, &request);
    request = request_over(5);
    request.present |= PROTOCOL_BIT(1);
    assert_int_equal(tool_hop_start(&hop, &request, &none, 0, &why), -EINVAL);
    assert_int_equal(hop.channels.count, 2);
    assert_true(hop.rate == 1);
    buffer_done(&why);
    tool_hop_done(&hop.channels);
}

static void test_lists(void **state)
{
    struct tool_channels channels = {0};
    char text[TOOL_CHANNEL_TEXT + 1];
    assert_true(tool_hop_add(&channels, protocol_text_of("6HT40+")));
    assert_false(tool_hop_add(&channels, protocol_text_of("6ht40+")));
    assert_false(tool_hop_add(&channels, protocol_text_of("")));
    assert_false(tool_hop_add(&channels, (struct protocol_text){"1\0", 2}));
    memset(text, 'a', sizeof text);
    text[TOOL_CHANNEL_TEXT] = '\0';
    assert_false(tool_hop_add(&channels, protocol_text_of(text)));
    for (unsigned i = 0; i < TOOL_CHANNELS + 5; i++) {
        snprintf(text, sizeof text, "%u", i);
        tool_hop_add(&channels, protocol_text_of(text));
    }
    assert_int_equal(channels.count, TOOL_CHANNELS);
    struct tool_hop hop = {0};
    struct protocol_hop request = {0};
    struct buffer why = {0};
    assert_int_equal(tool_hop_start(&hop, &request, &channels, 0, &why), 0);
    assert_string_equal(tool_hop_channel(&hop), "6HT40+");
    protocol_list_clear(&list_writer);
    struct protocol_hop report = tool_hop_report(&hop, &list_writer);
    assert_int_equal(report.channels.count, TOOL_CHANNELS);
    assert_true(report.enabled);
    tool_hop_done(&hop.channels);
    tool_hop_done(&channels);
}

static int done(void **state)
{
    protocol_list_done(&list_writer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_goes_round),
        cmocka_unit_test(test_rate_and_offset),
        cmocka_unit_test(test_shuffling_comes_by_every_channel),
        cmocka_unit_test(test_shuffling_steps_over_neighbours),
        cmocka_unit_test(test_unwanted_channels_are_left_out),
        cmocka_unit_test(test_channels_leave),
        cmocka_unit_test(test_refusals_change_nothing),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
