/* The MAC header. One look at the frame control field decides how long the header is; one bounds
 * check covers it; then fixed loads. Input: a frame without radio header and FCS. Output: struct
 * dot11_frame. IEEE 802.11-2020, 9.2.3, 9.2.4, 9.3; extension frames 9.3.4; version 1, 9.8. */
#include "dissect/dot11_frame.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"
#ifdef NORN_TEST_HOOKS
#include "util/test_hook.h"
#endif

enum {
    CONTROL_BYTES = 2,
    SHORT_BYTES = 10, /* control, duration, one address */
    TWO_ADDRESS_BYTES = 16,
    HEADER_BYTES = 24,
    ADDRESS_1 = 4,
    ADDRESS_2 = 10,
    ADDRESS_3 = 16,
    SEQUENCE = 22,
    ADDRESS_4 = 24,
    WRAPPED_CONTROL = 10, /* control wrapper: the carried frame's control field */
    SUBTYPE_QOS = 0x8,
    KINDS = 0x40,
    EXTENSIONS = 0x10,
    VERSION_1_TYPES = 8,
};

enum {
    FLAG_TO_DS = 0x01,
    FLAG_FROM_DS = 0x02,
    FLAG_MORE_FRAGMENTS = 0x04,
    FLAG_RETRY = 0x08,
    FLAG_POWER = 0x10,
    FLAG_MORE_DATA = 0x20,
    FLAG_PROTECTED = 0x40,
    FLAG_ORDER = 0x80,
};

enum {
    QOS_TID = 0x000f,
    QOS_AMSDU = 0x0080,
    QOS_MESH_CONTROL = 0x0100,
};

static const char *const kinds[KINDS];
static const char *const extensions[EXTENSIONS];
static const char *const version_1_types[VERSION_1_TYPES];

static struct macaddr address(const uint8_t *header, uint32_t offset)
{
    struct macaddr mac;
    memcpy(&mac, header + offset, sizeof mac);
    return mac;
}

static void set_flags(struct dot11_frame *frame, uint8_t flags)
{
    frame->to_ds = flags & FLAG_TO_DS;
    frame->from_ds = flags & FLAG_FROM_DS;
    frame->more_fragments = flags & FLAG_MORE_FRAGMENTS;
    frame->retry = flags & FLAG_RETRY;
    frame->power_management = flags & FLAG_POWER;
    frame->more_data = flags & FLAG_MORE_DATA;
    frame->protected_frame = flags & FLAG_PROTECTED;
    frame->order = flags & FLAG_ORDER;
}

static void set_sequence(struct dot11_frame *frame, const uint8_t *header)
{
    uint16_t control = load_le16(header + SEQUENCE);
    frame->sequence = control >> 4;
    frame->fragment = control & 0x0f;
    frame->present |= DOT11_HAS_SEQUENCE;
}

static int parse_management(struct reader *reader, struct dot11_frame *frame)
{
    frame->header_length = HEADER_BYTES + (frame->order ? 4 : 0);
    const uint8_t *header = reader_bytes(reader, frame->header_length);
    if (!header)
        return -EBADMSG;
    frame->receiver = frame->destination = address(header, ADDRESS_1);
    frame->transmitter = frame->source = address(header, ADDRESS_2);
    frame->bssid = address(header, ADDRESS_3);
    frame->present = DOT11_HAS_RECEIVER | DOT11_HAS_TRANSMITTER | DOT11_HAS_DESTINATION |
                     DOT11_HAS_SOURCE | DOT11_HAS_BSSID;
    set_sequence(frame, header);
    if (frame->order) {
        frame->ht_control = load_le32(header + HEADER_BYTES);
        frame->present |= DOT11_HAS_HT_CONTROL;
    }
    if (!kinds[frame->kind])
        frame->malformed = MALFORMED_FRAME_TYPE;
    return 0;
}

/* Which address is what, by the two DS bits (table 9-30). An A-MSDU's outer ends are in its
 * subframes: the header repeats the BSSID there. */
