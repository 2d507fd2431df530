/* Elements: the one iterator, the walk, the table of rows and the short parsers of elements that
 * have no file of their own (dot11_ht, dot11_vendor, dot11_rsn and dot11_wps have). A row's min and
 * max are tested before its parser runs. Input: the elements of a management frame; output: struct
 * dot11_elements. IEEE 802.11-2020, 9.4.2. */
#include "dissect/dot11_ie.h"

#include <string.h>

#include "dissect/dot11_ht.h"
#include "dissect/dot11_vendor.h"
#include "util/hash.h"

enum {
    ELEMENT_RSN = 48,
    ELEMENT_VENDOR = 221,
    RATE_BASIC = 0x80,
    RATE_SELECTORS = 122, /* 122 to 127: membership selectors, not rates (9.4.2.3) */
    TRIPLET_OPERATING = 201,
    CAPABILITY_NAMES = 88,
};

/* `repeats`: several of it in a frame are sound, each is parsed. `make`: its content is part of
 * the fingerprint, as it tells the maker rather than the moment. */
struct row {
    const char *name;
    uint8_t min, max;
    bool repeats, make;
    enum malformed (*parse)(const struct dot11_element *element, struct dot11_elements *facts);
};

/* Which ids were met, and the running fingerprint. */
struct walk {
    uint64_t ids[4], extensions[4];
    uint64_t fingerprint;
};

static const struct row rows[256];
static const struct row extensions[256];
static const char *const capability_names[CAPABILITY_NAMES];

bool dot11_ie_next(struct reader *reader, struct dot11_element *ret_element)
{
    if (!reader_left(reader))
        return false;
    uint8_t id = reader_u8(reader), length = reader_u8(reader);
    const uint8_t *content = reader_bytes(reader, length);
    ret_element->id = id;
    ret_element->extension = 0;
    ret_element->length = length;
    if (reader->failed)
        return false;
    struct reader inner = reader_over(content, length);
    bool extended = id == DOT11_ELEMENT_EXTENSION && length;
    ret_element->extension = extended ? reader_u8(&inner) : 0;
    ret_element->content = content + inner.offset;
    ret_element->length = (uint16_t)(length - inner.offset);
    return true;
}

static struct reader content_of(const struct dot11_element *element)
{
    return reader_over(element->content, element->length);
}

static struct dot11_text text_of(const struct dot11_element *element)
{
    return (struct dot11_text){.bytes = element->content, .length = element->length};
}

static enum malformed parse_ssid(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    uint8_t any = 0;
    while (reader_left(&reader))
        any |= reader_u8(&reader);
    facts->has_ssid = true;
    facts->ssid = element->content;
    facts->ssid_length = (uint8_t)element->length;
    facts->ssid_hidden = !any;
    return MALFORMED_NONE;
}

static enum malformed parse_rates(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    while (reader_left(&reader)) {
        uint8_t rate = reader_u8(&reader), value = rate & (uint8_t)~RATE_BASIC;
        if (facts->rate_count < sizeof facts->rates)
            facts->rates[facts->rate_count++] = rate;
        if (value >= RATE_SELECTORS && rate & RATE_BASIC)
            continue;
        facts->basic_count += (rate & RATE_BASIC) != 0;
        if (value > facts->max_rate)
            facts->max_rate = value;
    }
    return MALFORMED_NONE;
}

static enum malformed parse_channel(const struct dot11_element *element,
                                    struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->channel = reader_u8(&reader);
    return MALFORMED_NONE;
}

static enum malformed parse_tim(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->dtim_count = reader_u8(&reader);
    facts->dtim_period = reader_u8(&reader);
    facts->has_tim = true;
    return facts->dtim_period ? MALFORMED_NONE : MALFORMED_ELEMENT_CONTENT;
}

static enum malformed parse_ibss(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->ibss_atim = reader_le16(&reader);
    facts->has_ibss = true;
    return MALFORMED_NONE;
}

static enum malformed parse_country(const struct dot11_element *element,
                                    struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    reader_copy(&reader, facts->country, sizeof facts->country);
    facts->has_country = true;
    while (reader_left(&reader) >= 3 && facts->triplet_count < DOT11_TRIPLETS_MAX) {
        struct dot11_triplet *triplet = &facts->triplets[facts->triplet_count];
        triplet->first_channel = reader_u8(&reader);
        triplet->channel_count = reader_u8(&reader);
        triplet->max_power_dbm = (int8_t)reader_u8(&reader);
        if (triplet->first_channel) /* zero: padding */
            facts->triplet_count++;
    }
    return MALFORMED_NONE;
}

