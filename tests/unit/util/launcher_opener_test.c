/* What children of the launcher open for the server: TCP connections and serial lines; and what
 * they refuse to. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/launcher_connect.h"
#include "util/launcher_opener.h"
#include "util/launcher_serial.h"

static int die(int descriptor, const char *argument)
{
    return 3;
}

static int dawdle(int descriptor, const char *argument)
{
    pause();
    return 0;
}

static const struct launcher_service services[] = {
    {"connect", launcher_connect_allow, launcher_connect_run},
    {"dawdle", NULL, dawdle},
    {"die", NULL, die},
    {"serial", launcher_serial_allow, launcher_serial_run},
    {NULL, NULL, NULL},
};

static struct launcher *launcher;

static int set_up(void **state)
{
    static const struct launcher_config config = {.services = services};
    launcher = launcher_new(&config);
    return launcher ? 0 : -1;
}

static int tear_down(void **state)
{
    launcher_free(launcher);
    return 0;
}

/* Waits for what was begun; a refusal at once is one, too. */
static int finish(int pending)
{
    struct pollfd waiting = {.fd = pending, .events = POLLIN};
    if (pending < 0)
        return pending;
    assert_int_equal(poll(&waiting, 1, 10000), 1);
    int result = launcher_opener_finish(pending);
    if (result >= 0) {
        assert_true(fcntl(result, F_GETFL) & O_NONBLOCK);
        assert_true(fcntl(result, F_GETFD) & FD_CLOEXEC);
    }
    return result;
}

/* A socket that listens on a port of its own on this machine. */
static int listen_here(unsigned *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    *ret_port = ntohs(address.sin_port);
    return listening;
}

static void test_connects(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost"};
    unsigned port;
    int listening = listen_here(&port);
    assert_int_equal(listen(listening, 4), 0);
    for (int i = 0; i < 2; i++) {
        char byte = 0;
        int connected = finish(launcher_connect_begin(launcher, hosts[i], port));
        assert_true(connected >= 0);
        int accepted = accept(listening, NULL, NULL);
        assert_int_equal(write(accepted, "x", 1), 1);
        struct pollfd waiting = {.fd = connected, .events = POLLIN};
        assert_int_equal(poll(&waiting, 1, 1000), 1);
        assert_int_equal(read(connected, &byte, 1), 1);
        assert_int_equal(byte, 'x');
        close(accepted);
        close(connected);
    }
    close(listening);
}

static void test_says_why_not(void **state)
{
    unsigned port;
    int bound = listen_here(&port); /* but does not listen */
    assert_int_equal(finish(launcher_connect_begin(launcher, "127.0.0.1", port)), -ECONNREFUSED);
    assert_int_equal(finish(launcher_connect_begin(launcher, "no-such-host.invalid", port)),
                     -EHOSTUNREACH);
    assert_int_equal(finish(launcher_opener_begin(launcher, "die", "")), -EPIPE);
    assert_int_equal(launcher_opener_finish(launcher_opener_begin(launcher, "dawdle", "")),
                     -EAGAIN);
    close(bound);
}

static void test_hosts_are_checked(void **state)
{
    static const char *const bad[] = {"",      " 1",     "host",    "host ",      "host 0",
                                      "h 1 2", "h 0x10", "h 65536", "a/b 80",     "a\nb 80",
                                      "h -1",  "h 1 ",   "h\t80",   "\xc3\xa4 80"};
    static const char *const good[] = {"host 1", "::1 65535", "fe80::1%eth0 2947", "a-b.c_d 10110"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(launcher_connect_allow(bad[i]), -EINVAL);
        assert_int_equal(launcher_opener_begin(launcher, "connect", bad[i]), -EINVAL);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(launcher_connect_allow(good[i]), 0);
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(launcher_connect_begin(launcher, longer, 1), -EINVAL);
}

/* A pseudo terminal: its near end, and the far one's path. */
static int open_pty(char ret_path[64])
{
    int near = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(near >= 0);
    assert_int_equal(grantpt(near), 0);
    assert_int_equal(unlockpt(near), 0);
    assert_int_equal(ptsname_r(near, ret_path, 64), 0);
    return near;
}

static void test_serial_line(void **state)
{
    char path[64], text[16] = "", link[64] = "/tmp/norn-serial-XXXXXX";
    struct termios settings;
    int near = open_pty(path);
    int line = finish(launcher_serial_begin(launcher, path, 9600));
    assert_true(line >= 0);
    assert_int_equal(tcgetattr(line, &settings), 0);
    assert_int_equal(cfgetispeed(&settings), B9600);
    assert_int_equal(settings.c_lflag & (ICANON | ECHO | ISIG), 0);
    assert_int_equal(fcntl(line, F_GETFL) & O_ACCMODE, O_RDONLY);
    assert_int_equal(write(near, "a\r\n\003b", 5), 5); /* as it comes: no line, no signal */
    struct pollfd waiting = {.fd = line, .events = POLLIN};
    assert_int_equal(poll(&waiting, 1, 1000), 1);
    assert_int_equal(read(line, text, sizeof text), 5);
    assert_memory_equal(text, "a\r\n\003b", 5);
    close(line);
    assert_non_null(mkdtemp(link)); /* a name that leads there is as good */
    strcat(link, "/gps");
    assert_int_equal(symlink(path, link), 0);
    line = finish(launcher_serial_begin(launcher, link, 115200));
    assert_true(line >= 0);
    close(line);
    unlink(link);
    *strrchr(link, '/') = '\0';
    rmdir(link);
    close(near);
}

static void test_only_serial_lines(void **state)
{
    char file[] = "/tmp/norn-serial-XXXXXX";
    int made = mkstemp(file);
    assert_int_equal(finish(launcher_serial_begin(launcher, file, 9600)), -EACCES);
    unlink(file);
    close(made);
    assert_int_equal(finish(launcher_serial_begin(launcher, "/dev/no-such-line", 9600)), -ENOENT);
    assert_int_equal(finish(launcher_serial_begin(launcher, "/dev/null", 9600)), -ENOTTY);
    assert_int_equal(finish(launcher_serial_begin(launcher, "/dev/ptmx", 9600)), -ENOTTY);
    assert_int_equal(finish(launcher_serial_begin(launcher, "/dev/../etc/passwd", 9600)), -EACCES);
    assert_int_equal(finish(launcher_serial_begin(launcher, "/dev", 9600)), -EACCES);
    assert_int_equal(launcher_serial_begin(launcher, "/dev/ttyS0", 12345), -EINVAL);
    assert_int_equal(launcher_serial_begin(launcher, "dev/ttyS0", 9600), -EINVAL);
    assert_int_equal(launcher_opener_begin(launcher, "serial", "9600"), -EINVAL);
    assert_int_equal(launcher_opener_begin(launcher, "serial", "/dev/ttyS0"), -EINVAL);
}

static void test_nobodys_terminal(void **state)
{
    char path[64], byte;
    int ready[2];
    int near = open_pty(path);
    assert_int_equal(pipe(ready), 0);
    pid_t user = fork();
    if (user == 0) { /* sits down at it */
        setsid();
        int terminal = open(path, O_RDWR);
        bool sits = terminal >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0;
        _exit(write(ready[1], sits ? "y" : "n", 1) == 1 && pause());
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(finish(launcher_serial_begin(launcher, path, 9600)), -EBUSY);
    kill(user, SIGKILL);
    waitpid(user, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    close(near);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_connects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_says_why_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hosts_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_serial_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_serial_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobodys_terminal, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
