/* Checksums against published values, fingerprints that stay, table hashes that spread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "util/hash.h"

/* The bitwise definition, to hold the fast one against. */
static uint32_t crc_by_bits(const uint8_t *bytes, size_t length)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static void test_crc32(void **state)
{
    uint8_t bytes[300];
    assert_int_equal(crc32_ieee("123456789", 9), 0xcbf43926);
    assert_int_equal(crc32_ieee("", 0), 0);
    srand(1);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rand();
    for (size_t length = 0; length < 290; length++)
        for (size_t offset = 0; offset < 9; offset += 3)
            assert_int_equal(crc32_ieee(bytes + offset, length),
                             crc_by_bits(bytes + offset, length));
}

static void test_weak(void **state)
{
    assert_int_equal(hash_weak("IEEE802.11"), 0x0d770242);
    assert_int_equal(hash_weak("abc"), 0);
    assert_int_equal(hash_weak(""), 0);
    assert_int_equal(hash_weak("abcd"), (97 + 98 + 99 + 100) | (4 * 97 + 3 * 98 + 2 * 99 + 100)
                                                                   << 16);
}

static void test_fingerprints(void **state)
{
    uint8_t bytes[64] = {0};
    uint64_t seen[65];
    for (size_t length = 0; length <= 64; length++) {
        seen[length] = hash_bytes(0, bytes, length);
        for (size_t i = 0; i < length; i++)
            assert_true(seen[i] != seen[length]);
    }
    uint64_t before = hash_bytes(0, "beacon", 6);
    hash_seed();
    assert_true(before == hash_bytes(0, "beacon", 6));
    assert_true(before != hash_bytes(1, "beacon", 6));
    for (int bit = 0; bit < 64 * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(hash_bytes(0, bytes, 64) != seen[64]);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_keyed(void **state)
{
    enum { BUCKETS = 1024, KEYS = 65536 };
    static unsigned buckets[BUCKETS];
    uint64_t before = hash_keyed(42), bytes_before = hash_keyed_bytes("x", 1);
    hash_seed();
    assert_true(hash_keyed(42) != before);
    assert_true(hash_keyed_bytes("x", 1) != bytes_before);
    assert_true(hash_keyed(7) == hash_keyed(7));
    for (uint64_t i = 0; i < KEYS; i++)
        buckets[hash_keyed(i << 16) % BUCKETS]++;
    for (int i = 0; i < BUCKETS; i++)
        assert_in_range(buckets[i], 16, 160); /* 64 each on average */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc32),
        cmocka_unit_test(test_weak),
        cmocka_unit_test(test_fingerprints),
        cmocka_unit_test(test_keyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
