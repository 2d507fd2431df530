/* What is told of a device that an adapter found: a JSON object with the members that servers have
 * always taken (addr, name, type) and, behind them, what else the device says of itself, under the
 * names that scan reports of phones have for it. Input: the kernel's event with its AD structures
 * (Core Specification Supplement, Part A). Output: text. */
#ifndef NORN_TOOLS_BLUETOOTH_SIGHTING_H
#define NORN_TOOLS_BLUETOOTH_SIGHTING_H

#include "tools/bluetooth_management.h"
#include "util/buffer.h"

/* Appends the object; check json->failed. What of the AD structures is cut is left out. */
void bluetooth_sighting_write(const struct bluetooth_found *found, struct buffer *json);

#endif
