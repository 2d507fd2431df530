/* The transport: GNU libmicrohttpd with epoll and a pool of threads, and TLS before it where there
 * are credentials. All that knows this library is in httpd.c. */
#ifndef NORN_SERVE_HTTPD_H
#define NORN_SERVE_HTTPD_H

#include "serve/http/connection.h"
#include "serve/http/exchange.h"
#include "serve/tls/tls_credentials.h"

struct httpd;

/* Descriptors of a TLS connection: the client's socket twice, both ends of a socket pair. */
enum { HTTPD_TLS_DESCRIPTORS = 4 };

struct httpd_config {
    struct service *service;
    struct connections *connections;
    int descriptor; /* listening, not blocking; taken over by success */
    unsigned threads;
    unsigned limit;                      /* connections at a time */
    struct tls_credentials *credentials; /* NULL: plain HTTP; a reference is taken */
};

/* Serves. NULL with errno set. */
struct httpd *httpd_start(const struct httpd_config *config);

/* New TLS connections show other credentials; only where there were some. */
void httpd_renew(struct httpd *httpd, struct tls_credentials *credentials);

/* Closes everything. No request may be suspended any more (dispatch_stop() comes before) and no
 * websocket be open (websocket_hub_stop()). */
void httpd_stop(struct httpd *httpd);

#endif
