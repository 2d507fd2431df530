/* Requests and messages over the control channel. See bluetooth_kernel.h. */
#include "tools/bluetooth_kernel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/bluetooth_socket.h"
#include "tools/tool.h"
#include "util/clock.h"

enum { ERRORS = 5, REFUSALS = 4 };

#define ANSWER_NS (1000 * NS_PER_MS)

struct refusal {
    int code;
    int error;
    const char *text;
};

static const struct refusal open_errors[ERRORS];
static const struct refusal refusals[REFUSALS];

static const struct refusal *find(const struct refusal *rows, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

int bluetooth_kernel_open(struct bluetooth_kernel *kernel, struct buffer *ret_why)
{
    int descriptor = bluetooth_socket_open();
    if (descriptor < 0) {
        const struct refusal *row = find(open_errors, ERRORS, -descriptor);
        buffer_printf(ret_why, "%s (%s)",
                      row ? row->text : "the kernel does not let us at Bluetooth",
                      strerror(-descriptor));
        return descriptor;
    }
    kernel->descriptor = descriptor;
    return 0;
}

int bluetooth_kernel_send(struct bluetooth_kernel *kernel, const struct bluetooth_request *request,
                          struct buffer *ret_why)
{
    uint8_t frame[BLUETOOTH_REQUEST_MAX];
    size_t length = bluetooth_management_write(request, frame);
    if (send(kernel->descriptor, frame, length, MSG_NOSIGNAL) >= 0)
        return 0; /* Linux counts no bytes of a request that it refuses */
    int result = -errno;
    buffer_printf(ret_why, "the kernel takes no request for hci%u: %s", request->adapter,
                  strerror(errno));
    return result;
}

int bluetooth_kernel_receive(struct bluetooth_kernel *kernel, struct bluetooth_message *ret_message,
                             struct buffer *ret_why)
{
    for (;;) {
        ssize_t length = recv(kernel->descriptor, kernel->frame, sizeof kernel->frame, MSG_TRUNC);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
            return 0;
        if (length <= 0) {
            int result = length ? -errno : -EPIPE;
            buffer_printf(ret_why, "the kernel tells no more of Bluetooth: %s", strerror(-result));
            return result;
        }
        struct slice frame = {kernel->frame, (size_t)length};
        if (frame.length <= sizeof kernel->frame &&
            bluetooth_management_parse(frame, ret_message) == 0)
            return 1;
        kernel->malformed++;
    }
}

void bluetooth_kernel_wait(const struct bluetooth_kernel *kernel, uint64_t wait_ns)
{
    struct pollfd poll_for = {.fd = kernel->descriptor, .events = POLLIN};
    poll(&poll_for, 1, (int)(wait_ns / NS_PER_MS) + 1);
}

/* Makes room for replies: what came while nobody read may fill the socket. */
static int drain(struct bluetooth_kernel *kernel, struct buffer *ret_why)
{
    struct bluetooth_message message;
    int result;
    while ((result = bluetooth_kernel_receive(kernel, &message, ret_why)) > 0)
        ;
    return result;
}

int bluetooth_kernel_ask(struct bluetooth_kernel *kernel, const struct bluetooth_request *request,
                         struct bluetooth_message *ret_reply, struct buffer *ret_why)
{
    struct bluetooth_message message;
    uint64_t end_ns = tool_now_ns() + ANSWER_NS, now_ns;
    int result = drain(kernel, ret_why);
    if (!result)
        result = bluetooth_kernel_send(kernel, request, ret_why);
    while (result >= 0 && (now_ns = tool_now_ns()) < end_ns) {
        result = bluetooth_kernel_receive(kernel, &message, ret_why);
        if (result > 0 && message.event == BLUETOOTH_REPLY && message.command == request->command &&
            message.adapter == request->adapter) {
            *ret_reply = message;
            return 0;
        }
        if (!result)
            bluetooth_kernel_wait(kernel, end_ns - now_ns);
    }
    if (result < 0)
        return result;
    buffer_add_text(ret_why, "the kernel does not answer about Bluetooth");
    return -ETIMEDOUT;
}

int bluetooth_kernel_explain(uint8_t status, struct buffer *why)
{
    const struct refusal *row = find(refusals, REFUSALS, status);
    if (row)
        buffer_add_text(why, row->text);
    else
        buffer_printf(why, "the adapter fails (status 0x%02x)", status);
    return row ? -row->error : -EIO;
}

// clang-format off
#define HOW_TO_PERMIT "CAP_NET_ADMIN is missing: start it as root, or once do `setcap cap_net_admin+ep` on the program"

static const struct refusal open_errors[ERRORS] = {
    {EAFNOSUPPORT, EAFNOSUPPORT, "this kernel has no Bluetooth, or this is a container with a network of its own, from which there is none"},
    {EPROTONOSUPPORT, EPROTONOSUPPORT, "this kernel has Bluetooth, but no adapters: its part for HCI is missing"},
    {EINVAL, EINVAL, "this kernel has no management interface for Bluetooth: that came with Linux 3.4"},
    {EPERM, EPERM, HOW_TO_PERMIT},
    {EACCES, EACCES, HOW_TO_PERMIT},
};

static const struct refusal refusals[REFUSALS] = {
    {BLUETOOTH_BUSY, EBUSY, "another program, most often bluetoothd, does that already, and what it finds is heard here too"},
    {BLUETOOTH_NOT_SUPPORTED, EOPNOTSUPP, "the adapter cannot do that"},
    {BLUETOOTH_BLOCKED, ERFKILL, "rfkill blocks it: `rfkill unblock bluetooth` lifts a block by software, a key or switch of the machine one by hardware"},
    {BLUETOOTH_NOT_PERMITTED, EPERM, HOW_TO_PERMIT},
};
// clang-format on
