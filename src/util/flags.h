/* A command line by one table of flags, from which come its parsing, --help and the "did you mean"
 * of a wrong flag. Input: argv and the table. Output: calls of the table's owner, or a text. */
#ifndef NORN_UTIL_FLAGS_H
#define NORN_UTIL_FLAGS_H

#include "util/buffer.h"

struct flag {
    const char *group; /* heading of --help; NULL: not listed */
    const char *name;  /* NULL ends the table */
    char letter;       /* 0: none */
    const char *value; /* name of its value, "[NAME]" when that may be left out; NULL: takes none */
    int action;        /* the owner's */
    const char *description;
};

/* Takes one flag with its value, NULL where it has none. 0 to go on; else flags_parse() stops and
 * gives that number back. */
typedef int flags_take(void *context, const struct flag *flag, const char *value,
                       struct buffer *text);

/* Goes through argv (reordered by getopt, texts borrowed). 0: all were taken, and optind is where
 * the words that are no flags begin; -EINVAL, -ENOMEM with a sentence in `text`; or what `take`
 * gave. */
int flags_parse(int argc, char **argv, const struct flag *flags, flags_take *take, void *context,
                struct buffer *text);

/* The flags for --help, under the headings of their groups. */
void flags_print(const struct flag *flags, struct buffer *buffer);

#endif
