/* Link headers by hand-made bytes: radiotap with its namespaces, alignment, rates and TLVs; PPI
 * with a geotag; Prism of both numberings; AVS; the frame check sequence around them. Input: hex
 * text; output: struct radio. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/fcs.h"
#include "dissect/linktype.h"
#include "dissect/radio.h"
#include "dissect/radio_rate.h"
#include "hex_bytes.h"
#include "util/hash.h"

/* An acknowledgement: 10 bytes. */
#define ACK "d400 0000 020000000001"

static int parse(uint16_t link_type, const char *header, const char *frame, struct radio *radio)
{
    static struct bytes kept;
    bytes_done(&kept);
    kept = bytes_from(header, frame, NULL);
    return radio_parse(link_type, kept.data, kept.length, kept.length, radio);
}

static void test_plain(void **state)
{
    (void)state;
    struct radio radio;
    assert_int_equal(parse(LINKTYPE_IEEE802_11, "", ACK, &radio), 0);
    assert_int_equal(radio.frame_length, 10);
    assert_false(radio.fcs_known);
    assert_int_equal(parse(LINKTYPE_IEEE802_11, "", "", &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_FRAME_EMPTY);
    assert_int_equal(parse(1, "", ACK, &radio), -EOPNOTSUPP);
}

static void test_radiotap_fields(void **state)
{
    (void)state;
    struct radio radio;
    /* TSFT, flags (FCS), rate, channel, signal, noise, antenna */
    const char *header = "0000 1900 6f080000 0807060504030201 12 0c 8509 c000 c4 a1 02 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, header, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_true(radio.has_tsft);
    assert_int_equal(radio.tsft_us, 0x0102030405060708);
    assert_true(radio.fcs_known && radio.fcs_present && radio.short_preamble);
    assert_false(radio.fcs_bad);
    assert_int_equal(radio.rate, 60);
    assert_int_equal(radio.frequency_khz, 2437000);
    assert_int_equal(radio.channel, 6);
    assert_int_equal(radio.band, RADIO_BAND_2GHZ);
    assert_int_equal(radio.encoding, RADIO_ENCODING_OFDM);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_DBM);
    assert_int_equal(radio.signal, -60);
    assert_true(radio.has_noise);
    assert_int_equal(radio.noise, -95);
    assert_true(radio.has_antenna);
    assert_int_equal(radio.antenna, 2);
    assert_int_equal(radio.header_length, 25);
    assert_int_equal(radio.frame_length, 10);
}

static void test_radiotap_antennas(void **state)
{
    (void)state;
    struct radio radio;
    /* signal; then two namespaces of signal and antenna each */
    const char *header = "0000 1500 200000a0 200800a0 20080000 c4 b0 00 ba 01 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, header, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.antenna_count, 2);
    assert_int_equal(radio.antennas[0].signal_dbm, -80);
    assert_int_equal(radio.antennas[0].number, 0);
    assert_int_equal(radio.antennas[1].signal_dbm, -70);
    assert_int_equal(radio.antennas[1].number, 1);
    assert_int_equal(radio.signal, -60);
}

static void test_radiotap_vendor(void **state)
{
    (void)state;
    struct radio radio;
    /* flags, vendor namespace of 4 bytes with bits of its own, then radiotap again: signal */
    const char *header = "0000 2000 020000c0 ffff00a0 20000000 10 00 001122 01 0400 deadbeef c4 00 "
                         "000000";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, header, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_true(radio.fcs_present);
    assert_int_equal(radio.signal, -60);
    assert_int_equal(radio.antenna_count, 1);
}

static void test_radiotap_unknown_bits(void **state)
{
    (void)state;
    struct radio radio;
    /* a second word without a namespace reset: bits 32 and up, which end the fields cleanly */
    const char *header = "0000 0e00 22000080 01000000 10 c4 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, header, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.signal, -60);
    assert_false(radio.has_tsft);
}

static void test_radiotap_rssi(void **state)
{
    (void)state;
    struct radio radio;
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0a00 00300000 2b 05 ", ACK, &radio), 0);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_RSSI);
    assert_int_equal(radio.signal, 43);
    assert_int_equal(radio.noise, 5);
}

