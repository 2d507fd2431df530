/* Finds the directories of the program, its configuration and its user. See config_places.h. */
#include "util/config_places.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* `directory`/`name`, allocated. */
static char *join(const char *directory, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static bool holds_directory(const char *directory, const char *name)
{
    char *path = join(directory, name);
    bool found = path && is_directory(path);
    free(path);
    return found;
}

/* A copy from the root on, without slashes at its end. */
static char *copy_path(const char *path)
{
    char *here = *path == '/' ? NULL : getcwd(NULL, 0);
    char *copy = here ? join(here, path) : strdup(path);
    free(here);
    size_t length = copy ? strlen(copy) : 0;
    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    return copy;
}

/* The home directory of whoever started norn. */
static const char *find_user_home(void)
{
    const char *home = secure_getenv("HOME");
    if (home && *home == '/')
        return home;
    const struct passwd *account = getpwuid(getuid());
    return account && account->pw_dir && *account->pw_dir == '/' ? account->pw_dir : "/";
}

/* Whether a directory is the home of an account (its owner's, or ours) rather than one made for
 * norn: --homedir takes either, as people who come from Kismet give it the first kind. */
static bool is_account_home(const char *directory)
{
    struct stat status;
    if (holds_directory(directory, ".norn") || holds_directory(directory, ".kismet") ||
        strcmp(directory, find_user_home()) == 0)
        return true;
    if (stat(directory, &status) != 0)
        return false;
    const struct passwd *owner = getpwuid(status.st_uid);
    return owner && owner->pw_dir && strcmp(owner->pw_dir, directory) == 0;
}

static int find_home(const struct config_request *request, struct config *ret_config)
{
    ret_config->user_home = copy_path(request->home ? request->home : find_user_home());
    if (!ret_config->user_home)
        return -ENOMEM;
    if (request->home && !is_account_home(ret_config->user_home))
        ret_config->home = strdup(ret_config->user_home);
    else
        ret_config->home = join(ret_config->user_home, ".norn");
    return ret_config->home ? 0 : -ENOMEM;
}

static const char *find_config_directory(const struct config_request *request)
{
    const char *named = secure_getenv("KISMET_CONF");
    if (request->config_directory)
        return request->config_directory;
    if (named && *named)
        return named;
    return !is_directory("/etc/norn") && is_directory("/etc/kismet") ? "/etc/kismet" : "/etc/norn";
}

/* The directory of the running program, and the shared data beside it. */
static int find_program(const struct config_request *request, struct config *ret_config)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    ret_config->binary_directory = strdup(slash ? path : "/usr/bin");
    slash = strrchr(path, '/');
    if (request->data_directory) {
        ret_config->data_directory = copy_path(request->data_directory);
    } else if (slash && strcmp(slash, "/bin") == 0) {
        *slash = '\0';
        ret_config->data_directory = join(path, "share");
    } else {
        ret_config->data_directory = strdup("/usr/share");
    }
    return ret_config->binary_directory && ret_config->data_directory ? 0 : -ENOMEM;
}

int config_places_find(const struct config_request *request, struct config *ret_config)
{
    int result = find_home(request, ret_config);
    if (result == 0)
        result = find_program(request, ret_config);
    if (result != 0)
        return result;
    ret_config->config_directory = copy_path(find_config_directory(request));
    return ret_config->config_directory ? 0 : -ENOMEM;
}

int config_places_move_home(const struct config_request *request, const char *configdir,
                            struct config *config)
{
    static const char *const stock[] = {"%h/.kismet/", "%h/.kismet", "~/.kismet/", "~/.kismet"};
    for (size_t i = 0; i < sizeof stock / sizeof *stock; i++)
        if (strcmp(configdir, stock[i]) == 0)
            return 0;
    if (!*configdir || request->home)
        return 0;
    struct buffer path = {0};
    config_expand(config, configdir, &path);
    const char *text = buffer_string(&path);
    char *home = text ? copy_path(text) : NULL;
    buffer_done(&path);
    if (!home)
        return -ENOMEM;
    free(config->home);
    config->home = home;
    return 0;
}

void config_places_user_file(const struct config *config, const char *name, bool legacy,
                             struct buffer *buffer)
{
    if (legacy)
        buffer_printf(buffer, "%s/.kismet/%s", config->user_home, name);
    else
        buffer_printf(buffer, "%s/%s", config->home, name);
}
