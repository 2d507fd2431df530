/* The opening handshake of a websocket, the server's half (RFC 6455, 4.2). Input: the headers of a
 * request that is routed and logged in. Output: the headers of status 101, or a refusal that says
 * what is missing. */
#ifndef NORN_SERVE_WEBSOCKET_HANDSHAKE_H
#define NORN_SERVE_WEBSOCKET_HANDSHAKE_H

#include <stdbool.h>

struct request;

/* False when the request opens no websocket: a reply says why (400, 403, 426). */
bool websocket_handshake_check(struct request *request);

/* Replies 101, with `protocol` (or NULL) where the client offers it; 503 without memory. */
void websocket_handshake_reply(struct request *request, const char *protocol);

#endif
