/* TLS to a server, the client's end, over a socket that never blocks (GnuTLS; RFC 8446, RFC 5246).
 * The server's certificate is checked: its name, its days, and who vouches for it. */
#ifndef NORN_TOOLS_TOOL_TLS_H
#define NORN_TOOLS_TOOL_TLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/buffer.h"

struct tool_tls;

/* Trusts the certificates of a file (PEM: an authority's, or the server's own), or with NULL those
 * that the system trusts. 0, or -errno with a sentence. */
int tool_tls_new(const char *certificates, struct tool_tls **ret_tls, struct buffer *ret_why);

/* NULL is fine to free. */
void tool_tls_free(struct tool_tls *tls);

/* Begins a session with the server of that name over a connected socket, borrowed until
 * tool_tls_end(). 0 or -ENOMEM. */
int tool_tls_begin(struct tool_tls *tls, const char *host, int descriptor);

/* Goes on with the handshake: 1 when it is done, 0 when there is more to wait for, -errno with a
 * sentence. */
int tool_tls_advance(struct tool_tls *tls, struct buffer *ret_why);

/* True when the handshake waits until the socket can be written. */
bool tool_tls_wants_write(const struct tool_tls *tls);

/* As read() and write(): -1 with errno; EAGAIN: when the socket is ready. After EAGAIN the bytes to
 * be written are still the first ones of the next call. */
ssize_t tool_tls_read(struct tool_tls *tls, void *bytes, size_t room);
ssize_t tool_tls_write(struct tool_tls *tls, const void *bytes, size_t length);

/* Says goodbye as far as the socket takes it, and forgets the session. Without one: nothing. */
void tool_tls_end(struct tool_tls *tls);

#endif
