/* Network interfaces: written down in one process, read in another. See interface.h. Input:
 * netdevice(7). Output: rows of a fixed size on a stream socket. */
#include "capture/interface.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ANSWER_MS = 2000, /* for the service to write its next rows */
};

static void describe(int control, const char *name, struct interface *row)
{
    struct ifreq request = {0};
    memset(row, 0, sizeof *row);
    snprintf(row->name, sizeof row->name, "%s", name);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(control, SIOCGIFHWADDR, &request) == 0)
        memcpy(row->address, request.ifr_hwaddr.sa_data, sizeof row->address);
}

/* Looks at the interfaces itself. */
static size_t look(struct interface *ret_rows, size_t limit)
{
    size_t count = 0;
    struct if_nameindex *all = if_nameindex();
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (size_t i = 0; all && control >= 0 && all[i].if_name && count < limit; i++)
        describe(control, all[i].if_name, &ret_rows[count++]);
    if (all)
        if_freenameindex(all);
    if (control >= 0)
        close(control);
    return count;
}

int interface_serve(int descriptor, const char *argument)
{
    static struct interface rows[INTERFACE_ROWS_MAX];
    size_t length = look(rows, INTERFACE_ROWS_MAX) * sizeof *rows;
    for (size_t done = 0; done < length;) {
        ssize_t sent = send(descriptor, (char *)rows + done, length - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return 1;
        done += sent > 0 ? (size_t)sent : 0;
    }
    return 0;
}

/* Reads rows until the service ends, has nothing to say in time, or `length` bytes are there. */
static size_t read_rows(int descriptor, void *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        struct pollfd polled = {.fd = descriptor, .events = POLLIN};
        if (poll(&polled, 1, ANSWER_MS) == 0)
            break;
        ssize_t count = read(descriptor, (char *)bytes + done, length - done);
        if (count == 0 || (count < 0 && errno != EINTR))
            break;
        done += count > 0 ? (size_t)count : 0;
    }
    return done;
}

size_t interface_list(const struct capture_config *config, struct interface *ret_rows, size_t limit)
{
    if (!config->list_interfaces)
        return look(ret_rows, limit);
    int descriptor = config->list_interfaces(config->context);
    if (descriptor < 0)
        return 0;
    size_t count = read_rows(descriptor, ret_rows, limit * sizeof *ret_rows) / sizeof *ret_rows;
    close(descriptor);
    for (size_t i = 0; i < count; i++)
        ret_rows[i].name[sizeof ret_rows[i].name - 1] = '\0';
    return count;
}

bool interface_find(const struct capture_config *config, const char *name,
                    struct interface *ret_row)
{
    struct interface *rows = calloc(INTERFACE_ROWS_MAX, sizeof *rows);
    size_t count = rows ? interface_list(config, rows, INTERFACE_ROWS_MAX) : 0;
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        found = strcmp(rows[i].name, name) == 0;
        if (found)
            *ret_row = rows[i];
    }
    free(rows);
    return found;
}
