/* Growth and formatting for the output buffer. See buffer.h. */
#include "util/buffer.h"

#include <stdio.h>
#include <stdlib.h>

bool buffer_grow(struct buffer *buffer, size_t more)
{
    size_t ceiling = buffer->ceiling ? buffer->ceiling : BUFFER_CEILING;
    if (buffer->failed || more > ceiling || buffer->length > ceiling - more) {
        buffer->failed = true;
        return false;
    }
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < buffer->length + more)
        capacity *= 2;
    if (capacity > ceiling)
        capacity = ceiling;
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_done(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.ceiling = buffer->ceiling};
}

const char *buffer_string(struct buffer *buffer)
{
    uint8_t *end = buffer->failed ? NULL : buffer_room(buffer, 1);
    if (!end)
        return NULL;
    *end = '\0';
    return (const char *)buffer->data;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    uint8_t *room = needed < 0 ? NULL : buffer_room(buffer, (size_t)needed + 1);
    if (!room)
        return;
    va_start(arguments, format);
    vsnprintf((char *)room, (size_t)needed + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)needed;
}
