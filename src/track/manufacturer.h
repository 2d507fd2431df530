/* Makers of devices, from the first octets of their addresses (IEEE registries MA-L, MA-M, MA-S),
 * compiled into the program; a file at run time may add to it. */
#ifndef NORN_TRACK_MANUFACTURER_H
#define NORN_TRACK_MANUFACTURER_H

#include "util/macaddr.h"

/* Name of the maker, or NULL: unknown or locally administered. */
const char *manufacturer_find(struct macaddr mac);

#endif
