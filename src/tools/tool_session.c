/* The loop of a capture tool: one poll() over the server, the source and the time. Input: the
 * descriptors. Output: calls of the parts; the exit status. See tool_session.h. */
#include "tools/tool_session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "tools/tool_announcement.h"
#include "tools/tool_capture.h"
#include "tools/tool_data.h"
#include "tools/tool_talk.h"
#include "util/clock.h"

enum { RING_BYTES = 4 * 1024 * 1024 };

#define RESOLVE_NS (NS_PER_S / 20) /* a look-up of a name tells nobody when it is done */
#define GOODBYE_NS (5 * NS_PER_S)  /* for what waits to go out at the end */
#define LONGEST_NS (60 * NS_PER_S)

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int number)
{
    asked_to_stop = 1;
}

/* Blocks the signals that end a tool but for the time of the poll, whose mask is ret_mask. */
static void catch_signals(sigset_t *ret_mask)
{
    struct sigaction stop = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &blocked, ret_mask);
    sigdelset(ret_mask, SIGTERM);
    sigdelset(ret_mask, SIGINT);
    sigdelset(ret_mask, SIGHUP);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static uint64_t from_seconds(double seconds)
{
    return (uint64_t)(seconds * (double)NS_PER_S);
}

void tool_session_end(struct tool_session *session, int status)
{
    if (session->is_ending)
        return;
    session->is_ending = true;
    session->status = status;
    session->end_ns = tool_now_ns() + GOODBYE_NS;
}

static bool connects_again(const struct tool_session *session)
{
    return session->arguments.remote && !session->arguments.no_retry && !session->stops;
}

/* Says on standard error why the server is gone, once for each reason in a row. */
static void tell_loss(struct tool_session *session, const struct buffer *why)
{
    struct buffer *told = &session->lost_reason;
    bool is_new = told->length != why->length ||
                  (why->length && memcmp(told->data, why->data, why->length) != 0);
    if (!is_new || !why->length)
        return;
    told->length = 0;
    buffer_add(told, why->data, why->length);
    fprintf(stderr, "%s: %.*s%s\n", session->tool.type->name, (int)why->length,
            (const char *)why->data, connects_again(session) ? "; trying again" : "");
}

/* The connection is over; `status` is that of the tool when it was not ending anyway. */
static void lose_link(struct tool_session *session, int status, const struct buffer *why)
{
    if (!session->is_ending)
        session->status = status;
    tool_connection_close(&session->link);
    tool_outbox_rewind(&session->outbox);
    session->receipt = (struct tool_receipt){0};
    session->served = false;
    session->is_ending = false;
    session->failure.length = 0;
    session->retry_ns = tool_now_ns() + from_seconds(session->arguments.retry_pause);
    tell_loss(session, why);
    if (!connects_again(session))
        session->is_over = true;
}

static void welcome_link(struct tool_session *session)
{
    session->up_ns = session->pinged_ns = tool_now_ns();
    if (!session->arguments.remote)
        return;
    if (session->lost_reason.length)
        fprintf(stderr, "%s: connected to %s\n", session->tool.type->name,
                session->arguments.target.host);
    session->lost_reason.length = 0;
    tool_talk_introduce(session);
}

/* Goes on with a connection that is not up yet. */
static void advance_link(struct tool_session *session, uint64_t now_ns)
{
    struct buffer why = {0};
    if (session->link.state == TOOL_LINK_DOWN && now_ns >= session->retry_ns)
        tool_connection_connect(&session->link, &session->arguments.target, now_ns);
    int result = tool_connection_advance(&session->link, now_ns, &why);
    if (result < 0)
        lose_link(session, 1, &why);
    else if (result)
        welcome_link(session);
    buffer_done(&why);
}

static bool is_silent(const struct tool_session *session, uint64_t now_ns)
{
    return now_ns > session->pinged_ns + from_seconds(session->arguments.ping_timeout);
}

/* Reads and answers. What the server said before it closed the connection counts. */
static int hear(struct tool_session *session, bool readable, uint64_t now_ns,
                struct buffer *ret_why)
{
    struct buffer why = {0};
    int closed = readable ? tool_connection_receive(&session->link, &why) : 0;
    int result = tool_talk_answer(session, ret_why);
    if (!result && closed) {
        buffer_add(ret_why, why.data, why.length);
        result = closed;
    }
    buffer_done(&why);
    if (!result && is_silent(session, now_ns)) {
        buffer_printf(ret_why, "no ping from the server for %g seconds",
                      session->arguments.ping_timeout);
        result = -ETIMEDOUT;
    }
    return result;
}

/* The last word on a source that died. */
static void tell_failure(struct tool_session *session)
{
    struct buffer *failure = &session->failure;
    struct protocol_message message = {
        .type = PROTOCOL_ERROR, .code = 1, .reason.text = protocol_text_over(failure)};
    if (failure->length)
        tool_data_send(session, &message);
    failure->length = 0;
}

/* Gives the server what there is for it. */
static int speak(struct tool_session *session, uint64_t now_ns, struct buffer *ret_why)
{
    bool is_all = !session->served && !session->is_ending;
    int result = 0;
    do {
        if (!is_all)
            is_all = tool_connection_fill(&session->link, &session->outbox);
        if (is_all)
            tell_failure(session);
        tool_talk_ask(session, now_ns);
        result = tool_connection_flush(&session->link, ret_why);
    } while (!result && !is_all && !tool_connection_waiting(&session->link));
    return result;
}

