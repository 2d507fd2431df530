/* The launcher process: one loop over the server's socket and the children's ends. Input: requests,
 * believed in nothing. Output: replies with descriptors, children in their own process groups.
 * It ignores the terminal's signals: the server decides, and the launcher goes when it goes. */
#include "util/launcher_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/launcher_files.h"
#include "util/launcher_request.h"
#include "util/rights.h"
#include "util/sandbox.h"

enum { FIRST_FREE = 3, GRACE_MS = 1000 };

struct child {
    pid_t process;
    int64_t kill_at; /* ms of the monotonic clock; 0: not being stopped */
};

struct keeper {
    const struct launcher_config *config;
    int socket;
    int signals; /* signalfd for SIGCHLD */
    size_t count;
    struct child children[LAUNCHER_CHILDREN_MAX];
};

static int64_t now_ms(void)
{
    return (int64_t)(clock_monotonic_ns() / NS_PER_MS);
}

/* Leaves the standard streams and `kept`, which becomes FIRST_FREE; standard input is empty and
 * standard output goes where errors go, as a dump of records may be written there. */
static int keep_one_descriptor(int kept)
{
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        if (fcntl(STDERR_FILENO, F_GETFD) < 0)
            dup2(nothing, STDERR_FILENO);
    }
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (kept != FIRST_FREE)
        dup2(kept, FIRST_FREE);
    if (close_range(FIRST_FREE + 1, ~0u, 0) != 0)
        for (int descriptor = FIRST_FREE + 1; descriptor < 65536; descriptor++)
            close(descriptor);
    fcntl(FIRST_FREE, F_SETFD, FD_CLOEXEC);
    return FIRST_FREE;
}

static const struct launcher_service *find_service(const struct launcher_config *config,
                                                   const char *name)
{
    for (const struct launcher_service *service = config->services; service && service->name;
         service++)
        if (strcmp(service->name, name) == 0)
            return service;
    return NULL;
}

static const int terminal_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};

static void handle_signals(void (*handler)(int))
{
    for (size_t i = 0; i < sizeof terminal_signals / sizeof *terminal_signals; i++)
        signal(terminal_signals[i], handler);
}

static _Noreturn void run_child(const struct launcher_service *service, int socket,
                                const char *argument, pid_t launcher)
{
    sigset_t none;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher)
        _exit(1);
    handle_signals(SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, service->name);
    _exit(service->run(keep_one_descriptor(socket), argument));
}

/* Starts a service: its process number with its socket in ret_descriptor, or -errno. */
static int start_child(struct keeper *keeper, const struct launcher_request *request,
                       int *ret_descriptor)
{
    const struct launcher_service *service = find_service(keeper->config, request->first);
    int pair[2];
    if (!service)
        return -ENOENT;
    int result = service->allow ? service->allow(request->second) : 0;
    if (result != 0)
        return result < 0 ? result : -EACCES;
    if (keeper->count >= LAUNCHER_CHILDREN_MAX)
        return -EAGAIN;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return -errno;
    pid_t launcher = getpid(), process = fork();
    if (process == 0)
        run_child(service, pair[1], request->second, launcher);
    result = process < 0 ? -errno : process;
    close(pair[1]);
    if (process < 0) {
        close(pair[0]);
        return result;
    }
    setpgid(process, process); /* here as well: a stop may come before the child has run */
    keeper->children[keeper->count++] = (struct child){.process = process};
    *ret_descriptor = pair[0];
    return result;
}

static struct child *find_child(struct keeper *keeper, pid_t process)
{
    for (size_t i = 0; i < keeper->count; i++)
        if (keeper->children[i].process == process)
            return &keeper->children[i];
    return NULL;
}

static void stop_child(struct child *child)
{
    if (child->kill_at)
        return;
    kill(-child->process, SIGTERM);
    child->kill_at = now_ms() + GRACE_MS;
}

/* Takes in the children that have ended; what they left in their groups is killed first, while
 * the number still is theirs. */
static void reap_children(struct keeper *keeper)
{
    for (;;) {
        siginfo_t ended = {0};
        if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == 0)
            return;
        struct child *child = find_child(keeper, ended.si_pid);
        if (child) {
            kill(-ended.si_pid, SIGKILL);
            *child = keeper->children[--keeper->count];
        }
        waitpid(ended.si_pid, NULL, 0);
    }
}

