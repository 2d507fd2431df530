/* The fixed fields of management frames. Elements are left to dot11_ie: here it is settled where
 * they start, which for authentication hangs on the algorithm and for action frames on category
 * and action. IEEE 802.11-2020, 9.3.3, 9.4.1, 9.6; 802.11ai for FILS; 12.4 for SAE. */
#include "dissect/dot11_management.h"

#include <string.h>

#include "util/bytes.h"

enum {
    CATEGORY_ERROR = 0x80,
    PUBLIC_VENDOR = 9,
    STATUS_SUCCESS = 0,
    STATUS_ANTI_CLOGGING = 76,
    STATUS_SAE_H2E = 126,
    STATUS_SAE_PK = 127,
    AID_MASK = 0x3fff,
};

/* Fixed bytes between an action frame's action and its elements. */
struct action {
    uint8_t category, action, fixed;
};

/* SAE and FILS groups: bytes of a scalar and of an element (RFC 2409, 3526, 5114, 5903, 6932). */
struct group {
    uint16_t number, scalar, element;
};

enum { ACTIONS = 47, GROUPS = 14, REASONS = 72, STATUSES = 136, CATEGORIES = 38 };

static const struct action actions[ACTIONS];
static const struct group groups[GROUPS];
static const char *const reasons[REASONS];
static const char *const statuses[STATUSES];
static const char *const categories[CATEGORIES];

static void set_elements(struct dot11_management *management, struct reader *reader)
{
    if (reader->failed)
        return;
    management->elements = reader->data + reader->offset;
    management->elements_length = (uint32_t)reader_left(reader);
}

static void read_capability(struct dot11_management *management, struct reader *reader)
{
    management->capability = reader_le16(reader);
    management->present |= DOT11_FIXED_CAPABILITY;
}

static void read_status(struct dot11_management *management, struct reader *reader)
{
    management->status = reader_le16(reader);
    management->present |= DOT11_FIXED_STATUS;
}

static void parse_beacon(struct dot11_management *management, struct reader *reader)
{
    management->timestamp = reader_le64(reader);
    management->interval = reader_le16(reader);
    management->present |= DOT11_FIXED_TIMESTAMP | DOT11_FIXED_INTERVAL;
    read_capability(management, reader);
    set_elements(management, reader);
}

static void parse_timing(struct dot11_management *management, struct reader *reader)
{
    management->timestamp = reader_le64(reader);
    management->present |= DOT11_FIXED_TIMESTAMP;
    read_capability(management, reader);
    set_elements(management, reader);
}

static void parse_request(struct dot11_management *management, struct reader *reader, bool again)
{
    read_capability(management, reader);
    management->listen_interval = reader_le16(reader);
    management->present |= DOT11_FIXED_LISTEN;
    if (again) {
        reader_copy(reader, &management->current_ap, sizeof management->current_ap);
        management->present |= DOT11_FIXED_CURRENT_AP;
    }
    set_elements(management, reader);
}

static void parse_response(struct dot11_management *management, struct reader *reader)
{
    read_capability(management, reader);
    read_status(management, reader);
    management->aid = reader_le16(reader) & AID_MASK;
    management->present |= DOT11_FIXED_AID;
    set_elements(management, reader);
}

static void parse_reason(struct dot11_management *management, struct reader *reader)
{
    management->reason = reader_le16(reader);
    management->present |= DOT11_FIXED_REASON;
    set_elements(management, reader);
}

static const struct group *find_group(uint16_t number)
{
    for (int i = 0; i < GROUPS; i++)
        if (groups[i].number == number)
            return &groups[i];
    return NULL;
}

/* A commit ends in elements only when it was hashed to the curve: in the older way, a token of any
 * length may stand where they would. A confirm is opaque. */
static void parse_sae(struct dot11_management *management, struct reader *reader)
{
    bool hashed = management->status == STATUS_SAE_H2E || management->status == STATUS_SAE_PK;
    if (management->auth_sequence != 1)
        return;
    const struct group *group = find_group(reader_le16(reader));
    if (management->status == STATUS_ANTI_CLOGGING || !hashed || !group)
        return;
    reader_skip(reader, (size_t)group->scalar + group->element);
    if (!reader->failed)
        set_elements(management, reader);
    reader->failed = false; /* a short commit is the peer's affair: the fixed fields are whole */
}

