/* Messages between server and launcher, and the descriptors that ride on them. Input and output:
 * a UNIX socket; see unix(7), SCM_RIGHTS. */
#include "util/launcher_request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "util/bytes.h"

/* A NUL-ended text of at most LAUNCHER_TEXT_MAX bytes, or NULL and a failed reader. */
static const char *read_text(struct reader *reader)
{
    size_t left = reader_left(reader);
    const char *text = (const char *)reader->data + reader->offset;
    const char *end = left ? memchr(text, '\0', left) : NULL;
    if (!end || end - text >= LAUNCHER_TEXT_MAX) {
        reader->failed = true;
        return NULL;
    }
    reader_skip(reader, (size_t)(end - text) + 1);
    return text;
}

int launcher_request_parse(const void *bytes, size_t length, struct launcher_request *ret_request)
{
    struct reader reader = reader_over(bytes, length);
    struct launcher_request request = {.kind = reader_le32(&reader)};
    request.number = (int32_t)reader_le32(&reader);
    request.first = read_text(&reader);
    request.second = read_text(&reader);
    if (reader.failed || reader_left(&reader) || request.kind == 0 ||
        request.kind >= LAUNCHER_KINDS)
        return -EINVAL;
    *ret_request = request;
    return 0;
}

int launcher_request_write(const struct launcher_request *request, struct buffer *buffer)
{
    const uint32_t numbers[2] = {request->kind, (uint32_t)request->number};
    if (strlen(request->first) >= LAUNCHER_TEXT_MAX || strlen(request->second) >= LAUNCHER_TEXT_MAX)
        return -ENAMETOOLONG;
    for (int i = 0; i < 8; i++)
        buffer_add_byte(buffer, (uint8_t)(numbers[i / 4] >> (8 * (i % 4))));
    buffer_add(buffer, request->first, strlen(request->first) + 1);
    buffer_add(buffer, request->second, strlen(request->second) + 1);
    return buffer->failed ? -ENOMEM : 0;
}

int launcher_request_send(int socket, const void *bytes, size_t length, int descriptor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    memset(&control, 0, sizeof control);
    if (descriptor >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

/* The first descriptor of a control message; the others are closed. */
static void take_descriptors(const struct cmsghdr *header, int *descriptor)
{
    size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
        int got;
        memcpy(&got, CMSG_DATA(header) + i * sizeof got, sizeof got);
        if (*descriptor < 0)
            *descriptor = got;
        else
            close(got);
    }
}

long launcher_request_receive(int socket, void *bytes, size_t size, int *ret_descriptor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(4 * sizeof(int))];
    } control;
    struct iovec vector = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t length;
    do
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    *ret_descriptor = -1;
    if (length < 0)
        return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            take_descriptors(header, ret_descriptor);
    return message.msg_flags & MSG_TRUNC ? -EMSGSIZE : length;
}
