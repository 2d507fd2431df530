/* Text rules: UTF-8, printable forms, hex, base64 as clients send it, numbers, HTML, distance. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "util/text.h"

static void assert_content(struct buffer *buffer, const char *text)
{
    buffer_add_byte(buffer, '\0');
    assert_string_equal((const char *)buffer->data, text);
    buffer_done(buffer);
}

static void test_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t valid;
    } cases[] = {
        {"", 0},
        {"plain", 5},
        {"h\xc3\xa9llo", 6},
        {"\xe2\x82\xac", 3},
        {"\xf0\x9f\x98\x80", 4},
        {"\xf4\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 0}, /* past U+10FFFF */
        {"\xed\xa0\x80", 0},     /* a surrogate */
        {"\xed\x9f\xbf", 3},
        {"\xc0\x80", 0}, /* overlong */
        {"\xc1\xbf", 0},
        {"\xe0\x9f\xbf", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"ab\xc3", 2}, /* cut off */
        {"ab\xe2\x82", 2},
        {"ab\xf0\x9f\x98", 2},
        {"\x80", 0},
        {"a\xc3(", 1},
        {"\xff\xfe", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(text_utf8_valid(cases[i].text, strlen(cases[i].text)), cases[i].valid);
}

static void test_clean(void **state)
{
    char text[] = "caf\xc3\xa9 \\\n\x7f\xff\xc2\x85\xe2\x82";
    text_clean(text);
    assert_string_equal(text, "caf\xc3\xa9 \\???????");
    text[0] = '\0';
    text_clean(text);
    assert_string_equal(text, "");
}

static void test_printable(void **state)
{
    struct buffer buffer = {0};
    text_add_printable(&buffer, "caf\xc3\xa9 \\ \x01\x7f\xff\xc2\x85\0z", 15);
    assert_content(&buffer, "caf\xc3\xa9 \\\\ \\001\\177\\377\\302\\205\\000z");
}

static void test_hex_and_html(void **state)
{
    struct buffer buffer = {0};
    text_add_hex(&buffer, "\x00\xab\x0f", 3);
    text_add_hex(&buffer, "", 0);
    assert_content(&buffer, "00AB0F");
    text_add_html(&buffer, "<a href='x'>&\"", 14);
    assert_content(&buffer, "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
}

static void test_base64_forms(void **state)
{
    static const struct {
        const char *text, *decoded;
    } cases[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zg", "f"},
        {"Zm8=", "fo"},
        {"Zm8", "fo"},
        {"Zm9v", "foo"},
        {"Zm9v\r\nYmFy\n", "foobar"},
        {"Pj4+Pj8/Pz8=", ">>>>????"},
        {"Pj4-Pj8_Pz8", ">>>>????"},
        {"Pj4 Pj8/Pz8=", ">>>>????"}, /* a '+' that a form decoder took for a space */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer buffer = {0};
        assert_int_equal(text_base64_decode(cases[i].text, strlen(cases[i].text), &buffer), 0);
        assert_content(&buffer, cases[i].decoded);
    }
    static const char *const wrong[] = {"Z", "Zm9vY", "Zm9v!", "Zg==Zg==", "Z=g="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct buffer buffer = {0};
        assert_int_equal(text_base64_decode(wrong[i], strlen(wrong[i]), &buffer), -EINVAL);
        buffer_done(&buffer);
    }
}

static void test_base64_round(void **state)
{
    uint8_t bytes[200];
    srand(3);
    for (size_t length = 0; length < sizeof bytes; length++) {
        struct buffer text = {0}, back = {0};
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)rand();
        text_add_base64(&text, bytes, length);
        assert_int_equal(text.length, (length + 2) / 3 * 4);
        assert_int_equal(text_base64_decode((const char *)text.data, text.length, &back), 0);
        assert_int_equal(back.length, length);
        if (length)
            assert_memory_equal(back.data, bytes, length);
        buffer_done(&text);
        buffer_done(&back);
    }
}

static void test_percent(void **state)
{
    struct buffer buffer = {0};
    assert_int_equal(text_percent_decode("a%20b+c%2B%e2%82%ac", 19, true, &buffer), 0);
    assert_content(&buffer, "a b c+\xe2\x82\xac");
    assert_int_equal(text_percent_decode("a+b%2525", 8, false, &buffer), 0);
    assert_content(&buffer, "a+b%25");
    static const char *const wrong[] = {"%", "%2", "%zz", "ab%0", "%00", "%-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(text_percent_decode(wrong[i], strlen(wrong[i]), false, &buffer), -EINVAL);
        buffer_done(&buffer);
    }
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"+7", 7},
                {"-42", -42},
                {"007", 7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const wrong[] = {"",
                                        "-",
                                        "+",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "0x1",
                                        "9223372036854775808",
                                        "1e3",
                                        "--1",
                                        "-9223372036854775809",
                                        "99999999999999999999999"};
    int64_t value = 5;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(text_parse_i64(good[i].text, strlen(good[i].text), &value), 0);
        assert_true(value == good[i].value);
    }
    value = 5;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(text_parse_i64(wrong[i], strlen(wrong[i]), &value), -EINVAL);
    assert_true(value == 5);
    assert_int_equal(text_parse_i64("123456", 3, &value), 0);
    assert_true(value == 123);
}

