/* Filters by address: lines of the configuration, the order of roles and masks, taking back,
 * limits, threads. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "track/mac_filter.h"

#define WHOLE (UINT64_MAX << 16)
#define MAKER (UINT64_MAX << 40)
#define WIFI  "IEEE802.11"

static const struct mac_filter_kind packets = {
    "packets", "of a test", "kis_log_packet_filter_default", "kis_log_packet_filter", true};
static const struct mac_filter_kind devices = {
    "devices", "of a test", "kis_log_device_filter_default", "kis_log_device_filter", false};

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){
        {0x00, 0x13, 0x10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

/* A filter over lines of the configuration, NULL-ended; `why` gets their faults. */
static struct mac_filter *filter_of(const struct mac_filter_kind *kind, const char *fallback,
                                    const char *const *lines, struct buffer *why)
{
    const struct option_table tables[] = {{"Filters", mac_filter_options, mac_filter_options_count},
                                          {0}};
    struct options *options = options_new(tables);
    assert_int_equal(options_set(options, kind->default_key, fallback, why), 0);
    for (; *lines; lines++)
        assert_int_equal(options_set(options, kind->rules_key, *lines, why), 0);
    struct mac_filter *filter = mac_filter_new(kind, options, why);
    options_free(options);
    assert_non_null(filter);
    return filter;
}

static struct mac_filter *empty_filter(void)
{
    struct buffer why = {0};
    const char *const none[] = {NULL};
    return filter_of(&packets, "pass", none, &why);
}

static struct mac_filter_names named(enum mac_filter_role role, uint32_t number)
{
    struct mac_filter_names names = {.present = (uint8_t)(1 << role)};
    names.addresses[role] = mac_of(number);
    return names;
}

static void set(struct mac_filter *filter, enum mac_filter_role role, uint32_t number,
                uint64_t mask, bool blocks)
{
    struct mac_filter_rule rule = {mac_of(number), mask, blocks};
    assert_int_equal(mac_filter_set(filter, WIFI, role, &rule, 1), 0);
}

static void test_the_configuration_fills_it(void **state)
{
    struct buffer why = {0};
    const char *const lines[] = {"IEEE802.11,source,00:13:10:00:00:01,block",
                                 "IEEE802.11, any ,00:13:10:00:00:02,pass",
                                 "BTLE,network,*,reject",
                                 "IEEE802.11,source,00:13:10:00:00:01",
                                 "IEEE802.11,x,*,block",
                                 "IEEE802.11,source,nonsense,block",
                                 "IEEE802.11,source,*,block,more",
                                 NULL};
    struct mac_filter *filter = filter_of(&packets, "block", lines, &why);
    struct mac_filter_names names = named(MAC_FILTER_SOURCE, 1);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    names = named(MAC_FILTER_OTHER, 2);
    assert_false(mac_filter_blocks(filter, WIFI, &names));
    names = named(MAC_FILTER_OTHER, 3);
    assert_true(mac_filter_blocks(filter, WIFI, &names)); /* by default */
    size_t faults = 0;
    for (size_t i = 0; i < why.length; i++)
        faults += why.data[i] == '\n';
    assert_int_equal(faults, 4);
    buffer_done(&why);
    mac_filter_free(filter);
}

static void test_lines_of_devices_have_no_role(void **state)
{
    struct buffer why = {0};
    const char *const lines[] = {"IEEE802.11,00:13:10:00:00:00/FF:FF:FF:00:00:00,block", NULL};
    struct mac_filter *filter = filter_of(&devices, "pass", lines, &why);
    struct mac_filter_names names = named(MAC_FILTER_ANY, 77);
    assert_int_equal(why.length, 0);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    assert_false(mac_filter_blocks(filter, "BTLE", &names));
    mac_filter_free(filter);
}

static void test_roles_come_in_order(void **state)
{
    struct mac_filter *filter = empty_filter();
    struct mac_filter_names names = named(MAC_FILTER_SOURCE, 1);
    names.addresses[MAC_FILTER_NETWORK] = mac_of(2);
    names.present |= 1 << MAC_FILTER_NETWORK;
    set(filter, MAC_FILTER_NETWORK, 2, WHOLE, true);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    set(filter, MAC_FILTER_ANY, 1, WHOLE, false);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    set(filter, MAC_FILTER_SOURCE, 1, WHOLE, false);
    assert_false(mac_filter_blocks(filter, WIFI, &names));
    mac_filter_free(filter);
}

static void test_the_longest_mask_rules(void **state)
{
    struct mac_filter *filter = empty_filter();
    struct mac_filter_names names = named(MAC_FILTER_SOURCE, 1);
    names.addresses[MAC_FILTER_ANY] = mac_of(2);
    names.present |= 1 << MAC_FILTER_ANY;
    set(filter, MAC_FILTER_ANY, 1, MAKER, true);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    set(filter, MAC_FILTER_ANY, 2, WHOLE, false); /* of the receiver */
    assert_false(mac_filter_blocks(filter, WIFI, &names));
    mac_filter_free(filter);
}

