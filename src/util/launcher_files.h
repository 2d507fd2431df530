/* What the launcher opens and writes, each path checked. Input: texts from the server, which may
 * be hostile. Output: descriptors, files in the home directory. Runs in the launcher only. */
#ifndef NORN_UTIL_LAUNCHER_FILES_H
#define NORN_UTIL_LAUNCHER_FILES_H

#include "util/launcher.h"

/* A capture file or FIFO open for reading, or -errno. */
int launcher_files_open_capture(const char *path);

/* A regular file under the readable places or the home, or -errno. */
int launcher_files_open_read(const struct launcher_config *config, const char *path);

/* Puts the bytes of a sealed memory file into the home as `name`. 0 or -errno. */
int launcher_files_write_home(const struct launcher_config *config, const char *name, int bytes);

/* Removes the home with the files in it; directories below it are left, and so is it then. */
void launcher_files_remove_home(const struct launcher_config *config);

#endif
