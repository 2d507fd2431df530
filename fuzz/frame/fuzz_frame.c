/* Fuzzes 802.11 frames: header, fixed fields, elements, data bodies, EAPOL within.
 * Input: a byte of options (bit 0: padded header), then a frame. The sanitizers
 * judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > 65536)
        return 0;
    every_frame(data + 1, (uint32_t)size - 1, data[0] & 1);
    return 0;
}
