/* Interfaces: what the service writes is what is read, what lies on the way is not believed, and
 * the loopback interface, which every machine has, is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/interface.h"

static const void *answer; /* what the service says; NULL: the truth */
static size_t answer_length;

static int serve(void *context)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid_t child = fork();
    if (child == 0) {
        bool sent = !answer ? interface_serve(ends[1], "") == 0
                            : write(ends[1], answer, answer_length) == (ssize_t)answer_length;
        _exit(sent ? 0 : 1);
    }
    int status = 0;
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return ends[0];
}

static int no_service(void *context)
{
    return -EAGAIN;
}

static const struct capture_config through_service = {.list_interfaces = serve};

static void the_service_says_what_there_is(void **state)
{
    const struct capture_config direct = {0};
    struct interface told[INTERFACE_ROWS_MAX], seen[INTERFACE_ROWS_MAX];
    answer = NULL;
    size_t count = interface_list(&through_service, told, INTERFACE_ROWS_MAX);
    assert_true(count >= 1);
    assert_int_equal(interface_list(&direct, seen, INTERFACE_ROWS_MAX), count);
    assert_memory_equal(told, seen, count * sizeof *told);
    assert_int_equal(interface_list(&through_service, told, 1), 1);
}

static void one_is_found_by_name(void **state)
{
    struct interface row = {0};
    answer = NULL;
    assert_true(interface_find(&through_service, "lo", &row));
    assert_string_equal(row.name, "lo");
    assert_false(interface_find(&through_service, "no-such-one", &row));
    assert_string_equal(row.name, "lo");
}

static void half_a_row_is_none(void **state)
{
    struct interface rows[2] = {{.name = "wlan0", .address = {2}}}, read[4];
    answer = rows;
    answer_length = sizeof rows[0] + 20;
    assert_int_equal(interface_list(&through_service, read, 4), 1);
    answer_length = 5;
    assert_int_equal(interface_list(&through_service, read, 4), 0);
}

static void texts_end(void **state)
{
    struct interface row, read;
    memset(&row, 'x', sizeof row);
    answer = &row;
    answer_length = sizeof row;
    assert_int_equal(interface_list(&through_service, &read, 1), 1);
    assert_int_equal(strlen(read.name), sizeof read.name - 1);
}

static void without_a_service_there_are_none(void **state)
{
    const struct capture_config config = {.list_interfaces = no_service};
    struct interface row;
    assert_int_equal(interface_list(&config, &row, 1), 0);
    assert_false(interface_find(&config, "lo", &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_service_says_what_there_is),
        cmocka_unit_test(one_is_found_by_name),
        cmocka_unit_test(half_a_row_is_none),
        cmocka_unit_test(texts_end),
        cmocka_unit_test(without_a_service_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
