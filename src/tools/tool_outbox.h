/* Frames on their way to the server: a ring in memory and, where asked for, a file behind it that
 * takes what the ring cannot hold, so that a lost connection costs nothing while there is room.
 * All of it is one stream with four places in it, in this order:
 *   tail: what is older is done with. sent: what is newer was not given to this connection yet;
 *   head: where the next frame goes; and anywhere between tail and head
 *   spilled: what is older is in the file, the rest in the ring.
 * Input: whole frames. Output: the same in order, from `tail` again after tool_outbox_rewind(). */
#ifndef NORN_TOOLS_TOOL_OUTBOX_H
#define NORN_TOOLS_TOOL_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/bytes.h"

/* A place between two frames: bytes and frames of the stream before it. */
struct tool_place {
    uint64_t bytes, frames;
};

struct tool_outbox {
    uint8_t *ring;
    size_t ring_size;
    uint64_t ring_base; /* the byte of the stream that is the ring's first */
    bool keeps;         /* what was sent stays until it is acknowledged */
    bool answered;      /* the server has acknowledged something */
    struct tool_place tail, sent, spilled, head;
    uint64_t unsure;  /* frames thrown out after they were sent, not acknowledged yet */
    uint64_t dropped; /* frames lost in all */

    int file; /* the spool; -1: none */
    uint64_t file_size;
    uint8_t *cache; /* what was last read of the file: `cached` bytes from `cache_at` on */
    uint64_t cache_at;
    size_t cached;
};

/* A ring of `ring_size` bytes; with `keeps`, frames stay until they are acknowledged. 0, -ENOMEM.
 */
int tool_outbox_init(struct tool_outbox *outbox, size_t ring_size, bool keeps);

/* Puts a file of at most `size` bytes (no less than the ring) behind the ring: without a name,
 * readable by nobody else, in `directory`. 0, or -errno with a sentence: only the ring then. */
int tool_outbox_spool(struct tool_outbox *outbox, const char *directory, uint64_t size,
                      struct buffer *ret_why);

void tool_outbox_done(struct tool_outbox *outbox);

/* True when a frame of that length can be added without a loss to anyone. */
bool tool_outbox_fits(const struct tool_outbox *outbox, size_t length);

/* Adds a frame: whole, of any version. When all is full, with a spool the oldest frames go for it,
 * else this one, as does one longer than the ring; they are counted in `dropped`. False when
 * it was not added. */
bool tool_outbox_add(struct tool_outbox *outbox, struct slice frame);

/* Appends the next frame that was not sent. False when there is none, or the buffer has failed. */
bool tool_outbox_take(struct tool_outbox *outbox, struct buffer *buffer);

/* The server has everything before a place that `sent` was at. */
void tool_outbox_acknowledge(struct tool_outbox *outbox, struct tool_place place);

/* The connection is lost: what was not acknowledged is to be sent again. */
void tool_outbox_rewind(struct tool_outbox *outbox);

/* Bytes not sent yet; bytes held, sent or not. */
static inline uint64_t tool_outbox_unsent(const struct tool_outbox *outbox)
{
    return outbox->head.bytes - outbox->sent.bytes;
}

static inline uint64_t tool_outbox_held(const struct tool_outbox *outbox)
{
    return outbox->head.bytes - outbox->tail.bytes;
}

#endif
