/* RSN and WPA content by hand-made bytes, and the encryption bits and words made from them. Input:
 * hex text and bit sets; output: struct dot11_rsn, crypt bits and words. Two networks of the API's
 * published records pin the bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_crypt.h"
#include "dissect/dot11_rsn.h"
#include "hex_bytes.h"

static struct dot11_rsn rsn;

static enum malformed parse(const char *text)
{
    static struct bytes kept;
    bytes_done(&kept);
    kept = bytes_of(text);
    return dot11_rsn_parse(kept.data, kept.length, &rsn);
}

static void test_whole(void **state)
{
    (void)state;
    /* two pairwise suites, three key managements, a PMKID, a group management suite */
    assert_int_equal(parse("0100 000fac02 0200 000fac04 000fac02 0300 000fac02 000fac06 000fac08"
                           "8000 0100 000102030405060708090a0b0c0d0e0f 000fac06"),
                     MALFORMED_NONE);
    assert_int_equal(rsn.group, 1u << DOT11_CIPHER_TKIP);
    assert_int_equal(rsn.pairwise, 1u << DOT11_CIPHER_TKIP | 1u << DOT11_CIPHER_CCMP128);
    assert_int_equal(rsn.akm,
                     1u << DOT11_AKM_PSK | 1u << DOT11_AKM_PSK_SHA256 | 1u << DOT11_AKM_SAE);
    assert_true(rsn.mfp_capable && !rsn.mfp_required);
    assert_int_equal(rsn.pmkid_count, 1);
    assert_int_equal(rsn.pmkids_held, 1);
    assert_int_equal(rsn.pmkids[0][15], 0x0f);
    assert_int_equal(rsn.group_management, 1u << DOT11_CIPHER_BIP_CMAC128);
}

static void test_left_out(void **state)
{
    (void)state;
    static const char *const texts[] = {"0100", "0100 000fac04", "0100 000fac04 0100 000fac04",
                                        "0100 000fac04 0100 000fac04 0100 000fac02",
                                        "0100 000fac04 0100 000fac04 0100 000fac02 0000 0000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(parse(texts[i]), MALFORMED_NONE);
        assert_true(rsn.present);
    }
}

static void test_faults(void **state)
{
    (void)state;
    assert_int_equal(parse("01"), MALFORMED_ELEMENT_SHORT);
    assert_int_equal(parse("0100 000f"), MALFORMED_ELEMENT_CONTENT);
    assert_int_equal(parse("0200 000fac04"), MALFORMED_ELEMENT_CONTENT); /* version 2 */
    assert_int_equal(parse("0100 000fac04 ffff 000fac04"), MALFORMED_ELEMENT_CONTENT);
    assert_int_equal(rsn.pairwise_count, 0xffff); /* an attack: its number is told */
    assert_int_equal(rsn.pairwise, 1u << DOT11_CIPHER_CCMP128);
    assert_int_equal(parse("0100 000fac04 0000 0000 0000 ffff 00"), MALFORMED_ELEMENT_CONTENT);
}

static void test_others(void **state)
{
    (void)state;
    assert_int_equal(parse("0100 00147201 0200 00409600 aabbcc04 0300 00409600 506f9a02 aabbcc01"),
                     MALFORMED_NONE);
    assert_int_equal(rsn.group, 1u << DOT11_CIPHER_SMS4);
    assert_int_equal(rsn.pairwise, 1u << DOT11_CIPHER_CKIP | 1u << DOT11_CIPHER_OTHER);
    assert_int_equal(rsn.akm, 1u << DOT11_AKM_CCKM | 1u << DOT11_AKM_DPP | 1u << DOT11_AKM_OTHER);
    assert_string_equal(dot11_rsn_cipher_name(DOT11_CIPHER_GCMP256), "gcmp256");
    assert_string_equal(dot11_rsn_cipher_name(DOT11_CIPHER_OTHER), "other");
    assert_string_equal(dot11_rsn_akm_name(DOT11_AKM_FT_SAE), "ft-sae");
    assert_string_equal(dot11_rsn_akm_name((enum dot11_akm)99), "other");
}

#define B(bit) (1u << (bit))

static struct dot11_rsn of(uint32_t group, uint32_t pairwise, uint32_t akm)
{
    return (struct dot11_rsn){.present = true, .group = group, .pairwise = pairwise, .akm = akm};
}

static uint64_t bits_of(bool privacy, const struct dot11_rsn *robust, const struct dot11_rsn *wpa)
{
    struct dot11_elements elements = {.wps.present = false};
    if (robust)
        elements.rsn = *robust;
    if (wpa)
        elements.wpa = *wpa;
    return dot11_crypt_bits(privacy, &elements);
}

static void expect(bool privacy, const struct dot11_rsn *robust, const struct dot11_rsn *wpa,
                   const char *text)
{
    char words[DOT11_CRYPT_TEXT];
    dot11_crypt_describe(bits_of(privacy, robust, wpa), words);
    assert_string_equal(words, text);
}

