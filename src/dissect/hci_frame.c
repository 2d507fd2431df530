/* HCI packets, one row an event or command that names a device. See hci_frame.h. */
#include "dissect/hci_frame.h"

#include <errno.h>
#include <stddef.h>

#include "dissect/btle_address.h"
#include "dissect/btle_frame.h"
#include "dissect/linktype.h"
#include "util/bytes.h"

enum { EVENT_ROWS = 31, COMMAND_ROWS = 22, EIR_BYTES = 240, NAME_BYTES = 248 };

enum {
    EVENT_INQUIRY = 0x02,
    EVENT_INQUIRY_RSSI = 0x22,
    EVENT_INQUIRY_EXTENDED = 0x2f,
    EVENT_LOW_ENERGY = 0x3e,
    OPCODE_READ_ADDRESS = 0x1009,
    REPORT_LEGACY = 0x02, /* low energy's subevents */
    REPORT_DIRECTED = 0x0b,
    REPORT_EXTENDED = 0x0d,
};

enum {
    EXTENDED_CONNECTABLE = 0x01,
    EXTENDED_SCANNABLE = 0x02,
    EXTENDED_DIRECTED = 0x04,
    EXTENDED_RESPONSE = 0x08,
    EXTENDED_LEGACY = 0x10,
    EXTENDED_STATUS = 0x60,
    EXTENDED_GOES_ON = 0x20, /* of the status: more data to come */
};

enum { NO_SIGNAL = 127, HANDLE_BITS = 0x0fff };

/* Opcodes of the Linux monitor. */
enum {
    MONITOR_NEW_INDEX = 0,
    MONITOR_COMMAND = 2,
    MONITOR_EVENT = 3,
    MONITOR_ACL_SENT = 4,
    MONITOR_ACL_RECEIVED = 5,
    MONITOR_SCO_SENT = 6,
    MONITOR_SCO_RECEIVED = 7,
    MONITOR_INDEX_INFO = 10,
    MONITOR_ISO_SENT = 18,
    MONITOR_ISO_RECEIVED = 19,
};

struct event_row {
    uint8_t code, subevent;
    uint8_t least; /* octets of its parameters */
    void (*parse)(struct reader *parameters, struct hci_frame *frame);
};

struct command_row {
    uint16_t opcode;
    uint8_t offset;     /* of the address in its parameters */
    bool is_low_energy; /* the address's type stands before it */
};

static const struct event_row event_rows[EVENT_ROWS];
static const struct command_row command_rows[COMMAND_ROWS];

static uint32_t read_class(struct reader *reader)
{
    uint32_t low = reader_le16(reader);
    return low | (uint32_t)reader_u8(reader) << 16;
}

static void take_peer(struct reader *parameters, struct hci_frame *frame)
{
    frame->kind = HCI_PEER;
    frame->address = btle_address_read(parameters);
}

static void take_status(struct reader *parameters, struct hci_frame *frame)
{
    frame->status = reader_u8(parameters);
}

static void take_handle(struct reader *parameters, struct hci_frame *frame)
{
    frame->handle = reader_le16(parameters) & HANDLE_BITS;
}

static void parse_peer(struct reader *parameters, struct hci_frame *frame)
{
    take_peer(parameters, frame);
}

static void parse_peer_after_status(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_peer(parameters, frame);
}

static void parse_connected(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_handle(parameters, frame);
    take_peer(parameters, frame);
    frame->opens = !frame->status;
}

static void parse_requested(struct reader *parameters, struct hci_frame *frame)
{
    take_peer(parameters, frame);
    frame->device_class = read_class(parameters);
    frame->has_class = true;
}

static void parse_disconnected(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_handle(parameters, frame);
    frame->kind = frame->status ? HCI_LINK : HCI_CLOSED;
}

/* The name ends at a zero, or with the parameters. */
static void parse_name(struct reader *parameters, struct hci_frame *frame)
{
    parse_peer_after_status(parameters, frame);
    size_t left = reader_left(parameters), length = 0;
    struct reader name = *parameters;
    while (length < left && length < NAME_BYTES && reader_u8(&name))
        length++;
    if (frame->status || !length)
        return;
    frame->name = reader_bytes(parameters, length);
    frame->name_length = (uint8_t)length;
}

