/* Messages of clients of the event bus and of device monitors, with every look-up that is made of
 * them; what they ask for is compiled twice, which must give the same form. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/device_fields.h"
#include "serve/event/event_topics.h"
#include "serve/event/monitor_command.h"
#include "serve/websocket/socket_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct command *command, struct buffer *why)
{
    char name[MONITOR_COMMAND_NAME];
    struct monitor_request request;
    const char *topic;
    size_t length;
    if (monitor_command_cancel(command, name, why) == 0 && strlen(name) >= sizeof name)
        abort();
    if (monitor_command_request(command, &request, why) == 0 && !request.rate)
        abort();
    if (command_text(command, "SUBSCRIBE", &topic, &length) == 0 &&
        event_topics_find(topic) >= EVENT_TOPICS)
        abort();
}

static void compile(const struct socket_command *command, struct buffer *why)
{
    static const struct socket_form_parts parts = {{&device_type, &device_type}};
    struct socket_forms forms = {0};
    struct socket_form *one = socket_form_get(&forms, &parts, command, why);
    struct socket_form *same = socket_form_get(&forms, &parts, command, why);
    if (one != same)
        abort();
    socket_form_unref(&forms, one);
    socket_form_unref(&forms, same);
    if (forms.first || forms.size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer why = {0};
    struct socket_command command;
    if (socket_command_parse(data, size, &command, &why) == 0) {
        look_up(&command.command, &why);
        compile(&command, &why);
    }
    buffer_done(&why);
    socket_command_done(&command);
    return 0;
}
