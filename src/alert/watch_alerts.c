/* Alerts about watched devices. See watch_alerts.h. */
#include "alert/watch_alerts.h"

#include <string.h>

#include "track/device.h"

/* A device, for people: address, maker, name. */
#define WHO MACADDR_FORMAT " (%s%s%s)"
#define WHO_IS(device)                                                                             \
    MACADDR_OCTETS((device)->mac), string_text((device)->manufacturer),                            \
        (device)->name ? ", " : "", string_text((device)->name)

static struct alert_facts facts_of(const struct store *store, struct device *device)
{
    return (struct alert_facts){
        .phy = &store->phys[device->phy],
        .device = device,
        .source = device->mac,
        .channel = string_text(device->channel),
        .frequency = device->frequency,
        .has_datasource = true,
        .datasource = device->source,
    };
}

static void raise_found(const struct watch_alerts *alerts, struct device *device,
                        uint64_t silence_s, const struct device_packet *packet)
{
    struct alert_facts facts = facts_of(alerts->store, device);
    facts.time_ns = packet->time * 1000000000;
    facts.location = packet->location;
    facts.datasource = packet->source;
    facts.frequency = packet->frequency;
    if (packet->channel)
        facts.channel = packet->channel;
    unsigned number = alerts->first + WATCH_ALERT_FOUND;
    if (silence_s)
        alert_raise(alerts->alert, number, &facts, WHO " is heard again after %llu s",
                    WHO_IS(device), (unsigned long long)silence_s);
    else
        alert_raise(alerts->alert, number, &facts, WHO " is heard for the first time",
                    WHO_IS(device));
}

static void raise_lost(const struct watch_alerts *alerts, struct device *device, uint64_t silence_s)
{
    struct alert_facts facts = facts_of(alerts->store, device);
    facts.time_ns = (device->last_time + silence_s) * 1000000000;
    facts.location = device->location ? &device->location->last : NULL;
    if (alert_raise(alerts->alert, alerts->first + WATCH_ALERT_LOST, &facts,
                    WHO " was not heard for %llu s", WHO_IS(device),
                    (unsigned long long)silence_s) == 0)
        device_touch(alerts->store, device, alerts->store->server_now);
}

static void on_change(void *context, struct device *device, enum watch_kind kind,
                      uint64_t silence_s, const struct device_packet *packet)
{
    if (kind == WATCH_FOUND)
        raise_found(context, device, silence_s, packet);
    else
        raise_lost(context, device, silence_s);
}

static void read_addresses(struct store *store, const struct options *options, const char *key,
                           enum watch_kind kind, struct buffer *ret_why)
{
    for (size_t i = 0; i < options_count(options, key); i++) {
        const char *text = options_at(options, key, i);
        struct macaddr mac;
        uint64_t mask;
        if (macaddr_parse(text, strlen(text), &mac, &mask) != 0)
            buffer_printf(ret_why, "%s=%s: no address; one looks like AA:BB:CC:DD:EE:FF\n", key,
                          text);
        else if (watch_add(store, mac, mask, kind) != 0)
            buffer_printf(ret_why, "%s=%s: more than %d addresses\n", key, text, WATCH_ADDRESSES);
    }
}

int watch_alerts_init(struct watch_alerts *watch_alerts, struct alert *alert, struct store *store,
                      const struct options *options, struct buffer *ret_why)
{
    int first = alert_define_all(alert, watch_alert_kinds, WATCH_ALERTS, -1);
    if (first < 0)
        return first;
    *watch_alerts = (struct watch_alerts){alert, store, (unsigned)first};
    store->watch.found_s = (uint64_t)options_integer(options, "devicefound_timeout");
    store->watch.lost_s = (uint64_t)options_integer(options, "devicelost_timeout");
    store->watch.on_change = on_change;
    store->watch.context = watch_alerts;
    read_addresses(store, options, "devicefound", WATCH_FOUND, ret_why);
    read_addresses(store, options, "devicelost", WATCH_LOST, ret_why);
    return 0;
}

// clang-format off
const struct alert_kind watch_alert_kinds[WATCH_ALERTS] = {
    [WATCH_ALERT_FOUND] = {"DEVICEFOUND", "SYSTEM", ALERT_HIGH, {10, ALERT_MINUTE}, {1, ALERT_SECOND},
     "A device whose address is watched for has appeared: for the first time, or after devicefound_timeout of silence."},
    [WATCH_ALERT_LOST] = {"DEVICELOST", "SYSTEM", ALERT_HIGH, {10, ALERT_MINUTE}, {1, ALERT_SECOND},
     "A device whose address is watched for has been silent for longer than devicelost_timeout. Where its channel was not listened to all the time, norn.alert.coverage tells how much that means."},
};
// clang-format on
