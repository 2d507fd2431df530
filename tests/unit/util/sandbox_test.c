/* The confinement for real: each case is a process that enters a profile, tries one thing, and
 * says by its end what came of it. The rules are those that are shipped, without what sanitizers
 * need, whatever this test itself is built with. Skipped where the kernel has no such thing. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "util/sanitized.h"
#undef NORN_SANITIZED
#define NORN_SANITIZED 0
#include "util/sandbox.c"
#include "util/sandbox_calls.c"

#include <arpa/inet.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static int file = -1, listener = -1; /* open before the process is confined */
static struct sockaddr_in address = {.sin_family = AF_INET};
static char path[] = "/tmp/norn-sandbox-XXXXXX";

static int error_of(long result)
{
    return result < 0 ? errno : 0;
}

static int opens(void)
{
    return error_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int opens_for_writing(void)
{
    return error_of(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static int looks_for_a_path(void)
{
    struct stat status;
    return error_of(stat("/etc/passwd", &status));
}

static int removes(void)
{
    return error_of(unlink(path));
}

static int makes_a_socket(void)
{
    return error_of(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int connects(void)
{
    return error_of(connect(file, (struct sockaddr *)&address, sizeof address));
}

static int makes_a_socket_and_connects(void)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return error_of(connect(descriptor, (struct sockaddr *)&address, sizeof address));
}

static int binds(void)
{
    return error_of(bind(file, (struct sockaddr *)&address, sizeof address));
}

static int maps_to_run(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int turns_memory_to_run(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return error_of(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static int signals_another(void)
{
    return error_of(kill(getppid(), 0));
}

static int signals_a_thread_of_another(void)
{
    return error_of(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int becomes_dumpable(void)
{
    return error_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int forks(void)
{
    pid_t process = fork();
    if (process == 0)
        _exit(0);
    return error_of(process);
}

static int starts_a_program(void)
{
    char *const arguments[] = {"true", NULL};
    return error_of(execv("/bin/true", arguments));
}

static int traces(void)
{
    return error_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int enters_a_namespace(void)
{
    return error_of(syscall(SYS_unshare, CLONE_NEWNS));
}

static int aborts(void)
{
    abort();
}

static void *return_argument(void *argument)
{
    return argument;
}

static int starts_a_thread(void)
{
    pthread_t thread;
    void *result = NULL;
    int error = pthread_create(&thread, NULL, return_argument, &file);
    if (!error)
        error = pthread_join(thread, &result);
    return error ? error : result == &file ? 0 : EINVAL;
}

static int reads_what_is_open(void)
{
    char byte;
    struct stat status;
    return fstat(file, &status) == 0 && pread(file, &byte, 1, 0) == 1 ? 0 : errno;
}

static int accepts(void)
{
    return error_of(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

static int makes_a_memory_file(void)
{
    int memory = memfd_create("norn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return write(memory, "x", 1) == 1 && fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE) == 0 ? 0 : errno;
}

static int sleeps(void)
{
    const struct timespec moment = {.tv_nsec = 1000};
    return error_of(nanosleep(&moment, NULL));
}

/* Ends a child by the signal that it died of, 256 and more, or by the error that it met. */
static int result_of(pid_t process)
{
    int status = 0;
    assert_int_equal(waitpid(process, &status, 0), process);
    return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

enum { ENDED_BY_FILTER = 256 + SIGSYS, ABSENT_STATUS = 200 };

/* The state of a thread of this process, as proc(5) writes it: S when it waits for something. */
static char state_of(const char *thread)
{
    char name[64], text[256] = "";
    snprintf(name, sizeof name, "/proc/self/task/%.20s/stat", thread);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t length = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    const char *behind_name = length > 0 ? strrchr(text, ')') : NULL;
    return behind_name ? behind_name[2] : 'S'; /* it has ended */
}

/* ThreadSanitizer begins a thread of its own within fork(), for which the shipped rules have no
 * room: they come into force when it has begun. */
static void let_others_begin(void)
{
    bool is_busy = true;
    while (is_busy) {
        DIR *threads = opendir("/proc/self/task");
        const struct dirent *entry;
        is_busy = false;
        while (threads && (entry = readdir(threads)))
            is_busy |= entry->d_name[0] != '.' && atoll(entry->d_name) != gettid() &&
                       state_of(entry->d_name) != 'S';
        closedir(threads);
    }
}

static int try_in(enum sandbox_profile profile, int (*attempt)(void))
{
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        struct sandbox_state state;
        let_others_begin();
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        int result = sandbox_enter(profile, &state);
        _exit(result == -ENOSYS ? ABSENT_STATUS : result ? 201 : attempt());
    }
    int result = result_of(process);
    if (result == ABSENT_STATUS)
        skip();
    return result;
}

static void expect(enum sandbox_profile profile, const char *what, int (*attempt)(void), int wanted)
{
    int result = try_in(profile, attempt);
    if (result != wanted)
        fail_msg("%s: %d (%s), not %d", what, result, strerror(result), wanted);
}

#define EXPECT(profile, attempt, wanted) expect(profile, #attempt, attempt, wanted)

static void the_server_keeps_what_it_works_with(void **state)
{
    EXPECT(SANDBOX_SERVER, starts_a_thread, 0);
    EXPECT(SANDBOX_SERVER, reads_what_is_open, 0);
    EXPECT(SANDBOX_SERVER, accepts, 0);
    EXPECT(SANDBOX_SERVER, makes_a_memory_file, 0);
    EXPECT(SANDBOX_SERVER, sleeps, 0);
    EXPECT(SANDBOX_SERVER, aborts, 256 + SIGABRT);
}

static void the_server_opens_and_reaches_nothing(void **state)
{
    EXPECT(SANDBOX_SERVER, opens, EPERM);
    EXPECT(SANDBOX_SERVER, opens_for_writing, EPERM);
    EXPECT(SANDBOX_SERVER, looks_for_a_path, EPERM);
    EXPECT(SANDBOX_SERVER, removes, EPERM);
    EXPECT(SANDBOX_SERVER, makes_a_socket, EPERM);
    EXPECT(SANDBOX_SERVER, connects, EPERM);
    EXPECT(SANDBOX_SERVER, binds, EPERM);
    EXPECT(SANDBOX_SERVER, maps_to_run, EPERM);
    EXPECT(SANDBOX_SERVER, turns_memory_to_run, EPERM);
    EXPECT(SANDBOX_SERVER, signals_another, EPERM);
    EXPECT(SANDBOX_SERVER, signals_a_thread_of_another, EPERM);
    EXPECT(SANDBOX_SERVER, becomes_dumpable, EPERM);
}

static void what_only_an_intruder_asks_for_ends_the_server(void **state)
{
    EXPECT(SANDBOX_SERVER, forks, ENDED_BY_FILTER);
    EXPECT(SANDBOX_SERVER, starts_a_program, ENDED_BY_FILTER);
    EXPECT(SANDBOX_SERVER, traces, ENDED_BY_FILTER);
    EXPECT(SANDBOX_SERVER, enters_a_namespace, ENDED_BY_FILTER);
}

static void the_capture_child_keeps_its_descriptors(void **state)
{
    EXPECT(SANDBOX_CAPTURE, opens, EPERM);
    EXPECT(SANDBOX_CAPTURE, opens_for_writing, EPERM);
    EXPECT(SANDBOX_CAPTURE, reads_what_is_open, 0);
    EXPECT(SANDBOX_CAPTURE, makes_a_socket, EPERM);
    EXPECT(SANDBOX_CAPTURE, starts_a_thread, EPERM);
    EXPECT(SANDBOX_CAPTURE, starts_a_program, ENDED_BY_FILTER);
}

static void the_launcher_opens_and_starts_things(void **state)
{
    EXPECT(SANDBOX_LAUNCHER, opens, 0);
    EXPECT(SANDBOX_LAUNCHER, makes_a_socket, 0);
    EXPECT(SANDBOX_LAUNCHER, forks, 0);
    EXPECT(SANDBOX_LAUNCHER, starts_a_program, 0);
    EXPECT(SANDBOX_LAUNCHER, traces, EPERM);
    EXPECT(SANDBOX_LAUNCHER, enters_a_namespace, EPERM);
}

/* Landlock alone refuses as well: an oversight in one of the two is no way out. */
static int try_without_filter(int (*attempt)(void), int *ret_version)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t process = fork();
    if (process == 0) {
        int version = 0;
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        restrict_paths(&version);
        _exit(write(ends[1], &version, sizeof version) == sizeof version ? attempt() : 201);
    }
    int result = result_of(process);
    assert_int_equal(read(ends[0], ret_version, sizeof *ret_version), sizeof *ret_version);
    close(ends[0]);
    close(ends[1]);
    if (!*ret_version)
        skip();
    return result;
}

static void landlock_alone_refuses_too(void **state)
{
    int version;
    assert_int_equal(try_without_filter(opens, &version), EACCES);
    assert_int_equal(try_without_filter(opens_for_writing, &version), EACCES);
    assert_int_equal(try_without_filter(removes, &version), EACCES);
    assert_int_equal(try_without_filter(reads_what_is_open, &version), 0);
    int result = try_without_filter(makes_a_socket_and_connects, &version);
    if (version >= 4)
        assert_int_equal(result, EACCES);
    result = try_without_filter(signals_another, &version);
    if (version >= 6)
        assert_int_equal(result, EPERM);
}

/* Each version of Landlock's interface takes a structure of its own length. */
static void rights_grow_with_the_version(void **state)
{
    size_t size;
    assert_int_equal(rules_of(1, &size).files, 0x1fff);
    assert_int_equal(size, 8);
    assert_int_equal(rules_of(3, &size).files, 0x7fff);
    assert_int_equal(rules_of(3, &size).ports, 0);
    assert_int_equal(rules_of(4, &size).ports, 3);
    assert_int_equal(size, 16);
    assert_int_equal(rules_of(5, &size).files, 0xffff);
    assert_int_equal(rules_of(6, &size).scopes, 3);
    assert_int_equal(rules_of(99, &size).files, 0xffff);
    assert_int_equal(size, 24);
}

static void without_rights_it_is_refused_and_says_so(void **state)
{
    struct sandbox_state found = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t process = fork();
    if (process == 0) { /* new privileges are not forbidden, and it may not administer */
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(202);
        int result = sandbox_enter(SANDBOX_SERVER, &found);
        _exit(write(ends[1], &found, sizeof found) < 0 ? 201 : result < 0 ? -result : 0);
    }
    int result = result_of(process);
    assert_int_equal(read(ends[0], &found, sizeof found), sizeof found);
    close(ends[0]);
    close(ends[1]);
    if (found.seccomp == SANDBOX_ABSENT)
        skip();
    assert_true(result == EACCES || result == EPERM);
    assert_int_equal(found.seccomp, SANDBOX_REFUSED);
    assert_int_equal(found.landlock_version, 0);
    assert_string_equal(sandbox_word(found.seccomp), "refused");
}

static int try_switched_off(void)
{
    struct sandbox_state found = {.seccomp = SANDBOX_ON};
    sandbox_switch_off();
    bool off = sandbox_enter(SANDBOX_SERVER, &found) == 0 && found.seccomp == SANDBOX_OFF &&
               found.landlock == SANDBOX_OFF;
    return off ? opens() : 201;
}

static void switched_off_it_leaves_all_as_it_is(void **state)
{
    pid_t process = fork();
    if (process == 0)
        _exit(try_switched_off());
    assert_int_equal(result_of(process), 0);
}

static void every_profile_fits_and_its_rows_are_sound(void **state)
{
    for (unsigned profile = 0; profile <= SANDBOX_LAUNCHER; profile++) {
        struct filter filter;
        const struct sandbox_rules *rules = &sandbox_calls[profile];
        assert_int_equal(make_filter(rules, &filter), 0);
        for (size_t list = 0; list < SANDBOX_LISTS_MAX && rules->lists[list].calls; list++)
            for (size_t row = 0; row < rules->lists[list].count; row++) {
                const struct sandbox_call *call = &rules->lists[list].calls[row];
                assert_true(call->argument < 6);
                assert_int_equal(call->value & ~call->mask, 0);
            }
    }
}

static void the_console_says_what_is_on(void **state)
{
    const struct sandbox_state both = {SANDBOX_ON, SANDBOX_ON, 3}, none = {0};
    struct buffer text = {0};
    sandbox_describe(&both, &text);
    sandbox_describe(&none, &text);
    buffer_add_byte(&text, 0);
    assert_non_null(strstr((const char *)text.data, "on (seccomp)"));
    assert_non_null(strstr((const char *)text.data, "on (Landlock 3)"));
    assert_non_null(strstr((const char *)text.data, "off (Landlock)"));
    buffer_done(&text);
}

static int set_up(void **state)
{
    socklen_t length = sizeof address;
    int made = mkstemp(path);
    assert_true(made >= 0);
    close(made);
    file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 64), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); /* one waits to be accepted */
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return 0;
}

static int tear_down(void **state)
{
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_keeps_what_it_works_with),
        cmocka_unit_test(the_server_opens_and_reaches_nothing),
        cmocka_unit_test(what_only_an_intruder_asks_for_ends_the_server),
        cmocka_unit_test(the_capture_child_keeps_its_descriptors),
        cmocka_unit_test(the_launcher_opens_and_starts_things),
        cmocka_unit_test(landlock_alone_refuses_too),
        cmocka_unit_test(rights_grow_with_the_version),
        cmocka_unit_test(without_rights_it_is_refused_and_says_so),
        cmocka_unit_test(switched_off_it_leaves_all_as_it_is),
        cmocka_unit_test(every_profile_fits_and_its_rows_are_sound),
        cmocka_unit_test(the_console_says_what_is_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
