/* Capture tool for the Bluetooth adapters of Linux: has one discover devices without end and tells
 * of each that it finds. Input: the kernel's management interface. Output: protocol v3
 * (tools/tool.h), JSON reports of kind linuxbthci. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/bluetooth_adapter.h"
#include "tools/bluetooth_rfkill.h"
#include "tools/bluetooth_sighting.h"
#include "tools/tool.h"
#include "util/clock.h"
#include "util/rights.h"

enum { MESSAGES_PER_ROUND = 64 };

/* The channel is opened once and stays: what it may do was settled then, and the rights to open
 * another are given up. */
struct capture {
    bool is_connected;
    bool told_malformed;
    struct bluetooth_kernel kernel;
    struct bluetooth_adapter adapter;
    struct buffer json; /* of the newest report */
};

static int connect_kernel(struct tool *tool, struct capture **ret_capture, struct buffer *ret_why)
{
    if (!tool->state)
        tool->state = calloc(1, sizeof(struct capture));
    struct capture *capture = tool->state;
    if (!capture)
        return -ENOMEM;
    int result = capture->is_connected ? 0 : bluetooth_kernel_open(&capture->kernel, ret_why);
    if (result < 0)
        return result;
    capture->is_connected = true;
    *ret_capture = capture;
    return 0;
}

static void describe(const struct bluetooth_entry *entry, char *text, size_t room)
{
    static const char *const versions[] = {"1.0b", "1.1", "1.2", "2.0", "2.1", "3.0", "4.0", "4.1",
                                           "4.2",  "5.0", "5.1", "5.2", "5.3", "5.4", "6.0"};
    uint8_t version = entry->information.version;
    char address[MACADDR_TEXT];
    macaddr_write(entry->information.address, address);
    snprintf(text, room, "Bluetooth %s, %s",
             version < sizeof versions / sizeof *versions ? versions[version] : "adapter", address);
}

static int list(struct tool *tool, struct buffer *ret_why)
{
    struct bluetooth_entry entries[BLUETOOTH_ADAPTERS_MAX];
    struct capture *capture;
    int result = connect_kernel(tool, &capture, ret_why);
    if (result < 0)
        return result;
    result = bluetooth_list_read(&capture->kernel, entries, BLUETOOTH_ADAPTERS_MAX, ret_why);
    for (int i = 0; i < result; i++) {
        char hardware[64];
        describe(&entries[i], hardware, sizeof hardware);
        tool_add_interface(tool, entries[i].name, NULL, hardware);
    }
    return result < 0 ? result : 0;
}

static int find(struct tool *tool, struct bluetooth_entry *ret_entry, struct buffer *ret_why)
{
    struct capture *capture;
    int result = connect_kernel(tool, &capture, ret_why);
    if (result < 0)
        return result;
    return bluetooth_list_find(&capture->kernel, tool->interface, ret_entry, ret_why);
}

static void fill(const struct bluetooth_entry *entry, struct tool_source *source)
{
    snprintf(source->capture_interface, sizeof source->capture_interface, "%s", entry->name);
    describe(entry, source->hardware, sizeof source->hardware);
}

/* What is no name and no adapter's address is another tool's. */
static int probe(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct bluetooth_entry entry;
    struct buffer unsaid = {0};
    bool is_name = bluetooth_list_is_name(tool->interface);
    int result = find(tool, &entry, is_name ? ret_why : &unsaid);
    buffer_done(&unsaid);
    if (result < 0)
        return is_name ? result : 0;
    fill(&entry, source);
    return 1;
}

static uint64_t identify(struct tool *tool)
{
    struct bluetooth_entry entry;
    struct buffer unsaid = {0};
    int result = find(tool, &entry, &unsaid);
    buffer_done(&unsaid);
    return result < 0 ? 0 : macaddr_u64(entry.information.address) >> 16;
}

static int read_options(struct tool *tool, struct bluetooth_adapter *adapter,
                        struct buffer *ret_why)
{
    static const struct {
        const char *word;
        uint32_t transports;
    } words[] = {{"both", BLUETOOTH_BASIC_RATE | BLUETOOTH_LOW_ENERGY},
                 {"bredr", BLUETOOTH_BASIC_RATE},
                 {"le", BLUETOOTH_LOW_ENERGY}};
    const char *transport = tool_option(tool, "transport");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(transport ? transport : "both", words[i].word) == 0)
            adapter->transports = words[i].transports;
    if (!adapter->transports) {
        buffer_printf(ret_why, "transport=%s: write le, bredr or both", transport);
        return -EINVAL;
    }
    return tool_option_bool(tool, "names", false, &adapter->asks_names, ret_why);
}

