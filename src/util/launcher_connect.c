/* Connecting on behalf of the server. See launcher_connect.h. Every address of the host is tried in
 * turn; a resolver that hangs is ended by the alarm. */
#include "util/launcher_connect.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/launcher_opener.h"
#include "util/rights.h"
#include "util/text.h"

enum {
    HOST_MAX = 256,
    ADDRESS_MS = 4000, /* for each address */
    ALARM_SECONDS = 15,
};

int launcher_connect_allow(const char *argument)
{
    int64_t port;
    size_t length = strcspn(argument, " ");
    if (!text_is_host(argument, length) || length >= HOST_MAX || argument[length] != ' ')
        return -EINVAL;
    const char *text = argument + length + 1;
    bool sound = text_parse_i64(text, strlen(text), &port) == 0 && port >= 1 && port <= 65535;
    return sound ? 0 : -EINVAL;
}

int launcher_connect_begin(struct launcher *launcher, const char *host, unsigned port)
{
    char argument[HOST_MAX + 16];
    if (strlen(host) >= HOST_MAX)
        return -EINVAL;
    snprintf(argument, sizeof argument, "%s %u", host, port);
    return launcher_opener_begin(launcher, "connect", argument);
}

/* Waits for a connection under way. 0 or -errno. */
static int await(int socket)
{
    struct pollfd waiting = {.fd = socket, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    int ready = poll(&waiting, 1, ADDRESS_MS);
    if (ready <= 0)
        return ready == 0 ? -ETIMEDOUT : -errno;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? -error : -errno;
}

static int connect_to(const struct addrinfo *address)
{
    int made = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0)
        return -errno;
    int result = connect(made, address->ai_addr, address->ai_addrlen) == 0 ? 0 : -errno;
    if (result == -EINPROGRESS)
        result = await(made);
    if (result == 0)
        return made;
    close(made);
    return result;
}

static int connect_to_host(const char *host, const char *port)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses;
    int result = -EHOSTUNREACH;
    if (getaddrinfo(host, port, &hints, &addresses) != 0)
        return result;
    for (const struct addrinfo *at = addresses; at && result < 0; at = at->ai_next)
        result = connect_to(at);
    freeaddrinfo(addresses);
    return result;
}

int launcher_connect_run(int socket, const char *argument)
{
    char host[HOST_MAX];
    size_t length = strcspn(argument, " ");
    alarm(ALARM_SECONDS);
    if (launcher_connect_allow(argument) != 0 || rights_drop(NULL, 0, NULL) != 0)
        return launcher_opener_give(socket, -EACCES, -1);
    memcpy(host, argument, length);
    host[length] = '\0';
    int made = connect_to_host(host, argument + length + 1);
    return launcher_opener_give(socket, made < 0 ? made : 0, made);
}
