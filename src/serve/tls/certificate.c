/* Finding the certificate and key. See certificate.h. */
#include "serve/tls/certificate.h"

#include <errno.h>
#include <string.h>

#include "serve/home_file.h"
#include "serve/monitor.h"

static const char own_chain[] = "httpd_cert.pem", own_key[] = "httpd_key.pem";

bool certificate_is_wanted(const struct options *options)
{
    return options_text(options, "httpd_ssl_cert")[0] ||
           options_text(options, "httpd_ssl_key")[0] ||
           options_boolean(options, "httpd_ssl_self_signed");
}

static int read_named(struct monitor *monitor, const char *option, struct buffer *ret_pem,
                      struct buffer *ret_why)
{
    const char *path = options_text(monitor->options, option);
    if (!*path) {
        buffer_printf(ret_why, "HTTPS needs httpd_ssl_cert and httpd_ssl_key: %s is missing",
                      option);
        return -EINVAL;
    }
    int error = home_file_read_path(monitor, path, ret_pem);
    if (error)
        buffer_printf(ret_why, "%s=%s cannot be read: %s", option, path, strerror(-error));
    return error;
}

/* The pair of an earlier run, else a new one. */
static int read_own(struct monitor *monitor, struct buffer *ret_chain, struct buffer *ret_key,
                    struct buffer *ret_why)
{
    if (home_file_read(monitor, own_chain, ret_chain) == 0 &&
        home_file_read(monitor, own_key, ret_key) == 0)
        return 0;
    ret_chain->length = ret_key->length = 0;
    int error = tls_credentials_make(ret_chain, ret_key, ret_why);
    if (!error)
        error = home_file_write(monitor, own_key, ret_key);
    if (!error)
        error = home_file_write(monitor, own_chain, ret_chain);
    if (error && !ret_why->length)
        buffer_printf(ret_why, "the new certificate cannot be kept in %s: %s",
                      monitor->config->home, strerror(-error));
    return error;
}

struct tls_credentials *certificate_load(struct monitor *monitor, struct buffer *ret_why)
{
    struct buffer chain = {.ceiling = 1024 * 1024}, key = {.ceiling = 1024 * 1024};
    bool is_own = options_boolean(monitor->options, "httpd_ssl_self_signed") &&
                  !options_text(monitor->options, "httpd_ssl_cert")[0];
    int error = is_own ? read_own(monitor, &chain, &key, ret_why)
                       : read_named(monitor, "httpd_ssl_cert", &chain, ret_why);
    if (!error && !is_own)
        error = read_named(monitor, "httpd_ssl_key", &key, ret_why);
    struct tls_credentials *credentials = error ? NULL : tls_credentials_new(&chain, &key, ret_why);
    if (key.data)
        explicit_bzero(key.data, key.length);
    buffer_done(&key);
    buffer_done(&chain);
    return credentials;
}
