/* Reads a configuration file whole and cuts it into lines. See config_file.h. */
#include "util/config_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int open_plain(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return descriptor < 0 ? -errno : descriptor;
}

static int read_all(int descriptor, struct buffer *buffer)
{
    for (;;) {
        uint8_t *room = buffer_room(buffer, 4096);
        if (!room)
            return -EFBIG;
        ssize_t count = read(descriptor, room, 4096);
        if (count == 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return -errno;
        if (count > 0)
            buffer_advance(buffer, (size_t)count);
        if (buffer->length > CONFIG_FILE_MAX)
            return -EFBIG;
    }
}

int config_file_load(const struct config_request *request, const char *path, struct buffer *buffer)
{
    int descriptor =
        request->open_read ? request->open_read(request->context, path) : open_plain(path);
    if (descriptor < 0)
        return descriptor;
    int result = read_all(descriptor, buffer);
    close(descriptor);
    buffer_add_byte(buffer, '\0');
    return buffer->failed ? -EFBIG : result;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

static const char *resolve_alias(const char *key)
{
    return strcmp(key, "ncsource") == 0 ? "source" : key;
}

void config_file_split(char *text, struct config_line *ret_line)
{
    char *equals = strchr(text, '=');
    ret_line->bare = !equals;
    ret_line->append = equals && equals > text && equals[-1] == '+';
    ret_line->value = equals ? trim(equals + 1) : "";
    if (equals)
        equals[ret_line->append ? -1 : 0] = '\0';
    char *key = trim(text);
    for (char *letter = key; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
    ret_line->key = resolve_alias(key);
}

/* Ends the line that starts at `*offset` with a NUL and moves on; NULL at the end of the file. */
static char *take_line(struct buffer *text, size_t *offset, size_t *ret_length)
{
    size_t left = text->length - *offset;
    if (left <= 1) /* only the closing NUL */
        return NULL;
    char *line = (char *)text->data + *offset;
    char *end = memchr(line, '\n', left - 1);
    *ret_length = end ? (size_t)(end - line) : left - 1;
    line[*ret_length] = '\0';
    *offset += *ret_length + (end != NULL);
    return line;
}

int config_file_next(struct buffer *text, size_t *offset, struct config_line *ret_line)
{
    size_t length;
    if (*offset == 0) {
        ret_line->number = 0;
        if (text->length > 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
            *offset = 3; /* a byte order mark, as some editors leave */
    }
    for (char *line; (line = take_line(text, offset, &length));) {
        ret_line->number++;
        if (length > CONFIG_LINE_MAX)
            return -EMSGSIZE;
        if (memchr(line, '\0', length))
            return -EILSEQ;
        line = trim(line);
        if (!*line || *line == '#')
            continue;
        config_file_split(line, ret_line);
        return 1;
    }
    return 0;
}
