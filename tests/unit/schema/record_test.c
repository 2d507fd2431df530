/* Device keys as text, rows by name, and the values behind rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "sample_record.h"

static void test_key_text(void **state)
{
    char text[DEVICE_KEY_TEXT];
    struct macaddr mac = {{0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}};
    struct device_key key = {0x0d770242, macaddr_u64(mac)};
    assert_int_equal(device_key_write(key, text), 29);
    assert_string_equal(text, "4202770D00000000_FFEEDDCCBBAA");
    mac = (struct macaddr){{0x11, 0x22, 0x33, 0x44, 0x55, 0x00}};
    device_key_write((struct device_key){0, macaddr_u64(mac)}, text);
    assert_string_equal(text, "0_5544332211");
    device_key_write((struct device_key){UINT64_MAX, UINT64_MAX}, text);
    assert_string_equal(text, "FFFFFFFFFFFFFFFF_FFFFFFFFFFFFFFFF");
    device_key_write((struct device_key){0, 0}, text);
    assert_string_equal(text, "0_0");
}

static void test_key_parse(void **state)
{
    struct device_key key = {1, 2};
    static const char *const bad[] = {"",      "_",     "1_",   "_1",  "12",
                                      "1_2_3", "0x1_2", " 1_2", "1_G", "11112222333344445_1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(device_key_parse(bad[i], strlen(bad[i]), &key), -EINVAL);
    assert_int_equal(key.phy, 1);
    assert_int_equal(device_key_parse("4202770d00000000_00005544332211", 31, &key), 0);
    assert_int_equal(key.phy, 0x0d770242);
    assert_int_equal(key.mac, 0x1122334455000000);
}

static void test_find(void **state)
{
    assert_ptr_equal(record_find(&sample_type, "sample.name", 11), &sample_fields[0]);
    assert_non_null(record_find(&sample_type, "sample.old", 10));
    assert_null(record_find(&sample_type, "sample.nam", 10));
    assert_null(record_find(&sample_type, "", 0));
    assert_null(record_find(NULL, "sample.name", 11));
}

static struct value read_row(const struct sample *sample, const char *name)
{
    static struct view view;
    struct value value;
    view.scratch_used = 0;
    record_value(record_find(&sample_type, name, strlen(name)), sample, &view, &value);
    return value;
}

static void test_value(void **state)
{
    struct sample sample;
    struct string *name = sample_string("abc", 3);
    sample_fill(&sample, name);
    assert_int_equal(read_row(&sample, "sample.int8").integer, -128);
    assert_int_equal(read_row(&sample, "sample.uint64").natural, UINT64_MAX);
    assert_int_equal(read_row(&sample, "sample.name").length, 3);
    assert_true(read_row(&sample, "sample.float").number == 0.5);
    assert_int_equal(read_row(&sample, "sample.series").count, 70);
    assert_ptr_equal(read_row(&sample, "sample.inner").record, &sample.inner);
    assert_ptr_equal(read_row(&sample, "sample.leaf").record, &sample_leaf);
    assert_string_equal(read_row(&sample, "sample.made.text").text, "00:1D:D5:9B:11:0A");
    assert_int_equal(((const struct leaf *)read_row(&sample, "sample.made").record)->size, 77);
    assert_true(read_row(&sample, "sample.made.nothing").absent);
    assert_true(read_row(&sample, "sample.no_leaf").absent);
    assert_true(read_row(&sample, "sample.leaves").absent);
    assert_false(read_row(&sample, "sample.if.int32").absent);
    free(name);
}

static void test_empty_values(void **state)
{
    struct sample sample = {0};
    for (size_t i = 0; i < sample_type.count; i++) {
        const struct field *field = &sample_fields[i];
        bool walked = field->next, record = field->type == FIELD_RECORD && !field->get;
        bool nothing = strcmp(field->name, "sample.made.nothing") == 0;
        bool optional = field->flags & FIELD_OPTIONAL;
        assert_int_equal(read_row(&sample, field->name).absent,
                         walked || record || nothing || optional);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_text),     cmocka_unit_test(test_key_parse),
        cmocka_unit_test(test_find),         cmocka_unit_test(test_value),
        cmocka_unit_test(test_empty_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
