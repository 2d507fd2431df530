/* The hash of a beacon's body: what must change it and what must not. Input: beacons written as
 * hex, equal but for one element. Output: equal or different hashes. Volatile facts that come out
 * on the way are checked too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissect/dot11_body.h"
#include "hex_bytes.h"

#define HEADER "8000 0000 ffffffffffff 020000000002 020000000002 0000"
#define FIXED  "0807060504030201 6400 1104"

static struct dot11_body body;

static uint64_t hash(const char *fixed, const char *elements)
{
    static struct bytes kept;
    struct dot11_frame frame;
    bytes_done(&kept);
    kept = bytes_from(HEADER, fixed, elements);
    assert_int_equal(dot11_frame_parse(kept.data, kept.length, false, &frame), 0);
    dot11_body_parse(&frame, &body);
    assert_true(dot11_body_hash(&frame) == body.hash);
    return body.hash;
}

static void test_volatile(void **state)
{
    (void)state;
    static const char elements[] = "00 04 74657374 05 04 00010000 0b 05 0100 02 0000 03 01 06";
    uint64_t first = hash(FIXED, elements);
    assert_true(first != 0);
    assert_true(body.timestamp == 0x0102030405060708);
    assert_int_equal(body.interval, 100);
    assert_int_equal(body.capability, 0x0411);
    assert_true(body.has_qbss);
    assert_int_equal(body.qbss_stations, 1);
    assert_int_equal(body.qbss_utilization, 2);
    assert_true(hash("ffffffffffffffff 6400 1104", elements) == first);
    assert_true(hash(FIXED, "00 04 74657374 05 05 0101000007 0b 05 0900 07 0100 03 01 06") ==
                first);
    assert_int_equal(body.qbss_stations, 9);
    assert_true(hash(FIXED, "00 04 74657374 05 04 00010000 0b 04 0800 06 01 03 01 06") == first);
    assert_int_equal(body.qbss_stations, 8); /* the shorter form of drafts */
    assert_int_equal(body.qbss_utilization, 6);
}

static void test_lasting(void **state)
{
    (void)state;
    uint64_t first = hash(FIXED, "00 04 74657374 03 01 06");
    assert_true(hash(FIXED, "00 04 74657375 03 01 06") != first);
    assert_true(hash(FIXED, "00 04 74657374 03 01 07") != first);
    assert_true(hash(FIXED, "03 01 06 00 04 74657374") != first);
    assert_true(hash(FIXED, "00 04 74657374 03 01 06 dd 00") != first);
    assert_true(hash(FIXED, "00 04 74657374 03 01 06 00") != first);
    assert_true(hash("0807060504030201 c800 1104", "00 04 74657374 03 01 06") != first);
    assert_true(hash("0807060504030201 6400 0104", "00 04 74657374 03 01 06") != first);
}

static void test_aironet(void **state)
{
    (void)state;
    static const char one[] =
        "85 1e 00000000000000000001 61700000000000000000000000000000 05 000025";
    static const char load[] =
        "85 1e 0000000000000000ff01 61700000000000000000000000000000 09 000025";
    static const char name[] =
        "85 1e 00000000000000000001 61710000000000000000000000000000 05 000025";
    uint64_t first = hash(FIXED, one);
    assert_true(hash(FIXED, load) == first);
    assert_true(hash(FIXED, name) != first);
}

static void test_cut(void **state)
{
    (void)state;
    assert_true(hash("0807060504030201 6400 11", "") == 0);
    assert_true(hash(FIXED, "") != 0);
    assert_true(hash(FIXED, "00 ff 41") != hash(FIXED, "00 ff 42")); /* a cut element counts */
    assert_true(hash(FIXED, "05 ff 41") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_volatile),
        cmocka_unit_test(test_lasting),
        cmocka_unit_test(test_aironet),
        cmocka_unit_test(test_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
