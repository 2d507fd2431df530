/* Alerts and messages: definitions, rates of the configuration, what a raised alert holds, the
 * order of times, the message that goes with each. Times are the test's. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alert/alert.h"

#define SECONDS 1000000000ULL

static const struct alert_kind kinds[] = {
    {"FIRST", "DENIAL", ALERT_MEDIUM, {5, ALERT_MINUTE}, {2, ALERT_SECOND}, "the first"},
    {"SECOND", "SPOOF", ALERT_HIGH, {10, ALERT_MINUTE}, {1, ALERT_SECOND}, "the second"},
};

static const struct alert_facts nothing = {0};

struct bench {
    struct options *options;
    struct message *messages;
    struct alert *alert;
    struct buffer why;
    uint64_t now_us;
    int first;
};

static uint64_t now_us(void *context)
{
    return ((struct bench *)context)->now_us;
}

/* A bench with these lines alert=, NULL-ended. */
static void set_up(struct bench *bench, const char *const *lines)
{
    static const struct option_table tables[] = {{"Alerts", alert_options, 8}, {0}};
    *bench = (struct bench){.options = options_new(tables), .now_us = 1700000000123456};
    struct alert_config config = {.options = bench->options, .now_us = now_us, .context = bench};
    for (; lines && *lines; lines++)
        assert_int_equal(options_set(bench->options, "alert", *lines, &bench->why), 0);
    bench->messages = message_new(50, now_us, bench);
    config.messages = bench->messages;
    bench->alert = alert_new(&config, &bench->why);
    assert_non_null(bench->alert);
    bench->first = alert_define_all(bench->alert, kinds, 2, 3);
    assert_true(bench->first >= 0);
}

static void tear_down(struct bench *bench)
{
    alert_free(bench->alert);
    message_free(bench->messages);
    options_free(bench->options);
    buffer_done(&bench->why);
}

static uint32_t read_alerts(struct bench *bench, struct alert_record *records)
{
    return backlog_copy(alert_backlog(bench->alert), records);
}

static void definitions_are_listed(void **state)
{
    struct bench bench;
    struct alert_definition list[4];
    set_up(&bench, NULL);
    assert_int_equal(alert_list(bench.alert, list, 4), 2);
    assert_int_equal(alert_list(bench.alert, list, 1), 1);
    assert_string_equal(list[0].header, "FIRST");
    assert_string_equal(list[0].class, "DENIAL");
    assert_string_equal(list[0].description, "the first");
    assert_int_equal(list[0].severity, ALERT_MEDIUM);
    assert_int_equal(list[0].phy, 3);
    assert_int_equal(list[0].limit_rate, 5);
    assert_int_equal(list[0].limit_unit, ALERT_MINUTE);
    assert_int_equal(list[0].limit_burst, 2);
    assert_int_equal(list[0].burst_unit, ALERT_SECOND);
    assert_true(list[0].time_last == 0);
    assert_int_equal(alert_raise(bench.alert, (unsigned)bench.first, &nothing, "x"), 0);
    alert_list(bench.alert, list, 4);
    assert_int_equal(list[0].total_sent, 1);
    assert_int_equal(list[0].burst_sent, 1);
    assert_true(list[0].time_last == 1700000000.123456);
    tear_down(&bench);
}

static void names_are_found_and_taken_in_any_case(void **state)
{
    struct bench bench;
    struct alert_kind kind = kinds[0];
    set_up(&bench, NULL);
    assert_int_equal(alert_find(bench.alert, "second"), bench.first + 1);
    assert_int_equal(alert_find(bench.alert, "third"), -ENOENT);
    kind.name = "first";
    assert_int_equal(alert_define(bench.alert, &kind, -1), -EEXIST);
    kind.name = "THIRD";
    assert_int_equal(alert_define(bench.alert, &kind, -1), 2);
    char name[ALERT_NAME];
    kind.name = name;
    int number = 2;
    for (int i = 0; i <= ALERT_DEFINITIONS && number >= 0; i++) {
        snprintf(name, sizeof name, "MADE_UP_%d", i);
        number = alert_define(bench.alert, &kind, -1);
    }
    assert_int_equal(number, -ENOSPC);
    assert_int_equal(alert_raise(bench.alert, ALERT_DEFINITIONS, &nothing, "x"), -EAGAIN);
    tear_down(&bench);
}

