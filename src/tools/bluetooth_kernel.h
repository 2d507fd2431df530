/* Talking to the kernel about Bluetooth adapters: the control channel with a frame's room, requests
 * out, messages in, and what goes wrong in plain words. Input: requests. Output: messages. */
#ifndef NORN_TOOLS_BLUETOOTH_KERNEL_H
#define NORN_TOOLS_BLUETOOTH_KERNEL_H

#include "tools/bluetooth_management.h"
#include "util/buffer.h"

struct bluetooth_kernel {
    int descriptor;
    uint64_t malformed; /* frames that could not be read and were passed over */
    uint8_t frame[BLUETOOTH_FRAME_MAX];
};

/* Opens the channel, for as long as the process lives. 0, or -errno with a sentence. */
int bluetooth_kernel_open(struct bluetooth_kernel *kernel, struct buffer *ret_why);

/* Sends a request. 0, or -errno with a sentence. */
int bluetooth_kernel_send(struct bluetooth_kernel *kernel, const struct bluetooth_request *request,
                          struct buffer *ret_why);

/* The next message that has come; it stands until the next call. 1, 0 when there is none, or -errno
 * with a sentence. */
int bluetooth_kernel_receive(struct bluetooth_kernel *kernel, struct bluetooth_message *ret_message,
                             struct buffer *ret_why);

/* Waits until a message comes, for so long. */
void bluetooth_kernel_wait(const struct bluetooth_kernel *kernel, uint64_t wait_ns);

/* For requests that the kernel answers from memory: sends one and gives its reply; what else comes
 * meanwhile is passed over. 0, or -errno with a sentence. */
int bluetooth_kernel_ask(struct bluetooth_kernel *kernel, const struct bluetooth_request *request,
                         struct bluetooth_message *ret_reply, struct buffer *ret_why);

/* Appends why a request was refused, as the end of a sentence, and what can be done; gives -errno.
 */
int bluetooth_kernel_explain(uint8_t status, struct buffer *why);

#endif
