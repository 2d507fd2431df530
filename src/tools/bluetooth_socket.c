/* Opens the control channel, by definitions of our own. See bluetooth_socket.h. */
#include "tools/bluetooth_socket.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PROTOCOL_HCI = 1, CHANNEL_CONTROL = 3, NO_ADAPTER = 0xffff };

struct address_hci {
    sa_family_t family;
    uint16_t adapter;
    uint16_t channel;
};

int bluetooth_socket_open(void)
{
    const struct address_hci address = {AF_BLUETOOTH, NO_ADAPTER, CHANNEL_CONTROL};
    int descriptor = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, PROTOCOL_HCI);
    if (descriptor < 0)
        return -errno;
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) < 0) {
        int result = -errno;
        close(descriptor);
        return result;
    }
    return descriptor;
}