static void rates_of_the_configuration_win(void **state)
{
    static const char *const lines[] = {
        "first,0/min,0/sec", "FIRST,9/min,9/sec", "SECOND,7/hour",      "LATER,3/day,3/day",
        "nonsense",          "SECOND,x",          "ABSENT,1/min,1/sec", NULL};
    struct bench bench;
    struct alert_definition list[3];
    struct alert_kind later = {"LATER", "OTHER", ALERT_LOW, {1, 1}, {1, 1}, "later"};
    struct buffer unknown = {0};
    set_up(&bench, lines);
    assert_int_equal(alert_unknown(bench.alert, &unknown), 2);
    assert_memory_equal(unknown.data, "LATER, ABSENT", unknown.length);
    assert_int_equal(alert_define(bench.alert, &later, -1), 2);
    assert_int_equal(alert_list(bench.alert, list, 3), 3);
    assert_int_equal(list[0].limit_rate, 0);
    assert_int_equal(list[1].limit_rate, 7);
    assert_int_equal(list[1].limit_unit, ALERT_HOUR);
    assert_int_equal(list[1].limit_burst, 1);
    assert_int_equal(list[2].burst_unit, ALERT_DAY);
    buffer_add_byte(&bench.why, 0);
    assert_non_null(strstr((char *)bench.why.data, "alert=nonsense: it takes NAME,RATE,BURST"));
    assert_non_null(strstr((char *)bench.why.data, "alert=SECOND,x: 'x' is no rate"));
    assert_int_equal(alert_raise(bench.alert, (unsigned)bench.first, &nothing, "x"), -EAGAIN);
    buffer_done(&unknown);
    tear_down(&bench);
}

static void a_raised_alert_holds_its_facts(void **state)
{
    struct bench bench;
    struct alert_record records[50];
    struct message_record messages[50];
    struct phy_record phy = {.name = "IEEE802.11", .number = 0, .key = 42};
    struct device device = {.mac = {{2, 0, 0, 0, 0, 9}}};
    struct location location = {.fix = 2, .point = {8.5, 47.4}};
    struct alert_facts facts = {.time_ns = 1000 * SECONDS,
                                .phy = &phy,
                                .device = &device,
                                .transmitter = {{1, 2, 3, 4, 5, 6}},
                                .source = {{2, 2, 3, 4, 5, 6}},
                                .destination = {{3, 2, 3, 4, 5, 6}},
                                .other = {{4, 2, 3, 4, 5, 6}},
                                .channel = "36",
                                .frequency = 5180000,
                                .location = &location,
                                .has_datasource = true,
                                .datasource = 4};
    set_up(&bench, NULL);
    assert_int_equal(alert_raise(bench.alert, 1, &facts, "net '%s'\n%c", "caf\xc3\xa9", 0xff), 0);
    assert_int_equal(read_alerts(&bench, records), 1);
    assert_string_equal(records[0].header, "SECOND");
    assert_string_equal(records[0].class, "SPOOF");
    assert_string_equal(records[0].text, "net 'caf\xc3\xa9'??");
    assert_string_equal(records[0].channel, "36");
    assert_int_equal(records[0].severity, ALERT_HIGH);
    assert_int_equal(records[0].packet_ns, facts.time_ns);
    assert_int_equal(records[0].time_us, bench.now_us);
    assert_int_equal(records[0].phy, 0);
    assert_int_equal(records[0].device_key.phy, 42);
    assert_int_equal(records[0].device_key.mac, macaddr_u64(device.mac));
    assert_memory_equal(&records[0].transmitter, &facts.transmitter, 6);
    assert_memory_equal(&records[0].source, &facts.source, 6);
    assert_memory_equal(&records[0].destination, &facts.destination, 6);
    assert_memory_equal(&records[0].other, &facts.other, 6);
    assert_int_equal(records[0].frequency, 5180000);
    assert_int_equal(records[0].datasource, 4);
    assert_true(records[0].location.point.latitude == 47.4);
    assert_int_equal(device.alerts, 1);
    assert_int_equal(backlog_copy(message_backlog(bench.messages), messages), 1);
    assert_int_equal(messages[0].kind, MESSAGE_ALERT);
    assert_string_equal(messages[0].text, "SECOND net 'caf\xc3\xa9'??");
    tear_down(&bench);
}

