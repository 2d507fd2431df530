/* The conversation of a capture tool. See tool_talk.h. */
#include "tools/tool_talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/tool_capture.h"
#include "tools/tool_data.h"
#include "tools/tool_tuner.h"

#ifndef NORN_VERSION
#define NORN_VERSION "development"
#endif

enum { RECEIPT_BYTES = 256 * 1024 }; /* sent since the last PING: time for the next */

#define RECEIPT_NS  TOOL_NS_PER_S       /* … or this long since it, when anything was sent */
#define PATIENCE_NS (5 * TOOL_NS_PER_S) /* for a PONG, before another PING */

/* A command of the server's: what it is answered with. */
struct answer {
    enum protocol_command command;
    void (*answer)(struct tool_session *session, const struct protocol_message *message);
};

static const struct answer answers[];
static const size_t answers_count;

static struct slice slice_over(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}

/* Appends what is wrong where the source had no words for it. */
static void explain(struct buffer *why, int result)
{
    if (!why->length)
        buffer_add_text(why, strerror(-result));
}

static void answer_ping(struct tool_session *session, const struct protocol_message *message)
{
    struct protocol_message pong = {.command = PROTOCOL_PONG, .sequence = message->sequence};
    session->pinged_ns = tool_now_ns();
    tool_data_send(session, &pong);
}

static void answer_pong(struct tool_session *session, const struct protocol_message *message)
{
    struct tool_receipt *receipt = &session->receipt;
    if (!receipt->pending || message->sequence != receipt->sequence)
        return;
    receipt->pending = false;
    tool_outbox_acknowledge(&session->outbox, receipt->place);
}

static void answer_shutdown(struct tool_session *session, const struct protocol_message *message)
{
    session->stops = true;
    tool_capture_close(session);
    tool_session_end(session, 0);
}

static void send_failure(struct tool_session *session, uint32_t sequence, struct slice text)
{
    struct protocol_message failure = {
        .command = PROTOCOL_FAILURE, .code = 1, .sequence = sequence, .text = {.text = text}};
    tool_data_send(session, &failure);
}

static void answer_list(struct tool_session *session, const struct protocol_message *message)
{
    const struct tool_type *type = session->tool.type;
    struct buffer why = {0};
    protocol_list_clear(&session->interfaces);
    int result = type->list ? type->list(&session->tool, &why) : 0;
    struct protocol_message report = {
        .command = PROTOCOL_LISTREPORT,
        .sequence = tool_data_number(session),
        .list_report = {.has = PROTOCOL_BIT(1) | PROTOCOL_BIT(2),
                        .sequence = message->sequence,
                        .interfaces = protocol_list_written(&session->interfaces),
                        .version = slice_of(NORN_VERSION)}};
    if (result < 0) {
        explain(&why, result);
        send_failure(session, message->sequence, slice_over(&why));
    } else {
        tool_data_send(session, &report);
    }
    buffer_done(&why);
    tool_session_end(session, result < 0);
}

static struct protocol_list write_channels(const struct tool_channels *channels,
                                           struct protocol_list_writer *list)
{
    for (size_t i = 0; i < channels->count; i++)
        protocol_list_add_text(list, slice_of(channels->text[i]));
    return protocol_list_written(list);
}

static int probe(struct tool_session *session, struct slice definition, struct buffer *ret_why)
{
    const struct tool_type *type = session->tool.type;
    session->source = (struct tool_source){.descriptor = -1};
    tool_hop_done(&session->channels);
    int result = tool_capture_define(session, definition, ret_why);
    return result < 0 || !type->probe ? result
                                      : type->probe(&session->tool, &session->source, ret_why);
}

static void answer_probe(struct tool_session *session, const struct protocol_message *message)
{
    struct buffer why = {0};
    struct protocol_list_writer list = {0};
    bool is_mine = probe(session, message->text.text, &why) == 1;
    struct protocol_message report = {.command = PROTOCOL_PROBEREPORT,
                                      .code = is_mine,
                                      .sequence = message->sequence,
                                      .probe_report = {.has = PROTOCOL_BIT(1) | PROTOCOL_BIT(3),
                                                       .sequence = message->sequence,
                                                       .text = slice_over(&why)}};
    if (is_mine)
        report.probe_report.interface = (struct protocol_interface){
            .hardware = slice_of(session->source.hardware),
            .capture_interface = slice_of(session->source.capture_interface),
            .channel = slice_of(session->source.channel),
            .channels = write_channels(&session->channels, &list)};
    tool_data_send(session, &report);
    protocol_list_done(&list);
    buffer_done(&why);
    tool_session_end(session, 0);
}

