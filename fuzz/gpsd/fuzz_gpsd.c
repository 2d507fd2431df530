/* Fuzzes a receiver that is a gpsd: lines, reports, the fixes made of them, where they put us.
 * Input: bytes as they come from the connection. Finds: crashes, and fixes that are not on the
 * earth. */
#include "../geo_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return geo_bytes_run("gpsd", data, size, NULL);
}
