/* A session of GnuTLS at a time. See tool_tls.h. */
#include "tools/tool_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

struct tool_tls {
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session; /* NULL: none */
    bool has_own_trust;       /* in the certificates of a file */
    bool is_pending;          /* a record is on its way that the socket did not take whole */
};

int tool_tls_new(const char *certificates, struct tool_tls **ret_tls, struct buffer *ret_why)
{
    struct tool_tls *tls = calloc(1, sizeof *tls);
    if (!tls || gnutls_certificate_allocate_credentials(&tls->credentials) < 0) {
        free(tls);
        return -ENOMEM;
    }
    tls->has_own_trust = certificates != NULL;
    int count = certificates ? gnutls_certificate_set_x509_trust_file(
                                   tls->credentials, certificates, GNUTLS_X509_FMT_PEM)
                             : gnutls_certificate_set_x509_system_trust(tls->credentials);
    if (count > 0) {
        *ret_tls = tls;
        return 0;
    }
    if (certificates)
        buffer_printf(ret_why, "%s: %s", certificates,
                      count ? gnutls_strerror(count) : "there is no certificate in it");
    else
        buffer_add_text(ret_why, "this system trusts no certificates (Debian: the package "
                                 "ca-certificates): name the server's with --ssl-certificate");
    tool_tls_free(tls);
    return -EINVAL;
}

void tool_tls_free(struct tool_tls *tls)
{
    if (!tls)
        return;
    tool_tls_end(tls);
    gnutls_certificate_free_credentials(tls->credentials);
    free(tls);
}

/* Numbers are no names to ask a server for. */
static bool is_number(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

int tool_tls_begin(struct tool_tls *tls, const char *host, int descriptor)
{
    tool_tls_end(tls);
    if (gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
        return -ENOMEM;
    bool is_set =
        gnutls_set_default_priority(tls->session) >= 0 &&
        gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials) >= 0;
    if (is_set && !is_number(host))
        is_set = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, host, strlen(host)) >= 0;
    if (!is_set) {
        tool_tls_end(tls);
        return -ENOMEM;
    }
    gnutls_session_set_verify_cert(tls->session, host, 0);
    gnutls_transport_set_int(tls->session, descriptor);
    return 0;
}

/* What is wrong with the certificate, and what to do. */
static void explain_certificate(const struct tool_tls *tls, struct buffer *ret_why)
{
    gnutls_datum_t text = {0};
    unsigned status = gnutls_session_get_verify_cert_status(tls->session);
    buffer_add_text(ret_why, "the server's certificate is not to be trusted: ");
    if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) >= 0) {
        size_t length = text.size && text.data[text.size - 1] == ' ' ? text.size - 1 : text.size;
        buffer_add(ret_why, text.data, length);
    }
    gnutls_free(text.data);
    if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA) && !tls->has_own_trust)
        buffer_add_text(ret_why, " If it vouches for itself, copy it here and name it with "
                                 "--ssl-certificate");
}

int tool_tls_advance(struct tool_tls *tls, struct buffer *ret_why)
{
    int result = gnutls_handshake(tls->session);
    if (result == GNUTLS_E_SUCCESS)
        return 1;
    if (!gnutls_error_is_fatal(result))
        return 0;
    if (result == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
        explain_certificate(tls, ret_why);
        return -EACCES;
    }
    buffer_printf(ret_why, "the server does not speak TLS as we do: %s", gnutls_strerror(result));
    return -EPROTO;
}

bool tool_tls_wants_write(const struct tool_tls *tls)
{
    return gnutls_record_get_direction(tls->session) == 1;
}

/* -1 and errno for an error of GnuTLS's. */
static ssize_t fail(ssize_t result)
{
    errno = gnutls_error_is_fatal((int)result) ? ECONNRESET : EAGAIN;
    return -1;
}

ssize_t tool_tls_read(struct tool_tls *tls, void *bytes, size_t room)
{
    ssize_t count = gnutls_record_recv(tls->session, bytes, room);
    if (count == GNUTLS_E_PREMATURE_TERMINATION)
        return 0;
    return count < 0 ? fail(count) : count;
}

ssize_t tool_tls_write(struct tool_tls *tls, const void *bytes, size_t length)
{
    /* A record that is on its way is gone on with by asking for nothing new. */
    ssize_t count = tls->is_pending ? gnutls_record_send(tls->session, NULL, 0)
                                    : gnutls_record_send(tls->session, bytes, length);
    tls->is_pending = count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED;
    return count < 0 ? fail(count) : count;
}

void tool_tls_end(struct tool_tls *tls)
{
    if (!tls || !tls->session)
        return;
    gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    gnutls_deinit(tls->session);
    tls->session = NULL;
    tls->is_pending = false;
}
