/* Monitors over real websockets, while another thread hears devices: first looks, changes, rates,
 * who is told of whom, many clients, updates that must not be missed. */
#include <pthread.h>
#include <stdatomic.h>

#include "serve/event/device_monitor.h"
#include "track/device.h"
#include "util/hash.h"
#include "websocket_place.h"

enum { DEVICES = 300, CLIENTS = 40 };

#define MAC     "kismet.device.base.macaddr"
#define PACKETS "kismet.device.base.packets.total"
#define FIELDS  "\"fields\": [\"" PACKETS "\"]"

static struct store *store;
static struct device_monitors *monitors;
static atomic_ullong second; /* the store's clock, which the tests set */

static struct macaddr mac_of(uint32_t number)
{
    return (struct macaddr){{0x02, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}};
}

static void open_all(struct request *request)
{
    static const struct query all = {.phy = -1};
    device_monitor_accept(request, monitors, &all);
}

static void open_second_phy(struct request *request)
{
    static const struct query within = {.phy = 1};
    device_monitor_accept(request, monitors, &within);
}

// clang-format off
static const struct route test_routes[] = {
    {METHOD_WEBSOCKET, "/all", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_all, "."},
    {METHOD_WEBSOCKET, "/second", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_second_phy, "."},
    {0},
};
// clang-format on
static const struct route *const tables[] = {test_routes, NULL};

/* ---- the store */

static void tick(void)
{
    store_lock_write(store);
    store->server_now = atomic_fetch_add(&second, 1) + 1;
    store_unlock(store);
}

static void hear(uint8_t phy, uint32_t number)
{
    store_lock_write(store);
    struct device_packet packet = {
        .time = store->server_now, .server_now = store->server_now, .sent = true};
    device_hear(store, device_get(store, phy, mac_of(number), packet.time, NULL), &packet);
    store_unlock(store);
}

static int start(void **state)
{
    struct store_limits limits = {.devices = 2 * DEVICES, .ssids = 8, .probes = 8};
    store = store_new(&limits);
    assert_int_equal(store_add_phy(store, "first", NULL), 0);
    assert_int_equal(store_add_phy(store, "second", NULL), 1);
    monitors = device_monitor_new(store);
    atomic_store(&second, 1000);
    tick();
    place_open();
    place_start(tables);
    return monitors ? 0 : 1;
}

