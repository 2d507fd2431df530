/* The launcher, forked for real: what it opens, writes, starts and stops, and hostile requests.
 * Rights have a test of their own. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "launcher_place.h"
#include "util/launcher.h"
#include "util/launcher_process.h"
#include "util/launcher_request.h"

/* Says what a child inherits: open descriptors over its own, its group, its signals. */
static int report(int descriptor, const char *argument)
{
    char text[64];
    int extra = 0;
    for (int i = 3; i < 1024; i++)
        extra += i != descriptor && fcntl(i, F_GETFD) >= 0;
    struct sigaction action;
    sigaction(SIGTERM, NULL, &action);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    int length = snprintf(text, sizeof text, "%d %d %d %d", extra, getpgrp() == getpid(),
                          action.sa_handler == SIG_DFL, sigismember(&mask, SIGCHLD));
    return write(descriptor, text, (size_t)length) < 0;
}

/* Will not go by itself, and has a child of its own that will not either. */
static int stubborn(int descriptor, const char *argument)
{
    signal(SIGTERM, SIG_IGN);
    pid_t other = fork();
    if (other == 0) {
        prctl(PR_SET_PDEATHSIG, 0);
        for (;;)
            pause();
    }
    if (write(descriptor, &other, sizeof other) < 0)
        return 1;
    for (;;)
        pause();
}

static int allow_wlan(const char *argument)
{
    return strncmp(argument, "wlan", 4) == 0 ? 0 : -EACCES;
}

static const struct launcher_service services[] = {
    {"echo", allow_wlan, echo},
    {"report", NULL, report},
    {"stubborn", NULL, stubborn},
    {NULL, NULL, NULL},
};

static struct launcher *start(void)
{
    struct launcher *launcher = launcher_new(&config);
    assert_non_null(launcher);
    return launcher;
}

static void assert_content(int descriptor, const char *content)
{
    char text[256];
    if (descriptor < 0)
        fail_msg("not opened: %s", strerror(-descriptor));
    ssize_t length = read(descriptor, text, sizeof text - 1);
    assert_true(length >= 0);
    text[length] = '\0';
    assert_string_equal(text, content);
    assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    close(descriptor);
}

static void test_capture(void **state)
{
    struct launcher *launcher = start();
    put(under("a.pcap"), "packets", 0600);
    assert_int_equal(symlink("a.pcap", under("link.pcap")), 0);
    assert_content(launcher_open_capture(launcher, under("a.pcap")), "packets");
    assert_content(launcher_open_capture(launcher, under("link.pcap")), "packets");
    assert_int_equal(launcher_open_capture(launcher, under("none")), -ENOENT);
    assert_int_equal(launcher_open_capture(launcher, root), -EISDIR);
    assert_int_equal(launcher_open_capture(launcher, "/dev/zero"), -EINVAL);
    assert_int_equal(launcher_open_capture(launcher, "/dev/null"), -EINVAL);
    assert_int_equal(launcher_open_capture(launcher, ""), -ENOENT);
    char longer[PATH_MAX + 10];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(launcher_open_capture(launcher, longer), -ENAMETOOLONG);
    assert_content(launcher_open_capture(launcher, under("a.pcap")), "packets");
    launcher_free(launcher);
}

