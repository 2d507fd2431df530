/* The flags of capture tools: one table over util/flags. See tool_arguments.h. */
#include "tools/tool_arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/flags.h"
#include "util/text.h"

#ifndef NORN_VERSION
#define NORN_VERSION "development"
#endif

enum { SPOOL_MB = 64, SPOOL_MB_LEAST = 4, SPOOL_MB_MOST = 65536 };

#define MB          (UINT64_C(1024) * 1024)
#define ENDPOINT    "/datasource/remote/remotesource.ws"
#define PORT_TCP    "3501"
#define PORT_HTTP   "2501"
#define SECONDS_MAX 86400.0

enum action {
    SET_IN,
    SET_OUT,
    SET_CONNECT,
    SET_SOURCE,
    SET_USER,
    SET_PASSWORD,
    SET_APIKEY,
    SET_ENDPOINT,
    SET_CERTIFICATES,
    SET_AUTODETECT,
    SET_POSITION,
    SET_POSITION_NAME,
    SET_SPOOL,
    SET_SPOOL_MB,
    SET_PING_TIMEOUT,
    SET_RETRY_PAUSE,
    TURN_TCP,
    TURN_TLS,
    TURN_NO_RETRY,
    TURN_DAEMONIZE,
    TURN_LIST,
    SHOW_HELP,
    SHOW_VERSION,
};

static const struct flag flags[];

/* What is gathered while the flags go by. */
struct parsing {
    const struct tool_type *type;
    struct tool_arguments *arguments;
    const char *connect;
    bool spool_given;
};

static int complain(struct buffer *text, const struct flag *flag, const char *wanted,
                    const char *value)
{
    buffer_printf(text, "--%s takes %s, not '%s'", flag->name, wanted, value);
    return TOOL_ARGUMENTS_WRONG;
}

static int take_descriptor(const struct flag *flag, const char *value, int *ret_descriptor,
                           struct buffer *text)
{
    int64_t number;
    if (text_parse_i64(value, strlen(value), &number) < 0 || number < 0 || number > INT32_MAX)
        return complain(text, flag, "the number of a descriptor", value);
    *ret_descriptor = (int)number;
    return 0;
}

static int take_seconds(const struct flag *flag, const char *value, double *ret_seconds,
                        struct buffer *text)
{
    double seconds;
    if (text_parse_double(value, strlen(value), &seconds) < 0 || seconds < 0 ||
        seconds > SECONDS_MAX)
        return complain(text, flag, "a number of seconds", value);
    *ret_seconds = seconds;
    return 0;
}

/* Numbers with commas between them: how many there are, or -EINVAL. */
static int read_numbers(const char *text, double *ret_numbers, int most)
{
    for (int count = 0; count < most;) {
        size_t length = strcspn(text, ",");
        if (text_parse_double(text, length, &ret_numbers[count++]) < 0)
            return -EINVAL;
        if (!text[length])
            return count;
        text += length + 1;
    }
    return -EINVAL;
}

static int take_position(const struct flag *flag, const char *value, struct protocol_gps *position,
                         struct buffer *text)
{
    double numbers[3] = {0};
    if (read_numbers(value, numbers, 3) < 2 || numbers[0] < -90 || numbers[0] > 90 ||
        numbers[1] < -180 || numbers[1] > 180)
        return complain(text, flag, "LATITUDE,LONGITUDE[,ALTITUDE] in degrees and metres", value);
    position->latitude = numbers[0];
    position->longitude = numbers[1];
    position->altitude = numbers[2];
    position->fix = 3;
    position->present = PROTOCOL_BIT(1) | PROTOCOL_BIT(2); /* zeroes are positions too */
    return 0;
}

static int take_spool_mb(struct parsing *parsing, const struct flag *flag, const char *value,
                         struct buffer *text)
{
    int64_t number;
    if (text_parse_i64(value, strlen(value), &number) < 0 ||
        (number != 0 && (number < SPOOL_MB_LEAST || number > SPOOL_MB_MOST)))
        return complain(text, flag, "0 for none, or 4 to 65536 megabytes", value);
    parsing->arguments->spool_bytes = (uint64_t)number * MB;
    parsing->spool_given = true;
    return 0;
}

/* A copy of a secret; argv's own text is covered. The copy lives as long as the process. */
static int take_secret(const char *value, const char **ret_secret, struct buffer *text)
{
    char *copy = strdup(value);
    if (!copy) {
        buffer_add_text(text, "out of memory");
        return TOOL_ARGUMENTS_WRONG;
    }
    memset((char *)value, '*', strlen(value));
    *ret_secret = copy;
    return 0;
}