static enum malformed parse_qbss(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->qbss_stations = reader_le16(&reader);
    facts->qbss_utilization = reader_u8(&reader);
    facts->qbss_admission = reader_left(&reader) >= 2 ? reader_le16(&reader) : reader_u8(&reader);
    facts->has_qbss = true;
    return MALFORMED_NONE;
}

static enum malformed parse_power_constraint(const struct dot11_element *element,
                                             struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->power_constraint_db = reader_u8(&reader);
    facts->has_power_constraint = true;
    return MALFORMED_NONE;
}

static enum malformed parse_power_capability(const struct dot11_element *element,
                                             struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->min_power_dbm = (int8_t)reader_u8(&reader);
    facts->max_power_dbm = (int8_t)reader_u8(&reader);
    facts->has_power_capability = true;
    return MALFORMED_NONE;
}

static enum malformed parse_tpc(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->tpc_power_dbm = (int8_t)reader_u8(&reader);
    facts->tpc_margin_db = (int8_t)reader_u8(&reader);
    facts->has_tpc = true;
    return MALFORMED_NONE;
}

static enum malformed parse_supported_channels(const struct dot11_element *element,
                                               struct dot11_elements *facts)
{
    facts->supported_channels = text_of(element);
    return element->length % 2 ? MALFORMED_ELEMENT_CONTENT : MALFORMED_NONE;
}

/* 37: mode, channel, count. 60: mode, class, channel, count. */
static enum malformed parse_switch(const struct dot11_element *element,
                                   struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->switch_mode = reader_u8(&reader);
    if (element->length > 3)
        reader_skip(&reader, 1);
    facts->switch_channel = reader_u8(&reader);
    facts->switch_count = reader_u8(&reader);
    facts->has_channel_switch = true;
    return MALFORMED_NONE;
}

static enum malformed parse_erp(const struct dot11_element *element, struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->erp = reader_u8(&reader);
    facts->has_erp = true;
    return MALFORMED_NONE;
}

static enum malformed parse_rsn(const struct dot11_element *element, struct dot11_elements *facts)
{
    return dot11_rsn_parse(element->content, element->length, &facts->rsn);
}

static enum malformed parse_rsnx(const struct dot11_element *element, struct dot11_elements *facts)
{
    facts->rsnx = text_of(element);
    return MALFORMED_NONE;
}

static enum malformed parse_wapi(const struct dot11_element *element, struct dot11_elements *facts)
{
    (void)element;
    facts->has_wapi = true;
    return MALFORMED_NONE;
}

/* BSSID, information, operating class, channel, PHY type, subelements. */
static enum malformed parse_neighbor(const struct dot11_element *element,
                                     struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    reader_skip(&reader, 6 + 4 + 1);
    uint8_t channel = reader_u8(&reader);
    if (channel > facts->neighbor_channel_max)
        facts->neighbor_channel_max = channel;
    if (facts->neighbor_count < UINT8_MAX)
        facts->neighbor_count++;
    return MALFORMED_NONE;
}

static enum malformed parse_mobility(const struct dot11_element *element,
                                     struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->mobility_domain = reader_le16(&reader);
    facts->mobility_capability = reader_u8(&reader);
    facts->has_mobility = true;
    return MALFORMED_NONE;
}

static enum malformed parse_time(const struct dot11_element *element, struct dot11_elements *facts)
{
    (void)element;
    facts->has_time = true;
    return MALFORMED_NONE;
}

static enum malformed parse_rm_capabilities(const struct dot11_element *element,
                                            struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    reader_copy(&reader, facts->rm_capabilities, sizeof facts->rm_capabilities);
    facts->has_rm_capabilities = true;
    return MALFORMED_NONE;
}

static enum malformed parse_multiple_bssid(const struct dot11_element *element,
                                           struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->multiple_bssid = reader_u8(&reader);
    return MALFORMED_NONE;
}

/* Options, then venue (2 octets) when 3 or 9 long, then HESSID when 7 or 9 long. */
static enum malformed parse_interworking(const struct dot11_element *element,
                                         struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->interworking = reader_u8(&reader);
    facts->has_interworking = true;
    if (element->length == 3 || element->length == 9)
        reader_skip(&reader, 2);
    if (element->length >= 7) {
        reader_copy(&reader, &facts->hessid, sizeof facts->hessid);
        facts->has_hessid = !reader.failed;
    }
    return MALFORMED_NONE;
}