static void parse_features(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_handle(parameters, frame);
    frame->kind = HCI_LINK;
    frame->features = reader_le64(parameters);
    frame->has_features = !frame->status;
}

static void parse_extended_features(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_handle(parameters, frame);
    frame->kind = HCI_LINK;
    uint8_t page = reader_u8(parameters);
    reader_skip(parameters, 1); /* number of the last page */
    frame->features = reader_le64(parameters);
    frame->has_features = !frame->status && !page;
}

static void parse_command_complete(struct reader *parameters, struct hci_frame *frame)
{
    reader_skip(parameters, 1); /* how many commands may follow */
    uint16_t opcode = reader_le16(parameters);
    if (opcode != OPCODE_READ_ADDRESS || reader_left(parameters) < 7)
        return;
    take_status(parameters, frame);
    frame->address = btle_address_read(parameters);
    frame->kind = frame->status ? HCI_OTHER : HCI_ADAPTER;
}

static void parse_sightings(struct reader *parameters, struct hci_frame *frame)
{
    frame->kind = HCI_SIGHTINGS;
    frame->is_low_energy = frame->code == EVENT_LOW_ENERGY;
    frame->sighting_count = reader_u8(parameters);
    frame->sightings_length = (uint16_t)reader_left(parameters);
    frame->sightings = reader_bytes(parameters, frame->sightings_length);
}

static void take_typed_peer(struct reader *parameters, struct hci_frame *frame)
{
    frame->address_is_random = reader_u8(parameters) & 1;
    frame->is_low_energy = true;
    take_peer(parameters, frame);
}

static void parse_low_energy_connected(struct reader *parameters, struct hci_frame *frame)
{
    take_status(parameters, frame);
    take_handle(parameters, frame);
    reader_skip(parameters, 1); /* whether we are central or peripheral */
    take_typed_peer(parameters, frame);
    frame->opens = !frame->status;
}

static void parse_event(struct reader *parameters, struct hci_frame *frame)
{
    if (frame->code == EVENT_LOW_ENERGY)
        frame->subevent = reader_u8(parameters);
    for (size_t i = 0; i < EVENT_ROWS; i++) {
        const struct event_row *row = &event_rows[i];
        if (row->code != frame->code || row->subevent != frame->subevent)
            continue;
        if (reader_left(parameters) < row->least)
            frame->malformed = MALFORMED_HCI_PARAMETERS;
        else
            row->parse(parameters, frame);
        return;
    }
}

static void parse_command(struct reader *parameters, struct hci_frame *frame)
{
    for (size_t i = 0; i < COMMAND_ROWS; i++) {
        const struct command_row *row = &command_rows[i];
        if (row->opcode != frame->code)
            continue;
        if (reader_left(parameters) < row->offset + 6u) {
            frame->malformed = MALFORMED_HCI_PARAMETERS;
            return;
        }
        reader_skip(parameters, row->offset - (row->is_low_energy ? 1u : 0u));
        if (row->is_low_energy)
            take_typed_peer(parameters, frame);
        else
            take_peer(parameters, frame);
        return;
    }
}

/* The header of a packet of that type: its code or handle, and how long the rest is. False for
 * types there are not. */
static bool parse_header(struct reader *reader, struct hci_frame *frame, uint32_t *ret_length)
{
    switch (frame->type) {
    case HCI_COMMAND:
        frame->code = reader_le16(reader);
        *ret_length = reader_u8(reader);
        return true;
    case HCI_EVENT:
        frame->code = reader_u8(reader);
        *ret_length = reader_u8(reader);
        return true;
    case HCI_ACL:
    case HCI_SCO:
    case HCI_ISO:
        take_handle(reader, frame);
        *ret_length = frame->type == HCI_SCO   ? reader_u8(reader)
                      : frame->type == HCI_ISO ? reader_le16(reader) & 0x3fffu
                                               : reader_le16(reader);
        frame->kind = HCI_DATA;
        frame->data_length = (uint16_t)*ret_length;
        return true;
    default: return false;
    }
}

