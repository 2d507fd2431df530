/* Attempts to get out of the server. See test_hook.h. Input: frames of a test's capture. Output:
 * the error of each attempt, for a field of the status record that only such builds have. */
#include "util/test_hook.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ATTEMPTS = 7, MEMORY = 4096 };

struct attempt {
    const char *name;
    int (*make)(void); /* 0, or -1 with errno */
};

static const struct attempt attempts[ATTEMPTS];

static const char magic[] = "norn.test.hook:";
static atomic_int errors[ATTEMPTS]; /* one more than the error; 0: not tried */

static int try_open(void)
{
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int try_write(void)
{
    return open("/tmp/norn.test.hook", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? -1 : 0;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 ? -1 : 0;
}

/* On whatever descriptor there is: the call itself is refused before that is looked at. */
static int try_connect(void)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return connect(STDIN_FILENO, (const struct sockaddr *)&address, sizeof address);
}

static int try_run(void)
{
    const int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
    return mmap(NULL, MEMORY, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int try_exec(void)
{
    char *const arguments[] = {"true", NULL};
    return execve("/bin/true", arguments, NULL);
}

static int try_fork(void)
{
    pid_t process = fork();
    if (process == 0)
        _exit(0);
    return process < 0 || waitpid(process, NULL, 0) < 0 ? -1 : 0;
}

void test_hook_look(const void *frame, size_t length)
{
    const char *end = (const char *)frame + length;
    const char *found = memmem(frame, length, magic, sizeof magic - 1);
    if (!found)
        return;
    found += sizeof magic - 1;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        size_t name = strlen(attempts[i].name);
        if ((size_t)(end - found) < name || memcmp(found, attempts[i].name, name) != 0)
            continue;
        int error = attempts[i].make() == 0 ? 0 : errno;
        atomic_store(&errors[i], error + 1);
    }
}

void test_hook_describe(char ret_text[TEST_HOOK_TEXT])
{
    size_t length = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < ATTEMPTS; i++) {
        int error = atomic_load(&errors[i]);
        const char *name = error > 1 ? strerrorname_np(error - 1) : "done";
        if (error)
            length += (size_t)snprintf(ret_text + length, TEST_HOOK_TEXT - length, "%s%s %s",
                                       length ? ", " : "", attempts[i].name, name ? name : "?");
    }
}

// clang-format off
static const struct attempt attempts[ATTEMPTS] = {
    {"connect", try_connect},
    {"exec", try_exec},
    {"fork", try_fork},
    {"open", try_open},
    {"run", try_run},
    {"socket", try_socket},
    {"write", try_write},
};
// clang-format on
