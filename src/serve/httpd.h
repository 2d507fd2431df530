/* The transport: GNU libmicrohttpd with epoll and a pool of threads. All that knows this library
 * is in httpd.c; another transport (TLS in front of it, say) would stand beside it. */
#ifndef NORN_SERVE_HTTPD_H
#define NORN_SERVE_HTTPD_H

#include "serve/connection.h"
#include "serve/exchange.h"

struct httpd;

/* Serves a listening socket (which it takes over) with `threads` threads and at most `limit`
 * connections. NULL with errno set. */
struct httpd *httpd_start(struct service *service, struct connections *connections, int descriptor,
                          unsigned threads, unsigned limit);

/* Closes everything. No request may be suspended any more (dispatch_stop() comes before) and no
 * websocket be open (websocket_hub_stop()). */
void httpd_stop(struct httpd *httpd);

#endif