static enum malformed parse_mesh_configuration(const struct dot11_element *element,
                                               struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    reader_skip(&reader,
                5); /* protocols of path selection, metric, congestion, sync, authentication */
    uint8_t formation = reader_u8(&reader), capability = reader_u8(&reader);
    facts->mesh.has_configuration = true;
    facts->mesh.gateway = formation & 0x01;
    facts->mesh.peerings = formation >> 1 & 0x3f;
    facts->mesh.accepting = capability & 0x01;
    facts->mesh.forwarding = capability & 0x08;
    return MALFORMED_NONE;
}

static enum malformed parse_mesh_id(const struct dot11_element *element,
                                    struct dot11_elements *facts)
{
    facts->mesh.has_id = true;
    facts->mesh.id = text_of(element);
    return MALFORMED_NONE;
}

static enum malformed parse_extended_capabilities(const struct dot11_element *element,
                                                  struct dot11_elements *facts)
{
    facts->extended_capabilities = text_of(element);
    return MALFORMED_NONE;
}

static enum malformed parse_fils(const struct dot11_element *element, struct dot11_elements *facts)
{
    (void)element;
    facts->has_fils = true;
    return MALFORMED_NONE;
}

static enum malformed parse_owe_dh(const struct dot11_element *element,
                                   struct dot11_elements *facts)
{
    struct reader reader = content_of(element);
    facts->owe_group = reader_le16(&reader);
    facts->has_owe_dh = true;
    return MALFORMED_NONE;
}

static void add_fault(struct dot11_elements *facts, const struct dot11_element *element,
                      enum malformed reason)
{
    if (facts->fault_count < DOT11_MALFORMED_MAX) {
        struct dot11_fault *fault = &facts->faults[facts->fault_count];
        fault->id = element->id;
        fault->extension = element->extension;
        fault->length = (uint8_t)element->length;
        fault->reason = (uint8_t)reason;
    }
    if (facts->fault_count < UINT8_MAX)
        facts->fault_count++;
}

/* Whether this id was met before; marks it. */
static bool seen(uint64_t set[4], uint8_t id)
{
    uint64_t bit = 1ull << (id & 63);
    bool before = set[id >> 6] & bit;
    set[id >> 6] |= bit;
    return before;
}

/* Layout into the fingerprint: ids in order, a vendor's OUI and type, and what the maker chose. */
static void add_shape(struct walk *walk, const struct dot11_element *element, const struct row *row,
                      struct dot11_elements *facts)
{
    bool extended = element->id == DOT11_ELEMENT_EXTENSION;
    uint16_t code = extended ? (uint16_t)(0xff00 | element->extension) : element->id;
    if (facts->order_count < DOT11_ELEMENTS_MAX)
        facts->order[facts->order_count++] = code;
    uint64_t value = code;
    if (element->id == ELEMENT_VENDOR) {
        struct reader reader = content_of(element);
        value = value << 32 | (reader_left(&reader) >= 4 ? reader_be32(&reader) : 0);
    } else if (row->make) {
        value = hash_bytes(value, element->content, element->length);
    }
    walk->fingerprint = (walk->fingerprint ^ value) * 0x9e3779b97f4a7c15ull;
    walk->fingerprint ^= walk->fingerprint >> 32;
}

static void visit(struct walk *walk, const struct dot11_element *element,
                  struct dot11_elements *facts)
{
    bool extended = element->id == DOT11_ELEMENT_EXTENSION;
    const struct row *row = extended ? &extensions[element->extension] : &rows[element->id];
    bool again =
        seen(extended ? walk->extensions : walk->ids, extended ? element->extension : element->id);
    add_shape(walk, element, row, facts);
    if (!row->name)
        return;
    if (element->length < row->min) {
        add_fault(facts, element, MALFORMED_ELEMENT_SHORT);
    } else if (element->length > row->max) {
        add_fault(facts, element, MALFORMED_ELEMENT_LONG);
    } else if (row->parse && (!again || row->repeats)) {
        enum malformed fault = row->parse(element, facts);
        if (fault)
            add_fault(facts, element, fault);
    }
}

/* What is there of a last element that was cut: of security a part says more than nothing, which
 * would be taken for WEP. `reader` stands before it. */
static void visit_cut(struct reader reader, struct dot11_elements *facts)
{
    struct dot11_element element = {.id = reader_u8(&reader)};
    const struct row *row = &rows[element.id];
    reader_skip(&reader, 1);
    element.length = (uint16_t)reader_left(&reader);
    element.content = reader_bytes(&reader, element.length);
    bool is_again = element.id == ELEMENT_RSN && facts->rsn.present;
    if ((element.id == ELEMENT_RSN || element.id == ELEMENT_VENDOR) && element.content &&
        element.length >= row->min && !is_again)
        row->parse(&element, facts); /* that it is cut is its fault */
}

