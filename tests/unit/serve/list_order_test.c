/* Sorted lists against qsort over the same records: every kind of key, both directions, windows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "schema/projection.h"
#include "serve/list/list_order.h"

enum { RECORDS = 500 };

struct row {
    const char *text;
    int32_t whole;
    uint64_t natural;
    double number;
    struct macaddr mac;
    struct device_key key;
    const struct row *inner;
    char memory[64];
};

static const struct field row_fields[];
static const struct record_type row_type = {"row", row_fields, 7};

// clang-format off
#define ROW(wire, kind, member) FIELD(wire, kind, struct row, member, "")

static const struct field row_fields[] = {
    ROW("text", FIELD_TEXT, text),
    ROW("whole", FIELD_INT32, whole),
    ROW("natural", FIELD_UINT64, natural),
    ROW("number", FIELD_DOUBLE, number),
    ROW("mac", FIELD_MAC, mac),
    ROW("key", FIELD_KEY, key),
    {.name = "inner", .type = FIELD_RECORD, .offset = offsetof(struct row, inner), .record = &row_type},
};
// clang-format on

static struct row rows[RECORDS];
static struct path path;
static struct view view;
static bool is_descending;

static void make_rows(unsigned seed)
{
    static const char *const texts[] = {"",           "a",         "ab",
                                        "abcdefgh",   "abcdefghi", "abcdefgh\x01",
                                        "abcdefghzz", "b",         "\xc3\xa9t\xc3\xa9"};
    srand(seed);
    for (int i = 0; i < RECORDS; i++) {
        struct row *row = &rows[i];
        *row = (struct row){.whole = rand() % 7 - 3, .natural = (uint64_t)rand() << (rand() % 33)};
        row->text = texts[(size_t)rand() % (sizeof texts / sizeof *texts)];
        row->number = rand() % 5 ? (rand() % 100 - 50) / 8.0 : -0.0;
        row->mac.octet[rand() % 6] = (uint8_t)rand();
        row->key = (struct device_key){(uint64_t)rand() % 2, (uint64_t)rand() << 32};
        row->inner = rand() % 3 ? row : NULL;
        if (rand() % 50 == 0)
            row->number = (double[]){INFINITY, -INFINITY, NAN}[rand() % 3];
    }
}

static int compare_rows(const void *a, const void *b)
{
    struct value left, right;
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
    path_value(&path, &rows[first], &view, &left);
    path_value(&path, &rows[second], &view, &right);
    int order = value_compare(&left, &right);
    if (order)
        return is_descending ? -order : order;
    return first < second ? -1 : first > second;
}

static void check_window(const char *text, uint32_t start, uint32_t length)
{
    uint32_t expected[RECORDS], count;
    for (uint32_t i = 0; i < RECORDS; i++)
        expected[i] = i;
    qsort(expected, RECORDS, sizeof *expected, compare_rows);
    struct list_order *order = list_order_new(&row_type, text, is_descending);
    assert_non_null(order);
    for (uint32_t i = 0; i < RECORDS; i++)
        assert_int_equal(list_order_add(order, i, &rows[i], &view), 0);
    uint32_t *ids = list_order_window(order, start, length, &count);
    assert_non_null(ids);
    uint32_t left = RECORDS - start;
    assert_int_equal(count, length && length < left ? length : left);
    assert_memory_equal(ids, expected + start, count * sizeof *ids);
    free(ids);
    list_order_free(order);
}

static void sorts_as_values_compare(void **state)
{
    static const char *const paths[] = {"text", "whole",      "natural",     "number",
                                        "mac",  "inner/text", "inner/number"};
    for (unsigned seed = 0; seed < 5; seed++) {
        make_rows(seed);
        for (size_t i = 0; i < 2 * sizeof paths / sizeof *paths; i++) {
            is_descending = i % 2;
            assert_int_equal(path_parse(&row_type, paths[i / 2], strlen(paths[i / 2]), &path), 0);
            check_window(paths[i / 2], 0, 0);
            check_window(paths[i / 2], 0, 50);
            check_window(paths[i / 2], 37, 1);
            check_window(paths[i / 2], 480, 50);
            check_window(paths[i / 2], RECORDS, 50);
        }
    }
}

static void sorts_keys_by_phy_and_address(void **state)
{
    make_rows(9);
    is_descending = false;
    assert_int_equal(path_parse(&row_type, "key", 3, &path), 0);
    check_window("key", 0, 0);
    check_window("key", 10, 20);
}

static void a_path_that_names_nothing_keeps_the_order(void **state)
{
    uint32_t count;
    struct list_order *order = list_order_new(&row_type, "no/such/path", true);
    for (uint32_t i = 0; i < 10; i++)
        list_order_add(order, i, &rows[i], &view);
    uint32_t *ids = list_order_window(order, 2, 3, &count);
    assert_int_equal(count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(ids[i], i + 2);
    free(ids);
    list_order_free(order);
    assert_null(list_order_new(&row_type,
                               "inner/inner/inner/inner/inner/inner/inner/inner/inner/"
                               "inner/inner/inner/inner",
                               false));
}

static void an_empty_list_has_an_empty_window(void **state)
{
    uint32_t count = 1;
    struct list_order *order = list_order_new(&row_type, "text", false);
    uint32_t *ids = list_order_window(order, 0, 50, &count);
    assert_non_null(ids);
    assert_int_equal(count, 0);
    free(ids);
    list_order_free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_as_values_compare),
        cmocka_unit_test(sorts_keys_by_phy_and_address),
        cmocka_unit_test(a_path_that_names_nothing_keeps_the_order),
        cmocka_unit_test(an_empty_list_has_an_empty_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
