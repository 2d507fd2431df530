/* Opening a listening socket. See listener.h. */
#include "serve/http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

int listener_parse(const char *text, unsigned port, struct sockaddr_storage *ret_address)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    char bare[64];
    size_t length = strlen(text);
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']' && length < sizeof bare) {
        memcpy(bare, text + 1, length - 2);
        bare[length - 2] = '\0';
        text = bare;
    }
    if (strcmp(text, "localhost") == 0)
        text = "127.0.0.1";
    if (strcmp(text, "*") == 0 || !*text)
        text = "0.0.0.0";
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
        memcpy(ret_address, &ipv4, sizeof ipv4);
    else if (inet_pton(AF_INET6, text, &ipv6.sin6_addr) == 1)
        memcpy(ret_address, &ipv6, sizeof ipv6);
    else
        return -EINVAL;
    return 0;
}

socklen_t listener_length(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

unsigned listener_port(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

int listener_open(struct sockaddr_storage *address, int backlog)
{
    socklen_t length = listener_length(address);
    int one = 1;
    int descriptor = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -errno;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(descriptor, (struct sockaddr *)address, length) < 0 ||
        listen(descriptor, backlog) < 0 ||
        getsockname(descriptor, (struct sockaddr *)address, &length) < 0) {
        int error = -errno;
        close(descriptor);
        return error;
    }
    return descriptor;
}
