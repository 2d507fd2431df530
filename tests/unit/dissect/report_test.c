/* Reports of sensors: the JSON scanner on sound and unsound texts, escapes, numbers, addresses, and
 * the facts of Bluetooth and Wi-Fi scans. Input: a kind and JSON, each in a block of its exact
 * size; output: values and facts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dissect/bluetooth_report.h"
#include "dissect/dot11_crypt.h"
#include "dissect/dot11_report.h"

static struct report report;
static enum malformed reason;
static uint8_t *kept;

static int open_report(const char *kind, const char *json)
{
    size_t head = strlen(kind) + 1, length = strlen(json);
    free(kept);
    kept = malloc(head + length);
    memcpy(kept, kind, head);
    memcpy(kept + head, json, length);
    return report_open(kept, (uint32_t)(head + length), &report, &reason);
}

static struct report_value find(const char *json, const char *key)
{
    assert_int_equal(open_report("x", json), 0);
    return report_find(report.object, key);
}

static void assert_text(struct report_value value, const char *expected)
{
    uint8_t room[64];
    struct buffer text = {.data = room, .capacity = sizeof room, .ceiling = sizeof room};
    assert_true(report_text(value, &text));
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(room, expected, text.length);
}

static void values_of_every_type(void **state)
{
    static const char json[] =
        " { \"a\" : 1.5e2 , \"b\":\"text\",\"c\":[1,[2,{\"d\":3}]], \"d\":true,"
        "\"e\":null,\"f\":{\"g\":\"}\"},\"h\":false } ";
    double number;
    assert_true(report_number(find(json, "a"), &number));
    assert_true(number == 150);
    assert_text(find(json, "b"), "text");
    assert_int_equal(find(json, "c").type, REPORT_LIST);
    assert_int_equal(find(json, "d").type, REPORT_BOOLEAN);
    assert_int_equal(find(json, "e").type, REPORT_ABSENT);
    assert_int_equal(find(json, "h").type, REPORT_BOOLEAN);
    assert_int_equal(find(json, "g").type, REPORT_ABSENT); /* of another object */
    assert_text(report_find(find(json, "f"), "g"), "}");
    assert_int_equal(find("{}", "a").type, REPORT_ABSENT);
    assert_text(find("{\"a\":\"1\",\"a\":\"2\"}", "a"), "2");
    assert_string_equal(report.kind, "x");
}

static void escapes(void **state)
{
    assert_text(find("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a"), "\"\\/\b\f\n\r\t");
    assert_text(find("{\"a\":\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"}", "a"),
                "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_text(find("{\"a\":\"\\ud83d!\\ude00\\u0000\"}", "a"),
                "\xef\xbf\xbd!\xef\xbf\xbd\xef\xbf\xbd");
    uint8_t room[4];
    struct buffer text = {.data = room, .capacity = sizeof room, .ceiling = sizeof room};
    assert_false(report_text(find("{\"a\":\"\\x\"}", "a"), &text));
    assert_false(report_text(find("{\"a\":\"\\u12g4\"}", "a"), &text));
    assert_false(report_text(find("{\"a\":5}", "a"), &text));
    text.length = 0;
    assert_false(report_text(find("{\"a\":\"12345\"}", "a"), &text));
    assert_int_equal(text.length, 4); /* what there was room for */
}

static void numbers_and_addresses(void **state)
{
    double number;
    int64_t whole;
    struct macaddr mac;
    assert_true(report_number(find("{\"a\":\"-40\"}", "a"), &number));
    assert_true(number == -40);
    assert_false(report_number(find("{\"a\":\"forty\"}", "a"), &number));
    assert_false(report_number(find("{\"a\":true}", "a"), &number));
    assert_true(report_integer(find("{\"a\":-40.0}", "a"), -100, 0, &whole));
    assert_int_equal(whole, -40);
    assert_false(report_integer(find("{\"a\":-40.5}", "a"), -100, 0, &whole));
    assert_false(report_integer(find("{\"a\":40}", "a"), -100, 0, &whole));
    assert_false(report_integer(find("{\"a\":1e300}", "a"), -1000, 1000, &whole));
    assert_false(report_number(find("{\"a\":1e999}", "a"), &number));
    char huge[400] = "{\"a\":1";
    memset(huge + strlen(huge), '0', 300);
    assert_false(report_number(find(strcat(huge, ".5E-7}"), "a"), &number));
    assert_true(report_address(find("{\"a\":\"18:04:ed:00:00:01\"}", "a"), &mac));
    assert_int_equal(mac.octet[0], 0x18);
    assert_false(report_address(find("{\"a\":\"18:04\"}", "a"), &mac));
    assert_false(report_address(find("{\"a\":18}", "a"), &mac));
}

