/* Reading and applying packet filters. See packet_filter.h. */
#include "serve/packet/packet_filter.h"

#include <errno.h>
#include <string.h>

#include "phy/phys.h"
#include "serve/monitor.h"
#include "serve/http/reply.h"
#include "util/text.h"

enum { FREQUENCY_MHZ_MOST = 100000 }; /* larger numbers are kHz */

static bool fits_radio(const struct packet_filter *filter, const struct device_packet *told)
{
    bool has_signal = told->signal_kind == SIGNAL_DBM;
    if (filter->signal_minimum && (!has_signal || told->signal < filter->signal_minimum))
        return false;
    if (filter->signal_maximum && (!has_signal || told->signal > filter->signal_maximum))
        return false;
    return !filter->frequency || told->frequency == filter->frequency;
}

static bool names(const struct mac_filter_names *names, struct macaddr mac)
{
    for (int role = 0; role < MAC_FILTER_ROLES; role++)
        if (names->present >> role & 1 && macaddr_equal(names->addresses[role], mac))
            return true;
    return false;
}

/* Whether the addresses of a packet are wanted. */
static bool fits_names(const struct packet_filter *filter, const struct packet *packet)
{
    const struct phy_type *type = packet->phy->type;
    struct mac_filter_names named = {.present = 0};
    if (type->addresses)
        type->addresses(packet, &named);
    if (filter->has_network &&
        !(named.present >> MAC_FILTER_NETWORK & 1 &&
          macaddr_equal(named.addresses[MAC_FILTER_NETWORK], filter->network)))
        return false;
    if (filter->has_device && !names(&named, filter->device))
        return false;
    return !filter->blocked || !mac_filter_blocks(filter->blocked, type->name, &named);
}

bool packet_filter_fits(const struct packet_filter *filter, const struct packet *packet)
{
    bool is_plain = !filter->has_phy && !filter->has_network && !filter->types &&
                    !filter->signal_minimum && !filter->signal_maximum && !filter->frequency &&
                    !filter->blocked;
    if (filter->has_source && packet->told.source != filter->source)
        return false;
    if (is_plain)
        return true;
    if (packet->verdict != PACKET_GOOD || !fits_radio(filter, &packet->told))
        return false;
    if (filter->has_phy && packet->phy->number != filter->phy)
        return false;
    if (filter->types &&
        !(packet->phy->type == &dot11_phy_type && filter->types >> packet->dot11.frame.type & 1))
        return false;
    return fits_names(filter, packet);
}

static bool add_type(const char *word, size_t length, unsigned *types)
{
    static const char *const names[] = {[DOT11_TYPE_MANAGEMENT] = "management",
                                        [DOT11_TYPE_CONTROL] = "control",
                                        [DOT11_TYPE_DATA] = "data"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0) {
            *types |= 1u << i;
            return true;
        }
    return false;
}

static bool read_types(struct request *request, struct packet_filter *filter)
{
    const char *text = request_variable(request, "type");
    while (text && *text) {
        size_t length = strcspn(text, ",");
        if (!add_type(text, length, &filter->types)) {
            reply_error(request, 400, "type takes management, control and data, not '%.40s'", text);
            return false;
        }
        text += length + (text[length] == ',');
    }
    return true;
}

/* A whole number of the request, 0 when it is not there. False when 400 was replied. */
static bool read_number(struct request *request, const char *name, int64_t least, int64_t most,
                        int64_t *ret_number)
{
    const char *text = request_variable(request, name);
    int64_t number = 0;
    if (text &&
        (text_parse_i64(text, strlen(text), &number) != 0 || number < least || number > most)) {
        reply_error(request, 400, "%s takes a whole number from %lld to %lld, not '%.40s'", name,
                    (long long)least, (long long)most, text);
        return false;
    }
    *ret_number = number;
    return true;
}

/* The filter that the variable `filter` names. False when 404 was replied. */
static bool read_blocked(struct request *request, struct packet_filter *filter)
{
    const char *id = request_variable(request, "filter");
    struct mac_filter *blocked = monitor_of(request)->packet_filter;
    if (!id || !*id)
        return true;
    filter->blocked = blocked;
    if (strcmp(id, mac_filter_kind(blocked)->id) == 0)
        return true;
    reply_error(request, 404, "there is no packet filter '%.40s'; there is %s", id,
                mac_filter_kind(blocked)->id);
    return false;
}

bool packet_filter_read(struct request *request, struct packet_filter *filter)
{
    int64_t minimum, maximum, frequency;
    if (!read_types(request, filter) || !read_blocked(request, filter) ||
        !read_number(request, "signal_min", INT8_MIN, 0, &minimum) ||
        !read_number(request, "signal_max", INT8_MIN, 0, &maximum) ||
        !read_number(request, "frequency", 0, UINT32_MAX, &frequency))
        return false;
    filter->signal_minimum = (int)minimum;
    filter->signal_maximum = (int)maximum;
    filter->frequency = (uint32_t)(frequency < FREQUENCY_MHZ_MOST ? frequency * 1000 : frequency);
    return true;
}
