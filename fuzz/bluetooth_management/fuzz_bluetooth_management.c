/* Frames of the kernel's Bluetooth management interface, one behind the other; what is told of each
 * device found must be sound JSON with the members that every server takes. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "tools/bluetooth_sighting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(const struct bluetooth_found *found)
{
    struct buffer json = {0};
    const char *address, *name;
    int type;
    bluetooth_sighting_write(found, &json);
    json_t *object = json_loadb((const char *)json.data, json.length, JSON_ALLOW_NUL, NULL);
    if (json.failed ||
        json_unpack(object, "{s:s, s:s, s:i}", "addr", &address, "name", &name, "type", &type) < 0)
        abort();
    json_decref(object);
    buffer_done(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bluetooth_message message;
    while (size >= 6) {
        size_t length = 6 + (size_t)load_le16(data + 4);
        if (length > size)
            length = size;
        struct slice frame = {data, length};
        if (bluetooth_management_parse(frame, &message) == 0 && message.event == BLUETOOTH_FOUND)
            tell(&message.found);
        data += length;
        size -= length;
    }
    return 0;
}
