/* The capture child: the one process that holds an interface open. Started by the launcher with
 * its rights; opens the interface through libpcap, gives the rights up, then writes frames to a
 * stream socket. Output: the messages of live_message.h, read by source_live.c. */
#ifndef NORN_CAPTURE_LIVE_CHILD_H
#define NORN_CAPTURE_LIVE_CHILD_H

/* 0 when the text is a plausible interface name (1 to 15 bytes, no slash, colon, blank or
 * control byte), else -EINVAL: the launcher's check before it starts the child. */
int live_child_allow(const char *interface);

/* Captures until the peer hangs up or the interface breaks off; the exit status (0: hung up,
 * 1: error told to the peer). Call in a process of its own: closes every other descriptor above
 * standard error and drops all rights. */
int live_child_run(int descriptor, const char *interface);

/* The name of an interface's driver, "" when it has none (TAP devices) or may not be looked up. */
void live_child_find_hardware(const char *interface, char ret_name[64]);

#endif
