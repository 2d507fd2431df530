/* Words for what Bluetooth devices say of their kind by number: the class of device of inquiries
 * and connections, and low energy's appearance (assigned numbers, baseband and GAP). Input: the
 * numbers; output: constant texts. */
#ifndef NORN_SCHEMA_BLUETOOTH_CLASS_H
#define NORN_SCHEMA_BLUETOOTH_CLASS_H

#include <stdint.h>

/* Major and minor class of 24 bits as words; "" where there is none. */
const char *bluetooth_class_major(uint32_t device_class);
const char *bluetooth_class_minor(uint32_t device_class);

/* Category of an appearance; "" where there is none. */
const char *bluetooth_class_appearance(uint16_t appearance);

#endif