/* The two networks whose bits are in the API's published records. */
static void test_published_bits(void **state)
{
    (void)state;
    struct dot11_rsn both =
        of(B(DOT11_CIPHER_TKIP), B(DOT11_CIPHER_TKIP) | B(DOT11_CIPHER_CCMP128), B(DOT11_AKM_PSK));
    uint64_t bits = bits_of(true, &both, &both);
    assert_true(bits == 274978570766ull);
    assert_true(dot11_crypt_legacy(bits) == 402653920ull);
    expect(true, &both, &both, "WPA2 WPA2-PSK TKIP AES-CCMP");
    struct dot11_rsn ccmp = of(B(DOT11_CIPHER_CCMP128), B(DOT11_CIPHER_CCMP128), B(DOT11_AKM_PSK));
    bits = bits_of(true, &ccmp, NULL);
    assert_true(bits == 274945016842ull);
    assert_true(dot11_crypt_legacy(bits) == 268436160ull);
    expect(true, &ccmp, NULL, "WPA2 WPA2-PSK AES-CCMP");
}

static void test_words(void **state)
{
    (void)state;
    uint32_t ccmp = B(DOT11_CIPHER_CCMP128), tkip = B(DOT11_CIPHER_TKIP);
    expect(false, NULL, NULL, "Open");
    expect(true, NULL, NULL, "WEP");
    struct dot11_rsn rows[] = {
        of(tkip, tkip, B(DOT11_AKM_PSK)),
        of(ccmp, ccmp, B(DOT11_AKM_SAE)),
        of(ccmp, ccmp, B(DOT11_AKM_SAE) | B(DOT11_AKM_PSK)),
        of(ccmp, ccmp, B(DOT11_AKM_8021X)),
        of(ccmp, ccmp, B(DOT11_AKM_OWE)),
        of(B(DOT11_CIPHER_GCMP256), B(DOT11_CIPHER_GCMP256), B(DOT11_AKM_SUITE_B_192)),
        of(ccmp, B(DOT11_CIPHER_USE_GROUP), B(DOT11_AKM_FT_PSK)),
        of(ccmp, ccmp, B(DOT11_AKM_FILS_SHA256)),
    };
    expect(true, NULL, &rows[0], "WPA WPA-PSK TKIP");
    expect(true, &rows[1], NULL, "WPA3 WPA3-SAE AES-CCMP");
    expect(true, &rows[2], NULL, "WPA3 WPA2-PSK WPA3-SAE AES-CCMP");
    expect(true, &rows[3], NULL, "WPA2 WPA2-EAP AES-CCMP");
    expect(true, &rows[4], NULL, "OWE AES-CCMP");
    expect(true, &rows[5], NULL, "WPA3 WPA3-SUITE-B AES-GCMP256");
    expect(true, &rows[6], NULL, "WPA2 WPA2-FT-PSK AES-CCMP");
    expect(true, &rows[7], NULL, "WPA2 WPA2-FILS AES-CCMP");
}

static void test_open(void **state)
{
    (void)state;
    char words[DOT11_CRYPT_TEXT];
    struct dot11_elements open = {.wps.present = true, .has_owe_transition = true};
    uint64_t bits = dot11_crypt_bits(false, &open);
    assert_true(bits != 0);
    assert_true(dot11_crypt_is_open(bits));
    dot11_crypt_describe(bits, words);
    assert_string_equal(words, "Open OWE-TRANSITION WPS");
    assert_false(dot11_crypt_is_open(bits_of(true, NULL, NULL)));
    dot11_crypt_describe(UINT64_MAX, words); /* everything at once fits */
    assert_true(strlen(words) < DOT11_CRYPT_TEXT);
    assert_non_null(strstr(words, "WPS"));
}

/* Privacy that is neither WEP nor WPA: WAPI, and Hotspot 2.0's for signing up. */
static void test_others_than_rsn(void **state)
{
    (void)state;
    static const struct {
        const char *elements, *words;
    } rows[] = {
        {"44 14 0100 0100 00147202 0100 00147201 00147201 0000", "WAPI"},
        {"dd 16 506f9a 12 000fac07 0100 000fac04 0100 506f9a01 0000", "OSEN"},
        {"44 14 0100 0100 00147202 0100 00147201 00147201 0000"
         "30 14 0100 000fac04 0100 000fac04 0100 000fac02 0000",
         "WPA2 WPA2-PSK AES-CCMP WAPI"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes bytes = bytes_of(rows[i].elements);
        struct dot11_elements elements;
        char words[DOT11_CRYPT_TEXT];
        dot11_ie_parse(bytes.data, bytes.length, &elements);
        uint64_t bits = dot11_crypt_bits(true, &elements);
        dot11_crypt_describe(bits, words);
        assert_string_equal(words, rows[i].words);
        assert_false(dot11_crypt_is_open(bits));
        assert_true(dot11_crypt_legacy(bits) & 1u << DOT11_CRYPT_LEGACY_NOT_WEP);
        bytes_done(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),          cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_faults),         cmocka_unit_test(test_others),
        cmocka_unit_test(test_published_bits), cmocka_unit_test(test_words),
        cmocka_unit_test(test_open),           cmocka_unit_test(test_others_than_rsn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
