/* Switches of rfkill, as files of a folder of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/bluetooth_rfkill.h"

static char folder[] = "/tmp/norn-rfkill-XXXXXX";

static const char *place(const char *name)
{
    static char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_switch(const char *name, const char *text)
{
    FILE *file = fopen(place(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_folder(void **state)
{
    if (!mkdtemp(folder) || mkdir(place("hci0"), 0755) != 0 || mkdir(place("hci0/rfkill7"), 0755))
        return -1;
    return mkdir(place("hci0/power"), 0755);
}

static int remove_folder(void **state)
{
    static const char *const files[] = {"hci0/rfkill7/soft", "hci0/rfkill7/hard"};
    static const char *const folders[] = {"hci0/rfkill7", "hci0/power", "hci0", ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(place(files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        rmdir(place(folders[i]));
    return 0;
}

static void assert_check(const char *adapter, const char *words)
{
    struct buffer why = {0};
    assert_int_equal(bluetooth_rfkill_check(folder, adapter, &why), words ? -ERFKILL : 0);
    buffer_add_byte(&why, 0);
    if (words)
        assert_non_null(strstr((const char *)why.data, words));
    else
        assert_int_equal(why.length, 1);
    buffer_done(&why);
}

static void test_switches(void **state)
{
    assert_check("hci0", NULL); /* nothing to read */
    write_switch("hci0/rfkill7/soft", "0\n");
    write_switch("hci0/rfkill7/hard", "0\n");
    assert_check("hci0", NULL);
    write_switch("hci0/rfkill7/soft", "1\n");
    assert_check("hci0", "rfkill keeps hci0 off: `rfkill unblock bluetooth`");
    write_switch("hci0/rfkill7/hard", "1\n");
    assert_check("hci0", "a key or switch of the machine keeps hci0 off");
    write_switch("hci0/rfkill7/hard", "");
    assert_check("hci0", "rfkill unblock");
    assert_check("hci1", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_switches)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
