/* From a definition to packets. See tool_capture.h. */
#include "tools/tool_capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool_data.h"
#include "tools/tool_tuner.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/rights.h"
#include "util/sandbox.h"

#define TICK_NS          NS_PER_S
#define FIRST_RECEIPT_NS (2 * NS_PER_S)

/* uuid=, else made of the tool's name and what tells this source from others. */
static void find_uuid(struct tool_session *session)
{
    const struct tool_type *type = session->tool.type;
    const char *given = tool_options_find(&session->options, "uuid", 0);
    struct uuid uuid;
    session->uuid[0] = '\0';
    if (given && protocol_message_uuid(protocol_text_of(given), &uuid) == 0) {
        uuid_write(uuid, session->uuid);
        return;
    }
    uint64_t identity = type->identify ? type->identify(&session->tool) : 0;
    if (identity)
        uuid_write(uuid_made(hash_weak(type->uuid_name), identity), session->uuid);
}

int tool_capture_define(struct tool_session *session, struct protocol_text definition,
                        struct buffer *ret_why)
{
    struct tool_options options;
    if (session->is_confined) {
        buffer_add_text(ret_why, "this tool has given up what it takes to open a source: start "
                                 "another for another source");
        return -EPERM;
    }
    int result = tool_options_parse(definition, &options, ret_why);
    if (result < 0)
        return result;
    tool_capture_close(session);
    tool_options_done(&session->options);
    session->options = options;
    session->tool.interface = options.interface;
    find_uuid(session);
    return 0;
}

/* System calls and paths. A kernel without the means is no reason to capture nothing; nor is the
 * server's option sandbox=off, which reaches a tool in its environment. */
static void enter_sandbox(void)
{
    const char *wish = secure_getenv("NORN_SANDBOX");
    struct sandbox_state state;
    if (wish && strcmp(wish, "off") == 0)
        sandbox_switch_off();
    sandbox_enter(SANDBOX_CAPTURE, &state);
}

/* Gives up what an open source does not need. For good where the server starts a tool for each
 * source; one that connects by itself may have to open its radio again, when it comes back. */
static int confine(struct tool_session *session, struct buffer *ret_why)
{
    uint64_t keeps = session->source.needless ? 0 : session->tool.type->keeps;
    session->is_confined = !session->arguments.remote;
    int result = session->is_confined ? rights_drop(NULL, keeps, NULL) : rights_use(keeps);
    if (result < 0)
        buffer_printf(ret_why, "cannot give up rights: %s", strerror(-result));
    else if (session->is_confined)
        enter_sandbox();
    return result;
}

int tool_capture_open(struct tool_session *session, struct buffer *ret_why)
{
    tool_hop_done(&session->channels);
    session->source = (struct tool_source){.descriptor = -1};
    session->wake_ns = 0;
    if (session->arguments.remote)
        rights_use(UINT64_MAX);
    int result = session->tool.type->open(&session->tool, &session->source, ret_why);
    if (result < 0)
        return result;
    session->is_open = true;
    if ((result = confine(session, ret_why)) < 0) {
        tool_capture_close(session);
        return result;
    }
    session->next = TOOL_MORE;
    session->is_blocked = false;
    session->received = 0;
    session->tick_ns = tool_now_ns() + TICK_NS;
    session->tuner.since_ns = tool_now_ns();
    memcpy(session->tuner.channel, session->source.channel, sizeof session->tuner.channel);
    return 0;
}

bool tool_capture_has(const struct tool_session *session, struct protocol_text definition)
{
    return session->is_open && strlen(session->options.definition) == definition.length &&
           memcmp(session->options.definition, definition.text, definition.length) == 0;
}

/* A tool that waits does not run ahead before it is clear that the server gives receipts. */
static bool awaits_receipt(const struct tool_session *session, uint64_t now_ns)
{
    return session->tool.type->waits && session->outbox.keeps && !session->outbox.answered &&
           now_ns < session->up_ns + FIRST_RECEIPT_NS;
}

/* A spool takes more than a kernel's ring does. */
static bool leaves_it_to_the_kernel(const struct tool_session *session)
{
    return session->tool.type->buffers && session->outbox.file < 0 &&
           !tool_outbox_fits(&session->outbox, TOOL_BATCH);
}

bool tool_capture_wants(const struct tool_session *session, uint64_t now_ns)
{
    if (!session->is_open || session->is_ending || session->next == TOOL_END)
        return false;
    if (session->is_blocked && !tool_outbox_fits(&session->outbox, session->outbox.ring_size / 2))
        return false;
    if (leaves_it_to_the_kernel(session))
        return false;
    return !awaits_receipt(session, now_ns);
}

void tool_capture_read(struct tool_session *session, bool readable, uint64_t now_ns)
{
    struct buffer why = {0};
    bool is_due = session->wake_ns && now_ns >= session->wake_ns;
    bool goes_on = session->is_blocked || session->next == TOOL_MORE;
    if (!tool_capture_wants(session, now_ns) || !(readable || is_due || goes_on))
        return;
    if (is_due)
        session->wake_ns = 0;
    session->is_blocked = false;
    session->next = TOOL_WAIT;
    if (session->tool.type->read(&session->tool, &session->next, &why) < 0)
        tool_capture_fail(session, &why);
    buffer_done(&why);
}

static void tell_lost_channels(struct tool_session *session)
{
    struct protocol_list_writer list = {0};
    struct protocol_message message = {
        .type = PROTOCOL_CONFIGURE_REPORT,
        .code = 1,
        .configure_report = {
            .text = protocol_text_of("channels that cannot be tuned to were left out")}};
    message.configure_report.hop = tool_hop_report(&session->tuner.hop, &list);
    tool_data_send(session, &message);
    protocol_list_done(&list);
    session->tuner.list_changed = false;
}

/* What a packet has taken since the last tick needs no report of its own. */
static void tick(struct tool_session *session, uint64_t now_ns)
{
    const struct tool_type *type = session->tool.type;
    session->tick_ns = now_ns + TICK_NS;
    if (session->tuner.list_changed)
        tell_lost_channels(session);
    if (session->report_due)
        tool_data_report(session);
    if (type->tune)
        tool_tuner_tell(session);
    session->report_due = type->count || session->outbox.dropped || session->tuner.dwells.count;
}

void tool_capture_tick(struct tool_session *session, uint64_t now_ns)
{
    struct buffer why = {0};
    if (!session->is_open || session->is_ending)
        return;
    if (tool_tuner_step(session, now_ns, &why) < 0)
        tool_capture_fail(session, &why);
    else if (now_ns >= session->tick_ns)
        tick(session, now_ns);
    buffer_done(&why);
}

uint64_t tool_capture_due(const struct tool_session *session, uint64_t now_ns)
{
    if (!session->is_open || session->is_ending)
        return UINT64_MAX;
    uint64_t due_ns = session->tick_ns;
    if (session->tuner.hop.on)
        due_ns = tool_session_sooner(due_ns, session->tuner.hop.due_ns);
    if (awaits_receipt(session, now_ns))
        due_ns = tool_session_sooner(due_ns, session->up_ns + FIRST_RECEIPT_NS);
    if (!tool_capture_wants(session, now_ns))
        return due_ns;
    if (session->is_blocked || session->next == TOOL_MORE)
        return now_ns;
    return session->wake_ns ? tool_session_sooner(due_ns, session->wake_ns) : due_ns;
}

void tool_capture_fail(struct tool_session *session, const struct buffer *why)
{
    struct buffer *failure = &session->failure;
    failure->length = 0;
    if (why->length)
        buffer_add(failure, why->data, why->length);
    else
        buffer_add_text(failure, "the source failed");
    tool_capture_close(session);
    tool_say(&session->tool, PROTOCOL_FAULT, "%.*s", (int)failure->length,
             (const char *)failure->data);
    if (session->served)
        tool_session_end(session, 1);
    else
        failure->length = 0;
}

void tool_capture_close(struct tool_session *session)
{
    if (session->is_open && session->tool.type->close)
        session->tool.type->close(&session->tool);
    session->is_open = false;
    session->next = TOOL_WAIT;
    session->wake_ns = 0;
    tool_tuner_reset(&session->tuner);
}