static void test_radiotap_ht_vht_he(void **state)
{
    (void)state;
    struct radio radio;
    /* MCS 15, 40 MHz, short guard interval */
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0b00 00000800 07 05 0f ", ACK, &radio), 0);
    assert_int_equal(radio.encoding, RADIO_ENCODING_HT);
    assert_int_equal(radio.rate, 3000);
    assert_int_equal(radio.bandwidth_mhz, 40);
    assert_int_equal(radio.streams, 2);
    /* VHT MCS 9, 2 streams, 80 MHz, short guard interval */
    const char *vht = "0000 1400 00002000 4400 04 04 92000000 00 00 0000 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, vht, ACK, &radio), 0);
    assert_int_equal(radio.encoding, RADIO_ENCODING_VHT);
    assert_int_equal(radio.rate, 8666);
    /* HE MCS 11, 2 streams, 80 MHz, 0.8 us */
    const char *he = "0000 1400 00008000 2040 0200 000b 0000 0200 0200 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, he, ACK, &radio), 0);
    assert_int_equal(radio.encoding, RADIO_ENCODING_HE);
    assert_int_equal(radio.rate, 12009);
    assert_int_equal(radio.bandwidth_mhz, 80);
}

static void test_radiotap_eht(void **state)
{
    (void)state;
    struct radio radio;
    /* TLVs: U-SIG (320 MHz), EHT (guard known, one user: MCS 13, 2 streams) */
    const char *tlvs = "0000 4800 00000010 2100 0c00 02000200 00000000 00000000 2200 2c00 02000000 "
                       "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
                       "00000000 9200d001 ";
    assert_int_equal(parse(LINKTYPE_RADIOTAP, tlvs, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.encoding, RADIO_ENCODING_EHT);
    assert_int_equal(radio.bandwidth_mhz, 320);
    assert_int_equal(radio.mcs, 13);
    assert_int_equal(radio.streams, 2);
    assert_int_equal(radio.rate, 57647);
}

static void test_radiotap_faults(void **state)
{
    (void)state;
    struct radio radio;
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000", "", &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_CAPTURE_SHORT);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0100 0800 00000000", ACK, &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_RADIOTAP_VERSION);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0700 00000000", ACK, &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_RADIOTAP_LENGTH);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 8000 00000000", ACK, &radio), -EBADMSG);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0800 00000000", "", &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_FRAME_EMPTY);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0c00 00000080 00000080", ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_RADIOTAP_PRESENCE);
    assert_int_equal(radio.frame_length, 10);
    assert_int_equal(parse(LINKTYPE_RADIOTAP, "0000 0900 01000000 00", ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_RADIOTAP_FIELD);
}

static void test_ppi(void **state)
{
    (void)state;
    struct radio radio;
    const char *common = "00 00 2000 69000000 0200 1400 0102030400000000 0100 0200 8509 8000 00 00 "
                         "c4 a6 ";
    assert_int_equal(parse(LINKTYPE_PPI, common, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_true(radio.fcs_known && radio.fcs_present);
    assert_int_equal(radio.rate, 10);
    assert_int_equal(radio.channel, 6);
    assert_int_equal(radio.signal, -60);
    assert_int_equal(radio.noise, -90);
    /* geotag: latitude 47.4, longitude 8.5, altitude 400 */
    const char *tag = "00 00 2000 69000000 3275 1400 02001400 0e000000 807c8a87 40d15a70 00db866b";
    assert_int_equal(parse(LINKTYPE_PPI, tag, ACK, &radio), 0);
    assert_true(radio.location.valid && radio.location.has_altitude);
    assert_true(radio.location.latitude > 47.399 && radio.location.latitude < 47.401);
    assert_true(radio.location.longitude > 8.499 && radio.location.longitude < 8.501);
    assert_true(radio.location.altitude > 399.9 && radio.location.altitude < 400.1);
    /* a wrapped link type that is not 802.11 */
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0800 93000000", ACK, &radio), -EOPNOTSUPP);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0700 69000000", ACK, &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_PPI_LENGTH);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0c00 69000000 0200 4000", ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_PPI_FIELD);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0e00 69000000 0200 0200 0000", ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_PPI_FIELD);
}

static void test_ppi_around_radiotap(void **state)
{
    (void)state;
    struct radio radio;
    const char *header = "00 00 0800 7f000000 0000 1900 6f080000 0807060504030201 12 0c 8509 c000 "
                         "c4 a1 02 ";
    assert_int_equal(parse(LINKTYPE_PPI, header, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.header_length, 33);
    assert_int_equal(radio.frame_length, 10);
    assert_int_equal(radio.channel, 6);
    assert_int_equal(radio.signal, -60);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0800 7f000000 0000 ff00 00000000", ACK, &radio),
                     -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_RADIOTAP_LENGTH);
    assert_int_equal(parse(LINKTYPE_PPI, "00 00 0800 7f000000", "", &radio), -EBADMSG);
}

