/* Capture tool that replays a pcap or pcapng file to a server, through libpcap: as fast as it is
 * taken, at a rate (pps=N) or at the file's own spacing (realtime=true). Packets keep the file's
 * times. Input: the file. Output: protocol v3 (tools/tool.h). */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/tool.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/pace.h"

enum { PACKETS_PER_ROUND = 512 };

struct replay {
    pcap_t *pcap;
    struct pace pace;
    struct pcap_pkthdr *header; /* of the packet to be added next … */
    const u_char *bytes;
    uint64_t due_ns; /* … at this time … */
    bool has_packet; /* … when there is one */
};

static uint64_t identify(struct tool *tool)
{
    return hash_weak(tool->interface);
}

static pcap_t *open_file(struct tool *tool, struct buffer *ret_why)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    struct stat status;
    if (stat(tool->interface, &status) < 0) {
        buffer_printf(ret_why, "%s: %s", tool->interface, strerror(errno));
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        buffer_printf(ret_why, "%s is not a file", tool->interface);
        return NULL;
    }
    pcap_t *pcap =
        pcap_open_offline_with_tstamp_precision(tool->interface, PCAP_TSTAMP_PRECISION_NANO, error);
    if (!pcap)
        buffer_printf(ret_why, "%s: %s", tool->interface, error);
    return pcap;
}

static void describe(const struct tool *tool, pcap_t *pcap, struct tool_source *source)
{
    source->link_type = (uint32_t)pcap_datalink(pcap);
    snprintf(source->capture_interface, sizeof source->capture_interface, "%s", tool->interface);
}

/* What is no capture file is another tool's. */
static int probe(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct buffer unsaid = {0};
    pcap_t *pcap = open_file(tool, &unsaid);
    buffer_done(&unsaid);
    if (!pcap)
        return 0;
    describe(tool, pcap, source);
    pcap_close(pcap);
    return 1;
}

static int read_pace(struct tool *tool, struct pace *pace, struct buffer *ret_why)
{
    bool realtime;
    double rate;
    int result = tool_option_bool(tool, "realtime", false, &realtime, ret_why);
    if (!result)
        result = tool_option_number(tool, "pps", 0, &rate, ret_why);
    if (result < 0)
        return result;
    if (rate < 0) {
        buffer_add_text(ret_why, "pps takes a number of packets a second");
        return -EINVAL;
    }
    pace->mode = realtime ? PACE_REALTIME : rate > 0 ? PACE_RATE : PACE_FREE;
    pace->rate = rate;
    pace_restart(pace, (struct pace_now){tool_now_ns(), tool_wall_ns()}, 0);
    return 0;
}

static int open_replay(struct tool *tool, struct tool_source *source, struct buffer *ret_why)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (!replay)
        return -ENOMEM;
    int result = read_pace(tool, &replay->pace, ret_why);
    if (!result && !(replay->pcap = open_file(tool, ret_why)))
        result = -EINVAL;
    if (result < 0) {
        free(replay);
        return result;
    }
    tool->state = replay;
    describe(tool, replay->pcap, source);
    return 0;
}

/* The words by which servers know that a file is at its end. */
static void say_end(struct tool *tool, struct replay *replay, int result)
{
    if (result == PCAP_ERROR)
        tool_say(tool, PROTOCOL_FAULT, "%s is damaged: %s", tool->interface,
                 pcap_geterr(replay->pcap));
    tool_say(tool, PROTOCOL_INFO, "%s closed: end of pcapfile reached", tool->interface);
}

static uint64_t time_ns(const struct pcap_pkthdr *header)
{
    return (uint64_t)header->ts.tv_sec * NS_PER_S + (uint64_t)header->ts.tv_usec;
}

static bool add_packet(struct tool *tool, const struct replay *replay)
{
    const struct pcap_pkthdr *header = replay->header;
    struct protocol_packet packet = {
        .captured = {.link_type = (uint32_t)pcap_datalink(replay->pcap),
                     .seconds = (uint64_t)header->ts.tv_sec,
                     .microseconds = (uint64_t)header->ts.tv_usec / 1000,
                     .nanoseconds = (uint64_t)header->ts.tv_usec,
                     .original_length = header->len,
                     .content = {replay->bytes, header->caplen}}};
    return tool_add(tool, &packet);
}

/* Reads the next packet and when it is due; what pcap_next_ex() says when there is none. */
static int next_packet(struct replay *replay)
{
    int result = pcap_next_ex(replay->pcap, &replay->header, &replay->bytes);
    if (result != 1)
        return result;
    struct pace_now now = {0};
    if (replay->pace.mode != PACE_FREE)
        now = (struct pace_now){tool_now_ns(), tool_wall_ns()};
    replay->due_ns = pace_due(&replay->pace, time_ns(replay->header), now);
    replay->has_packet = true;
    return 1;
}

static int read_packets(struct tool *tool, enum tool_next *ret_next, struct buffer *ret_why)
{
    struct replay *replay = tool->state;
    for (int i = 0; i < PACKETS_PER_ROUND; i++) {
        int result = replay->has_packet ? 1 : next_packet(replay);
        if (result != 1) {
            say_end(tool, replay, result);
            *ret_next = TOOL_END;
            return 0;
        }
        if (replay->due_ns && replay->due_ns > tool_now_ns()) {
            tool_wake_at(tool, replay->due_ns);
            return 0;
        }
        if (!add_packet(tool, replay))
            return 0;
        replay->has_packet = false;
    }
    *ret_next = TOOL_MORE;
    return 0;
}

static void close_replay(struct tool *tool)
{
    struct replay *replay = tool->state;
    pcap_close(replay->pcap);
    free(replay);
    tool->state = NULL;
}

static const struct tool_type pcapfile = {
    .name = "norn_cap_pcapfile",
    .source_type = "pcapfile",
    .uuid_name = "kismet_cap_pcapfile",
    .description = "Replays a capture file, pcap or pcapng, to a server.",
    .usage = "FILE[:realtime=true|pps=N]",
    .waits = true,
    .probe = probe,
    .identify = identify,
    .open = open_replay,
    .read = read_packets,
    .close = close_replay,
};

int main(int argc, char **argv)
{
    return tool_main(argc, argv, &pcapfile);
}
