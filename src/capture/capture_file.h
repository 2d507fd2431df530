/* One capture being read, whatever its format: pcap, pcapng or btsnoop, told apart by the first
 * bytes. Input: a stream. Output: frames one at a time, borrowed from the stream's window. */
#ifndef NORN_CAPTURE_CAPTURE_FILE_H
#define NORN_CAPTURE_CAPTURE_FILE_H

#include "capture/btsnoop_file.h"
#include "capture/pcap_file.h"
#include "capture/pcapng_file.h"
#include "capture/input_stream.h"
#include "util/frame.h"

enum {
    CAPTURE_RECORD_MAX = 16 * 1024 * 1024, /* a longer record is damage, not a frame */
};

enum capture_format {
    CAPTURE_FORMAT_UNKNOWN,
    CAPTURE_FORMAT_PCAP,
    CAPTURE_FORMAT_PCAPNG,
    CAPTURE_FORMAT_BTSNOOP,
};

struct capture_file {
    struct input_stream *stream; /* borrowed */
    enum capture_format format;
    uint64_t records;     /* given out so far */
    uint64_t cut;         /* of these, longer than FRAME_BYTES_MAX and kept without their tail */
    uint64_t bad_records; /* passed over: they make no sense, their neighbours do */
    char why[256];        /* what is wrong, after an error */
    char bad_why[128];    /* of the newest bad record */
    union {
        struct pcap_file pcap;
        struct pcapng_file pcapng;
        struct btsnoop_file btsnoop;
    };
};

/* A reader at the stream's first byte; nothing is read yet. */
void capture_file_init(struct capture_file *file, struct input_stream *stream);

/* Gives back what init and reading took; the stream is the caller's. */
void capture_file_done(struct capture_file *file);

/* Reads the file's first bytes and tells the format. 0; -EBADMSG: not a capture that norn reads
 * (`why`); -EINTR: woken, call again; other: read errors (`why`). */
int capture_file_start(struct capture_file *file);

/* The next frame after a good start; its data is good until the next call. `source` is left
 * alone. 0; 1: the end, all is well; -EAGAIN: a pipe has no more for now (without `wait`);
 * -EINTR: woken, or time to look round; -ENODATA: the file is cut off inside a record; -EBADMSG:
 * damaged beyond here (both with `why`); other: read errors (`why`). */
int capture_file_next(struct capture_file *file, bool wait, struct frame *ret_frame);

/* Below: for formats that are a row of records. Gathers `want` bytes of a record of `whole` in the
 * window, or what input_stream_fill() gives; at the stream's end 1, or -ENODATA inside a record. */
int capture_file_need(struct capture_file *file, size_t want, size_t whole, bool wait);

/* -EBADMSG: the record at hand claims to be longer than any is. */
int capture_file_tell_damage(struct capture_file *file, uint32_t captured);

#endif