static void test_an_absent_address_falls_under_no_rule(void **state)
{
    struct mac_filter *filter = empty_filter();
    struct mac_filter_names names = {.present = 0};
    set(filter, MAC_FILTER_ANY, 0, 0, true);
    assert_false(mac_filter_blocks(filter, WIFI, &names));
    mac_filter_free(filter);
}

static void test_rules_are_taken_back(void **state)
{
    struct mac_filter *filter = empty_filter();
    struct mac_filter_names names = named(MAC_FILTER_SOURCE, 1);
    struct mac_filter_rule rules[] = {{mac_of(1), WHOLE, false}, {mac_of(9), WHOLE, false}};
    set(filter, MAC_FILTER_SOURCE, 1, WHOLE, true);
    mac_filter_remove(filter, WIFI, MAC_FILTER_DESTINATION, rules, 2);
    mac_filter_remove(filter, "BTLE", MAC_FILTER_SOURCE, rules, 2);
    assert_true(mac_filter_blocks(filter, WIFI, &names));
    mac_filter_remove(filter, WIFI, MAC_FILTER_SOURCE, rules, 2);
    assert_false(mac_filter_blocks(filter, WIFI, &names));
    mac_filter_free(filter);
}

static void test_limits(void **state)
{
    static struct mac_filter_rule rules[MAC_FILTER_RULES];
    struct mac_filter *filter = empty_filter();
    struct mac_filter_rule more = {mac_of(0xffffff), WHOLE, true};
    char name[MAC_FILTER_PHY_TEXT + 1];
    for (uint32_t i = 0; i < MAC_FILTER_RULES; i++)
        rules[i] = (struct mac_filter_rule){mac_of(i), WHOLE, true};
    assert_int_equal(mac_filter_set(filter, WIFI, MAC_FILTER_ANY, rules, MAC_FILTER_RULES), 0);
    assert_int_equal(mac_filter_set(filter, WIFI, MAC_FILTER_ANY, rules, MAC_FILTER_RULES), 0);
    assert_int_equal(mac_filter_set(filter, WIFI, MAC_FILTER_SOURCE, &more, 1), -ENOSPC);
    mac_filter_remove(filter, WIFI, MAC_FILTER_ANY, rules, MAC_FILTER_RULES);
    for (int i = 1; i < MAC_FILTER_PHYS; i++) {
        snprintf(name, sizeof name, "phy%d", i);
        assert_int_equal(mac_filter_set(filter, name, MAC_FILTER_ANY, &more, 1), 0);
    }
    assert_int_equal(mac_filter_set(filter, "one more", MAC_FILTER_ANY, &more, 1), -ENOSPC);
    memset(name, 'x', MAC_FILTER_PHY_TEXT);
    name[MAC_FILTER_PHY_TEXT] = '\0';
    assert_int_equal(mac_filter_set(filter, name, MAC_FILTER_ANY, &more, 1), -EINVAL);
    mac_filter_free(filter);
}

static void *change_for_a_while(void *context)
{
    struct mac_filter *filter = context;
    for (uint32_t i = 0; i < 2000; i++) {
        struct mac_filter_rule rule = {mac_of(i % 50), WHOLE, i & 1};
        mac_filter_set(filter, WIFI, MAC_FILTER_ANY, &rule, 1);
        rule.mac = mac_of((i + 25) % 50);
        mac_filter_remove(filter, WIFI, MAC_FILTER_ANY, &rule, 1);
        mac_filter_set_default(filter, i & 1);
    }
    return NULL;
}

static void test_packets_go_by_it_while_it_changes(void **state)
{
    struct mac_filter *filter = empty_filter();
    pthread_t thread;
    unsigned blocked = 0, rules = 0;
    assert_int_equal(pthread_create(&thread, NULL, change_for_a_while, filter), 0);
    for (uint32_t i = 0; i < 4000; i++) {
        struct mac_filter_names names = named(MAC_FILTER_SOURCE, i % 50);
        blocked += mac_filter_blocks(filter, WIFI, &names);
        const struct mac_filter_record *record = mac_filter_lock(filter);
        rules += record->phy_count ? record->phys[0]->roles[MAC_FILTER_ANY].count : 0;
        mac_filter_unlock(filter);
    }
    pthread_join(thread, NULL);
    assert_true(blocked <= 4000 && rules <= 4000 * 50);
    mac_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_configuration_fills_it),
        cmocka_unit_test(test_lines_of_devices_have_no_role),
        cmocka_unit_test(test_roles_come_in_order),
        cmocka_unit_test(test_the_longest_mask_rules),
        cmocka_unit_test(test_an_absent_address_falls_under_no_rule),
        cmocka_unit_test(test_rules_are_taken_back),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_packets_go_by_it_while_it_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
