/* Devices as records of lists. See device_reply.h. */
#include "serve/list/device_reply.h"

#include <pthread.h>

#include "schema/dot11_fields.h"
#include "util/prefetch.h"

/* The short form, compiled once and kept; NULL without memory. */
static const struct projection *get_summary(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct projection *summary;
    pthread_mutex_lock(&lock);
    if (!summary)
        summary = projection_summary(&device_type);
    const struct projection *result = summary;
    pthread_mutex_unlock(&lock);
    return result;
}

static const void *find_record(const struct store *store, uint32_t id)
{
    return store_device(store, id);
}

/* What sorting, patterns and whole records look at next. */
static void prefetch_parts(const void *record)
{
    const struct device *device = record;
    prefetch_to_read(device->dot11, sizeof *device->dot11);
    if (device->history.capacity)
        history_prefetch(&device->history);
}

static size_t write_key(const void *record, struct view *view, char ret_text[DEVICE_KEY_TEXT])
{
    return device_key_write(device_record_key(record, view), ret_text);
}

bool device_reply_parse_key(struct request *request, const char *text, size_t length,
                            struct device_key *ret_key)
{
    if (device_key_parse(text, length, ret_key) == 0)
        return true;
    reply_error(request, 400,
                "'%.64s' is no device key; one looks like 4202770D00000000_FFEEDDCCBBAA: see "
                "kismet.device.base.key in /devices/all_devices.json",
                text);
    return false;
}

bool device_reply_read_key(struct request *request, struct device_key *ret_key)
{
    size_t length;
    const char *text = request_parameter(request, "key", &length);
    return device_reply_parse_key(request, text, length, ret_key);
}

static const struct list_source device_source = {
    .type = &device_type,
    .record = find_record,
    .query = query_run,
    .key = write_key,
    .hot_bytes = DEVICE_HOT_BYTES,
    .prefetch = prefetch_parts,
    .least_bytes = 1024,
};

struct list_plan device_reply_plan(const struct request *request, enum device_form form)
{
    struct list_plan plan = list_reply_plan(request, &device_source);
    plan.projection = form == DEVICE_SUMMARY ? get_summary() : NULL;
    return plan;
}
