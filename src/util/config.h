/* Configuration files and command line settings into an options store. Reads Kismet's file
 * format: key=value lines, include=, opt_include=, opt_override=, key+=value in overrides, the
 * escapes %h %E %S %B and ~. Files are opened through a callback, so reading works with plain
 * open(2) before the launcher exists and through it afterwards. Libraries do not log: warnings
 * go to a callback, errors to a buffer, each as "FILE:LINE: sentence". */
#ifndef NORN_UTIL_CONFIG_H
#define NORN_UTIL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"
#include "util/options.h"

/* A descriptor of the file at `path`, owned by the caller, or -errno. */
typedef int (*config_open_read)(void *context, const char *path);

/* Calls on_path for each path that a pattern with * ? [ matches, in order. */
typedef void (*config_list_paths)(void *context, const char *pattern,
                                  void (*on_path)(void *path_context, const char *path),
                                  void *path_context);

/* What to read. Texts are borrowed for the call; NULL stands for the usual place. */
struct config_request {
    const char *home;             /* --homedir, else $HOME: the person's home or norn's own */
    const char *config_directory; /* --confdir; else $KISMET_CONF, /etc/norn, /etc/kismet */
    const char *config_file;      /* -f: read instead of norn.conf and kismet.conf */
    const char *data_directory;   /* --datadir: %S */
    const char *const *overrides; /* --override, in order */
    size_t override_count;
    const char *const *settings; /* --set KEY=VALUE, in order */
    size_t setting_count;
    const char *const *sources; /* -c: given, the files' sources are passed over */
    size_t source_count;
    config_open_read open_read;                          /* NULL: plain open */
    config_list_paths list_paths;                        /* NULL: glob(3) */
    void (*on_warning)(void *context, const char *text); /* may be NULL */
    void *context;                                       /* for the callbacks */
};

/* Which layer a file belongs to: later ones win, except that the login of the user's layer
 * counts only where the system's files name none. */
enum config_layer { CONFIG_BASE, CONFIG_OVERRIDE, CONFIG_USER };

struct config_file {
    char *path;
    enum config_layer layer;
    unsigned group; /* an override and what it includes share one; 0: the base */
};

/* What was found where: kept for the program's life (the console, the launcher, SIGHUP). */
struct config {
    char *user_home;           /* %h and ~, no slash at the end */
    char *home;                /* norn's own directory (~/.norn): its files are written there */
    char *config_directory;    /* %E */
    char *data_directory;      /* %S */
    char *binary_directory;    /* %B */
    struct config_file *files; /* those read, in order */
    size_t file_count;
    bool login_is_global;  /* half of the login or more stands outside of the user's own files */
    size_t ignored_count;  /* lines with keys of Kismet that norn does not use */
    const char **readable; /* NULL-ended: what the launcher must let the server read again */
};

/* Reads everything and sets `options`, which must be fresh: a value set before stays. 0 with
 * ret_config (config_free()); -EINVAL, -ENOENT … with one line for each error in ret_why. */
int config_load(const struct config_request *request, struct options *options,
                struct config **ret_config, struct buffer *ret_why);
void config_free(struct config *config);

/* The login that the files hold. `global`: the operator fixed it in the system's files or on the
 * command line, so it cannot be changed over HTTP; else it is the user's own. */
struct config_login {
    char username[256];
    char password[1024]; /* plain or a crypt(3) hash, as found */
    bool global;
};

/* The login in force after config_load(), from `options` and the files read. -ENOENT when none
 * is configured; -EINVAL with ret_why when only one half is. The caller wipes the result. */
int config_login_find(const struct config *config, const struct options *options,
                      struct config_login *ret_login, struct buffer *ret_why);

/* The same, the files read anew (SIGHUP): those read before and each kismet_httpd.conf that has
 * appeared since. Settings of the command line still win. Same results; any thread. */
int config_login_again(const struct config *config, const struct config_request *request,
                       struct config_login *ret_login, struct buffer *ret_why);

/* Appends `text` with %h %E %S %B and a leading ~ replaced; other escapes are kept. */
void config_expand(const struct config *config, const char *text, struct buffer *buffer);

/* A key of Kismet that norn knows and passes over, with the reason; NULL for any other. */
const char *config_ignored_reason(const char *key);

/* The keys of the server as a whole. */
extern const struct option config_options[];
extern const size_t config_option_count;

/* Keys passed over quietly; ends with .key NULL. A key ending in '*' stands for its prefix. */
struct config_ignored_key {
    const char *key;
    const char *reason;
};
extern const struct config_ignored_key config_ignored_keys[];

#endif
