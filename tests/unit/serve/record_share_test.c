/* Messages kept for the next client: who is meant, how old they may be, how many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serve/event/record_share.h"

static struct record_share share;
static const struct socket_form first_form, second_form;

static struct device device_of(uint32_t id)
{
    return (struct device){.id = id, .mac = {{2, 0, 0, 0, (uint8_t)(id >> 8), (uint8_t)id}}};
}

static void keep(const struct device *device, uint64_t mark, const void *bytes, size_t length)
{
    struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, bytes, length);
    assert_non_null(message);
    record_share_keep(&share, &first_form, device, mark, message);
    websocket_message_unref(message);
}

static bool has(const struct socket_form *form, const struct device *device, uint64_t mark)
{
    struct websocket_message *message = record_share_find(&share, form, device, mark);
    websocket_message_unref(message);
    return message != NULL;
}

static int forget(void **state)
{
    record_share_forget(&share);
    assert_int_equal(share.bytes, 0);
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

static void only_the_same_is_found(void **state)
{
    struct device device = device_of(1), other = device, same_slot = device;
    same_slot.mac.octet[5] = 9; /* what took the slot of one that went */
    other.phy = 1;
    assert_false(has(&first_form, &device, 0));
    keep(&device, 100, "one", 3);
    assert_true(has(&first_form, &device, 99));
    assert_true(has(&first_form, &device, 100));
    assert_false(has(&first_form, &device, 101)); /* it is too old for a pass begun later */
    assert_false(has(&second_form, &device, 100));
    assert_false(has(&first_form, &other, 100));
    assert_false(has(&first_form, &same_slot, 100));
}

static void a_newer_one_takes_its_place(void **state)
{
    struct device device = device_of(1);
    keep(&device, 100, "one", 3);
    keep(&device, 101, "longer", 6);
    struct websocket_message *message = record_share_find(&share, &first_form, &device, 101);
    assert_memory_equal(message->frame, "\x81\x06longer", 8);
    assert_int_equal(websocket_message_bytes(), message->length);
    websocket_message_unref(message);
}

static void what_is_kept_has_a_limit(void **state)
{
    static const char big[RECORD_SHARE_BYTES / 3], huge[RECORD_SHARE_BYTES + 1];
    for (uint32_t id = 0; id < 10; id++) {
        struct device device = device_of(id);
        keep(&device, 100, big, sizeof big);
        assert_true(has(&first_form, &device, 100));
        assert_true(share.bytes <= RECORD_SHARE_BYTES);
    }
    struct device device = device_of(11);
    keep(&device, 100, huge, sizeof huge);
    assert_false(has(&first_form, &device, 100));
    for (uint32_t id = 0; id < 10 * RECORD_SHARE_SLOTS; id++) {
        device = device_of(id);
        keep(&device, 100, "small", 5);
    }
    assert_int_equal(websocket_message_bytes(), share.bytes);
    assert_true(share.bytes <= RECORD_SHARE_SLOTS * 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(only_the_same_is_found, forget),
        cmocka_unit_test_teardown(a_newer_one_takes_its_place, forget),
        cmocka_unit_test_teardown(what_is_kept_has_a_limit, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
