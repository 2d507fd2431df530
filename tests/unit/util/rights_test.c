/* Rights, given up for real: by the server, by the launcher's children, and what is left to the
 * programs that the launcher starts, as root, as a plain user and as a service. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/xattr.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "launcher_place.h"
#include "util/launcher.h"
#include "util/rights.h"

/* Becomes another program, as a capture tool does: it says what /proc/self/status says of it. */
static int run_tool(int descriptor, const char *argument)
{
    dup2(descriptor, STDOUT_FILENO);
    execl(argument, argument, "/proc/self/status", NULL);
    return 1;
}

static const struct launcher_service services[] = {
    {"echo", NULL, echo},
    {"tool", NULL, run_tool},
    {NULL, NULL, NULL},
};

/* Runs `body` in a child process, as what it drops cannot be had again; its status must be 0. */
static void in_child(int (*body)(void))
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(body());
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        fail_msg("step %d failed", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

#define step(number, condition)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return number;                                                                         \
    } while (0)

/* A number in /proc/self/status, read as hexadecimal. */
static unsigned long long status_value(const char *name)
{
    char line[256];
    unsigned long long value = ~0ull;
    FILE *file = fopen("/proc/thread-self/status", "r");
    if (!file)
        return value;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtoull(line + strlen(name) + 1, NULL, 16);
    fclose(file);
    return value;
}

static bool has_no_rights(void)
{
    return status_value("CapEff") == 0 && status_value("CapPrm") == 0 &&
           status_value("CapInh") == 0 && status_value("CapAmb") == 0 &&
           status_value("NoNewPrivs") == 1;
}

static int drop_as_root(void)
{
    struct buffer why = {0};
    struct stat status;
    struct launcher *launcher = launcher_new(&config);
    step(1, launcher);
    step(2, launcher_drop_rights(launcher, &why) == 0 && why.length);
    step(3, getuid() == 65534 && geteuid() == 65534 && getgid() == 65534);
    step(4, getgroups(0, NULL) == 0);
    step(5, has_no_rights());
    step(6, setuid(0) != 0 && seteuid(0) != 0 && setgid(0) != 0);
    step(7, status_value("CapBnd") == 0);
    step(8, open(under("a.pcap"), O_RDONLY) < 0 && errno == EACCES);
    int descriptor = launcher_open_capture(launcher, under("a.pcap"));
    step(9, descriptor >= 0);
    descriptor = launcher_open_read(launcher, under("etc/norn.conf"));
    step(10, descriptor >= 0);
    step(11, launcher_open_read(launcher, "/etc/shadow") == -EACCES);
    step(12, launcher_write_home(launcher, "x.conf", "x", 1) == 0);
    step(13, stat(under("user"), &status) == 0 && status.st_uid == 1234);
    step(14, open(home, O_RDONLY) < 0);
    pid_t pid;
    step(15, launcher_start(launcher, "echo", "wlan0", &descriptor, &pid) == 0);
    launcher_stop(launcher, pid);
    launcher_free(launcher);
    buffer_done(&why);
    return 0;
}

