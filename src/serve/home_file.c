/* Files of the home directory. See home_file.h. */
#include "serve/home_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "serve/monitor.h"

int home_file_read_path(struct monitor *monitor, const char *path, struct buffer *buffer)
{
    enum { STEP = 4096 };
    int descriptor = launcher_open_read(monitor->launcher, path);
    ssize_t length = 1;
    if (descriptor < 0)
        return descriptor;
    while (length > 0) {
        uint8_t *room = buffer_room(buffer, STEP);
        length = room ? read(descriptor, room, STEP) : 0;
        if (length > 0)
            buffer_advance(buffer, (size_t)length);
    }
    int error = length < 0 ? -errno : buffer->failed ? -EFBIG : 0;
    close(descriptor);
    return error;
}

int home_file_read(struct monitor *monitor, const char *name, struct buffer *buffer)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", monitor->config->home, name);
    return length < (int)sizeof path ? home_file_read_path(monitor, path, buffer) : -ENAMETOOLONG;
}

int home_file_write(struct monitor *monitor, const char *name, const struct buffer *content)
{
    if (content->failed)
        return -ENOMEM;
    return launcher_write_home(monitor->launcher, name, content->data, content->length);
}
