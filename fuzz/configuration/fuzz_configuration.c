/* Configuration text through the whole reader: the input is a handful of files, each begun by a
 * line "@NAME", that stand for a configuration directory; nothing on disk is touched. Whatever
 * they hold, loading ends, within its limits, with options or with an explanation. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/config.h"

struct files {
    const char *text;
    size_t length;
};

/* Where the content of file `name` starts and how long it is; false when there is none. */
static bool find_content(const struct files *files, const char *name, size_t *ret_start,
                         size_t *ret_length)
{
    size_t name_length = strlen(name);
    bool found = false;
    for (size_t at = 0; at < files->length;) {
        const char *line = files->text + at;
        const char *end = memchr(line, '\n', files->length - at);
        size_t length = end ? (size_t)(end - line) : files->length - at;
        size_t next = at + length + (end != NULL);
        if (length && *line == '@') {
            if (found) {
                *ret_length = at - *ret_start;
                return true;
            }
            found = length - 1 == name_length && memcmp(line + 1, name, name_length) == 0;
            *ret_start = next;
        }
        at = next;
    }
    *ret_length = found ? files->length - *ret_start : 0;
    return found;
}

static int open_fake(void *context, const char *path)
{
    const char *name = strrchr(path, '/');
    size_t start = 0, length = 0;
    if (!find_content(context, name ? name + 1 : path, &start, &length))
        return -ENOENT;
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    const struct files *files = context;
    if (file < 0)
        return -errno;
    if (write(file, files->text + start, length) != (ssize_t)length)
        abort();
    lseek(file, 0, SEEK_SET);
    return file;
}

/* Every pattern matches the same two files. */
static void list_fake(void *context, const char *pattern,
                      void (*on_path)(void *path_context, const char *path), void *path_context)
{
    on_path(path_context, "/etc/one.conf");
    on_path(path_context, "/etc/two.conf");
}

static void on_warning(void *context, const char *text)
{
    if (!*text || strchr(text, '\n'))
        abort();
}

static const struct option rows[] = {
    {"flag", OPTION_BOOLEAN, "true", NULL, 0, 0, "Boolean."},
    {"httpd_password", OPTION_TEXT, "", NULL, 0, 0, "Text."},
    {"httpd_port", OPTION_INTEGER, "1", NULL, 1, 65535, "Integer."},
    {"httpd_username", OPTION_TEXT, "", NULL, 0, 0, "Text."},
    {"mode", OPTION_CHOICE, "a", "a|b|auto", 0, 0, "Choice."},
    {"source", OPTION_LIST, "", NULL, 0, 0, "List."},
};

/* What was read must be what the rows allow. */
static void check(const struct options *options, const struct config *config,
                  const struct config_request *request)
{
    struct buffer text = {0};
    struct config_login login;
    int64_t port = options_integer(options, "httpd_port");
    if (port < 1 || port > 65535 || !strstr("a b auto", options_text(options, "mode")))
        abort();
    options_print_list(options, &text);
    config_expand(config, options_text(options, "httpd_username"), &text);
    config_login_find(config, options, &login, &text);
    config_login_again(config, request, &login, &text);
    if (config->file_count > 256)
        abort();
    buffer_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const overrides[] = {"site"};
    static const char *const settings[] = {"mode=b"};
    const struct option_table tables[] = {
        {"General", config_options, config_option_count},
        {"Fuzz", rows, sizeof rows / sizeof *rows},
        {NULL, NULL, 0},
    };
    struct files files = {(const char *)data, size};
    const struct config_request request = {
        .home = "/fuzz/home",
        .config_directory = "/fuzz/etc",
        .overrides = overrides,
        .override_count = size % 2,
        .settings = settings,
        .setting_count = size % 3 == 0,
        .open_read = open_fake,
        .list_paths = list_fake,
        .on_warning = on_warning,
        .context = &files,
    };
    struct options *options = options_new(tables);
    struct config *config = NULL;
    struct buffer why = {0};
    int result = config_load(&request, options, &config, &why);
    if (result == 0)
        check(options, config, &request);
    else if (!why.length || config)
        abort();
    config_free(config);
    options_free(options);
    buffer_done(&why);
    return 0;
}
