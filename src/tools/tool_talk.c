/* The conversation of a capture tool. See tool_talk.h. */
#include "tools/tool_talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/tool_capture.h"
#include "tools/tool_data.h"
#include "tools/tool_tuner.h"
#include "util/clock.h"

#ifndef NORN_VERSION
#define NORN_VERSION "development"
#endif

enum { RECEIPT_BYTES = 256 * 1024 }; /* sent since the last PING: time for the next */

#define RECEIPT_NS  NS_PER_S       /* … or this long since it, when anything was sent */
#define PATIENCE_NS (5 * NS_PER_S) /* for a PONG, before another PING */

/* A command of the server's: what it is answered with. */
struct answer {
    enum protocol_type type;
    void (*answer)(struct tool_session *session, const struct protocol_message *message);
};

static const struct answer answers[];
static const size_t answers_count;

/* Appends what is wrong where the source had no words for it. */
static void explain(struct buffer *why, int result)
{
    if (!why->length)
        buffer_add_text(why, strerror(-result));
}

static void answer_ping(struct tool_session *session, const struct protocol_message *message)
{
    struct protocol_message pong = {.type = PROTOCOL_PONG, .sequence = message->sequence};
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

static void send_failure(struct tool_session *session, uint32_t sequence, struct protocol_text text)
{
    struct protocol_message failure = {
        .type = PROTOCOL_ERROR, .code = 1, .sequence = sequence, .reason.text = text};
    tool_data_send(session, &failure);
}

static void answer_list(struct tool_session *session, const struct protocol_message *message)
{
    const struct tool_type *type = session->tool.type;
    struct buffer why = {0};
    protocol_list_clear(&session->interfaces);
    int result = type->list ? type->list(&session->tool, &why) : 0;
    struct protocol_message report = {
        .type = PROTOCOL_LIST_REPORT,
        .sequence = tool_data_number(session),
        .list_report = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2),
                        .sequence = message->sequence,
                        .interfaces = protocol_list_written(&session->interfaces),
                        .version = protocol_text_of(NORN_VERSION)}};
    if (result < 0) {
        explain(&why, result);
        send_failure(session, message->sequence, protocol_text_over(&why));
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
        protocol_list_add_text(list, channels->text[i]);
    return protocol_list_written(list);
}

static int probe(struct tool_session *session, struct protocol_text definition,
                 struct buffer *ret_why)
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
    bool is_mine = probe(session, message->reason.text, &why) == 1;
    struct protocol_message report = {.type = PROTOCOL_PROBE_REPORT,
                                      .code = is_mine,
                                      .sequence = message->sequence,
                                      .probe_report = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(3),
                                                       .sequence = message->sequence,
                                                       .text = protocol_text_over(&why)}};
    if (is_mine)
        report.probe_report.interface = (struct protocol_interface){
            .hardware = protocol_text_of(session->source.hardware),
            .capture = protocol_text_of(session->source.capture_interface),
            .channel = protocol_text_of(session->source.channel),
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
        .type = PROTOCOL_OPEN_REPORT,
        .code = 1,
        .sequence = sequence,
        .open_report = {.present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2),
                        .sequence = sequence,
                        .link_type = source->link_type,
                        .capture = protocol_text_of(source->capture_interface),
                        .channels = write_channels(&session->channels, &channels),
                        .channel = protocol_text_of(session->tuner.channel),
                        .hardware = protocol_text_of(source->hardware),
                        .uuid = protocol_text_of(session->uuid),
                        .version = protocol_text_of(NORN_VERSION),
                        .session = session->number}};
    if (session->tuner.hop.on)
        report.open_report.hop = tool_hop_report(&session->tuner.hop, &hops);
    tool_data_send(session, &report);
    protocol_list_done(&channels);
    protocol_list_done(&hops);
}

static void refuse_open(struct tool_session *session, uint32_t sequence, struct protocol_text why)
{
    struct protocol_message report = {
        .type = PROTOCOL_OPEN_REPORT,
        .sequence = sequence,
        .open_report = {.present = PROTOCOL_BIT(1), .sequence = sequence, .text = why}};
    tool_data_send(session, &report);
    tool_session_end(session, 1);
}

