/* Compression of replies for clients across a network: level 1 and a small window, so that one
 * stream costs about 40 KiB. RFC 1952. */
#ifndef NORN_SERVE_GZIP_H
#define NORN_SERVE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"

struct gzip;

/* NULL without memory. */
struct gzip *gzip_new(void);
void gzip_free(struct gzip *gzip);

/* Compresses bytes to the end of `buffer`; `last` ends the stream. 0 or -ENOMEM. */
int gzip_add(struct gzip *gzip, const void *bytes, size_t length, bool last, struct buffer *buffer);

/* Appends what a whole gzip file of ours stands for, which is `plain_length` bytes. 0; -EINVAL when
 * it is anything else; -ENOMEM. */
int gzip_expand(const void *bytes, size_t length, size_t plain_length, struct buffer *buffer);

/* True when an Accept-Encoding value takes gzip (RFC 9110, 12.5.3). NULL is no. */
bool gzip_is_accepted(const char *accept_encoding);

#endif
