/* What the capture child and its source say over their socket: a type, a length, a body, all
 * little-endian. The child writes, the source reads with strict checks; nothing goes back. */
#ifndef NORN_CAPTURE_LIVE_MESSAGE_H
#define NORN_CAPTURE_LIVE_MESSAGE_H

#include "util/frame.h"

enum live_message {
    LIVE_READY = 1,  /* u32 link type, then the hardware's name: capture has started */
    LIVE_FAILED,     /* a sentence: it could not start; the last message */
    LIVE_FRAMES,     /* records: u64 time in ns, u32 captured, u32 original length, the bytes */
    LIVE_STATISTICS, /* u64 kernel drops, u64 interface drops since the start */
    LIVE_ENDED,      /* a sentence: why it broke off; the last message */
};

enum {
    LIVE_HEADER = 8, /* u32 type, u32 bytes in the body */
    LIVE_RECORD_HEADER = 16,
    LIVE_BODY_MAX = FRAME_BYTES_MAX + 4096, /* a whole message fits the stream's window */
};

#endif
