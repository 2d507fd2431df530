/* The network interfaces of the machine. Whoever asks for them needs sockets and paths, which the
 * server has not: it starts a service of the launcher that writes them down, and reads that. */
#ifndef NORN_CAPTURE_INTERFACE_H
#define NORN_CAPTURE_INTERFACE_H

#include "capture/capture.h"

enum { INTERFACE_ROWS_MAX = 256 };

/* One interface, also as it goes over the socket. */
struct interface {
    char name[16];
    uint8_t address[6]; /* zeroes when it has none */
};

/* The service of the launcher: writes a row for each interface, then ends; the exit status. */
int interface_serve(int descriptor, const char *argument);

/* Fills up to `limit` rows, in the kernel's order; how many. Takes milliseconds. */
size_t interface_list(const struct capture_config *config, struct interface *ret_rows,
                      size_t limit);

/* Looks one up by name. False when there is none. */
bool interface_find(const struct capture_config *config, const char *name,
                    struct interface *ret_row);

#endif
