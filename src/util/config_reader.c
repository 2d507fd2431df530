/* Follows includes and collects lines. See config_reader.h. */
#include "util/config_reader.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* Appends "PATH:LINE: sentence" in printable form: paths and values may hold anything. */
static void add_message(struct buffer *buffer, const char *path, unsigned line, const char *format,
                        va_list arguments)
{
    char sentence[1024];
    struct buffer place = {0};
    if (path && line)
        buffer_printf(&place, "%s:%u: ", path, line);
    else if (path)
        buffer_printf(&place, "%s: ", path);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    text_add_printable(buffer, place.data, place.length);
    text_add_printable(buffer, sentence, strlen(sentence));
    buffer_done(&place);
}

void config_reader_error(struct config_reader *reader, const char *path, unsigned line,
                         const char *format, ...)
{
    va_list arguments;
    if (++reader->error_count > CONFIG_MESSAGES_MAX)
        return;
    va_start(arguments, format);
    if (reader->why->length)
        buffer_add_byte(reader->why, '\n');
    add_message(reader->why, path, line, format, arguments);
    va_end(arguments);
}

void config_reader_warn(struct config_reader *reader, const char *path, unsigned line,
                        const char *format, ...)
{
    va_list arguments;
    struct buffer text = {0};
    if (++reader->warning_count > CONFIG_MESSAGES_MAX || !reader->request->on_warning)
        return;
    va_start(arguments, format);
    add_message(&text, path, line, format, arguments);
    va_end(arguments);
    const char *message = buffer_string(&text);
    if (message)
        reader->request->on_warning(reader->request->context, message);
    buffer_done(&text);
}

static bool was_read(const struct config_reader *reader, const char *path)
{
    const struct config *config = reader->config;
    for (size_t i = 0; i < config->file_count; i++)
        if ((config->files[i].group == reader->group || config->files[i].group == 0) &&
            strcmp(config->files[i].path, path) == 0)
            return true;
    return false;
}

/* Puts a file on the list of those read; its path as kept there, or NULL without memory. */
static const char *note_file(struct config_reader *reader, const char *path)
{
    struct config *config = reader->config;
    char *copy = strdup(path);
    struct config_file *files =
        copy ? reallocarray(config->files, config->file_count + 1, sizeof *files) : NULL;
    if (!files) {
        free(copy);
        return NULL;
    }
    config->files = files;
    files[config->file_count++] = (struct config_file){copy, reader->layer, reader->group};
    return copy;
}

/* Where an included path is: escapes replaced, relative to the directory of the file it stands
 * in. Allocated; NULL without memory. */
static char *resolve(const struct config_reader *reader, const char *from, const char *value)
{
    struct buffer path = {0};
    const char *slash = strrchr(from, '/');
    if (*value != '/' && *value != '%' && *value != '~' && slash)
        buffer_add(&path, from, (size_t)(slash - from) + 1);
    config_expand(reader->config, value, &path);
    if (!buffer_string(&path)) {
        buffer_done(&path);
        return NULL;
    }
    return (char *)path.data;
}

static void add_override(struct config_reader *reader, char *path)
{
    char **list = reader->override_count < CONFIG_FILES_MAX
                      ? reallocarray(reader->overrides, reader->override_count + 1, sizeof *list)
                      : NULL;
    if (!list)
        return;
    reader->overrides = list;
    path = strdup(path);
    if (path)
        list[reader->override_count++] = path;
}

const char *config_reader_explain(int result)
{
    switch (result) {
    case -ELOOP: return "it includes itself, or includes are nested too deep";
    case -EMFILE: return "too many configuration files";
    case -EFBIG: return "it is too large for a configuration file";
    default: return strerror(-result);
    }
}

/* One include= or opt_include= line on its way to its files. */
struct inclusion {
    struct config_reader *reader;
    const char *from;
    unsigned line;
    bool required;
};

static void include_one(void *context, const char *path)
{
    const struct inclusion *inclusion = context;
    int result = config_reader_file(inclusion->reader, path);
    if (result == 0 || (!inclusion->required && (result == -ENOENT || result == -ENOTDIR)))
        return;
    if (inclusion->required)
        config_reader_error(inclusion->reader, inclusion->from, inclusion->line,
                            "cannot read %s: %s", path, config_reader_explain(result));
    else
        config_reader_warn(inclusion->reader, inclusion->from, inclusion->line,
                           "cannot read %s: %s", path, config_reader_explain(result));
}

