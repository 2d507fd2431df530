/* The control channel of a pretended kernel, linked into norn_cap_linux_bluetooth in place of the
 * real one (tools/bluetooth_socket.h). Input: NORN_PRETENDED_KERNEL, the path of a socket on which
 * a test listens, or a number to fail with. Output: a socket. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/bluetooth_socket.h"

int bluetooth_socket_open(void)
{
    const char *kernel = getenv("NORN_PRETENDED_KERNEL");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!kernel || *kernel != '/')
        return kernel ? -(int)strtol(kernel, NULL, 10) : -ENOENT;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", kernel);
    int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -errno;
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) < 0) {
        int result = -errno;
        close(descriptor);
        return result;
    }
    return descriptor;
}
