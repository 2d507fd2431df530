/* The order in which rights go: the user first, then what only a free process can look up, then
 * system calls and paths. See privileges.h. */
#include "serve/privileges.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool is_set_to(const struct options *options, const char *value)
{
    return strcmp(options_text(options, "sandbox"), value) == 0;
}

void privileges_prepare(const struct options *options)
{
    if (is_set_to(options, "off"))
        sandbox_switch_off();
}

/* The name, or the number of an account that has none. */
static void find_user(char *ret_name, size_t size)
{
    struct passwd entry, *found = NULL;
    char memory[4096];
    uid_t user = geteuid();
    if (getpwuid_r(user, &entry, memory, sizeof memory, &found) == 0 && found)
        snprintf(ret_name, size, "%s", found->pw_name);
    else
        snprintf(ret_name, size, "%u", (unsigned)user);
}

static int confine(const struct options *options, struct sandbox_state *ret_state,
                   struct buffer *ret_why)
{
    int result = sandbox_enter(SANDBOX_SERVER, ret_state);
    if (result == 0 || !is_set_to(options, "require"))
        return 0;
    buffer_add_text(ret_why, "sandbox=require, but ");
    sandbox_describe(ret_state, ret_why);
    buffer_add_text(ret_why, "; sandbox=auto starts without what is missing");
    return result;
}

int privileges_drop(struct launcher *launcher, const struct options *options,
                    struct privileges *ret_privileges, struct buffer *ret_why)
{
    struct privileges privileges = {0};
    struct buffer rights = {0};
    int result = launcher_drop_rights(launcher, &rights);
    if (result == 0) {
        snprintf(privileges.rights, sizeof privileges.rights, "%.*s", (int)rights.length,
                 (const char *)rights.data);
        find_user(privileges.user, sizeof privileges.user);
        tzset(); /* the C library reads the zone at its first calendar, of UTC too */
        result = confine(options, &privileges.sandbox, ret_why);
    } else {
        buffer_add(ret_why, rights.data, rights.length);
    }
    buffer_done(&rights);
    if (result == 0)
        *ret_privileges = privileges;
    return result;
}
