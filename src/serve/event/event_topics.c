/* The table of topics. See event_topics.h. */
#include "serve/event/event_topics.h"

#include <string.h>

#include "schema/alert_fields.h"
#include "schema/datasource_fields.h"
#include "schema/dot11_fields.h"
#include "schema/message_fields.h"
#include "schema/packetchain_fields.h"
#include "schema/status_fields.h"

int event_topics_find(const char *name)
{
    for (int i = 0; i < EVENT_TOPICS; i++)
        if (strcmp(event_topics[i].name, name) == 0)
            return i;
    return -1;
}

static void print_part(const struct event_part *part, struct buffer *buffer)
{
    if (part->key)
        buffer_printf(buffer, "`%s`: %s", part->key, part->type ? part->type->name : "a text");
}

void event_topics_print(struct buffer *buffer)
{
    buffer_add_text(buffer, "| topic | the event holds | told |\n|---|---|---|\n");
    for (int i = 0; i < EVENT_TOPICS; i++) {
        const struct event_topic *topic = &event_topics[i];
        buffer_printf(buffer, "| `%s` | ", topic->name);
        print_part(&topic->parts[0], buffer);
        buffer_add_text(buffer, topic->parts[1].key ? "; " : "");
        print_part(&topic->parts[1], buffer);
        buffer_printf(buffer, " | %s |\n", topic->doc);
    }
}

// clang-format off
#define ONE(word, kind, text) [EVENT_##word] = {#word, {{#word, kind}}, text}
#define TWO(word, kind, other, text) [EVENT_##word] = {#word, {{#word, kind}, {other, &device_type}}, text}
#define NETWORK(word, kind, text) TWO(word, kind, "DOT11_NEW_SSID_BASEDEV", text)

const struct event_topic event_topics[EVENT_TOPICS] = {
    ONE(ALERT, &alert_type, "for each alert"),
    ONE(BATTERY, &battery_type, "each second"),
    ONE(DATASOURCE_CLOSED, NULL, "when a source was closed, or a file read to its end: its UUID"),
    ONE(DATASOURCE_ERROR, NULL, "when a source failed: its UUID"),
    ONE(DATASOURCE_OPENED, NULL, "when a source was opened: its UUID"),
    ONE(DATASOURCE_PAUSED, NULL, "when a source was paused: its UUID"),
    ONE(DATASOURCE_RESUMED, NULL, "when a source goes on after a pause: its UUID"),
    NETWORK(DOT11_ADVERTISED_SSID, &dot11_ssid_type, "when an access point beacons a network that it did not before, or the name of one that it hides becomes known"),
    TWO(DOT11_NEW_CLIENT, &dot11_link_record_type, "DOT11_NEW_CLIENT_BASEDEV", "when a device is heard as a client of an access point that it was not known to be one of; a topic of norn's own"),
    NETWORK(DOT11_PROBED_SSID, &dot11_probe_type, "when a client asks for a network that it did not ask for before"),
    NETWORK(DOT11_RESPONSE_SSID, &dot11_ssid_type, "when an access point answers for a network that it did not answer for before"),
    [EVENT_DOT11_WPA_HANDSHAKE] = {"DOT11_WPA_HANDSHAKE", {{"DOT11_WPA_HANDSHAKE_BASEDEV", &device_type}, {"DOT11_WPA_HANDSHAKE_DOT11", &dot11_device_type}}, "for each key message that was kept with its access point"},
    ONE(GPS_LOCATION, &location_report_type, "each second: the best position known"),
    [EVENT_KISMETDB_LOG_OPEN] = {"KISMETDB_LOG_OPEN", {{0}}, "never: this server writes no such log"},
    ONE(MESSAGE, &message_type, "for each message to the operator"),
    ONE(NEW_DATASOURCE, &datasource_type, "when a source was added"),
    ONE(NEW_DEVICE, &device_type, "when a device is heard that was not known"),
    ONE(NEW_PHY, NULL, "for each phy there is, by name, when one subscribes: all are there from the start"),
    ONE(PACKETCHAIN_STATS, &packetchain_type, "each second: the histories of /packetchain"),
    [EVENT_RADIATION] = {"RADIATION", {{0}}, "never: this server knows no Geiger counters"},
    ONE(STATISTICS, &statistics_type, "each second"),
    ONE(TIMESTAMP, &timestamp_type, "each second: the server's clock"),
};
