/* Opens files for the server and writes into the home directory. See launcher_files.h. Devices are
 * refused before they are opened (opening one may act), FIFOs are opened without waiting. */
#include "util/launcher_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAME_LENGTH_MAX = 64 };

static bool is_wanted(mode_t mode, bool fifo_too)
{
    return S_ISREG(mode) || (fifo_too && S_ISFIFO(mode));
}

/* Keeps a descriptor of the wanted kind, blocking again; else closes it. */
static int check_opened(int descriptor, bool fifo_too)
{
    struct stat status;
    int flags = fcntl(descriptor, F_GETFL);
    int result = flags < 0 || fstat(descriptor, &status) != 0 ? -errno
                 : !is_wanted(status.st_mode, fifo_too)       ? -EINVAL
                                                              : 0;
    if (result == 0 && fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) != 0)
        result = -errno;
    if (result == 0)
        return descriptor;
    close(descriptor);
    return result;
}

int launcher_files_open_capture(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return -errno;
    if (!is_wanted(status.st_mode, true))
        return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return descriptor < 0 ? -errno : check_opened(descriptor, true);
}

/* Whether a resolved path is a place itself or lies under it; the place may be a link. */
static bool is_under(const char *path, const char *place)
{
    char resolved[PATH_MAX];
    if (!place || !*place || !realpath(place, resolved))
        return false;
    size_t length = strlen(resolved);
    if (strncmp(path, resolved, length) != 0)
        return false;
    return path[length] == '\0' || path[length] == '/' || resolved[length - 1] == '/';
}

static bool is_readable(const struct launcher_config *config, const char *path)
{
    if (is_under(path, config->home))
        return true;
    for (const char *const *place = config->readable; place && *place; place++)
        if (is_under(path, *place))
            return true;
    return false;
}

/* Opens a path that must have no symbolic link left in it: what was checked is what is opened. */
static int open_resolved(const char *path)
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_NO_SYMLINKS};
    int descriptor = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (descriptor < 0 && (errno == ENOSYS || errno == EPERM))
        descriptor = open(path, flags);
    return descriptor < 0 ? -errno : descriptor;
}

int launcher_files_open_read(const struct launcher_config *config, const char *path)
{
    char resolved[PATH_MAX];
    struct stat status;
    if (!realpath(path, resolved))
        return -errno;
    if (!is_readable(config, resolved))
        return -EACCES;
    if (stat(resolved, &status) != 0)
        return -errno;
    if (!is_wanted(status.st_mode, false))
        return -EINVAL;
    int descriptor = open_resolved(resolved);
    return descriptor < 0 ? descriptor : check_opened(descriptor, false);
}

static bool is_plain_name(const char *name)
{
    size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789._-");
    return length && !name[length] && length <= NAME_LENGTH_MAX && name[0] != '.';
}

/* A directory made by root belongs to whom the one above belongs to: the user's home stays the
 * user's. */
static void inherit_owner(const char *path)
{
    char above[PATH_MAX];
    struct stat status;
    if (geteuid() != 0 || snprintf(above, sizeof above, "%s/..", path) >= (int)sizeof above)
        return;
    if (stat(above, &status) == 0 && lchown(path, status.st_uid, status.st_gid) != 0)
        return;
}

/* Makes the directory and those above it that are missing, 0700. 0 or -errno. */
static int make_directories(const char *path)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (!length || length >= sizeof part)
        return -ENAMETOOLONG;
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) == 0)
            inherit_owner(part);
        else if (errno != EEXIST)
            return -errno;
    }
    return 0;
}

/* The home directory, made when missing: a descriptor or -errno. */
static int open_home(const char *home)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    if (!home)
        return -ENOENT;
    int directory = open(home, flags);
    if (directory < 0 && errno == ENOENT) {
        int result = make_directories(home);
        if (result != 0)
            return result;
        directory = open(home, flags);
    }
    return directory < 0 ? -errno : directory;
}

/* Copies the whole memory file into `target`. 0 or -errno. */
static int copy_bytes(int bytes, int target, off_t length)
{
    char block[16384];
    for (off_t done = 0; done < length;) {
        ssize_t count = pread(bytes, block, sizeof block, done);
        if (count <= 0)
            return count < 0 ? -errno : -EIO;
        for (ssize_t written = 0; written < count;) {
            ssize_t step = write(target, block + written, (size_t)(count - written));
            if (step < 0 && errno != EINTR)
                return -errno;
            written += step > 0 ? step : 0;
        }
        done += count;
    }
    return 0;
}

/* The length of a file that the server can no longer change, or -errno for any other. */
static off_t check_sealed(int bytes)
{
    const int wanted = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
    struct stat status;
    int seals = bytes < 0 ? -1 : fcntl(bytes, F_GET_SEALS);
    if (seals < 0 || (seals & wanted) != wanted || fstat(bytes, &status) != 0)
        return -EINVAL;
    return status.st_size > LAUNCHER_WRITE_MAX ? -EFBIG : status.st_size;
}

/* Writes the temporary file beside the one to be replaced, owned like the directory. */
static int write_temporary(int directory, const char *temporary, int bytes, off_t length)
{
    struct stat status;
    unlinkat(directory, temporary, 0);
    int file =
        openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return -errno;
    int result = copy_bytes(bytes, file, length);
    if (result == 0 && geteuid() == 0 &&
        (fstat(directory, &status) != 0 || fchown(file, status.st_uid, status.st_gid) != 0))
        result = -errno;
    if (result == 0 && fsync(file) != 0)
        result = -errno;
    close(file);
    if (result != 0)
        unlinkat(directory, temporary, 0);
    return result;
}

int launcher_files_write_home(const struct launcher_config *config, const char *name, int bytes)
{
    char temporary[NAME_LENGTH_MAX + 8];
    off_t length = check_sealed(bytes);
    if (length < 0)
        return (int)length;
    if (!is_plain_name(name))
        return -EINVAL;
    int directory = open_home(config->home);
    if (directory < 0)
        return directory;
    snprintf(temporary, sizeof temporary, ".%s.new", name);
    int result = write_temporary(directory, temporary, bytes, length);
    if (result == 0 && renameat(directory, temporary, directory, name) != 0) {
        result = -errno;
        unlinkat(directory, temporary, 0);
    }
    if (result == 0)
        fsync(directory);
    close(directory);
    return result;
}

void launcher_files_remove_home(const struct launcher_config *config)
{
    DIR *home = opendir(config->home);
    struct dirent *entry;
    if (!home)
        return;
    while ((entry = readdir(home)))
        unlinkat(dirfd(home), entry->d_name, 0);
    closedir(home);
    rmdir(config->home);
}