static void test_doubles(void **state)
{
    static const char *const wrong[] = {"",   "nan", "inf", "-inf", "0x10", "1e999",    " 1",
                                        "1 ", "1,5", ".",   "-",    "1..2", "infinity", "1e"};
    double value = 0;
    assert_int_equal(text_parse_double("-12.5", 5, &value), 0);
    assert_true(value == -12.5);
    assert_int_equal(text_parse_double("1e3", 3, &value), 0);
    assert_true(value == 1000);
    assert_int_equal(text_parse_double(".5", 2, &value), 0);
    assert_true(value == 0.5);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(text_parse_double(wrong[i], strlen(wrong[i]), &value), -EINVAL);
    assert_true(value == 0.5);
}

static void test_booleans(void **state)
{
    bool truth = false;
    assert_int_equal(text_parse_bool("True", 4, &truth), 0);
    assert_true(truth);
    assert_int_equal(text_parse_bool("F", 1, &truth), 0);
    assert_false(truth);
    assert_int_equal(text_parse_bool("ON", 2, &truth), 0);
    assert_true(truth);
    assert_int_equal(text_parse_bool("", 0, &truth), -EINVAL);
    assert_int_equal(text_parse_bool("tru", 3, &truth), -EINVAL);
    assert_int_equal(text_parse_bool("truest", 6, &truth), -EINVAL);
    assert_true(truth);
}

static void test_taking(void **state)
{
    unsigned number = 7;
    const char *text = "36vHt80", *large = "12345";
    assert_true(text_take_number(&text, &number));
    assert_int_equal(number, 36);
    assert_false(text_take_number(&text, &number));
    assert_false(text_take_word(&text, "VHT160"));
    assert_true(text_take_word(&text, "VHT80"));
    assert_string_equal(text, "");
    assert_false(text_take_word(&text, "VHT80"));
    assert_false(text_take_number(&large, &number));
    assert_int_equal(number, 36);
}

static void test_distance(void **state)
{
    assert_int_equal(text_distance("", ""), 0);
    assert_int_equal(text_distance("httpd_port", "httpd_prot"), 2);
    assert_int_equal(text_distance("abc", ""), 3);
    assert_int_equal(text_distance("", "abc"), 3);
    assert_int_equal(text_distance("kitten", "sitting"), 3);
    char longer[65];
    memset(longer, 'a', 64);
    longer[64] = '\0';
    assert_int_equal(text_distance(longer, "a"), 64);
    assert_int_equal(text_distance("a", longer), 64);
    assert_int_equal(text_distance(longer + 1, longer + 1), 0);
}

static void check_wrapped(const char *text, const char *expected)
{
    struct buffer buffer = {0};
    buffer_add_text(&buffer, "# ");
    text_add_wrapped(&buffer, text, "# ", 10);
    buffer_add_byte(&buffer, '\0');
    assert_string_equal((const char *)buffer.data, expected);
    buffer_done(&buffer);
}

static void test_wrapped(void **state)
{
    check_wrapped("", "# \n");
    check_wrapped("ten letters", "# ten\n# letters\n");
    check_wrapped("one two  three", "# one two\n# three\n");
    check_wrapped("just fits it", "# just\n# fits it\n");
    check_wrapped("123 5678", "# 123 5678\n");
    check_wrapped("a considerable word", "# a\n# considerable\n# word\n");
}

static void test_hosts(void **state)
{
    assert_true(text_is_host("gps.example.org", 15));
    assert_true(text_is_host("fe80::1%eth0", 12));
    assert_true(text_is_host("a_b-c", 5));
    assert_false(text_is_host("", 0));
    assert_false(text_is_host("a b", 3));
    assert_false(text_is_host("a\0b", 3));
    assert_false(text_is_host("a/b", 3));
    assert_false(text_is_host("\xc3\xa4", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),         cmocka_unit_test(test_printable),
        cmocka_unit_test(test_clean),        cmocka_unit_test(test_hex_and_html),
        cmocka_unit_test(test_base64_forms), cmocka_unit_test(test_base64_round),
        cmocka_unit_test(test_percent),      cmocka_unit_test(test_integers),
        cmocka_unit_test(test_doubles),      cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_taking),       cmocka_unit_test(test_distance),
        cmocka_unit_test(test_wrapped),      cmocka_unit_test(test_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
