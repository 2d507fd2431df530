/* Who this server is and whom it knows, from one run to the next: its UUID and its API keys. */
#ifndef NORN_SERVE_IDENTITY_H
#define NORN_SERVE_IDENTITY_H

struct monitor;

/* Reads both from the home directory, and makes a UUID that is missing. What cannot be read is told
 * on the console. */
void identity_load(struct monitor *monitor);

#endif
