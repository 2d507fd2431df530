/* What is said of obstacles: each kind of them, with the files below a root of the test's own that
 * tell of processes and switches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/wifi/wifi_holder.h"
#include "tools/wifi/wifi_obstacle.h"

static char root[64];

static int make_root(void **state)
{
    snprintf(root, sizeof root, "/tmp/norn-obstacle-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

/* Writes a file below the root, with the folders it is in; NULs by \n in command lines. */
static void put_file(const char *path, const char *text)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(whole, 0755);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    for (; *text; text++)
        fputc(*text == '|' ? 0 : *text, file);
    fclose(file);
}

static void put_process(int process, const char *name, const char *command)
{
    char path[64], line[64];
    snprintf(path, sizeof path, "/proc/%d/comm", process);
    snprintf(line, sizeof line, "%s\n", name);
    put_file(path, line);
    snprintf(path, sizeof path, "/proc/%d/cmdline", process);
    put_file(path, command);
}

static void expect_holder(const char *interface, uint32_t index, const char *text)
{
    struct wifi_holder holder;
    struct buffer said = {0};
    assert_true(wifi_holder_find(root, interface, index, &holder));
    wifi_holder_explain(&holder, interface, &said);
    buffer_add_byte(&said, 0);
    assert_string_equal((const char *)said.data, text);
    buffer_done(&said);
}

static void test_holders(void **state)
{
    struct wifi_holder holder;
    assert_false(wifi_holder_find(root, "wlan0", 3, &holder));
    assert_false(wifi_holder_find("/there is no such folder", "wlan0", 3, &holder));
    put_process(41, "bash", "bash|wlan0|");
    put_process(42, "wpa_supplicant", "/sbin/wpa_supplicant|-B|-iwlan1|-c|/etc/wpa.conf|");
    put_file("/proc/meminfo", "no process");
    expect_holder("wlan1", 4,
                  "wpa_supplicant (process 42) manages wlan1; to release it: wpa_cli -i wlan1 "
                  "terminate, or systemctl stop wpa_supplicant");
    expect_holder("wlan0", 3,
                  "wpa_supplicant (process 42) may manage wlan0; to release it: wpa_cli -i wlan0 "
                  "terminate, or systemctl stop wpa_supplicant");
    put_process(43, "hostapd", "hostapd|/etc/hostapd-wlan2.conf|");
    expect_holder("wlan2", 5,
                  "hostapd (process 43) manages wlan2; to release it: systemctl stop hostapd");
    expect_holder("wlan", 6,
                  "hostapd (process 43) may manage wlan; to release it: systemctl stop "
                  "hostapd"); /* another name that begins like theirs */
    put_process(812, "NetworkManager", "/usr/sbin/NetworkManager|--no-daemon|");
    expect_holder("wlan0", 3,
                  "NetworkManager (process 812) may manage wlan0; to release it: nmcli device set "
                  "wlan0 managed no");
    put_file("/run/NetworkManager/devices/3", "[device]\nmanaged=true\n");
    expect_holder("wlan0", 3,
                  "NetworkManager (process 812) manages wlan0; to release it: nmcli device set "
                  "wlan0 managed no");
    put_file("/run/NetworkManager/devices/3", "[device]\nmanaged=false\n");
    assert_true(wifi_holder_find(root, "wlan0", 3, &holder));
    assert_string_equal(holder.program, "hostapd");
}

static struct wifi_place place = {
    .root = root, .interface = "wlan0", .index = 3, .wiphy = "phy0", .driver = "ath9k"};

static void expect_text(struct buffer *said, const char *text)
{
    buffer_add_byte(said, 0);
    assert_string_equal((const char *)said->data, text);
    buffer_done(said);
}

static void expect_explained(const char *deed, int error, const char *text)
{
    struct buffer said = {0};
    wifi_obstacle_explain(&place, deed, error, &said);
    expect_text(&said, text);
}

