/* norn's flags: one table, from which come the parsing (util/flags), --help and the manual page's
 * list. Input: argv. Output: struct arguments or a text. */
#include "util/arguments.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/flags.h"
#include "util/text.h"

#ifndef NORN_VERSION
#define NORN_VERSION "development"
#endif

/* What a flag does with its value. */
enum action {
    ADD_SOURCE,
    ADD_SETTING,
    ADD_OVERRIDE,
    SET_PORT,
    SET_BIND,
    SET_TIMEOUT,
    SET_CONFIG_FILE,
    SET_CONFIG_DIRECTORY,
    SET_HOME,
    SET_DATA,
    SET_REPLAY,
    SET_DUMP,
    SET_PRINT,
    TURN_DEMO,
    TURN_EXIT_AT_END,
    TURN_DAEMONIZE,
    TURN_SILENT,
    TURN_DEBUG,
    TURN_NO_LOGGING,
    TURN_LIST_OPTIONS,
    SHOW_HELP,
    SHOW_VERSION,
    IGNORE,
};

static const struct flag flags[];

static bool add(struct arguments_list *list, const char *text)
{
    const char **items = text ? reallocarray(list->items, list->count + 1, sizeof *items) : NULL;
    if (!items)
        return false;
    list->items = items;
    list->items[list->count++] = text;
    return true;
}

/* Adds KEY=value to the settings; the text is kept in `owned` as well. */
static bool add_setting(struct arguments *arguments, const char *key, const char *value)
{
    char *setting = NULL;
    if (asprintf(&setting, "%s=%s", key, value) < 0)
        return false;
    if (add(&arguments->owned, setting) && add(&arguments->settings, setting))
        return true;
    if (!arguments->owned.count || arguments->owned.items[arguments->owned.count - 1] != setting)
        free(setting);
    return false;
}

static bool is_number(const char *text, int64_t minimum, int64_t maximum)
{
    int64_t number;
    return text_parse_i64(text, strlen(text), &number) == 0 && number >= minimum &&
           number <= maximum;
}

static bool take_port(struct arguments *arguments, const char *value, struct buffer *why)
{
    if (!is_number(value, 0, UINT16_MAX)) {
        buffer_printf(why, "--port takes a number from 0 to 65535, not '%s'", value);
        return false;
    }
    return add_setting(arguments, "httpd_port", value);
}

static bool take_timeout(struct arguments *arguments, const char *value, struct buffer *why)
{
    if (!is_number(value, 0, INT32_MAX)) {
        buffer_printf(why, "--device-timeout takes a number of seconds, not '%s'", value);
        return false;
    }
    return add_setting(arguments, "tracker_device_timeout", value);
}

static bool take_dump(struct arguments *arguments, const char *value, struct buffer *why)
{
    if (strcmp(value, "json") == 0) {
        arguments->dump = ARGUMENTS_DUMP_JSON;
    } else if (strcmp(value, "msgpack") == 0) {
        arguments->dump = ARGUMENTS_DUMP_MSGPACK;
    } else {
        buffer_printf(why, "--dump takes json or msgpack, not '%s'", value);
        return false;
    }
    return true;
}

static bool take_setting(struct arguments *arguments, const char *value, struct buffer *why)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value) {
        buffer_printf(why, "--set takes KEY=VALUE, not '%s'", value);
        return false;
    }
    return add(&arguments->settings, value);
}

static bool take_value(struct arguments *arguments, enum action action, const char *value,
                       struct buffer *why)
{
    switch (action) {
    case ADD_SOURCE: return add(&arguments->sources, value);
    case ADD_SETTING: return take_setting(arguments, value, why);
    case ADD_OVERRIDE: return add(&arguments->overrides, value);
    case SET_PORT: return take_port(arguments, value, why);
    case SET_BIND: return add_setting(arguments, "httpd_bind_address", value);
    case SET_TIMEOUT: return take_timeout(arguments, value, why);
    case SET_CONFIG_FILE: arguments->config_file = value; break;
    case SET_CONFIG_DIRECTORY: arguments->config_directory = value; break;
    case SET_HOME: arguments->home_directory = value; break;
    case SET_DATA: arguments->data_directory = value; break;
    case SET_REPLAY: arguments->replay = value; break;
    case SET_DUMP: return take_dump(arguments, value, why);
    case SET_PRINT: arguments->print = value; break;
    default: break;
    }
    return true;
}

