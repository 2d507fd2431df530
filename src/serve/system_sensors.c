/* Sensors of the machine. See system_sensors.h. */
#include "serve/system_sensors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

enum {
    SUPPLIES = 8,
    FILES_PER_CHIP = 16,
    TEXT = 128, /* of one file */
};

/* Files of one power supply. Energy in uWh, or charge in uAh with a voltage beside it. */
struct supply {
    bool is_battery;
    int online, capacity, status, power, current, voltage, energy, charge;
};

struct sensor {
    int descriptor;
    double scale;
    bool is_fan;
    char name[sizeof((struct status_sensor *)0)->name];
};

struct machine {
    struct supply supplies[SUPPLIES];
    struct sensor sensors[2 * STATUS_SENSORS];
    size_t supply_count, sensor_count;
    int memory;
    long page_kilobytes;
};

static struct machine machine = {.memory = -1};
static struct status_record newest = {.battery_charging = "charged", .battery_ac = 1};
static atomic_ullong newest_memory; /* KB; the monitor reads it each second, requests do not */
static bool opened;
static pthread_mutex_t machine_lock = PTHREAD_MUTEX_INITIALIZER; /* of machine, newest */

static int open_file(int directory, const char *name)
{
    return openat(directory, name, O_RDONLY | O_CLOEXEC);
}

/* The text of an open file without its line end; false when it cannot be read. */
static bool read_text(int descriptor, char text[TEXT])
{
    ssize_t length = descriptor < 0 ? -1 : pread(descriptor, text, TEXT - 1, 0);
    if (length < 0)
        return false;
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return true;
}

static bool read_number(int descriptor, double *ret_number)
{
    char text[TEXT];
    return read_text(descriptor, text) && text_parse_double(text, strlen(text), ret_number) == 0;
}

static bool read_once(int directory, const char *name, char text[TEXT])
{
    int descriptor = open_file(directory, name);
    bool done = read_text(descriptor, text);
    if (descriptor >= 0)
        close(descriptor);
    return done;
}

static void open_supply(int directory)
{
    char type[TEXT];
    if (machine.supply_count == SUPPLIES || !read_once(directory, "type", type))
        return;
    struct supply *supply = &machine.supplies[machine.supply_count++];
    supply->is_battery = strcmp(type, "Battery") == 0;
    supply->online = open_file(directory, "online");
    supply->capacity = open_file(directory, "capacity");
    supply->status = open_file(directory, "status");
    supply->power = open_file(directory, "power_now");
    supply->current = open_file(directory, "current_now");
    supply->voltage = open_file(directory, "voltage_now");
    supply->energy = open_file(directory, "energy_now");
    supply->charge = open_file(directory, "charge_now");
}

static void add_sensor(int directory, const char *file, double scale, bool is_fan, const char *chip,
                       const char *label)
{
    if (machine.sensor_count == sizeof machine.sensors / sizeof *machine.sensors)
        return;
    struct sensor sensor = {open_file(directory, file), scale, is_fan, ""};
    if (sensor.descriptor < 0)
        return;
    snprintf(sensor.name, sizeof sensor.name, "%.22s%s%.20s", chip, *label ? "-" : "", label);
    unsigned same = 1;
    for (size_t i = 0; i < machine.sensor_count; i++)
        same += strncmp(machine.sensors[i].name, sensor.name, strlen(sensor.name)) == 0;
    if (same > 1) {
        size_t length = strlen(sensor.name);
        snprintf(sensor.name + length, sizeof sensor.name - length, "-%u", same % 100);
    }
    machine.sensors[machine.sensor_count++] = sensor;
}

static void open_zone(int directory)
{
    char type[TEXT];
    if (read_once(directory, "type", type))
        add_sensor(directory, "temp", 0.001, false, type, "");
}

static void open_chip(int directory)
{
    char chip[TEXT], label[TEXT], file[32];
    if (!read_once(directory, "name", chip))
        return;
    for (int i = 1; i <= FILES_PER_CHIP; i++) {
        for (int is_fan = 0; is_fan < 2; is_fan++) {
            const char *kind = is_fan ? "fan" : "temp";
            snprintf(file, sizeof file, "%s%d_label", kind, i);
            if (!read_once(directory, file, label))
                snprintf(label, sizeof label, "%s%d", kind, i);
            snprintf(file, sizeof file, "%s%d_input", kind, i);
            add_sensor(directory, file, is_fan ? 1 : 0.001, is_fan, chip, label);
        }
    }
}

