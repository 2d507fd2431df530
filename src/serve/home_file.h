/* Small files of the home directory, read and replaced through the launcher. */
#ifndef NORN_SERVE_HOME_FILE_H
#define NORN_SERVE_HOME_FILE_H

#include "util/buffer.h"

struct monitor;

/* Appends a file of the home directory, or one by its path that the server may read. 0 or
 * -errno; -EFBIG: it passes the buffer's ceiling. */
int home_file_read(struct monitor *monitor, const char *name, struct buffer *buffer);
int home_file_read_path(struct monitor *monitor, const char *path, struct buffer *buffer);

/* Replaces a file of the home directory as a whole, for its owner only. 0 or -errno. */
int home_file_write(struct monitor *monitor, const char *name, const struct buffer *content);

#endif
