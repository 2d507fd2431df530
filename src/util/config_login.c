/* The login of the HTTP server, from the options in force or from the files read again. Input:
 * httpd_username and httpd_password. Output: struct config_login, and whose it is. */
#include <errno.h>
#include <string.h>

#include "util/config.h"
#include "util/config_file.h"
#include "util/config_places.h"

static const char username_key[] = "httpd_username";
static const char password_key[] = "httpd_password";
static const char login_file[] = "kismet_httpd.conf";

/* Copies a value that fits; false for one that is too long. */
static bool copy_value(char *target, size_t size, const char *value)
{
    size_t length = strlen(value);
    if (length >= size)
        return false;
    memcpy(target, value, length + 1);
    return true;
}

/* Both halves are there, none is, or one is lacking. */
static int judge(const struct config_login *login, struct buffer *ret_why)
{
    if (!*login->username && !*login->password)
        return -ENOENT;
    if (*login->username && *login->password)
        return 0;
    buffer_printf(ret_why, "%s is set but %s is not: set both or neither",
                  *login->username ? username_key : password_key,
                  *login->username ? password_key : username_key);
    return -EINVAL;
}

static int finish(struct config_login *login, int result, struct config_login *ret_login)
{
    if (result == 0)
        *ret_login = *login;
    explicit_bzero(login, sizeof *login);
    return result;
}

int config_login_find(const struct config *config, const struct options *options,
                      struct config_login *ret_login, struct buffer *ret_why)
{
    struct config_login login = {.global = config->login_is_global};
    if (!options_find(options, username_key) || !options_find(options, password_key))
        return -ENOENT;
    if (!copy_value(login.username, sizeof login.username, options_text(options, username_key)) ||
        !copy_value(login.password, sizeof login.password, options_text(options, password_key))) {
        buffer_add_text(ret_why, "the user name or password is too long");
        return finish(&login, -EINVAL, ret_login);
    }
    return finish(&login, judge(&login, ret_why), ret_login);
}

/* Takes the halves that a line holds, unless there is one already or it does not fit. */
static void take_line(const struct config_line *line, struct config_login *login)
{
    if (strcmp(line->key, username_key) == 0 && !*login->username)
        copy_value(login->username, sizeof login->username, line->value);
    if (strcmp(line->key, password_key) == 0 && !*login->password)
        copy_value(login->password, sizeof login->password, line->value);
}

/* The halves that one file holds, includes not followed. 0 or -errno when it cannot be read. */
static int scan_file(const struct config_request *request, const char *path,
                     struct config_login *ret_login)
{
    struct buffer text = {.ceiling = 2 * CONFIG_FILE_MAX};
    struct config_line line = {0};
    size_t offset = 0;
    int result = config_file_load(request, path, &text), found;
    *ret_login = (struct config_login){0};
    while (result == 0 && (found = config_file_next(&text, &offset, &line)) != 0)
        if (found == 1)
            take_line(&line, ret_login);
    if (text.data)
        explicit_bzero(text.data, text.length);
    buffer_done(&text);
    return result;
}

/* Lays what a file says over what is known: an override replaces, else the first one counts. */
static void merge(struct config_login *login, const struct config_login *more, bool replaces)
{
    if (*more->username && (replaces || !*login->username))
        memcpy(login->username, more->username, sizeof login->username);
    if (*more->password && (replaces || !*login->password))
        memcpy(login->password, more->password, sizeof login->password);
}

/* The system's part: the files read at the start, one login file that may have come since, and
 * the command line. */
static void scan_system(const struct config *config, const struct config_request *request,
                        struct config_login *login)
{
    struct config_login found;
    struct buffer path = {0};
    bool seen = strcmp(config->config_directory, config->home) == 0;
    buffer_printf(&path, "%s/%s", config->config_directory, login_file);
    const char *here = buffer_string(&path);
    for (size_t i = 0; i < config->file_count; i++) {
        const struct config_file *file = &config->files[i];
        seen |= here && strcmp(file->path, here) == 0;
        if (file->layer != CONFIG_USER && scan_file(request, file->path, &found) == 0)
            merge(login, &found, file->layer == CONFIG_OVERRIDE);
    }
    if (!seen && here && scan_file(request, here, &found) == 0)
        merge(login, &found, false);
    buffer_done(&path);
    explicit_bzero(&found, sizeof found);
}

/* The settings of the command line, the last of a key first in force. */
static void scan_settings(const struct config_request *request, struct config_login *login)
{
    for (size_t i = 0; i < request->setting_count; i++) {
        char copy[2048];
        struct config_line line = {0};
        struct config_login found = {0};
        if (!copy_value(copy, sizeof copy, request->settings[i]))
            continue;
        config_file_split(copy, &line);
        take_line(&line, &found);
        merge(login, &found, true);
        explicit_bzero(copy, sizeof copy);
        explicit_bzero(&found, sizeof found);
    }
}

/* The user's login file, Kismet's where norn's is not there; then the user's norn.conf. */
static void scan_user(const struct config *config, const struct config_request *request,
                      struct config_login *login)
{
    static const char *const names[] = {login_file, "norn.conf"};
    struct config_login found = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buffer path = {0};
        int result = -ENOENT;
        for (int legacy = 0; legacy < 2 && result != 0; legacy++) {
            path.length = 0;
            config_places_user_file(config, names[i], legacy, &path);
            const char *text = buffer_string(&path);
            result = text ? scan_file(request, text, &found) : -ENOMEM;
        }
        if (result == 0)
            merge(login, &found, false);
        buffer_done(&path);
    }
    explicit_bzero(&found, sizeof found);
}

int config_login_again(const struct config *config, const struct config_request *request,
                       struct config_login *ret_login, struct buffer *ret_why)
{
    struct config_login login = {.global = true};
    scan_system(config, request, &login);
    if (!*login.username && !*login.password) {
        login.global = false;
        scan_user(config, request, &login);
    }
    struct config_login fixed = {0};
    scan_settings(request, &fixed);
    if (*fixed.username || *fixed.password)
        login.global = true;
    merge(&login, &fixed, true);
    explicit_bzero(&fixed, sizeof fixed);
    return finish(&login, judge(&login, ret_why), ret_login);
}