static int parse_packet(struct reader *reader, bool is_cut, struct hci_frame *frame)
{
    uint32_t length;
    if (!parse_header(reader, frame, &length))
        return -EOPNOTSUPP;
    if (reader->failed) {
        frame->malformed = MALFORMED_FRAME_SHORT;
        return -EBADMSG;
    }
    size_t left = reader_left(reader);
    if (left != length && !is_cut)
        frame->malformed = MALFORMED_HCI_LENGTH;
    struct reader parameters = reader_part(reader, left < length ? left : length);
    if (frame->type == HCI_EVENT)
        parse_event(&parameters, frame);
    else if (frame->type == HCI_COMMAND)
        parse_command(&parameters, frame);
    return 0;
}

/* The monitor numbers its records; some are packets, some tell of adapters. */
static uint8_t monitor_type(uint16_t opcode, struct hci_frame *frame)
{
    bool to = opcode == MONITOR_COMMAND || opcode == MONITOR_ACL_SENT ||
              opcode == MONITOR_SCO_SENT || opcode == MONITOR_ISO_SENT;
    frame->direction = to ? HCI_TO_CONTROLLER : HCI_FROM_CONTROLLER;
    switch (opcode) {
    case MONITOR_COMMAND: return HCI_COMMAND;
    case MONITOR_EVENT: return HCI_EVENT;
    case MONITOR_ACL_SENT:
    case MONITOR_ACL_RECEIVED: return HCI_ACL;
    case MONITOR_SCO_SENT:
    case MONITOR_SCO_RECEIVED: return HCI_SCO;
    case MONITOR_ISO_SENT:
    case MONITOR_ISO_RECEIVED: return HCI_ISO;
    default: frame->direction = HCI_DIRECTION_UNKNOWN; return HCI_NOTE;
    }
}

static int parse_note(struct reader *reader, uint16_t opcode, struct hci_frame *frame)
{
    if (opcode != MONITOR_NEW_INDEX && opcode != MONITOR_INDEX_INFO)
        return 0;
    if (opcode == MONITOR_NEW_INDEX)
        reader_skip(reader, 2); /* kind of controller, kind of bus */
    frame->address = btle_address_read(reader);
    if (reader->failed)
        frame->malformed = MALFORMED_HCI_PARAMETERS;
    else if (!macaddr_is_zero(frame->address))
        frame->kind = HCI_ADAPTER;
    return 0;
}

static int parse_monitor(struct reader *reader, bool is_cut, struct hci_frame *frame)
{
    reader_skip(reader, 2); /* number of the adapter */
    uint16_t opcode = reader_be16(reader);
    if (reader->failed) {
        frame->malformed = MALFORMED_CAPTURE_SHORT;
        return -EBADMSG;
    }
    frame->type = monitor_type(opcode, frame);
    return frame->type == HCI_NOTE ? parse_note(reader, opcode, frame)
                                   : parse_packet(reader, is_cut, frame);
}

int hci_frame_parse(uint16_t link_type, const uint8_t *data, uint32_t length,
                    uint32_t original_length, struct hci_frame *ret_frame)
{
    struct hci_frame *frame = ret_frame;
    struct reader reader = reader_over(data, length);
    bool is_cut = length < original_length;
    *frame = (struct hci_frame){.malformed = MALFORMED_NONE};
    if (link_type == LINKTYPE_BLUETOOTH_MONITOR)
        return parse_monitor(&reader, is_cut, frame);
    if (link_type == LINKTYPE_BLUETOOTH_HCI_PHDR)
        frame->direction = reader_be32(&reader) & 1 ? HCI_FROM_CONTROLLER : HCI_TO_CONTROLLER;
    else if (link_type != LINKTYPE_BLUETOOTH_HCI)
        return -EOPNOTSUPP;
    frame->type = reader_u8(&reader);
    if (reader.failed) {
        frame->malformed = MALFORMED_CAPTURE_SHORT;
        return -EBADMSG;
    }
    if (!frame->direction && frame->type == HCI_COMMAND)
        frame->direction = HCI_TO_CONTROLLER;
    else if (!frame->direction && frame->type == HCI_EVENT)
        frame->direction = HCI_FROM_CONTROLLER;
    return parse_packet(&reader, is_cut, frame);
}

