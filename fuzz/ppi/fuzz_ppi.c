/* Fuzzes the other link headers: PPI, Prism and AVS. Input: a byte that picks one,
 * then a captured packet. The frame inside goes through everything else, too. The
 * sanitizers judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"
#include "dissect/linktype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t link_types[] = {LINKTYPE_PPI, LINKTYPE_PRISM, LINKTYPE_AVS};
    if (!size || size > 65536)
        return 0;
    every_dissector(link_types[data[0] % 3], data + 1, (uint32_t)size - 1, (uint32_t)size - 1);
    return 0;
}
