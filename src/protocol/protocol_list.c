/* Walking and writing the lists of messages. See protocol_list.h. */
#include "protocol/protocol_list.h"

#include "protocol/protocol_block.h"
#include "util/msgpack_read.h"
#include "util/msgpack_write.h"

/* Gives `ret_value` a reader over the next value, however much is in it. */
static bool next_value(struct protocol_list *list, struct reader *ret_value)
{
    struct reader reader = reader_over(list->values.data, list->values.length);
    if (!list->count || msgpack_read_skip(&reader) < 0) {
        list->count = 0;
        return false;
    }
    *ret_value = reader_over(list->values.data, reader.offset);
    list->count--;
    list->values.data += reader.offset;
    list->values.length -= reader.offset;
    return true;
}

static bool read_text(struct reader *value, struct slice *ret_text)
{
    struct msgpack_token token;
    if (msgpack_read_token(value, &token) < 0)
        return false;
    if (token.type != MSGPACK_TEXT && token.type != MSGPACK_BYTES) {
        msgpack_read_skip_rest(value, &token);
        return false;
    }
    *ret_text = token.bytes;
    return true;
}

bool protocol_list_next_text(struct protocol_list *list, struct slice *ret_text)
{
    struct reader value;
    while (next_value(list, &value))
        if (read_text(&value, ret_text))
            return true;
    return false;
}

bool protocol_list_next_interface(struct protocol_list *list,
                                  struct protocol_interface *ret_interface)
{
    struct reader value;
    while (next_value(list, &value)) {
        struct protocol_interface interface = {0};
        if (protocol_block_parse(&protocol_interface_block, &value, &interface) == 0) {
            *ret_interface = interface;
            return true;
        }
    }
    return false;
}

static bool read_time(struct reader *value, uint64_t *ret_time_ns)
{
    struct msgpack_token token;
    if (msgpack_read_token(value, &token) < 0)
        return false;
    if (token.type == MSGPACK_UNSIGNED)
        *ret_time_ns = token.number_unsigned;
    else if (token.type == MSGPACK_INTEGER && token.integer >= 0)
        *ret_time_ns = (uint64_t)token.integer;
    else
        return false;
    return true;
}

/* [channel, begin, end, tuned]; more behind these is of a later norn. */
static bool read_dwell(struct reader *value, struct protocol_dwell *ret_dwell)
{
    struct msgpack_token head, tuned;
    struct protocol_dwell dwell;
    if (msgpack_read_token(value, &head) < 0 || head.type != MSGPACK_LIST || head.count < 4)
        return false;
    if (!read_text(value, &dwell.channel) || !read_time(value, &dwell.begin_ns) ||
        !read_time(value, &dwell.end_ns) || msgpack_read_token(value, &tuned) < 0 ||
        tuned.type != MSGPACK_BOOLEAN)
        return false;
    dwell.tuned = tuned.boolean;
    *ret_dwell = dwell;
    return true;
}

bool protocol_list_next_dwell(struct protocol_list *list, struct protocol_dwell *ret_dwell)
{
    struct reader value;
    while (next_value(list, &value))
        if (read_dwell(&value, ret_dwell))
            return true;
    return false;
}

static void add_text(struct buffer *values, struct slice text)
{
    uint8_t *room = buffer_room(values, MSGPACK_HEAD + text.length);
    if (!room)
        return;
    buffer_advance(values, (size_t)(msgpack_write_text_head(room, text.length) - room));
    buffer_add(values, text.data, text.length);
}

void protocol_list_add_text(struct protocol_list_writer *writer, struct slice text)
{
    add_text(&writer->values, text);
    writer->count++;
}

void protocol_list_add_interface(struct protocol_list_writer *writer,
                                 const struct protocol_interface *interface)
{
    protocol_block_write(&protocol_interface_block, interface, &writer->values);
    writer->count++;
}

void protocol_list_add_dwell(struct protocol_list_writer *writer,
                             const struct protocol_dwell *dwell)
{
    struct buffer *values = &writer->values;
    buffer_add_byte(values, 0x90 | 4); /* an array of four */
    add_text(values, dwell->channel);
    uint8_t *room = buffer_room(values, 3 * MSGPACK_HEAD);
    writer->count++;
    if (!room)
        return;
    uint8_t *at = msgpack_write_u64(room, dwell->begin_ns);
    at = msgpack_write_u64(at, dwell->end_ns);
    at = msgpack_write_bool(at, dwell->tuned);
    buffer_advance(values, (size_t)(at - room));
}

struct protocol_list protocol_list_written(const struct protocol_list_writer *writer)
{
    if (writer->values.failed)
        return (struct protocol_list){0};
    return (struct protocol_list){{writer->values.data, writer->values.length}, writer->count};
}

void protocol_list_clear(struct protocol_list_writer *writer)
{
    writer->values.length = 0;
    writer->values.failed = false;
    writer->count = 0;
}

void protocol_list_done(struct protocol_list_writer *writer)
{
    buffer_done(&writer->values);
    writer->count = 0;
}
