/* One configuration file: its bytes, then its lines. Input: an open callback. Output: keys and
 * values, borrowed from the buffer, which is cut up in place. Format: "key=value" lines. */
#ifndef NORN_UTIL_CONFIG_FILE_H
#define NORN_UTIL_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"
#include "util/config.h"

enum {
    CONFIG_FILE_MAX = 4 * 1024 * 1024, /* bytes of one file */
    CONFIG_LINE_MAX = 8191,            /* bytes of one line */
};

struct config_line {
    const char *key;   /* lower case, trimmed, aliases resolved */
    const char *value; /* trimmed; "" when there is none */
    unsigned number;   /* first line is 1 */
    bool append;       /* key+=value */
    bool bare;         /* no '=' at all */
};

/* Appends the whole file to `buffer`, then a NUL. 0 or -errno; -EFBIG over CONFIG_FILE_MAX. */
int config_file_load(const struct config_request *request, const char *path, struct buffer *buffer);

/* The next line with a key after `*offset` (0 at first; the number goes on from ret_line). 1 with
 * ret_line; 0 at the end; -EMSGSIZE for a line too long and -EILSEQ for one with a NUL byte: only
 * ret_line->number is set then and reading can go on. */
int config_file_next(struct buffer *text, size_t *offset, struct config_line *ret_line);

/* Cuts "key=value" or "key+=value" up in place: ret_line without its number. */
void config_file_split(char *text, struct config_line *ret_line);

#endif
