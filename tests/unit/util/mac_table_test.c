/* Tables of addresses: exact and masked rules, the most exact first, taking out, growing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/mac_table.h"

#define WHOLE (UINT64_MAX << 16)
#define MAKER (UINT64_MAX << 40)

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){
        {0x00, 0x13, 0x10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
}

static void set(struct mac_table *table, uint32_t number, uint64_t mask, uint8_t value)
{
    struct mac_rule *rule = mac_table_add(table, mac_of(number), mask);
    assert_non_null(rule);
    rule->value = value;
}

/* The values of the rules that an address falls under, most exact first, as text. */
static const char *matches(const struct mac_table *table, struct macaddr mac, char text[8])
{
    uint32_t at = table->count;
    size_t count = 0;
    for (const struct mac_rule *rule; (rule = mac_table_match(table, mac, &at));)
        text[count++] = (char)rule->value;
    text[count] = '\0';
    return text;
}

static void test_the_most_exact_rule_comes_first(void **state)
{
    struct mac_table table = {0};
    char text[8];
    assert_string_equal(matches(&table, mac_of(1), text), "");
    set(&table, 1, WHOLE, 'w');
    set(&table, 0, 0, 'z');
    set(&table, 7, MAKER, 'm');
    assert_string_equal(matches(&table, mac_of(1), text), "wmz");
    assert_string_equal(matches(&table, mac_of(2), text), "mz");
    assert_string_equal(matches(&table, (struct macaddr){{1}}, text), "z");
    mac_table_done(&table);
}

static void test_bits_outside_the_mask_do_not_count(void **state)
{
    struct mac_table table = {0};
    set(&table, 7, MAKER, 'a');
    set(&table, 9, MAKER, 'b');
    assert_int_equal(table.count, 1);
    assert_int_equal(mac_table_find(&table, mac_of(500), MAKER)->value, 'b');
    assert_null(mac_table_find(&table, mac_of(7), WHOLE));
    mac_table_remove(&table, mac_table_find(&table, mac_of(1), MAKER));
    assert_int_equal(table.count, 0);
    mac_table_done(&table);
}

static void test_many_rules_in_any_order(void **state)
{
    enum { MANY = 1000 };
    struct mac_table table = {0};
    for (uint32_t i = 0; i < MANY; i++)
        set(&table, i * 7919 % MANY, WHOLE, (uint8_t)(i * 7919 % MANY));
    for (uint32_t i = 0; i < MANY; i += 2)
        mac_table_remove(&table, mac_table_find(&table, mac_of(i), WHOLE));
    for (uint32_t i = 0; i < MANY; i++) {
        const struct mac_rule *rule = mac_table_find(&table, mac_of(i), WHOLE);
        assert_true(i % 2 ? rule && rule->value == (uint8_t)i : !rule);
    }
    mac_table_done(&table);
}

static void test_a_rule_is_written_with_the_mask_it_needs(void **state)
{
    struct mac_table table = {0};
    char text[MAC_RULE_TEXT];
    set(&table, 1, WHOLE, 0);
    assert_int_equal(mac_table_write_rule(&table.rules[0], text), 17);
    assert_string_equal(text, "00:13:10:00:00:01");
    set(&table, 1, MAKER, 0);
    assert_int_equal(mac_table_write_rule(&table.rules[0], text), 35);
    assert_string_equal(text, "00:13:10:00:00:00/FF:FF:FF:00:00:00");
    mac_table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_most_exact_rule_comes_first),
        cmocka_unit_test(test_bits_outside_the_mask_do_not_count),
        cmocka_unit_test(test_many_rules_in_any_order),
        cmocka_unit_test(test_a_rule_is_written_with_the_mask_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
