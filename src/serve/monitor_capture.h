/* The capture as a part of the running whole: made with what the launcher does for it, given its
 * sources, joined by sensors from afar. */
#ifndef NORN_SERVE_MONITOR_CAPTURE_H
#define NORN_SERVE_MONITOR_CAPTURE_H

#include "serve/monitor.h"

/* Makes monitor->capture, without sources. 0 or -ENOMEM. */
int monitor_capture_new(struct monitor *monitor);

/* Defines the sources of the command line, else those of the configuration. One that cannot be is
 * told, no more. */
void monitor_capture_add(struct monitor *monitor);

/* Opens the port of remote sensors, before rights are given up. That it cannot be opened is told,
 * no more: another program may hold it. */
void monitor_capture_listen(struct monitor *monitor);

/* Lets sensors in: those of the port and those that come by websocket. 0, or -1 once it was told
 * why not. */
int monitor_capture_take_sensors(struct monitor *monitor);

#endif
