/* What a browser gets that speaks plain HTTP to a TLS port. */
#ifndef NORN_SERVE_TLS_REDIRECT_H
#define NORN_SERVE_TLS_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"

enum { TLS_REDIRECT_REQUEST = 4096 /* bytes of a request that are looked at */ };

/* Appends the whole reply to a request of which `length` bytes have come: 308 to the same place
 * over HTTPS where the request names it, else 400. False: more must come first. */
bool tls_redirect_answer(const char *request, size_t length, struct buffer *reply);

#endif
