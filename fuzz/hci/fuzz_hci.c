/* Fuzzes what Bluetooth hosts and controllers say to each other: transports, events, commands,
 * sightings. Input: a byte that picks a link type, then a captured packet. The sanitizers judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"
#include "dissect/linktype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t link_types[] = {LINKTYPE_BLUETOOTH_HCI, LINKTYPE_BLUETOOTH_HCI_PHDR,
                                          LINKTYPE_BLUETOOTH_MONITOR};
    if (!size || size > 4096)
        return 0;
    every_hci(link_types[data[0] % 3], data + 1, (uint32_t)size - 1,
              (uint32_t)size - 1 + (data[0] & 0x80));
    return 0;
}