/* A source that is open already goes on: the server comes back to it. */
static void answer_open(struct tool_session *session, const struct protocol_message *message)
{
    struct buffer why = {0};
    struct protocol_text definition = message->reason.text;
    int result = 0;
    if (!tool_capture_has(session, definition)) {
        result = tool_capture_define(session, definition, &why);
        if (!result)
            result = tool_capture_open(session, &why);
    }
    if (result < 0) {
        explain(&why, result);
        refuse_open(session, message->sequence, protocol_text_over(&why));
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
    if (configure->present & PROTOCOL_BIT(2))
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
    struct protocol_message report = {.type = PROTOCOL_CONFIGURE_REPORT,
                                      .code = result == 0,
                                      .sequence = message->sequence,
                                      .configure_report = {.present = PROTOCOL_BIT(1),
                                                           .sequence = message->sequence,
                                                           .text = protocol_text_over(&why)}};
    if (session->tuner.hop.on)
        report.configure_report.hop = tool_hop_report(&session->tuner.hop, &list);
    else
        report.configure_report.channel = protocol_text_of(session->tuner.channel);
    tool_data_send(session, &report);
    if (result == -ENODEV)
        tool_capture_fail(session, &why);
    protocol_list_done(&list);
    buffer_done(&why);
}

/* What Kismet's tools answer to anything they do not know. */
static void answer_unknown(struct tool_session *session, uint32_t sequence)
{
    struct protocol_message report = {
        .type = PROTOCOL_PROBE_REPORT,
        .sequence = sequence,
        .probe_report = {.present = PROTOCOL_BIT(1),
                         .sequence = sequence,
                         .text = protocol_text_of("Unsupported request")}};
    tool_data_send(session, &report);
}

static void answer_message(struct tool_session *session, const struct protocol_frame *frame)
{
    struct protocol_message message;
    int result = protocol_message_parse(frame, &message);
    bool is_alive = frame->type == PROTOCOL_PING || frame->type == PROTOCOL_PONG;
    if (session->is_ending && !is_alive)
        return;
    if (result == -EBADMSG) {
        send_failure(session, frame->sequence, protocol_text_of("this request has no whole body"));
        return;
    }
    for (size_t i = 0; result == 0 && i < answers_count; i++)
        if (answers[i].type == message.type) {
            answers[i].answer(session, &message);
            return;
        }
    answer_unknown(session, frame->sequence);
}

/* A server of the older protocol begins with a PING of its own, to see who is there: a head of
 * version 2 without a body and a sequence. */
static long answer_older(struct tool_session *session, struct slice window, size_t version,
                         struct buffer *ret_why)
{
    static const uint8_t head[PROTOCOL_PEEK] = {0xde, 0xca, 0xfb, 0xad, 0xab, 0xcd, 0, 2};
    enum { NAME = 32, SEQUENCE = 4, WHOLE = PROTOCOL_PEEK + NAME + SEQUENCE };
    static const char name[NAME] = "PING";
    if (version != 2 || memcmp(window.data, head, sizeof head) != 0) {
        buffer_printf(ret_why, "the server is speaking the older v%zu protocol, this tool v3",
                      version);
        return -EPROTO;
    }
    if (window.length < WHOLE)
        return 0;
    if (memcmp(window.data + PROTOCOL_PEEK, name, sizeof name) != 0) {
        buffer_add_text(ret_why, "the server is speaking the older v2 protocol, this tool v3");
        return -EPROTO;
    }
    struct protocol_message pong = {.type = PROTOCOL_PONG,
                                    .sequence = load_be32(window.data + PROTOCOL_PEEK + NAME)};
    tool_data_send(session, &pong);
    return WHOLE;
}

/* One frame at the start of the window: its length, 0 when it has not come whole. */
static long answer_frame(struct tool_session *session, struct slice window, struct buffer *ret_why)
{
    struct protocol_frame frame;
    size_t size;
    int result = protocol_frame_parse(window.data, window.length, &frame, &size);
    if (result == -EAGAIN)
        return 0;
    if (result == -EPROTONOSUPPORT)
        return answer_older(session, window, size, ret_why);
    if (result < 0) {
        buffer_add_text(ret_why, "the server sends what is no frame of the capture protocol");
        return result;
    }
    answer_message(session, &frame);
    return (long)size;
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
        .type = PROTOCOL_NEW_SOURCE,
        .sequence = tool_data_number(session),
        .new_source = {.definition = protocol_text_of(session->options.definition),
                       .type = protocol_text_of(session->tool.type->source_type),
                       .uuid = protocol_text_of(session->uuid),
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
    struct protocol_message ping = {.type = PROTOCOL_PING};
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
    {PROTOCOL_PING, answer_ping},
    {PROTOCOL_PONG, answer_pong},
    {PROTOCOL_SHUTDOWN, answer_shutdown},
    {PROTOCOL_LIST_REQUEST, answer_list},
    {PROTOCOL_PROBE_REQUEST, answer_probe},
    {PROTOCOL_OPEN_REQUEST, answer_open},
    {PROTOCOL_CONFIGURE_REQUEST, answer_configure},
};
static const size_t answers_count = sizeof answers / sizeof answers[0];