static void test_errors(void **state)
{
    expect_explained("bring up", -ENODEV, "cannot bring up wlan0: it is gone");
    expect_explained("capture on", -ENETDOWN,
                     "cannot capture on wlan0: it is down: ip link set wlan0 up");
    expect_explained("make a monitor interface for", -EOPNOTSUPP,
                     "cannot make a monitor interface for wlan0: its driver ath9k cannot do that");
    expect_explained("tune", -EIO, "cannot tune wlan0: Input/output error");
    memcpy(place.rival, "wlan1", sizeof "wlan1");
    place.rival_index = 4;
    expect_explained("tune", -EBUSY,
                     "cannot tune wlan0: the radio is in use by its interface wlan1 (ip link set "
                     "wlan1 down). wpa_supplicant (process 42) manages wlan1; to release it: "
                     "wpa_cli -i wlan1 terminate, or systemctl stop wpa_supplicant");
    place.rival[0] = '\0';
}

/* As when the tool was confined since. */
static void test_holders_of_before(void **state)
{
    struct buffer said = {0};
    struct wifi_place noted = place;
    wifi_obstacle_note_holder(&noted, "wlan1", 4);
    assert_int_equal(noted.holders_count, 1);
    noted.root = "/there is no such folder";
    memcpy(noted.rival, "wlan1", sizeof "wlan1");
    noted.rival_index = 4;
    wifi_obstacle_explain(&noted, "tune", -EBUSY, &said);
    expect_text(&said,
                "cannot tune wlan0: the radio is in use by its interface wlan1 (ip link set wlan1 "
                "down). wpa_supplicant (process 42) manages wlan1; to release it: wpa_cli -i wlan1 "
                "terminate, or systemctl stop wpa_supplicant");
    noted.rival_index = 9;
    wifi_obstacle_explain(&noted, "tune", -EBUSY, &said);
    expect_text(&said, "cannot tune wlan0: the radio is in use by its interface wlan1 (ip link set "
                       "wlan1 down)");
    for (size_t i = 0; i < 2 * WIFI_HOLDERS; i++)
        wifi_obstacle_note_holder(&noted, "wlan1", 4);
    assert_int_equal(noted.holders_count, 1); /* nothing to be seen there */
    noted.root = root;
    for (size_t i = 0; i < 2 * WIFI_HOLDERS; i++)
        wifi_obstacle_note_holder(&noted, "wlan1", 4);
    assert_int_equal(noted.holders_count, WIFI_HOLDERS);
}

static void test_switches(void **state)
{
    expect_explained("bring up", -ERFKILL,
                     "cannot bring up wlan0: the radio is turned off (rfkill): rfkill unblock "
                     "wifi");
    put_file("/sys/class/ieee80211/phy0/rfkill3/hard", "1\n");
    put_file("/sys/class/ieee80211/phy0/rfkill3/soft", "0\n");
    put_file("/sys/class/ieee80211/phy0/index", "0\n");
    expect_explained("bring up", -ERFKILL,
                     "cannot bring up wlan0: a switch or key of this machine turns the radio off "
                     "(hard rfkill): turn it on there");
    put_file("/sys/class/ieee80211/phy0/rfkill3/soft", "1\n");
    expect_explained("bring up", -ERFKILL,
                     "cannot bring up wlan0: a switch or key of this machine turns the radio off "
                     "(hard rfkill): turn it on there, then: rfkill unblock wifi");
    struct wifi_switches switches = wifi_holder_switches(root, "phy1");
    assert_false(switches.hard || switches.soft);
}

static void expect_rights(struct wifi_rights rights, const char *part)
{
    struct buffer said = {0};
    snprintf(rights.program, sizeof rights.program, "/usr/bin/norn_cap_linux_wifi");
    wifi_obstacle_explain_rights(&rights, &said);
    buffer_add_byte(&said, 0);
    assert_non_null(strstr((const char *)said.data, part));
    buffer_done(&said);
}