static void test_fifo(void **state)
{
    struct launcher *launcher = start();
    assert_int_equal(mkfifo(under("fifo"), 0600), 0);
    int reader = launcher_open_capture(launcher, under("fifo")); /* must not wait for a writer */
    assert_true(reader >= 0);
    struct pollfd waiting = {.fd = reader, .events = POLLIN};
    assert_int_equal(poll(&waiting, 1, 20), 0);
    int writer = open(under("fifo"), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(writer >= 0);
    assert_int_equal(write(writer, "frame", 5), 5);
    assert_int_equal(poll(&waiting, 1, 1000), 1);
    assert_int_equal(fcntl(reader, F_GETFL) & O_NONBLOCK, 0);
    close(writer);
    assert_content(reader, "frame");
    launcher_free(launcher);
}

static void test_read(void **state)
{
    struct launcher *launcher = start();
    put(under("etc/norn.conf"), "inside", 0600);
    put(under("secret"), "outside", 0600);
    put(under("etcetera"), "beside", 0600);
    assert_int_equal(symlink("../secret", under("etc/escape")), 0);
    assert_int_equal(symlink("norn.conf", under("etc/alias")), 0);
    assert_int_equal(symlink("etc", under("way")), 0);
    assert_int_equal(mkfifo(under("etc/fifo"), 0600), 0);
    assert_content(launcher_open_read(launcher, under("etc/norn.conf")), "inside");
    assert_content(launcher_open_read(launcher, under("etc/alias")), "inside");
    assert_content(launcher_open_read(launcher, under("way/norn.conf")), "inside");
    assert_int_equal(launcher_open_read(launcher, under("etc/escape")), -EACCES);
    assert_int_equal(launcher_open_read(launcher, under("etc/../secret")), -EACCES);
    assert_int_equal(launcher_open_read(launcher, under("etcetera")), -EACCES);
    assert_int_equal(launcher_open_read(launcher, "/etc/passwd"), -EACCES);
    assert_int_equal(launcher_open_read(launcher, under("etc/none")), -ENOENT);
    assert_int_equal(launcher_open_read(launcher, under("etc/fifo")), -EINVAL);
    assert_int_equal(launcher_open_read(launcher, allowed), -EINVAL);
    launcher_free(launcher);
}

/* A place may itself be a link, or a file. */
static void test_readable_places(void **state)
{
    char link[128], file[128];
    put(under("etc/norn.conf"), "inside", 0600);
    put(under("one.conf"), "one", 0600);
    put(under("one.conf.bak"), "other", 0600);
    snprintf(link, sizeof link, "%s/link", root);
    snprintf(file, sizeof file, "%s/one.conf", root);
    assert_int_equal(symlink("etc", link), 0);
    readable[0] = link;
    readable[1] = file;
    readable[2] = NULL;
    struct launcher *launcher = start();
    assert_content(launcher_open_read(launcher, under("etc/norn.conf")), "inside");
    assert_content(launcher_open_read(launcher, under("link/norn.conf")), "inside");
    assert_content(launcher_open_read(launcher, file), "one");
    assert_int_equal(launcher_open_read(launcher, under("one.conf.bak")), -EACCES);
    launcher_free(launcher);
}

static void test_throw_away_home(void **state)
{
    struct stat status;
    config.throw_away = true;
    struct launcher *launcher = start();
    assert_int_equal(launcher_write_home(launcher, "kismet_httpd.conf", "secret", 6), 0);
    assert_int_equal(stat(home, &status), 0);
    launcher_free(launcher);
    config.throw_away = false;
    assert_int_equal(stat(home, &status), -1);
    assert_int_equal(errno, ENOENT);
}

static void test_write_home(void **state)
{
    struct launcher *launcher = start();
    struct stat status;
    assert_int_equal(launcher_write_home(launcher, "kismet_httpd.conf", "secret", 6), 0);
    assert_int_equal(stat(home, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(stat(under("user/.norn/kismet_httpd.conf"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_content(launcher_open_read(launcher, under("user/.norn/kismet_httpd.conf")), "secret");
    assert_int_equal(launcher_write_home(launcher, "kismet_httpd.conf", "", 0), 0);
    assert_content(launcher_open_read(launcher, under("user/.norn/kismet_httpd.conf")), "");
    static const char *const wrong[] = {"",   ".",      "..",  ".hidden", "a/b",
                                        "/a", "../x.y", "a b", "a\nb",    "\xc3\xa9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(launcher_write_home(launcher, wrong[i], "x", 1), -EINVAL);
    size_t length = LAUNCHER_WRITE_MAX;
    char *large = calloc(1, length + 1);
    assert_int_equal(launcher_write_home(launcher, "large", large, length), 0);
    assert_int_equal(stat(under("user/.norn/large"), &status), 0);
    assert_int_equal(status.st_size, (off_t)length);
    assert_int_equal(launcher_write_home(launcher, "large", large, length + 1), -EFBIG);
    free(large);
    launcher_free(launcher);
}

/* A link in the home is replaced, never written through. */
static void test_write_over_link(void **state)
{
    struct launcher *launcher = start();
    put(under("victim"), "mine", 0600);
    assert_int_equal(launcher_write_home(launcher, "x.conf", "one", 3), 0);
    assert_int_equal(unlink(under("user/.norn/x.conf")), 0);
    assert_int_equal(symlink("../../victim", under("user/.norn/x.conf")), 0);
    assert_int_equal(symlink("../../victim", under("user/.norn/.x.conf.new")), 0);
    assert_int_equal(launcher_open_read(launcher, under("user/.norn/x.conf")), -EACCES);
    assert_int_equal(launcher_write_home(launcher, "x.conf", "two", 3), 0);
    assert_content(launcher_open_read(launcher, under("user/.norn/x.conf")), "two");
    assert_content(open(under("victim"), O_RDONLY | O_CLOEXEC), "mine");
    launcher_free(launcher);
}

static void test_service(void **state)
{
    struct launcher *launcher = start();
    char text[64] = "";
    int descriptor = -1;
    pid_t pid = 0;
    assert_int_equal(launcher_start(launcher, "echo", "eth0", &descriptor, &pid), -EACCES);
    assert_int_equal(launcher_start(launcher, "nothing", "wlan0", &descriptor, &pid), -ENOENT);
    assert_int_equal(descriptor, -1);
    assert_int_equal(launcher_start(launcher, "echo", "wlan0", &descriptor, &pid), 0);
    assert_true(pid > 1);
    assert_int_equal(read(descriptor, text, 5), 5);
    assert_string_equal(text, "wlan0");
    assert_int_equal(write(descriptor, "ping", 4), 4);
    for (int got = 0; got < 4;)
        got += (int)read(descriptor, text + got, sizeof text - (size_t)got);
    assert_memory_equal(text, "ping", 4);
    launcher_stop(launcher, pid);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(read(descriptor, text, 1), 0);
    close(descriptor);
    launcher_stop(launcher, pid); /* gone already: nothing happens */
    launcher_stop(launcher, getpid());
    launcher_stop(launcher, -1);
    launcher_free(launcher);
}

static void test_service_is_bare(void **state)
{
    int leak = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    struct launcher *launcher = start();
    char text[64] = "";
    int descriptor;
    pid_t pid;
    assert_int_equal(launcher_start(launcher, "report", "", &descriptor, &pid), 0);
    assert_true(read(descriptor, text, sizeof text - 1) > 0);
    assert_string_equal(text, "0 1 1 0");
    close(descriptor);
    close(leak);
    launcher_free(launcher);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_gone(pid_t pid)
{
    for (int i = 0; i < 200; i++) {
        if (kill(pid, 0) != 0 && errno == ESRCH)
            return true;
        usleep(10000);
    }
    return false;
}

static atomic_bool stopped;

/* Opens one file after another until the stop is over: how many it got meanwhile. */
static void *open_many(void *context)
{
    intptr_t count = 0;
    for (; !stopped; count++) {
        int descriptor = launcher_open_capture(context, under("a.pcap"));
        assert_true(descriptor >= 0);
        close(descriptor);
        usleep(1000);
    }
    return (void *)count;
}

static void test_stubborn_child(void **state)
{
    struct launcher *launcher = start();
    int descriptor;
    pid_t pid, grandchild = 0;
    pthread_t thread;
    void *opened;
    put(under("a.pcap"), "x", 0600);
    assert_int_equal(launcher_start(launcher, "stubborn", "", &descriptor, &pid), 0);
    assert_int_equal(read(descriptor, &grandchild, sizeof grandchild), sizeof grandchild);
    int64_t start_ms = now_ms();
    stopped = false;
    pthread_create(&thread, NULL, open_many, launcher);
    launcher_stop(launcher, pid);
    assert_in_range(now_ms() - start_ms, 900, 5000);
    stopped = true;
    pthread_join(thread, &opened);
    assert_true((intptr_t)opened > 5); /* others did not wait for the stop */
    assert_int_equal(kill(pid, 0), -1);
    assert_true(is_gone(grandchild)); /* its group went with it */
    close(descriptor);
    launcher_free(launcher);
}

static void test_end_takes_children(void **state)
{
    struct launcher *launcher = start();
    int first, second;
    pid_t pid, other, grandchild = 0;
    assert_int_equal(launcher_start(launcher, "echo", "wlan0", &first, &pid), 0);
    assert_int_equal(launcher_start(launcher, "stubborn", "", &second, &other), 0);
    assert_int_equal(read(second, &grandchild, sizeof grandchild), sizeof grandchild);
    int64_t start_ms = now_ms();
    launcher_free(launcher);
    assert_in_range(now_ms() - start_ms, 0, 5000);
    assert_true(is_gone(pid) && is_gone(other) && is_gone(grandchild));
    close(first);
    close(second);
}

static void test_child_limit(void **state)
{
    struct launcher *launcher = start();
    static int descriptors[LAUNCHER_CHILDREN_MAX];
    pid_t pid;
    for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++)
        assert_int_equal(launcher_start(launcher, "echo", "wlan0", &descriptors[i], &pid), 0);
    int more;
    assert_int_equal(launcher_start(launcher, "echo", "wlan0", &more, &pid), -EAGAIN);
    close(descriptors[0]); /* that child ends by itself and makes room */
    int result = -EAGAIN;
    for (int i = 0; i < 200 && result == -EAGAIN; i++) {
        usleep(10000);
        result = launcher_start(launcher, "echo", "wlan0", &descriptors[0], &pid);
    }
    assert_int_equal(result, 0);
    for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++)
        close(descriptors[i]);
    launcher_free(launcher);
}

/* A launcher by hand, so that the test holds the server's end of the socket itself. */
static int start_raw(pid_t *ret_pid)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    *ret_pid = fork();
    if (*ret_pid == 0) {
        close(pair[0]);
        launcher_process_run(pair[1], &config);
    }
    close(pair[1]);
    return pair[0];
}

static int32_t ask_raw(int socket, const void *bytes, size_t length, int attached)
{
    struct launcher_reply reply = {.status = 1};
    int descriptor;
    assert_int_equal(launcher_request_send(socket, bytes, length, attached), 0);
    assert_int_equal(launcher_request_receive(socket, &reply, sizeof reply, &descriptor),
                     sizeof reply);
    if (descriptor >= 0)
        close(descriptor);
    return reply.status;
}

static void test_hostile_requests(void **state)
{
    pid_t pid;
    uint8_t bytes[LAUNCHER_REQUEST_MAX + 100];
    int socket = start_raw(&pid);
    put(under("a.pcap"), "x", 0600);
    srand(4);
    for (int round = 0; round < 20000; round++) {
        size_t length = 1 + (size_t)rand() % (round % 50 ? 64 : sizeof bytes - 1);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)(rand() % 4 ? rand() : 0);
        if (round % 2 && length >= 4) {
            memset(bytes, 0, 4);
            bytes[0] = (uint8_t)(rand() % (LAUNCHER_KINDS + 1));
        }
        assert_true(ask_raw(socket, bytes, length, round % 3 ? -1 : STDERR_FILENO) <= 0);
    }
    struct buffer message = {0};
    const struct launcher_request fine = {
        .kind = LAUNCHER_OPEN_CAPTURE, .first = under("a.pcap"), .second = ""};
    assert_int_equal(launcher_request_write(&fine, &message), 0);
    assert_int_equal(ask_raw(socket, message.data, message.length - 1, -1), -EINVAL);
    buffer_add_byte(&message, 0);
    assert_int_equal(ask_raw(socket, message.data, message.length, -1), -EINVAL);
    assert_true(ask_raw(socket, message.data, message.length - 1, -1) >= 0);
    buffer_done(&message);
    kill(pid, SIGTERM); /* ignored: the server decides */
    kill(pid, SIGINT);
    usleep(20000);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
    close(socket);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Bytes to be written must come in a memory file that nobody can change any more. */
static void test_unsealed_bytes(void **state)
{
    pid_t pid;
    int pipes[2], socket = start_raw(&pid);
    struct buffer message = {0};
    const struct launcher_request request = {
        .kind = LAUNCHER_WRITE_HOME, .first = "x.conf", .second = ""};
    assert_int_equal(launcher_request_write(&request, &message), 0);
    assert_int_equal(pipe(pipes), 0);
    put(under("plain"), "x", 0600);
    int file = open(under("plain"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(ask_raw(socket, message.data, message.length, -1), -EINVAL);
    assert_int_equal(ask_raw(socket, message.data, message.length, pipes[0]), -EINVAL);
    assert_int_equal(ask_raw(socket, message.data, message.length, file), -EINVAL);
    assert_int_equal(access(under("user/.norn/x.conf"), F_OK), -1);
    buffer_done(&message);
    close(file);
    close(pipes[0]);
    close(pipes[1]);
    close(socket);
    waitpid(pid, NULL, 0);
}

static void test_dead_launcher(void **state)
{
    struct launcher *launcher = start();
    int descriptor;
    pid_t pid;
    put(under("a.pcap"), "x", 0600);
    assert_int_equal(launcher_start(launcher, "echo", "wlan0", &descriptor, &pid), 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    int parent = 0;
    assert_int_equal(fscanf(file, "%*d (%*[^)]) %*c %d", &parent), 1);
    fclose(file);
    kill(parent, SIGKILL);
    char byte[8];
    while (read(descriptor, byte, sizeof byte) > 0) { /* the child dies with the launcher */
    }
    assert_int_equal(launcher_open_capture(launcher, under("a.pcap")), -EPIPE);
    assert_int_equal(launcher_write_home(launcher, "x", "x", 1), -EPIPE);
    launcher_stop(launcher, pid);
    close(descriptor);
    launcher_free(launcher);
}

static void test_request_texts(void **state)
{
    struct buffer message = {0};
    char longest[LAUNCHER_TEXT_MAX + 1];
    struct launcher_request request = {
        .kind = LAUNCHER_START, .number = -7, .first = "service", .second = "argument"};
    struct launcher_request parsed;
    assert_int_equal(launcher_request_write(&request, &message), 0);
    assert_int_equal(launcher_request_parse(message.data, message.length, &parsed), 0);
    assert_int_equal(parsed.number, -7);
    assert_string_equal(parsed.first, "service");
    assert_string_equal(parsed.second, "argument");
    for (size_t length = 0; length < message.length; length++)
        assert_int_equal(launcher_request_parse(message.data, length, &parsed), -EINVAL);
    message.data[0] = LAUNCHER_KINDS;
    assert_int_equal(launcher_request_parse(message.data, message.length, &parsed), -EINVAL);
    buffer_done(&message);
    memset(longest, 'x', LAUNCHER_TEXT_MAX);
    longest[LAUNCHER_TEXT_MAX] = '\0';
    request.second = longest;
    assert_int_equal(launcher_request_write(&request, &message), -ENAMETOOLONG);
    longest[LAUNCHER_TEXT_MAX - 1] = '\0';
    request.first = longest;
    assert_int_equal(launcher_request_write(&request, &message), 0);
    assert_true(message.length <= LAUNCHER_REQUEST_MAX);
    assert_int_equal(launcher_request_parse(message.data, message.length, &parsed), 0);
    buffer_done(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        launcher_test(test_capture),
        launcher_test(test_fifo),
        launcher_test(test_read),
        launcher_test(test_readable_places),
        launcher_test(test_throw_away_home),
        launcher_test(test_write_home),
        launcher_test(test_write_over_link),
        launcher_test(test_service),
        launcher_test(test_service_is_bare),
        launcher_test(test_stubborn_child),
        launcher_test(test_end_takes_children),
        launcher_test(test_child_limit),
        launcher_test(test_hostile_requests),
        launcher_test(test_unsealed_bytes),
        launcher_test(test_dead_launcher),
        launcher_test(test_request_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