static void set_data_roles(struct dot11_frame *frame, const uint8_t *header)
{
    struct macaddr third = address(header, ADDRESS_3);
    frame->receiver = address(header, ADDRESS_1);
    frame->transmitter = address(header, ADDRESS_2);
    frame->present = DOT11_HAS_RECEIVER | DOT11_HAS_TRANSMITTER;
    if (!frame->to_ds || !frame->amsdu) {
        frame->destination = frame->to_ds ? third : frame->receiver;
        frame->present |= DOT11_HAS_DESTINATION;
    }
    if (!frame->from_ds || !frame->amsdu) {
        frame->present |= DOT11_HAS_SOURCE;
        if (!frame->from_ds)
            frame->source = frame->transmitter;
        else
            frame->source = frame->to_ds ? address(header, ADDRESS_4) : third;
    }
    if (frame->to_ds && frame->from_ds)
        return;
    frame->bssid = frame->to_ds ? frame->receiver : frame->from_ds ? frame->transmitter : third;
    frame->present |= DOT11_HAS_BSSID;
}

static int parse_data(struct reader *reader, struct dot11_frame *frame)
{
    bool qos = frame->kind & SUBTYPE_QOS;
    uint32_t qos_at = HEADER_BYTES + (frame->to_ds && frame->from_ds ? 6 : 0);
    frame->header_length = qos_at + (qos ? 2 : 0) + (qos && frame->order ? 4 : 0);
    const uint8_t *header = reader_bytes(reader, frame->header_length);
    if (!header)
        return -EBADMSG;
    uint16_t control = qos ? load_le16(header + qos_at) : 0;
    frame->qos_control = control;
    frame->tid = control & QOS_TID;
    frame->amsdu = control & QOS_AMSDU;
    set_data_roles(frame, header);
    set_sequence(frame, header);
    if (qos)
        frame->present |= DOT11_HAS_QOS;
    /* The bit means something else outside a mesh, whose frames have four addresses, or come from
     * the DS to a group. */
    frame->mesh_control = control & QOS_MESH_CONTROL && frame->from_ds &&
                          (frame->to_ds || macaddr_is_group(frame->receiver));
    if (qos && frame->order) {
        frame->ht_control = load_le32(header + qos_at + 2);
        frame->present |= DOT11_HAS_HT_CONTROL;
    }
    if (!kinds[frame->kind])
        frame->malformed = MALFORMED_FRAME_TYPE;
    return 0;
}

/* A group bit in a control frame's transmitter address says "bandwidth signalled" (9.2.4.3.8). */
static void set_transmitter(struct dot11_frame *frame, const uint8_t *bytes)
{
    frame->transmitter = address(bytes, 0);
    frame->transmitter.octet[0] &= 0xfe;
    frame->present |= DOT11_HAS_TRANSMITTER;
}

static void set_control_roles(struct dot11_frame *frame, uint16_t kind)
{
    if (kind == DOT11_PS_POLL) { /* CF-End's "BSSID (TA)" may be a client: not taken for one */
        frame->bssid = frame->receiver;
        frame->present |= DOT11_HAS_BSSID;
    }
}

/* The frame inside is like itself, but for its own control and an HT control after address 1. */
static int parse_wrapper(const uint8_t *header, struct reader *reader, struct dot11_frame *frame)
{
    const uint8_t *more = reader_bytes(reader, 6);
    if (!more)
        return -EBADMSG;
    uint16_t carried = load_le16(more);
    uint16_t kind = (carried >> 2 & 3) << 4 | (carried >> 4 & 0xf);
    frame->receiver = address(header, ADDRESS_1);
    frame->ht_control = load_le32(more + 2);
    frame->present = DOT11_HAS_RECEIVER | DOT11_HAS_HT_CONTROL;
    frame->header_length = WRAPPED_CONTROL + 6;
    if (kind >> 4 != DOT11_TYPE_CONTROL || kind == DOT11_CTS || kind == DOT11_ACK)
        return 0;
    const uint8_t *second = reader_bytes(reader, 6);
    if (!second)
        return -EBADMSG;
    set_transmitter(frame, second);
    set_control_roles(frame, kind);
    frame->header_length += 6;
    return 0;
}

/* NULL of a reserved kind. */
static const char *name_of(uint16_t kind)
{
    if (kind < KINDS)
        return kinds[kind];
    if (kind >= 0x160 && kind < 0x160 + EXTENSIONS)
        return extensions[kind & 0xf];
    if (kind >= DOT11_PV1 && kind < DOT11_PV1 + VERSION_1_TYPES)
        return version_1_types[kind & 7];
    return NULL;
}

