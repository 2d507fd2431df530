/* A Bluetooth adapter that listens: one request at a time, chosen from what is wanted and what the
 * kernel last said. See bluetooth_adapter.h. */
#include "tools/bluetooth_adapter.h"

#include <errno.h>

#include "util/clock.h"

enum { SWITCHES = 3, REFUSALS_MAX = 6 };

#define BEGIN_NS  (250 * NS_PER_MS)
#define END_NS    (2000 * NS_PER_MS)
#define ANSWER_NS (20000 * NS_PER_MS) /* switching on may load a program */
#define ROUND_NS  (1000 * NS_PER_MS)  /* from one start of discovery to the next, at least */
#define OFF_NS    (1000 * NS_PER_MS)  /* from being switched off to being gone, at most */
#define AGAIN_NS  (5000 * NS_PER_MS)  /* after a refusal */

/* A setting that has to be on, in the order in which they are switched on. */
struct toggle {
    uint32_t setting;
    uint16_t command;
    const char *what;
};

static const struct toggle toggles[SWITCHES];

/* The setting that is to be switched on next, or, at the end, off; NULL when all is done. */
static const struct toggle *next_toggle(const struct bluetooth_adapter *adapter)
{
    uint32_t wanted = adapter->transports | BLUETOOTH_POWERED;
    for (size_t i = 0; i < SWITCHES; i++) {
        const struct toggle *on = &toggles[i], *off = &toggles[SWITCHES - 1 - i];
        if (!adapter->is_ending && on->setting & wanted & ~adapter->settings)
            return on;
        if (adapter->is_ending && off->setting & adapter->switched)
            return off;
    }
    return NULL;
}

/* The kinds of address that discovery looks for, as bits. */
static uint8_t kinds_of(uint32_t transports)
{
    uint8_t kinds = 0;
    if (transports & BLUETOOTH_BASIC_RATE)
        kinds |= 1 << BLUETOOTH_ADDRESS_BASIC_RATE;
    if (transports & BLUETOOTH_LOW_ENERGY)
        kinds |= 1 << BLUETOOTH_ADDRESS_PUBLIC | 1 << BLUETOOTH_ADDRESS_RANDOM;
    return kinds;
}

/* The next request: false when nothing is to be asked before a message comes. */
static bool next_request(const struct bluetooth_adapter *adapter,
                         struct bluetooth_request *ret_request)
{
    struct bluetooth_request request = {.adapter = adapter->entry.index, .length = 1};
    const struct toggle *toggle = next_toggle(adapter);
    if (adapter->asked || adapter->is_gone || (adapter->off_ns && !adapter->is_ending))
        return false;
    if (adapter->is_ending && adapter->is_ours) {
        request.command = BLUETOOTH_STOP_DISCOVERY;
        request.parameters[0] = kinds_of(adapter->transports);
    } else if (toggle) {
        request.command = toggle->command;
        request.parameters[0] = !adapter->is_ending;
    } else if (!adapter->is_ending && !adapter->discovers) {
        request.command = BLUETOOTH_START_DISCOVERY;
        request.parameters[0] = kinds_of(adapter->transports);
    } else {
        return false;
    }
    *ret_request = request;
    return true;
}

int bluetooth_adapter_step(struct bluetooth_adapter *adapter, struct buffer *ret_why)
{
    struct bluetooth_request request;
    uint64_t now_ns = tool_now_ns();
    if (adapter->asked && now_ns >= adapter->late_ns) {
        buffer_printf(ret_why, "%s does not do what it is told: plug it in again",
                      adapter->entry.name);
        return -ETIMEDOUT;
    }
    if (adapter->off_ns && now_ns >= adapter->off_ns && !adapter->is_ending) {
        buffer_printf(ret_why, "%s was switched off, by another program or by rfkill",
                      adapter->entry.name);
        return -ENETDOWN;
    }
    if (!next_request(adapter, &request) || (now_ns < adapter->next_ns && !adapter->is_ending))
        return 0;
    adapter->asked = request.command;
    adapter->late_ns = now_ns + ANSWER_NS;
    if (request.command == BLUETOOTH_START_DISCOVERY)
        adapter->next_ns = now_ns + ROUND_NS;
    return bluetooth_kernel_send(adapter->kernel, &request, ret_why);
}

uint64_t bluetooth_adapter_due(const struct bluetooth_adapter *adapter)
{
    struct bluetooth_request request;
    if (adapter->off_ns)
        return adapter->off_ns;
    if (adapter->asked)
        return adapter->late_ns;
    return next_request(adapter, &request) ? adapter->next_ns : 0;
}

