/* Fuzzes Bluetooth low energy: link headers, PDUs, the extended header, advertising data. Input: a
 * byte that picks a link type (or advertising data alone), then a captured packet. The sanitizers
 * judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"
#include "dissect/linktype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t link_types[] = {LINKTYPE_BLUETOOTH_LE, LINKTYPE_BLUETOOTH_LE_PHDR,
                                          LINKTYPE_NORDIC_BLE, LINKTYPE_PPI};
    if (!size || size > 4096)
        return 0;
    if (data[0] % 5 == 4)
        every_advertising(data + 1, (uint32_t)size - 1);
    else
        every_btle(link_types[data[0] % 5], data + 1, (uint32_t)size - 1,
                   (uint32_t)size - 1 + (data[0] & 0x80));
    return 0;
}
