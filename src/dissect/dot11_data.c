/* The start of a data frame's body. Protected: which kind of header the cipher put there (WEP 12.3,
 * TKIP 12.5.2, CCMP and GCMP 12.5.3 and 12.5.5). In the clear: mesh control (9.2.4.7.3), LLC/SNAP,
 * or A-MSDU subframes with LLC/SNAP each (9.3.2.2), and any EAPOL in them. Input: struct
 * dot11_frame; output: struct dot11_data, borrowed pointers. */
#include "dissect/dot11_data.h"

#include <string.h>

#include "util/bytes.h"

enum {
    EXTENDED_IV = 0x20,
    ETHERTYPE_EAPOL = 0x888e,
    ETHERTYPE_PREAUTH = 0x88c7,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_VLAN_SERVICE = 0x88a8,
    VLAN_TAGS_MAX = 2,
    LLC_SNAP = 0xaa,
    LLC_UI = 0x03,
    SNAP_RFC1042 = 0x000000,
    SNAP_BRIDGE = 0x0000f8,
    SUBFRAME_BYTES = 14,
    MESH_EXTENSION = 0x03,
};

static struct macaddr read_address(struct reader *reader)
{
    struct macaddr mac;
    reader_copy(reader, &mac, sizeof mac);
    return mac;
}

static void parse_protected(struct reader *reader, struct dot11_data *data)
{
    uint8_t first = reader_u8(reader), second = reader_u8(reader), third = reader_u8(reader);
    uint8_t flags = reader_u8(reader);
    if (reader->failed) {
        data->security = DOT11_SECURITY_OTHER;
        data->malformed = MALFORMED_DATA_SHORT;
        return;
    }
    data->key_id = flags >> 6;
    if (!(flags & EXTENDED_IV)) {
        data->security = DOT11_SECURITY_WEP;
        data->wep_iv = (uint32_t)first << 16 | (uint32_t)second << 8 | third;
        return;
    }
    data->security = DOT11_SECURITY_OTHER;
    uint32_t high = reader_le32(reader);
    if (reader->failed) {
        data->malformed = MALFORMED_DATA_SHORT;
    } else if (third == 0) { /* both shapes fit one frame in 256: this one is the commoner */
        data->security = DOT11_SECURITY_CCMP;
        data->packet_number = (uint64_t)high << 16 | (uint64_t)second << 8 | first;
    } else if (second == ((first | 0x20) & 0x7f)) {
        data->security = DOT11_SECURITY_TKIP;
        data->packet_number = (uint64_t)high << 16 | (uint64_t)first << 8 | third;
    }
}

static void add_eapol(struct dot11_data *data, const struct reader *reader,
                      struct macaddr destination, struct macaddr source)
{
    if (data->eapol_count >= DOT11_DATA_EAPOLS_MAX || reader_left(reader) < 4)
        return;
    data->eapols[data->eapol_count++] =
        (struct dot11_data_eapol){.bytes = reader->data + reader->offset,
                                  .length = (uint32_t)reader_left(reader),
                                  .destination = destination,
                                  .source = source};
}

/* The type behind VLAN tags (IEEE 802.1Q-2018, 9.3), which are passed over. */
static uint16_t skip_tags(struct reader *reader, uint16_t ethertype)
{
    for (int i = 0; i < VLAN_TAGS_MAX; i++) {
        if (ethertype != ETHERTYPE_VLAN && ethertype != ETHERTYPE_VLAN_SERVICE)
            break;
        reader_skip(reader, 2);
        ethertype = reader_be16(reader);
    }
    return ethertype;
}