static void take_signal(struct reader *reader, struct hci_sighting *sighting)
{
    int8_t signal = (int8_t)reader_u8(reader);
    sighting->signal = signal == NO_SIGNAL ? 0 : signal;
}

static void take_data(struct reader *reader, size_t length, struct hci_sighting *sighting)
{
    const uint8_t *data = reader_bytes(reader, length);
    sighting->data = length ? data : NULL;
    sighting->data_length = (uint8_t)length;
}

/* A device that answered an inquiry: three forms of nearly the same. */
static void read_answer(struct reader *reader, uint16_t code, struct hci_sighting *sighting)
{
    sighting->mac = btle_address_read(reader);
    reader_skip(reader, code == EVENT_INQUIRY ? 3 : 2); /* how it scans for pages */
    sighting->device_class = read_class(reader);
    sighting->has_class = true;
    reader_skip(reader, 2); /* its clock */
    if (code != EVENT_INQUIRY)
        take_signal(reader, sighting);
    size_t left = reader_left(reader);
    if (code == EVENT_INQUIRY_EXTENDED)
        take_data(reader, left < EIR_BYTES ? left : EIR_BYTES, sighting);
}

static void take_typed_address(struct reader *reader, struct hci_sighting *sighting)
{
    sighting->is_random = reader_u8(reader) & 1;
    sighting->mac = btle_address_read(reader);
}

static void read_legacy(struct reader *reader, struct hci_sighting *sighting)
{
    static const uint8_t kinds[] = {BTLE_ADV_IND, BTLE_ADV_DIRECT_IND, BTLE_ADV_SCAN_IND,
                                    BTLE_ADV_NONCONN_IND, BTLE_SCAN_RSP};
    uint8_t type = reader_u8(reader);
    sighting->pdu = type < sizeof kinds ? kinds[type] : BTLE_ADV_IND;
    take_typed_address(reader, sighting);
    take_data(reader, reader_u8(reader), sighting);
    take_signal(reader, sighting);
}

static void read_directed(struct reader *reader, struct hci_sighting *sighting)
{
    reader_skip(reader, 1);
    sighting->pdu = BTLE_ADV_DIRECT_IND;
    take_typed_address(reader, sighting);
    reader_skip(reader, 7); /* whom it is for */
    take_signal(reader, sighting);
}

static enum btle_kind kind_of(uint16_t type)
{
    if (!(type & EXTENDED_LEGACY))
        return BTLE_ADV_EXT_IND;
    if (type & EXTENDED_RESPONSE)
        return BTLE_SCAN_RSP;
    if (type & EXTENDED_DIRECTED)
        return BTLE_ADV_DIRECT_IND;
    if (type & EXTENDED_CONNECTABLE)
        return BTLE_ADV_IND;
    return type & EXTENDED_SCANNABLE ? BTLE_ADV_SCAN_IND : BTLE_ADV_NONCONN_IND;
}

static void read_extended(struct reader *reader, struct hci_sighting *sighting)
{
    uint16_t type = reader_le16(reader);
    sighting->pdu = (uint8_t)kind_of(type);
    sighting->goes_on = (type & EXTENDED_STATUS) == EXTENDED_GOES_ON;
    take_typed_address(reader, sighting);
    reader_skip(reader, 1 + 1 + 1); /* its PHYs; its advertising set */
    sighting->power = (int8_t)reader_u8(reader);
    sighting->has_power = sighting->power != NO_SIGNAL;
    take_signal(reader, sighting);
    reader_skip(reader, 2 + 1 + 6); /* periodic interval; whom it is for */
    take_data(reader, reader_u8(reader), sighting);
}

