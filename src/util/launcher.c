/* The server's side of the launcher: asks, one request at a time, and takes the descriptors that
 * come back. Input: callers on any thread. Output: messages on the socket to the launcher. */
#include "util/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/launcher_process.h"
#include "util/launcher_request.h"
#include "util/rights.h"

enum { STOP_POLLS = 200, POLL_NS = 10 * 1000 * 1000 };

struct launcher {
    int socket;
    pid_t process;
    char *user;           /* NULL: nobody */
    pthread_mutex_t lock; /* one request and its reply at a time */
};

struct launcher *launcher_new(const struct launcher_config *config)
{
    struct launcher *launcher = calloc(1, sizeof *launcher);
    int pair[2];
    if (!launcher)
        return NULL;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        free(launcher);
        return NULL;
    }
    launcher->user = config->user ? strdup(config->user) : NULL;
    launcher->socket = pair[0];
    launcher->process = fork();
    if (launcher->process == 0) {
        close(pair[0]);
        launcher_process_run(pair[1], config);
    }
    int why = errno;
    close(pair[1]);
    if (launcher->process < 0) {
        close(pair[0]);
        free(launcher->user);
        free(launcher);
        errno = why;
        return NULL;
    }
    pthread_mutex_init(&launcher->lock, NULL);
    return launcher;
}

void launcher_free(struct launcher *launcher)
{
    if (!launcher)
        return;
    close(launcher->socket);
    while (waitpid(launcher->process, NULL, 0) < 0 && errno == EINTR) {
    }
    pthread_mutex_destroy(&launcher->lock);
    free(launcher->user);
    free(launcher);
}

int launcher_drop_rights(struct launcher *launcher, struct buffer *ret_why)
{
    return rights_drop(launcher->user, 0, ret_why);
}

/* Sends a request and waits for its reply: its status, or -EPIPE when the launcher is gone. */
static int ask(struct launcher *launcher, const struct launcher_request *request, int attached,
               int *ret_descriptor)
{
    struct buffer message = {0};
    struct launcher_reply reply = {0};
    int descriptor = -1;
    int result = launcher_request_write(request, &message);
    if (result == 0) {
        pthread_mutex_lock(&launcher->lock);
        result = launcher_request_send(launcher->socket, message.data, message.length, attached);
        if (result == 0) {
            long length =
                launcher_request_receive(launcher->socket, &reply, sizeof reply, &descriptor);
            result = length == (long)sizeof reply ? reply.status : -EPIPE;
        }
        pthread_mutex_unlock(&launcher->lock);
        if (result == -ECONNRESET)
            result = -EPIPE;
    }
    buffer_done(&message);
    if (result >= 0 && ret_descriptor)
        *ret_descriptor = descriptor;
    else if (descriptor >= 0)
        close(descriptor);
    return result;
}

static int ask_to_open(struct launcher *launcher, enum launcher_kind kind, const char *path)
{
    const struct launcher_request request = {.kind = kind, .first = path, .second = ""};
    int descriptor = -1;
    int result = ask(launcher, &request, -1, &descriptor);
    return result < 0 ? result : descriptor < 0 ? -EPIPE : descriptor;
}

int launcher_open_capture(struct launcher *launcher, const char *path)
{
    return ask_to_open(launcher, LAUNCHER_OPEN_CAPTURE, path);
}

int launcher_open_read(struct launcher *launcher, const char *path)
{
    return ask_to_open(launcher, LAUNCHER_OPEN_READ, path);
}

/* A sealed memory file of these bytes, or -errno: what the launcher takes them from cannot change
 * under its hands. */
static int make_memory_file(const void *bytes, size_t length)
{
    int file = memfd_create("norn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0)
        return -errno;
    for (size_t done = 0; done < length;) {
        ssize_t count = write(file, (const char *)bytes + done, length - done);
        if (count < 0 && errno != EINTR) {
            int why = errno;
            close(file);
            return -why;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return file;
    int why = errno;
    close(file);
    return -why;
}

int launcher_write_home(struct launcher *launcher, const char *name, const void *bytes,
                        size_t length)
{
    const struct launcher_request request = {
        .kind = LAUNCHER_WRITE_HOME, .first = name, .second = ""};
    if (length > LAUNCHER_WRITE_MAX)
        return -EFBIG;
    int file = make_memory_file(bytes, length);
    if (file < 0)
        return file;
    int result = ask(launcher, &request, file, NULL);
    close(file);
    return result;
}

int launcher_start(struct launcher *launcher, const char *service, const char *argument,
                   int *ret_descriptor, pid_t *ret_pid)
{
    const struct launcher_request request = {
        .kind = LAUNCHER_START, .first = service, .second = argument};
    int descriptor = -1;
    int result = ask(launcher, &request, -1, &descriptor);
    if (result < 0)
        return result;
    if (descriptor < 0)
        return -EPIPE;
    *ret_descriptor = descriptor;
    *ret_pid = result;
    return 0;
}

void launcher_stop(struct launcher *launcher, pid_t pid)
{
    const struct launcher_request request = {
        .kind = LAUNCHER_STOP, .number = pid, .first = "", .second = ""};
    const struct timespec pause = {.tv_nsec = POLL_NS};
    for (int i = 0; i < STOP_POLLS; i++) {
        if (ask(launcher, &request, -1, NULL) != -EINPROGRESS)
            return;
        nanosleep(&pause, NULL);
    }
}