static int take_value(struct parsing *parsing, const struct flag *flag, const char *value,
                      struct buffer *text)
{
    struct tool_arguments *arguments = parsing->arguments;
    switch (flag->action) {
    case SET_IN: return take_descriptor(flag, value, &arguments->in, text);
    case SET_OUT: return take_descriptor(flag, value, &arguments->out, text);
    case SET_CONNECT: parsing->connect = value; break;
    case SET_SOURCE: arguments->source = value; break;
    case SET_USER: arguments->target.user = value; break;
    case SET_PASSWORD: return take_secret(value, &arguments->target.password, text);
    case SET_APIKEY: return take_secret(value, &arguments->target.apikey, text);
    case SET_ENDPOINT: arguments->target.endpoint = value; break;
    case SET_AUTODETECT:
        arguments->announced = true;
        arguments->announced_uuid = value;
        break;
    case SET_POSITION: return take_position(flag, value, &arguments->position, text);
    case SET_POSITION_NAME: arguments->position.name = protocol_text_of(value); break;
    case SET_SPOOL:
        arguments->spool = value;
        parsing->spool_given = true;
        break;
    case SET_SPOOL_MB: return take_spool_mb(parsing, flag, value, text);
    case SET_PING_TIMEOUT: return take_seconds(flag, value, &arguments->ping_timeout, text);
    case SET_CERTIFICATES:
        arguments->target.tls = true;
        arguments->target.certificates = value;
        break;
    case SET_RETRY_PAUSE: return take_seconds(flag, value, &arguments->retry_pause, text);
    default: break;
    }
    return 0;
}

static int show_help(const struct tool_type *type, struct buffer *text)
{
    buffer_printf(text,
                  "Usage: %s --connect HOST:PORT --source %s [FLAG]...\n       %s --list\n\n%s\n"
                  "A server on this machine starts it by itself: name a source of type %s there.\n",
                  type->name, type->usage, type->name, type->description, type->source_type);
    flags_print(flags, text);
    return TOOL_ARGUMENTS_SHOWN;
}

static int take(void *context, const struct flag *flag, const char *value, struct buffer *text)
{
    struct parsing *parsing = context;
    struct tool_arguments *arguments = parsing->arguments;
    if (value)
        return take_value(parsing, flag, value, text);
    switch (flag->action) {
    case SET_AUTODETECT: arguments->announced = true; break;
    case TURN_TCP: arguments->target.tcp = true; break;
    case TURN_TLS: arguments->target.tls = true; break;
    case TURN_NO_RETRY: arguments->no_retry = true; break;
    case TURN_DAEMONIZE: arguments->daemonize = true; break;
    case TURN_LIST: arguments->list = true; break;
    case SHOW_HELP: return show_help(parsing->type, text);
    case SHOW_VERSION:
        buffer_printf(text, "%s " NORN_VERSION "\n", parsing->type->name);
        return TOOL_ARGUMENTS_SHOWN;
    default: break;
    }
    return 0;
}

/* HOST, HOST:PORT, [V6] or [V6]:PORT. */
static bool read_target(const char *text, struct tool_target *target)
{
    const char *port = target->tcp ? PORT_TCP : PORT_HTTP;
    bool is_bracketed = *text == '[';
    text += is_bracketed;
    size_t length = strcspn(text, is_bracketed ? "]" : ":");
    const char *rest = text + length;
    if (is_bracketed && *rest++ != ']')
        return false;
    if (*rest == ':')
        port = rest + 1;
    else if (*rest)
        return false;
    int64_t number;
    if (!length || length >= sizeof target->host ||
        text_parse_i64(port, strlen(port), &number) < 0 || number < 1 || number > UINT16_MAX)
        return false;
    memcpy(target->host, text, length);
    target->host[length] = '\0';
    snprintf(target->port, sizeof target->port, "%u", (unsigned)number);
    return true;
}

/* What does not go together, and what is missing. NULL when all is well. */
static const char *find_fault(const struct parsing *parsing)
{
    const struct tool_arguments *arguments = parsing->arguments;
    bool has_descriptors = arguments->in >= 0 && arguments->out >= 0;
    if (arguments->list)
        return NULL;
    if (!arguments->remote && !has_descriptors)
        return "--connect and --source are needed, or the server's --in-fd and --out-fd";
    if (!arguments->remote && (parsing->spool_given || arguments->daemonize))
        return "--spool and --daemonize are for --connect";
    if (arguments->remote && !arguments->source)
        return "--connect needs --source";
    if (arguments->announced && !arguments->target.tcp)
        return "--autodetect finds the port for --tcp: give that too";
    if (arguments->target.tls && arguments->target.tcp)
        return "--ssl is for the server's web port: leave --tcp away";
    if (*arguments->target.endpoint != '/' || strpbrk(arguments->target.endpoint, " \r\n"))
        return "--endpoint takes a path that begins with /";
    return NULL;
}

