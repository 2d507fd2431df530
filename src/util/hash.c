/* Keyed table hash (multiply-fold over secret lanes), stable fingerprints, CRC-32, and the weak
 * checksum of the API's keys. See hash.h. */
#include "util/hash.h"

#include <libdeflate.h>
#include <string.h>
#include <sys/random.h>

#include "util/bytes.h"
#include "util/wide.h"

static uint64_t secret[2] = {0x9e3779b97f4a7c15ull, 0xd1b54a32d192ed03ull};

void hash_seed(void)
{
    uint64_t fresh[2];
    if (getrandom(fresh, sizeof fresh, 0) == (ssize_t)sizeof fresh) {
        secret[0] = fresh[0] | 1;
        secret[1] = fresh[1];
    }
}

uint64_t hash_keyed(uint64_t key)
{
    return wide_fold(wide_fold(key ^ secret[1], secret[0]) ^ secret[1], 0xbf58476d1ce4e5b9ull);
}

static uint64_t hash_lanes(uint64_t state, uint64_t multiplier, const uint8_t *bytes, size_t length)
{
    uint64_t tail = 0;
    state ^= length * 0x94d049bb133111ebull;
    for (; length >= 8; bytes += 8, length -= 8)
        state = wide_fold(state ^ load_le64(bytes), multiplier);
    for (size_t i = 0; i < length; i++)
        tail |= (uint64_t)bytes[i] << (8 * i);
    return wide_fold(wide_fold(state ^ tail, multiplier) ^ 0x2545f4914f6cdd1dull,
                     0xbf58476d1ce4e5b9ull);
}

uint64_t hash_keyed_bytes(const void *bytes, size_t length)
{
    return hash_lanes(secret[1], secret[0], bytes, length);
}

uint64_t hash_bytes(uint64_t state, const void *bytes, size_t length)
{
    return hash_lanes(state ^ 0xa0761d6478bd642full, 0xe7037ed1a0b428dbull, bytes, length);
}

uint32_t crc32_ieee(const void *bytes, size_t length)
{
    return libdeflate_crc32(0, bytes, length);
}

uint32_t hash_weak(const char *text)
{
    uint32_t first = 0, second = 0;
    size_t length = strlen(text);
    if (length < 4)
        return 0;
    for (size_t i = 0; i < length; i++) {
        first += (uint8_t)text[i];
        second += first;
    }
    return (first & 0xffff) + (second << 16);
}
