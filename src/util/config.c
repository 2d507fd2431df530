/* Configuration: finds the files, layers them (base, overrides, the user's own, the command line)
 * and sets the options. Input: a request. Output: options, the places found, messages. The login
 * has rules of its own: the system's wins over the user's, and SIGHUP reads it again. */
#include "util/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/config_entries.h"
#include "util/config_places.h"
#include "util/config_reader.h"

static const char username_key[] = "httpd_username";
static const char password_key[] = "httpd_password";
static const char login_file[] = "kismet_httpd.conf";

void config_expand(const struct config *config, const char *text, struct buffer *buffer)
{
    if (text[0] == '~' && (text[1] == '/' || !text[1])) {
        buffer_add_text(buffer, config->user_home);
        text++;
    }
    for (; *text; text++) {
        const char *with = NULL;
        switch (text[0] == '%' ? text[1] : '\0') {
        case 'h': with = config->user_home; break;
        case 'E': with = config->config_directory; break;
        case 'S': with = config->data_directory; break;
        case 'B': with = config->binary_directory; break;
        default: break;
        }
        if (with) {
            buffer_add_text(buffer, with);
            text++;
        } else {
            buffer_add_byte(buffer, (uint8_t)*text);
        }
    }
}

const char *config_ignored_reason(const char *key)
{
    for (const struct config_ignored_key *row = config_ignored_keys; row->key; row++) {
        size_t length = strlen(row->key);
        bool prefix = row->key[length - 1] == '*';
        if (prefix ? strncmp(row->key, key, length - 1) == 0 : strcmp(row->key, key) == 0)
            return row->reason;
    }
    return NULL;
}

/* Everything that config_load() carries from step to step. */
struct loading {
    struct config_reader reader;
    struct config_entries base; /* what stands so far, overrides applied */
    struct config_entries over; /* lines of the override being read */
    struct options *options;
};

/* Reads a file that may be missing; true when it was there. */
static bool read_optional(struct config_reader *reader, const char *path)
{
    int result = config_reader_file(reader, path);
    if (result != 0 && result != -ENOENT && result != -ENOTDIR)
        config_reader_warn(reader, NULL, 0, "cannot read %s: %s", path,
                           config_reader_explain(result));
    return result == 0;
}

static bool read_from(struct config_reader *reader, const char *directory, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        return false;
    bool found = read_optional(reader, path);
    free(path);
    return found;
}

static void read_named_file(struct loading *loading, const char *path)
{
    int result = config_reader_file(&loading->reader, path);
    if (result != 0)
        config_reader_error(&loading->reader, NULL, 0, "cannot read %s: %s", path,
                            config_reader_explain(result));
}

/* With -f alone, that file is the configuration: the system's login file gives its login only. */
static void read_login_of_system(struct loading *loading)
{
    struct config_entries login = {0};
    struct config_reader *reader = &loading->reader;
    reader->entries = &login;
    read_from(reader, reader->config->config_directory, login_file);
    reader->entries = &loading->base;
    for (size_t i = 0; i < login.count; i++) {
        struct config_entry *entry = &login.items[i];
        struct config_line line = {.key = entry->key, .value = entry->value, .number = entry->line};
        if (strcmp(entry->key, username_key) == 0 || strcmp(entry->key, password_key) == 0)
            config_entries_add(&loading->base, &line, entry->path, CONFIG_BASE);
    }
    config_entries_done(&login);
}

/* The system's files: -f, else norn.conf and kismet.conf of the configuration directory, then the
 * login file there, unless that directory is the user's own too (then the login is the user's). */
