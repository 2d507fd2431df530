/* Commands over websockets. See socket_command.h. */
#include "serve/websocket/socket_command.h"

#include <errno.h>
#include <string.h>

#include "util/text.h"

struct format_name {
    const char *name;
    enum format format;
};

static const struct format_name formats[];
static const size_t formats_count;

static int read_format(struct socket_command *command, struct buffer *ret_why)
{
    const char *name;
    size_t length;
    int error = command_text(&command->command, "format", &name, &length);
    for (size_t i = 0; !error && i < formats_count; i++)
        if (strcmp(formats[i].name, name) == 0) {
            command->format = formats[i].format;
            return 0;
        }
    if (error == -ENOENT)
        return 0;
    buffer_add_text(ret_why, "format must be one of:");
    for (size_t i = 0; i < formats_count; i++)
        buffer_printf(ret_why, " %s", formats[i].name);
    return -EINVAL;
}

static int read_fields(struct socket_command *command, struct buffer *ret_why)
{
    int error = command_fields(&command->command, &command->fields, &command->field_count, ret_why);
    return error == -ENOENT ? 0 : error;
}

int socket_command_parse(const void *bytes, size_t length, struct socket_command *ret_command,
                         struct buffer *ret_why)
{
    *ret_command = (struct socket_command){.format = FORMAT_JSON};
    int error =
        command_parse_json(bytes, length, &ret_command->arena, &ret_command->command, ret_why);
    if (!error)
        error = read_fields(ret_command, ret_why);
    if (!error)
        error = read_format(ret_command, ret_why);
    if (error == -ENOMEM)
        buffer_add_text(ret_why, "out of memory");
    return error;
}

void socket_command_done(struct socket_command *command)
{
    arena_done(&command->arena);
}

struct websocket_message *socket_command_message(enum format format, const struct buffer *document)
{
    enum websocket_kind kind = format == FORMAT_MSGPACK ? WEBSOCKET_BINARY : WEBSOCKET_TEXT;
    return document->failed ? NULL : websocket_message_new(kind, document->data, document->length);
}

static void send_member(struct websocket *socket, const char *key, const void *text, size_t length)
{
    struct buffer document = {0};
    struct emitter emitter = {.buffer = &document, .format = FORMAT_JSON};
    emit_map_begin(&emitter, FIELD_RECORD, 1);
    emit_name(&emitter, key, strlen(key));
    emit_text(&emitter, text, length);
    emit_map_end(&emitter);
    if (!document.failed)
        websocket_send_bytes(socket, WEBSOCKET_TEXT, document.data, document.length);
    buffer_done(&document);
}

void socket_command_answer(struct websocket *socket, const char *key, const char *text)
{
    send_member(socket, key, text, strlen(text));
}

void socket_command_refuse(struct websocket *socket, struct buffer *why)
{
    struct buffer text = {0};
    text_add_printable(&text, why->data, why->length);
    send_member(socket, "error", text.data, text.length);
    buffer_done(&text);
    buffer_done(why);
}

int socket_command_take(struct websocket *socket, const void *bytes, size_t length,
                        int (*obey)(void *context, const struct socket_command *command,
                                    struct buffer *ret_why))
{
    struct socket_command command;
    struct buffer why = {0};
    int error = socket_command_parse(bytes, length, &command, &why);
    if (!error)
        error = obey(websocket_context(socket), &command, &why);
    if (error)
        socket_command_refuse(socket, &why);
    buffer_done(&why);
    socket_command_done(&command);
    return error;
}

static const struct format_name formats[] = {
    {"json", FORMAT_JSON},         {"prettyjson", FORMAT_PRETTY}, {"tjson", FORMAT_UNDERSCORE},
    {"ekjson", FORMAT_UNDERSCORE}, {"itjson", FORMAT_JSON},       {"msgpack", FORMAT_MSGPACK},
};
static const size_t formats_count = sizeof formats / sizeof *formats;
