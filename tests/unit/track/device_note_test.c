/* Names and tags of devices: kept by key, shown by devices that come, go and come back; limits. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schema/emit.h"
#include "track/device.h"
#include "track/device_note.h"
#include "util/hash.h"

static const struct store_limits roomy = {.devices = 100};
static const struct macaddr mac = {{0x00, 0x13, 0x10, 1, 2, 3}};

static struct store *store_with_phy(struct store_limits limits)
{
    struct store *store = store_new(&limits);
    assert_non_null(store);
    store_add_phy(store, "IEEE802.11", NULL);
    return store;
}

static struct device_key key_of(const struct store *store, struct macaddr address)
{
    return (struct device_key){store->phys[0].key, macaddr_u64(address)};
}

static int set_name(struct store *store, struct macaddr address, const char *name)
{
    return device_note_set_name(store, key_of(store, address), name, strlen(name), 500);
}

static int set_tag(struct store *store, const char *tag, const char *value)
{
    return device_note_set_tag(store, key_of(store, mac), tag, strlen(tag), value, strlen(value),
                               500);
}

/* The device as JSON holds this text. */
static bool shows(struct store *store, const struct device *device, const char *text)
{
    static struct view view;
    struct view_tables tables;
    struct buffer buffer = {0};
    struct emitter emitter = {.buffer = &buffer};
    store_view(store, 1000, &view, &tables);
    emit_record(&emitter, &device_type, NULL, device, &view);
    buffer_add_byte(&buffer, '\0');
    bool found = strstr((const char *)buffer.data, text) != NULL;
    buffer_done(&buffer);
    return found;
}

static void a_device_shows_its_name_at_once(void **state)
{
    struct store *store = store_with_phy(roomy);
    struct device *device = device_get(store, 0, mac, 100, NULL);
    assert_false(shows(store, device, "kismet.device.base.username"));
    assert_int_equal(set_name(store, mac, "front \"door\""), 0);
    assert_true(shows(store, device, "\"kismet.device.base.username\":\"front \\\"door\\\"\""));
    assert_true(shows(store, device, "\"kismet.device.base.commonname\":\"front \\\"door\\\"\""));
    assert_int_equal(device->mod_time, 500);
    assert_int_equal(set_name(store, mac, "back"), 0);
    assert_true(shows(store, device, "\"back\""));
    assert_int_equal(set_name(store, mac, ""), 0);
    assert_false(shows(store, device, "kismet.device.base.username"));
    assert_int_equal(store->notes.changes, 3);
    assert_int_equal(store->notes.count, 1);
    store_free(store);
}

static void a_name_waits_for_its_device_and_outlives_it(void **state)
{
    struct store_limits limits = {.devices = 1};
    struct store *store = store_with_phy(limits);
    assert_int_equal(set_name(store, mac, "front"), 0);
    for (int turn = 0; turn < 3; turn++) {
        assert_true(shows(store, device_get(store, 0, mac, 100, NULL), "\"front\""));
        struct macaddr other = {{0, 0, 0, 0, 0, (uint8_t)turn}};
        assert_false(shows(store, device_get(store, 0, other, 100, NULL), "\"front\""));
        device_bury(store);
    }
    store_free(store);
}

static void tags_are_sorted_replaced_and_taken_away(void **state)
{
    struct store *store = store_with_phy(roomy);
    struct device *device = device_get(store, 0, mac, 100, NULL);
    assert_int_equal(set_tag(store, "first", "x"), 0);
    assert_int_equal(set_tag(store, "first", ""), 0);
    size_t bytes = store->notes.bytes;
    assert_int_equal(set_tag(store, "room", "cellar"), 0);
    assert_int_equal(set_tag(store, "owner", "me"), 0);
    assert_int_equal(set_tag(store, "rooms", "two"), 0);
    assert_true(shows(store, device,
                      "\"kismet.device.base.tags\":{\"owner\":\"me\",\"room\":\"cellar\","
                      "\"rooms\":\"two\"}"));
    assert_int_equal(set_tag(store, "room", "attic"), 0);
    assert_int_equal(set_tag(store, "owner", ""), 0);
    assert_int_equal(set_tag(store, "nothing", ""), 0);
    assert_true(
        shows(store, device, "\"kismet.device.base.tags\":{\"room\":\"attic\",\"rooms\":\"two\"}"));
    assert_int_equal(set_tag(store, "room", ""), 0);
    assert_int_equal(set_tag(store, "rooms", ""), 0);
    assert_false(shows(store, device, "kismet.device.base.tags"));
    assert_int_equal(store->notes.bytes, bytes);
    store_free(store);
}

static void taking_away_what_is_not_there_makes_nothing(void **state)
{
    struct store *store = store_with_phy(roomy);
    assert_int_equal(set_name(store, mac, ""), 0);
    assert_int_equal(set_tag(store, "a", ""), 0);
    assert_int_equal(store->notes.count, 0);
    assert_null(device_note_find(store, key_of(store, mac)));
    store_free(store);
}

static void limits_hold(void **state)
{
    struct store *store = store_with_phy(roomy);
    char text[64], value[DEVICE_TAG_VALUE_MAX + 1] = "";
    memset(value, 'v', DEVICE_TAG_VALUE_MAX);
    for (int i = 0; i < DEVICE_TAGS_MAX; i++) {
        snprintf(text, sizeof text, "tag %d", i);
        assert_int_equal(set_tag(store, text, "x"), 0);
    }
    assert_int_equal(set_tag(store, "one more", "x"), -ENOSPC);
    assert_int_equal(set_tag(store, "tag 5", "another value"), 0);
    int error = 0;
    uint32_t i = 0;
    for (; !error && i < 20000; i++) {
        struct device_key key = {1, i};
        error = device_note_set_tag(store, key, "t", 1, value, DEVICE_TAG_VALUE_MAX, 500);
    }
    assert_int_equal(error, -ENOSPC);
    assert_in_range(store->notes.bytes, DEVICE_NOTES_BYTES - 1024, DEVICE_NOTES_BYTES);
    assert_null(device_note_find(store, (struct device_key){1, i - 1})->tags);
    assert_int_equal(device_note_set_tag(store, (struct device_key){1, 0}, "t", 1, "", 0, 500), 0);
    assert_int_equal(
        device_note_set_tag(store, (struct device_key){1, i - 1}, "t", 1, "fits", 4, 500), 0);
    for (error = 0; !error; i++)
        error = device_note_set_name(store, (struct device_key){1, i}, "n", 1, 500);
    assert_int_equal(error, -ENOSPC);
    assert_in_range(store->notes.count, 8000, DEVICE_NOTES_MAX);
    store_free(store);
}

static void texts_are_printable(void **state)
{
    assert_true(device_note_is_text("caf\xc3\xa9 \"1\"", 9, 9));
    assert_true(device_note_is_text("", 0, 0));
    assert_false(device_note_is_text("abc", 3, 2));
    assert_false(device_note_is_text("caf\xe9", 4, 9));
    assert_false(device_note_is_text("a\nb", 3, 9));
    assert_false(device_note_is_text("a\0b", 3, 9));
    assert_false(device_note_is_text("a\x7f", 2, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_shows_its_name_at_once),
        cmocka_unit_test(a_name_waits_for_its_device_and_outlives_it),
        cmocka_unit_test(tags_are_sorted_replaced_and_taken_away),
        cmocka_unit_test(taking_away_what_is_not_there_makes_nothing),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(texts_are_printable),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