/* LLC of one MSDU; `first`: its facts are the frame's. */
static void parse_llc(struct reader *reader, struct dot11_data *data, bool first,
                      struct macaddr destination, struct macaddr source)
{
    uint8_t dsap = reader_u8(reader), ssap = reader_u8(reader), control = reader_u8(reader);
    if (reader->failed) {
        data->malformed = MALFORMED_DATA_SHORT;
        return;
    }
    uint32_t oui = 0;
    uint16_t ethertype = 0;
    bool snap = dsap == LLC_SNAP && ssap == LLC_SNAP && control == LLC_UI;
    if (snap) {
        oui = (uint32_t)reader_be16(reader) << 8;
        oui |= reader_u8(reader);
        ethertype = skip_tags(reader, reader_be16(reader));
    }
    if (reader->failed) {
        data->malformed = MALFORMED_DATA_SHORT;
        return;
    }
    bool known = snap && (oui == SNAP_RFC1042 || oui == SNAP_BRIDGE);
    if (first) {
        data->has_ethertype = known;
        data->has_llc = !known;
        data->llc_dsap = dsap;
        data->llc_ssap = ssap;
        data->snap_oui = oui;
        data->ethertype = ethertype;
        data->payload = reader->data + reader->offset;
        data->payload_length = (uint32_t)reader_left(reader);
    }
    if (known && (ethertype == ETHERTYPE_EAPOL || ethertype == ETHERTYPE_PREAUTH))
        add_eapol(data, reader, destination, source);
}

/* Flags with a reserved bit set: this was no mesh control after all. */
static void parse_mesh(struct reader *reader, struct dot11_data *data)
{
    struct reader mesh = *reader;
    uint8_t flags = reader_u8(&mesh), ttl = reader_u8(&mesh);
    uint32_t sequence = reader_le32(&mesh);
    uint8_t extension = flags & MESH_EXTENSION;
    if (mesh.failed || flags & ~MESH_EXTENSION || extension == 3)
        return;
    if (extension == 2) { /* the proxied ends: destination, source */
        data->destination = read_address(&mesh);
        data->source = read_address(&mesh);
        data->has_destination = data->has_source = !mesh.failed;
    } else if (extension == 1) { /* group-addressed: the proxied source */
        data->source = read_address(&mesh);
        data->has_source = !mesh.failed;
    }
    if (mesh.failed)
        return;
    data->has_mesh = true;
    data->mesh_ttl = ttl;
    data->mesh_sequence = sequence;
    *reader = mesh;
}

static void parse_subframes(struct reader *reader, struct dot11_data *data)
{
    while (reader_left(reader) >= SUBFRAME_BYTES &&
           data->subframe_count < DOT11_DATA_SUBFRAMES_MAX) {
        struct macaddr destination = read_address(reader), source = read_address(reader);
        uint16_t length = reader_be16(reader);
        struct reader subframe = reader_part(reader, length);
        if (subframe.failed) {
            data->malformed = MALFORMED_AMSDU_LENGTH;
            return;
        }
        bool first = data->subframe_count++ == 0;
        if (first) {
            data->destination = destination;
            data->source = source;
            data->has_destination = data->has_source = true;
        }
        parse_llc(&subframe, data, first, destination, source);
        size_t padding = (4 - (SUBFRAME_BYTES + length) % 4) % 4;
        reader_skip(reader, padding < reader_left(reader) ? padding : reader_left(reader));
    }
}

void dot11_data_parse(const struct dot11_frame *frame, struct dot11_data *ret_data)
{
    struct dot11_data *data = ret_data;
    struct reader reader = reader_over(frame->body, frame->body_length);
    memset(data, 0, sizeof *data);
    if (frame->protected_frame) {
        parse_protected(&reader, data);
    } else if (frame->fragment == 0) {
        if (frame->mesh_control)
            parse_mesh(&reader, data);
        if (frame->amsdu)
            parse_subframes(&reader, data);
        else
            parse_llc(&reader, data, true, frame->destination, frame->source);
    }
    if (!data->payload && !reader.failed) {
        data->payload = reader.data + reader.offset;
        data->payload_length = (uint32_t)reader_left(&reader);
    }
}