void dot11_ie_parse(const uint8_t *elements, uint32_t length, struct dot11_elements *ret_elements)
{
    struct reader reader = reader_over(elements, length), before = reader;
    struct walk walk = {0};
    struct dot11_element element = {0};
    memset(ret_elements, 0, sizeof *ret_elements);
    while (ret_elements->element_count < DOT11_ELEMENTS_WALKED_MAX &&
           dot11_ie_next(&reader, &element)) {
        ret_elements->element_count++;
        visit(&walk, &element, ret_elements);
        before = reader;
    }
    if (reader.failed) {
        add_fault(ret_elements, &element, MALFORMED_ELEMENT_TRUNCATED);
        ret_elements->is_cut = true;
        visit_cut(before, ret_elements);
    } else if (reader_left(&reader)) {
        add_fault(ret_elements, &element, MALFORMED_ELEMENT_COUNT);
    }
    ret_elements->fingerprint = hash_bytes(walk.fingerprint, NULL, 0);
    dot11_ht_conclude(ret_elements);
}

const char *dot11_ie_name(uint8_t id, uint8_t extension)
{
    return id == DOT11_ELEMENT_EXTENSION ? extensions[extension].name : rows[id].name;
}

const char *dot11_ie_capability_name(unsigned bit)
{
    return bit < CAPABILITY_NAMES ? capability_names[bit] : NULL;
}

