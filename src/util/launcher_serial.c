/* Opening serial lines. See launcher_serial.h. Opening a device may act on it (a watchdog starts),
 * so what it is gets looked up first, in the kernel's list of terminal drivers: see proc(5). */
#include "util/launcher_serial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "util/launcher_opener.h"
#include "util/text.h"

struct speed {
    unsigned baud;
    speed_t code;
};

static const struct speed speeds[];
static const size_t speeds_count;

/* Splits "BAUD PATH"; false when it is not sound. */
static bool split(const char *argument, speed_t *ret_speed, const char **ret_path)
{
    int64_t baud;
    size_t length = strcspn(argument, " ");
    if (argument[length] != ' ' || argument[length + 1] != '/' ||
        text_parse_i64(argument, length, &baud) != 0)
        return false;
    for (size_t i = 0; i < speeds_count; i++) {
        if (speeds[i].baud != baud)
            continue;
        *ret_speed = speeds[i].code;
        *ret_path = argument + length + 1;
        return true;
    }
    return false;
}

int launcher_serial_allow(const char *argument)
{
    const char *path;
    speed_t speed;
    return split(argument, &speed, &path) ? 0 : -EINVAL;
}

int launcher_serial_begin(struct launcher *launcher, const char *device, unsigned baud)
{
    char argument[PATH_MAX];
    if (snprintf(argument, sizeof argument, "%u %s", baud, device) >= (int)sizeof argument)
        return -ENAMETOOLONG;
    return launcher_opener_begin(launcher, "serial", argument);
}

/* Whether a line of the list is of this device and of a kind that may be read: driver, name,
 * major, minor or a range of minors, kind. */
static bool is_row_of(const char *line, dev_t device)
{
    char kind[32];
    unsigned major_number, first, last;
    int fields = sscanf(line, "%*s %*s %u %u-%u %31s", &major_number, &first, &last, kind);
    if (fields < 4) {
        fields = sscanf(line, "%*s %*s %u %u %31s", &major_number, &first, kind) + 1;
        last = first;
    }
    return fields == 4 && major(device) == major_number && minor(device) >= first &&
           minor(device) <= last && (strcmp(kind, "serial") == 0 || strcmp(kind, "pty:slave") == 0);
}

static bool is_serial_line(dev_t device)
{
    char line[256];
    bool found = false;
    FILE *drivers = fopen("/proc/tty/drivers", "re");
    while (drivers && !found && fgets(line, sizeof line, drivers))
        found = is_row_of(line, device);
    if (drivers)
        fclose(drivers);
    return found;
}

/* Whether the device is that process's controlling terminal: the fifth field after its name, which
 * stands in brackets and may hold anything. */
static bool sits_at(const char *process, dev_t device)
{
    char path[64], text[1024];
    int terminal = 0;
    snprintf(path, sizeof path, "/proc/%.20s/stat", process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (length <= 0)
        return false;
    text[length] = '\0';
    const char *after = strrchr(text, ')');
    if (!after || sscanf(after + 1, " %*c %*d %*d %*d %d", &terminal) != 1)
        return false;
    unsigned number = (unsigned)terminal; /* minor in bits 0 to 7 and 20 to 31, major between */
    return (number >> 8 & 0xfff) == major(device) &&
           ((number & 0xff) | (number >> 12 & 0xfff00)) == minor(device);
}

static bool is_somebodys(dev_t device)
{
    bool found = false;
    struct dirent *entry;
    DIR *processes = opendir("/proc");
    while (processes && !found && (entry = readdir(processes)))
        found =
            entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && sits_at(entry->d_name, device);
    if (processes)
        closedir(processes);
    return found;
}

/* Every byte as it comes, no echo, no flow control, whatever the modem lines say. */
static int set_up(int line, speed_t speed)
{
    struct termios settings;
    if (tcgetattr(line, &settings) != 0)
        return -errno;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~(tcflag_t)(CRTSCTS | CSTOPB | HUPCL);
    cfsetispeed(&settings, speed);
    cfsetospeed(&settings, speed);
    return tcsetattr(line, TCSANOW, &settings) == 0 ? 0 : -errno;
}

/* The descriptor, or -errno. */
static int open_line(const char *path, speed_t speed)
{
    char resolved[PATH_MAX];
    struct stat before, after;
    if (!realpath(path, resolved) || stat(resolved, &before) != 0)
        return -errno;
    if (strncmp(resolved, "/dev/", 5) != 0)
        return -EACCES;
    if (!S_ISCHR(before.st_mode) || !is_serial_line(before.st_rdev))
        return -ENOTTY;
    if (is_somebodys(before.st_rdev))
        return -EBUSY;
    int line = open(resolved, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (line < 0)
        return -errno;
    int result =
        fstat(line, &after) != 0 || after.st_rdev != before.st_rdev ? -EACCES : set_up(line, speed);
    if (result == 0)
        return line;
    close(line);
    return result;
}

int launcher_serial_run(int socket, const char *argument)
{
    const char *path;
    speed_t speed;
    if (!split(argument, &speed, &path))
        return launcher_opener_give(socket, -EINVAL, -1);
    int line = open_line(path, speed);
    return launcher_opener_give(socket, line < 0 ? line : 0, line);
}

static const struct speed speeds[] = {
    {300, B300},       {600, B600},       {1200, B1200},     {2400, B2400},   {4800, B4800},
    {9600, B9600},     {19200, B19200},   {38400, B38400},   {57600, B57600}, {115200, B115200},
    {230400, B230400}, {460800, B460800}, {921600, B921600},
};
static const size_t speeds_count = sizeof speeds / sizeof *speeds;