static void unsound_texts(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "[]",
                                        "1",
                                        "\"a\"",
                                        "{",
                                        "}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1",
                                        "{\"a\":1,}",
                                        "{a:1}",
                                        "{\"a\":1}x",
                                        "{\"a\":1}{}",
                                        "{\"a\":\"x}",
                                        "{\"a\":\"\\\"}",
                                        "{\"a\":tru}",
                                        "{\"a\":-}",
                                        "{\"a\":1e}",
                                        "{\"a\":1.}",
                                        "{\"a\":.5}",
                                        "{\"a\":+1}",
                                        "{\"a\":1-2}",
                                        "{\"a\":[1,]}",
                                        "{\"a\":[1}",
                                        "{\"a\":\"\n\"}",
                                        "{\"a\":[[[[[[[[[[1]]]]]]]]]]}",
                                        "{\"a\":1,\"b\"",
                                        "{,}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(open_report("kind", texts[i]), -EBADMSG);
        assert_int_equal(reason, MALFORMED_REPORT_JSON);
    }
    static const uint8_t no_end[] = {'k', 'i', 'n', 'd'};
    assert_int_equal(report_open(no_end, 4, &report, &reason), -EBADMSG);
    assert_int_equal(report_open(no_end, 0, &report, &reason), -EBADMSG);
}

static void members_one_by_one(void **state)
{
    struct report_value key, value;
    uint32_t offset = 0, count = 0;
    assert_int_equal(open_report("x", "{\"a\":{\"k\":\"1\" , \"l\" : [2]},\"b\":{}}"), 0);
    struct report_value map = report_find(report.object, "a");
    while (report_next(map, &offset, &key, &value))
        count++;
    assert_int_equal(count, 2);
    assert_memory_equal(key.bytes, "l", 1);
    assert_int_equal(value.type, REPORT_LIST);
    offset = 0;
    assert_false(report_next(report_find(report.object, "b"), &offset, &key, &value));
    assert_false(report_next(value, &offset, &key, &value)); /* no object */
}

static void bluetooth_facts(void **state)
{
    struct bluetooth_report facts;
    assert_int_equal(open_report("linuxbthci",
                                 "{\"addr\":\"18:04:ED:00:00:01\",\"name\":\"n\",\"type\":2,"
                                 "\"signal\":-55,\"txpowerlevel\":4}"),
                     0);
    assert_int_equal(bluetooth_report_parse(&report, &facts), 0);
    assert_int_equal(facts.kind, 2);
    assert_int_equal(facts.signal, -55);
    assert_true(facts.has_power);
    assert_int_equal(facts.power, 4);
    assert_text(facts.name, "n");
    assert_int_equal(open_report("BLUETOOTHSCAN",
                                 "{\"btaddr\":\"18:04:ED:00:00:01\",\"devicetype\":\"Watch\","
                                 "\"txpowerlevel\":-12,\"pathloss\":70,\"signal\":-40,"
                                 "\"scan_data\":\"020106\",\"service_data\":{}}"),
                     0);
    assert_int_equal(bluetooth_report_parse(&report, &facts), 0);
    assert_int_equal(facts.kind, BLUETOOTH_REPORT_KIND_UNKNOWN);
    assert_true(facts.has_power && facts.has_path_loss);
    assert_int_equal(facts.power, -12);
    assert_int_equal(facts.path_loss, 70);
    assert_int_equal(facts.signal, -40);
    assert_text(facts.device_type, "Watch");
    assert_int_equal(facts.service_data.type, REPORT_MAP);
    assert_int_equal(open_report("BLUETOOTHSCAN", "{\"name\":\"n\"}"), 0);
    assert_int_equal(bluetooth_report_parse(&report, &facts), -EBADMSG);
    assert_int_equal(open_report("RTL433", "{\"btaddr\":\"18:04:ED:00:00:01\"}"), 0);
    assert_int_equal(bluetooth_report_parse(&report, &facts), -EOPNOTSUPP);
}