static void parse_auth(struct dot11_management *management, struct reader *reader)
{
    management->auth_algorithm = reader_le16(reader);
    management->auth_sequence = reader_le16(reader);
    management->present |= DOT11_FIXED_AUTH;
    read_status(management, reader);
    if (reader->failed)
        return;
    switch (management->auth_algorithm) {
    case DOT11_AUTH_SAE: parse_sae(management, reader); break;
    case DOT11_AUTH_FILS_PFS:
    case DOT11_AUTH_FILS_PUBLIC: {
        struct reader key = *reader;
        const struct group *group = find_group(reader_le16(&key));
        reader_skip(&key, group ? group->scalar : 0);
        if (group)
            set_elements(management, &key);
        break;
    }
    default: set_elements(management, reader); break;
    }
}

static void parse_action(struct dot11_management *management, struct reader *reader)
{
    uint8_t category = reader_u8(reader);
    management->category = category & (uint8_t)~CATEGORY_ERROR;
    management->category_error = category & CATEGORY_ERROR;
    management->present |= DOT11_FIXED_CATEGORY;
    if (management->category == DOT11_ACTION_VENDOR ||
        management->category == DOT11_ACTION_VENDOR_PROTECTED) {
        management->vendor_oui = (uint32_t)reader_be16(reader) << 8;
        management->vendor_oui |= reader_u8(reader);
        management->present |= DOT11_FIXED_VENDOR;
        if (reader_left(reader))
            management->vendor_type = reader_u8(reader);
        return;
    }
    management->action = reader_u8(reader);
    management->present |= DOT11_FIXED_ACTION;
    bool is_public = management->category == DOT11_ACTION_PUBLIC ||
                     management->category == DOT11_ACTION_PROTECTED_PUBLIC;
    if (is_public && management->action == PUBLIC_VENDOR) {
        management->vendor_oui = (uint32_t)reader_be16(reader) << 8;
        management->vendor_oui |= reader_u8(reader);
        management->present |= DOT11_FIXED_VENDOR;
        if (reader_left(reader))
            management->vendor_type = reader_u8(reader);
        return;
    }
    for (int i = 0; i < ACTIONS; i++) {
        const struct action *row = &actions[i];
        if (row->category != management->category || row->action != management->action)
            continue;
        struct reader token = *reader;
        management->dialog_token = row->fixed ? reader_u8(&token) : 0;
        reader_skip(reader, row->fixed);
        set_elements(management, reader);
    }
}

/* DMG: timestamp, sector sweep, interval, its control and parameters; then what the control asks
 * for, which is not read: no elements. */
static void parse_dmg_beacon(struct dot11_management *management, struct reader *reader)
{
    management->timestamp = reader_le64(reader);
    reader_skip(reader, 3);
    management->interval = reader_le16(reader);
    management->present |= DOT11_FIXED_TIMESTAMP | DOT11_FIXED_INTERVAL;
}

void dot11_management_parse(const struct dot11_frame *frame,
                            struct dot11_management *ret_management)
{
    struct dot11_management *management = ret_management;
    struct reader reader = reader_over(frame->body, frame->body_length);
    memset(management, 0, sizeof *management);
    if (frame->protected_frame && frame->type == DOT11_TYPE_MANAGEMENT) {
        management->encrypted = true;
        return;
    }
    if (frame->fragment) /* the middle of a body: nothing in it stands where it should */
        return;
    switch (frame->kind) {
    case DOT11_BEACON:
    case DOT11_PROBE_RESPONSE: parse_beacon(management, &reader); break;
    case DOT11_PROBE_REQUEST: set_elements(management, &reader); break;
    case DOT11_ASSOC_REQUEST: parse_request(management, &reader, false); break;
    case DOT11_REASSOC_REQUEST: parse_request(management, &reader, true); break;
    case DOT11_ASSOC_RESPONSE:
    case DOT11_REASSOC_RESPONSE: parse_response(management, &reader); break;
    case DOT11_DISASSOC:
    case DOT11_DEAUTH: parse_reason(management, &reader); break;
    case DOT11_AUTH: parse_auth(management, &reader); break;
    case DOT11_ACTION:
    case DOT11_ACTION_NO_ACK: parse_action(management, &reader); break;
    case DOT11_TIMING: parse_timing(management, &reader); break;
    case DOT11_DMG_BEACON: parse_dmg_beacon(management, &reader); break;
    default: break;
    }
    if (reader.failed)
        management->malformed = MALFORMED_MANAGEMENT_SHORT;
}

