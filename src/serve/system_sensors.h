/* What the machine says of itself: battery, temperatures, fans, memory in use. Input: files of
 * sysfs and procfs (Documentation/ABI/testing/sysfs-class-power, sysfs-class-hwmon), opened once
 * at the start, since the server opens no paths later. Output: part of the status record. There is
 * one machine, so there is one set of sensors. Thread-safe. */
#ifndef NORN_SERVE_SYSTEM_SENSORS_H
#define NORN_SERVE_SYSTEM_SENSORS_H

#include <stdbool.h>

#include "schema/status_fields.h"

/* Finds and opens what there is below `root` ("" for this machine; tests give another). Call once
 * before the rights are dropped; what is missing is left out. */
void system_sensors_open(const char *root);

/* Reads everything again. Some drivers take milliseconds: not on a server thread. */
void system_sensors_refresh(void);

/* Copies the newest readings into the battery, sensor and memory members of a status record; of
 * memory that is what system_sensors_memory() gave last. */
void system_sensors_fill(struct status_record *record);

/* Resident memory of this process in KB, read now; 0 when it cannot be. Cheap. */
uint64_t system_sensors_memory(void);

/* Closes everything. */
void system_sensors_close(void);

#endif