static void read_base(struct loading *loading)
{
    struct config_reader *reader = &loading->reader;
    const struct config_request *request = reader->request;
    const char *directory = reader->config->config_directory;
    bool found = false;
    reader->entries = &loading->base;
    reader->layer = CONFIG_BASE;
    if (request->config_file) {
        read_named_file(loading, request->config_file);
    } else {
        found |= read_from(reader, directory, "norn.conf");
        found |= read_from(reader, directory, "kismet.conf");
    }
    if (strcmp(directory, reader->config->home) == 0)
        return;
    if (request->config_file && !request->config_directory) {
        read_login_of_system(loading);
        return;
    }
    found |= read_from(reader, directory, login_file);
    if (!found && request->config_directory && !request->config_file)
        config_reader_warn(reader, NULL, 0, "no norn.conf, kismet.conf or kismet_httpd.conf in %s",
                           directory);
}

/* Starts a group of lines that override the base; end_override() applies them. */
static void start_override(struct loading *loading, enum config_layer layer)
{
    loading->reader.entries = &loading->over;
    loading->reader.layer = layer;
    loading->reader.group++;
}

static void end_override(struct loading *loading)
{
    if (config_entries_override(&loading->base, &loading->over) != 0)
        config_reader_error(&loading->reader, NULL, 0, "too many lines in all");
}

static void read_opt_overrides(struct loading *loading, size_t from)
{
    struct config_reader *reader = &loading->reader;
    for (size_t i = from; i < reader->override_count; i++) {
        start_override(loading, CONFIG_OVERRIDE);
        read_optional(reader, reader->overrides[i]);
        end_override(loading);
    }
}

static void read_user_file(struct config_reader *reader, const char *name)
{
    struct buffer path = {0};
    config_places_user_file(reader->config, name, false, &path);
    const char *text = buffer_string(&path);
    if (text && !read_optional(reader, text)) {
        path.length = 0;
        config_places_user_file(reader->config, name, true, &path);
        text = buffer_string(&path);
        if (text)
            read_optional(reader, text);
    }
    buffer_done(&path);
}

/* The user's files are one override; the login in them counts only where the system names none. */
static void read_user(struct loading *loading)
{
    struct config_reader *reader = &loading->reader;
    size_t overrides = reader->override_count;
    start_override(loading, CONFIG_USER);
    read_user_file(reader, login_file);
    read_user_file(reader, "norn.conf");
    if (config_entries_find(&loading->base, username_key) ||
        config_entries_find(&loading->base, password_key)) {
        config_entries_drop(&loading->over, username_key);
        config_entries_drop(&loading->over, password_key);
    }
    end_override(loading);
    read_opt_overrides(loading, overrides);
}

/* --override: a path, or a NAME that stands for norn_NAME.conf or kismet_NAME.conf. */
static void read_override(struct loading *loading, const char *name)
{
    struct config_reader *reader = &loading->reader;
    const char *directory = reader->config->config_directory;
    char ours[256], theirs[256];
    start_override(loading, CONFIG_OVERRIDE);
    if (strchr(name, '/') || strstr(name, ".conf")) {
        read_named_file(loading, name);
    } else {
        snprintf(ours, sizeof ours, "norn_%s.conf", name);
        snprintf(theirs, sizeof theirs, "kismet_%s.conf", name);
        if (!read_from(reader, directory, ours) && !read_from(reader, directory, theirs))
            config_reader_error(reader, NULL, 0, "--override %s: neither %s nor %s is in %s", name,
                                ours, theirs, directory);
    }
    end_override(loading);
}

static void warn_unknown(struct loading *loading, const struct config_entry *entry)
{
    struct config_reader *reader = &loading->reader;
    if (config_ignored_reason(entry->key)) {
        reader->config->ignored_count++;
        return;
    }
    if (reader->warning_count >= CONFIG_MESSAGES_MAX) {
        reader->warning_count++;
        return;
    }
    const char *nearest = options_nearest(loading->options, entry->key);
    if (nearest)
        config_reader_warn(reader, entry->path, entry->line,
                           "unknown option '%.80s'; did you mean '%s'?", entry->key, nearest);
    else
        config_reader_warn(reader, entry->path, entry->line, "unknown option '%.80s'", entry->key);
}

