/* The demonstration source: the capture embedded in the program, in real time and for ever; type
 * `demo`. Input: bytes given by main. Output: frames by playback.c. */
#include <errno.h>
#include <strings.h>

#include "capture/playback.h"
#include "capture/sources.h"
#include "util/hash.h"

static bool probe_demo(const struct capture_config *config, const char *interface)
{
    return config->demo && strcasecmp(interface, "demo") == 0;
}

static uint64_t identify_demo(const struct capture_config *config, const char *interface)
{
    return hash_weak(interface);
}

static int open_demo(struct source *source, struct buffer *ret_why)
{
    const struct capture_config *config = source->config;
    if (!config->demo) {
        sources_explain_missing(source_demo_type.name, ret_why);
        return -ENOENT;
    }
    struct input_stream *stream = input_stream_over(config->demo, config->demo_length);
    if (!stream)
        return -ENOMEM;
    struct playback *playback;
    int result = playback_open(source, stream, &playback, ret_why);
    if (result == 0)
        source->state = playback;
    return result;
}

static int run_demo(struct source *source, struct buffer *ret_why)
{
    return playback_run(source, source->state, ret_why);
}

static void close_demo(struct source *source)
{
    playback_close(source->state);
    source->state = NULL;
}

const struct source_type source_demo_type = {
    .name = "demo",
    .description = "Demonstration: a made-up capture that comes with norn, played for ever",
    .tool = "norn_demo",
    .probe = true,
    .local = true,
    .file = true,
    .endless = true,
    .probes = probe_demo,
    .identify = identify_demo,
    .open = open_demo,
    .run = run_demo,
    .close = close_demo,
};
