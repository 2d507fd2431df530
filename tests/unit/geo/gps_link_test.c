/* One receiver's connection, by a clock of the test's own: tries and their pauses, what is told and
 * how seldom, silence, floods, the end. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "geo/gps_link.h"

#define S 1000u /* ms */

static const char tpv[] = "{\"class\":\"TPV\",\"mode\":2,\"lat\":47,\"lon\":8}\n";
static const char watch[] = "?WATCH={\"enable\":true,\"json\":true};\n";

/* What lies outside: the other end of the connection, what happens to tries, what was told. */
static struct {
    int far; /* -1: none */
    int open_error, finish_error;
    int tries, told_found, told_lost;
    char text[256], where[64];
} world;

static int begin(void *context, const char *host, unsigned port)
{
    int ends[2];
    world.tries++;
    snprintf(world.where, sizeof world.where, "%s:%u", host, port);
    if (world.open_error)
        return world.open_error;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    world.far = ends[1];
    return ends[0];
}

static int finish(void *context, int pending)
{
    if (!world.finish_error) {
        fcntl(pending, F_SETFL, O_NONBLOCK);
        return pending;
    }
    close(pending);
    close(world.far);
    world.far = -1;
    return world.finish_error;
}

static void on_event(void *context, const char *name, bool is_connected, const char *text)
{
    assert_string_equal(name, "car");
    world.told_found += is_connected;
    world.told_lost += !is_connected;
    snprintf(world.text, sizeof world.text, "%s", text);
}

static const struct gps_config config = {.connect = begin, .finish = finish, .on_event = on_event};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct receiver *receiver;
static struct gps_link *link_under_test;
static uint64_t now;

static void start(const char *text)
{
    struct gps_definition definition;
    struct buffer why = {0};
    memset(&world, 0, sizeof world);
    world.far = -1;
    now = 1000 * S;
    assert_int_equal(gps_definition_parse(text, &definition, &why), 0);
    receiver = receiver_new(&definition, text);
    snprintf(receiver->record.name, sizeof receiver->record.name, "car");
    link_under_test = gps_link_new(receiver, &config, &lock);
    assert_non_null(link_under_test);
}

static int end(void **state)
{
    gps_link_free(link_under_test);
    receiver_free(receiver);
    if (world.far >= 0)
        close(world.far);
    return 0;
}

/* So much later, what is due then is done. */
static void later(uint64_t ms)
{
    now += ms;
    gps_link_tick(link_under_test, now);
}

static void listen_to_it(void)
{
    gps_link_read(link_under_test, now, 1700000000000000000u);
}

static void open_it(void)
{
    later(0);
    listen_to_it();
}

static void say(const char *text)
{
    assert_int_equal(write(world.far, text, strlen(text)), (ssize_t)strlen(text));
    listen_to_it();
}

static void hang_up(void)
{
    close(world.far);
    world.far = -1;
    listen_to_it();
}

static void assert_heard(const char *expected)
{
    char text[256] = "";
    ssize_t length = recv(world.far, text, sizeof text - 1, MSG_DONTWAIT);
    if (!expected)
        assert_int_equal(length, -1);
    else
        assert_string_equal(text, expected);
}

static void connects_asks_and_listens(void **state)
{
    start("gpsd:host=there");
    open_it();
    assert_string_equal(world.where, "there:2947");
    assert_heard(watch);
    assert_int_equal(receiver->record.connected, 1);
    assert_int_equal(world.told_found, 0); /* nobody has said a word yet */
    say("{\"class\":\"VERSION\",\"release\":\"3.22\"}\n");
    assert_int_equal(world.told_found, 1);
    assert_string_equal(world.text, "gpsd at there port 2947");
    say("{\"class\":\"TPV\",\"mo");
    assert_int_equal(receiver->record.location.fix, 0);
    say("de\":2,\"lat\":47,\"lon\":8}\r\n");
    assert_int_equal(receiver->record.location.fix, 2);
    assert_int_equal(world.told_found, 1);
}

static void pauses_grow_and_an_outage_is_told_once(void **state)
{
    static const unsigned pauses[] = {1 * S, 2 * S, 4 * S, 8 * S, 16 * S, 30 * S, 30 * S, 30 * S};
    start("gpsd");
    world.open_error = -ENOENT;
    later(0);
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        assert_int_equal(world.tries, (int)i + 1);
        world.open_error = 0;
        world.finish_error = -ECONNREFUSED;
        later(pauses[i] - 1);
        assert_int_equal(world.tries, (int)i + 1);
        later(1);
        listen_to_it();
    }
    assert_int_equal(world.told_lost, 1);
    assert_int_equal(receiver->record.connected, 0);
    assert_string_equal(receiver->record.error, "Connection refused");
    world.finish_error = 0;
    later(30 * S);
    listen_to_it();
    say(tpv);
    assert_int_equal(world.told_found, 1);
    assert_string_equal(receiver->record.error, "");
}

