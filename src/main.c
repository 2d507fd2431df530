/* norn's way in: reads the command line and hands over to the monitor. No logic lives here. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "serve/monitor.h"
#include "serve/settings.h"

/* Closed standard streams are opened: else the first file would take their place. What is written
 * to such an output fails, but for what is said on standard error. */
static void open_streams(void)
{
    static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
    for (int stream = 0; stream < 3; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", modes[stream]) != stream)
            _exit(1);
}

static int show(const struct buffer *text, FILE *stream)
{
    if (fwrite(text->data, 1, text->length, stream) == text->length && fflush(stream) == 0)
        return 0;
    perror("norn: cannot write");
    return 1;
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
    open_streams();
    enum arguments_result result = arguments_parse(argc, argv, &arguments, &text);
    if (result != ARGUMENTS_RUN) {
        if (arguments.version)
            settings_print_libraries(&text);
        status = show(&text, result == ARGUMENTS_SHOWN ? stdout : stderr);
        if (result != ARGUMENTS_SHOWN)
            status = 2;
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