static void test_rights(void **state)
{
    expect_rights((struct wifi_rights){.may_get = true},
                  "setcap cap_net_admin,cap_net_raw=ep /usr/bin/norn_cap_linux_wifi");
    expect_rights((struct wifi_rights){0}, "--cap-add=NET_ADMIN");
    expect_rights((struct wifi_rights){.may_get = true, .is_forbidden = true},
                  "ambient capabilities");
    expect_rights((struct wifi_rights){.may_get = true, .has_them = true}, "--network=host");
    struct wifi_rights own = wifi_obstacle_rights();
    assert_non_null(strstr(own.program, "wifi_obstacle_test"));
    struct buffer said = {0};
    wifi_obstacle_explain(&place, "bring up", -EPERM, &said);
    assert_true(said.length > strlen("cannot bring up wlan0: "));
    buffer_done(&said);
}

static void test_unknown_interfaces(void **state)
{
    struct wifi_links links = {.count = 4,
                               .list = {{.name = "lo", .kind = ARPHRD_LOOPBACK},
                                        {.name = "eth0", .kind = ARPHRD_ETHER},
                                        {.name = "wlp9s1", .kind = ARPHRD_ETHER},
                                        {.name = "wlp3s0", .kind = ARPHRD_ETHER}}};
    struct buffer said = {0};
    wifi_obstacle_explain_unknown("wlp2s0", &links, &said);
    expect_text(&said, "there is no network interface wlp2s0: did you mean wlp3s0?");
    wifi_obstacle_explain_unknown("wlan0", &links, &said);
    expect_text(&said, "there is no network interface wlan0; there are eth0, wlp9s1, wlp3s0");
    links.count = 1;
    wifi_obstacle_explain_unknown("wlan0", &links, &said);
    expect_text(&said, "there is no network interface wlan0");
}

static void expect_channel(const char *channel, enum wifi_verdict verdict, const char *text)
{
    struct wifi_channel parsed;
    struct buffer said = {0};
    assert_int_equal(wifi_channel_parse(channel, &parsed), 0);
    wifi_obstacle_explain_channel(&place, &parsed, verdict, "US", &said);
    expect_text(&said, text);
}

static void test_channels(void **state)
{
    expect_channel("13", WIFI_FORBIDDEN,
                   "wlan0 refuses channel 13 (2472 MHz): the regulatory domain US forbids it; iw "
                   "reg set names another country, where you are in that");
    expect_channel("36", WIFI_UNKNOWN,
                   "wlan0 refuses channel 36 (5180 MHz): the radio has no such channel");
    expect_channel("36VHT80", WIFI_TOO_WIDE,
                   "wlan0 refuses channel 36VHT80 (5180 MHz): not 80 MHz wide, with this radio "
                   "and regulatory domain US");
    expect_channel("6", WIFI_FITS,
                   "wlan0 refuses channel 6 (2437 MHz): its driver does not say why");
}

static void test_no_monitor_mode_and_losses(void **state)
{
    struct buffer said = {0};
    wifi_obstacle_explain_no_monitor(&place, &said);
    expect_text(&said, "wlan0 cannot capture: its driver ath9k has no monitor mode. Another driver "
                       "for it, or another radio, may have one");
    wifi_obstacle_explain_loss(&place, false, &said);
    expect_text(&said, "wlan0 disappeared: its radio was unplugged, or the driver unloaded");
    memcpy(place.interface, "wlan1", sizeof "wlan1");
    wifi_obstacle_explain_loss(&place, true, &said);
    expect_text(&said,
                "wlan1 was taken down by another program. wpa_supplicant (process 42) manages "
                "wlan1; to release it: wpa_cli -i wlan1 terminate, or systemctl stop "
                "wpa_supplicant");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holders),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_holders_of_before),
        cmocka_unit_test(test_switches),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_unknown_interfaces),
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_no_monitor_mode_and_losses),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