static void pauses_start_anew_once_it_was_steady(void **state)
{
    start("gpsd");
    open_it();
    say(tpv);
    hang_up();
    later(1 * S);
    listen_to_it();
    hang_up(); /* at once: the pause is twice as long */
    later(2 * S - 1);
    assert_int_equal(world.tries, 2);
    later(1);
    listen_to_it();
    say(tpv);
    now += 10 * S;
    hang_up();
    later(1 * S);
    assert_int_equal(world.tries, 4);
}

static void one_that_comes_and_goes_is_told_of_once_a_minute(void **state)
{
    start("gpsd");
    for (uint64_t end_ms = now + 600 * S; now < end_ms; now += 3 * S) {
        if (link_under_test->due_ms > now)
            now = link_under_test->due_ms;
        open_it();
        say(tpv);
        hang_up();
    }
    assert_true(world.tries > 18); /* every half a minute, in the end */
    assert_in_range(world.told_lost, 9, 11);
    assert_in_range(world.told_found, world.told_lost, world.told_lost + 1);
}

static void silence_is_asked_about_then_it_is_lost(void **state)
{
    start("gpsd");
    open_it();
    assert_heard(watch);
    say(tpv);
    later(10 * S - 1);
    assert_heard(NULL);
    later(1);
    assert_heard(watch);
    say("{\"class\":\"WATCH\"}\n"); /* it lives */
    later(10 * S);
    assert_heard(watch);
    later(20 * S - 1);
    assert_int_equal(receiver->record.connected, 1);
    later(1);
    assert_int_equal(receiver->record.connected, 0);
    assert_string_equal(receiver->record.error, "silent");
    assert_int_equal(world.told_lost, 1);
}

static void gives_up_on_an_answer_that_never_comes(void **state)
{
    start("tcp:host=there,port=7");
    later(0);
    later(20 * S - 1);
    assert_int_equal(world.told_lost, 0);
    later(1);
    assert_string_equal(receiver->record.error, "no answer");
    assert_int_equal(world.tries, 1);
    close(world.far);
    world.far = -1;
    later(1 * S);
    assert_int_equal(world.tries, 2);
}

static void reconnect_false_ends_it(void **state)
{
    start("gpsd:reconnect=false");
    open_it();
    say(tpv);
    hang_up();
    assert_int_equal(world.told_lost, 1);
    assert_null(strstr(world.text, "again"));
    later(1000 * S);
    assert_int_equal(world.tries, 1);
    assert_true(link_under_test->due_ms == UINT64_MAX);
}

static void a_flood_has_to_wait(void **state)
{
    char block[4096];
    memset(block, '\n', sizeof block);
    start("tcp:host=there,port=7");
    open_it();
    for (int i = 0; i < 64; i++) {
        assert_int_equal(write(world.far, block, sizeof block), sizeof block);
        listen_to_it();
        assert_true(link_under_test->rest_ms <= now);
    }
    assert_int_equal(write(world.far, "\n", 1), 1);
    listen_to_it();
    assert_int_equal(link_under_test->rest_ms, now + 1 * S);
    later(1 * S);
    say("\n");
    assert_true(link_under_test->rest_ms <= now);
}

static void what_was_half_said_is_forgotten_with_the_connection(void **state)
{
    start("gpsd");
    open_it();
    say("{\"class\":\"TPV\",\"mode\":2,");
    hang_up();
    later(1 * S);
    listen_to_it();
    say("\"lat\":47,\"lon\":8}\n");
    assert_int_equal(receiver->record.location.fix, 0);
    say(tpv);
    assert_int_equal(receiver->record.location.fix, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(connects_asks_and_listens, end),
        cmocka_unit_test_teardown(pauses_grow_and_an_outage_is_told_once, end),
        cmocka_unit_test_teardown(pauses_start_anew_once_it_was_steady, end),
        cmocka_unit_test_teardown(one_that_comes_and_goes_is_told_of_once_a_minute, end),
        cmocka_unit_test_teardown(silence_is_asked_about_then_it_is_lost, end),
        cmocka_unit_test_teardown(gives_up_on_an_answer_that_never_comes, end),
        cmocka_unit_test_teardown(reconnect_false_ends_it, end),
        cmocka_unit_test_teardown(a_flood_has_to_wait, end),
        cmocka_unit_test_teardown(what_was_half_said_is_forgotten_with_the_connection, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