/* Sets one line's option; of single-value keys the first line counts. */
static void apply_entry(struct loading *loading, const struct config_entry *entry)
{
    struct options *options = loading->options;
    const struct option *row = options_find(options, entry->key);
    struct buffer why = {0};
    if (!row) {
        warn_unknown(loading, entry);
        return;
    }
    if (entry->bare && row->type != OPTION_TEXT) {
        config_reader_warn(&loading->reader, entry->path, entry->line,
                           "%s needs a value: %s=VALUE; line ignored", row->key, row->key);
        return;
    }
    if (strcmp(row->key, "source") == 0 && loading->reader.request->source_count)
        return;
    if (row->type != OPTION_LIST && options_is_set(options, row->key))
        return;
    if (options_set(options, row->key, entry->value, &why) != 0)
        config_reader_error(&loading->reader, entry->path, entry->line, "%.*s", (int)why.length,
                            (const char *)why.data);
    buffer_done(&why);
}

/* Sets one --set KEY=VALUE. */
static void apply_setting(struct loading *loading, const char *setting)
{
    struct config_reader *reader = &loading->reader;
    char *copy = strdup(setting);
    struct config_line line = {.bare = true};
    struct buffer why = {0};
    if (copy)
        config_file_split(copy, &line);
    if (line.bare) {
        config_reader_error(reader, NULL, 0, "--set takes KEY=VALUE, not '%.80s'", setting);
    } else if (!options_find(loading->options, line.key)) {
        const char *nearest = options_nearest(loading->options, line.key);
        if (config_ignored_reason(line.key))
            reader->config->ignored_count++;
        else
            config_reader_error(reader, NULL, 0, "--set %.80s: unknown option%s%s%s", line.key,
                                nearest ? "; did you mean '" : "", nearest ? nearest : "",
                                nearest ? "'?" : "");
    } else if (options_set(loading->options, line.key, line.value, &why) != 0) {
        config_reader_error(reader, NULL, 0, "--set %.80s: %.*s", line.key, (int)why.length,
                            (const char *)why.data);
    } else if (strcmp(line.key, username_key) == 0 || strcmp(line.key, password_key) == 0) {
        reader->config->login_is_global = true;
    }
    free(copy);
    buffer_done(&why);
}

static void apply_sources(struct loading *loading)
{
    const struct config_request *request = loading->reader.request;
    struct buffer why = {0};
    for (size_t i = 0; i < request->source_count; i++) {
        why.length = 0;
        if (options_set(loading->options, "source", request->sources[i], &why) != 0)
            config_reader_error(&loading->reader, NULL, 0, "-c: %.*s", (int)why.length,
                                (const char *)why.data);
    }
    buffer_done(&why);
}

static void apply(struct loading *loading)
{
    const struct config_request *request = loading->reader.request;
    for (size_t i = 0; i < loading->base.count; i++)
        apply_entry(loading, &loading->base.items[i]);
    apply_sources(loading);
    for (size_t i = 0; i < request->setting_count; i++)
        apply_setting(loading, request->settings[i]);
    unsigned extra = loading->reader.warning_count;
    if (extra > CONFIG_MESSAGES_MAX && request->on_warning)
        request->on_warning(request->context, "more warnings about the configuration left out");
}

/* Whether any half of the login stands outside of the user's own files. */
static void judge_login(struct loading *loading)
{
    for (size_t i = 0; i < loading->base.count; i++) {
        const struct config_entry *entry = &loading->base.items[i];
        if (entry->layer != CONFIG_USER &&
            (strcmp(entry->key, username_key) == 0 || strcmp(entry->key, password_key) == 0))
            loading->reader.config->login_is_global = true;
    }
}

