/* Drops user, group, capabilities and the ways back, in the order that the kernel wants: bounding
 * set and groups while still root, the user last, then what is left of the sets. Input: an account
 * name. Output: the process's own credentials. See capabilities(7), credentials(7), prctl(2). */
#include "util/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/sanitized.h"

enum {
    NOBODY = 65534,
    /* A leak checker traces its own process, which one that may not be dumped refuses. */
    DUMPABLE = NORN_SANITIZED,
};

struct account {
    char name[64];
    uid_t user;
    gid_t group;
};

/* The account named, or nobody; never root. */
static struct account find_account(const char *name)
{
    const struct passwd *entry = name && *name ? getpwnam(name) : NULL;
    if (!entry || entry->pw_uid == 0)
        entry = getpwnam("nobody");
    struct account account = {.name = "nobody", .user = NOBODY, .group = NOBODY};
    if (entry && entry->pw_uid != 0) {
        account.user = entry->pw_uid;
        account.group = entry->pw_gid;
        snprintf(account.name, sizeof account.name, "%s", entry->pw_name);
    }
    return account;
}

/* Leaves the capabilities in `keep` and the process's permitted set, those in `use` effective too;
 * none else. */
static int limit_capabilities(uint64_t keep, uint64_t use)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0)
        return -errno;
    for (int i = 0; i < 2; i++) {
        sets[i].permitted &= (uint32_t)(keep >> (32 * i));
        sets[i].effective = sets[i].permitted & (uint32_t)(use >> (32 * i));
        sets[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, sets) == 0 ? 0 : -errno;
}

/* What no program started from here may ever get. Needs CAP_SETPCAP; without it there is nothing
 * to drop that no_new_privs does not cover. */
static void limit_bounding_set(uint64_t keep)
{
    for (unsigned long capability = 0; capability < 64; capability++)
        if (!(keep >> capability & 1))
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

static int change_user(const struct account *account, uint64_t keep)
{
    if (prctl(PR_SET_KEEPCAPS, keep != 0, 0, 0, 0) != 0)
        return -errno;
    if (setgroups(0, NULL) != 0 || setresgid(account->group, account->group, account->group) != 0 ||
        setresuid(account->user, account->user, account->user) != 0)
        return -errno;
    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
    return setuid(0) == 0 ? -EPERM : 0; /* a way back would be a fault */
}

static int forbid_more(void)
{
    const struct rlimit none = {0, 0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -errno;
    setrlimit(RLIMIT_CORE, &none);
    return prctl(PR_SET_DUMPABLE, DUMPABLE, 0, 0, 0) == 0 ? 0 : -errno;
}

static void describe(struct buffer *buffer, bool was_root, const struct account *account,
                     uint64_t keep)
{
    if (!buffer)
        return;
    if (was_root)
        buffer_printf(buffer, "runs as %s (uid %u)", account->name, (unsigned)account->user);
    else
        buffer_printf(buffer, "runs as uid %u", (unsigned)getuid());
    buffer_add_text(buffer, keep ? " with the capabilities it needs" : " without capabilities");
    buffer_add_text(buffer, ", cannot gain privileges, leaves no core dumps");
}

int rights_drop(const char *user, uint64_t keep, struct buffer *ret_done)
{
    bool was_root = geteuid() == 0;
    struct account account = find_account(user);
    const char *step = "the capability bounding set";
    int result = 0, parent_signal = 0;
    prctl(PR_GET_PDEATHSIG, &parent_signal, 0, 0, 0); /* lost with the change of user */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    limit_bounding_set(keep);
    if (was_root) {
        step = "the user and its groups";
        result = change_user(&account, keep);
    }
    if (result == 0) {
        step = "the capabilities";
        result = limit_capabilities(keep, keep);
    }
    if (result == 0) {
        step = "no new privileges";
        result = forbid_more();
    }
    prctl(PR_SET_PDEATHSIG, parent_signal, 0, 0, 0);
    if (result == 0)
        describe(ret_done, was_root, &account, keep);
    else if (ret_done)
        buffer_printf(ret_done, "cannot give up rights (%s): %s", step, strerror(-result));
    return result;
}

int rights_limit(uint64_t keep)
{
    if (geteuid() != 0)
        return 0;
    limit_bounding_set(keep);
    return limit_capabilities(keep, keep);
}

int rights_use(uint64_t use)
{
    return limit_capabilities(UINT64_MAX, use);
}