static int parse_control(struct reader *reader, struct dot11_frame *frame, uint8_t flags)
{
    if (frame->kind == DOT11_CONTROL_EXTENSION) { /* four flag bits are more subtype */
        frame->kind = 0x160 | (flags & 0x0f);
        frame->to_ds = frame->from_ds = frame->more_fragments = frame->retry = false;
    }
    if (!name_of(frame->kind)) {
        frame->malformed = MALFORMED_FRAME_TYPE;
        frame->header_length = ADDRESS_1;
        return reader_bytes(reader, ADDRESS_1) ? 0 : -EBADMSG;
    }
    const uint8_t *header = reader_bytes(reader, SHORT_BYTES);
    if (!header)
        return -EBADMSG;
    if (frame->kind == DOT11_CONTROL_WRAPPER)
        return parse_wrapper(header, reader, frame);
    frame->header_length = SHORT_BYTES;
    frame->receiver = address(header, ADDRESS_1);
    frame->present = DOT11_HAS_RECEIVER;
    if (frame->kind == DOT11_CTS || frame->kind == DOT11_ACK)
        return 0;
    const uint8_t *second = reader_bytes(reader, 6);
    if (!second)
        return -EBADMSG;
    frame->header_length = TWO_ADDRESS_BYTES;
    if (frame->kind == DOT11_DMG_DTS) { /* the addresses are those of somebody else's exchange */
        frame->present = 0;
        return 0;
    }
    set_transmitter(frame, second);
    set_control_roles(frame, frame->kind);
    return 0;
}

/* DMG and S1G beacons: one address, the sender's and so the BSSID. */
static int parse_extension(struct reader *reader, struct dot11_frame *frame)
{
    set_flags(frame, 0); /* the flag bits mean other things here */
    if (!kinds[frame->kind]) {
        frame->malformed = MALFORMED_FRAME_TYPE;
        frame->header_length = ADDRESS_1;
        return reader_bytes(reader, ADDRESS_1) ? 0 : -EBADMSG;
    }
    const uint8_t *header = reader_bytes(reader, SHORT_BYTES);
    if (!header)
        return -EBADMSG;
    frame->header_length = SHORT_BYTES;
    frame->transmitter = frame->source = frame->bssid = address(header, ADDRESS_1);
    frame->present = DOT11_HAS_TRANSMITTER | DOT11_HAS_SOURCE | DOT11_HAS_BSSID;
    return 0;
}

/* Another protocol version: only counted, its addresses are not read. */
static int parse_other_version(uint16_t control, struct dot11_frame *frame)
{
    frame->header_length = CONTROL_BYTES;
    frame->type = DOT11_TYPE_EXTENSION;
    frame->duration = 0;
    if ((control & 3) == 1) {
        frame->kind = DOT11_PV1 | (control >> 2 & 7);
        return 0;
    }
    frame->kind = DOT11_KIND_UNKNOWN;
    frame->malformed = MALFORMED_FRAME_TYPE;
    return 0;
}

static int parse_kind(struct reader *reader, uint16_t control, struct dot11_frame *frame)
{
    frame->type = control >> 2 & 3;
    frame->kind = (uint16_t)(frame->type << 4 | (control >> 4 & 0xf));
    set_flags(frame, (uint8_t)(control >> 8));
    switch (frame->type) {
    case DOT11_TYPE_MANAGEMENT: return parse_management(reader, frame);
    case DOT11_TYPE_DATA: return parse_data(reader, frame);
    case DOT11_TYPE_CONTROL: return parse_control(reader, frame, (uint8_t)(control >> 8));
    default: return parse_extension(reader, frame);
    }
}

int dot11_frame_parse(const uint8_t *frame, uint32_t length, bool padded,
                      struct dot11_frame *ret_frame)
{
#ifdef NORN_TEST_HOOKS
    test_hook_look(frame, length);
#endif
    struct reader reader = reader_over(frame, length);
    struct reader start = reader;
    uint16_t control = reader_le16(&start);
    struct dot11_frame parsed;
    memset(&parsed, 0, sizeof parsed);
    if (start.failed)
        return -EBADMSG;
    parsed.duration = reader_le16(&start);
    int error =
        control & 3 ? parse_other_version(control, &parsed) : parse_kind(&reader, control, &parsed);
    if (error)
        return error;
    uint32_t body_at = parsed.header_length;
    if (padded)
        body_at = (body_at + 3) & ~3u;
    if (body_at > length)
        body_at = length;
    parsed.body_length = length - body_at;
    parsed.body = frame + body_at;
    *ret_frame = parsed;
    return 0;
}

