/* Looks the listening socket up in /proc/net/tcp, then its inode among every process's open
 * descriptors (proc(5)). See holder.h. */
#include "serve/http/holder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Inode of the socket that listens on the port, 0 when none does. */
static unsigned long find_inode(const char *path, unsigned port)
{
    enum { LISTENING = 0x0a };
    char line[512];
    unsigned long found = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    while (!found && fgets(line, sizeof line, file)) {
        unsigned local, state;
        unsigned long inode;
        int fields =
            sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*s %*s %lu",
                   &local, &state, &inode);
        if (fields == 3 && local == port && state == LISTENING)
            found = inode;
    }
    fclose(file);
    return found;
}

/* True when the process holds the descriptor that links to `target`. */
static bool has_descriptor(const char *process, const char *target)
{
    char path[600], link[64];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%.32s/fd", process);
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && !found && (entry = readdir(folder))) {
        snprintf(path, sizeof path, "/proc/%.32s/fd/%s", process, entry->d_name);
        ssize_t length = readlink(path, link, sizeof link - 1);
        link[length > 0 ? length : 0] = '\0';
        found = strcmp(link, target) == 0;
    }
    if (folder)
        closedir(folder);
    return found;
}

static void add_name(const char *process, struct buffer *buffer)
{
    char path[64], name[64] = "";
    snprintf(path, sizeof path, "/proc/%.32s/comm", process);
    FILE *file = fopen(path, "re");
    if (file && fgets(name, sizeof name, file))
        name[strcspn(name, "\n")] = '\0';
    if (file)
        fclose(file);
    buffer_printf(buffer, "%s (process %s)", name[0] ? name : "a program", process);
}

bool holder_find(unsigned port, struct buffer *buffer)
{
    char target[48];
    unsigned long inode = find_inode("/proc/net/tcp", port);
    if (!inode)
        inode = find_inode("/proc/net/tcp6", port);
    DIR *folder = inode ? opendir("/proc") : NULL;
    if (!folder)
        return false;
    snprintf(target, sizeof target, "socket:[%lu]", inode);
    bool found = false;
    struct dirent *entry;
    while (!found && (entry = readdir(folder))) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        found = has_descriptor(entry->d_name, target);
        if (found)
            add_name(entry->d_name, buffer);
    }
    closedir(folder);
    return found;
}
