/* Certificates and keys. See tls_credentials.h. */
#include "serve/tls/tls_credentials.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "util/text.h"

enum {
    SERIAL = 16,
    DIGEST = 32,
    YEARS = 10,
    DAY = 24 * 3600,
};

/* TLS 1.2 and 1.3 (RFC 9325), as the library's own defaults order their ciphers. */
static const char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

struct tls_credentials {
    atomic_uint references;
    gnutls_certificate_credentials_t certificates;
    gnutls_priority_t priority;
    gnutls_datum_t ticket_key;
};

static gnutls_datum_t datum_of(const struct buffer *buffer)
{
    return (gnutls_datum_t){buffer->data, (unsigned)buffer->length};
}

struct tls_credentials *tls_credentials_ref(struct tls_credentials *credentials)
{
    atomic_fetch_add(&credentials->references, 1);
    return credentials;
}

void tls_credentials_unref(struct tls_credentials *credentials)
{
    if (!credentials || atomic_fetch_sub(&credentials->references, 1) > 1)
        return;
    if (credentials->certificates)
        gnutls_certificate_free_credentials(credentials->certificates);
    if (credentials->priority)
        gnutls_priority_deinit(credentials->priority);
    if (credentials->ticket_key.data) {
        gnutls_memset(credentials->ticket_key.data, 0, credentials->ticket_key.size);
        gnutls_free(credentials->ticket_key.data);
    }
    free(credentials);
}

struct tls_credentials *tls_credentials_new(const struct buffer *chain, const struct buffer *key,
                                            struct buffer *ret_why)
{
    struct tls_credentials *credentials = calloc(1, sizeof *credentials);
    if (!credentials)
        return NULL;
    atomic_init(&credentials->references, 1);
    gnutls_datum_t certificates = datum_of(chain), secret = datum_of(key);
    int result = gnutls_certificate_allocate_credentials(&credentials->certificates);
    if (result >= 0)
        result = gnutls_certificate_set_x509_key_mem(credentials->certificates, &certificates,
                                                     &secret, GNUTLS_X509_FMT_PEM);
    if (result >= 0)
        result = gnutls_priority_init(&credentials->priority, priorities, NULL);
    if (result >= 0)
        result = gnutls_session_ticket_key_generate(&credentials->ticket_key);
    if (result >= 0)
        return credentials;
    buffer_printf(ret_why, "the certificate and key cannot be used: %s", gnutls_strerror(result));
    tls_credentials_unref(credentials);
    return NULL;
}

int tls_credentials_begin(struct tls_credentials *credentials, gnutls_session_t *ret_session)
{
    static unsigned char name[] = "http/1.1"; /* RFC 7301, 6 */
    const gnutls_datum_t protocol = {name, sizeof name - 1};
    gnutls_session_t session;
    int result = gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    if (result < 0)
        return result;
    result = gnutls_priority_set(session, credentials->priority);
    if (result >= 0)
        result = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials->certificates);
    if (result >= 0)
        result = gnutls_session_ticket_enable_server(session, &credentials->ticket_key);
    if (result >= 0)
        result = gnutls_alpn_set_protocols(session, &protocol, 1, 0);
    if (result < 0) {
        gnutls_deinit(session);
        return result;
    }
    *ret_session = session;
    return 0;
}

static void describe(gnutls_x509_crt_t certificate, struct buffer *buffer)
{
    char subject[256], day[16];
    unsigned char digest[DIGEST];
    size_t length = sizeof subject, size = sizeof digest;
    struct tm broken;
    time_t end = gnutls_x509_crt_get_expiration_time(certificate);
    if (gnutls_x509_crt_get_dn(certificate, subject, &length) != 0)
        length = 0;
    gmtime_r(&end, &broken);
    strftime(day, sizeof day, "%Y-%m-%d", &broken);
    text_add_printable(buffer, subject, length);
    buffer_printf(buffer, ", until %s", day);
    if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, digest, &size) != 0)
        return;
    buffer_add_text(buffer, ", SHA-256 ");
    text_add_hex(buffer, digest, size);
}