static void packets_go_by_their_own_time(void **state)
{
    struct bench bench;
    struct alert_record records[50];
    struct alert_facts facts = {.time_ns = 5 * SECONDS};
    struct device device = {0};
    set_up(&bench, NULL);
    facts.device = &device;
    for (unsigned i = 0; i < 100; i++, facts.time_ns += SECONDS / 10)
        alert_raise(bench.alert, 0, &facts, "%u", i);
    /* 10 s of packets at once by the server's clock: 5 a minute, 2 a second */
    assert_int_equal(read_alerts(&bench, records), 5);
    assert_int_equal(device.alerts, 5); /* what is held back does not count */
    tear_down(&bench);
}

static void no_two_alerts_have_one_time(void **state)
{
    struct bench bench;
    struct alert_record records[50];
    const struct alert_kind once = {"ONCE", "SYSTEM", ALERT_CRITICAL, {0, 0}, {0, 0}, "once"};
    set_up(&bench, NULL);
    for (unsigned i = 0; i < 60; i++, bench.now_us -= 1000000) /* the clock was set back */
        alert_raise_once(bench.alert, &once, &nothing, "the same");
    assert_int_equal(read_alerts(&bench, records), 50);
    for (unsigned i = 1; i < 50; i++) {
        assert_true(records[i].time_us > records[i - 1].time_us);
        assert_int_not_equal(records[i].hash, records[i - 1].hash);
    }
    assert_int_equal(records[0].severity, ALERT_CRITICAL);
    assert_int_equal(records[0].phy, UINT32_MAX);
    assert_int_equal(records[0].datasource, ALERT_NO_SOURCE);
    tear_down(&bench);
}

static void long_texts_are_cut(void **state)
{
    struct bench bench;
    struct alert_record records[50];
    char text[3000];
    set_up(&bench, NULL);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(alert_raise(bench.alert, 0, &nothing, "%s", text), 0);
    read_alerts(&bench, records);
    assert_int_equal(strlen(records[0].text), ALERT_TEXT - 1);
    message_post(bench.messages, MESSAGE_INFO, "%s", text);
    message_post(NULL, MESSAGE_INFO, "to nobody");
    struct message_record messages[50];
    assert_int_equal(backlog_copy(message_backlog(bench.messages), messages), 2);
    assert_int_equal(strlen(messages[1].text), MESSAGE_TEXT - 1);
    tear_down(&bench);
}

static void *raise_many(void *context)
{
    struct bench *bench = context;
    for (int i = 0; i < 2000; i++) {
        struct alert_facts facts = {.time_ns = (uint64_t)i * 100 * SECONDS};
        alert_raise(bench->alert, 0, &facts, "thread");
        message_post(bench->messages, MESSAGE_INFO, "thread");
    }
    return NULL;
}

static void threads_raise_together(void **state)
{
    struct bench bench;
    pthread_t threads[3];
    struct alert_record records[50];
    struct alert_definition list[2];
    set_up(&bench, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, raise_many, &bench), 0);
    for (int i = 0; i < 200; i++) {
        uint32_t count = read_alerts(&bench, records);
        alert_list(bench.alert, list, 2);
        for (uint32_t j = 1; j < count; j++)
            assert_true(records[j].time_us > records[j - 1].time_us);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(read_alerts(&bench, records), 50);
    tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_are_listed),
        cmocka_unit_test(names_are_found_and_taken_in_any_case),
        cmocka_unit_test(rates_of_the_configuration_win),
        cmocka_unit_test(a_raised_alert_holds_its_facts),
        cmocka_unit_test(packets_go_by_their_own_time),
        cmocka_unit_test(no_two_alerts_have_one_time),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(threads_raise_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
