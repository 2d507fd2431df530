/* What a server may send to a capture tool before there are frames: the answer to the upgrade, then
 * the bytes of a websocket; and as datagrams, announcements. Whole and in two pieces, which must
 * come to the same. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool_announcement.h"
#include "tools/tool_upgrade.h"
#include "tools/tool_websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The key of RFC 6455, 1.3: an answer in the corpus can fit it. */
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";

/* Reads the websocket in two pieces; the messages that came. A third ends a goodbye that was cut:
 * wslay leaves out the first two bytes of each piece when it looks at the text of one that is not
 * whole yet, so it sees what is wrong sooner or later. */
static int receive(struct slice bytes, size_t first, struct buffer *messages)
{
    static const uint8_t rest[125]; /* as long as a goodbye may be (RFC 6455, 5.5) */
    struct tool_websocket *websocket = tool_websocket_new();
    struct buffer output = {0}, why = {0};
    if (!websocket)
        abort();
    const struct slice pieces[] = {
        {bytes.data, first}, {bytes.data + first, bytes.length - first}, {rest, sizeof rest}};
    int result = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces && !result; i++)
        result = tool_websocket_receive(websocket, pieces[i], messages, &output, &why);
    if (result < 0 && !why.length)
        abort();
    buffer_done(&output);
    buffer_done(&why);
    tool_websocket_free(websocket);
    return result;
}

/* Which fault wslay sees in a broken goodbye depends on where it was cut, that there is one does
 * not.
 */
static void check_websocket(struct slice bytes)
{
    struct buffer whole = {0}, parts = {0};
    bool is_over = receive(bytes, bytes.length, &whole) < 0;
    if ((receive(bytes, bytes.length / 2, &parts) < 0) != is_over || whole.length != parts.length ||
        (whole.length && memcmp(whole.data, parts.data, whole.length) != 0))
        abort();
    buffer_done(&whole);
    buffer_done(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {data, size};
    struct buffer why = {0};
    size_t length = 0;
    uint16_t port = 1;
    int result = tool_upgrade_answer(bytes, key, &length, &why);
    if (result == 0)
        check_websocket((struct slice){data + length, size - length});
    else if (result != -EAGAIN && !why.length)
        abort();
    if (tool_announcement_parse(bytes, NULL, &port) == 0 && !port)
        abort();
    buffer_done(&why);
    return 0;
}
