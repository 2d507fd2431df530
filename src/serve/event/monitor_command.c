/* Commands of device monitors. See monitor_command.h. */
#include "serve/event/monitor_command.h"

#include <errno.h>
#include <string.h>

enum { RATE_MAX = 86400 };

#define WHOLE_ADDRESS (UINT64_MAX << 16)

/* The id of a request: a number or a word. */
static int read_name(const struct command *command, const char *key,
                     char ret_name[MONITOR_COMMAND_NAME], struct buffer *ret_why)
{
    const char *text;
    size_t length;
    int error = command_word(command, key, &text, &length);
    if (error == -ENOENT)
        return error;
    if (error || length >= MONITOR_COMMAND_NAME) {
        buffer_printf(ret_why, "%s must be a number, or a text of less than %d bytes", key,
                      MONITOR_COMMAND_NAME);
        return -EINVAL;
    }
    memcpy(ret_name, text, length + 1);
    return 0;
}

static int read_rate(const struct command *command, unsigned *ret_rate, struct buffer *ret_why)
{
    double rate = 1;
    int error = command_number(command, "rate", &rate);
    if ((error && error != -ENOENT) || !(rate >= 0 && rate <= RATE_MAX)) {
        buffer_printf(ret_why, "rate must be a number of seconds, at most %d", RATE_MAX);
        return -EINVAL;
    }
    unsigned whole = (unsigned)rate;
    whole += whole < rate;
    *ret_rate = whole ? whole : 1;
    return 0;
}

static bool parse_subject(const char *text, size_t length, struct monitor_request *request)
{
    struct macaddr mac;
    if (strcmp(text, "*") == 0)
        return true;
    if (device_key_parse(text, length, &request->key) == 0 &&
        !(request->key.mac & ~WHOLE_ADDRESS)) {
        request->is_named = request->has_key = true;
        return true;
    }
    if (macaddr_parse(text, length, &mac, &request->mask) != 0)
        return false;
    request->mac = request->key.mac = macaddr_u64(mac);
    request->has_mask = true;
    request->is_named = request->mask >= WHOLE_ADDRESS;
    return true;
}

static int read_subject(const struct command *command, struct monitor_request *request,
                        struct buffer *ret_why)
{
    const char *text;
    size_t length;
    int error = command_text(command, "monitor", &text, &length);
    if (error == -ENOENT)
        return error;
    if (!error && parse_subject(text, length, request))
        return 0;
    buffer_add_text(ret_why, "monitor takes a device key, a MAC address, MAC/mask or *");
    return -EINVAL;
}

int monitor_command_cancel(const struct command *command, char ret_name[MONITOR_COMMAND_NAME],
                           struct buffer *ret_why)
{
    return read_name(command, "cancel", ret_name, ret_why);
}

int monitor_command_request(const struct command *command, struct monitor_request *ret_request,
                            struct buffer *ret_why)
{
    struct monitor_request request = {0};
    int error = read_subject(command, &request, ret_why);
    if (!error)
        error = read_rate(command, &request.rate, ret_why);
    if (!error && read_name(command, "request", request.name, ret_why) == -EINVAL)
        error = -EINVAL;
    if (!error)
        *ret_request = request;
    return error;
}
