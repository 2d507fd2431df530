/* Sources that read a capture file, a FIFO or standard input: type `pcapfile`. Input: a path,
 * opened by the launcher. Output: frames by playback.c. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "capture/playback.h"
#include "capture/sources.h"
#include "util/hash.h"

static bool is_standard_input(const char *interface)
{
    return strcmp(interface, "-") == 0;
}

static int open_descriptor(const struct capture_config *config, const char *interface)
{
    if (is_standard_input(interface)) {
        int descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
        return descriptor < 0 ? -errno : descriptor;
    }
    return config->open_capture ? config->open_capture(config->context, interface) : -ENOSYS;
}

/* A path that is there but cannot be opened is a file as well: opening it says what is wrong. */
static bool probe_file(const struct capture_config *config, const char *interface)
{
    if (is_standard_input(interface))
        return true;
    int descriptor = open_descriptor(config, interface);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0 || descriptor == -EACCES || descriptor == -EISDIR ||
           descriptor == -EPERM || descriptor == -EINVAL;
}

static uint64_t identify_file(const struct capture_config *config, const char *interface)
{
    return hash_weak(interface);
}

static void explain(const char *interface, int error, struct buffer *ret_why)
{
    switch (error) {
    case -ENOENT: buffer_printf(ret_why, "there is no file \"%s\"", interface); break;
    case -EACCES:
    case -EPERM: buffer_printf(ret_why, "\"%s\" may not be read by norn", interface); break;
    case -EINVAL: buffer_printf(ret_why, "\"%s\" is neither a file nor a FIFO", interface); break;
    case -EISDIR: buffer_printf(ret_why, "\"%s\" is a directory", interface); break;
    default: buffer_printf(ret_why, "\"%s\" cannot be opened: %s", interface, strerror(-error));
    }
}

static int open_file(struct source *source, struct buffer *ret_why)
{
    const char *interface = source->definition->interface;
    int descriptor = open_descriptor(source->config, interface);
    if (descriptor < 0) {
        explain(interface, descriptor, ret_why);
        return descriptor;
    }
    return playback_open(source, input_stream_new(descriptor, source->wake), ret_why);
}

const struct source_type source_file_type = {
    .name = "pcapfile",
    .description = "Capture file: pcap, pcapng, btsnoop, plain or compressed; a path, a FIFO, or -",
    .tool = "kismet_cap_pcapfile",
    .probe = true,
    .local = true,
    .file = true,
    .probes = probe_file,
    .identify = identify_file,
    .open = open_file,
    .run = playback_run,
    .close = playback_close,
};
