/* The command line as a plain struct. Input: argv. Output: what was asked, with the text to print
 * for --help, --version and for errors; nothing is printed or opened here. */
#ifndef NORN_UTIL_ARGUMENTS_H
#define NORN_UTIL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"

/* Values of a repeatable flag, in order; the texts are argv's own or the struct's. */
struct arguments_list {
    const char **items;
    size_t count;
};

enum arguments_dump { ARGUMENTS_DUMP_NONE, ARGUMENTS_DUMP_JSON, ARGUMENTS_DUMP_MSGPACK };

struct arguments {
    struct arguments_list sources;   /* -c */
    struct arguments_list settings;  /* --set KEY=VALUE; --port and --bind stand here as well */
    struct arguments_list overrides; /* --override */
    struct arguments_list owned;     /* settings made here, freed by arguments_done() */
    const char *config_file;         /* -f */
    const char *config_directory;    /* --confdir */
    const char *home_directory;      /* --homedir */
    const char *data_directory;      /* --datadir */
    const char *replay;              /* --replay FILE: no server */
    enum arguments_dump dump;        /* --dump; JSON when --replay stands alone */
    const char *print;               /* --print WHAT: write a generated text and end */
    bool version;                    /* --version was shown: the libraries may be named after it */
    bool list_options;
    bool demo;
    bool exit_at_end;
    bool daemonize;
    bool silent;
    bool debug;
    bool no_logging;
};

enum arguments_result {
    ARGUMENTS_RUN = 0,   /* go on */
    ARGUMENTS_SHOWN = 1, /* --help or --version: print ret_text on standard output, exit 0 */
    ARGUMENTS_WRONG = 2, /* print ret_text on standard error, exit 2 */
};

/* Parses argv (reordered by getopt, texts borrowed). ret_arguments is always safe to give to
 * arguments_done(). */
enum arguments_result arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
                                      struct buffer *ret_text);
void arguments_done(struct arguments *arguments);

/* The text of --help. */
void arguments_print_help(struct buffer *buffer);

/* The flags as the OPTIONS section of norn(1), in mdoc. */
void arguments_print_manual(struct buffer *buffer);

#endif
