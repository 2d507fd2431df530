/* Whether rfkill keeps a Bluetooth adapter off, which the management interface of newer kernels
 * does not tell from any other failure. Input: /sys/class/bluetooth/hciN/rfkillM. Output: a
 * sentence. */
#ifndef NORN_TOOLS_BLUETOOTH_RFKILL_H
#define NORN_TOOLS_BLUETOOTH_RFKILL_H

#include "util/buffer.h"

#define BLUETOOTH_RFKILL_FOLDER "/sys/class/bluetooth"

/* 0: it is not blocked, or nobody says so; -ERFKILL with what blocks it and what lifts that. */
int bluetooth_rfkill_check(const char *folder, const char *adapter, struct buffer *ret_why);

#endif
