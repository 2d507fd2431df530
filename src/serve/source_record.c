/* Source records. See source_record.h. */
#include "serve/source_record.h"

#include "capture/sources.h"

static const char *channel_at(const void *context, size_t index)
{
    const struct source_channels *channels = context;
    return channels->text[index];
}

static struct text_list list_of(const struct source_channels *channels)
{
    return (struct text_list){.at = channel_at, .context = channels, .count = channels->count};
}

static void fill_counts(const struct source_status *status, struct datasource_record *record)
{
    const struct source_counts *counts = &status->counts;
    record->packets = counts->packets;
    record->error_packets = counts->error_packets;
    record->kernel_drops = counts->kernel_drops;
    record->interface_drops = counts->interface_drops;
    record->queue_drops = counts->queue_drops;
    record->tool_drops = counts->tool_drops;
    record->deaf = status->deaf;
    record->unsupported = counts->unsupported;
    record->malformed = counts->malformed;
    record->cut = counts->cut;
    record->bad_records = counts->bad_records;
    record->last_report_time = status->last_report_ns / 1000000000u;
}

static void fill_tuning(const struct source_status *status, struct datasource_record *record)
{
    record->channel = status->channel;
    record->channels = list_of(&status->channels);
    record->hop_channels = list_of(&status->hop_channels);
    record->hop_rate = status->hop_rate;
    record->hop_offset = status->hop_offset;
    record->hop_shuffle_skip = status->hop_shuffle_skip;
    record->hopping = status->hopping;
    record->hop_split = status->hop_split;
    record->hop_shuffle = status->hop_shuffle;
    record->tunable = status->tunable;
}

static void fill_equipment(const struct source_status *status, struct datasource_record *record)
{
    record->antenna_type = status->antenna_type;
    record->amp_type = status->amp_type;
    record->antenna_gain = status->antenna_gain;
    record->antenna_orientation = status->antenna_orientation;
    record->antenna_beamwidth = status->antenna_beamwidth;
    record->amp_gain = status->amp_gain;
}

void source_record_fill(const struct source_status *status, bool is_public,
                        struct datasource_record *ret_record)
{
    const struct source_type *type = status->type ? sources_find(status->type) : NULL;
    *ret_record = (struct datasource_record){
        .uuid = status->uuid,
        .key = status->key,
        .number = status->number,
        .name = status->name,
        .type = status->type,
        .description = status->type_description,
        .definition = is_public ? status->definition_public : status->definition,
        .interface = status->interface,
        .capture_interface = status->capture_interface,
        .hardware = status->hardware,
        .version = NORN_VERSION,
        .error_reason = status->error_reason,
        .warning = status->warning,
        .child_pid = status->child_pid,
        .link_type = status->link_type,
        .retry_attempts = status->retry_attempts,
        .total_retry_attempts = status->total_retry_attempts,
        .running = status->running,
        .paused = status->paused,
        .error = status->error,
        .ended = status->ended,
        .retry = status->retry,
        .passive = status->passive,
        .remote = status->remote,
    };
    fill_counts(status, ret_record);
    fill_tuning(status, ret_record);
    fill_equipment(status, ret_record);
    if (type)
        source_record_driver(type, &ret_record->driver);
}

void source_record_driver(const struct source_type *type, struct driver_record *ret_record)
{
    *ret_record = (struct driver_record){
        .type = type->name,
        .description = type->description,
        .probe_capable = type->probe,
        .list_capable = type->list,
        .local_capable = type->local,
        .remote_capable = type->remote,
        .passive_capable = type->passive,
        .tuning_capable = type->tune,
        .hop_capable = type->hop,
    };
}

void source_record_interface(const struct capture_interface *listed,
                             struct interface_record *ret_record)
{
    *ret_record = (struct interface_record){
        .interface = listed->name,
        .capture_interface = listed->capture,
        .hardware = listed->hardware,
        .version = NORN_VERSION,
        .options = listed->options,
        .in_use = listed->in_use,
    };
    source_record_driver(listed->type, &ret_record->driver);
}