bool hci_frame_next(const struct hci_frame *frame, struct hci_walk *walk,
                    struct hci_sighting *ret_sighting)
{
    struct reader reader = reader_over(frame->sightings, frame->sightings_length);
    struct hci_sighting sighting = {.is_random = false};
    reader_skip(&reader, walk->offset);
    if (walk->count == frame->sighting_count || !reader_left(&reader))
        return false;
    if (frame->code != EVENT_LOW_ENERGY)
        read_answer(&reader, frame->code, &sighting);
    else if (frame->subevent == REPORT_LEGACY)
        read_legacy(&reader, &sighting);
    else if (frame->subevent == REPORT_DIRECTED)
        read_directed(&reader, &sighting);
    else
        read_extended(&reader, &sighting);
    if (reader.failed)
        return false;
    walk->offset = (uint16_t)reader.offset;
    walk->count++;
    *ret_sighting = sighting;
    return true;
}

// clang-format off
static const struct event_row event_rows[EVENT_ROWS] = {
    {EVENT_INQUIRY, 0, 1, parse_sightings},
    {0x03, 0, 9, parse_connected},
    {0x04, 0, 9, parse_requested},
    {0x05, 0, 3, parse_disconnected},
    {0x07, 0, 7, parse_name},
    {0x0b, 0, 11, parse_features},
    {0x0e, 0, 3, parse_command_complete},
    {0x12, 0, 7, parse_peer_after_status}, /* change of roles */
    {0x16, 0, 6, parse_peer},              /* PIN wanted */
    {0x17, 0, 6, parse_peer},              /* link key wanted */
    {0x18, 0, 6, parse_peer},              /* new link key */
    {0x20, 0, 6, parse_peer},              /* change of page scanning */
    {EVENT_INQUIRY_RSSI, 0, 1, parse_sightings},
    {0x23, 0, 13, parse_extended_features},
    {0x2c, 0, 9, parse_connected},         /* of speech */
    {EVENT_INQUIRY_EXTENDED, 0, 1, parse_sightings},
    {0x31, 0, 6, parse_peer},              /* abilities for pairing wanted */
    {0x32, 0, 6, parse_peer},              /* abilities of the other for pairing */
    {0x33, 0, 6, parse_peer},              /* confirmation wanted */
    {0x34, 0, 6, parse_peer},              /* passkey wanted */
    {0x35, 0, 6, parse_peer},              /* data from outside wanted */
    {0x36, 0, 7, parse_peer_after_status}, /* pairing is over */
    {0x3b, 0, 6, parse_peer},              /* passkey to show */
    {0x3c, 0, 6, parse_peer},              /* a key was pressed */
    {0x3d, 0, 6, parse_peer},              /* features of the other host */
    {EVENT_LOW_ENERGY, 0x01, 11, parse_low_energy_connected},
    {EVENT_LOW_ENERGY, REPORT_LEGACY, 1, parse_sightings},
    {EVENT_LOW_ENERGY, 0x0a, 11, parse_low_energy_connected},
    {EVENT_LOW_ENERGY, REPORT_DIRECTED, 1, parse_sightings},
    {EVENT_LOW_ENERGY, REPORT_EXTENDED, 1, parse_sightings},
    {EVENT_LOW_ENERGY, 0x29, 11, parse_low_energy_connected},
};

static const struct command_row command_rows[COMMAND_ROWS] = {
    {0x0405, 0, false}, /* connect */
    {0x0408, 0, false}, /* give up connecting */
    {0x0409, 0, false}, /* accept */
    {0x040a, 0, false}, /* refuse */
    {0x040b, 0, false}, /* link key */
    {0x040c, 0, false}, /* no link key */
    {0x040d, 0, false}, /* PIN */
    {0x040e, 0, false}, /* no PIN */
    {0x0419, 0, false}, /* ask for the name */
    {0x041a, 0, false}, /* give up asking */
    {0x0429, 0, false}, /* accept speech */
    {0x042a, 0, false}, /* refuse speech */
    {0x042b, 0, false}, /* our abilities for pairing */
    {0x042c, 0, false}, /* confirm */
    {0x042d, 0, false}, /* do not confirm */
    {0x042e, 0, false}, /* passkey */
    {0x042f, 0, false}, /* no passkey */
    {0x0434, 0, false}, /* no pairing */
    {0x200d, 6, true},  /* connect, low energy */
    {0x2011, 1, true},  /* put on the filter's list */
    {0x2012, 1, true},  /* take off it */
    {0x2043, 3, true},  /* connect, extended */
};
// clang-format on
