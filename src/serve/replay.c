/* Replay without a server. See replay.h. */
#include "serve/replay.h"

#include <errno.h>
#include <stdio.h>

#include "schema/emit.h"
#include "track/device.h"

enum { WAIT_MS = 20, FLUSH_BYTES = 64 * 1024 };

void replay_drain(struct monitor *monitor)
{
    while (!capture_all_ended(monitor->capture) || !queue_is_idle(monitor->queue)) {
        struct batch *batch = queue_get(monitor->queue, WAIT_MS);
        if (!batch)
            continue;
        engine_apply(monitor->engine, batch, monitor_now());
        queue_give_back(monitor->queue, batch);
    }
}

static int flush(struct buffer *buffer)
{
    size_t length = buffer->length;
    if (buffer->failed)
        return -ENOMEM;
    buffer->length = 0;
    return fwrite(buffer->data, 1, length, stdout) == length ? 0 : -errno;
}

int replay_dump(struct monitor *monitor, enum format format)
{
    struct store *store = monitor->store;
    struct buffer buffer = {0};
    struct view view;
    struct view_tables tables;
    struct emitter emitter = {.buffer = &buffer, .format = format};
    int result = 0;
    monitor_refresh_sources(monitor);
    store_lock_read(store);
    store_view(store, store->clock, &view, &tables);
    emit_array_begin(&emitter, store->device_count);
    for (uint32_t id = 0; id < store->slot_count && result == 0; id++) {
        const struct device *device = store_device(store, id);
        if (!device || device->flags & DEVICE_EVICTED)
            continue;
        emit_element(&emitter);
        emit_record(&emitter, &device_type, NULL, device, &view);
        if (buffer.length >= FLUSH_BYTES)
            result = flush(&buffer);
    }
    store_unlock(store);
    emit_array_end(&emitter);
    if (format == FORMAT_JSON)
        buffer_add_byte(&buffer, '\n');
    if (result == 0)
        result = flush(&buffer);
    buffer_done(&buffer);
    return result == 0 && fflush(stdout) != 0 ? -errno : result;
}
