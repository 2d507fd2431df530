/* Finding a tool's program and becoming it. See tool_child.h. */
#include "capture/tool_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/protocol_message.h"
#include "util/sandbox.h"

enum { IN_DESCRIPTOR = 3, OUT_DESCRIPTOR = 4, NAME_MOST = 64 };

static const char *const *search;

/* Where tools are installed to, by us and by distributions: looked at last. */
static const char *const usual[] = {NORN_PREFIX "/bin", "/usr/bin", NULL};

void tool_child_search(const char *const *directories)
{
    search = directories;
}

int tool_child_allow(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t length = strlen(name);
    return length && length <= NAME_MOST && strspn(name, letters) == length ? 0 : -EINVAL;
}

/* The directory norn itself lies in; false when that cannot be found. */
static bool find_own_directory(char ret_path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", ret_path, PATH_MAX - 1);
    if (length <= 0)
        return false;
    ret_path[length] = '\0';
    char *slash = strrchr(ret_path, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}

/* Becomes the program when the directory has it. ENOENT when it has none; another error when it
 * has one that cannot be started. */
static int try_directory(const char *directory, const char *name)
{
    static const char *const prefixes[] = {"norn_cap_", "kismet_cap_"};
    char path[PATH_MAX], in[32], out[32];
    char *const arguments[] = {path, in, out, NULL};
    snprintf(in, sizeof in, "--in-fd=%d", IN_DESCRIPTOR);
    snprintf(out, sizeof out, "--out-fd=%d", OUT_DESCRIPTOR);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (snprintf(path, sizeof path, "%s/%s%s", directory, prefixes[i], name) >=
            (int)sizeof path)
            return ENAMETOOLONG;
        execv(path, arguments);
        if (errno != ENOENT)
            return errno;
    }
    return ENOENT;
}

static const char *directory_of(const char *entry, const char *own)
{
    return strcmp(entry, "%B") == 0 ? own : entry;
}

static int try_all(const char *const *directories, const char *own, const char *name)
{
    int error = ENOENT;
    for (const char *const *at = directories; at && *at && error == ENOENT; at++)
        error = try_directory(directory_of(*at, own), name);
    return error;
}

static void add_directories(struct buffer *why, const char *const *directories)
{
    for (const char *const *at = directories; at && *at; at++)
        if (strcmp(*at, "%B") != 0)
            buffer_printf(why, ", %s", *at);
}

static void explain(const char *name, const char *own, int error, struct buffer *why)
{
    if (error != ENOENT) {
        buffer_printf(why, "the capture tool %s cannot be started: %s", name, strerror(error));
        if (error == EACCES)
            buffer_add_text(why, ". Installed tools are for root and the group norn: start norn as "
                                 "root, or join the group (adduser NAME norn)");
        return;
    }
    buffer_printf(why,
                  "the capture tool norn_cap_%s or kismet_cap_%s is not installed: it was looked "
                  "for in %s",
                  name, name, own);
    add_directories(why, search);
    add_directories(why, usual);
    buffer_add_text(why, ". Install it there, or name its directory: helper_binary_path=");
}

/* Tells the server why there is no tool: as the tool itself would. */
static void tell(const char *name, const char *own, int error)
{
    struct buffer why = {0}, frame = {0};
    explain(name, own, error, &why);
    struct protocol_message message = {
        .type = PROTOCOL_ERROR,
        .code = 1,
        .reason = {.present = PROTOCOL_BIT(1), .text = {(const char *)why.data, why.length}},
    };
    protocol_message_write(&message, &frame);
    ssize_t sent = send(OUT_DESCRIPTOR, frame.data, frame.length, MSG_NOSIGNAL);
    (void)sent; /* a server that is gone need not know */
}

int tool_child_run(int descriptor, const char *name)
{
    char own[PATH_MAX] = "";
    int error = ENOENT;
    if (dup2(descriptor, OUT_DESCRIPTOR) < 0 || dup2(descriptor, IN_DESCRIPTOR) < 0)
        return 1;
    fcntl(IN_DESCRIPTOR, F_SETFD, 0);
    if (sandbox_is_off())
        setenv("NORN_SANDBOX", "off", 1);
    if (find_own_directory(own))
        error = try_directory(own, name);
    if (error == ENOENT)
        error = try_all(search, own, name);
    if (error == ENOENT)
        error = try_all(usual, own, name);
    tell(name, own, error);
    return 1;
}
