/* Plays a capture into a source: what file and demo sources share. Input: a stream. Output: its
 * frames, paced as the definition says, to the engine. */
#ifndef NORN_CAPTURE_PLAYBACK_H
#define NORN_CAPTURE_PLAYBACK_H

#include "capture/source.h"
#include "capture/input_stream.h"

/* Reads the capture's first bytes into the source's state; the stream, which may be NULL when there
 * was no memory for it, is taken over in any case. As source_type.open. */
int playback_open(struct source *source, struct input_stream *stream, struct buffer *ret_why);

/* As source_type.run and source_type.close. */
int playback_run(struct source *source, struct buffer *ret_why);
void playback_close(struct source *source);

#endif