static int check(struct parsing *parsing, int argc, char **argv, struct buffer *text)
{
    struct tool_arguments *arguments = parsing->arguments;
    if (optind < argc) {
        buffer_printf(text, "'%s' is no flag", argv[optind]);
        return TOOL_ARGUMENTS_WRONG;
    }
    if (parsing->connect && !read_target(parsing->connect, &arguments->target)) {
        buffer_printf(text, "--connect takes HOST:PORT, not '%s'", parsing->connect);
        return TOOL_ARGUMENTS_WRONG;
    }
    arguments->remote = parsing->connect || arguments->announced;
    const char *fault = find_fault(parsing);
    if (!fault)
        return 0;
    buffer_add_text(text, fault);
    return TOOL_ARGUMENTS_WRONG;
}

enum tool_arguments_result tool_arguments_parse(int argc, char **argv, const struct tool_type *type,
                                                struct tool_arguments *ret_arguments,
                                                struct buffer *ret_text)
{
    const char *temporary = secure_getenv("TMPDIR");
    struct parsing parsing = {.type = type, .arguments = ret_arguments};
    *ret_arguments = (struct tool_arguments){.in = -1,
                                             .out = -1,
                                             .target.endpoint = ENDPOINT,
                                             .position.type = protocol_text_of("remote-fixed"),
                                             .spool = temporary ? temporary : "/var/tmp",
                                             .spool_bytes = SPOOL_MB * MB,
                                             .ping_timeout = 15,
                                             .retry_pause = 5};
    int result = flags_parse(argc, argv, flags, take, &parsing, ret_text);
    if (!result)
        result = check(&parsing, argc, argv, ret_text);
    if (result < 0)
        result = TOOL_ARGUMENTS_WRONG;
    if (result == TOOL_ARGUMENTS_WRONG)
        buffer_printf(ret_text, " (%s --help lists the flags)\n", type->name);
    return result;
}

static const char remote[] = "To a server over the network";
static const char spool[] = "While the server cannot be reached";
static const char about[] = "About";
static const char local[] = "Given by a server that starts it";

// clang-format off
static const struct flag flags[] = {
    {remote, "connect", 0, "HOST:PORT", SET_CONNECT,
     "Send to this server: to its web port (2501) by a websocket, or with --tcp to its port for "
     "capture tools (3501)."},
    {NULL, "host", 0, "HOST:PORT", SET_CONNECT, "The same."},
    {remote, "source", 0, "DEF", SET_SOURCE,
     "What to capture from: an interface or a file, with options as the server takes them."},
    {remote, "tcp", 0, NULL, TURN_TCP,
     "Speak over plain TCP, without login: for a tunnel or this machine."},
    {remote, "user", 0, "NAME", SET_USER, "Name of a login that may feed captures."},
    {remote, "password", 0, "TEXT", SET_PASSWORD, "Its password."},
    {remote, "apikey", 0, "TEXT", SET_APIKEY,
     "A key of the role datasource or admin, instead of a login."},
    {remote, "endpoint", 0, "PATH", SET_ENDPOINT,
     "Path of the websocket; /datasource/remote/remotesource.ws unless given."},
    {remote, "autodetect", 0, "[UUID]", SET_AUTODETECT,
     "Wait for a server to announce itself on the network, this one or any, and send to it. "
     "Needs --tcp."},
    {remote, "fixed-gps", 0, "LAT,LON[,ALT]", SET_POSITION,
     "Put this position on every packet, in degrees and metres."},
    {remote, "gps-name", 0, "NAME", SET_POSITION_NAME, "Name of that position."},
    {remote, "disable-retry", 0, NULL, TURN_NO_RETRY,
     "End when the server is lost, instead of connecting again every 5 seconds."},
    {remote, "daemonize", 0, NULL, TURN_DAEMONIZE, "Run in the background."},
    {remote, "ssl", 0, NULL, TURN_TLS,
     "Speak over TLS, to a server whose certificate this system trusts."},
    {remote, "ssl-certificate", 0, "FILE", SET_CERTIFICATES,
     "The same, to a server whose certificate is in FILE, or is vouched for by one in it (PEM)."},
    {spool, "spool", 0, "DIR", SET_SPOOL,
     "Keep what the server has not acknowledged in a file in DIR once memory is full; $TMPDIR or "
     "/var/tmp unless given."},
    {spool, "spool-mb", 0, "N", SET_SPOOL_MB,
     "Size of that file in megabytes, 64 unless given; then the oldest goes. 0: memory only."},
    {about, "list", 0, NULL, TURN_LIST, "List what could be captured from, and end."},
    {about, "help", 'h', NULL, SHOW_HELP, "Show this text."},
    {about, "version", 'v', NULL, SHOW_VERSION, "Show the version."},
    {local, "in-fd", 0, "N", SET_IN, "Descriptor to read the server from."},
    {local, "out-fd", 0, "N", SET_OUT, "Descriptor to write to the server."},
    {NULL, "ping-timeout", 0, "SECONDS", SET_PING_TIMEOUT, "Without a ping the server is gone."},
    {NULL, "retry-pause", 0, "SECONDS", SET_RETRY_PAUSE, "Until it connects again."},
    {NULL, NULL, 0, NULL, 0, NULL},
};
// clang-format on
