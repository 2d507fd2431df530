/* Fuzzes the radiotap header and, behind it, everything that a frame goes through. Input: one
 * captured packet of link type 127; its last byte also says how much a snap length cut off. The
 * sanitizers judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"
#include "dissect/linktype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > 65536)
        return 0;
    every_dissector(LINKTYPE_RADIOTAP, data, (uint32_t)size, (uint32_t)size + data[size - 1] % 8);
    return 0;
}