/* Half a login is an error when the operator wrote it, and none when it is the user's own. */
static void check_login(struct loading *loading)
{
    struct config_login login;
    struct buffer why = {0};
    struct config_reader *reader = &loading->reader;
    if (config_login_find(reader->config, loading->options, &login, &why) == -EINVAL) {
        if (reader->config->login_is_global)
            config_reader_error(reader, NULL, 0, "%.*s", (int)why.length, (const char *)why.data);
        else
            config_reader_warn(reader, NULL, 0, "%.*s", (int)why.length, (const char *)why.data);
    }
    explicit_bzero(&login, sizeof login);
    buffer_done(&why);
}

static int list_readable(struct config *config)
{
    size_t count = 0;
    config->readable = calloc(config->file_count + 3, sizeof *config->readable);
    if (!config->readable)
        return -ENOMEM;
    config->readable[count++] = config->config_directory;
    config->readable[count++] = config->data_directory;
    for (size_t i = 0; i < config->file_count; i++)
        config->readable[count++] = config->files[i].path;
    return 0;
}

/* Where `configdir` points, from the command line or the files read so far. */
static int move_home(struct loading *loading)
{
    const struct config_request *request = loading->reader.request;
    const struct config_entry *entry = config_entries_find(&loading->base, "configdir");
    const char *where = entry ? entry->value : "";
    for (size_t i = 0; i < request->setting_count; i++)
        if (strncmp(request->settings[i], "configdir=", 10) == 0)
            where = request->settings[i] + 10;
    return config_places_move_home(request, where, loading->reader.config);
}

static int load_all(struct loading *loading)
{
    const struct config_request *request = loading->reader.request;
    read_base(loading);
    read_opt_overrides(loading, 0);
    int result = move_home(loading);
    if (result != 0)
        return result;
    read_user(loading);
    for (size_t i = 0; i < request->override_count; i++)
        read_override(loading, request->overrides[i]);
    apply(loading);
    judge_login(loading);
    check_login(loading);
    result = list_readable(loading->reader.config);
    return result ? result : loading->reader.error_count ? -EINVAL : 0;
}

int config_load(const struct config_request *request, struct options *options,
                struct config **ret_config, struct buffer *ret_why)
{
    struct config *config = calloc(1, sizeof *config);
    struct loading loading = {.reader = {.request = request, .config = config, .why = ret_why},
                              .options = options};
    if (!config)
        return -ENOMEM;
    int result = config_places_find(request, config);
    if (result == 0)
        result = load_all(&loading);
    config_reader_done(&loading.reader);
    config_entries_done(&loading.base);
    config_entries_done(&loading.over);
    if (result == 0)
        *ret_config = config;
    else
        config_free(config);
    return result;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->file_count; i++)
        free(config->files[i].path);
    free(config->files);
    free(config->readable);
    free(config->user_home);
    free(config->home);
    free(config->config_directory);
    free(config->data_directory);
    free(config->binary_directory);
    free(config);
}

// clang-format off
const struct option config_options[] = {
    {"configdir", OPTION_TEXT, "", NULL, 0, 0,
     "Directory of norn's own files (login, sessions, server identity); unset, or Kismet's stock "
     "%h/.kismet/, stands for ~/.norn. --homedir wins."},
    {"server_description", OPTION_TEXT, "", NULL, 0, 0,
     "Free text about this server, shown in its status."},
    {"server_location", OPTION_TEXT, "", NULL, 0, 0,
     "Free text about where this server stands, shown in its status."},
    {"server_name", OPTION_TEXT, "", NULL, 0, 0,
     "Name of this server, shown in its status."},
    {"server_uuid", OPTION_TEXT, "", NULL, 0, 0,
     "Fixed identity of this server (a UUID); unset, one is made at the first start and kept."},
    {"servername", OPTION_TEXT, "", NULL, 0, 0,
     "Name used in announcements and for the identity of position sources; unset, the host's."},
};
// clang-format on
const size_t config_option_count = sizeof config_options / sizeof *config_options;
