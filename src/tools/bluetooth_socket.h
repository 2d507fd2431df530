/* The control channel of the kernel's Bluetooth adapters (struct sockaddr_hci, channel 3). Input:
 * none. Output: a socket. By itself in its file so that a test can link another one. */
#ifndef NORN_TOOLS_BLUETOOTH_SOCKET_H
#define NORN_TOOLS_BLUETOOTH_SOCKET_H

/* A bound socket that does not block and is closed by exec, or -errno. What it may ask of the
 * kernel is settled here: a process that has CAP_NET_ADMIN now may drop it afterwards. */
int bluetooth_socket_open(void);

#endif
