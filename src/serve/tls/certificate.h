/* Where the server's certificate and key come from: the files that httpd_ssl_cert and httpd_ssl_key
 * name, or a pair of norn's own, kept in the home. */
#ifndef NORN_SERVE_CERTIFICATE_H
#define NORN_SERVE_CERTIFICATE_H

#include <stdbool.h>

#include "serve/tls/tls_credentials.h"
#include "util/options.h"

struct monitor;

/* True when the options ask for HTTPS. */
bool certificate_is_wanted(const struct options *options);

/* Reads or makes the pair. One reference; NULL with a sentence. */
struct tls_credentials *certificate_load(struct monitor *monitor, struct buffer *ret_why);

#endif
