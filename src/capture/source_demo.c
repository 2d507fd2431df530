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
    return playback_open(source, input_stream_over(config->demo, config->demo_length), ret_why);
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
    .run = playback_run,
    .close = playback_close,
};
