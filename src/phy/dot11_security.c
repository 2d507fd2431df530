/* From suites to bits, words and names. See dot11_security.h. */
#include "phy/dot11_security.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/dot11_crypt.h"

enum { SUITES = 32, NAMES_BYTES = 256 };

static const char *cipher_name(int suite)
{
    return dot11_rsn_cipher_name((enum dot11_cipher)suite);
}

static const char *akm_name(int suite)
{
    return dot11_rsn_akm_name((enum dot11_akm)suite);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Interns the names of a bit set's suites, sorted and joined by '+'. */
static void set_names(struct store *store, const struct string **slot, uint32_t suites,
                      const char *(*name_of)(int suite))
{
    const char *names[SUITES];
    char text[NAMES_BYTES];
    size_t count = 0, length = 0;
    for (int suite = 0; suite < SUITES; suite++)
        if (suites & 1u << suite)
            names[count++] = name_of(suite);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(names[i]);
        if (length + size + 1 > sizeof text)
            break;
        if (i)
            text[length++] = '+';
        memcpy(text + length, names[i], size);
        length += size;
    }
    intern_set(&store->strings, slot, text, length);
}

void dot11_security_take(struct store *store, struct dot11_ssid *ssid,
                         const struct dot11_elements *elements, bool privacy)
{
    char words[DOT11_CRYPT_TEXT];
    uint64_t bits = dot11_crypt_bits(privacy, elements);
    ssid->crypt_bits = bits;
    ssid->crypt_legacy = dot11_crypt_legacy(bits);
    ssid->mfp_required = elements->rsn.mfp_required;
    ssid->mfp_supported = elements->rsn.mfp_capable;
    dot11_crypt_describe(bits, words);
    intern_set(&store->strings, &ssid->crypt, words, strlen(words));
    set_names(store, &ssid->rsn_group, elements->rsn.group, cipher_name);
    set_names(store, &ssid->rsn_pairwise, elements->rsn.pairwise, cipher_name);
    set_names(store, &ssid->rsn_akm, elements->rsn.akm, akm_name);
    set_names(store, &ssid->wpa_group, elements->wpa.group, cipher_name);
    set_names(store, &ssid->wpa_pairwise, elements->wpa.pairwise, cipher_name);
    set_names(store, &ssid->wpa_akm, elements->wpa.akm, akm_name);
}

void dot11_security_take_probe(struct store *store, struct dot11_probe *probe,
                               const struct dot11_elements *elements)
{
    char words[DOT11_CRYPT_TEXT];
    probe->crypt_bits = dot11_crypt_asked(elements);
    probe->crypt_legacy = dot11_crypt_legacy(probe->crypt_bits);
    probe->mfp_required = elements->rsn.mfp_required;
    probe->mfp_supported = elements->rsn.mfp_capable;
    probe->mobility = elements->has_mobility;
    probe->mobility_domain = elements->mobility_domain;
    dot11_crypt_describe(probe->crypt_bits, words);
    intern_set(&store->strings, &probe->crypt, words, strlen(words));
}
