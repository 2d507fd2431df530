/* Hashes. hash_keyed() is for tables whose keys come off the air or the wire: it is seeded per
 * process, so nobody can choose keys that collide. hash_bytes() is stable across runs: for
 * fingerprints. crc32_ieee() is the frame check sequence (IEEE 802.11-2020, 9.2.4.8). */
#ifndef NORN_UTIL_HASH_H
#define NORN_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Seeds hash_keyed() from the kernel; call once before any table is made. */
void hash_seed(void);

/* Keyed 64-bit hash of a 64-bit key: table use only, differs between runs. */
uint64_t hash_keyed(uint64_t key);

/* Keyed 64-bit hash of bytes: table use only, differs between runs. */
uint64_t hash_keyed_bytes(const void *bytes, size_t length);

/* Stable 64-bit hash of bytes, continuing from `state` (0 to start). Not for hostile tables. */
uint64_t hash_bytes(uint64_t state, const void *bytes, size_t length);

/* CRC-32 of IEEE 802.3 and 802.11 (reflected, 0xEDB88320, initial and final all ones). */
uint32_t crc32_ieee(const void *bytes, size_t length);

/* The weak checksum that names phys, sources and tools: two running sums from zero, no modulus;
 * texts under 4 bytes give 0 (shared/reference: device keys and source UUIDs rest on it). */
uint32_t hash_weak(const char *text);

#endif
