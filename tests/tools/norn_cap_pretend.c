/* Capture tool without a radio, for the tests of what all live tools share: makes numbered packets
 * at a rate and tunes to channels that behave as their names say (busy, never, dead).
 * Definition: pretend:rate=N,size=BYTES,count=N,dies=N,fails=TEXT,tries=FILE,execs=FILE. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "util/clock.h"

#include "tools/tool.h"

enum { SIZE_MAX_BYTES = 100000, LINK_TYPE = 127, TICK_MS = 5 };

struct pretend {
    int timer;
    double rate, size, count, dies;
    uint64_t begin_ns;
    uint64_t made;
    bool has_tried; /* what a tool that was taken over might do */
    uint8_t bytes[SIZE_MAX_BYTES];
};

static int list(struct tool *tool, struct buffer *ret_why)
{
    tool_add_interface(tool, "pretend0", "rate=10", "nothing");
    tool_add_interface(tool, "pretend1", NULL, NULL);
    return 0;
}

static bool is_mine(const struct tool *tool)
{
    return strncmp(tool->interface, "pretend", 7) == 0;
}

static void describe(struct tool *tool, struct tool_source *source)
{
    static const char *const channels[] = {"1", "6", "11", "busy", "never"};
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
        tool_add_channel(tool, channels[i]);
    source->link_type = LINK_TYPE;
    snprintf(source->hardware, sizeof source->hardware, "nothing");
    snprintf(source->capture_interface, sizeof source->capture_interface, "%smon", tool->interface);
    snprintf(source->channel, sizeof source->channel, "1");
}

static int probe(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    if (!is_mine(tool))
        return 0;
    if (tool_option(tool, "fails")) {
        buffer_add_text(ret_why, tool_option(tool, "fails"));
        return -EIO;
    }
    describe(tool, source);
    return 1;
}

static uint64_t identify(struct tool *tool)
{
    return is_mine(tool) ? UINT64_C(0x020000000001) : 0;
}

static int read_options(struct tool *tool, struct pretend *pretend, struct buffer *ret_why)
{
    if (tool_option(tool, "fails")) {
        buffer_add_text(ret_why, tool_option(tool, "fails"));
        return -EIO;
    }
    if (tool_option_number(tool, "rate", 100, &pretend->rate, ret_why) < 0 ||
        tool_option_number(tool, "size", 100, &pretend->size, ret_why) < 0 ||
        tool_option_number(tool, "count", 1e18, &pretend->count, ret_why) < 0 ||
        tool_option_number(tool, "dies", 1e18, &pretend->dies, ret_why) < 0)
        return -EINVAL;
    return pretend->size >= 8 && pretend->size <= SIZE_MAX_BYTES ? 0 : -EINVAL;
}

static int open_pretend(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct itimerspec tick = {{0, TICK_MS * 1000000}, {0, 1}};
    struct pretend *pretend = calloc(1, sizeof *pretend);
    int result = read_options(tool, pretend, ret_why);
    if (result < 0) {
        free(pretend);
        return result;
    }
    pretend->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    timerfd_settime(pretend->timer, 0, &tick, NULL);
    pretend->begin_ns = tool_now_ns();
    tool->state = pretend;
    describe(tool, source);
    source->descriptor = pretend->timer;
    return 0;
}

static void add_packet(struct tool *tool, struct pretend *pretend)
{
    uint64_t now_ns = tool_wall_ns();
    uint64_t number = ++pretend->made;
    for (int i = 0; i < 8; i++)
        pretend->bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    struct protocol_packet packet = {
        .signal = {.signal_dbm = -60, .frequency = 2412000, .channel = protocol_text_of("1")},
        .captured = {.link_type = LINK_TYPE,
                     .seconds = now_ns / NS_PER_S,
                     .microseconds = (uint32_t)(now_ns % NS_PER_S / 1000),
                     .original_length = (uint32_t)pretend->size,
                     .content = {pretend->bytes, (size_t)pretend->size}}};
    tool_add(tool, &packet);
}

static const char *outcome(int descriptor)
{
    if (descriptor < 0)
        return strerror(errno);
    close(descriptor);
    return "done";
}

/* To the outside: nobody is there, which only one who may connect gets to know. */
static const char *try_connect(void)
{
    const struct sockaddr_in nobody = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return strerror(errno);
    int result = connect(descriptor, (const struct sockaddr *)&nobody, sizeof nobody);
    int error = result < 0 ? errno : 0;
    close(descriptor);
    return error == EACCES || error == EPERM ? strerror(error) : "done";
}

/* What a tool that was taken over might do. */
static void try_to_escape(struct tool *tool, struct pretend *pretend)
{
    const char *path = tool_option(tool, "tries"), *program = tool_option(tool, "execs");
    if (pretend->has_tried)
        return;
    pretend->has_tried = true;
    if (path)
        tool_say(tool, PROTOCOL_INFO, "reading: %s; writing: %s; connecting: %s",
                 outcome(open(path, O_RDONLY | O_CLOEXEC)),
                 outcome(open(path, O_WRONLY | O_CLOEXEC)), try_connect());
    if (program)
        execl(program, program, (char *)NULL);
}

static int read_pretend(struct tool *tool, enum tool_next *ret_next, struct buffer *ret_why)
{
    struct pretend *pretend = tool->state;
    uint64_t ticks;
    try_to_escape(tool, pretend);
    if (read(pretend->timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
        return -errno;
    double wanted = (double)(tool_now_ns() - pretend->begin_ns) / 1e9 * pretend->rate;
    if (wanted > pretend->count)
        wanted = pretend->count;
    while ((double)pretend->made < wanted) {
        if ((double)pretend->made >= pretend->dies) {
            buffer_add_text(ret_why, "the make-believe radio was unplugged");
            return -ENODEV;
        }
        add_packet(tool, pretend);
    }
    if ((double)pretend->made >= pretend->count) {
        tool_say(tool, PROTOCOL_INFO, "all %.0f are made", pretend->count);
        *ret_next = TOOL_END;
    }
    return 0;
}

static int tune(struct tool *tool, const char *channel, struct buffer *ret_why)
{
    if (strcmp(channel, "busy") == 0) {
        buffer_add_text(ret_why, "busy just now");
        return -EBUSY;
    }
    if (strcmp(channel, "dead") == 0) {
        buffer_add_text(ret_why, "the make-believe radio is dead");
        return -ENODEV;
    }
    if (strcmp(channel, "1") == 0 || strcmp(channel, "6") == 0 || strcmp(channel, "11") == 0)
        return 0;
    buffer_printf(ret_why, "there is no channel %s", channel);
    return -EINVAL;
}

static void count(struct tool *tool, struct protocol_statistics *statistics)
{
    statistics->kernel_drops = 7;
    statistics->interface_drops = 3;
}

static void close_pretend(struct tool *tool)
{
    struct pretend *pretend = tool->state;
    close(pretend->timer);
    free(pretend);
}

static const struct tool_type pretend_type = {
    .name = "norn_cap_pretend",
    .source_type = "pretend",
    .uuid_name = "norn_cap_pretend",
    .description = "Makes packets up, for tests.",
    .usage = "pretend[:rate=N,size=BYTES,count=N]",
    .list = list,
    .probe = probe,
    .identify = identify,
    .open = open_pretend,
    .read = read_pretend,
    .tune = tune,
    .count = count,
    .close = close_pretend,
};

int main(int argc, char **argv)
{
    return tool_main(argc, argv, &pretend_type);
}
