/* Plays a capture into a source: what file and demo sources share. Input: a stream. Output: its
 * frames, paced as the definition says, to the engine. */
#ifndef NORN_CAPTURE_PLAYBACK_H
#define NORN_CAPTURE_PLAYBACK_H

#include "capture/source.h"
#include "capture/input_stream.h"

struct playback;

/* Reads the capture's first bytes; the stream is taken over in any case. 0 and ret_playback, or
 * -errno with a plain sentence in ret_why. */
int playback_open(struct source *source, struct input_stream *stream,
                  struct playback **ret_playback, struct buffer *ret_why);

/* As source_type.run. */
int playback_run(struct source *source, struct playback *playback, struct buffer *ret_why);

/* Frees; NULL is fine. */
void playback_close(struct playback *playback);

#endif