/* True when nothing waits to go out, nor for its receipt where the server gives them. */
static bool is_done(const struct tool_session *session, uint64_t now_ns)
{
    const struct tool_outbox *outbox = &session->outbox;
    if (now_ns >= session->end_ns)
        return true;
    if (tool_connection_waiting(&session->link) || tool_outbox_unsent(outbox))
        return false;
    return !outbox->keeps || !outbox->answered || !session->served || !tool_outbox_held(outbox);
}

static void talk(struct tool_session *session, bool readable, uint64_t now_ns)
{
    struct buffer why = {0};
    int result = hear(session, readable, now_ns, &why);
    if (!result)
        result = speak(session, now_ns, &why);
    bool is_hung_up = !session->arguments.remote && result == -EPIPE; /* how servers end tools */
    if (result < 0 || (session->is_ending && is_done(session, now_ns)))
        lose_link(session, !is_hung_up, &why);
    buffer_done(&why);
}

static uint64_t link_due(const struct tool_session *session, uint64_t now_ns)
{
    switch (session->link.state) {
    case TOOL_LINK_DOWN: return session->retry_ns;
    case TOOL_LINK_RESOLVING: return now_ns + RESOLVE_NS;
    case TOOL_LINK_UP: break;
    default: return session->link.give_up_ns;
    }
    uint64_t silent_ns = session->pinged_ns + from_seconds(session->arguments.ping_timeout);
    uint64_t due_ns = tool_session_sooner(silent_ns + 1, tool_talk_due(session));
    return session->is_ending ? tool_session_sooner(due_ns, session->end_ns) : due_ns;
}

/* Waits until something happens; what did is in the polls: two of the link, one of the source. */
static void await(struct tool_session *session, const sigset_t *mask, struct pollfd polls[3])
{
    uint64_t now_ns = tool_now_ns();
    uint64_t due_ns =
        tool_session_sooner(link_due(session, now_ns), tool_capture_due(session, now_ns));
    uint64_t left_ns = due_ns > now_ns ? tool_session_sooner(due_ns - now_ns, LONGEST_NS) : 0;
    struct timespec timeout = clock_timespec(left_ns);
    bool reads = tool_capture_wants(session, now_ns);
    tool_connection_polls(&session->link, polls);
    polls[2] = (struct pollfd){.fd = reads ? session->source.descriptor : -1, .events = POLLIN};
    ppoll(polls, 3, &timeout, mask);
}

static void stop(struct tool_session *session)
{
    if (session->stops)
        return;
    session->stops = true;
    tool_capture_close(session);
    tool_session_end(session, 0);
    if (session->link.state != TOOL_LINK_UP)
        session->is_over = true;
}

static void step(struct tool_session *session, const sigset_t *mask)
{
    struct pollfd polls[3] = {{.fd = -1}, {.fd = -1}, {.fd = -1}};
    await(session, mask, polls);
    uint64_t now_ns = tool_now_ns();
    if (asked_to_stop)
        stop(session);
    tool_capture_tick(session, now_ns);
    tool_capture_read(session, polls[2].revents != 0, now_ns);
    if (session->link.state == TOOL_LINK_UP)
        talk(session, polls[0].revents != 0, now_ns);
    else
        advance_link(session, now_ns);
}

/* What is needed before anybody is talked to. */
static int prepare(struct tool_session *session, struct buffer *ret_why)
{
    const struct tool_arguments *arguments = &session->arguments;
    bool spools = arguments->remote && !session->tool.type->waits && arguments->spool_bytes;
    tool_connection_init(&session->link);
    session->source.descriptor = -1;
    session->frame_number = 1;
    session->control_number = 2;
    session->frame.ceiling = PROTOCOL_HEAD + PROTOCOL_BODY_MAX;
    if (getrandom(&session->number, sizeof session->number, 0) != sizeof session->number)
        return -EIO;
    int result = tool_outbox_init(&session->outbox, RING_BYTES, arguments->remote);
    if (!result && arguments->remote)
        result = tool_capture_define(session, protocol_text_of(arguments->source), ret_why);
    if (!result && arguments->target.tls)
        result = tool_connection_secure(&session->link, arguments->target.certificates, ret_why);
    if (!result && spools)
        result =
            tool_outbox_spool(&session->outbox, arguments->spool, arguments->spool_bytes, ret_why);
    if (!result && arguments->announced)
        result =
            tool_announcement_wait(arguments->announced_uuid, &session->arguments.target, ret_why);
    return result;
}

static void begin(struct tool_session *session)
{
    if (session->arguments.remote)
        return;
    tool_connection_use(&session->link, session->arguments.in, session->arguments.out);
    welcome_link(session);
}

static void finish(struct tool_session *session)
{
    tool_capture_close(session);
    tool_connection_done(&session->link);
    tool_outbox_done(&session->outbox);
    tool_options_done(&session->options);
    tool_hop_done(&session->channels);
    protocol_list_done(&session->interfaces);
    buffer_done(&session->frame);
    buffer_done(&session->failure);
    buffer_done(&session->lost_reason);
}

int tool_session_run(struct tool_session *session)
{
    struct buffer why = {0};
    sigset_t mask;
    int result = prepare(session, &why);
    if (result < 0) {
        if (!why.length)
            buffer_add_text(&why, strerror(-result));
        fprintf(stderr, "%s: %.*s\n", session->tool.type->name, (int)why.length,
                (const char *)why.data);
        session->status = 1;
        session->is_over = true;
    } else {
        catch_signals(&mask);
        begin(session);
    }
    buffer_done(&why);
    while (!session->is_over)
        step(session, &mask);
    finish(session);
    return session->status;
}
