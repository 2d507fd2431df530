/* Which Bluetooth adapters there are, and which of them a person means. Input: the kernel's list.
 * Output: entries, or a sentence that names those there are. */
#ifndef NORN_TOOLS_BLUETOOTH_LIST_H
#define NORN_TOOLS_BLUETOOTH_LIST_H

#include "tools/bluetooth_kernel.h"

struct bluetooth_entry {
    uint16_t index;
    char name[16]; /* hci0 */
    struct bluetooth_information information;
};

/* The adapters there are, by their numbers and at most `room` of them; gives how many, or -errno
 * with a sentence. */
int bluetooth_list_read(struct bluetooth_kernel *kernel, struct bluetooth_entry *ret_entries,
                        size_t room, struct buffer *ret_why);

/* Whether a text is the name of an adapter, as hci0. */
bool bluetooth_list_is_name(const char *text);

/* The adapter of that name or address (12 hex digits, or with dashes). 0; -EINVAL: it is neither;
 * -ENODEV and others; with a sentence. */
int bluetooth_list_find(struct bluetooth_kernel *kernel, const char *text,
                        struct bluetooth_entry *ret_entry, struct buffer *ret_why);

#endif
