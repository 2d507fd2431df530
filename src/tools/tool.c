/* What a capture tool's type calls, and where its main() goes. See tool.h. */
#include "tools/tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/tool_data.h"
#include "tools/tool_session.h"
#include "util/clock.h"
#include "util/text.h"

const char *tool_option_again(const struct tool *tool, const char *key, size_t count)
{
    return tool_options_find(&tool->session->options, key, count);
}

const char *tool_option(const struct tool *tool, const char *key)
{
    return tool_option_again(tool, key, 0);
}

int tool_option_bool(const struct tool *tool, const char *key, bool fallback, bool *ret_value,
                     struct buffer *ret_why)
{
    const char *text = tool_option(tool, key);
    bool value = fallback;
    if (text && text_parse_bool(text, strlen(text), &value) < 0) {
        buffer_printf(ret_why, "%s=%s: write true or false", key, text);
        return -EINVAL;
    }
    *ret_value = value;
    return 0;
}

int tool_option_number(const struct tool *tool, const char *key, double fallback, double *ret_value,
                       struct buffer *ret_why)
{
    const char *text = tool_option(tool, key);
    double value = fallback;
    if (text && text_parse_double(text, strlen(text), &value) < 0) {
        buffer_printf(ret_why, "%s=%s: write a number", key, text);
        return -EINVAL;
    }
    *ret_value = value;
    return 0;
}

void tool_add_interface(struct tool *tool, const char *name, const char *flags,
                        const char *hardware)
{
    struct protocol_interface interface = {.interface = protocol_text_of(name),
                                           .flags = protocol_text_of(flags),
                                           .hardware = protocol_text_of(hardware)};
    protocol_list_add_block(&tool->session->interfaces, &protocol_interface_table, &interface);
}

void tool_add_channel(struct tool *tool, const char *channel)
{
    tool_hop_add(&tool->session->channels, protocol_text_of(channel));
}

bool tool_add(struct tool *tool, const struct protocol_packet *packet)
{
    return tool_data_add(tool->session, packet);
}

void tool_wake_at(struct tool *tool, uint64_t monotonic_ns)
{
    tool->session->wake_ns = monotonic_ns;
}

uint64_t tool_now_ns(void)
{
    return clock_monotonic_ns();
}

uint64_t tool_wall_ns(void)
{
    return clock_wall_ns();
}

void tool_say(struct tool *tool, enum protocol_level level, const char *format, ...)
{
    char text[512];
    struct buffer printable = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_add_printable(&printable, text, strlen(text));
    const char *said = buffer_string(&printable);
    if (said) {
        tool_data_say(tool->session, level, said);
        if (tool->session->arguments.remote)
            fprintf(stderr, "%s: %s\n", tool->type->name, said);
    }
    buffer_done(&printable);
}

/* --list: what a person can choose from. */
static int print_list(struct tool_session *session)
{
    const struct tool_type *type = session->tool.type;
    struct buffer why = {0};
    struct protocol_interface interface;
    int result = type->list ? type->list(&session->tool, &why) : 0;
    struct protocol_list list = protocol_list_written(&session->interfaces);
    if (result < 0)
        fprintf(stderr, "%s: cannot list: %.*s\n", type->name, (int)why.length,
                why.length ? (const char *)why.data : "");
    else if (!type->list)
        printf("%s captures from what you name: %s\n", type->name, type->usage);
    else if (!list.count)
        printf("%s finds no interface on this machine\n", type->name);
    while (protocol_list_block(&list, &protocol_interface_table, &interface)) {
        buffer_done(&why);
        text_add_printable(&why, interface.interface.text, interface.interface.length);
        if (interface.flags.length)
            buffer_add_byte(&why, ':');
        text_add_printable(&why, interface.flags.text, interface.flags.length);
        if (interface.hardware.length)
            buffer_add_text(&why, "  ");
        text_add_printable(&why, interface.hardware.text, interface.hardware.length);
        printf("%.*s\n", (int)why.length, (const char *)why.data);
    }
    buffer_done(&why);
    protocol_list_done(&session->interfaces);
    return result < 0;
}

int tool_main(int argc, char **argv, const struct tool_type *type)
{
    /* A look-up of a name may still write to it while the process ends. */
    static struct tool_session session;
    struct buffer text = {0};
    session.tool = (struct tool){.type = type, .session = &session};
    enum tool_arguments_result result =
        tool_arguments_parse(argc, argv, type, &session.arguments, &text);
    if (result != TOOL_ARGUMENTS_RUN)
        fprintf(result == TOOL_ARGUMENTS_SHOWN ? stdout : stderr, "%.*s", (int)text.length,
                (const char *)text.data);
    buffer_done(&text);
    if (result != TOOL_ARGUMENTS_RUN)
        return result == TOOL_ARGUMENTS_SHOWN ? 0 : 2;
    if (session.arguments.list)
        return print_list(&session);
    if (session.arguments.daemonize && daemon(1, 0) < 0) {
        perror(type->name);
        return 1;
    }
    return tool_session_run(&session);
}
