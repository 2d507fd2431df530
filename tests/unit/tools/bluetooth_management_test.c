/* Frames of the Bluetooth management interface, recorded from Linux 6.1 with virtual adapters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tools/bluetooth_management.h"
#include "util/text.h"

static uint8_t bytes[512];

/* Bytes of a hex text, with as many zeroes behind them. */
static struct slice frame_of(const char *hex, size_t zeroes)
{
    size_t length = strlen(hex) / 2;
    memset(bytes, 0, sizeof bytes);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(text_hex_digit(hex[2 * i]) << 4 | text_hex_digit(hex[2 * i + 1]));
    return (struct slice){bytes, length + zeroes};
}

static struct bluetooth_message parse(const char *hex, size_t zeroes)
{
    struct bluetooth_message message;
    struct slice frame = frame_of(hex, zeroes);
    assert_int_equal(bluetooth_management_parse(frame, &message), 0);
    for (size_t cut = 0; cut < frame.length; cut++)
        assert_int_equal(bluetooth_management_parse((struct slice){frame.data, cut}, &message),
                         -EBADMSG);
    return message;
}

static const char found_low_energy[] =
    "120000001d0001000101aa00017f000000000f00020102020a0008097269672d627431";
static const char found_basic_rate[] = "12000000130001000101aa0000c4030000000500040d000000";

static void test_adapters(void **state)
{
    struct bluetooth_message message = parse("0100ffff0900030000020001000000", 0);
    assert_int_equal(message.event, BLUETOOTH_REPLY);
    assert_int_equal(message.adapter, BLUETOOTH_NO_ADAPTER);
    assert_int_equal(message.command, BLUETOOTH_READ_ADAPTERS);
    assert_int_equal(message.status, BLUETOOTH_DONE);
    assert_int_equal(message.count, 2);
    assert_int_equal(message.adapters[0], 1);
    assert_int_equal(message.adapters[1], 0);
}

static void test_more_adapters_than_there_is_room_for(void **state)
{
    enum { MANY = BLUETOOTH_ADAPTERS_MAX + 20 };
    struct bluetooth_message message = parse("0100ffffad00030000"
                                             "5400",
                                             2 * MANY);
    assert_int_equal(message.count, BLUETOOTH_ADAPTERS_MAX);
    struct slice frame = frame_of("0100ffffad000300005500", 2 * MANY); /* one more than it holds */
    assert_int_equal(bluetooth_management_parse(frame, &message), -EBADMSG);
}

static void test_information(void **state)
{
    struct bluetooth_message message =
        parse("010000001b0104000000000001aa0009f105ffbe0d0080000c000000", 261);
    char address[MACADDR_TEXT];
    macaddr_write(message.information.address, address);
    assert_string_equal(address, "00:AA:01:00:00:00");
    assert_int_equal(message.information.version, 9);
    assert_int_equal(message.information.supported, 0x0dbeff);
    assert_int_equal(message.information.settings, 0x0c0080);
    assert_true(message.information.settings & BLUETOOTH_BASIC_RATE);
}

static void test_settings(void **state)
{
    struct bluetooth_message message = parse("0100000007000d000080020c00", 0);
    assert_int_equal(message.command, BLUETOOTH_SET_LOW_ENERGY);
    assert_int_equal(message.settings, 0x0c0280);
    message = parse("01000000070005000081020c00", 0);
    assert_int_equal(message.command, BLUETOOTH_SET_POWERED);
    assert_true(message.settings & BLUETOOTH_POWERED);
    message = parse("0600010004008a060c00", 0);
    assert_int_equal(message.event, BLUETOOTH_SETTINGS);
    assert_int_equal(message.adapter, 1);
    assert_int_equal(message.settings, 0x0c068a);
}

static void test_refusals(void **state)
{
    struct bluetooth_message message = parse("01000000040023000f07", 0);
    assert_int_equal(message.event, BLUETOOTH_REPLY);
    assert_int_equal(message.command, BLUETOOTH_START_DISCOVERY);
    assert_int_equal(message.status, BLUETOOTH_NOT_POWERED);
    message = parse("020009000300040011", 0); /* without the information */
    assert_int_equal(message.event, BLUETOOTH_REPLY);
    assert_int_equal(message.adapter, 9);
    assert_int_equal(message.command, BLUETOOTH_READ_INFORMATION);
    assert_int_equal(message.status, BLUETOOTH_INVALID_ADAPTER);
}

static void test_found(void **state)
{
    struct bluetooth_message message = parse(found_low_energy, 0);
    char address[MACADDR_TEXT];
    macaddr_write(message.found.address, address);
    assert_int_equal(message.event, BLUETOOTH_FOUND);
    assert_string_equal(address, "00:AA:01:01:00:01");
    assert_int_equal(message.found.address_type, BLUETOOTH_ADDRESS_PUBLIC);
    assert_int_equal(message.found.signal, 0); /* 127: unknown */
    assert_int_equal(message.found.flags, 0);
    assert_int_equal(message.found.data.length, 15);
    message = parse(found_basic_rate, 0);
    assert_int_equal(message.found.address_type, BLUETOOTH_ADDRESS_BASIC_RATE);
    assert_int_equal(message.found.signal, -60);
    assert_int_equal(message.found.flags, BLUETOOTH_NAME_WANTED | BLUETOOTH_LEGACY_PAIRING);
    assert_memory_equal(message.found.data.data, "\4\x0d\0\0\0", 5);
}

static void test_other_events(void **state)
{
    assert_true(parse("1300000002000701", 0).discovers);
    assert_false(parse("1300000002000700", 0).discovers);
    assert_int_equal(parse("050001000000", 0).event, BLUETOOTH_REMOVED);
    assert_int_equal(parse("99000100020000ff", 0).event, 0x99);
}

static void test_frames_with_more_than_they_say(void **state)
{
    struct bluetooth_message message = {.adapter = 7};
    assert_int_equal(bluetooth_management_parse(frame_of("050001000000", 1), &message), -EBADMSG);
    assert_int_equal(bluetooth_management_parse(frame_of("120000000500", 5), &message), -EBADMSG);
    assert_int_equal(message.adapter, 7);
}

static void assert_written(struct bluetooth_request request, const char *hex)
{
    uint8_t frame[BLUETOOTH_REQUEST_MAX];
    struct slice expected = frame_of(hex, 0);
    assert_int_equal(bluetooth_management_write(&request, frame), expected.length);
    assert_memory_equal(frame, expected.data, expected.length);
}

static void test_requests(void **state)
{
    struct bluetooth_message message;
    assert_written(
        (struct bluetooth_request){BLUETOOTH_READ_ADAPTERS, BLUETOOTH_NO_ADAPTER, 0, {0}},
        "0300ffff0000");
    assert_written((struct bluetooth_request){BLUETOOTH_START_DISCOVERY, 0, 1, {7}},
                   "23000000010007");
    assert_int_equal(bluetooth_management_parse(frame_of(found_basic_rate, 0), &message), 0);
    assert_written(bluetooth_management_want_name(0x0102, &message.found),
                   "25000201080001000101aa000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adapters),
        cmocka_unit_test(test_more_adapters_than_there_is_room_for),
        cmocka_unit_test(test_information),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_other_events),
        cmocka_unit_test(test_frames_with_more_than_they_say),
        cmocka_unit_test(test_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