static void test_ppi_n(void **state)
{
    (void)state;
    struct radio radio;
    /* 802.11n MAC and PHY: 40 MHz, short guard interval, A-MPDU; MCS 15, two antennas */
    const char *header = "00 00 3c00 69000000 0400 3000 16000000 07000000 00 0f 02 00 00000000 "
                         "00000000 0000 0000 c4a6 baa6 8080 8080 00000000 00000000 00000000 ";
    assert_int_equal(parse(LINKTYPE_PPI, header, "00000000" ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.encoding, RADIO_ENCODING_HT);
    assert_int_equal(radio.rate, 3000);
    assert_true(radio.has_ampdu);
    assert_int_equal(radio.ampdu_reference, 7);
    assert_int_equal(radio.antenna_count, 2);
    assert_int_equal(radio.signal, -60);
    assert_int_equal(radio.noise, -90);
}

static void test_prism(void **state)
{
    (void)state;
    struct radio radio;
    const char *lucent = "44000000 30000000 77696669 30000000 00000000 00000000 "
                         "44000300 0000 0400 06000000 44000600 0000 0400 c4ffffff ";
    assert_int_equal(parse(LINKTYPE_PRISM, lucent, ACK, &radio), 0);
    assert_int_equal(radio.malformed, MALFORMED_NONE);
    assert_int_equal(radio.channel, 6);
    assert_int_equal(radio.frequency_khz, 2437000);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_DBM);
    assert_int_equal(radio.signal, -60);
    /* the same by the other numbering, big endian; the noise was not supplied */
    const char *big = "00000041 0000003c 77696669 30000000 00000000 00000000 "
                      "00003041 0000 0004 00000024 00004041 0000 0004 0000002b "
                      "00007041 0001 0004 ffffffa6 ";
    assert_int_equal(parse(LINKTYPE_PRISM, big, ACK, &radio), 0);
    assert_int_equal(radio.channel, 36);
    assert_int_equal(radio.frequency_khz, 5180000);
    assert_int_equal(radio.signal_kind, RADIO_SIGNAL_RSSI);
    assert_int_equal(radio.signal, 43);
    assert_false(radio.has_noise);
    assert_int_equal(parse(LINKTYPE_PRISM, "44000000 10000000", ACK "00000000000000000000", &radio),
                     -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_PRISM_LENGTH);
}

static const char avs[] = "80211001 00000040 0000000000000102 0000000000000000 00000006 00000006 "
                          "0000006e 00000001 00000000 00000002 ffffffc4 ffffffa6 00000002 00000003";

