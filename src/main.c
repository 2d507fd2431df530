/* norn's way in: reads the command line and hands over to the monitor. No logic lives here. */
#include <stdio.h>

#include "serve/monitor.h"
#include "serve/settings.h"

static int show(const struct buffer *text, FILE *stream)
{
    fwrite(text->data, 1, text->length, stream);
    return fflush(stream) == 0 ? 0 : 1;
}

static int print(const char *what)
{
    struct buffer text = {0}, why = {0};
    int status = settings_print(what, &text, &why) == 0 ? show(&text, stdout) : 2;
    if (why.length)
        fprintf(stderr, "norn: %.*s\n", (int)why.length, (const char *)why.data);
    buffer_done(&text);
    buffer_done(&why);
    return status;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct buffer text = {0};
    int status;
    enum arguments_result result = arguments_parse(argc, argv, &arguments, &text);
    if (result != ARGUMENTS_RUN) {
        if (arguments.version)
            settings_print_libraries(&text);
        show(&text, result == ARGUMENTS_SHOWN ? stdout : stderr);
        status = result == ARGUMENTS_SHOWN ? 0 : 2;
    } else if (arguments.print) {
        status = print(arguments.print);
    } else if (arguments.replay) {
        status = monitor_replay(&arguments);
    } else {
        status = monitor_run(&arguments);
    }
    buffer_done(&text);
    arguments_done(&arguments);
    return status;
}
