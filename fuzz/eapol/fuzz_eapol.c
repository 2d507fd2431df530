/* Fuzzes EAPOL: key frames, EAP and Simple Configuration. Input:
 * bytes from the EAPOL header on. Every borrowed byte of the
 * facts is read. The sanitizers judge. */
#include <stddef.h>
#include <stdint.h>

#include "../../tests/unit/dissect/every_dissector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= 65536)
        every_eapol(data, (uint32_t)size);
    return 0;
}