static struct dot11_report wifi;
static struct dot11_elements elements;
static struct dot11_report_network network;
static uint8_t ssid[DOT11_REPORT_SSID_MAX];

static void parse_wifi(const char *members)
{
    char json[512];
    snprintf(json, sizeof json, "{\"bssid\":\"00:13:10:00:00:01\"%s%s}", *members ? "," : "",
             members);
    assert_int_equal(open_report("DOT11SCAN", json), 0);
    assert_int_equal(dot11_report_parse(&report, &wifi), 0);
    dot11_report_elements(&wifi, ssid, &elements, &network);
}

static void wifi_facts(void **state)
{
    parse_wifi("\"ssid\":\"norn\",\"channel\":\"6\",\"signal\":-60");
    assert_int_equal(wifi.channel, 6);
    assert_int_equal(wifi.frequency_khz, 2437000);
    assert_int_equal(wifi.signal, -60);
    assert_int_equal(elements.ssid_length, 4);
    assert_memory_equal(elements.ssid, "norn", 4);
    assert_false(elements.ssid_hidden || network.is_private);
    parse_wifi("\"channel\":\"42HT40P\",\"freqkhz\":5180000");
    assert_int_equal(wifi.channel, 42);
    assert_int_equal(wifi.frequency_khz, 5180000);
    assert_true(elements.ssid_hidden);
    parse_wifi("\"freqkhz\":5180000,\"ssid\":\"123456789012345678901234567890123\"");
    assert_int_equal(wifi.channel, 36);
    assert_int_equal(elements.ssid_length, 32);
    parse_wifi("\"channel\":\"99999999\",\"signal\":60");
    assert_int_equal(wifi.channel, 0);
    assert_int_equal(wifi.signal, 0);
    assert_int_equal(open_report("DOT11SCAN", "{\"ssid\":\"x\"}"), 0);
    assert_int_equal(dot11_report_parse(&report, &wifi), -EBADMSG);
    assert_int_equal(open_report("linuxbthci", "{\"bssid\":\"00:13:10:00:00:01\"}"), 0);
    assert_int_equal(dot11_report_parse(&report, &wifi), -EOPNOTSUPP);
}

static void assert_encryption(const char *capabilities, const char *expected)
{
    char members[256], words[DOT11_CRYPT_TEXT];
    snprintf(members, sizeof members, "\"capabilities\":\"%s\"", capabilities);
    parse_wifi(members);
    dot11_crypt_describe(dot11_crypt_bits(network.is_private, &elements), words);
    assert_string_equal(words, expected);
}

static void encryption_of_capabilities(void **state)
{
    assert_encryption("[ESS]", "Open");
    assert_encryption("", "Open");
    assert_encryption("[WEP][ESS]", "WEP");
    assert_encryption("[WPA2-PSK-CCMP][ESS]", "WPA2 WPA2-PSK AES-CCMP");
    assert_encryption("[RSN-PSK+SAE-CCMP][ESS][MFPC]", "WPA3 WPA2-PSK WPA3-SAE AES-CCMP");
    assert_encryption("[RSN-OWE-CCMP]", "OWE AES-CCMP");
    assert_encryption("[OWE]", "OWE");
    assert_encryption("[WPA2-EAP-GCMP-256", "WPA2 WPA2-EAP AES-GCMP256");
    assert_encryption("[[]]-+[nonsense-of-many-letters-and-more][WPA2-PSK-CCMP]",
                      "WPA2 WPA2-PSK AES-CCMP");
    assert_encryption("[WPA2-PSK-CCMP][WPS]", "WPA2 WPA2-PSK AES-CCMP WPS");
    parse_wifi("\"capabilities\":\"[WPA-PSK-TKIP+CCMP][IBSS]\"");
    assert_true(elements.wpa.present && !elements.rsn.present && network.is_ibss);
    assert_int_equal(elements.wpa.pairwise, 1u << DOT11_CIPHER_TKIP | 1u << DOT11_CIPHER_CCMP128);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type),
        cmocka_unit_test(escapes),
        cmocka_unit_test(numbers_and_addresses),
        cmocka_unit_test(unsound_texts),
        cmocka_unit_test(members_one_by_one),
        cmocka_unit_test(bluetooth_facts),
        cmocka_unit_test(wifi_facts),
        cmocka_unit_test(encryption_of_capabilities),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(kept);
    return failed;
}
