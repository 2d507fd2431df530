/* Writing frames. See tool_data.h. */
#include "tools/tool_data.h"

#include <string.h>

#include "util/clock.h"

/* Of the ring: what the packets of a tool that waits leave free, for messages. */
enum { RESERVE = 64 * 1024 };

static uint32_t count_up(uint32_t *number)
{
    uint32_t given = *number;
    if (!++*number)
        ++*number;
    return given;
}

uint32_t tool_data_number(struct tool_session *session)
{
    return count_up(&session->control_number);
}

/* Writes the frame; an empty slice when it is longer than any frame may be. */
static struct slice write_frame(struct tool_session *session,
                                const struct protocol_message *message)
{
    session->frame.length = 0;
    session->frame.failed = false;
    protocol_message_write(message, &session->frame);
    return (struct slice){session->frame.data, session->frame.length};
}

void tool_data_send(struct tool_session *session, const struct protocol_message *message)
{
    tool_connection_send(&session->link, write_frame(session, message));
}

/* The frame of a message under the next number; empty when it is too long, and then it is lost. */
static struct slice number_frame(struct tool_session *session, struct protocol_message *message)
{
    message->sequence = session->frame_number;
    struct slice frame = write_frame(session, message);
    if (frame.length && frame.length + RESERVE <= session->outbox.ring_size)
        return frame;
    session->outbox.dropped++;
    return (struct slice){0};
}

static void queue(struct tool_session *session, struct slice frame)
{
    if (frame.length && tool_outbox_add(&session->outbox, frame))
        count_up(&session->frame_number);
}

/* --fixed-gps, for packets that know no position of their own. */
static void add_position(const struct tool_session *session, struct protocol_gps *gps)
{
    if (!session->arguments.position.fix || gps->fix || gps->present)
        return;
    uint64_t now_ns = tool_wall_ns();
    *gps = session->arguments.position;
    gps->seconds = now_ns / NS_PER_S;
    gps->microseconds = (uint32_t)(now_ns % NS_PER_S / 1000);
}

static void add_report(struct tool_session *session, struct protocol_packet *packet)
{
    const struct tool_type *type = session->tool.type;
    struct protocol_statistics *statistics = &packet->statistics;
    if (type->count)
        type->count(&session->tool, statistics);
    if (!statistics->received)
        statistics->received = session->received;
    statistics->tool_drops += session->outbox.dropped;
    packet->dwells = protocol_list_written(&session->tuner.dwells);
}

/* False when it is a packet for later. */
static bool add_data(struct tool_session *session, struct protocol_message *message)
{
    if (session->report_due)
        add_report(session, &message->packet);
    struct slice frame = number_frame(session, message);
    if (session->tool.type->waits && frame.length &&
        !tool_outbox_fits(&session->outbox, frame.length + RESERVE)) {
        session->is_blocked = true;
        return false;
    }
    queue(session, frame);
    if (session->report_due)
        protocol_list_clear(&session->tuner.dwells);
    session->report_due = false;
    return true;
}

bool tool_data_add(struct tool_session *session, const struct protocol_packet *packet)
{
    struct protocol_message message;
    memset(&message, 0, offsetof(struct protocol_message, packet));
    message.type = PROTOCOL_PACKET;
    message.packet = *packet;
    add_position(session, &message.packet.gps);
    session->received++;
    if (add_data(session, &message))
        return true;
    session->received--;
    return false;
}

void tool_data_report(struct tool_session *session)
{
    struct protocol_message message = {.type = PROTOCOL_PACKET};
    session->report_due = true;
    add_data(session, &message);
}

void tool_data_say(struct tool_session *session, enum protocol_level level, const char *text)
{
    struct protocol_message message = {.type = PROTOCOL_MESSAGE,
                                       .note = {.level = level, .text = protocol_text_of(text)}};
    queue(session, number_frame(session, &message));
}