static int stop(void **state)
{
    place_close();
    assert_int_equal(device_monitor_lost(monitors), 0);
    device_monitor_free(monitors);
    store_free(store);
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

/* ---- tests */

static void changes_are_told_once_at_their_marks(void **state)
{
    int client = client_open("/all.ws");
    hear(0, 1);
    tick();
    client_send_text(client, "{\"monitor\": \"02:00:00:00:00:01\", " FIELDS "}");
    client_expect_text(client, "{\"" PACKETS "\":1}");
    tick();
    hear(0, 2); /* another: no matter */
    usleep(200000);
    hear(0, 1);
    tick();
    client_expect_text(client, "{\"" PACKETS "\":2}");
    tick();
    tick();
    hear(0, 1);
    hear(0, 1);
    tick();
    client_expect_text(client, "{\"" PACKETS "\":4}");
    close(client);
}

static void a_rate_is_in_seconds(void **state)
{
    int client = client_open("/all.ws");
    hear(0, 1);
    tick();
    client_send_text(client, "{\"monitor\": \"*\", \"rate\": 3, " FIELDS "}");
    client_expect_text(client, "{\"" PACKETS "\":1}");
    for (int i = 0; i < 3; i++) { /* told in the third second of all three */
        hear(0, 1);
        tick();
        usleep(150000);
    }
    client_expect_text(client, "{\"" PACKETS "\":4}");
    close(client);
}

static void a_view_bounds_every_request(void **state)
{
    int client = client_open("/second.ws");
    hear(0, 1);
    hear(1, 1);
    hear(1, 1);
    hear(0, 2);
    tick();
    client_send_text(client, "{\"monitor\": \"02:00:00:00:00:01\", \"request\": 1, " FIELDS "}");
    client_expect_text(client, "{\"" PACKETS "\":2}");
    client_send_text(client, "{\"monitor\": \"02:00:00:00:00:02\", \"request\": 2, " FIELDS "}");
    client_send_text(client, "{\"monitor\": \"*\", \"request\": 3, \"fields\": [\"" MAC "\"]}");
    client_expect_text(client, "{\"" MAC "\":\"02:00:00:00:00:01\"}");
    close(client);
}

static void a_request_is_replaced_and_cancelled(void **state)
{
    int client = client_open("/all.ws");
    hear(0, 1);
    tick();
    client_send_text(client, "{\"monitor\": \"*\", \"request\": 1, " FIELDS "}");
    client_expect_text(client, "{\"" PACKETS "\":1}");
    client_send_text(client, "{\"monitor\": \"*\", \"request\": 1, \"fields\": "
                             "[[\"" PACKETS "\", \"n\"]]}");
    client_expect_text(client, "{\"n\":1}");
    hear(0, 1);
    tick();
    client_expect_text(client, "{\"n\":2}");
    client_send_text(client, "{\"cancel\": 1}");
    client_send_text(client, "{}"); /* its answer comes after the cancellation */
    struct client_frame frame = {0};
    assert_true(client_read(client, &frame));
    assert_memory_equal(frame.payload.data, "{\"error\":\"say ", 14);
    buffer_done(&frame.payload);
    hear(0, 1);
    tick();
    usleep(200000);
    client_send_text(client, "{\"monitor\": \"*\", \"request\": 2, " FIELDS "}");
    client_expect_text(client, "{\"" PACKETS "\":3}");
    close(client);
}

/* Hears every device until told to stop, then once more, and ticks as it goes. */
static atomic_bool stopping;

static void *talk(void *argument)
{
    for (bool last = false; !last;) {
        last = atomic_load(&stopping);
        for (uint32_t i = 0; i < DEVICES; i++) {
            hear(0, i);
            if (i % 100 == 50)
                tick();
        }
    }
    tick();
    return NULL;
}

static uint64_t number_in(const struct client_frame *frame)
{
    const char *colon = strrchr((const char *)frame->payload.data, ':');
    assert_non_null(colon);
    return strtoull(colon + 1, NULL, 10);
}

/* Reads on until every device was told of with its last count. */
static void expect_all(int client, uint64_t last)
{
    struct client_frame frame = {0};
    for (uint32_t done = 0; done < DEVICES;) {
        assert_true(client_read(client, &frame));
        assert_int_equal(frame.first, CLIENT_FINAL | WEBSOCKET_TEXT);
        uint64_t packets = number_in(&frame);
        assert_true(packets <= last);
        done += packets == last;
    }
    buffer_done(&frame.payload);
    close(client);
}

static void the_last_change_reaches_every_client(void **state)
{
    int clients[CLIENTS];
    pthread_t talker;
    atomic_store(&stopping, false);
    for (uint32_t i = 0; i < DEVICES; i++)
        hear(0, i);
    for (int i = 0; i < CLIENTS; i++) { /* half of them want the same */
        clients[i] = client_open("/all.ws");
        client_send_text(clients[i], i % 2 ? "{\"monitor\": \"*\", " FIELDS "}"
                                           : "{\"monitor\": \"*\", \"fields\": [\"" PACKETS
                                             "\", [\"" PACKETS "\", \"again\"]]}");
    }
    assert_int_equal(pthread_create(&talker, NULL, talk, NULL), 0);
    usleep(300000);
    atomic_store(&stopping, true);
    pthread_join(talker, NULL);
    uint64_t last = device_find(store, 0, mac_of(0))->packets;
    for (int i = 0; i < CLIENTS; i++)
        expect_all(clients[i], last);
}

static void clients_vanish_in_the_middle(void **state)
{
    for (uint32_t i = 0; i < DEVICES; i++)
        hear(0, i);
    tick();
    for (int i = 0; i < CLIENTS; i++) {
        int client = client_open("/all.ws");
        for (int j = 0; j < 5; j++)
            client_send_text(client, "{\"monitor\": \"*\"}");
        close(client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes_are_told_once_at_their_marks, start, stop),
        cmocka_unit_test_setup_teardown(a_rate_is_in_seconds, start, stop),
        cmocka_unit_test_setup_teardown(a_view_bounds_every_request, start, stop),
        cmocka_unit_test_setup_teardown(a_request_is_replaced_and_cancelled, start, stop),
        cmocka_unit_test_setup_teardown(the_last_change_reaches_every_client, start, stop),
        cmocka_unit_test_setup_teardown(clients_vanish_in_the_middle, start, stop),
    };
    hash_seed();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