const char *dot11_frame_kind_name(uint16_t kind)
{
    const char *name = name_of(kind);
    return name ? name : "reserved";
}

static const char *const kinds[KINDS] = {
    [DOT11_ASSOC_REQUEST] = "assoc-req",
    [DOT11_ASSOC_RESPONSE] = "assoc-resp",
    [DOT11_REASSOC_REQUEST] = "reassoc-req",
    [DOT11_REASSOC_RESPONSE] = "reassoc-resp",
    [DOT11_PROBE_REQUEST] = "probe-req",
    [DOT11_PROBE_RESPONSE] = "probe-resp",
    [DOT11_TIMING] = "timing",
    [DOT11_BEACON] = "beacon",
    [DOT11_ATIM] = "atim",
    [DOT11_DISASSOC] = "disassoc",
    [DOT11_AUTH] = "auth",
    [DOT11_DEAUTH] = "deauth",
    [DOT11_ACTION] = "action",
    [DOT11_ACTION_NO_ACK] = "action-noack",
    [DOT11_TRIGGER] = "trigger",
    [DOT11_TACK] = "tack",
    [DOT11_BEAMFORMING_POLL] = "beamforming-poll",
    [DOT11_NDP_ANNOUNCE] = "ndp-announce",
    [DOT11_CONTROL_WRAPPER] = "control-wrapper",
    [DOT11_BLOCKACK_REQUEST] = "blockack-req",
    [DOT11_BLOCKACK] = "blockack",
    [DOT11_PS_POLL] = "ps-poll",
    [DOT11_RTS] = "rts",
    [DOT11_CTS] = "cts",
    [DOT11_ACK] = "ack",
    [DOT11_CF_END] = "cf-end",
    [DOT11_CF_END_ACK] = "cf-end-ack",
    [DOT11_DATA] = "data",
    [DOT11_DATA_CF_ACK] = "data-cf-ack",
    [DOT11_DATA_CF_POLL] = "data-cf-poll",
    [DOT11_DATA_CF_ACK_POLL] = "data-cf-ack-poll",
    [DOT11_NULL] = "null",
    [DOT11_CF_ACK] = "cf-ack",
    [DOT11_CF_POLL] = "cf-poll",
    [DOT11_CF_ACK_POLL] = "cf-ack-poll",
    [DOT11_QOS_DATA] = "qos-data",
    [DOT11_QOS_DATA_CF_ACK] = "qos-data-cf-ack",
    [DOT11_QOS_DATA_CF_POLL] = "qos-data-cf-poll",
    [DOT11_QOS_DATA_CF_ACK_POLL] = "qos-data-cf-ack-poll",
    [DOT11_QOS_NULL] = "qos-null",
    [DOT11_QOS_CF_POLL] = "qos-cf-poll",
    [DOT11_QOS_CF_ACK_POLL] = "qos-cf-ack-poll",
    [DOT11_DMG_BEACON] = "dmg-beacon",
    [DOT11_S1G_BEACON] = "s1g-beacon",
};

static const char *const extensions[EXTENSIONS] = {
    [DOT11_POLL & 0xf] = "dmg-poll",       [DOT11_SPR & 0xf] = "dmg-spr",
    [DOT11_GRANT & 0xf] = "dmg-grant",     [DOT11_DMG_CTS & 0xf] = "dmg-cts",
    [DOT11_DMG_DTS & 0xf] = "dmg-dts",     [DOT11_GRANT_ACK & 0xf] = "dmg-grant-ack",
    [DOT11_SSW & 0xf] = "dmg-ssw",         [DOT11_SSW_FEEDBACK & 0xf] = "dmg-ssw-feedback",
    [DOT11_SSW_ACK & 0xf] = "dmg-ssw-ack",
};

static const char *const version_1_types[VERSION_1_TYPES] = {
    "pv1-qos-data", "pv1-management", "pv1-control", "pv1-qos-data-extended",
    "pv1-4",        "pv1-5",          "pv1-6",       "pv1-extension",
};
