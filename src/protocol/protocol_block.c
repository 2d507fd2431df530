/* Reading and writing blocks by their tables. See protocol_block.h. */
#include "protocol/protocol_block.h"

#include "util/msgpack_write.h"
#include "util/text.h"

enum { TEXT_HEAD = 5 };

static void *member(void *block, const struct protocol_field *field)
{
    return (uint8_t *)block + field->offset;
}

static const struct protocol_field *find_field(const struct protocol_table *table, int64_t key)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].key == key)
            return &table->fields[i];
    return NULL;
}

/* The values of an array whose head was read; the reader is past them. */
static struct protocol_list take_list(struct reader *reader, const struct msgpack_token *token)
{
    const uint8_t *begin = reader->data + reader->offset;
    msgpack_skip_rest(reader, token);
    if (reader->failed || token->kind != MSGPACK_IS_ARRAY)
        return (struct protocol_list){0};
    return (struct protocol_list){begin, (size_t)(reader->data + reader->offset - begin),
                                  token->count};
}

/* A run of bytes, whether it came as text or as binary. */
static struct protocol_bytes take_bytes(struct reader *reader, const struct msgpack_token *token)
{
    bool is_run = token->kind == MSGPACK_IS_TEXT || token->kind == MSGPACK_IS_BINARY;
    msgpack_skip_rest(reader, token);
    return is_run ? (struct protocol_bytes){token->bytes, token->length}
                  : (struct protocol_bytes){0};
}

static void read_value(const struct protocol_field *field, struct reader *reader, void *target)
{
    if (field->kind == PROTOCOL_BLOCK) {
        protocol_block_parse(field->table, reader, target);
        return;
    }
    struct msgpack_token token = msgpack_read(reader);
    struct protocol_bytes run;
    switch ((enum protocol_kind)field->kind) {
    case PROTOCOL_LIST: *(struct protocol_list *)target = take_list(reader, &token); return;
    case PROTOCOL_BINARY: *(struct protocol_bytes *)target = take_bytes(reader, &token); return;
    case PROTOCOL_TEXT:
        run = take_bytes(reader, &token);
        *(struct protocol_text *)target =
            (struct protocol_text){(const char *)run.bytes, run.length};
        return;
    case PROTOCOL_BOOLEAN: *(bool *)target = msgpack_integer(&token) != 0; break;
    case PROTOCOL_UINT: {
        int64_t number = msgpack_integer(&token);
        *(uint64_t *)target = token.kind == MSGPACK_IS_UNSIGNED ? token.number
                              : number > 0                      ? (uint64_t)number
                                                                : 0;
        break;
    }
    case PROTOCOL_SIGNED:
        *(int32_t *)target = (int32_t)(uint32_t)(uint64_t)msgpack_integer(&token);
        break;
    case PROTOCOL_REAL: *(double *)target = msgpack_real(&token); break;
    case PROTOCOL_BLOCK: break;
    }
    msgpack_skip_rest(reader, &token);
}

bool protocol_block_parse(const struct protocol_table *table, struct reader *reader,
                          void *ret_block)
{
    uint64_t *present = ret_block;
    memset(ret_block, 0, table->size);
    if (!reader_left(reader) && !reader->failed)
        return true;
    struct msgpack_token map = msgpack_read(reader);
    if (map.kind != MSGPACK_IS_MAP) {
        msgpack_skip_rest(reader, &map);
        return false;
    }
    for (uint32_t i = 0; i < map.count && !reader->failed; i++) {
        struct msgpack_token key = msgpack_read(reader);
        msgpack_skip_rest(reader, &key);
        const struct protocol_field *field =
            key.kind == MSGPACK_IS_INTEGER ? find_field(table, key.integer) : NULL;
        if (!field || *present & PROTOCOL_BIT(field->key)) {
            msgpack_skip(reader);
            continue;
        }
        read_value(field, reader, member(ret_block, field));
        *present |= reader->failed ? 0 : PROTOCOL_BIT(field->key);
    }
    return !reader->failed;
}

static void add_token(struct buffer *buffer, uint8_t *(*write)(uint8_t *at, uint64_t number),
                      uint64_t number)
{
    uint8_t *room = buffer_room(buffer, MSGPACK_NUMBER);
    if (room)
        buffer_advance(buffer, (size_t)(write(room, number) - room));
}

static uint8_t *put_map(uint8_t *at, uint64_t count)
{
    return msgpack_write_map(at, (uint32_t)count);
}

static uint8_t *put_array(uint8_t *at, uint64_t count)
{
    return msgpack_write_array(at, (uint32_t)count);
}

static uint8_t *put_uint(uint8_t *at, uint64_t number)
{
    return msgpack_write_u64(at, number);
}

static uint8_t *put_real(uint8_t *at, uint64_t bits)
{
    return msgpack_write_64(at, MSGPACK_FLOAT64, bits);
}

static void add_real(struct buffer *buffer, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    add_token(buffer, put_real, bits);
}

/* The head of a str or bin, then its bytes. */
static void add_run(struct buffer *buffer, bool is_text, const void *bytes, size_t length)
{
    uint8_t *room = buffer_room(buffer, TEXT_HEAD + length), *at = room;
    if (!room)
        return;
    if (is_text && length < 32)
        *at++ = (uint8_t)(MSGPACK_FIXSTR | length);
    else if (length <= UINT8_MAX)
        at = msgpack_write_8(at, is_text ? MSGPACK_STR8 : MSGPACK_BIN8, (uint8_t)length);
    else if (length <= UINT16_MAX)
        at = msgpack_write_16(at, is_text ? MSGPACK_STR16 : MSGPACK_BIN8 + 1, (uint16_t)length);
    else
        at = msgpack_write_32(at, is_text ? MSGPACK_STR32 : MSGPACK_BIN32, (uint32_t)length);
    if (length)
        memcpy(at, bytes, length);
    buffer_advance(buffer, (size_t)(at - room) + length);
}

