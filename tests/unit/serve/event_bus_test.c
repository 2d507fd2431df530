/* The bus with real websockets: forms that are shared, changes of mind, readers that leave or do
 * not read. What is said to the server's end is done on its thread. */
#include <stdatomic.h>

#include "schema/status_fields.h"
#include "serve/event/event_bus.h"
#include "websocket_place.h"

enum { QUEUE_LIMIT = 200000, MANY = 64 }; /* messages that make the bus full */

#define SECONDS "kismet.system.timestamp.sec"

static struct event_bus *bus;
static atomic_int told;

/* ---- the server's end */

static void tell(unsigned times)
{
    struct status_record status = {.seconds = 77};
    struct event event = {.topic = EVENT_TIMESTAMP, .records = {&status}};
    struct view view = {0};
    for (unsigned i = 0; i < times; i++)
        event_bus_write(bus, &event, &view);
}

/* "tell": an event; "many": as many as fill the bus for one form; "flood": more than may wait;
 * "stop": the reader wants no more; else a subscription to the clock. */
static void obey(struct websocket *socket, enum websocket_kind kind, const uint8_t *bytes,
                 size_t length)
{
    struct event_reader *reader = websocket_context(socket);
    struct socket_command command;
    struct buffer why = {0};
    if (length == 4 && memcmp(bytes, "tell", 4) == 0) {
        tell(1);
    } else if (length == 4 && memcmp(bytes, "many", 4) == 0) {
        tell(MANY - 1);
        assert_false(event_bus_is_full(bus)); /* one for all who want it */
        tell(1);
        assert_true(event_bus_is_full(bus));
    } else if (length == 5 && memcmp(bytes, "flood", 5) == 0) {
        for (int i = 0; i < QUEUE_LIMIT / 50; i++, event_bus_send(bus))
            tell(1);
    } else if (length == 4 && memcmp(bytes, "stop", 4) == 0) {
        event_bus_unsubscribe(bus, reader, EVENT_TIMESTAMP);
        event_bus_unsubscribe(bus, reader, EVENT_ALERT);
    } else {
        int error = socket_command_parse(bytes, length, &command, &why);
        if (!error)
            error = event_bus_subscribe(bus, reader, EVENT_TIMESTAMP, &command, &why);
        if (error)
            socket_command_refuse(socket, &why);
        socket_command_done(&command);
    }
    event_bus_send(bus);
    atomic_fetch_add(&told, 1);
}

static void on_open(struct websocket *socket)
{
    struct event_reader *reader = websocket_context(socket);
    reader->socket = socket;
}

static void on_close(struct websocket *socket, unsigned code)
{
    event_bus_leave(bus, websocket_context(socket));
}

static const struct websocket_type reader_type = {
    .accepts = WEBSOCKET_TEXT,
    .message_limit = 1000,
    .queue_limit = QUEUE_LIMIT,
    .on_open = on_open,
    .on_message = obey,
    .on_close = on_close,
    .free_context = free,
};

static void open_reader(struct request *request)
{
    websocket_accept(request, &reader_type, calloc(1, sizeof(struct event_reader)));
}

// clang-format off
static const struct route test_routes[] = {
    {METHOD_WEBSOCKET, "/events", ROUTE_WEBSOCKET, ROLE_ADMIN, BODY_OPTIONAL, open_reader, "."},
    {0},
};
// clang-format on
static const struct route *const tables[] = {test_routes, NULL};

static int start(void **state)
{
    bus = event_bus_new();
    atomic_store(&told, 0);
    place_open();
    place_start(tables);
    return bus ? 0 : 1;
}

static int stop(void **state)
{
    place_close();
    assert_false(event_bus_wants(bus, EVENT_TIMESTAMP)); /* whoever went wants nothing */
    event_bus_free(bus);
    assert_int_equal(websocket_message_bytes(), 0);
    return 0;
}

