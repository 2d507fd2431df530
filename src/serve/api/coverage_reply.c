/* From ledgers to records. See coverage_reply.h. */
#include "serve/api/coverage_reply.h"

#include <errno.h>
#include <string.h>

#include "capture/capture.h"
#include "schema/coverage_fields.h"
#include "serve/monitor.h"
#include "serve/list/record_reply.h"
#include "util/text.h"

enum {
    WINDOW_LEAST = 1,
    WINDOW_MOST = LEDGER_MINUTES * 60,
    WINDOW_USUAL = 3600,
    CHANNELS_ALL = 4 * LEDGER_CHANNELS, /* told apart over all sources; more are left out */
};

struct question_of_coverage {
    uint64_t window; /* seconds */
    const char *channel;
};

/* A number of the command, a form or the query. 0, -ENOENT or -EINVAL. */
static int read_window(struct request *request, int64_t *ret_window)
{
    int error = command_integer(request_command(request), "window", ret_window);
    const char *text = request_variable(request, "window");
    if (error != -ENOENT || !text)
        return error;
    return text_parse_i64(text, strlen(text), ret_window);
}

/* False when 400 was replied instead. */
static bool read_question(struct request *request, struct question_of_coverage *ret_question)
{
    int64_t window = WINDOW_USUAL;
    size_t length;
    const char *channel = NULL;
    int error = read_window(request, &window);
    if ((error && error != -ENOENT) || window < WINDOW_LEAST || window > WINDOW_MOST) {
        reply_error(request, 400, "window takes the seconds up to now, %d to %d", WINDOW_LEAST,
                    WINDOW_MOST);
        return false;
    }
    error = command_word(request_command(request), "channel", &channel, &length);
    if (error == -EINVAL) {
        reply_error(request, 400, "channel takes a text, as 6 or 36VHT80");
        return false;
    }
    if (error)
        channel = request_variable(request, "channel");
    *ret_question = (struct question_of_coverage){(uint64_t)window, channel};
    return true;
}

static void fill_channel(const struct ledger_report *report, const struct ledger_channel *read,
                         struct coverage_channel *channel)
{
    *channel = (struct coverage_channel){
        .name = read->text,
        .listened = read->listened,
        .fraction = read->fraction,
        .visits = read->visits,
        .refused = read->refused,
        .beacon_missed = read->beacon_missed,
        .frame_missed = read->frame_missed,
        .slots = read->slots,
        .slot_count = report->slot_count,
    };
}

/* Reads one source's ledger into the request's arena. 0 or -errno. */
static int fill_source(struct request *request, uint16_t number,
                       const struct question_of_coverage *question, struct coverage_source *source)
{
    struct capture *capture = monitor_of(request)->capture;
    struct arena *arena = request_arena(request);
    struct ledger_report *report = arena_new(arena, sizeof *report);
    struct source_status *status = arena_new(arena, sizeof *status);
    if (!report || !status)
        return -ENOMEM;
    int error = capture_snapshot(capture, number, status);
    if (!error)
        error =
            capture_coverage(capture, number, question->window * 1000, question->channel, report);
    struct coverage_channel *channels =
        error ? NULL : arena_new(arena, (report->channel_count + 1) * sizeof *channels);
    if (!channels)
        return error ? error : -ENOMEM;
    for (unsigned i = 0; i < report->channel_count; i++)
        fill_channel(report, &report->channels[i], &channels[i]);
    double end = (double)monitor_now();
    *source = (struct coverage_source){
        .uuid = status->uuid,
        .name = status->name,
        .begin = end - (double)(report->end_ms - report->begin_ms) / 1000,
        .end = end,
        .frames = report->counts[LEDGER_FRAMES],
        .bad_fcs = report->counts[LEDGER_BAD_FCS],
        .kernel_drops = report->counts[LEDGER_KERNEL_DROPS],
        .interface_drops = report->counts[LEDGER_INTERFACE_DROPS],
        .tool_drops = report->counts[LEDGER_TOOL_DROPS],
        .queue_drops = report->counts[LEDGER_QUEUE_DROPS],
        .lost = report->lost,
        .hops = report->hops,
        .refused = report->refused,
        .closed = report->gaps[LEDGER_GAP_CLOSED],
        .in_error = report->gaps[LEDGER_GAP_ERROR],
        .paused = report->gaps[LEDGER_GAP_PAUSED],
        .deaf = report->gaps[LEDGER_GAP_DEAF],
        .channels = channels,
        .channel_count = report->channel_count,
    };
    return 0;
}

/* Adds a source's channel to that of all sources: what all of them missed was missed. */
static void join_channel(struct coverage_channel *all, uint32_t *count,
                         const struct coverage_channel *one)
{
    uint32_t i = 0;
    while (i < *count && strcmp(all[i].name, one->name) != 0)
        i++;
    if (i == CHANNELS_ALL)
        return;
    if (i == *count) {
        all[(*count)++] = *one;
        all[i].slot_count = 0; /* each source has its own window */
        return;
    }
    all[i].listened += one->listened;
    all[i].fraction = 1 - (1 - all[i].fraction) * (1 - one->fraction);
    all[i].visits += one->visits;
    all[i].refused += one->refused;
    all[i].beacon_missed *= one->beacon_missed;
    all[i].frame_missed *= one->frame_missed;
}

/* Every source and the channels of them all. 0 or -ENOMEM. */
static int fill_all(struct request *request, const struct question_of_coverage *question,
                    struct coverage_record *record)
{
    struct arena *arena = request_arena(request);
    size_t count = capture_count(monitor_of(request)->capture);
    struct coverage_source *sources = arena_new(arena, (count + 1) * sizeof *sources);
    struct coverage_channel *channels = arena_new(arena, CHANNELS_ALL * sizeof *channels);
    if (!sources || !channels)
        return -ENOMEM;
    *record = (struct coverage_record){
        .window = (double)question->window, .channels = channels, .sources = sources};
    for (size_t i = 0; i < count; i++) {
        struct coverage_source *source = &sources[record->source_count];
        if (capture_is_removed(monitor_of(request)->capture, (uint16_t)i))
            continue;
        int error = fill_source(request, (uint16_t)i, question, source);
        if (error)
            return error;
        record->source_count++;
        for (uint32_t j = 0; j < source->channel_count; j++)
            join_channel(channels, &record->channel_count, &source->channels[j]);
    }
    return 0;
}

static void reply(struct request *request, const struct record_type *type, const void *record)
{
    struct view view = {.server_now = monitor_now()};
    record_reply_single(request, type, record, &view);
}

void coverage_reply_all(struct request *request)
{
    struct question_of_coverage question;
    struct coverage_record record;
    if (!read_question(request, &question))
        return;
    if (fill_all(request, &question, &record) == 0)
        reply(request, &coverage_type, &record);
    else
        reply_error(request, 503, "out of memory");
}

void coverage_reply_one(struct request *request, uint16_t number)
{
    struct question_of_coverage question;
    struct coverage_source source;
    if (!read_question(request, &question))
        return;
    if (fill_source(request, number, &question, &source) == 0)
        reply(request, &coverage_source_type, &source);
    else
        reply_error(request, 503, "out of memory");
}