const char *dot11_management_auth_name(uint16_t algorithm)
{
    switch (algorithm) {
    case DOT11_AUTH_OPEN: return "open";
    case DOT11_AUTH_SHARED_KEY: return "shared-key";
    case DOT11_AUTH_FT: return "ft";
    case DOT11_AUTH_SAE: return "sae";
    case DOT11_AUTH_FILS: return "fils-sk";
    case DOT11_AUTH_FILS_PFS: return "fils-sk-pfs";
    case DOT11_AUTH_FILS_PUBLIC: return "fils-pk";
    case DOT11_AUTH_PASN: return "pasn";
    case DOT11_AUTH_LEAP: return "leap";
    default: return NULL;
    }
}

const char *dot11_management_category_name(uint8_t category)
{
    if (category == DOT11_ACTION_VENDOR)
        return "vendor";
    if (category == DOT11_ACTION_VENDOR_PROTECTED)
        return "vendor-protected";
    return category < CATEGORIES ? categories[category] : NULL;
}

const char *dot11_management_reason_name(uint16_t reason)
{
    return reason < REASONS ? reasons[reason] : NULL;
}

const char *dot11_management_status_name(uint16_t status)
{
    return status < STATUSES ? statuses[status] : NULL;
}

// clang-format off
static const struct action actions[ACTIONS] = {
    {DOT11_ACTION_SPECTRUM, 0, 1}, {DOT11_ACTION_SPECTRUM, 1, 1}, {DOT11_ACTION_SPECTRUM, 2, 1},
    {DOT11_ACTION_SPECTRUM, 3, 1}, {DOT11_ACTION_SPECTRUM, 4, 0},
    {DOT11_ACTION_QOS, 0, 1}, {DOT11_ACTION_QOS, 1, 3}, {DOT11_ACTION_QOS, 2, 5},
    {DOT11_ACTION_QOS, 3, 0}, {DOT11_ACTION_QOS, 4, 0},
    {DOT11_ACTION_BLOCKACK, 0, 7}, {DOT11_ACTION_BLOCKACK, 1, 7}, {DOT11_ACTION_BLOCKACK, 2, 4},
    {DOT11_ACTION_PUBLIC, 0, 0}, {DOT11_ACTION_PUBLIC, 4, 4}, {DOT11_ACTION_PUBLIC, 10, 1},
    {DOT11_ACTION_PUBLIC, 11, 5}, {DOT11_ACTION_PUBLIC, 12, 1}, {DOT11_ACTION_PUBLIC, 13, 6},
    {DOT11_ACTION_RADIO_MEASUREMENT, 0, 3}, {DOT11_ACTION_RADIO_MEASUREMENT, 1, 1},
    {DOT11_ACTION_RADIO_MEASUREMENT, 2, 3}, {DOT11_ACTION_RADIO_MEASUREMENT, 4, 1},
    {DOT11_ACTION_RADIO_MEASUREMENT, 5, 1},
    {DOT11_ACTION_FT, 1, 12}, {DOT11_ACTION_FT, 2, 14}, {DOT11_ACTION_FT, 3, 12},
    {DOT11_ACTION_FT, 4, 14},
    {DOT11_ACTION_SA_QUERY, 0, 2}, {DOT11_ACTION_SA_QUERY, 1, 2},
    {DOT11_ACTION_WNM, 6, 2}, {DOT11_ACTION_WNM, 7, 5}, {DOT11_ACTION_WNM, 8, 3},
    {DOT11_ACTION_MESH, 0, 0}, {DOT11_ACTION_MESH, 1, 0}, {DOT11_ACTION_MESH, 2, 0},
    {DOT11_ACTION_MESH, 3, 0},
    {DOT11_ACTION_SELF_PROTECTED, 1, 2}, {DOT11_ACTION_SELF_PROTECTED, 2, 4},
    {DOT11_ACTION_SELF_PROTECTED, 3, 0}, {DOT11_ACTION_SELF_PROTECTED, 4, 0},
    {DOT11_ACTION_SELF_PROTECTED, 5, 0},
    {DOT11_ACTION_WMM, 0, 2}, {DOT11_ACTION_WMM, 1, 2}, {DOT11_ACTION_WMM, 2, 2},
    {DOT11_ACTION_UNPROTECTED_WNM, 0, 0}, {DOT11_ACTION_HT, 0, 0},
};