/* Kills those whose grace is over; ms until the next one's is, or -1. */
static int kill_overdue(struct keeper *keeper)
{
    int64_t now = now_ms(), next = -1;
    for (size_t i = 0; i < keeper->count; i++) {
        struct child *child = &keeper->children[i];
        if (!child->kill_at)
            continue;
        if (child->kill_at <= now) {
            kill(-child->process, SIGKILL);
            child->kill_at = now + GRACE_MS;
        }
        if (next < 0 || child->kill_at - now < next)
            next = child->kill_at - now;
    }
    return (int)next;
}

static int32_t answer(struct keeper *keeper, const struct launcher_request *request, int attached,
                      int *ret_descriptor)
{
    struct child *child;
    switch (request->kind) {
    case LAUNCHER_OPEN_CAPTURE:
        return *ret_descriptor = launcher_files_open_capture(request->first);
    case LAUNCHER_OPEN_READ:
        return *ret_descriptor = launcher_files_open_read(keeper->config, request->first);
    case LAUNCHER_WRITE_HOME:
        return launcher_files_write_home(keeper->config, request->first, attached);
    case LAUNCHER_START: return start_child(keeper, request, ret_descriptor);
    case LAUNCHER_STOP:
        child = find_child(keeper, request->number);
        if (!child)
            return 0;
        stop_child(child);
        return -EINPROGRESS;
    default: return -EINVAL;
    }
}

/* One request and its reply; false when the server is gone. */
static bool serve_one(struct keeper *keeper)
{
    char message[LAUNCHER_REQUEST_MAX];
    struct launcher_request request;
    int attached = -1, opened = -1;
    long length = launcher_request_receive(keeper->socket, message, sizeof message, &attached);
    if (length == 0 || (length < 0 && length != -EMSGSIZE))
        return false;
    struct launcher_reply reply = {.status = -EINVAL};
    if (length > 0 && launcher_request_parse(message, (size_t)length, &request) == 0)
        reply.status = answer(keeper, &request, attached, &opened);
    int result = launcher_request_send(keeper->socket, &reply, sizeof reply, opened);
    if (opened >= 0)
        close(opened);
    if (attached >= 0)
        close(attached);
    return result == 0;
}

/* Ends the children, gently first. */
static void end_children(struct keeper *keeper)
{
    const int64_t limit = now_ms() + 2 * GRACE_MS;
    for (size_t i = 0; i < keeper->count; i++)
        stop_child(&keeper->children[i]);
    while (keeper->count && now_ms() < limit) {
        struct pollfd waiting = {.fd = keeper->signals, .events = POLLIN};
        int timeout = kill_overdue(keeper);
        struct signalfd_siginfo ended;
        if (poll(&waiting, 1, timeout) > 0 && read(keeper->signals, &ended, sizeof ended) < 0)
            break;
        reap_children(keeper);
    }
}

static void take_signal(struct keeper *keeper)
{
    struct signalfd_siginfo ended;
    while (read(keeper->signals, &ended, sizeof ended) > 0) {
    }
    reap_children(keeper);
}

/* Opens files of others, gives what it writes to their owner, ends children that have changed
 * their user, and captures. */
#define BIT(capability) (1ULL << (capability))
static const uint64_t kept_capabilities = BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) |
                                          BIT(CAP_CHOWN) | BIT(CAP_FOWNER) | BIT(CAP_KILL) |
                                          BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) |
                                          BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW);

/* Before anything is asked of it. Not root and free to gain privileges, the kernel lets it filter
 * nothing, and that is right: it must start tools that bring capabilities of their own. */
static void give_up_rights(void)
{
    struct sandbox_state state;
    sandbox_enter(SANDBOX_LAUNCHER, &state);
    if (rights_limit(kept_capabilities) != 0)
        _exit(1);
}

_Noreturn void launcher_process_run(int socket, const struct launcher_config *config)
{
    static struct keeper keeper;
    sigset_t mask;
    give_up_rights();
    handle_signals(SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    prctl(PR_SET_NAME, "norn-launcher");
    keeper.config = config;
    keeper.socket = keep_one_descriptor(socket);
    keeper.signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    for (bool serving = true; serving;) {
        struct pollfd waiting[2] = {{.fd = keeper.socket, .events = POLLIN},
                                    {.fd = keeper.signals, .events = POLLIN}};
        int timeout = kill_overdue(&keeper);
        if (poll(waiting, 2, timeout) < 0 && errno != EINTR)
            break;
        if (waiting[1].revents)
            take_signal(&keeper);
        if (waiting[0].revents)
            serving = serve_one(&keeper);
    }
    close(keeper.socket);
    end_children(&keeper);
    if (config->throw_away)
        launcher_files_remove_home(config);
    _exit(0);
}
