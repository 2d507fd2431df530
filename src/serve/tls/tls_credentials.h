/* The certificate and private key that TLS connections show: read from PEM, or made here for a
 * server that nobody gave one. Input: PEM text. Output: credentials that sessions share, which
 * live until the last of them is gone. Thread-safe. */
#ifndef NORN_SERVE_TLS_CREDENTIALS_H
#define NORN_SERVE_TLS_CREDENTIALS_H

#include <gnutls/gnutls.h>

#include "util/buffer.h"

struct tls_credentials;

/* Takes a chain and its key, one reference. NULL with a sentence when they do not do: no PEM, not
 * a pair, encrypted. */
struct tls_credentials *tls_credentials_new(const struct buffer *chain, const struct buffer *key,
                                            struct buffer *ret_why);

struct tls_credentials *tls_credentials_ref(struct tls_credentials *credentials);
void tls_credentials_unref(struct tls_credentials *credentials);

/* Makes a server session that shows them; the caller keeps its reference while the session lives.
 * 0 or a GnuTLS error. */
int tls_credentials_begin(struct tls_credentials *credentials, gnutls_session_t *ret_session);

/* Appends whose certificate it is, until when it holds, and its SHA-256 fingerprint. */
void tls_credentials_describe(const struct tls_credentials *credentials, struct buffer *buffer);

/* Makes a key (P-256) and a certificate signed by itself for this machine's names, for 10 years.
 * 0, or -EIO with a sentence. */
int tls_credentials_make(struct buffer *ret_chain, struct buffer *ret_key, struct buffer *ret_why);

#endif
