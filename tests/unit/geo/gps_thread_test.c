/* The thread that serves connected receivers, with real descriptors: several at once, one that dies
 * and comes back, receivers taken away, the end at any moment. Runs under ThreadSanitizer too. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "geo/gps.h"

enum { HOSTS = 4, WAIT_MS = 10000 };

/* Far ends by port: 0 to HOSTS - 1. */
static struct {
    pthread_mutex_t lock;
    int far[HOSTS];
    int events;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int begin(void *context, const char *host, unsigned port)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -errno;
    /* Readable: it may be finished. Before the test gets the far end and says something there. */
    if (write(ends[1], "", 1) != 1)
        return -EPIPE;
    pthread_mutex_lock(&world.lock);
    world.far[port - 1] = ends[1];
    pthread_mutex_unlock(&world.lock);
    return ends[0];
}

static int finish(void *context, int pending)
{
    char byte;
    fcntl(pending, F_SETFL, O_NONBLOCK);
    return read(pending, &byte, 1) == 1 ? pending : -EPIPE;
}

static void on_event(void *context, const char *name, bool is_connected, const char *text)
{
    pthread_mutex_lock(&world.lock);
    world.events++;
    pthread_mutex_unlock(&world.lock);
}

static struct gps *make(void)
{
    const struct gps_config config = {.connect = begin, .finish = finish, .on_event = on_event};
    struct gps *gps = gps_new(&config);
    assert_non_null(gps);
    world.events = 0;
    for (int i = 0; i < HOSTS; i++)
        world.far[i] = -1;
    return gps;
}

static struct uuid add(struct gps *gps, const char *definition)
{
    struct uuid uuid;
    struct buffer why = {0};
    assert_int_equal(gps_add(gps, definition, &uuid, &why), 0);
    return uuid;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int far_end(int host)
{
    for (int ms = 0; ms < WAIT_MS; ms++, usleep(1000)) {
        pthread_mutex_lock(&world.lock);
        int far = world.far[host];
        pthread_mutex_unlock(&world.lock);
        if (far >= 0)
            return far;
    }
    fail_msg("nobody connected");
    return -1;
}

static void say(int host, const char *text)
{
    int far = far_end(host);
    assert_int_equal(write(far, text, strlen(text)), (ssize_t)strlen(text));
}

static void hang_up(int host)
{
    int far = far_end(host);
    pthread_mutex_lock(&world.lock);
    world.far[host] = -1;
    pthread_mutex_unlock(&world.lock);
    close(far);
}

static void close_all(void)
{
    for (int i = 0; i < HOSTS; i++)
        if (world.far[i] >= 0)
            close(world.far[i]);
}

static void wait_for_latitude(struct gps *gps, double latitude)
{
    struct location location = {0};
    for (int ms = 0; ms < WAIT_MS; ms++, usleep(1000))
        if (gps_locate(gps, now_ns(), &location, NULL) && location.point.latitude == latitude)
            return;
    fail_msg("the latitude is %f, not %f", location.point.latitude, latitude);
}

static void tpv(char text[128], double latitude, int error)
{
    snprintf(text, 128, "{\"class\":\"TPV\",\"mode\":2,\"lat\":%f,\"lon\":8,\"eph\":%d}\n",
             latitude, error);
}

static void serves_several_and_the_best_wins(void **state)
{
    struct gps *gps = make();
    char text[128];
    add(gps, "gpsd:host=a,port=1");
    add(gps, "tcp:host=b,port=2");
    tpv(text, 10, 30);
    say(0, text);
    wait_for_latitude(gps, 10);
    say(1, "$GPGGA,123519,4800.000,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*4B\r\n");
    wait_for_latitude(gps, 48);
    struct gps_record records[GPS_MAX];
    assert_int_equal(gps_list(gps, now_ns() / 1000000000, records), 2);
    assert_int_equal(records[0].connected + records[1].connected, 2);
    gps_free(gps);
    close_all();
}

static void one_that_dies_comes_back(void **state)
{
    struct gps *gps = make();
    char text[128];
    add(gps, "gpsd:host=a,port=1");
    tpv(text, 10, 30);
    say(0, text);
    wait_for_latitude(gps, 10);
    hang_up(0);
    tpv(text, 11, 30);
    say(0, text);
    wait_for_latitude(gps, 11);
    assert_int_equal(world.events, 3); /* found, lost, found */
    gps_free(gps);
    close_all();
}

static void one_that_is_removed_is_closed(void **state)
{
    struct gps *gps = make();
    char text[128], byte;
    struct uuid uuid = add(gps, "tcp:host=a,port=1");
    add(gps, "gpsd:host=b,port=2");
    int far = far_end(0);
    assert_int_equal(gps_remove(gps, uuid), 0);
    assert_int_equal(read(far, &byte, 1), 0); /* waits for the end */
    tpv(text, 12, 30);
    say(1, text);
    wait_for_latitude(gps, 12);
    gps_free(gps);
    close_all();
}

static void ends_at_any_moment(void **state)
{
    for (useconds_t us = 0; us < 3000; us += 100) {
        struct gps *gps = make();
        struct uuid uuid = add(gps, "tcp:host=a,port=1");
        add(gps, "gpsd:host=b,port=2");
        usleep(us);
        gps_remove(gps, uuid);
        gps_free(gps);
        close_all();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_several_and_the_best_wins),
        cmocka_unit_test(one_that_dies_comes_back),
        cmocka_unit_test(one_that_is_removed_is_closed),
        cmocka_unit_test(ends_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