/* The channel is open: what root may and what capabilities give is not needed any more. */
static int give_up_rights(struct buffer *ret_why)
{
    struct buffer done = {0};
    int result = rights_drop(NULL, 0, &done);
    if (result < 0)
        buffer_add(ret_why, done.data, done.length);
    buffer_done(&done);
    return result;
}

static int check_power(const struct bluetooth_entry *entry, struct buffer *ret_why)
{
    if (entry->information.settings & BLUETOOTH_POWERED)
        return 0;
    return bluetooth_rfkill_check(BLUETOOTH_RFKILL_FOLDER, entry->name, ret_why);
}

static int open_adapter(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct bluetooth_adapter adapter = {.tool = tool};
    int result = read_options(tool, &adapter, ret_why);
    if (!result)
        result = find(tool, &adapter.entry, ret_why);
    if (!result)
        result = check_power(&adapter.entry, ret_why);
    if (!result)
        result = give_up_rights(ret_why);
    if (result < 0)
        return result;
    struct capture *capture = tool->state;
    adapter.kernel = &capture->kernel;
    capture->adapter = adapter;
    result = bluetooth_adapter_begin(&capture->adapter, ret_why);
    if (result < 0)
        return result;
    fill(&adapter.entry, source);
    source->descriptor = capture->kernel.descriptor;
    return 0;
}

static void report(struct tool *tool, struct capture *capture, const struct bluetooth_found *found)
{
    uint64_t now_ns = tool_wall_ns();
    capture->json.length = 0;
    capture->json.failed = false;
    bluetooth_sighting_write(found, &capture->json);
    struct protocol_packet packet = {.signal = {.signal_dbm = found->signal},
                                     .json = {.type = protocol_text_of("linuxbthci"),
                                              .seconds = now_ns / NS_PER_S,
                                              .microseconds = (uint32_t)(now_ns % NS_PER_S / 1000),
                                              .json = protocol_text_over(&capture->json)}};
    if (!capture->json.failed)
        tool_add(tool, &packet);
}

static void tell_malformed(struct tool *tool, struct capture *capture)
{
    if (capture->kernel.malformed && !capture->told_malformed)
        tool_say(tool, PROTOCOL_FAULT,
                 "the kernel says things of %s that cannot be read; they are passed over",
                 capture->adapter.entry.name);
    capture->told_malformed = capture->kernel.malformed;
}

static int read_adapter(struct tool *tool, enum tool_next *ret_next, struct buffer *ret_why)
{
    struct capture *capture = tool->state;
    struct bluetooth_message message;
    int result = 1;
    for (int i = 0; i < MESSAGES_PER_ROUND && result > 0; i++) {
        result = bluetooth_adapter_take(&capture->adapter, &message, ret_why);
        if (result > 0 && message.event == BLUETOOTH_FOUND)
            report(tool, capture, &message.found);
    }
    tell_malformed(tool, capture);
    if (result > 0)
        *ret_next = TOOL_MORE;
    if (result >= 0)
        result = bluetooth_adapter_step(&capture->adapter, ret_why);
    tool_wake_at(tool, bluetooth_adapter_due(&capture->adapter));
    return result;
}

static void close_adapter(struct tool *tool)
{
    struct capture *capture = tool->state;
    bluetooth_adapter_end(&capture->adapter);
}

static const struct tool_type linux_bluetooth = {
    .name = "norn_cap_linux_bluetooth",
    .source_type = "linuxbluetooth",
    .uuid_name = "kismet_cap_linux_bluetooth",
    .description = "Tells a server of the Bluetooth devices that an adapter finds.",
    .usage = "hciN|ADDRESS[:transport=both|le|bredr][,names=true]",
    .list = list,
    .probe = probe,
    .identify = identify,
    .open = open_adapter,
    .read = read_adapter,
    .close = close_adapter,
};

int main(int argc, char **argv)
{
    return tool_main(argc, argv, &linux_bluetooth);
}