static void report_open(struct tool_session *session, uint32_t sequence)
{
    struct protocol_list_writer channels = {0}, hops = {0};
    const struct tool_source *source = &session->source;
    struct protocol_message report = {
        .command = PROTOCOL_OPENREPORT,
        .code = 1,
        .sequence = sequence,
        .open_report = {.has = PROTOCOL_BIT(1) | PROTOCOL_BIT(2),
                        .sequence = sequence,
                        .link_type = source->link_type,
                        .capture_interface = slice_of(source->capture_interface),
                        .channels = write_channels(&session->channels, &channels),
                        .channel = slice_of(session->tuner.channel),
                        .hardware = slice_of(source->hardware),
                        .uuid = slice_of(session->uuid),
                        .version = slice_of(NORN_VERSION),
                        .session = session->number}};
    if (session->tuner.hop.on)
        report.open_report.hop = tool_hop_report(&session->tuner.hop, &hops);
    tool_data_send(session, &report);
    protocol_list_done(&channels);
    protocol_list_done(&hops);
}

static void refuse_open(struct tool_session *session, uint32_t sequence, struct slice why)
{
    struct protocol_message report = {
        .command = PROTOCOL_OPENREPORT,
        .sequence = sequence,
        .open_report = {.has = PROTOCOL_BIT(1), .sequence = sequence, .text = why}};
    tool_data_send(session, &report);
    tool_session_end(session, 1);
}

/* A source that is open already goes on: the server comes back to it. */
static void answer_open(struct tool_session *session, const struct protocol_message *message)
{
    struct buffer why = {0};
    struct slice definition = message->text.text;
    int result = 0;
    if (!tool_capture_has(session, definition)) {
        result = tool_capture_define(session, definition, &why);
        if (!result)
            result = tool_capture_open(session, &why);
    }
    if (result < 0) {
        explain(&why, result);
        refuse_open(session, message->sequence, slice_over(&why));
    } else {
        session->served = true;
        session->receipt.asked_ns = 0;
        report_open(session, message->sequence);
    }
    buffer_done(&why);
}

static int configure(struct tool_session *session, const struct protocol_configure *configure,
                     struct buffer *ret_why)
{
    if (!session->is_open || !session->tool.type->tune || session->source.fixed) {
        buffer_add_text(ret_why, session->is_open ? "this source cannot be tuned"
                                                  : "there is no open source to tune");
        return -EINVAL;
    }
    if (configure->channel.length)
        return tool_tuner_lock(session, configure->channel, ret_why);
    if (configure->has & PROTOCOL_BIT(PROTOCOL_CONFIGURE_HOP))
        return tool_tuner_hop(session, &configure->hop, ret_why);
    buffer_add_text(ret_why, "neither a channel nor a list of them");
    return -EINVAL;
}

static void answer_configure(struct tool_session *session, const struct protocol_message *message)
{
    struct buffer why = {0};
    struct protocol_list_writer list = {0};
    int result = configure(session, &message->configure, &why);
    if (result < 0)
        explain(&why, result);
    struct protocol_message report = {.command = PROTOCOL_CONFIGREPORT,
                                      .code = result == 0,
                                      .sequence = message->sequence,
                                      .configure_report = {.has = PROTOCOL_BIT(1),
                                                           .sequence = message->sequence,
                                                           .text = slice_over(&why)}};
    if (session->tuner.hop.on)
        report.configure_report.hop = tool_hop_report(&session->tuner.hop, &list);
    else
        report.configure_report.channel = slice_of(session->tuner.channel);
    tool_data_send(session, &report);
    if (result == -ENODEV)
        tool_capture_fail(session, &why);
    protocol_list_done(&list);
    buffer_done(&why);
}

/* What Kismet's tools answer to anything they do not know. */
static void answer_unknown(struct tool_session *session, uint32_t sequence)
{
    struct protocol_message report = {.command = PROTOCOL_PROBEREPORT,
                                      .sequence = sequence,
                                      .probe_report = {.has = PROTOCOL_BIT(1),
                                                       .sequence = sequence,
                                                       .text = slice_of("Unsupported request")}};
    tool_data_send(session, &report);
}