static void write_value(const struct protocol_field *field, const void *source,
                        struct buffer *buffer)
{
    switch ((enum protocol_kind)field->kind) {
    case PROTOCOL_BOOLEAN:
        buffer_add_byte(buffer, *(const bool *)source ? MSGPACK_TRUE : MSGPACK_FALSE);
        break;
    case PROTOCOL_UINT: add_token(buffer, put_uint, *(const uint64_t *)source); break;
    case PROTOCOL_SIGNED: add_token(buffer, put_uint, (uint32_t) * (const int32_t *)source); break;
    case PROTOCOL_REAL: add_real(buffer, *(const double *)source); break;
    case PROTOCOL_TEXT: {
        const struct protocol_text *text = source;
        add_run(buffer, true, text->text, text->length);
        break;
    }
    case PROTOCOL_BINARY: {
        const struct protocol_bytes *bytes = source;
        add_run(buffer, false, bytes->bytes, bytes->length);
        break;
    }
    case PROTOCOL_LIST: {
        const struct protocol_list *list = source;
        add_token(buffer, put_array, list->count);
        buffer_add(buffer, list->bytes, list->length);
        break;
    }
    case PROTOCOL_BLOCK: protocol_block_write(field->table, source, buffer); break;
    }
}

static bool has_members(const struct protocol_table *table, const void *block);

static bool is_zero(const struct protocol_field *field, const void *source)
{
    switch ((enum protocol_kind)field->kind) {
    case PROTOCOL_BOOLEAN: return !*(const bool *)source;
    case PROTOCOL_UINT: return !*(const uint64_t *)source;
    case PROTOCOL_SIGNED: return !*(const int32_t *)source;
    case PROTOCOL_REAL: return *(const double *)source == 0;
    case PROTOCOL_TEXT: return !((const struct protocol_text *)source)->length;
    case PROTOCOL_BINARY: return !((const struct protocol_bytes *)source)->length;
    case PROTOCOL_LIST: return !((const struct protocol_list *)source)->count;
    case PROTOCOL_BLOCK: return !has_members(field->table, source);
    }
    return true;
}

static bool is_written(const struct protocol_field *field, const void *block)
{
    return *(const uint64_t *)block & PROTOCOL_BIT(field->key) ||
           !is_zero(field, (const uint8_t *)block + field->offset);
}

static uint32_t count_members(const struct protocol_table *table, const void *block)
{
    uint32_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += is_written(&table->fields[i], block);
    return count;
}

static bool has_members(const struct protocol_table *table, const void *block)
{
    return count_members(table, block) > 0;
}

void protocol_block_write(const struct protocol_table *table, const void *block,
                          struct buffer *buffer)
{
    add_token(buffer, put_map, count_members(table, block));
    for (size_t i = 0; i < table->count; i++) {
        const struct protocol_field *field = &table->fields[i];
        if (!is_written(field, block))
            continue;
        buffer_add_byte(buffer, field->key);
        write_value(field, (const uint8_t *)block + field->offset, buffer);
    }
}

/* A reader over what is left of a list, when there is a value left. */
static bool begin_value(const struct protocol_list *list, struct reader *ret_reader)
{
    *ret_reader = reader_over(list->bytes, list->length);
    return list->count > 0;
}

static void end_value(struct protocol_list *list, const struct reader *reader)
{
    size_t taken = reader->failed ? list->length : reader->offset;
    list->bytes += taken;
    list->length -= taken;
    list->count = reader->failed ? 0 : list->count - 1;
}

bool protocol_list_text(struct protocol_list *list, struct protocol_text *ret_text)
{
    struct reader reader;
    if (!begin_value(list, &reader))
        return false;
    struct msgpack_token token = msgpack_read(&reader);
    struct protocol_bytes run = take_bytes(&reader, &token);
    *ret_text = (struct protocol_text){(const char *)run.bytes, run.length};
    end_value(list, &reader);
    return !reader.failed;
}

bool protocol_list_block(struct protocol_list *list, const struct protocol_table *table,
                         void *ret_block)
{
    struct reader reader;
    if (!begin_value(list, &reader))
        return false;
    protocol_block_parse(table, &reader, ret_block);
    end_value(list, &reader);
    return !reader.failed;
}

void protocol_list_add_text(struct protocol_list_writer *writer, const char *text)
{
    add_run(&writer->bytes, true, text, strlen(text));
    writer->count++;
}

void protocol_list_add_block(struct protocol_list_writer *writer,
                             const struct protocol_table *table, const void *block)
{
    protocol_block_write(table, block, &writer->bytes);
    writer->count++;
}

struct protocol_list protocol_list_written(const struct protocol_list_writer *writer)
{
    if (writer->bytes.failed)
        return (struct protocol_list){0};
    return (struct protocol_list){writer->bytes.data, writer->bytes.length, writer->count};
}

void protocol_list_clear(struct protocol_list_writer *writer)
{
    writer->bytes.length = 0;
    writer->bytes.failed = false;
    writer->count = 0;
}

void protocol_list_done(struct protocol_list_writer *writer)
{
    buffer_done(&writer->bytes);
    *writer = (struct protocol_list_writer){0};
}

void protocol_text_copy(struct protocol_text text, char *ret_text, size_t room)
{
    size_t length = text.length < room ? text.length : room - 1;
    length = text.text ? text_utf8_valid(text.text, length) : 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text.text[i];
        ret_text[i] = byte < ' ' || byte == 0x7f ? ' ' : (char)byte;
    }
    ret_text[length] = '\0';
}