// clang-format off
/* By id: {name, min, max, repeats, part of the make, parser}. */
static const struct row rows[256] = {
    [0] = {"SSID", 0, 32, false, false, parse_ssid},
    [1] = {"Supported Rates", 1, 32, false, true, parse_rates},
    [2] = {"FH Parameter Set", 5, 5, false, false, NULL},
    [3] = {"DS Parameter Set", 1, 1, false, false, parse_channel},
    [4] = {"CF Parameter Set", 6, 6, false, false, NULL},
    [5] = {"TIM", 2, 255, false, false, parse_tim},
    [6] = {"IBSS Parameter Set", 2, 2, false, false, parse_ibss},
    [7] = {"Country", 3, 255, false, false, parse_country},
    [10] = {"Request", 0, 255, false, true, NULL},
    [11] = {"BSS Load", 4, 5, false, false, parse_qbss},
    [12] = {"EDCA Parameter Set", 18, 18, false, false, NULL},
    [13] = {"TSPEC", 55, 55, true, false, NULL},
    [14] = {"TCLAS", 3, 255, true, false, NULL},
    [15] = {"Schedule", 14, 14, true, false, NULL},
    [16] = {"Challenge Text", 1, 255, false, false, NULL},
    [32] = {"Power Constraint", 1, 1, false, false, parse_power_constraint},
    [33] = {"Power Capability", 2, 2, false, true, parse_power_capability},
    [34] = {"TPC Request", 0, 0, false, false, NULL},
    [35] = {"TPC Report", 2, 2, false, false, parse_tpc},
    [36] = {"Supported Channels", 2, 255, false, true, parse_supported_channels},
    [37] = {"Channel Switch", 3, 3, false, false, parse_switch},
    [38] = {"Measurement Request", 3, 255, true, false, NULL},
    [39] = {"Measurement Report", 3, 255, true, false, NULL},
    [40] = {"Quiet", 6, 6, true, false, NULL},
    [41] = {"IBSS DFS", 7, 255, false, false, NULL},
    [42] = {"ERP", 1, 1, false, false, parse_erp},
    [43] = {"TS Delay", 4, 4, false, false, NULL},
    [44] = {"TCLAS Processing", 1, 1, false, false, NULL},
    [45] = {"HT Capabilities", 26, 26, false, true, dot11_ht_parse_capabilities},
    [46] = {"QoS Capability", 1, 1, false, false, NULL},
    [47] = {"ERP (old number)", 1, 255, false, false, NULL},
    [48] = {"RSN", 2, 255, false, true, parse_rsn},
    [50] = {"Extended Supported Rates", 1, 255, false, true, parse_rates},
    [51] = {"AP Channel Report", 1, 255, true, false, NULL},
    [52] = {"Neighbor Report", 13, 255, true, false, parse_neighbor},
    [53] = {"RCPI", 1, 1, false, false, NULL},
    [54] = {"Mobility Domain", 3, 3, false, false, parse_mobility},
    [55] = {"Fast BSS Transition", 82, 255, false, false, NULL},
    [56] = {"Timeout Interval", 5, 5, true, false, NULL},
    [57] = {"RIC Data", 4, 4, true, false, NULL},
    [58] = {"DSE Registered Location", 20, 20, false, false, NULL},
    [59] = {"Supported Operating Classes", 1, 255, false, true, NULL},
    [60] = {"Extended Channel Switch", 4, 4, false, false, parse_switch},
    [61] = {"HT Operation", 22, 22, false, false, dot11_ht_parse_operation},
    [62] = {"Secondary Channel Offset", 1, 1, false, false, NULL},
    [63] = {"BSS Average Access Delay", 1, 1, false, false, NULL},
    [64] = {"Antenna", 1, 1, false, false, NULL},
    [65] = {"RSNI", 1, 1, false, false, NULL},
    [66] = {"Measurement Pilot Transmission", 1, 255, false, false, NULL},
    [67] = {"BSS Available Admission Capacity", 2, 28, false, false, NULL},
    [68] = {"WAPI", 2, 255, false, false, parse_wapi},
    [69] = {"Time Advertisement", 1, 255, false, false, parse_time},
    [70] = {"RM Enabled Capabilities", 5, 5, false, true, parse_rm_capabilities},
    [71] = {"Multiple BSSID", 1, 255, true, false, parse_multiple_bssid},
    [72] = {"20/40 BSS Coexistence", 1, 255, false, false, NULL},
    [73] = {"20/40 Intolerant Channel Report", 1, 255, true, false, NULL},
    [74] = {"Overlapping BSS Scan", 14, 14, false, false, NULL},
    [75] = {"RIC Descriptor", 1, 255, true, false, NULL},
    [76] = {"Management MIC", 16, 24, false, false, NULL},
    [78] = {"Event Request", 3, 255, true, false, NULL},
    [79] = {"Event Report", 3, 255, true, false, NULL},
    [80] = {"Diagnostic Request", 4, 255, true, false, NULL},
    [81] = {"Diagnostic Report", 4, 255, true, false, NULL},
    [82] = {"Location Parameters", 0, 255, true, false, NULL},
    [83] = {"Nontransmitted BSSID Capability", 2, 255, false, false, NULL},
    [84] = {"SSID List", 0, 255, false, false, NULL},
    [85] = {"Multiple BSSID Index", 1, 255, false, false, NULL},
    [86] = {"FMS Descriptor", 1, 255, false, false, NULL},
    [87] = {"FMS Request", 1, 255, false, false, NULL},
    [88] = {"FMS Response", 1, 255, false, false, NULL},
    [89] = {"QoS Traffic Capability", 1, 255, false, false, NULL},
    [90] = {"BSS Max Idle Period", 3, 255, false, false, NULL},
    [91] = {"TFS Request", 1, 255, true, false, NULL},
    [92] = {"TFS Response", 1, 255, true, false, NULL},
    [93] = {"WNM Sleep Mode", 4, 255, false, false, NULL},
    [94] = {"TIM Broadcast Request", 1, 1, false, false, NULL},
    [95] = {"TIM Broadcast Response", 1, 10, false, false, NULL},
    [96] = {"Collocated Interference Report", 21, 21, true, false, NULL},
    [97] = {"Channel Usage", 1, 255, false, false, NULL},
    [98] = {"Time Zone", 1, 255, false, false, NULL},
    [99] = {"DMS Request", 1, 255, false, false, NULL},
    [100] = {"DMS Response", 1, 255, false, false, NULL},
    [101] = {"Link Identifier", 18, 18, false, false, NULL},
    [102] = {"Wakeup Schedule", 18, 18, false, false, NULL},
    [104] = {"Channel Switch Timing", 4, 4, false, false, NULL},
    [105] = {"PTI Control", 3, 3, false, false, NULL},
    [106] = {"TPU Buffer Status", 1, 1, false, false, NULL},
    [107] = {"Interworking", 1, 9, false, true, parse_interworking},
    [108] = {"Advertisement Protocol", 2, 255, false, false, NULL},
    [109] = {"Expedited Bandwidth Request", 1, 1, false, false, NULL},
    [110] = {"QoS Map", 16, 58, false, false, NULL},
    [111] = {"Roaming Consortium", 2, 255, false, false, NULL},
    [112] = {"Emergency Alert Identifier", 8, 8, true, false, NULL},
    [113] = {"Mesh Configuration", 7, 7, false, false, parse_mesh_configuration},
    [114] = {"Mesh ID", 0, 32, false, false, parse_mesh_id},
    [115] = {"Mesh Link Metric Report", 1, 255, false, false, NULL},
    [116] = {"Congestion Notification", 14, 255, true, false, NULL},
    [117] = {"Mesh Peering Management", 3, 255, false, false, NULL},
    [118] = {"Mesh Channel Switch", 6, 6, false, false, NULL},
    [119] = {"Mesh Awake Window", 2, 2, false, false, NULL},
    [120] = {"Beacon Timing", 1, 255, true, false, NULL},
    [121] = {"MCCAOP Setup Request", 6, 6, false, false, NULL},
    [122] = {"MCCAOP Setup Reply", 2, 7, false, false, NULL},
    [123] = {"MCCAOP Advertisement", 1, 255, false, false, NULL},
    [124] = {"MCCAOP Teardown", 1, 7, false, false, NULL},
    [125] = {"Gate Announcement", 15, 15, true, false, NULL},
    [126] = {"Root Announcement", 21, 21, true, false, NULL},
    [127] = {"Extended Capabilities", 1, 255, false, true, parse_extended_capabilities},
    [130] = {"Path Request", 37, 252, true, false, NULL},
    [131] = {"Path Reply", 31, 37, true, false, NULL},
    [132] = {"Path Error", 2, 249, true, false, NULL},
    [133] = {"Aironet", 0, 255, false, false, dot11_vendor_parse_aironet},
    [137] = {"Proxy Update", 1, 255, true, false, NULL},
    [138] = {"Proxy Update Confirmation", 8, 255, true, false, NULL},
    [139] = {"Authenticated Mesh Peering", 84, 255, false, false, NULL},
    [140] = {"MIC", 16, 16, false, false, NULL},
    [141] = {"Destination URI", 1, 255, false, false, NULL},
    [142] = {"U-APSD Coexistence", 12, 255, false, false, NULL},
    [143] = {"DMG Wakeup Schedule", 8, 8, false, false, NULL},
    [144] = {"Extended Schedule", 15, 255, false, false, NULL},
    [145] = {"STA Availability", 2, 255, false, false, NULL},
    [146] = {"DMG TSPEC", 14, 255, false, false, NULL},
    [147] = {"Next DMG ATI", 6, 6, false, false, NULL},
    [148] = {"DMG Capabilities", 17, 255, false, true, NULL},
    [149] = {"Cisco", 0, 255, true, false, NULL},
    [150] = {"Cisco Transmit Power", 0, 255, false, false, dot11_vendor_parse_power},
    [151] = {"DMG Operation", 9, 255, false, false, NULL},
    [152] = {"DMG BSS Parameter Change", 7, 7, false, false, NULL},
    [153] = {"DMG Beam Refinement", 5, 5, false, false, NULL},
    [154] = {"Channel Measurement Feedback", 4, 255, true, false, NULL},
    [157] = {"Awake Window", 2, 2, false, false, NULL},
    [158] = {"Multi-band", 22, 255, true, false, NULL},
    [159] = {"ADDBA Extension", 1, 1, false, false, NULL},
    [164] = {"Session Transition", 11, 255, false, false, NULL},
    [168] = {"DMG Link Margin", 1, 255, false, false, NULL},
    [169] = {"Multiple MAC Sublayers", 2, 255, false, false, NULL},
    [170] = {"Upper Layer Integrity", 1, 255, false, false, NULL},
    [172] = {"MAC Address Policy", 1, 255, false, false, NULL},
    [174] = {"QMF Policy", 1, 255, false, false, NULL},
    [181] = {"QMF Policy (old number)", 0, 255, false, false, NULL},
    [184] = {"Cluster Time Offset", 1, 1, false, false, NULL},
    [185] = {"Intra-Access Category Priority", 1, 255, false, false, NULL},
    [186] = {"SCS Descriptor", 2, 255, true, false, NULL},
    [187] = {"QLoad Report", 1, 255, false, false, NULL},
    [188] = {"HCCA TXOP Update Count", 1, 1, false, false, NULL},
    [189] = {"Higher Layer Stream ID", 1, 255, false, false, NULL},
    [190] = {"GCR Group Address", 6, 6, false, false, NULL},
    [191] = {"VHT Capabilities", 12, 12, false, true, dot11_ht_parse_vht_capabilities},
    [192] = {"VHT Operation", 5, 5, false, false, dot11_ht_parse_vht_operation},
    [193] = {"Extended BSS Load", 6, 255, false, false, NULL},
    [194] = {"Wide Bandwidth Channel Switch", 3, 3, false, false, NULL},
    [195] = {"Transmit Power Envelope", 2, 255, true, false, NULL},
    [196] = {"Channel Switch Wrapper", 0, 255, false, false, NULL},
    [197] = {"AID", 2, 2, false, false, NULL},
    [198] = {"Quiet Channel", 1, 255, true, false, NULL},
    [199] = {"Operating Mode Notification", 1, 1, false, false, NULL},
    [200] = {"UPSIM", 3, 255, false, false, NULL},
    [201] = {"Reduced Neighbor Report", 4, 255, true, false, NULL},
    [202] = {"TVHT Operation", 4, 255, false, false, NULL},
    [206] = {"Measurement Information", 0, 255, true, false, NULL},
    [208] = {"Beacon Compatibility", 8, 8, false, false, NULL},
    [210] = {"S1G Open-Loop Link Margin", 1, 1, false, false, NULL},
    [211] = {"RPS", 6, 255, false, false, NULL},
    [212] = {"Page Slice", 1, 255, true, false, NULL},
    [213] = {"AID Request", 1, 255, false, false, NULL},
    [214] = {"AID Response", 1, 255, false, false, NULL},
    [216] = {"TWT", 1, 255, true, false, NULL},
    [217] = {"S1G Capabilities", 15, 15, false, true, NULL},
    [221] = {"Vendor Specific", 3, 255, true, false, dot11_vendor_parse},
    [222] = {"Subchannel Selective Transmission", 1, 255, false, false, NULL},
    [224] = {"Authentication Control", 1, 255, false, false, NULL},
    [225] = {"TSF Timer Accuracy", 1, 255, false, false, NULL},
    [226] = {"S1G Relay", 1, 255, false, false, NULL},
    [229] = {"Sectorized Group ID", 1, 255, false, false, NULL},
    [230] = {"CAG Number", 1, 255, false, false, NULL},
    [232] = {"S1G Operation", 6, 6, false, false, NULL},
    [233] = {"Association Delay", 1, 255, false, false, NULL},
    [234] = {"Nontransmitting BSSID", 1, 255, false, false, NULL},
    [235] = {"S1G Sounding", 1, 255, false, false, NULL},
    [236] = {"Short Beacon Interval", 2, 2, false, false, NULL},
    [237] = {"Color Partial BSSID", 1, 255, false, false, NULL},
    [240] = {"FILS Indication", 2, 255, false, false, parse_fils},
    [242] = {"Fragment", 0, 255, true, false, NULL},
    [244] = {"RSN Extension", 1, 255, false, true, parse_rsnx},
};