/* Something cannot be switched on: 0 when it is tried again, which is told once in a row. */
static int take_refusal(struct bluetooth_adapter *adapter, const char *what, uint8_t status,
                        struct buffer *ret_why)
{
    struct buffer why = {0};
    buffer_printf(&why, "%s of %s cannot be switched on: ", what, adapter->entry.name);
    int result = bluetooth_kernel_explain(status, &why);
    bool is_first = !adapter->refused++;
    if (result == -EBUSY || (result == -EIO && adapter->refused <= REFUSALS_MAX))
        result = 0;
    if (result)
        buffer_add(ret_why, why.data, why.length);
    else if (is_first)
        tool_say(adapter->tool, PROTOCOL_INFO, "%.*s; trying again", (int)why.length,
                 (const char *)why.data);
    adapter->next_ns = tool_now_ns() + AGAIN_NS;
    buffer_done(&why);
    return result;
}

/* An adapter that is unplugged is switched off first: which of both it was shows a little later. */
static int take_off(struct bluetooth_adapter *adapter)
{
    if (!adapter->off_ns)
        adapter->off_ns = tool_now_ns() + OFF_NS;
    return 0;
}

static int take_removal(struct bluetooth_adapter *adapter, struct buffer *ret_why)
{
    adapter->is_gone = true;
    buffer_printf(ret_why, "%s is gone: unplugged, or another program has it for itself",
                  adapter->entry.name);
    return -ENODEV;
}

static int take_start(struct bluetooth_adapter *adapter, uint8_t status, struct buffer *ret_why)
{
    if (status == BLUETOOTH_NOT_POWERED)
        return take_off(adapter);
    if (status != BLUETOOTH_DONE)
        return take_refusal(adapter, "discovery", status, ret_why);
    adapter->discovers = adapter->is_ours = true;
    adapter->refused = 0;
    return 0;
}

/* A transport that cannot be switched on is done without while there is another. */
static int take_refused_toggle(struct bluetooth_adapter *adapter, const struct toggle *toggle,
                               uint8_t status, struct buffer *ret_why)
{
    uint32_t others = adapter->transports & ~toggle->setting;
    if (others == adapter->transports || !others || status == BLUETOOTH_BUSY)
        return take_refusal(adapter, toggle->what, status, ret_why);
    adapter->transports = others;
    tool_say(adapter->tool, PROTOCOL_INFO, "%s does without %s, which cannot be switched on",
             adapter->entry.name, toggle->what);
    return 0;
}

static int take_toggle(struct bluetooth_adapter *adapter, const struct toggle *toggle,
                       const struct bluetooth_message *reply, struct buffer *ret_why)
{
    if (reply->status == BLUETOOTH_DONE)
        adapter->settings = reply->settings;
    if (reply->status != BLUETOOTH_DONE || !(reply->settings & toggle->setting)) {
        adapter->switched &= ~toggle->setting;
        return adapter->is_ending ? 0
                                  : take_refused_toggle(adapter, toggle, reply->status, ret_why);
    }
    adapter->switched |= toggle->setting;
    adapter->refused = 0;
    tool_say(adapter->tool, PROTOCOL_INFO, "%s of %s was off: it is on until the capture ends",
             toggle->what, adapter->entry.name);
    return 0;
}

static int take_reply(struct bluetooth_adapter *adapter, const struct bluetooth_message *reply,
                      struct buffer *ret_why)
{
    if (reply->command != adapter->asked)
        return 0; /* to one whose answer does not matter */
    adapter->asked = 0;
    if (reply->status == BLUETOOTH_INVALID_ADAPTER)
        return take_removal(adapter, ret_why);
    for (size_t i = 0; i < SWITCHES; i++)
        if (toggles[i].command == reply->command)
            return take_toggle(adapter, &toggles[i], reply, ret_why);
    if (reply->command == BLUETOOTH_START_DISCOVERY)
        return take_start(adapter, reply->status, ret_why);
    adapter->is_ours = false; /* stopped, or never to be */
    return 0;
}

/* What was refused because of another program may be granted now. */
static void try_again(struct bluetooth_adapter *adapter)
{
    if (adapter->refused)
        adapter->next_ns = 0;
}

