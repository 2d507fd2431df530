/* Which Bluetooth adapters there are. See bluetooth_list.h. */
#include "tools/bluetooth_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void describe(struct bluetooth_entry *entry, uint16_t index,
                     const struct bluetooth_information *information)
{
    entry->index = index;
    entry->information = *information;
    snprintf(entry->name, sizeof entry->name, "hci%u", index);
}

static int compare(const void *one, const void *other)
{
    const struct bluetooth_entry *a = one, *b = other;
    return a->index - b->index;
}

int bluetooth_list_read(struct bluetooth_kernel *kernel, struct bluetooth_entry *ret_entries,
                        size_t room, struct buffer *ret_why)
{
    struct bluetooth_request request = {BLUETOOTH_READ_ADAPTERS, BLUETOOTH_NO_ADAPTER, 0, {0}};
    struct bluetooth_message list, reply;
    int result = bluetooth_kernel_ask(kernel, &request, &list, ret_why);
    if (!result && list.status != BLUETOOTH_DONE)
        result = bluetooth_kernel_explain(list.status, ret_why);
    size_t count = 0;
    for (uint16_t i = 0; !result && i < list.count && count < room; i++) {
        request = (struct bluetooth_request){BLUETOOTH_READ_INFORMATION, list.adapters[i], 0, {0}};
        result = bluetooth_kernel_ask(kernel, &request, &reply, ret_why);
        if (!result && reply.status == BLUETOOTH_DONE) /* else it has just gone */
            describe(&ret_entries[count++], list.adapters[i], &reply.information);
    }
    if (result < 0)
        return result;
    qsort(ret_entries, count, sizeof *ret_entries, compare); /* the kernel's are the newest first */
    return (int)count;
}

bool bluetooth_list_is_name(const char *text)
{
    size_t digits = strncmp(text, "hci", 3) == 0 ? strspn(text + 3, "0123456789") : 0;
    return digits && digits <= 5 && !text[3 + digits];
}

static bool is_called(const struct bluetooth_entry *entry, const char *text)
{
    struct macaddr address;
    if (bluetooth_list_is_name(text))
        return strcmp(text, entry->name) == 0;
    return macaddr_parse(text, strlen(text), &address, NULL) == 0 &&
           macaddr_equal(address, entry->information.address);
}

/* Says which adapters there are instead of the one that was asked for. */
static void tell_others(const char *text, const struct bluetooth_entry *entries, int count,
                        struct buffer *why)
{
    char address[MACADDR_TEXT];
    buffer_printf(why, "there is no Bluetooth adapter %s; ", text);
    if (!count)
        buffer_add_text(why, "the kernel has none at all that it can use");
    for (int i = 0; i < count; i++) {
        macaddr_write(entries[i].information.address, address);
        buffer_printf(why, "%s%s (%s)", i ? ", " : "there is ", entries[i].name, address);
    }
}

int bluetooth_list_find(struct bluetooth_kernel *kernel, const char *text,
                        struct bluetooth_entry *ret_entry, struct buffer *ret_why)
{
    struct bluetooth_entry entries[BLUETOOTH_ADAPTERS_MAX];
    struct macaddr address;
    if (!bluetooth_list_is_name(text) && macaddr_parse(text, strlen(text), &address, NULL) < 0) {
        buffer_printf(ret_why, "%s is neither an adapter, as hci0, nor an address", text);
        return -EINVAL;
    }
    int count = bluetooth_list_read(kernel, entries, BLUETOOTH_ADAPTERS_MAX, ret_why);
    for (int i = 0; i < count; i++) {
        if (!is_called(&entries[i], text))
            continue;
        *ret_entry = entries[i];
        return 0;
    }
    if (count < 0)
        return count;
    tell_others(text, entries, count, ret_why);
    return -ENODEV;
}
