/* The make-believe tuner: lists, lock, hop, shuffling, spreading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture/tuner.h"

static void start(struct source_status *status, const char *text,
                  const struct capture_config *defaults)
{
    struct definition *definition;
    struct buffer why = {0};
    memset(status, 0, sizeof *status);
    assert_int_equal(definition_parse(text, &definition, &why), 0);
    tuner_start(status, definition, defaults);
    definition_free(definition);
}

static void test_start(void **state)
{
    static struct source_status status;
    const struct capture_config hop = {.hop = true, .hop_rate = 7, .split = true};
    const struct capture_config stay = {.hop = false};
    start(&status, "f:tuner=null", &hop);
    assert_true(status.hopping && status.hop_split && !status.hop_shuffle);
    assert_true(status.hop_rate == 7);
    assert_string_equal(status.channel, "");
    assert_int_equal(status.hop_channels.count, 42);
    start(&status, "f:tuner=null", &stay);
    assert_false(status.hopping);
    assert_true(status.hop_rate == 5);
    assert_string_equal(status.channel, "1");
    start(&status, "f:tuner=null,channel=6ht40+", &hop);
    assert_false(status.hopping);
    assert_string_equal(status.channel, "6HT40+");
    start(&status, "f:tuner=null,channel=6,channel_hop=true,dwell=2", &hop);
    assert_true(status.hopping);
    assert_true(status.hop_rate == 0.5);
    start(&status, "f:tuner=null,channels=\"1,6,11\",add_channels=\"6,36\",block_channels=\"1\"",
          &hop);
    assert_int_equal(status.channels.count, 4);
    assert_int_equal(status.hop_channels.count, 3);
    assert_string_equal(status.hop_channels.text[2], "36");
}

static void test_commands(void **state)
{
    static struct source_status status;
    const struct capture_config defaults = {.hop = true};
    const char *channels[] = {"1", "6HT40+", "1", "bad"};
    struct capture_hop hop = {.rate = 2, .channels = channels, .channel_count = 3};
    struct buffer why = {0};
    start(&status, "f:tuner=null", &defaults);
    assert_int_equal(tuner_lock(&status, "11", &why), 0);
    assert_string_equal(status.channel, "11");
    assert_false(status.hopping);
    assert_int_equal(tuner_lock(&status, "nonsense", &why), -EINVAL);
    assert_string_equal(status.channel, "11");
    assert_int_equal(tuner_hop(&status, &hop, &why), 0);
    assert_true(status.hopping && status.hop_rate == 2 && status.hop_channels.count == 2);
    assert_string_equal(status.channel, "");
    hop.channel_count = 4;
    assert_int_equal(tuner_hop(&status, &hop, &why), -EINVAL);
    hop = (struct capture_hop){.rate = -1};
    assert_int_equal(tuner_hop(&status, &hop, &why), -EINVAL);
    assert_int_equal(tuner_hop(&status, NULL, &why), 0);
    assert_int_equal(status.hop_channels.count, 2);
    buffer_done(&why);
}

static void test_shuffle_visits_all(void **state)
{
    static struct source_status status;
    const struct capture_config defaults = {.hop = true, .shuffle = true};
    start(&status, "f:tuner=null", &defaults);
    assert_true(status.hop_shuffle_skip > 1);
    assert_int_equal(status.hop_channels.count, status.channels.count);
    for (unsigned i = 0; i < status.channels.count; i++) {
        unsigned found = 0;
        for (unsigned j = 0; j < status.hop_channels.count; j++)
            found += strcmp(status.channels.text[i], status.hop_channels.text[j]) == 0;
        assert_int_equal(found, 1);
    }
    tuner_spread(&status, 1, 2);
    assert_int_equal(status.hop_offset, 21);
    tuner_spread(&status, 0, 1);
    assert_int_equal(status.hop_offset, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_shuffle_visits_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