/* What others switch off is not ours any more. */
static void take_settings(struct bluetooth_adapter *adapter, uint32_t settings)
{
    if (settings & BLUETOOTH_POWERED)
        adapter->off_ns = 0;
    else if (adapter->settings & BLUETOOTH_POWERED)
        take_off(adapter);
    adapter->settings = settings;
    adapter->switched &= settings;
    try_again(adapter);
}

static void take_discovering(struct bluetooth_adapter *adapter, bool discovers)
{
    adapter->discovers = discovers;
    adapter->is_ours &= discovers;
    if (!discovers)
        try_again(adapter);
}

static int take_found(struct bluetooth_adapter *adapter, const struct bluetooth_found *found,
                      struct buffer *ret_why)
{
    if (!adapter->asks_names || !(found->flags & BLUETOOTH_NAME_WANTED))
        return 0;
    struct bluetooth_request request = bluetooth_management_want_name(adapter->entry.index, found);
    return bluetooth_kernel_send(adapter->kernel, &request, ret_why);
}

static int take(struct bluetooth_adapter *adapter, const struct bluetooth_message *message,
                struct buffer *ret_why)
{
    switch (message->event) {
    case BLUETOOTH_REPLY: return take_reply(adapter, message, ret_why);
    case BLUETOOTH_REMOVED: return take_removal(adapter, ret_why);
    case BLUETOOTH_FOUND: return take_found(adapter, &message->found, ret_why);
    case BLUETOOTH_SETTINGS: take_settings(adapter, message->settings); return 0;
    case BLUETOOTH_DISCOVERING: take_discovering(adapter, message->discovers); return 0;
    default: return 0;
    }
}

int bluetooth_adapter_take(struct bluetooth_adapter *adapter, struct bluetooth_message *ret_message,
                           struct buffer *ret_why)
{
    struct bluetooth_message message;
    int result = bluetooth_kernel_receive(adapter->kernel, &message, ret_why);
    if (result <= 0)
        return result;
    if (message.adapter != adapter->entry.index)
        message.event = BLUETOOTH_OTHER;
    result = take(adapter, &message, ret_why);
    if (result < 0)
        return result;
    *ret_message = message;
    return 1;
}

/* Goes on for so long, or until it is over or done. What is found meanwhile is not told. */
static int run(struct bluetooth_adapter *adapter, bool (*is_done)(const struct bluetooth_adapter *),
               uint64_t wait_ns, struct buffer *ret_why)
{
    struct bluetooth_message message;
    uint64_t now_ns = tool_now_ns(), end_ns = now_ns + wait_ns;
    int result = bluetooth_adapter_step(adapter, ret_why);
    while (result >= 0 && !is_done(adapter) && now_ns < end_ns) {
        result = bluetooth_adapter_take(adapter, &message, ret_why);
        if (!result)
            bluetooth_kernel_wait(adapter->kernel, end_ns - now_ns);
        if (result >= 0)
            result = bluetooth_adapter_step(adapter, ret_why);
        now_ns = tool_now_ns();
    }
    return result;
}

static bool has_begun(const struct bluetooth_adapter *adapter)
{
    return adapter->discovers || adapter->refused;
}

static bool has_ended(const struct bluetooth_adapter *adapter)
{
    struct bluetooth_request request;
    return adapter->is_gone || (!adapter->asked && !next_request(adapter, &request));
}

int bluetooth_adapter_begin(struct bluetooth_adapter *adapter, struct buffer *ret_why)
{
    const struct bluetooth_information *information = &adapter->entry.information;
    adapter->transports &= information->supported;
    adapter->settings = information->settings;
    if (!adapter->transports) {
        buffer_printf(ret_why, "%s does not have that transport", adapter->entry.name);
        return -EOPNOTSUPP;
    }
    int result = run(adapter, has_begun, BEGIN_NS, ret_why);
    if (result < 0)
        bluetooth_adapter_end(adapter);
    return result;
}

void bluetooth_adapter_end(struct bluetooth_adapter *adapter)
{
    struct buffer unsaid = {0};
    adapter->is_ending = true;
    run(adapter, has_ended, END_NS, &unsaid);
    buffer_done(&unsaid);
}

static const struct toggle toggles[SWITCHES] = {
    {BLUETOOTH_LOW_ENERGY, BLUETOOTH_SET_LOW_ENERGY, "low energy"},
    {BLUETOOTH_BASIC_RATE, BLUETOOTH_SET_BASIC_RATE, "basic rate"},
    {BLUETOOTH_POWERED, BLUETOOTH_SET_POWERED, "power"},
};
