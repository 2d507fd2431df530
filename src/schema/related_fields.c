/* Relations between devices. See related_fields.h. Each is a walk over keys; a new one is a row of
 * the table below. */
#include "schema/related_fields.h"

#include <string.h>

#include "schema/dot11_clocks.h"
#include "schema/dot11_fields.h"

struct relation {
    const char *name;
    bool (*next)(const struct device *device, struct view *view, struct cursor *cursor);
};

/* What a map element's list is walked over. */
struct related {
    const struct device *device;
    const struct relation *relation;
};

static const struct relation relations[];
static const size_t relation_count;

bool related_next(const void *record, struct view *view, struct cursor *cursor)
{
    const struct device *device = record;
    while (cursor->index < relation_count) {
        const struct relation *relation = &relations[cursor->index++];
        struct cursor first = {0};
        struct related *related =
            relation->next(device, view, &first) ? view_scratch(view, sizeof *related) : NULL;
        if (!related)
            continue;
        *related = (struct related){device, relation};
        cursor->key.text = relation->name;
        cursor->key.length = strlen(relation->name);
        cursor->element.record = related;
        return true;
    }
    return false;
}

static bool next_key(const void *record, struct view *view, struct cursor *cursor)
{
    const struct related *related = record;
    return related->relation->next(related->device, view, cursor);
}

/* The access points it is a client of. */
static bool next_access_point(const struct device *device, struct view *view, struct cursor *cursor)
{
    const struct dot11_link *at = cursor->at;
    if (at)
        at = at->next_of_client;
    else
        at = device_dot11(device) ? device->dot11->links : NULL;
    while (at && !at->ap)
        at = at->next_of_client;
    cursor->at = at;
    if (at)
        cursor->element.key = device_record_key_of(at->bssid, device->phy, view);
    return at != NULL;
}

static bool next_client(const struct device *device, struct view *view, struct cursor *cursor)
{
    const struct dot11_link *at = cursor->at;
    if (at)
        at = at->next_of_ap;
    else
        at = device_dot11(device) ? device->dot11->clients : NULL;
    cursor->at = at;
    if (at)
        cursor->element.key = device_record_key(at->client->device, view);
    return at != NULL;
}

/* The open and the encrypted half of a network in transition name each other (OWE, RFC 8110 and
 * Wi-Fi Alliance OWE 1.1, 2.2). */
static bool next_owe_twin(const struct device *device, struct view *view, struct cursor *cursor)
{
    const struct dot11_ssid *at = cursor->at;
    if (at)
        at = at->next;
    else
        at = device_dot11(device) ? device->dot11->advertised : NULL;
    while (at && !(at->extra && at->extra->has_owe))
        at = at->next;
    cursor->at = at;
    if (at)
        cursor->element.key = device_record_key_of(at->extra->owe_bssid, device->phy, view);
    return at != NULL;
}

/* The access points whose timers began with its own: most often one piece of hardware. */
static bool next_similar(const struct device *device, struct view *view, struct cursor *cursor)
{
    const struct dot11_clocks *clocks = view->tables ? view->tables->clocks : NULL;
    const struct dot11_device *other = NULL;
    if (clocks && device_dot11(device))
        other = dot11_clocks_next(clocks, device->dot11, &cursor->index);
    if (other)
        cursor->element.key = device_record_key(other->device, view);
    return other != NULL;
}

// clang-format off
static const struct field related_fields[] = {
    {.name = "kismet.device.base.related_group", .type = FIELD_LIST, .element = FIELD_KEY, .next = next_key, .description = "keys of the devices of one relation"},
};

const struct record_type related_type = RECORD_TYPE("relation to devices", related_fields);

static const struct relation relations[] = {
    {"dot11_access_points", next_access_point},
    {"dot11_bssts_similar", next_similar},
    {"dot11_clients", next_client},
    {"dot11_owe_twins", next_owe_twin},
};
static const size_t relation_count = sizeof relations / sizeof *relations;