static void list_by_glob(const char *pattern, void (*on_path)(void *, const char *), void *context)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc && i < CONFIG_FILES_MAX; i++)
        on_path(context, found.gl_pathv[i]);
    globfree(&found);
}

static void each_path(struct config_reader *reader, const char *pattern,
                      void (*on_path)(void *, const char *), void *context)
{
    const struct config_request *request = reader->request;
    if (!strpbrk(pattern, "*?["))
        on_path(context, pattern);
    else if (request->list_paths)
        request->list_paths(request->context, pattern, on_path, context);
    else
        list_by_glob(pattern, on_path, context);
}

static void override_one(void *context, const char *path)
{
    add_override(context, (char *)path);
}

/* Acts on the reader's own keys; false for any other. */
static bool follow_directive(struct config_reader *reader, const char *from,
                             const struct config_line *line)
{
    bool required = strcmp(line->key, "include") == 0;
    bool overriding = strcmp(line->key, "opt_override") == 0;
    if (!required && !overriding && strcmp(line->key, "opt_include") != 0)
        return false;
    char *path = resolve(reader, from, line->value);
    struct inclusion inclusion = {reader, from, line->number, required};
    if (!path)
        config_reader_error(reader, from, line->number, "out of memory");
    else if (overriding)
        each_path(reader, path, override_one, reader);
    else if (required)
        include_one(&inclusion, path);
    else
        each_path(reader, path, include_one, &inclusion);
    free(path);
    return true;
}

static void take_line(struct config_reader *reader, const char *path,
                      const struct config_line *line)
{
    if (!*line->key) {
        config_reader_warn(reader, path, line->number, "a value without a key; line ignored");
        return;
    }
    if (!line->bare && !*line->value) {
        config_reader_warn(reader, path, line->number, "%.80s has no value; line ignored",
                           line->key);
        return;
    }
    if (follow_directive(reader, path, line))
        return;
    int result = config_entries_add(reader->entries, line, path, reader->layer);
    if (result != 0)
        config_reader_error(reader, path, line->number, "%s",
                            result == -ENOSPC ? "too many lines in all" : "out of memory");
}

static void take_lines(struct config_reader *reader, const char *path, struct buffer *text)
{
    struct config_line line = {0};
    size_t offset = 0;
    for (int result; (result = config_file_next(text, &offset, &line)) != 0;) {
        if (reader->error_count > CONFIG_MESSAGES_MAX)
            return;
        if (result == -EMSGSIZE)
            config_reader_error(reader, path, line.number, "the line is longer than %d bytes",
                                CONFIG_LINE_MAX);
        else if (result < 0)
            config_reader_error(reader, path, line.number, "the line holds a NUL byte: not text");
        else
            take_line(reader, path, &line);
    }
}

int config_reader_file(struct config_reader *reader, const char *path)
{
    for (unsigned i = 0; i < reader->depth; i++)
        if (strcmp(reader->stack[i], path) == 0)
            return -ELOOP;
    if (was_read(reader, path))
        return 0;
    if (reader->depth >= CONFIG_DEPTH_MAX)
        return -ELOOP;
    if (reader->config->file_count >= CONFIG_FILES_MAX)
        return -EMFILE;
    struct buffer text = {.ceiling = 2 * CONFIG_FILE_MAX};
    int result = config_file_load(reader->request, path, &text);
    const char *kept = result == 0 ? note_file(reader, path) : NULL;
    if (result == 0 && kept) {
        reader->stack[reader->depth++] = kept;
        take_lines(reader, kept, &text);
        reader->depth--;
    }
    buffer_done(&text);
    return result ? result : kept ? 0 : -ENOMEM;
}

void config_reader_done(struct config_reader *reader)
{
    for (size_t i = 0; i < reader->override_count; i++)
        free(reader->overrides[i]);
    free(reader->overrides);
    reader->overrides = NULL;
    reader->override_count = 0;
}