/* By element id extension (255). */
static const struct row extensions[256] = {
    [1] = {"Association Delay Information", 1, 1, false, false, NULL},
    [2] = {"FILS Request Parameters", 2, 255, false, false, NULL},
    [3] = {"FILS Key Confirmation", 1, 255, false, false, NULL},
    [4] = {"FILS Session", 8, 8, false, false, NULL},
    [5] = {"FILS HLP Container", 12, 255, true, false, NULL},
    [6] = {"FILS IP Address Assignment", 1, 255, false, false, NULL},
    [7] = {"Key Delivery", 8, 255, false, false, NULL},
    [8] = {"FILS Wrapped Data", 1, 255, false, false, NULL},
    [9] = {"FTM Synchronization", 4, 4, false, false, NULL},
    [10] = {"Extended Request", 1, 255, false, false, NULL},
    [11] = {"Estimated Service Parameters", 3, 255, false, false, NULL},
    [12] = {"FILS Public Key", 2, 255, false, false, NULL},
    [13] = {"FILS Nonce", 16, 16, false, false, NULL},
    [14] = {"Future Channel Guidance", 4, 255, false, false, NULL},
    [32] = {"OWE Diffie-Hellman", 2, 255, false, false, parse_owe_dh},
    [33] = {"Password Identifier", 1, 255, false, false, NULL},
    [34] = {"GLK-GCR Parameter Set", 1, 255, false, false, NULL},
    [35] = {"HE Capabilities", 21, 254, false, true, dot11_ht_parse_he_capabilities},
    [36] = {"HE Operation", 6, 254, false, false, dot11_ht_parse_he_operation},
    [37] = {"Uplink OFDMA Random Access", 1, 255, false, false, NULL},
    [38] = {"MU EDCA Parameter Set", 13, 13, false, false, NULL},
    [39] = {"Spatial Reuse Parameter Set", 1, 255, false, false, NULL},
    [40] = {"GAS Extension", 1, 255, false, false, NULL},
    [41] = {"NDP Feedback Report", 4, 255, false, false, NULL},
    [42] = {"BSS Color Change", 2, 2, false, false, NULL},
    [43] = {"Quiet Time Period", 1, 255, false, false, NULL},
    [44] = {"Vendor Specific Request", 1, 255, false, false, NULL},
    [45] = {"ESS Report", 1, 1, false, false, NULL},
    [46] = {"Operating Parameters Suggestion", 1, 255, false, false, NULL},
    [47] = {"HE BSS Load", 1, 255, false, false, NULL},
    [52] = {"Max Channel Switch Time", 3, 3, false, false, NULL},
    [53] = {"Estimated Service Parameters Outbound", 1, 255, false, false, NULL},
    [54] = {"Operating Channel Information", 3, 3, false, false, NULL},
    [55] = {"Multiple BSSID Configuration", 2, 255, false, false, NULL},
    [56] = {"Non-Inheritance", 1, 255, false, false, NULL},
    [57] = {"Known BSSID", 1, 255, false, false, NULL},
    [58] = {"Short SSID List", 4, 255, false, false, NULL},
    [59] = {"HE 6 GHz Band Capabilities", 2, 255, false, true, NULL},
    [60] = {"Uplink Power", 1, 255, false, false, NULL},
    [88] = {"MSCS Descriptor", 1, 255, false, false, NULL},
    [89] = {"TCLAS Mask", 1, 255, true, false, NULL},
    [90] = {"Supplemental Class 2 Capabilities", 1, 255, false, false, NULL},
    [92] = {"Rejected Groups", 2, 255, false, false, NULL},
    [93] = {"Anti-Clogging Token Container", 1, 255, false, false, NULL},
    [106] = {"EHT Operation", 5, 254, false, false, dot11_ht_parse_eht_operation},
    [107] = {"Multi-Link", 3, 254, true, false, dot11_ht_parse_multi_link},
    [108] = {"EHT Capabilities", 11, 254, false, true, dot11_ht_parse_eht_capabilities},
    [109] = {"TID-To-Link Mapping", 1, 255, true, false, NULL},
    [110] = {"Multi-Link Traffic Indication", 2, 255, false, false, NULL},
    [113] = {"QoS Characteristics", 1, 255, true, false, NULL},
    [114] = {"AKM Suite Selector", 4, 255, false, false, NULL},
    [133] = {"Bandwidth Indication", 1, 255, false, false, NULL},
};