static void test_avs(void **state)
{
    (void)state;
    struct radio radio;
    static const uint16_t link_types[] = {LINKTYPE_AVS, LINKTYPE_PRISM};
    for (int i = 0; i < 2; i++) { /* captures of the Prism link type hold these, too */
        assert_int_equal(parse(link_types[i], avs, ACK, &radio), 0);
        assert_int_equal(radio.malformed, MALFORMED_NONE);
        assert_int_equal(radio.tsft_us, 0x102);
        assert_int_equal(radio.channel, 6);
        assert_int_equal(radio.rate, 110);
        assert_int_equal(radio.encoding, RADIO_ENCODING_OFDM);
        assert_int_equal(radio.signal, -60);
        assert_int_equal(radio.noise, -90);
        assert_int_equal(radio.frame_length, 10);
    }
    assert_int_equal(parse(LINKTYPE_AVS, "00000044 00000040", ACK, &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_AVS_VERSION);
    assert_int_equal(parse(LINKTYPE_AVS, "80211001 00000020", ACK, &radio), -EBADMSG);
    assert_int_equal(radio.malformed, MALFORMED_AVS_LENGTH);
}

/* ACK with its frame check sequence. */
static struct bytes with_fcs(const char *header, const char *frame)
{
    struct bytes plain = bytes_of(frame), whole = bytes_from(header, frame, "00000000");
    uint32_t crc = crc32_ieee(plain.data, plain.length);
    for (int i = 0; i < 4; i++)
        whole.data[whole.length - 4 + (uint32_t)i] = (uint8_t)(crc >> (8 * i));
    bytes_done(&plain);
    return whole;
}

static void test_fcs(void **state)
{
    (void)state;
    struct radio radio;
    struct bytes bytes = with_fcs("0000 0900 02000000 10", ACK);
    assert_int_equal(radio_parse(127, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_RIGHT);
    assert_int_equal(radio.frame_length, 10);
    assert_int_equal(radio.frame_original_length, 10);
    bytes.data[12] ^= 1;
    assert_int_equal(radio_parse(127, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_WRONG);
    assert_int_equal(radio.frame_length, 10);
    bytes.data[12] ^= 1;
    /* cut by a snap length: two of the four bytes are there */
    assert_int_equal(radio_parse(127, bytes.data, bytes.length - 2, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_UNCHECKED);
    assert_int_equal(radio.frame_length, 10);
    bytes.data[8] = 0x00; /* no FCS, says the header */
    assert_int_equal(radio_parse(127, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 4), FCS_ABSENT);
    assert_int_equal(radio.frame_length, 14);
    bytes.data[8] = 0x50; /* the radio found it wrong */
    assert_int_equal(radio_parse(127, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_WRONG);
    bytes_done(&bytes);
}

static void test_fcs_without_header(void **state)
{
    (void)state;
    struct radio radio;
    struct bytes bytes = with_fcs("", ACK);
    assert_int_equal(radio_parse(105, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_RIGHT); /* nobody said so, but it is right */
    assert_int_equal(radio.frame_length, 10);
    bytes.data[13] ^= 0xff;
    assert_int_equal(radio_parse(105, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_int_equal(fcs_check(&radio, 0), FCS_ABSENT);
    assert_int_equal(radio.frame_length, 14);
    assert_int_equal(fcs_check(&radio, 4), FCS_WRONG); /* promised by the file */
    bytes_done(&bytes);
}

static void test_fcs_with_padding(void **state)
{
    (void)state;
    struct radio radio;
    /* QoS data, 26 bytes of header, two of padding that were never on the air */
    static const char qos[] = "8802 0000 020000000001 020000000002 020000000003 0000 0000";
    struct bytes air = bytes_from(qos, "aaaa03000000 0800 01", NULL);
    uint32_t crc = crc32_ieee(air.data, air.length);
    struct bytes bytes = bytes_from("0000 0900 02000000 30" /* FCS, padded */, qos,
                                    "0000 aaaa03000000 0800 01 00000000");
    for (int i = 0; i < 4; i++)
        bytes.data[bytes.length - 4 + (uint32_t)i] = (uint8_t)(crc >> (8 * i));
    assert_int_equal(radio_parse(127, bytes.data, bytes.length, bytes.length, &radio), 0);
    assert_true(radio.padded);
    assert_int_equal(fcs_check(&radio, 0), FCS_RIGHT);
    bytes_done(&air);
    bytes_done(&bytes);
}

static void test_rates(void **state)
{
    (void)state;
    assert_int_equal(radio_rate_ht(0, 20, false), 65);
    assert_int_equal(radio_rate_ht(7, 20, true), 722);
    assert_int_equal(radio_rate_ht(15, 20, false), 1300);
    assert_int_equal(radio_rate_ht(15, 20, true), 1444);
    assert_int_equal(radio_rate_ht(31, 40, true), 6000);
    assert_int_equal(radio_rate_ht(32, 40, false), 60);
    assert_int_equal(radio_rate_ht(33, 40, false), 0);
    assert_int_equal(radio_rate_vht(9, 8, 160, true), 69333);
    assert_int_equal(radio_rate_vht(9, 1, 30, true), 0);
    assert_int_equal(radio_rate_vht(9, 0, 80, true), 0);
    assert_int_equal(radio_rate_he(11, 8, 1992, 0, false), 96078);
    assert_int_equal(radio_rate_he(0, 1, 26, 2, true), 3);
    assert_int_equal(radio_rate_he(14, 1, 242, 0, false), 0);
    assert_int_equal(radio_rate_he(0, 1, 100, 0, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_radiotap_fields),
        cmocka_unit_test(test_radiotap_antennas),
        cmocka_unit_test(test_radiotap_vendor),
        cmocka_unit_test(test_radiotap_unknown_bits),
        cmocka_unit_test(test_radiotap_rssi),
        cmocka_unit_test(test_radiotap_ht_vht_he),
        cmocka_unit_test(test_radiotap_eht),
        cmocka_unit_test(test_radiotap_faults),
        cmocka_unit_test(test_ppi),
        cmocka_unit_test(test_ppi_around_radiotap),
        cmocka_unit_test(test_ppi_n),
        cmocka_unit_test(test_prism),
        cmocka_unit_test(test_avs),
        cmocka_unit_test(test_fcs),
        cmocka_unit_test(test_fcs_without_header),
        cmocka_unit_test(test_fcs_with_padding),
        cmocka_unit_test(test_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
