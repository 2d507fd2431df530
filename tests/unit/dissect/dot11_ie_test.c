/* Elements by hand-made bytes: every parser once, wrong lengths, duplicates,
 * floods, cut ends; and the tables themselves. Input: hex text; output: struct
 * dot11_elements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_ie.c"
#include "hex_bytes.h"

static struct dot11_elements facts;

static const struct dot11_elements *parse(const char *text)
{
    static struct bytes kept;
    bytes_done(&kept);
    kept = bytes_of(text);
    dot11_ie_parse(kept.data, kept.length, &facts);
    return &facts;
}

static void test_network(void **state)
{
    (void)state;
    parse("00 04 74657374 01 04 82840b16 03 01 06 05 04 01020000 07 06 444520 010d14 2a 01 04"
          "32 03 30486c 0b 05 0300 80 1027 20 01 03 23 02 1405 06 02 0a00");
    assert_int_equal(facts.fault_count, 0);
    assert_true(facts.has_ssid);
    assert_false(facts.ssid_hidden);
    assert_int_equal(facts.ssid_length, 4);
    assert_int_equal(facts.channel, 6);
    assert_int_equal(facts.rate_count, 7);
    assert_int_equal(facts.basic_count, 2);
    assert_int_equal(facts.max_rate, 108);
    assert_int_equal(facts.max_rate_100kbps, 540);
    assert_int_equal(facts.dtim_count, 1);
    assert_int_equal(facts.dtim_period, 2);
    assert_memory_equal(facts.country, "DE ", 3);
    assert_int_equal(facts.triplet_count, 1);
    assert_int_equal(facts.triplets[0].channel_count, 13);
    assert_int_equal(facts.triplets[0].max_power_dbm, 20);
    assert_int_equal(facts.qbss_stations, 3);
    assert_int_equal(facts.qbss_utilization, 128);
    assert_int_equal(facts.qbss_admission, 10000);
    assert_int_equal(facts.power_constraint_db, 3);
    assert_int_equal(facts.tpc_power_dbm, 20);
    assert_int_equal(facts.ibss_atim, 10);
    assert_true(facts.has_erp && facts.has_tim && facts.has_country && facts.has_tpc);
    assert_int_equal(facts.element_count, 11);
    assert_int_equal(facts.order[0], 0);
    assert_int_equal(facts.order[10], 6);
}

static void test_hidden(void **state)
{
    (void)state;
    assert_true(parse("00 00")->ssid_hidden);
    assert_true(parse("00 03 000000")->ssid_hidden);
    assert_int_equal(facts.ssid_length, 3);
    assert_false(parse("00 02 0061")->ssid_hidden);
    assert_false(parse("03 01 01")->has_ssid);
    assert_int_equal(parse("00 01 61 00 01 62")->ssid_length, 1);
    assert_int_equal(facts.ssid[0], 'a'); /* the first counts */
}

static void test_faults(void **state)
{
    (void)state;
    parse("03 02 0607 00 01 61 2d 01 00 30 00 03 01 0b");
    assert_int_equal(facts.fault_count, 3);
    assert_int_equal(facts.faults[0].id, 3);
    assert_int_equal(facts.faults[0].reason, MALFORMED_ELEMENT_LONG);
    assert_int_equal(facts.faults[0].length, 2);
    assert_int_equal(facts.faults[1].id, 45);
    assert_int_equal(facts.faults[1].reason, MALFORMED_ELEMENT_SHORT);
    assert_int_equal(facts.faults[2].id, 48);
    assert_true(facts.has_ssid); /* the neighbours live */
    /* an SSID of 33 bytes is a fault and is not kept */
    char text[80] = "00 21";
    for (int i = 0; i < 33; i++)
        strcat(text, "41");
    assert_false(parse(text)->has_ssid);
    assert_int_equal(facts.faults[0].length, 33);
    parse("00 01 61 dd 09 0050f2");
    assert_int_equal(facts.fault_count, 1);
    assert_int_equal(facts.faults[0].id, 221);
    assert_int_equal(facts.faults[0].reason, MALFORMED_ELEMENT_TRUNCATED);
    assert_int_equal(parse("00")->fault_count, 1);
    assert_int_equal(parse("")->fault_count, 0);
    assert_int_equal(parse("ff 00")->fault_count, 0); /* an extension without a number */
}

