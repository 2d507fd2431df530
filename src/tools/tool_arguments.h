/* The command line of a capture tool: the flags that Kismet's tools have, and norn's own.
 * Input: argv. Output: what was asked for, or the text of --help, --version or of an error. */
#ifndef NORN_TOOLS_TOOL_ARGUMENTS_H
#define NORN_TOOLS_TOOL_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/tool.h"

/* A server over the network. */
struct tool_target {
    char host[256];
    char port[6];
    bool tcp;             /* bare frames, else a websocket */
    const char *endpoint; /* path of the websocket */
    const char *user, *password, *apikey;
    bool tls;                 /* TLS beneath the websocket */
    const char *certificates; /* of whom to trust: a file; NULL: the system's */
};

struct tool_arguments {
    int in, out;                /* descriptors, -1: not given */
    bool remote;                /* there is a target */
    bool announced;             /* --autodetect: the target comes from its announcement … */
    const char *announced_uuid; /* … of this server, NULL: of the first heard */
    struct tool_target target;
    const char *source; /* definition */
    bool list;
    bool no_retry;
    bool daemonize;
    struct protocol_gps position; /* put on every packet when its fix is not 0 */
    const char *spool;            /* directory */
    uint64_t spool_bytes;         /* 0: none */
    double ping_timeout;          /* seconds without PING after which the server is gone */
    double retry_pause;           /* seconds before connecting again */
};

enum tool_arguments_result {
    TOOL_ARGUMENTS_RUN = 0,
    TOOL_ARGUMENTS_SHOWN = 1, /* print ret_text on standard output, exit 0 */
    TOOL_ARGUMENTS_WRONG = 2, /* print ret_text on standard error, exit 2 */
};

/* Parses argv, whose texts are borrowed; passwords in it are covered, so that a list of processes
 * does not show them. */
enum tool_arguments_result tool_arguments_parse(int argc, char **argv, const struct tool_type *type,
                                                struct tool_arguments *ret_arguments,
                                                struct buffer *ret_text);

#endif