/* Calls `open_one` with each directory of a class, in the order of their names. */
static void open_class(const char *root, const char *class, void (*open_one)(int directory))
{
    char path[512];
    struct dirent **entries;
    snprintf(path, sizeof path, "%s/sys/class/%s", root, class);
    int parent = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = parent < 0 ? -1 : scandir(path, &entries, NULL, versionsort);
    for (int i = 0; i < count; i++) {
        int directory = -1;
        if (entries[i]->d_name[0] != '.')
            directory = openat(parent, entries[i]->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory >= 0) {
            open_one(directory);
            close(directory);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    if (parent >= 0)
        close(parent);
}

void system_sensors_open(const char *root)
{
    char path[512];
    pthread_mutex_lock(&machine_lock);
    if (!opened) {
        opened = true;
        open_class(root, "power_supply", open_supply);
        open_class(root, "hwmon", open_chip);
        open_class(root, "thermal", open_zone);
        snprintf(path, sizeof path, "%s/proc/self/statm", root);
        machine.memory = open(path, O_RDONLY | O_CLOEXEC);
        machine.page_kilobytes = sysconf(_SC_PAGESIZE) / 1024;
    }
    pthread_mutex_unlock(&machine_lock);
}

/* Watts drawn from a battery, and watt-hours left in it; 0 where it does not say. */
static void read_battery(const struct supply *supply, double *ret_power, double *ret_energy)
{
    double power = 0, energy = 0, current = 0, charge = 0, voltage = 0;
    read_number(supply->voltage, &voltage);
    if (!read_number(supply->power, &power) && read_number(supply->current, &current))
        power = current * voltage / 1e6;
    if (!read_number(supply->energy, &energy) && read_number(supply->charge, &charge))
        energy = charge * voltage / 1e6;
    *ret_power = (power < 0 ? -power : power) / 1e6;
    *ret_energy = energy / 1e6;
}

static void refresh_battery(struct status_record *record)
{
    double percentage = 0, drawn = 0, left = 0;
    unsigned batteries = 0;
    bool mains = false, charging = false, discharging = false;
    for (size_t i = 0; i < machine.supply_count; i++) {
        const struct supply *supply = &machine.supplies[i];
        double number = 0, power, energy;
        char status[TEXT] = "";
        if (!supply->is_battery) {
            mains |= read_number(supply->online, &number) && number > 0;
            continue;
        }
        if (!read_number(supply->capacity, &number))
            continue;
        batteries++;
        percentage += number;
        read_text(supply->status, status);
        charging |= strcmp(status, "Charging") == 0;
        if (strcmp(status, "Discharging") != 0)
            continue;
        discharging = true;
        read_battery(supply, &power, &energy);
        drawn += power;
        left += energy;
    }
    record->battery_percentage = batteries ? (int32_t)(percentage / batteries) : 0;
    record->battery_charging = discharging ? "discharging" : charging ? "charging" : "charged";
    record->battery_ac = mains || !discharging;
    record->battery_discharge_rate = record->battery_ac ? 0 : drawn;
    record->battery_remaining =
        drawn > 0 && !record->battery_ac ? (uint32_t)(left / drawn * 3600) : 0;
}

static void refresh_sensors(struct status_record *record)
{
    record->temperature_count = record->fan_count = 0;
    for (size_t i = 0; i < machine.sensor_count; i++) {
        const struct sensor *sensor = &machine.sensors[i];
        uint32_t *count = sensor->is_fan ? &record->fan_count : &record->temperature_count;
        double number;
        if (*count == STATUS_SENSORS || !read_number(sensor->descriptor, &number))
            continue;
        struct status_sensor *row =
            &(sensor->is_fan ? record->fans : record->temperatures)[(*count)++];
        memcpy(row->name, sensor->name, sizeof row->name);
        row->value = number * sensor->scale;
    }
}

void system_sensors_refresh(void)
{
    pthread_mutex_lock(&machine_lock);
    refresh_battery(&newest);
    refresh_sensors(&newest);
    pthread_mutex_unlock(&machine_lock);
}

void system_sensors_fill(struct status_record *record)
{
    pthread_mutex_lock(&machine_lock);
    record->battery_percentage = newest.battery_percentage;
    record->battery_charging = newest.battery_charging;
    record->battery_ac = newest.battery_ac;
    record->battery_remaining = newest.battery_remaining;
    record->battery_discharge_rate = newest.battery_discharge_rate;
    memcpy(record->temperatures, newest.temperatures, sizeof newest.temperatures);
    memcpy(record->fans, newest.fans, sizeof newest.fans);
    record->temperature_count = newest.temperature_count;
    record->fan_count = newest.fan_count;
    pthread_mutex_unlock(&machine_lock);
    uint64_t memory = atomic_load(&newest_memory);
    record->memory = memory ? memory : system_sensors_memory();
}

static uint64_t read_memory(void)
{
    char text[TEXT];
    if (!read_text(machine.memory, text))
        return 0;
    const char *resident = strchr(text, ' ');
    int64_t pages;
    if (!resident || text_parse_i64(resident + 1, strcspn(resident + 1, " "), &pages) || pages < 0)
        return 0;
    return (uint64_t)pages * (uint64_t)machine.page_kilobytes;
}

uint64_t system_sensors_memory(void)
{
    uint64_t memory = read_memory();
    atomic_store(&newest_memory, memory);
    return memory;
}

static void close_all(int *descriptors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
}

void system_sensors_close(void)
{
    pthread_mutex_lock(&machine_lock);
    for (size_t i = 0; i < machine.supply_count; i++) {
        struct supply *supply = &machine.supplies[i];
        int files[] = {supply->online,  supply->capacity, supply->status, supply->power,
                       supply->current, supply->voltage,  supply->energy, supply->charge};
        close_all(files, sizeof files / sizeof *files);
    }
    for (size_t i = 0; i < machine.sensor_count; i++)
        close(machine.sensors[i].descriptor);
    if (machine.memory >= 0)
        close(machine.memory);
    machine = (struct machine){.memory = -1};
    atomic_store(&newest_memory, 0);
    newest = (struct status_record){.battery_charging = "charged", .battery_ac = 1};
    opened = false;
    pthread_mutex_unlock(&machine_lock);
}