static void test_flood(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = 0x03;
        bytes[i + 1] = 0x00;
    }
    dot11_ie_parse(bytes, sizeof bytes, &facts);
    assert_int_equal(facts.element_count, DOT11_ELEMENTS_WALKED_MAX);
    assert_int_equal(facts.order_count, DOT11_ELEMENTS_MAX);
    assert_int_equal(facts.fault_count, UINT8_MAX);
    assert_int_equal(facts.faults[DOT11_MALFORMED_MAX - 1].reason, MALFORMED_ELEMENT_SHORT);
}

static void test_ht(void **state)
{
    (void)state;
    /* HT capabilities (40 MHz, both short guard intervals, two streams), operation (36, above) */
    parse("2d 1a 6200 17 ffff0000000000000000000000000000 0000 00000000 00"
          "3d 16 24 05 00000000 00000000000000000000000000000000");
    assert_int_equal(facts.fault_count, 0);
    assert_int_equal(facts.ht.rx_streams, 2);
    assert_int_equal(facts.ht.primary_channel, 36);
    assert_int_equal(facts.ht.secondary_offset, 1);
    assert_int_equal(facts.width, DOT11_WIDTH_40);
    assert_int_equal(facts.max_rate_100kbps, 3000);
    /* the same network at 20 MHz */
    parse("2d 1a 2000 17 ffff0000000000000000000000000000 0000 00000000 00"
          "3d 16 06 00 00000000 00000000000000000000000000000000");
    assert_int_equal(facts.width, DOT11_WIDTH_20);
    assert_int_equal(facts.max_rate_100kbps, 1444);
}

static void test_vht(void **state)
{
    (void)state;
    const char *vht = "bf 0c 20000000 faff 0000 faff 0000 c0 05 01 2a 00 0000";
    parse(vht);
    assert_int_equal(facts.vht.rx_streams, 2);
    assert_int_equal(facts.vht.max_mcs, 9);
    assert_int_equal(facts.vht.center_0, 42);
    assert_int_equal(facts.width, DOT11_WIDTH_80);
    assert_int_equal(facts.max_rate_100kbps, 8666);
    assert_int_equal(parse("c0 05 01 2a 32 0000")->width, DOT11_WIDTH_160);
    assert_int_equal(parse("c0 05 01 2a 6a 0000")->width, DOT11_WIDTH_80_80);
    assert_int_equal(parse("c0 05 02 2a 00 0000")->width, DOT11_WIDTH_160);
    parse("3d 16 24 05 4b 06 00000000 00000000 00000000 00000000 0000 c0 05 01 2a 00 0000");
    assert_int_equal(facts.width, DOT11_WIDTH_160); /* its second segment is in HT operation */
    assert_int_equal(facts.vht.center_1, 50);
    parse("3d 16 24 05 4b 06 00000000 00000000 00000000 00000000 0000 c0 05 00 00 00 0000");
    assert_int_equal(facts.width, DOT11_WIDTH_40);
    assert_int_equal(parse("c0 05 09 2a 00 0000")->fault_count, 1);
}

static void test_he(void **state)
{
    (void)state;
    /* HE capabilities: two streams of MCS 0-11, 40/80 MHz; operation with 6 GHz information */
    parse("ff 16 23 000000000000 04 00000000000000000000 faff faff"
          "ff 0c 24 000002 05 0000 25 02 2f 00 06");
    assert_int_equal(facts.fault_count, 0);
    assert_int_equal(facts.he.rx_streams, 2);
    assert_int_equal(facts.he.max_mcs, 11);
    assert_int_equal(facts.he.bss_color, 5);
    assert_true(facts.he.has_6ghz);
    assert_int_equal(facts.he.primary_channel_6ghz, 37);
    assert_int_equal(facts.width, DOT11_WIDTH_80);
    assert_int_equal(facts.max_rate_100kbps, 12009);
    assert_int_equal(facts.order[0], 0xff00 | 35);
    assert_int_equal(parse("ff 07 24 000002 05 0000")->fault_count, 1); /* promised, not there */
}