static void turn(struct arguments *arguments, enum action action)
{
    switch (action) {
    case TURN_DEMO: arguments->demo = true; break;
    case TURN_EXIT_AT_END: arguments->exit_at_end = true; break;
    case TURN_DAEMONIZE: arguments->daemonize = true; break;
    case TURN_SILENT: arguments->silent = true; break;
    case TURN_DEBUG: arguments->debug = true; break;
    case TURN_NO_LOGGING: arguments->no_logging = true; break;
    case TURN_LIST_OPTIONS: arguments->list_options = true; break;
    default: break;
    }
}

static bool check_rest(int argc, char **argv, struct arguments *arguments, struct buffer *text)
{
    if (optind < argc) {
        buffer_printf(text, "'%s' is no flag; to read from it: norn -c %s", argv[optind],
                      argv[optind]);
        return false;
    }
    if (arguments->dump != ARGUMENTS_DUMP_NONE && !arguments->replay) {
        buffer_add_text(text, "--dump writes the records of a capture: add --replay FILE");
        return false;
    }
    if (arguments->replay && arguments->dump == ARGUMENTS_DUMP_NONE)
        arguments->dump = ARGUMENTS_DUMP_JSON;
    return true;
}

static int take(void *context, const struct flag *flag, const char *value, struct buffer *text)
{
    struct arguments *arguments = context;
    if (flag->action == SHOW_HELP) {
        arguments_print_help(text);
        return ARGUMENTS_SHOWN;
    }
    if (flag->action == SHOW_VERSION) {
        arguments->version = true;
        buffer_add_text(text, "norn " NORN_VERSION "\n");
        return ARGUMENTS_SHOWN;
    }
    if (value && !take_value(arguments, flag->action, value, text)) {
        if (!text->length)
            buffer_add_text(text, "out of memory");
        return ARGUMENTS_WRONG;
    }
    turn(arguments, flag->action);
    return 0;
}

enum arguments_result arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
                                      struct buffer *ret_text)
{
    *ret_arguments = (struct arguments){0};
    int result = flags_parse(argc, argv, flags, take, ret_arguments, ret_text);
    if (result < 0 || (result == 0 && !check_rest(argc, argv, ret_arguments, ret_text)))
        result = ARGUMENTS_WRONG;
    if (result == ARGUMENTS_WRONG)
        buffer_add_text(ret_text, " (norn --help lists the flags)\n");
    return result;
}

void arguments_done(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->owned.count; i++)
        free((char *)arguments->owned.items[i]);
    free(arguments->owned.items);
    free(arguments->sources.items);
    free(arguments->settings.items);
    free(arguments->overrides.items);
    *arguments = (struct arguments){0};
}

static const char help_head[] =
    "Usage: norn [FLAG]...\n"
    "\n"
    "Listens to wireless devices and shows them over HTTP, at http://localhost:2501/ unless told\n"
    "otherwise. Try it without a radio: norn --demo\n";

static const char help_tail[] =
    "\n"
    "Configuration is read from /etc/norn, else from /etc/kismet where that exists, then from\n"
    "~/.norn (~/.kismet where a file is missing there). The command line wins.\n"
    "Report what is wrong or missing to the project's issues.\n";

void arguments_print_help(struct buffer *buffer)
{
    buffer_add_text(buffer, help_head);
    flags_print(flags, buffer);
    buffer_add_text(buffer, help_tail);
}

void arguments_print_manual(struct buffer *buffer)
{
    buffer_add_text(buffer, ".Bl -tag -width Ds\n");
    for (const struct flag *flag = flags; flag->name; flag++) {
        if (!flag->group)
            continue;
        buffer_add_text(buffer, ".It ");
        if (flag->letter)
            buffer_printf(buffer, "Fl %c , ", flag->letter);
        buffer_printf(buffer, "Fl Fl %s", flag->name);
        if (flag->value)
            buffer_printf(buffer, " Ar %s", flag->value);
        buffer_printf(buffer, "\n%s\n", flag->description);
    }
    buffer_add_text(buffer, ".El\n");
}

