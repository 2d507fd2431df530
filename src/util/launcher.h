/* The launcher: a small process that main forks before any thread starts. It alone keeps the
 * rights norn was started with; it opens what the server asks for after checking each request,
 * starts capture tools, and passes descriptors back over a UNIX socket (SCM_RIGHTS). The
 * server drops its rights and never opens a path itself. */
#ifndef NORN_UTIL_LAUNCHER_H
#define NORN_UTIL_LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/buffer.h"

enum {
    LAUNCHER_WRITE_MAX = 16 * 1024 * 1024, /* bytes of one file in the home directory */
    LAUNCHER_CHILDREN_MAX = 256,           /* service children alive at once */
};

/* Something the launcher may run as a child of its own: the child gets one end of a stream
 * socketpair; `argument` was checked by `allow` (NULL: anything; 0 or -errno). `run` returns the
 * exit status. The child has the launcher's rights, its own process group, standard streams and
 * no other descriptor; it dies with the launcher. */
struct launcher_service {
    const char *name;
    int (*allow)(const char *argument);
    int (*run)(int descriptor, const char *argument);
};

/* All borrowed for as long as the launcher lives (it has its own copy by fork). */
struct launcher_config {
    const char *home; /* the user's directory (~/.norn): files may be read and written here */
    bool throw_away;  /* a directory made for this run alone: removed at the end */
    const char *const *readable; /* files and directories that may be read; NULL-ended, or NULL */
    const struct launcher_service *services; /* ends with .name NULL, or NULL */
    const char *user; /* account the server changes to when started as root; NULL: nobody */
};

struct launcher;

/* Forks the launcher. In the server it returns the handle; the launcher itself never returns
 * (it ends when the server's socket closes, after its children). Call before any thread, after
 * any daemonizing. NULL with errno set. */
struct launcher *launcher_new(const struct launcher_config *config);

/* Closes the socket and waits (about a second at most) for the launcher and its children. */
void launcher_free(struct launcher *launcher);

/* Drops the server's rights for good: group and user change when root, no new privileges, no
 * capabilities, core dumps off. 0 with one sentence for the console in ret_why saying what was
 * done, or -errno with what failed. */
int launcher_drop_rights(struct launcher *launcher, struct buffer *ret_why);

/* Opens a capture file or FIFO for reading: a blocking descriptor (owned by the caller) or -errno;
 * -EINVAL for any other kind of file. Never waits for a FIFO's writer: until one has come a read
 * gives end of file, so poll(2) for input before the first read. Relative paths start at the
 * directory norn was started in. Thread-safe, as all calls below; -EPIPE once the launcher is
 * gone, -ENAMETOOLONG for a text over PATH_MAX. */
int launcher_open_capture(struct launcher *launcher, const char *path);

/* Opens a configuration or data file for reading (under `readable` or the home, symbolic links
 * resolved first): a descriptor or -errno; -EACCES outside of those, -EINVAL when not a file. */
int launcher_open_read(struct launcher *launcher, const char *path);

/* Replaces the file `name` (letters, digits, '.', '_', '-'; no leading dot) in the home directory
 * by these bytes, mode 0600, atomically (temporary file, fsync, rename), owned like the directory.
 * The directory is made (0700) when missing. 0 or -errno; -EFBIG over LAUNCHER_WRITE_MAX. */
int launcher_write_home(struct launcher *launcher, const char *name, const void *bytes,
                        size_t length);

/* Starts a service child; ret_descriptor (owned by the caller) talks to it. 0 or -errno;
 * -ENOENT for an unknown service, -EAGAIN at LAUNCHER_CHILDREN_MAX. */
int launcher_start(struct launcher *launcher, const char *service, const char *argument,
                   int *ret_descriptor, pid_t *ret_pid);

/* Ends a child started here (SIGTERM, SIGKILL after a second); returns when it is gone. Other
 * threads' calls go on meanwhile. */
void launcher_stop(struct launcher *launcher, pid_t pid);

#endif