static void answer_message(struct tool_session *session, const struct protocol_frame *frame)
{
    struct protocol_message message;
    int result = protocol_message_parse(frame, &message);
    bool is_alive = frame->command == PROTOCOL_PING || frame->command == PROTOCOL_PONG;
    if (session->is_ending && !is_alive)
        return;
    if (result == -EPROTO) {
        send_failure(session, frame->sequence, slice_of("this request has no whole body"));
        return;
    }
    for (size_t i = 0; result == 0 && i < answers_count; i++)
        if (answers[i].command == message.command) {
            answers[i].answer(session, &message);
            return;
        }
    answer_unknown(session, frame->sequence);
}

/* A server of the older protocol begins with a PING of its own, to see who is there. */
static int answer_older(struct tool_session *session, const struct protocol_frame *frame,
                        struct buffer *ret_why)
{
    struct protocol_message pong = {.command = PROTOCOL_PONG, .sequence = frame->sequence};
    if (frame->version != 2 || frame->name.length != 4 ||
        memcmp(frame->name.data, "PING", 4) != 0) {
        buffer_printf(ret_why, "the server is speaking the older v%u protocol, this tool v3",
                      frame->version);
        return -EPROTO;
    }
    tool_data_send(session, &pong);
    return 0;
}

/* One frame at the start of the window: its length, 0 when it has not come whole. */
static long answer_frame(struct tool_session *session, struct slice window, struct buffer *ret_why)
{
    struct protocol_frame frame;
    size_t need;
    int result = protocol_frame_parse(window.data, window.length, &frame, &need);
    if (result == -EAGAIN)
        return 0;
    if (result < 0) {
        buffer_add_text(ret_why, "the server sends what is no frame of the capture protocol");
        return result;
    }
    if (frame.version == 3)
        answer_message(session, &frame);
    else if ((result = answer_older(session, &frame, ret_why)) < 0)
        return result;
    return (long)frame.length;
}

int tool_talk_answer(struct tool_session *session, struct buffer *ret_why)
{
    struct buffer *input = &session->link.input;
    size_t done = 0;
    long length = 1;
    while (length > 0 && done < input->length) {
        struct slice window = {input->data + done, input->length - done};
        length = answer_frame(session, window, ret_why);
        if (length > 0)
            done += (size_t)length;
    }
    input->length -= done;
    if (done)
        memmove(input->data, input->data + done, input->length);
    return length < 0 ? (int)length : 0;
}

void tool_talk_introduce(struct tool_session *session)
{
    struct protocol_message message = {
        .command = PROTOCOL_NEWSOURCE,
        .sequence = tool_data_number(session),
        .new_source = {.definition = slice_of(session->options.definition),
                       .type = slice_of(session->tool.type->source_type),
                       .uuid = slice_of(session->uuid),
                       .session = session->number}};
    tool_data_send(session, &message);
}

uint64_t tool_talk_due(const struct tool_session *session)
{
    const struct tool_receipt *receipt = &session->receipt;
    if (!session->outbox.keeps || !session->served)
        return UINT64_MAX;
    if (!receipt->asked_ns)
        return 0;
    if (receipt->pending)
        return receipt->asked_ns + PATIENCE_NS;
    uint64_t sent = session->outbox.sent.bytes - receipt->place.bytes;
    if (!sent)
        return UINT64_MAX;
    return sent >= RECEIPT_BYTES || session->is_ending ? 0 : receipt->asked_ns + RECEIPT_NS;
}

void tool_talk_ask(struct tool_session *session, uint64_t now_ns)
{
    struct protocol_message ping = {.command = PROTOCOL_PING};
    if (tool_talk_due(session) > now_ns)
        return;
    ping.sequence = tool_data_number(session);
    session->receipt = (struct tool_receipt){.pending = true,
                                             .sequence = ping.sequence,
                                             .place = session->outbox.sent,
                                             .asked_ns = now_ns};
    tool_data_send(session, &ping);
}

static const struct answer answers[] = {
    {PROTOCOL_PING, answer_ping},           {PROTOCOL_PONG, answer_pong},
    {PROTOCOL_SHUTDOWN, answer_shutdown},   {PROTOCOL_LISTREQ, answer_list},
    {PROTOCOL_PROBEREQ, answer_probe},      {PROTOCOL_OPENREQ, answer_open},
    {PROTOCOL_CONFIGREQ, answer_configure},
};
static const size_t answers_count = sizeof answers / sizeof answers[0];
