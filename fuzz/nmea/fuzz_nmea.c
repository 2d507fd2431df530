/* Fuzzes a receiver of NMEA: lines, sentences, the fixes made of them, where they put us. Input:
 * bytes as they come from a serial line; each line is also tried with a checksum that is right.
 * Finds: crashes, and fixes that are not on the earth. */
#include "../geo_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same line with the checksum that belongs to it: a fuzzer does not find that by itself. */
static void take_mended(struct receiver *receiver, const uint8_t *line, size_t length)
{
    uint8_t mended[NMEA_LINE_MAX + 4], sum = 0;
    if (!length || length > NMEA_LINE_MAX - 3 || line[0] != '$')
        return;
    memcpy(mended, line, length);
    for (size_t i = 1; i < length; i++)
        sum ^= line[i];
    snprintf((char *)mended + length, 4, "*%02X", sum);
    geo_bytes_take(receiver, mended, length + 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return geo_bytes_run("serial:device=/dev/ttyS0", data, size, take_mended);
}
