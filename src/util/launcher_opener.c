/* Asking a child to open something, without waiting for it. See launcher_opener.h. */
#include "util/launcher_opener.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "util/launcher_request.h"

int launcher_opener_begin(struct launcher *launcher, const char *service, const char *argument)
{
    int pending;
    pid_t process; /* ends by itself */
    int result = launcher_start(launcher, service, argument, &pending, &process);
    if (result != 0)
        return result;
    if (fcntl(pending, F_SETFL, O_NONBLOCK) == 0)
        return pending;
    result = -errno;
    close(pending);
    return result;
}

int launcher_opener_finish(int pending)
{
    struct launcher_reply reply;
    int descriptor;
    long length = launcher_request_receive(pending, &reply, sizeof reply, &descriptor);
    bool is_whole = length == (long)sizeof reply;
    close(pending);
    if (is_whole && reply.status == 0 && descriptor >= 0)
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    if (length < 0)
        return (int)length;
    return is_whole && reply.status < 0 ? reply.status : -EPIPE;
}

int launcher_opener_give(int socket, int status, int descriptor)
{
    const struct launcher_reply reply = {.status = status};
    int result = launcher_request_send(socket, &reply, sizeof reply, status == 0 ? descriptor : -1);
    return status == 0 && result == 0 ? 0 : 1;
}
