/* SHA-1 (FIPS 180-4, 6.1), for the handshake of websockets only (RFC 6455, 1.3): it proves that the
 * other end speaks the protocol, and keeps no secret. */
#ifndef NORN_UTIL_SHA1_H
#define NORN_UTIL_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_BYTES = 20 };

void sha1_digest(const void *bytes, size_t length, uint8_t ret_digest[SHA1_BYTES]);

#endif
