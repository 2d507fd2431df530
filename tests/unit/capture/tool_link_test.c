/* A link with a capture tool over a socket pair: silence is what is missing when one looks, not
 * what came while nobody did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/tool_link.h"
#include "util/clock.h"

static struct tool_link ours;
static struct buffer why;
static int tool;

static int begin(void **state)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    tool_link_init(&ours, ends[0], -1, TOOL_LINK_PING_MS);
    tool = ends[1];
    return 0;
}

static int end(void **state)
{
    if (tool >= 0)
        close(tool);
    tool_link_done(&ours);
    buffer_done(&why);
    return 0;
}

static void say(enum protocol_type type)
{
    struct buffer frame = {0};
    protocol_frame_write_empty(&frame, type, 1);
    assert_int_equal(send(tool, frame.data, frame.length, 0), (ssize_t)frame.length);
    buffer_done(&frame);
}

/* As when the server was stopped or starved for so long. */
static void look_away(unsigned seconds)
{
    ours.heard_ns -= seconds * NS_PER_S;
}

static int next(void)
{
    struct protocol_frame frame;
    return tool_link_next(&ours, 1, &frame, &why);
}

static void what_came_meanwhile_is_read(void **state)
{
    for (int round = 0; round < 3; round++) {
        say(PROTOCOL_PACKET);
        look_away(20);
        assert_int_equal(next(), 0);
        assert_int_equal(next(), -EAGAIN);
    }
    say(PROTOCOL_PONG);
    look_away(20);
    assert_int_equal(next(), -EAGAIN);
}

static void silence_ends_it(void **state)
{
    look_away(14);
    assert_int_equal(next(), -EAGAIN);
    look_away(2);
    assert_int_equal(next(), -ETIMEDOUT);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((char *)why.data, "15 seconds"));
}

static void what_was_said_before_hanging_up_is_read(void **state)
{
    say(PROTOCOL_PACKET);
    close(tool);
    tool = -1;
    look_away(20);
    assert_int_equal(next(), 0);
    assert_int_equal(next(), -EAGAIN); /* the read before took all there was */
    assert_int_equal(next(), -EPIPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_came_meanwhile_is_read, begin, end),
        cmocka_unit_test_setup_teardown(silence_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(what_was_said_before_hanging_up_is_read, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