static void test_eht(void **state)
{
    (void)state;
    /* EHT capabilities: 320 MHz, two streams of MCS 0-13; operation; multi-link with a link id */
    parse("ff 0f 6c 0000 02 0000000000000000 222222"
          "ff 09 6a 01 00000000 04 1f 3f"
          "ff 0b 6b 1000 08 0200000000aa 03");
    assert_int_equal(facts.fault_count, 0);
    assert_int_equal(facts.eht.rx_streams, 2);
    assert_int_equal(facts.eht.max_mcs, 13);
    assert_int_equal(facts.width, DOT11_WIDTH_320);
    assert_int_equal(facts.eht.mld_address.octet[5], 0xaa);
    assert_int_equal(facts.eht.link_id, 3);
    assert_int_equal(facts.max_rate_100kbps, 57647);
    assert_int_equal(parse("ff 04 6b 1000 00")->fault_count, 1);
    assert_int_equal(parse("ff 06 6a 01 00000000")->fault_count, 1);
}

static void test_security(void **state)
{
    (void)state;
    parse("30 14 0100 000fac04 0100 000fac04 0100 000fac08 c000 f4 01 20"
          "36 03 cdab 01 dd 16 0050f2 01 0100 0050f202 0100 0050f202 0100 0050f202");
    assert_int_equal(facts.fault_count, 0);
    assert_true(facts.rsn.present && facts.rsn.mfp_required && facts.rsn.mfp_capable);
    assert_int_equal(facts.rsn.akm, 1u << DOT11_AKM_SAE);
    assert_int_equal(facts.rsn.pairwise, 1u << DOT11_CIPHER_CCMP128);
    assert_int_equal(facts.rsnx.length, 1);
    assert_int_equal(facts.mobility_domain, 0xabcd);
    assert_true(facts.wpa.present);
    assert_int_equal(facts.wpa.group, 1u << DOT11_CIPHER_TKIP);
}

static void test_vendors(void **state)
{
    (void)state;
    parse("dd 18 0050f2 02 01 01 80 00 03a40000 27a40000 42435e00 62322f00"
          "dd 0a 506f9a 09 0c 0200 0102 00"
          "dd 0f 506f9a 1c 0200000000aa 04 74657374"
          "dd 05 004096 03 05 dd 05 004096 14 01 dd 03 001122 96 06 00409600 11 00");
    assert_true(facts.wmm && facts.p2p && facts.has_owe_transition && facts.cisco_mfp);
    assert_int_equal(facts.wmm_length_max, 20);
    assert_int_equal(facts.wmm_tspecs, 0);
    assert_int_equal(facts.p2p_noa_max, 2);
    assert_int_equal(facts.owe_ssid.length, 4);
    assert_int_equal(facts.owe_bssid.octet[5], 0xaa);
    assert_int_equal(facts.ccx_version, 5);
    assert_int_equal(facts.ccx_power_dbm, 17);
    assert_int_equal(facts.vendor_count, 6);
    assert_int_equal(facts.vendors[0].oui, 0x0050f2);
    assert_int_equal(facts.vendors[0].type, 2);
    assert_int_equal(facts.vendors[5].oui, 0x001122);
    parse("dd 0b 506f9a 1c 0200000000aa ff");
    assert_int_equal(facts.faults[0].reason, MALFORMED_ELEMENT_CONTENT);
    assert_false(facts.has_owe_transition);
    assert_int_equal(parse("dd 02 0050")->faults[0].reason, MALFORMED_ELEMENT_SHORT);
}

