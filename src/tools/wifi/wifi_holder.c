/* Looking for those who hold a radio. See wifi_holder.h. The kernel does not say who manages an
 * interface, so this goes by what is usual: programs by their names, and where they or their files
 * name the interface. */
#include "tools/wifi/wifi_holder.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

enum { PATH_BYTES = 512, TEXT_BYTES = 4096 };

/* A program that manages radios, and the command that makes it let go. */
struct manager {
    const char *name;   /* as /proc/PID/comm has it: 15 bytes at most */
    const char *before; /* the interface's name stands between these … */
    const char *after;  /* … but where this is NULL */
};

enum certainty { NOT_AT_ALL, PERHAPS, SURELY };

static const struct manager managers[];
static const size_t managers_count;
static const struct manager *const network_manager = &managers[0];

/* Reads the beginning of a file, NULs turned to blanks; its length, 0 when there is none. */
static size_t read_file(const char *path, char ret_text[TEXT_BYTES])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? 0 : read(file, ret_text, TEXT_BYTES - 1);
    if (file >= 0)
        close(file);
    if (length < 0)
        length = 0;
    for (ssize_t i = 0; i < length; i++)
        if (!ret_text[i])
            ret_text[i] = ' ';
    ret_text[length] = '\0';
    return (size_t)length;
}

/* Whether the text has the word with neither letters nor digits at its sides, as in -iwlan0 or
 * hostapd-wlan0.conf; an option's letter may stand before it. */
static bool has_name(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)); at++) {
        bool is_option = at - text >= 2 && at[-2] == '-' && at[-1] == 'i';
        bool begins = at == text || is_option || !isalnum((unsigned char)at[-1]);
        if (begins && !isalnum((unsigned char)at[length]))
            return true;
    }
    return false;
}

/* The manager that a process is, or NULL. */
static const struct manager *manager_of(const char *root, const char *process)
{
    char path[PATH_BYTES], text[TEXT_BYTES];
    snprintf(path, sizeof path, "%s/proc/%.20s/comm", root, process);
    read_file(path, text);
    text[strcspn(text, "\n")] = '\0';
    for (size_t i = 0; i < managers_count; i++)
        if (strcmp(managers[i].name, text) == 0)
            return &managers[i];
    return NULL;
}

/* NetworkManager writes down which devices are its own. */
static enum certainty ask_network_manager(const char *root, uint32_t index)
{
    char path[PATH_BYTES], text[TEXT_BYTES];
    snprintf(path, sizeof path, "%s/run/NetworkManager/devices/%u", root, index);
    read_file(path, text);
    if (strstr(text, "managed=true"))
        return SURELY;
    return strstr(text, "managed=false") ? NOT_AT_ALL : PERHAPS;
}

static enum certainty suspect(const char *root, const char *process, const struct manager *manager,
                              const char *interface, uint32_t index)
{
    char path[PATH_BYTES], text[TEXT_BYTES];
    if (manager == network_manager)
        return ask_network_manager(root, index);
    snprintf(path, sizeof path, "%s/proc/%.20s/cmdline", root, process);
    read_file(path, text);
    return has_name(text, interface) ? SURELY : PERHAPS;
}

bool wifi_holder_can_look(const char *root)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/proc", root);
    DIR *directory = opendir(path);
    if (directory)
        closedir(directory);
    return directory != NULL;
}

bool wifi_holder_find(const char *root, const char *interface, uint32_t index,
                      struct wifi_holder *ret_holder)
{
    char path[PATH_BYTES];
    const struct manager *best = NULL;
    enum certainty best_certainty = NOT_AT_ALL;
    snprintf(path, sizeof path, "%s/proc", root);
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        int64_t process;
        if (text_parse_i64(entry->d_name, strlen(entry->d_name), &process) < 0)
            continue;
        const struct manager *manager = manager_of(root, entry->d_name);
        if (!manager)
            continue;
        enum certainty certainty = suspect(root, entry->d_name, manager, interface, index);
        if (certainty < best_certainty || (certainty == best_certainty && manager >= best))
            continue;
        best = manager;
        best_certainty = certainty;
        *ret_holder = (struct wifi_holder){manager->name, (int)process, certainty == SURELY};
    }
    if (directory)
        closedir(directory);
    return best != NULL;
}

void wifi_holder_explain(const struct wifi_holder *holder, const char *interface,
                         struct buffer *ret_why)
{
    buffer_printf(ret_why, "%s (process %d) %s %s; to release it: ", holder->program,
                  holder->process, holder->is_sure ? "manages" : "may manage", interface);
    for (size_t i = 0; i < managers_count; i++)
        if (strcmp(managers[i].name, holder->program) == 0)
            buffer_printf(ret_why, "%s%s%s", managers[i].before, managers[i].after ? interface : "",
                          managers[i].after ? managers[i].after : "");
}

static bool reads_one(const char *path)
{
    char text[TEXT_BYTES];
    return read_file(path, text) && *text == '1';
}

struct wifi_switches wifi_holder_switches(const char *root, const char *wiphy)
{
    char path[PATH_BYTES];
    struct wifi_switches switches = {0};
    snprintf(path, sizeof path, "%s/sys/class/ieee80211/%.63s", root, wiphy);
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, "rfkill", 6) != 0)
            continue;
        snprintf(path, sizeof path, "%s/sys/class/ieee80211/%.63s/%.20s/hard", root, wiphy,
                 entry->d_name);
        switches.hard |= reads_one(path);
        memcpy(strrchr(path, '/'), "/soft", sizeof "/soft");
        switches.soft |= reads_one(path);
    }
    if (directory)
        closedir(directory);
    return switches;
}

/* Of two that are as sure the first counts. */
static const struct manager managers[] = {
    {"NetworkManager", "nmcli device set ", " managed no"},
    {"hostapd", "systemctl stop hostapd", NULL},
    {"wpa_supplicant", "wpa_cli -i ", " terminate, or systemctl stop wpa_supplicant"},
    {"iwd", "systemctl stop iwd", NULL},
    {"connmand", "connmanctl disable wifi", NULL},
};
static const size_t managers_count = sizeof managers / sizeof *managers;