static const char *const capability_names[CAPABILITY_NAMES] = {
    [0] = "20/40 BSS Coexistence Management", [1] = "General Link", [2] = "Extended Channel Switching",
    [4] = "PSMP", [6] = "S-PSMP", [7] = "Event", [8] = "Diagnostics",
    [9] = "Multicast Diagnostics", [10] = "Location Tracking", [11] = "FMS",
    [12] = "Proxy ARP", [13] = "Collocated Interference Reporting", [14] = "Civic Location",
    [15] = "Geospatial Location", [16] = "TFS", [17] = "WNM Sleep Mode", [18] = "TIM Broadcast",
    [19] = "BSS Transition", [20] = "QoS Traffic Capability", [21] = "AC Station Count",
    [22] = "Multiple BSSID", [23] = "Timing Measurement", [24] = "Channel Usage", [25] = "SSID List",
    [26] = "DMS", [27] = "UTC TSF Offset", [28] = "TPU Buffer STA", [29] = "TDLS Peer PSM",
    [30] = "TDLS Channel Switching", [31] = "Interworking", [32] = "QoS Map", [33] = "EBR",
    [34] = "SSPN Interface", [36] = "MSGCF", [37] = "TDLS", [38] = "TDLS Prohibited",
    [39] = "TDLS Channel Switching Prohibited", [40] = "Reject Unadmitted Frame",
    [44] = "Identifier Location", [45] = "U-APSD Coexistence", [46] = "WNM Notification",
    [47] = "QAB Capability", [48] = "UTF-8 SSID", [49] = "QMF Activated",
    [50] = "QMF Reconfiguration", [51] = "Robust AV Streaming", [52] = "Advanced GCR",
    [53] = "Mesh GCR", [54] = "SCS", [55] = "QLoad Report", [56] = "Alternate EDCA",
    [57] = "Unprotected TXOP Negotiation", [58] = "Protected TXOP Negotiation",
    [60] = "Protected QLoad Report", [61] = "TDLS Wider Bandwidth",
    [62] = "Operating Mode Notification", [66] = "Channel Schedule Management",
    [67] = "Geodatabase Inband Enabling", [68] = "Network Channel Control",
    [69] = "White Space Map", [70] = "Fine Timing Measurement Responder",
    [71] = "Fine Timing Measurement Initiator", [72] = "FILS",
    [73] = "Extended Spectrum Management", [74] = "Future Channel Guidance", [75] = "PAD",
    [77] = "TWT Requester", [78] = "TWT Responder", [79] = "OBSS Narrow Bandwidth RU Tolerance",
    [80] = "Complete Nontransmitted Profile", [81] = "SAE Password Identifiers",
    [82] = "SAE Password Identifiers Exclusive", [83] = "Enhanced Multi-BSSID Advertisement",
    [84] = "Beacon Protection", [85] = "Mirrored SCS", [86] = "OCT", [87] = "Local MAC Policy",
};
// clang-format on
