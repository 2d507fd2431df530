/* Events of other threads on their way to many readers: none is missed, their order stays, and
 * nothing is kept for nobody. */
#include <pthread.h>

#include "serve/monitor.h"
#include "serve/api/routes.h"
#include "track/device.h"
#include "util/hash.h"
#include "websocket_place.h"

enum { READERS = 20, DEVICES = 3000, MESSAGES = 400, PAUSE_US = 2000 };

static struct monitor monitor;

static uint64_t now_us(void *context)
{
    return 1000000000;
}

static int start(void **state)
{
    static const struct route *const tables[] = {api_eventbus_routes, NULL};
    struct store_limits limits = {.devices = DEVICES, .ssids = 8, .probes = 8};
    struct alert_config config = {.now_us = now_us};
    monitor =
        (struct monitor){.store = store_new(&limits), .messages = message_new(50, now_us, NULL)};
    config.messages = monitor.messages;
    monitor.alert = alert_new(&config, NULL);
    assert_int_equal(store_add_phy(monitor.store, "first", NULL), 0);
    monitor.events = event_feed_new(&monitor);
    assert_non_null(monitor.events);
    place_open();
    struct buffer why = {0};
    place_server = server_open(place_options, &why);
    assert_int_equal(server_start(place_server, tables, place_auth, &monitor), 0);
    monitor.server = place_server;
    return 0;
}

static int stop(void **state)
{
    place_close();
    assert_int_equal(event_feed_lost(monitor.events), 0);
    event_feed_free(monitor.events);
    alert_free(monitor.alert);
    message_free(monitor.messages);
    store_free(monitor.store);
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

/* A reader of a topic; subscribed for sure once the phy was told. */
static int open_reader(const char *command)
{
    int reader = client_open("/eventbus/events.ws");
    client_send_text(reader, command);
    client_send_text(reader, "{\"SUBSCRIBE\": \"NEW_PHY\"}");
    client_expect_text(reader, "{\"NEW_PHY\":\"first\"}");
    return reader;
}

static void hear(uint32_t number)
{
    struct macaddr mac = {{2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}};
    store_lock_write(monitor.store);
    device_get(monitor.store, 0, mac, 1000, NULL);
    store_unlock(monitor.store);
}

static void *hear_all(void *argument)
{
    for (uint32_t i = 0; i < DEVICES; i++) {
        hear(i);
        if (i % 100 == 0)
            usleep(PAUSE_US);
    }
    return NULL;
}

static void *say_all(void *argument)
{
    for (int i = 0; i < MESSAGES; i++) {
        message_post(monitor.messages, MESSAGE_INFO, "%d", i);
        backlog_deliver(message_backlog(monitor.messages));
        if (i % 20 == 0)
            usleep(PAUSE_US);
    }
    return NULL;
}

static void expect_devices(int reader)
{
    char text[100];
    for (uint32_t i = 0; i < DEVICES; i++) {
        snprintf(text, sizeof text, "{\"NEW_DEVICE\":{\"mac\":\"02:00:00:00:%02X:%02X\"}}", i >> 8,
                 i & 255);
        client_expect_text(reader, text);
    }
    close(reader);
}

static void expect_messages(int reader)
{
    char text[100];
    for (int i = 0; i < MESSAGES; i++) {
        snprintf(text, sizeof text, "{\"MESSAGE\":{\"text\":\"%d\"}}", i);
        client_expect_text(reader, text);
    }
    close(reader);
}

static void every_event_reaches_every_reader_in_order(void **state)
{
    pthread_t threads[2];
    int readers[2 * READERS];
    for (int i = 0; i < 2 * READERS; i++)
        readers[i] = open_reader(i % 2 ? "{\"SUBSCRIBE\": \"NEW_DEVICE\", \"fields\": "
                                         "[[\"kismet.device.base.macaddr\", \"mac\"]]}"
                                       : "{\"SUBSCRIBE\": \"MESSAGE\", \"fields\": "
                                         "[[\"kismet.messagebus.message_string\", \"text\"]]}");
    pthread_create(&threads[0], NULL, hear_all, NULL);
    pthread_create(&threads[1], NULL, say_all, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 2 * READERS; i++)
        (i % 2 ? expect_devices : expect_messages)(readers[i]);
}

static void a_burst_of_whole_records_overruns_nobody(void **state)
{
    int reader = open_reader("{\"SUBSCRIBE\": \"NEW_DEVICE\", \"format\": \"prettyjson\"}");
    struct client_frame frame = {0};
    size_t bytes = 0;
    for (uint32_t i = 0; i < DEVICES; i++)
        hear(i);
    for (uint32_t i = 0; i < DEVICES; i++, bytes += frame.payload.length) {
        assert_true(client_read(reader, &frame));
        assert_int_equal(frame.first, CLIENT_FINAL | WEBSOCKET_TEXT);
        usleep(500); /* it takes some 15 MB a second */
    }
    assert_true(bytes > 16 * 1024 * 1024); /* twice what may wait */
    buffer_done(&frame.payload);
    close(reader);
}

static void who_comes_is_told_from_then_on(void **state)
{
    static const char mac[] = "{\"SUBSCRIBE\": \"NEW_DEVICE\", \"fields\": "
                              "[[\"kismet.device.base.macaddr\", \"mac\"]]}";
    hear(1);
    int first = open_reader(mac);
    hear(2);
    client_expect_text(first, "{\"NEW_DEVICE\":{\"mac\":\"02:00:00:00:00:02\"}}");
    client_send_text(first, "{\"UNSUBSCRIBE\": \"NEW_DEVICE\"}");
    client_send_text(first, "{\"SUBSCRIBE\": \"NEW_PHY\"}");
    client_expect_text(first, "{\"NEW_PHY\":\"first\"}");
    hear(3);
    message_post(monitor.messages, MESSAGE_INFO, "unheard");
    backlog_deliver(message_backlog(monitor.messages));
    int second = open_reader(mac);
    hear(4);
    client_expect_text(second, "{\"NEW_DEVICE\":{\"mac\":\"02:00:00:00:00:04\"}}");
    close(first);
    close(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_event_reaches_every_reader_in_order, start, stop),
        cmocka_unit_test_setup_teardown(a_burst_of_whole_records_overruns_nobody, start, stop),
        cmocka_unit_test_setup_teardown(who_comes_is_told_from_then_on, start, stop),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
