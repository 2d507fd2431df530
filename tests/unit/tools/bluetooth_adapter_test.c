/* A Bluetooth adapter's waiting and giving up, by a clock of our own: what tests/tools has no
 * patience for. The kernel is the other end of a socket pair, answered message by message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/bluetooth_adapter.h"
#include "tools/bluetooth_socket.h"

#define SECOND UINT64_C(1000000000)

static uint64_t now_ns;
static int kernel_end;
static unsigned told;
static struct bluetooth_kernel kernel;
static struct bluetooth_adapter adapter;
static struct buffer why;

uint64_t tool_now_ns(void)
{
    return now_ns;
}

void tool_say(struct tool *tool, enum protocol_level level, const char *format, ...)
{
    told++;
}

int bluetooth_socket_open(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) < 0)
        return -errno;
    kernel_end = ends[1];
    return ends[0];
}

static int begin(void **state)
{
    enum { ALL = BLUETOOTH_POWERED | BLUETOOTH_BASIC_RATE | BLUETOOTH_LOW_ENERGY };
    now_ns = 1000 * SECOND;
    told = 0;
    adapter = (struct bluetooth_adapter){.kernel = &kernel, .entry = {.name = "hci0"}};
    adapter.settings = ALL;
    adapter.transports = BLUETOOTH_BASIC_RATE | BLUETOOTH_LOW_ENERGY;
    return bluetooth_kernel_open(&kernel, &why);
}

static int end(void **state)
{
    close(kernel.descriptor);
    close(kernel_end);
    buffer_done(&why);
    return 0;
}

/* The command of the next request, 0 without one. */
static uint16_t asked(void)
{
    uint8_t frame[64];
    ssize_t length = recv(kernel_end, frame, sizeof frame, 0);
    return length < 6 ? 0 : load_le16(frame);
}

static int answer(uint16_t command, uint8_t status)
{
    uint8_t frame[] = {2, 0, 0, 0, 3, 0, (uint8_t)command, (uint8_t)(command >> 8), status};
    struct bluetooth_message message;
    frame[0] = status ? 2 : 1;
    assert_int_equal(send(kernel_end, frame, sizeof frame, 0), sizeof frame);
    return bluetooth_adapter_take(&adapter, &message, &why);
}

/* Steps, which must ask for discovery, and answers that. */
static int answer_start(uint8_t status)
{
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
    assert_int_equal(asked(), BLUETOOTH_START_DISCOVERY);
    return answer(BLUETOOTH_START_DISCOVERY, status);
}

static void assert_why(const char *words)
{
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((const char *)why.data, words));
}

static void test_a_kernel_that_does_not_answer(void **state)
{
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
    assert_int_equal(asked(), BLUETOOTH_START_DISCOVERY);
    assert_int_equal(bluetooth_adapter_due(&adapter), now_ns + 20 * SECOND);
    now_ns += 19 * SECOND;
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
    assert_int_equal(asked(), 0);
    now_ns += SECOND;
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), -ETIMEDOUT);
    assert_why("hci0 does not do what it is told");
}

static void test_a_start_that_never_works(void **state)
{
    for (int i = 0; i < 6; i++) {
        assert_int_equal(answer_start(0x03), 1);
        assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
        assert_int_equal(asked(), 0); /* not at once */
        assert_int_equal(bluetooth_adapter_due(&adapter), now_ns + 5 * SECOND);
        now_ns += 5 * SECOND;
    }
    assert_int_equal(told, 1);
    assert_int_equal(answer_start(0x03), -EIO);
    assert_why("discovery of hci0 cannot be switched on: the adapter fails (status 0x03)");
}

static void test_another_program_for_hours(void **state)
{
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(answer_start(BLUETOOTH_BUSY), 1);
        now_ns += 5 * SECOND;
    }
    assert_int_equal(told, 1);
    assert_int_equal(answer_start(BLUETOOTH_DONE), 1);
    assert_int_equal(bluetooth_adapter_due(&adapter), 0);
}

static void test_off_and_not_gone(void **state)
{
    assert_int_equal(answer_start(BLUETOOTH_NOT_POWERED), 1);
    assert_int_equal(bluetooth_adapter_due(&adapter), now_ns + SECOND);
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
    assert_int_equal(asked(), 0);
    now_ns += SECOND;
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), -ENETDOWN);
    assert_why("hci0 was switched off");
}

static void test_gone_before_it_is_told(void **state)
{
    assert_int_equal(answer_start(BLUETOOTH_INVALID_ADAPTER), -ENODEV);
    assert_why("hci0 is gone");
    assert_int_equal(bluetooth_adapter_step(&adapter, &why), 0);
    assert_int_equal(asked(), 0);
}

static void test_answers_that_were_not_asked_for(void **state)
{
    assert_int_equal(answer(BLUETOOTH_SET_POWERED, 0x03), 1);
    assert_int_equal(answer(BLUETOOTH_START_DISCOVERY, 0x03), 1);
    assert_int_equal(told, 0);
    assert_false(adapter.discovers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_kernel_that_does_not_answer, begin, end),
        cmocka_unit_test_setup_teardown(test_a_start_that_never_works, begin, end),
        cmocka_unit_test_setup_teardown(test_another_program_for_hours, begin, end),
        cmocka_unit_test_setup_teardown(test_off_and_not_gone, begin, end),
        cmocka_unit_test_setup_teardown(test_gone_before_it_is_told, begin, end),
        cmocka_unit_test_setup_teardown(test_answers_that_were_not_asked_for, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
