/* Bluetooth devices as JSON: every member, and adverts that are odd, cut or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/bluetooth_sighting.h"

/* A device with AD structures written as a C string, without its NUL. */
#define SEEN(text, ...)                                                                            \
    (struct bluetooth_found)                                                                       \
    {                                                                                              \
        .address = {{0xc0, 0xff, 0xee, 0, 0, 1}},                                                  \
        .data = {(const uint8_t *)(text), sizeof(text) - 1}, __VA_ARGS__                           \
    }

#define BEGIN "{\"addr\":\"C0:FF:EE:00:00:01\",\"name\":\""
#define BREDR "\",\"type\":0,\"address_type\":\"BR/EDR\""

static void assert_json(struct bluetooth_found found, const char *expected)
{
    struct buffer json = {0};
    bluetooth_sighting_write(&found, &json);
    buffer_add_byte(&json, 0);
    assert_false(json.failed);
    assert_string_equal((const char *)json.data, expected);
    buffer_done(&json);
}

static void test_the_least(void **state)
{
    assert_json(SEEN(""), BEGIN BREDR "}");
    assert_json(SEEN("", .address_type = 9), BEGIN "\",\"type\":9}");
    assert_json(SEEN("", .address_type = BLUETOOTH_ADDRESS_PUBLIC),
                BEGIN "\",\"type\":1,\"address_type\":\"LE public\"}");
}

static void test_what_the_adapter_says(void **state)
{
    assert_json(SEEN("", .signal = -71, .flags = BLUETOOTH_NOT_CONNECTABLE),
                BEGIN BREDR ",\"signal\":-71,\"connectable\":false}");
    assert_json(SEEN("", .flags = BLUETOOTH_LEGACY_PAIRING | BLUETOOTH_NAME_WANTED),
                BEGIN BREDR ",\"legacy_pairing\":true}");
}

static void test_numbers(void **state)
{
    assert_json(SEEN("\2\1\x1a\4\x0d\x0c\2\x5a\3\x19\xc1\3\2\x0a\xf4"), BEGIN BREDR
                ",\"flags\":26,\"class\":5898764,\"appearance\":961,"
                "\"txpowerlevel\":-12,\"scan_data\":\"02011A040D0C025A0319C103020AF4\"}");
    assert_json(SEEN("\2\1\6\2\1\7"), /* the first one counts */
                BEGIN BREDR ",\"flags\":6,\"scan_data\":\"020106020107\"}");
    assert_json(SEEN("\1\1\2\x19\1"), /* too short for what they are */
                BEGIN BREDR ",\"scan_data\":\"0101021901\"}");
}

static void test_names(void **state)
{
    assert_json(SEEN("\5\x08norn\6\x09"
                     "nornA"),
                BEGIN "nornA" BREDR ",\"scan_data\":\"05086E6F726E06096E6F726E41\"}");
    assert_json(SEEN("\3\x08no\3\x08rn"), BEGIN "no" BREDR ",\"scan_data\":\"03086E6F0308726E\"}");
    assert_json(SEEN("\4\x09n\0\0"), BEGIN "n" BREDR ",\"scan_data\":\"04096E0000\"}");
    assert_json(SEEN("\6\x09\"\\\n\x7f\xff"),
                BEGIN "\\\"\\\\\\u000a\x7f\xef\xbf\xbd" BREDR ",\"scan_data\":\"0609225C0A7FFF\"}");
    assert_json(SEEN("\5\x09\xc3\xa9\xc3"
                     "e"),
                BEGIN "\xc3\xa9\xef\xbf\xbd"
                      "e" BREDR ",\"scan_data\":\"0509C3A9C365\"}");
}

static void test_uuids(void **state)
{
    assert_json(SEEN("\5\3\x0f\x18\x0a\x18\6\5\4\3\2\1\xff"),
                BEGIN BREDR ",\"uuids\":[\"0000180F-0000-1000-8000-00805F9B34FB\","
                            "\"0000180A-0000-1000-8000-00805F9B34FB\","
                            "\"01020304-0000-1000-8000-00805F9B34FB\"],"
                            "\"scan_data\":\"05030F180A18060504030201FF\"}");
    assert_json(SEEN("\x11\7\xf\xe\xd\xc\xb\xa\x9\x8\7\6\5\4\3\2\1\0"),
                BEGIN BREDR ",\"uuids\":[\"00010203-0405-0607-0809-0A0B0C0D0E0F\"],"
                            "\"scan_data\":\"11070F0E0D0C0B0A09080706050403020100\"}");
}

static void test_data(void **state)
{
    assert_json(SEEN("\4\x16\x0f\x18\x64\3\x16\x0a\x18"),
                BEGIN BREDR ",\"service_data\":{\"0000180F-0000-1000-8000-00805F9B34FB\":\"64\","
                            "\"0000180A-0000-1000-8000-00805F9B34FB\":\"\"},"
                            "\"scan_data\":\"04160F18640316"
                            "0A18\"}");
    assert_json(SEEN("\5\xff\x4c\0\x10\5\3\xff\2\1"),
                BEGIN BREDR ",\"manufacturer\":{\"004C\":\"1005\",\"0102\":\"\"},"
                            "\"scan_data\":\"05FF4C00100503FF0201\"}");
}

static void test_the_end(void **state)
{
    assert_json(SEEN("\2\1\6\0\2\x0a\4"), /* filling */
                BEGIN BREDR ",\"flags\":6,\"scan_data\":\"02010600020A04\"}");
    assert_json(SEEN("\2\1\6\x20\x09norn"), /* cut */
                BEGIN BREDR ",\"flags\":6,\"scan_data\":\"02010620096E6F726E\"}");
    assert_json(SEEN("\2"), BEGIN BREDR ",\"scan_data\":\"02\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_least), cmocka_unit_test(test_what_the_adapter_says),
        cmocka_unit_test(test_numbers),   cmocka_unit_test(test_names),
        cmocka_unit_test(test_uuids),     cmocka_unit_test(test_data),
        cmocka_unit_test(test_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
