/* A home and places of a launcher under test, made anew for each test in a directory of its own. */
#ifndef NORN_TESTS_LAUNCHER_PLACE_H
#define NORN_TESTS_LAUNCHER_PLACE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/launcher.h"

static char root[64], home[96], allowed[96];
static const char *readable[3];
static struct launcher_config config;
static const struct launcher_service services[]; /* of the test */

/* A service that says its argument, then every byte back. */
static int echo(int descriptor, const char *argument)
{
    char byte;
    if (write(descriptor, argument, strlen(argument)) < 0)
        return 1;
    while (read(descriptor, &byte, 1) == 1)
        if (write(descriptor, &byte, 1) != 1)
            return 1;
    return 0;
}

static void put(const char *path, const char *content, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, strlen(content)), (ssize_t)strlen(content));
    fchmod(file, mode);
    close(file);
}

static const char *under(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", root, name);
    return path;
}

static int set_up(void **state)
{
    snprintf(root, sizeof root, "/tmp/norn-launcher-XXXXXX");
    assert_non_null(mkdtemp(root));
    chmod(root, 0755);
    snprintf(home, sizeof home, "%s/user/.norn", root);
    snprintf(allowed, sizeof allowed, "%s/etc", root);
    mkdir(under("user"), 0755);
    mkdir(allowed, 0755);
    readable[0] = allowed;
    readable[1] = NULL;
    config = (struct launcher_config){.home = home, .readable = readable, .services = services};
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    return remove(path);
}

static int tear_down(void **state)
{
    nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

#define launcher_test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif
