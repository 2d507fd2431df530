/* A ring of message references. See websocket_queue.h. */
#include "serve/websocket/websocket_queue.h"

#include <errno.h>
#include <stdlib.h>

enum {
    FIRST_CAPACITY = 8,
    KEPT_CAPACITY = 256, /* an empty ring that is larger is given back */
    COST = 64,           /* of a message beside its bytes */
};

static struct websocket_message **slot(const struct websocket_queue *queue, size_t index)
{
    return &queue->ring[(queue->first + index) & (queue->capacity - 1)];
}

size_t websocket_queue_cost(const struct websocket_message *message)
{
    return message->length + COST;
}

static int grow(struct websocket_queue *queue)
{
    size_t capacity = queue->capacity ? queue->capacity * 2 : FIRST_CAPACITY;
    struct websocket_message **ring = malloc(capacity * sizeof(struct websocket_message *));
    if (!ring)
        return -ENOMEM;
    for (size_t i = 0; i < queue->count; i++)
        ring[i] = *slot(queue, i);
    free(queue->ring);
    queue->ring = ring;
    queue->capacity = capacity;
    queue->first = 0;
    return 0;
}

int websocket_queue_push(struct websocket_queue *queue, struct websocket_message *message)
{
    if (queue->count == queue->capacity && grow(queue) != 0)
        return -ENOMEM;
    *slot(queue, queue->count++) = websocket_message_ref(message);
    queue->bytes += websocket_queue_cost(message);
    return 0;
}

size_t websocket_queue_vector(const struct websocket_queue *queue, struct iovec *ret_vector,
                              size_t limit)
{
    size_t count = 0;
    for (; count < queue->count && count < limit; count++) {
        struct websocket_message *message = *slot(queue, count);
        size_t sent = count ? 0 : queue->sent;
        ret_vector[count] = (struct iovec){message->frame + sent, message->length - sent};
    }
    return count;
}

static void pop(struct websocket_queue *queue)
{
    struct websocket_message *message = *slot(queue, 0);
    queue->bytes -= websocket_queue_cost(message);
    queue->first++;
    queue->count--;
    queue->sent = 0;
    websocket_message_unref(message);
}

static void shrink(struct websocket_queue *queue)
{
    if (queue->count || queue->capacity <= KEPT_CAPACITY)
        return;
    free(queue->ring);
    *queue = (struct websocket_queue){0};
}

size_t websocket_queue_advance(struct websocket_queue *queue, size_t length)
{
    size_t completed = 0;
    queue->sent += length;
    while (queue->count && queue->sent >= (*slot(queue, 0))->length) {
        size_t more = queue->sent - (*slot(queue, 0))->length;
        pop(queue);
        queue->sent = more;
        completed++;
    }
    shrink(queue);
    return completed;
}

size_t websocket_queue_clear(struct websocket_queue *queue)
{
    size_t kept = queue->sent > 0, dropped = queue->count - kept;
    while (queue->count > kept) {
        struct websocket_message *message = *slot(queue, --queue->count);
        queue->bytes -= websocket_queue_cost(message);
        websocket_message_unref(message);
    }
    return dropped;
}

void websocket_queue_done(struct websocket_queue *queue)
{
    while (queue->count)
        pop(queue);
    free(queue->ring);
    *queue = (struct websocket_queue){0};
}