static void test_wps(void **state)
{
    (void)state;
    parse("dd 3b 0050f2 04 104a000110 1044000102 1021000341434d 1011000152 1054000800060050f2040001"
          "1008000222 08 1057000101 1049000600372a000120");
    assert_int_equal(facts.fault_count, 0);
    assert_true(facts.wps.present && facts.wps.setup_locked && facts.wps.has_config_methods);
    assert_int_equal(facts.wps.version, 0x10);
    assert_int_equal(facts.wps.version2, 0x20);
    assert_int_equal(facts.wps.state, 2);
    assert_int_equal(facts.wps.config_methods, 0x2208);
    assert_int_equal(facts.wps.device_category, 6);
    assert_int_equal(facts.wps.device_subcategory, 1);
    assert_int_equal(facts.wps.manufacturer.length, 3);
    assert_int_equal(facts.wps.device_name.length, 1);
    parse("dd 0d 0050f2 04 1044000102 1021 00ff");
    assert_int_equal(facts.wps.state, 2); /* what precedes a fault is kept */
    assert_int_equal(facts.faults[0].reason, MALFORMED_ATTRIBUTE);
}

static void test_others(void **state)
{
    (void)state;
    parse("71 07 0101000101 05 09 72 04 6d657368 7f 08 0400000000000040 46 05 0102030405"
          "24 04 0104 240c 21 02 0014 6b 09 12 0101 0200000000bb 25 03 00 0b 03"
          "34 0d 0200000000cc 00000000 51 e5 07 f0 02 0000 ff 04 20 1300 aa");
    assert_int_equal(facts.fault_count, 0);
    assert_true(facts.mesh.gateway && facts.mesh.forwarding && facts.mesh.accepting);
    assert_int_equal(facts.mesh.peerings, 2);
    assert_int_equal(facts.mesh.id.length, 4);
    assert_int_equal(facts.extended_capabilities.length, 8);
    assert_int_equal(facts.rm_capabilities[4], 5);
    assert_int_equal(facts.supported_channels.length, 4);
    assert_int_equal(facts.max_power_dbm, 20);
    assert_int_equal(facts.hessid.octet[5], 0xbb);
    assert_int_equal(facts.switch_channel, 11);
    assert_int_equal(facts.neighbor_channel_max, 0xe5);
    assert_true(facts.has_fils && facts.has_owe_dh);
    assert_int_equal(facts.owe_group, 19);
}

static void test_aironet(void **state)
{
    (void)state;
    parse("85 1e 00000000000000000000 61702d6f6e6500000000000000000000 05 000025");
    assert_int_equal(facts.ccx_name.length, 6);
    assert_int_equal(facts.ccx_clients, 5);
}

static void test_fingerprint(void **state)
{
    (void)state;
    uint64_t first = parse("00 01 61 01 01 82 dd 04 00112201")->fingerprint;
    assert_true(parse("00 01 62 01 01 82 dd 04 00112201")->fingerprint == first); /* other SSID */
    assert_true(parse("00 01 61 01 01 84 dd 04 00112201")->fingerprint != first);
    assert_true(parse("01 01 82 00 01 61 dd 04 00112201")->fingerprint != first);
    assert_true(parse("00 01 61 01 01 82 dd 04 00112202")->fingerprint != first);
}

static void test_tables(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        if (rows[i].name)
            assert_true(rows[i].min <= rows[i].max);
        if (extensions[i].name)
            assert_true(extensions[i].min <= extensions[i].max);
        assert_true(rows[i].name || !rows[i].parse);
        assert_true(extensions[i].name || !extensions[i].parse);
        for (int k = 0; k < i && rows[i].name; k++)
            if (rows[k].name)
                assert_string_not_equal(rows[i].name, rows[k].name);
    }
    assert_string_equal(dot11_ie_name(0, 0), "SSID");
    assert_string_equal(dot11_ie_name(255, 35), "HE Capabilities");
    assert_null(dot11_ie_name(255, 255));
    assert_null(dot11_ie_name(254, 0));
    assert_string_equal(dot11_ie_capability_name(19), "BSS Transition");
    assert_null(dot11_ie_capability_name(3));
    assert_null(dot11_ie_capability_name(100000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network),  cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_faults),   cmocka_unit_test(test_flood),
        cmocka_unit_test(test_ht),       cmocka_unit_test(test_vht),
        cmocka_unit_test(test_he),       cmocka_unit_test(test_eht),
        cmocka_unit_test(test_security), cmocka_unit_test(test_vendors),
        cmocka_unit_test(test_wps),      cmocka_unit_test(test_others),
        cmocka_unit_test(test_aironet),  cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
