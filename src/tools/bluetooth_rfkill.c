/* Reads the two switches of an adapter's rfkill. See bluetooth_rfkill.h. */
#include "tools/bluetooth_rfkill.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Whether the file of that name below the folder begins with a 1. */
static bool is_on(int folder, const char *rfkill, const char *file)
{
    char path[300], first = '0';
    snprintf(path, sizeof path, "%s/%s", rfkill, file);
    int descriptor = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool has_read = read(descriptor, &first, 1) == 1;
    close(descriptor);
    return has_read && first == '1';
}

static int check(int folder, const char *rfkill, const char *adapter, struct buffer *ret_why)
{
    if (is_on(folder, rfkill, "hard"))
        buffer_printf(ret_why, "a key or switch of the machine keeps %s off", adapter);
    else if (is_on(folder, rfkill, "soft"))
        buffer_printf(ret_why, "rfkill keeps %s off: `rfkill unblock bluetooth` lifts that",
                      adapter);
    else
        return 0;
    return -ERFKILL;
}

int bluetooth_rfkill_check(const char *folder, const char *adapter, struct buffer *ret_why)
{
    char path[300];
    const struct dirent *entry;
    int result = 0;
    snprintf(path, sizeof path, "%s/%s", folder, adapter);
    DIR *entries = opendir(path);
    while (entries && !result && (entry = readdir(entries)))
        if (strncmp(entry->d_name, "rfkill", 6) == 0)
            result = check(dirfd(entries), entry->d_name, adapter, ret_why);
    if (entries)
        closedir(entries);
    return result;
}
