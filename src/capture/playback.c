/* Plays a capture into a source: reading, pacing, looping, pausing. See playback.h. */
#include "capture/playback.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/capture_file.h"
#include "util/clock.h"
#include "util/pace.h"

#define NAP_NS       NS_PER_MS         /* shorter sleeps cost more than they space */
#define ROUND_GAP_NS (100 * NS_PER_MS) /* between rounds of a loop in real time */

struct playback {
    struct input_stream *stream;
    struct capture_file file;
    struct pace pace;
    struct pace_now now;
    bool loop;
    uint64_t round_start; /* records when this round of a loop began */
    uint64_t cut;         /* of the file's counts: already in the source's */
    uint64_t bad_records;
};

static void read_clocks(struct playback *playback)
{
    playback->now.monotonic_ns = clock_monotonic_ns();
    playback->now.wall_ns = clock_wall_ns();
}

static void choose_pace(struct source *source, struct playback *playback)
{
    const struct definition *definition = source->definition;
    bool endless = source->type->endless;
    playback->loop = endless || definition_bool(definition, "loop", false);
    playback->pace.rebased = playback->loop;
    playback->pace.rate = definition_number(definition, "pps", 0);
    if (endless || definition_bool(definition, "realtime", false))
        playback->pace.mode = PACE_REALTIME;
    else if (playback->pace.rate > 0)
        playback->pace.mode = PACE_RATE;
}

/* Reads the header, waiting for a pipe's writer unless a command comes. */
static int start_file(struct source *source, struct playback *playback, struct buffer *ret_why)
{
    int result;
    while ((result = capture_file_start(&playback->file)) == -EINTR) {
        source_awake(source);
        if (source_interrupted(source))
            return -ECANCELED;
    }
    if (result < 0)
        buffer_add_text(ret_why, playback->file.why);
    return result;
}

int playback_open(struct source *source, struct input_stream *stream, struct buffer *ret_why)
{
    struct playback *playback = stream ? calloc(1, sizeof *playback) : NULL;
    if (!playback) {
        input_stream_free(stream);
        return -ENOMEM;
    }
    source->state = playback;
    playback->stream = stream;
    capture_file_init(&playback->file, stream);
    choose_pace(source, playback);
    int result = 0;
    if (playback->loop && input_stream_is_pipe(stream)) {
        buffer_add_text(ret_why, "a pipe cannot be played in a loop: leave out loop=true");
        result = -ESPIPE;
    }
    if (!result)
        result = start_file(source, playback, ret_why);
    if (result < 0)
        playback_close(source);
    return result;
}

void playback_close(struct source *source)
{
    struct playback *playback = source->state;
    source->state = NULL;
    if (!playback)
        return;
    capture_file_done(&playback->file);
    input_stream_free(playback->stream);
    free(playback);
}

/* Waits while paused. The frames after it are spaced from its end. */
static void sit_out_pause(struct source *source, struct playback *playback)
{
    source_flush(source);
    while (atomic_load(&source->paused) && !source_interrupted(source))
        source_sleep(source, 0);
    read_clocks(playback);
    pace_restart(&playback->pace, playback->now, 0);
}

/* Waits until a frame is due; what came before it goes to the engine first. */
static void wait_until(struct source *source, struct playback *playback, uint64_t due_ns)
{
    while (due_ns > playback->now.monotonic_ns && !source_interrupted(source) &&
           !atomic_load(&source->paused)) {
        read_clocks(playback);
        if (due_ns <= playback->now.monotonic_ns)
            return;
        source_flush(source);
        uint64_t least = playback->now.monotonic_ns + NAP_NS;
        source_sleep(source, due_ns > least ? due_ns : least);
        read_clocks(playback);
    }
}

static void play_frame(struct source *source, struct playback *playback, const struct frame *frame)
{
    struct pace *pace = &playback->pace;
    uint64_t packet_ns = frame->time_ns;
    uint64_t time_ns = packet_ns;
    if (pace->mode != PACE_FREE) {
        wait_until(source, playback, pace_due(pace, packet_ns, playback->now));
        time_ns = pace_stamp(pace, packet_ns, playback->now);
    } else if (pace->rebased) {
        time_ns = clock_wall_ns();
    }
    source_add(source, frame, time_ns, 0);
}

/* Starts a loop's next round. */
static int play_again(struct source *source, struct playback *playback, struct buffer *ret_why)
{
    if (playback->file.records == playback->round_start) {
        buffer_add_text(ret_why, "there is no frame in it to play in a loop");
        return -EBADMSG;
    }
    int result = input_stream_rewind(playback->stream);
    if (result < 0)
        return result;
    capture_file_done(&playback->file);
    capture_file_init(&playback->file, playback->stream);
    playback->cut = playback->bad_records = 0;
    read_clocks(playback);
    if (playback->pace.mode == PACE_REALTIME)
        pace_restart(&playback->pace, playback->now, ROUND_GAP_NS);
    return start_file(source, playback, ret_why);
}

static void count_faults(struct source *source, struct playback *playback)
{
    struct capture_file *file = &playback->file;
    if (file->bad_records && !playback->bad_records)
        source_warn(source, file->bad_why);
    source->fresh.cut += file->cut - playback->cut;
    source->fresh.bad_records += file->bad_records - playback->bad_records;
    playback->cut = file->cut;
    playback->bad_records = file->bad_records;
}

/* What comes after the last frame: another round (1), the end (0) or an error. */
static int end_round(struct source *source, struct playback *playback, int result,
                     struct buffer *ret_why)
{
    source_flush(source);
    if (result == -ENODATA)
        source_warn(source, playback->file.why);
    if (result < 0 && result != -ENODATA) {
        buffer_add_text(ret_why, playback->file.why);
        return result;
    }
    if (!playback->loop)
        return 0;
    result = play_again(source, playback, ret_why);
    return result < 0 ? result : 1;
}

/* The next frame, or what else there is to do. 0: go on. */
static int play_step(struct source *source, struct playback *playback)
{
    struct frame frame;
    int result = capture_file_next(&playback->file, !source_has_frames(source), &frame);
    if (playback->file.cut != playback->cut || playback->file.bad_records != playback->bad_records)
        count_faults(source, playback);
    if (result == 0) {
        play_frame(source, playback, &frame);
        return 0;
    }
    if (result == -EAGAIN || result == -EINTR) {
        source_flush(source);
        source_awake(source);
        return 0;
    }
    return result;
}

int playback_run(struct source *source, struct buffer *ret_why)
{
    struct playback *playback = source->state;
    read_clocks(playback);
    pace_restart(&playback->pace, playback->now, 0);
    while (!source_interrupted(source)) {
        if (atomic_load_explicit(&source->paused, memory_order_relaxed))
            sit_out_pause(source, playback);
        int result = play_step(source, playback);
        if (!result)
            continue;
        result = end_round(source, playback, result, ret_why);
        if (result <= 0)
            return result;
    }
    return -ECANCELED;
}