void tls_credentials_describe(const struct tls_credentials *credentials, struct buffer *buffer)
{
    gnutls_x509_crt_t *chain;
    unsigned count;
    if (gnutls_certificate_get_x509_crt(credentials->certificates, 0, &chain, &count) < 0)
        return;
    if (count)
        describe(chain[0], buffer);
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
}

/* Whom the certificate is for: this machine by each name it surely has. */
static int set_names(gnutls_x509_crt_t certificate)
{
    static const unsigned char loopback4[] = {127, 0, 0, 1}, loopback6[16] = {[15] = 1};
    struct utsname machine;
    if (uname(&machine) != 0)
        return GNUTLS_E_INTERNAL_ERROR;
    const char *name = machine.nodename[0] ? machine.nodename : "norn";
    size_t length = strlen(name);
    int result = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                               (unsigned)(length < 64 ? length : 64));
    if (result >= 0)
        result = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost",
                                                      9, GNUTLS_FSAN_SET);
    if (result >= 0 && strcmp(name, "localhost") != 0)
        result = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                      (unsigned)length, GNUTLS_FSAN_APPEND);
    if (result >= 0)
        result = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, loopback4,
                                                      sizeof loopback4, GNUTLS_FSAN_APPEND);
    if (result >= 0)
        result = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, loopback6,
                                                      sizeof loopback6, GNUTLS_FSAN_APPEND);
    return result;
}

/* Version, serial number, times and uses (RFC 5280, 4.1 and 4.2). */
static int set_terms(gnutls_x509_crt_t certificate)
{
    unsigned char serial[SERIAL];
    time_t now = time(NULL);
    int result = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, of this length */
    if (result >= 0)
        result = gnutls_x509_crt_set_version(certificate, 3);
    if (result >= 0)
        result = gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
    if (result >= 0) /* a machine without a clock may be a day late */
        result = gnutls_x509_crt_set_activation_time(certificate, now > DAY ? now - DAY : 0);
    if (result >= 0)
        result = gnutls_x509_crt_set_expiration_time(certificate, now + YEARS * 365L * DAY);
    if (result >= 0)
        result = gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
    if (result >= 0)
        result = gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (result >= 0)
        result = gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    return result;
}

static int sign(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
    int result = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (result >= 0)
        result = set_terms(certificate);
    if (result >= 0)
        result = set_names(certificate);
    if (result >= 0)
        result = gnutls_x509_crt_set_key(certificate, key);
    if (result >= 0)
        result = gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
    return result;
}

static int export_pair(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                       struct buffer *ret_chain, struct buffer *ret_key)
{
    gnutls_datum_t pem;
    int result = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem);
    if (result < 0)
        return result;
    buffer_add(ret_chain, pem.data, pem.size);
    gnutls_free(pem.data);
    result =
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);
    if (result < 0)
        return result;
    buffer_add(ret_key, pem.data, pem.size);
    gnutls_memset(pem.data, 0, pem.size);
    gnutls_free(pem.data);
    return ret_chain->failed || ret_key->failed ? GNUTLS_E_MEMORY_ERROR : 0;
}

int tls_credentials_make(struct buffer *ret_chain, struct buffer *ret_key, struct buffer *ret_why)
{
    gnutls_x509_crt_t certificate = NULL;
    gnutls_x509_privkey_t key = NULL;
    int result = gnutls_x509_crt_init(&certificate);
    if (result >= 0)
        result = gnutls_x509_privkey_init(&key);
    if (result >= 0)
        result = sign(certificate, key);
    if (result >= 0)
        result = export_pair(certificate, key, ret_chain, ret_key);
    if (certificate)
        gnutls_x509_crt_deinit(certificate);
    if (key)
        gnutls_x509_privkey_deinit(key);
    if (result >= 0)
        return 0;
    buffer_printf(ret_why, "no certificate can be made: %s", gnutls_strerror(result));
    return -EIO;
}
