/* Sensors of a made-up machine: files in a directory stand for sysfs. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/system_sensors.h"

static char root[64];

static void make(const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    for (char *at = strchr(full + strlen(root) + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(full, 0700);
        *at = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    snprintf(root, sizeof root, "%s/norn-sensors-XXXXXX", P_tmpdir);
    return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    return remove(path);
}

static int tear_down(void **state)
{
    system_sensors_close();
    return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void read_all(struct status_record *ret)
{
    memset(ret, 0, sizeof *ret);
    system_sensors_open(root);
    system_sensors_refresh();
    system_sensors_fill(ret);
}

static void test_nothing_there(void **state)
{
    struct status_record status;
    read_all(&status);
    assert_int_equal(status.battery_percentage, 0);
    assert_string_equal(status.battery_charging, "charged");
    assert_int_equal(status.battery_ac, 1);
    assert_true(status.battery_discharge_rate == 0);
    assert_int_equal(status.temperature_count, 0);
}

static void test_discharging(void **state)
{
    struct status_record status;
    make("sys/class/power_supply/AC/type", "Mains\n");
    make("sys/class/power_supply/AC/online", "0\n");
    make("sys/class/power_supply/BAT0/type", "Battery\n");
    make("sys/class/power_supply/BAT0/capacity", "80\n");
    make("sys/class/power_supply/BAT0/status", "Discharging\n");
    make("sys/class/power_supply/BAT0/power_now", "7500000\n");
    make("sys/class/power_supply/BAT0/energy_now", "30000000\n");
    make("sys/class/power_supply/BAT1/type", "Battery\n");
    make("sys/class/power_supply/BAT1/capacity", "60\n");
    make("sys/class/power_supply/BAT1/status", "Not charging\n");
    read_all(&status);
    assert_int_equal(status.battery_percentage, 70);
    assert_string_equal(status.battery_charging, "discharging");
    assert_int_equal(status.battery_ac, 0);
    assert_true(status.battery_discharge_rate == 7.5);
    assert_int_equal(status.battery_remaining, 4 * 3600);
    make("sys/class/power_supply/BAT0/status", "Charging\n");
    make("sys/class/power_supply/AC/online", "1\n");
    system_sensors_refresh();
    system_sensors_fill(&status);
    assert_string_equal(status.battery_charging, "charging");
    assert_int_equal(status.battery_ac, 1);
    assert_true(status.battery_discharge_rate == 0);
    assert_int_equal(status.battery_remaining, 0);
}

static void test_current_and_voltage(void **state)
{
    struct status_record status;
    make("sys/class/power_supply/battery/type", "Battery\n");
    make("sys/class/power_supply/battery/capacity", "50\n");
    make("sys/class/power_supply/battery/status", "Discharging\n");
    make("sys/class/power_supply/battery/current_now", "-1000000\n");
    make("sys/class/power_supply/battery/voltage_now", "4000000\n");
    make("sys/class/power_supply/battery/charge_now", "2000000\n");
    read_all(&status);
    assert_true(status.battery_discharge_rate == 4);
    assert_int_equal(status.battery_remaining, 2 * 3600);
}

static void test_temperatures_and_fans(void **state)
{
    struct status_record status;
    make("sys/class/hwmon/hwmon0/name", "nvme\n");
    make("sys/class/hwmon/hwmon0/temp1_input", "41850\n");
    make("sys/class/hwmon/hwmon0/temp1_label", "Composite\n");
    make("sys/class/hwmon/hwmon1/name", "nvme\n");
    make("sys/class/hwmon/hwmon1/temp1_input", "-5000\n");
    make("sys/class/hwmon/hwmon1/temp1_label", "Composite\n");
    make("sys/class/hwmon/hwmon2/name", "box\n");
    make("sys/class/hwmon/hwmon2/fan2_input", "1234\n");
    make("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    make("sys/class/thermal/thermal_zone0/temp", "50500\n");
    read_all(&status);
    assert_int_equal(status.temperature_count, 3);
    assert_string_equal(status.temperatures[0].name, "nvme-Composite");
    assert_true(status.temperatures[0].value > 41.84 && status.temperatures[0].value < 41.86);
    assert_string_equal(status.temperatures[1].name, "nvme-Composite-2");
    assert_true(status.temperatures[1].value == -5);
    assert_string_equal(status.temperatures[2].name, "cpu-thermal");
    assert_int_equal(status.fan_count, 1);
    assert_string_equal(status.fans[0].name, "box-fan2");
    assert_true(status.fans[0].value == 1234);
}

static void test_memory(void **state)
{
    make("proc/self/statm", "9000 2500 300 1 0 100 0\n");
    system_sensors_open(root);
    assert_int_equal(system_sensors_memory(), 2500 * (sysconf(_SC_PAGESIZE) / 1024));
    struct status_record status;
    system_sensors_fill(&status);
    assert_int_equal(status.memory, 2500 * (sysconf(_SC_PAGESIZE) / 1024));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_discharging, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_current_and_voltage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_temperatures_and_fans, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
