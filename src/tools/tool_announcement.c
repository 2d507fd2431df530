/* Listening for servers. See tool_announcement.h. All numbers are big-endian: u64 tag, u16 version,
 * u32 port for HTTP, u32 port for capture tools, u64 seconds and u64 microseconds of now, the
 * UUID as 36 bytes of text, the name as 32. */
#include "tools/tool_announcement.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/bytes.h"

enum { ANNOUNCEMENT_PORT = 2501, VERSION = 1, UUID_BYTES = 36 };

#define TAG UINT64_C(0x4b49534d4554)

int tool_announcement_parse(struct slice datagram, const char *uuid, uint16_t *ret_port)
{
    struct reader reader = reader_over(datagram.data, datagram.length);
    bool is_known = reader_be64(&reader) == TAG && reader_be16(&reader) == VERSION;
    reader_skip(&reader, 4);
    uint32_t port = reader_be32(&reader);
    reader_skip(&reader, 16);
    const uint8_t *server = reader_bytes(&reader, UUID_BYTES);
    if (reader.failed || !is_known || !port || port > UINT16_MAX)
        return -EPROTO;
    if (uuid &&
        (strlen(uuid) != UUID_BYTES || strncasecmp(uuid, (const char *)server, UUID_BYTES) != 0))
        return -ENOENT;
    *ret_port = (uint16_t)port;
    return 0;
}

static int listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -errno;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int tool_announcement_wait(const char *uuid, struct tool_target *target, struct buffer *ret_why)
{
    uint8_t bytes[512];
    struct sockaddr_in sender = {0};
    uint16_t port = 0;
    int descriptor = listen_on(ANNOUNCEMENT_PORT);
    if (descriptor < 0) {
        buffer_printf(ret_why, "cannot listen for announcements on UDP port %d: %s",
                      ANNOUNCEMENT_PORT, strerror(-descriptor));
        return descriptor;
    }
    while (!port) {
        socklen_t size = sizeof sender;
        ssize_t length =
            recvfrom(descriptor, bytes, sizeof bytes, 0, (struct sockaddr *)&sender, &size);
        if (length > 0)
            tool_announcement_parse((struct slice){bytes, (size_t)length}, uuid, &port);
    }
    close(descriptor);
    inet_ntop(AF_INET, &sender.sin_addr, target->host, sizeof target->host);
    snprintf(target->port, sizeof target->port, "%u", port);
    return 0;
}
