/* Key messages as pcap. See handshake_reply.h. */
#include "serve/packet/handshake_reply.h"

#include <stdio.h>

#include "log/pcap_write.h"
#include "schema/dot11_fields.h"
#include "serve/list/device_reply.h"
#include "serve/monitor.h"
#include "track/device.h"

enum { LINK_TYPE_80211 = 105 }; /* of every kept frame */

static void write_frame(struct buffer *body, const struct dot11_kept_frame *frame, uint64_t time_ns)
{
    if (frame->length)
        pcap_write_packet(body, time_ns, frame->bytes, frame->length, frame->original_length);
}

/* The beginning of a file: a beacon, and a request to join where that does not name the network,
 * never later than the first message, since tools look for them there. */
static void write_beginning(struct buffer *body, const struct dot11_device *ap, uint64_t first_ns)
{
    const struct dot11_kept_frame *const frames[] = {ap->beacon, ap->request};
    uint64_t time_ns = 0; /* a file goes forward in time */
    pcap_write_head(body, LINK_TYPE_80211);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        if (!frames[i])
            continue;
        if (frames[i]->time_ns > time_ns)
            time_ns = frames[i]->time_ns < first_ns ? frames[i]->time_ns : first_ns;
        write_frame(body, frames[i], time_ns);
    }
}

static bool write_client(struct buffer *body, const struct dot11_device *ap, struct macaddr client)
{
    const struct dot11_handshake *handshake = ap->handshakes;
    while (handshake && !macaddr_equal(handshake->client, client))
        handshake = handshake->next;
    if (!handshake || !handshake->keys)
        return false;
    write_beginning(body, ap, handshake->keys->frame.time_ns);
    for (const struct dot11_key_record *key = handshake->keys; key; key = key->next)
        write_frame(body, &key->frame, key->frame.time_ns);
    return true;
}

static bool write_pmkid(struct buffer *body, const struct dot11_device *ap)
{
    const struct dot11_key_record *key = dot11_fields_find_pmkid(ap);
    if (!key || !key->frame.length)
        return false;
    write_beginning(body, ap, key->frame.time_ns);
    write_frame(body, &key->frame, key->frame.time_ns);
    return true;
}

/* The file for a client, or with NULL for the PMKID; what is missing is told in ret_missing. */
static bool write_file(const struct store *store, struct device_key key,
                       const struct macaddr *client, struct buffer *body, const char **ret_missing)
{
    const struct device *device = device_find_key(store, key);
    const struct dot11_device *ap = device ? device_dot11(device) : NULL;
    if (!ap) {
        *ret_missing = device ? "the device is none of 802.11" : "no device has that key";
        return false;
    }
    if (client ? write_client(body, ap, *client) : write_pmkid(body, ap))
        return true;
    *ret_missing = client ? "no key messages were heard between these two"
                          : "no message with a PMKID was heard from this access point";
    return false;
}

static void reply_capture(struct request *request, const struct macaddr *client, const char *what)
{
    struct store *store = monitor_of(request)->store;
    struct device_key key;
    struct buffer body = {0};
    const char *missing;
    char text[DEVICE_KEY_TEXT], header[128];
    if (!device_reply_read_key(request, &key))
        return;
    store_lock_read(store);
    bool is_there = write_file(store, key, client, &body, &missing);
    store_unlock(store);
    if (!is_there) {
        reply_error(request, 404, "%s", missing);
        return;
    }
    device_key_write(key, text);
    snprintf(header, sizeof header, "attachment; filename=\"kismet-%s-%s.pcap\"", what, text);
    reply_header(request, "Content-Disposition", header);
    reply_buffer(request, 200, "application/vnd.tcpdump.pcap", &body);
}

void handshake_reply_client(struct request *request)
{
    struct macaddr client;
    size_t length;
    const char *text = request_parameter(request, "mac", &length);
    if (macaddr_parse(text, length, &client, NULL) == 0)
        reply_capture(request, &client, "handshake");
    else
        reply_error(request, 400, "'%.64s' is no MAC address; one looks like AA:BB:CC:DD:EE:FF",
                    text);
}

void handshake_reply_pmkid(struct request *request)
{
    reply_capture(request, NULL, "handshake-pmkid");
}