static const struct group groups[GROUPS] = {
    {1, 96, 96}, {2, 128, 128}, {5, 192, 192}, {14, 256, 256}, {15, 384, 384}, {16, 512, 512},
    {17, 768, 768}, {18, 1024, 1024}, {19, 32, 64}, {20, 48, 96}, {21, 66, 132}, {28, 32, 64},
    {29, 48, 96}, {30, 64, 128},
};

static const char *const categories[CATEGORIES] = {
    [0] = "spectrum", [1] = "qos", [3] = "blockack", [4] = "public", [5] = "radio-measurement",
    [6] = "ft", [7] = "ht", [8] = "sa-query", [9] = "protected-public", [10] = "wnm",
    [11] = "unprotected-wnm", [12] = "tdls", [13] = "mesh", [14] = "multihop",
    [15] = "self-protected", [16] = "dmg", [17] = "wmm", [18] = "fst", [19] = "robust-av",
    [20] = "unprotected-dmg", [21] = "vht", [22] = "s1g", [23] = "s1g-relay",
    [24] = "flow-control", [25] = "control-response", [26] = "fils", [27] = "cdmg", [28] = "cmmg",
    [29] = "glk", [30] = "he", [31] = "protected-he", [32] = "wur", [33] = "protected-wur",
    [34] = "ranging", [36] = "eht", [37] = "protected-eht",
};

static const char *const reasons[REASONS] = {
    [1] = "unspecified", [2] = "previous authentication no longer valid",
    [3] = "sender is leaving", [4] = "inactive too long", [5] = "access point is full",
    [6] = "class 2 frame before authentication", [7] = "class 3 frame before association",
    [8] = "station is leaving the network", [9] = "association before authentication",
    [10] = "power capability not acceptable", [11] = "supported channels not acceptable",
    [12] = "moved by network transition", [13] = "invalid element", [14] = "message integrity",
    [15] = "four-way handshake timeout", [16] = "group handshake timeout",
    [17] = "handshake element differs", [18] = "invalid group cipher",
    [19] = "invalid pairwise cipher", [20] = "invalid key management",
    [21] = "unsupported RSN version", [22] = "invalid RSN capabilities",
    [23] = "802.1X authentication failed", [24] = "cipher refused by policy",
    [25] = "TDLS peer unreachable", [26] = "TDLS ended, unspecified",
    [27] = "session ended by SSP", [28] = "no SSP roaming agreement",
    [29] = "bad cipher or key management", [30] = "not allowed here",
    [31] = "service changed, traffic stream gone", [32] = "QoS, unspecified",
    [33] = "not enough bandwidth", [34] = "too many frames not acknowledged",
    [35] = "transmission outside its grant", [36] = "peer is leaving",
    [37] = "end of stream or block ack", [38] = "unknown stream or block ack",
    [39] = "timeout", [45] = "cipher not supported by peer", [46] = "initiated by peer",
    [47] = "initiated by access point", [48] = "invalid FT action count",
    [49] = "invalid PMKID", [50] = "invalid mobility domain", [51] = "invalid FT element",
    [52] = "mesh peering cancelled", [53] = "mesh has too many peers",
    [54] = "mesh policy violation", [55] = "mesh close received", [56] = "mesh retries used up",
    [57] = "mesh confirm timeout", [58] = "mesh invalid group key",
    [59] = "mesh parameters differ", [60] = "mesh invalid security",
    [61] = "mesh path: no proxy", [62] = "mesh path: no forwarding",
    [63] = "mesh path: destination lost", [64] = "address already in use in the mesh",
    [65] = "mesh channel switch by regulation", [66] = "mesh channel switch",
    [67] = "transmission link failed", [68] = "alternative channel occupied",
    [71] = "poor signal",
};