static void test_drop_as_root(void **state)
{
    struct stat status;
    if (geteuid() != 0)
        skip();
    put(under("a.pcap"), "packets", 0600);
    put(under("etc/norn.conf"), "conf", 0600);
    assert_int_equal(chown(under("user"), 1234, 1234), 0);
    in_child(drop_as_root);
    assert_int_equal(stat(home, &status), 0);
    assert_int_equal(status.st_uid, 1234); /* the home stays the user's */
    assert_int_equal(stat(under("user/.norn/x.conf"), &status), 0);
    assert_int_equal(status.st_uid, 1234);
    assert_int_equal(status.st_gid, 1234);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static int drop_as_user(void)
{
    if (geteuid() == 0)
        step(1, setgid(4321) == 0 && setuid(4321) == 0);
    uid_t user = getuid();
    struct buffer why = {0};
    struct launcher *launcher = launcher_new(&config);
    step(2, launcher);
    step(3, launcher_drop_rights(launcher, &why) == 0);
    step(4, getuid() == user && has_no_rights());
    step(5, launcher_drop_rights(launcher, NULL) == 0); /* twice does no harm */
    launcher_free(launcher);
    buffer_done(&why);
    return 0;
}

static void test_drop_as_user(void **state)
{
    in_child(drop_as_user);
}

enum { TOOL_RIGHTS = 1 << CAP_NET_ADMIN | 1 << CAP_NET_RAW };

/* The effective capabilities of a program that the launcher starts; all bits when it says none. */
static unsigned long long rights_of_tool(struct launcher *launcher, const char *path)
{
    char text[4096];
    size_t length = 0;
    int descriptor;
    pid_t pid;
    if (launcher_start(launcher, "tool", path, &descriptor, &pid) != 0)
        return ~0ull;
    for (ssize_t count = 1; count > 0 && length < sizeof text - 1; length += (size_t)count)
        if ((count = read(descriptor, text + length, sizeof text - 1 - length)) < 0)
            break;
    close(descriptor);
    text[length] = '\0';
    const char *line = strstr(text, "CapEff:");
    return line ? strtoull(line + 7, NULL, 16) : ~0ull;
}

/* A copy of cat, with capabilities of its own or without. False where the file system has none. */
static bool make_tool(const char *path, bool with_rights)
{
    const struct vfs_cap_data rights = {
        .magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
        .data[0].permitted = TOOL_RIGHTS,
    };
    int from = open("/bin/cat", O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    char block[65536];
    ssize_t count;
    assert_true(from >= 0 && to >= 0);
    while ((count = read(from, block, sizeof block)) > 0)
        assert_int_equal(write(to, block, (size_t)count), count);
    fchmod(to, 0755);
    close(from);
    close(to);
    return !with_rights || setxattr(path, XATTR_NAME_CAPS, &rights, XATTR_CAPS_SZ_2, 0) == 0;
}

/* norn started by a plain user: the launcher has nothing, and tools bring what they need. */
static int start_tool_as_user(void)
{
    step(1, setgid(4321) == 0 && setuid(4321) == 0);
    struct launcher *launcher = launcher_new(&config);
    step(2, launcher && launcher_drop_rights(launcher, NULL) == 0 && has_no_rights());
    step(3, rights_of_tool(launcher, under("tool")) == TOOL_RIGHTS);
    step(4, rights_of_tool(launcher, under("bare")) == 0);
    launcher_free(launcher);
    return 0;
}

/* norn as a service: an account of its own, two ambient capabilities, none to be gained. */
static int start_tool_as_service(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {{TOOL_RIGHTS, TOOL_RIGHTS, TOOL_RIGHTS}};
    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    step(1, setgid(4321) == 0 && setuid(4321) == 0);
    step(2, syscall(SYS_capset, &header, sets) == 0);
    step(3, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) == 0 &&
                prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0);
    step(4, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    struct launcher *launcher = launcher_new(&config);
    step(5, launcher && launcher_drop_rights(launcher, NULL) == 0 && has_no_rights());
    step(6, rights_of_tool(launcher, under("bare")) == TOOL_RIGHTS);
    step(7, rights_of_tool(launcher, under("tool")) == TOOL_RIGHTS);
    launcher_free(launcher);
    return 0;
}

/* norn started by root: its tools may capture, and not administer the machine. */
static int start_tool_as_root(void)
{
    struct launcher *launcher = launcher_new(&config);
    step(1, launcher && launcher_drop_rights(launcher, NULL) == 0 && has_no_rights());
    unsigned long long rights = rights_of_tool(launcher, under("bare"));
    step(2, (rights & TOOL_RIGHTS) == TOOL_RIGHTS);
    step(3, !(rights & (1ull << CAP_SYS_ADMIN | 1ull << CAP_SYS_PTRACE | 1ull << CAP_SYS_MODULE |
                        1ull << CAP_SYS_RAWIO | 1ull << CAP_SYS_TIME | 1ull << CAP_MKNOD)));
    launcher_free(launcher);
    return 0;
}

static void test_tools_rights(void **state)
{
    if (geteuid() != 0 || !make_tool(under("tool"), true) || !make_tool(under("bare"), false))
        skip();
    in_child(start_tool_as_user);
    in_child(start_tool_as_service);
    in_child(start_tool_as_root);
}

static int keep_one_capability(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    step(1, rights_drop("no-such-account", 1ull << 13, NULL) == 0); /* CAP_NET_RAW */
    step(2, getuid() == 65534);
    step(3, status_value("CapEff") == 1ull << 13 && status_value("CapPrm") == 1ull << 13);
    int packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    step(4, packet >= 0);
    int parent_signal = 0;
    prctl(PR_GET_PDEATHSIG, &parent_signal);
    step(5, parent_signal == SIGKILL);
    return 0;
}

static void test_keep_capability(void **state)
{
    if (geteuid() != 0)
        skip();
    in_child(keep_one_capability);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        launcher_test(test_drop_as_root),
        launcher_test(test_drop_as_user),
        launcher_test(test_tools_rights),
        launcher_test(test_keep_capability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