/* Says something and waits until it is done. */
static void say(int descriptor, const char *text)
{
    int before = atomic_load(&told);
    assert_true(client_send_text(descriptor, text));
    for (int i = 0; i < 1000 && atomic_load(&told) == before; i++)
        usleep(10000);
    assert_int_equal(atomic_load(&told), before + 1);
}

/* ---- tests */

static void an_event_is_told_in_each_form(void **state)
{
    int one = client_open("/events.ws"), two = client_open("/events.ws"),
        other = client_open("/events.ws"), none = client_open("/events.ws");
    assert_false(event_bus_wants(bus, EVENT_TIMESTAMP));
    say(none, "tell");
    say(one, "{\"fields\": [\"" SECONDS "\"]}");
    say(two, "{\"fields\": [\"" SECONDS "\"]}");
    say(other, "{\"fields\": [[\"" SECONDS "\", \"x.y\"]], \"format\": \"tjson\"}");
    assert_true(event_bus_wants(bus, EVENT_TIMESTAMP));
    assert_false(event_bus_wants(bus, EVENT_ALERT));
    say(none, "tell");
    client_expect_text(one, "{\"TIMESTAMP\":{\"" SECONDS "\":77}}");
    client_expect_text(two, "{\"TIMESTAMP\":{\"" SECONDS "\":77}}");
    client_expect_text(other, "{\"TIMESTAMP\":{\"x_y\":77}}");
    close(one);
    close(two);
    close(other);
    close(none);
}

static void a_form_is_encoded_once(void **state)
{
    int readers[20];
    for (size_t i = 0; i < 20; i++) {
        readers[i] = client_open("/events.ws");
        say(readers[i], "{\"fields\": [\"" SECONDS "\"]}");
    }
    say(readers[0], "many");
    for (size_t i = 0; i < 20; i++) {
        for (int j = 0; j < MANY; j++)
            client_expect_text(readers[i], "{\"TIMESTAMP\":{\"" SECONDS "\":77}}");
        close(readers[i]);
    }
}

static void readers_change_their_minds(void **state)
{
    int reader = client_open("/events.ws");
    say(reader, "{\"fields\": [\"" SECONDS "\"]}");
    say(reader, "{\"fields\": [\"" SECONDS "\"]}");
    say(reader, "tell"); /* once, not twice */
    client_expect_text(reader, "{\"TIMESTAMP\":{\"" SECONDS "\":77}}");
    say(reader, "{\"fields\": [\"no.such\"]}");
    say(reader, "tell");
    client_expect_text(reader, "{\"TIMESTAMP\":{\"no.such\":0}}");
    say(reader, "{\"fields\": [\"/\"]}"); /* wrong: the last one stays */
    client_expect_text(reader, "{\"error\":\"a path of the field list is empty\"}");
    say(reader, "tell");
    client_expect_text(reader, "{\"TIMESTAMP\":{\"no.such\":0}}");
    say(reader, "stop");
    say(reader, "tell");
    assert_false(event_bus_wants(bus, EVENT_TIMESTAMP));
    say(reader, "{\"fields\": [[\"" SECONDS "\", \"a\"]]}");
    say(reader, "tell");
    client_expect_text(reader, "{\"TIMESTAMP\":{\"a\":77}}");
    close(reader);
}

static void who_does_not_read_is_closed_and_told_why(void **state)
{
    int silent = client_open("/events.ws"), reader = client_open("/events.ws");
    say(silent, "{\"fields\": [\"" SECONDS "\"]}");
    say(silent, "flood");
    say(reader, "{\"fields\": [\"" SECONDS "\"]}");
    say(reader, "tell");
    client_expect_text(reader, "{\"TIMESTAMP\":{\"" SECONDS "\":77}}");
    client_expect_close(silent, 1008, "slow");
    close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_event_is_told_in_each_form, start, stop),
        cmocka_unit_test_setup_teardown(a_form_is_encoded_once, start, stop),
        cmocka_unit_test_setup_teardown(readers_change_their_minds, start, stop),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_closed_and_told_why, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