static const char *const statuses[STATUSES] = {
    [0] = "success", [1] = "unspecified failure", [2] = "TDLS refused, alternative given",
    [3] = "TDLS refused", [5] = "security disabled", [6] = "unacceptable lifetime",
    [7] = "not in the same network", [10] = "capabilities do not match",
    [11] = "no association to move", [12] = "denied for another reason",
    [13] = "algorithm not supported", [14] = "sequence number unexpected",
    [15] = "challenge failed", [16] = "authentication timeout", [17] = "too many stations",
    [18] = "basic rates not supported", [19] = "short preamble required",
    [22] = "spectrum management required", [23] = "power capability not acceptable",
    [24] = "supported channels not acceptable", [25] = "short slot time required",
    [27] = "no HT support", [28] = "key holder unreachable", [29] = "no PCO support",
    [30] = "refused for now, try later", [31] = "management frame policy violated",
    [32] = "QoS, unspecified", [33] = "QoS bandwidth not available",
    [34] = "channel conditions too poor", [35] = "QoS not supported by station",
    [37] = "request declined", [38] = "invalid parameters", [39] = "rejected, changes suggested",
    [40] = "invalid element", [41] = "invalid group cipher", [42] = "invalid pairwise cipher",
    [43] = "invalid key management", [44] = "unsupported RSN version",
    [45] = "invalid RSN capabilities", [46] = "cipher refused by policy",
    [47] = "stream may be created later", [48] = "direct link not allowed",
    [49] = "destination not present", [50] = "destination without QoS",
    [51] = "listen interval too long", [52] = "invalid FT action count",
    [53] = "invalid PMKID", [54] = "invalid mobility domain", [55] = "invalid FT element",
    [56] = "TCLAS not supported", [57] = "not enough TCLAS resources",
    [58] = "transition suggested", [59] = "advertisement protocol not supported",
    [60] = "no outstanding GAS request", [61] = "no GAS answer from server",
    [62] = "GAS timeout", [63] = "GAS answer too large", [64] = "refused, home network",
    [65] = "server unreachable", [67] = "refused by SSP policy",
    [68] = "refused, no emergency access", [72] = "invalid RSN element",
    [73] = "U-APSD coexistence not supported", [74] = "U-APSD coexistence refused",
    [75] = "bad interval", [76] = "anti-clogging token required",
    [77] = "finite cyclic group not supported", [78] = "no alternative beacon time",
    [79] = "transmission failure",
    [80] = "TCLAS not supported", [81] = "TCLAS resources exhausted",
    [82] = "rejected, other network suggested", [83] = "rejected with schedule",
    [84] = "rejected, no wakeup schedule", [85] = "success, power save",
    [86] = "session transition pending", [87] = "session transition under way",
    [88] = "gap in block ack window", [92] = "refused for an external reason",
    [93] = "access point out of memory", [94] = "emergency services not supported",
    [95] = "GAS answer outstanding", [96] = "rejected, DSE band", [97] = "TCLAS ended",
    [98] = "stream schedule conflict", [99] = "band and channel suggested",
    [100] = "reservation conflict", [101] = "access fraction exceeded",
    [102] = "reservation limit exceeded", [103] = "denied by spectrum management",
    [104] = "no VHT support", [105] = "enablement denied",
    [106] = "restricted by geolocation database", [107] = "authorisation withdrawn",
    [112] = "FILS authentication failed", [113] = "unknown authentication server",
    [116] = "notification period denied", [117] = "channel splitting denied",
    [118] = "allocation denied", [119] = "no CMMG support", [120] = "GAS fragment not available",
    [121] = "success, CAG version match", [122] = "GLK not authorised",
    [123] = "unknown password identifier", [124] = "no HE support",
    [126] = "SAE, hash to element", [127] = "SAE with public key",
    [130] = "TID mapping refused", [131] = "other TID mapping preferred",
    [135] = "no EHT support",
};
// clang-format on