static const char capture[] = "Capture";
static const char server[] = "Server";
static const char files[] = "Configuration";
static const char running[] = "Running";
static const char about[] = "About";
static const char accepted[] = "Accepted for those who come from Kismet, without effect";

// clang-format off
static const struct flag flags[] = {
    {capture, "capture-source", 'c', "DEF", ADD_SOURCE,
     "Capture from DEF: an interface or a capture file, with options as in "
     "wlan0:name=roof or file.pcap:realtime=true; '-' is standard input. Repeatable; given, the "
     "sources of the configuration are passed over."},
    {capture, "demo", 0, NULL, TURN_DEMO,
     "Play a small made-up capture in a loop: no radio, no rights, nothing kept."},
    {capture, "exit-at-end", 0, NULL, TURN_EXIT_AT_END,
     "End with a summary when every capture file has been read."},
    {capture, "replay", 0, "FILE", SET_REPLAY,
     "Read FILE (- is standard input; options may follow as in -c) at full speed without a server and write its records to standard output."},
    {capture, "dump", 0, "FORMAT", SET_DUMP,
     "Form of the records of --replay: json (the default) or msgpack."},
    {server, "port", 0, "PORT", SET_PORT, "Answer HTTP on this port; 0 takes any that is free."},
    {server, "bind", 0, "ADDRESS", SET_BIND,
     "Answer HTTP on this address; without it only this machine is answered."},
    {files, "config-file", 'f', "FILE", SET_CONFIG_FILE,
     "Read FILE instead of norn.conf and kismet.conf."},
    {files, "confdir", 0, "DIR", SET_CONFIG_DIRECTORY,
     "Read norn.conf, kismet.conf and kismet_httpd.conf from DIR."},
    {files, "homedir", 0, "DIR", SET_HOME,
     "Keep the user's files (login, sessions) in DIR instead of ~/.norn; of somebody's home "
     "directory, its .norn is used."},
    {files, "datadir", 0, "DIR", SET_DATA, "Directory of shared data (%S in the configuration)."},
    {files, "override", 0, "NAME", ADD_OVERRIDE,
     "Last read norn_NAME.conf or kismet_NAME.conf of the configuration, or a file by its path. "
     "Repeatable."},
    {files, "set", 0, "KEY=VALUE", ADD_SETTING,
     "Set any option, over what the files say; adds to a repeatable one. Repeatable."},
    {files, "list-options", 0, NULL, TURN_LIST_OPTIONS,
     "List every option with its value in force, and end."},
    {running, "daemonize", 0, NULL, TURN_DAEMONIZE, "Run in the background."},
    {running, "silent", 's', NULL, TURN_SILENT, "Write errors only to the console."},
    {running, "no-logging", 'n', NULL, TURN_NO_LOGGING, "Keep no logs; there are none yet."},
    {about, "help", 'h', NULL, SHOW_HELP, "Show this text."},
    {about, "version", 'v', NULL, SHOW_VERSION, "Show the version."},
    {accepted, "debug", 0, NULL, TURN_DEBUG, "No effect."},
    {accepted, "disable-plugins", 0, NULL, IGNORE, "There are no plugins."},
    {accepted, "no-plugins", 0, NULL, IGNORE, "There are no plugins."},
    {accepted, "no-console-wrapper", 0, NULL, IGNORE, "The console is plain text."},
    {accepted, "no-line-wrap", 0, NULL, IGNORE, "Lines are never wrapped."},
    {accepted, "no-ncurses", 0, NULL, IGNORE, "The console is plain text."},
    {accepted, "no-ncurses-wrapper", 0, NULL, IGNORE, "The console is plain text."},
    {accepted, "log-prefix", 'p', "DIR", IGNORE, "There are no logs yet."},
    {accepted, "log-title", 't', "TITLE", IGNORE, "There are no logs yet."},
    {accepted, "log-types", 'T', "TYPES", IGNORE, "There are no logs yet."},
    {NULL, "device-timeout", 0, "SECONDS", SET_TIMEOUT, "The option tracker_device_timeout."},
    {NULL, "print", 0, "WHAT", SET_PRINT, "Write a generated text and end."},
    {NULL, NULL, 0, NULL, IGNORE, NULL},
};
// clang-format on
