/* Every 802.11 capture of the corpus against its truth file. The truth's lines are made again from
 * the dissectors' facts (its generator's rules, to the letter), then compared as sets of lines.
 * Accepted differences stand in a table with their reasons. Skipped, visibly, without a corpus. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "capture_reader.h"
#include "dissect/dot11_data.h"
#include "dissect/dot11_eapol.h"
#include "dissect/dot11_ie.h"
#include "dissect/dot11_management.h"
#include "dissect/fcs.h"
#include "dissect/linktype.h"
#include "dissect/radio.h"

enum { LINE = 4096 };

/* Lines as a multiset: `count` equal ones become one. */
struct line {
    char *text;
    unsigned count;
};

struct lines {
    struct line *rows;
    size_t count, room;
};

/* A difference that is ours to keep: our line or theirs, and why. */
struct accepted {
    const char *file, *line, *reason;
};

enum { ACCEPTED_MAX = 64 };
static const struct accepted accepted[ACCEPTED_MAX];

__attribute__((format(printf, 2, 3))) static void add(struct lines *lines, const char *format, ...)
{
    char text[LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (lines->count == lines->room) {
        lines->room = lines->room ? 2 * lines->room : 256;
        lines->rows = realloc(lines->rows, lines->room * sizeof *lines->rows);
    }
    lines->rows[lines->count++] = (struct line){strdup(text), 1};
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct line *)a)->text, ((const struct line *)b)->text);
}

static void sort(struct lines *lines)
{
    size_t kept = 0;
    if (lines->count)
        qsort(lines->rows, lines->count, sizeof *lines->rows, compare);
    for (size_t i = 0; i < lines->count; i++) {
        if (kept && !strcmp(lines->rows[kept - 1].text, lines->rows[i].text)) {
            lines->rows[kept - 1].count += lines->rows[i].count;
            free(lines->rows[i].text);
        } else {
            lines->rows[kept++] = lines->rows[i];
        }
    }
    lines->count = kept;
}

static void done(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->rows[i].text);
    free(lines->rows);
    memset(lines, 0, sizeof *lines);
}

/* Ring of small texts, so that several fit one format. */
static char *scratch(void)
{
    static char texts[16][1024];
    static unsigned next;
    char *text = texts[next++ % 16];
    text[0] = '\0';
    return text;
}

static const char *mac(struct macaddr address)
{
    char *text = scratch();
    const uint8_t *octet = address.octet;
    snprintf(text, 18, "%02x:%02x:%02x:%02x:%02x:%02x", octet[0], octet[1], octet[2], octet[3],
             octet[4], octet[5]);
    return text;
}

static const char *printable(const uint8_t *bytes, size_t length)
{
    char *text = scratch(), *at = text;
    for (size_t i = 0; i < length && i < 64; i++) {
        if (bytes[i] >= 32 && bytes[i] < 127 && bytes[i] != '\\')
            *at++ = (char)bytes[i];
        else
            at += sprintf(at, "\\x%02x", bytes[i]);
    }
    *at = '\0';
    return text;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of a bit set, sorted by name and joined with "+". */
static const char *names(uint32_t bits, const char *(*name)(unsigned bit))
{
    const char *list[32];
    size_t count = 0;
    for (unsigned i = 0; i < 32; i++)
        if (bits & 1u << i)
            list[count++] = name(i);
    qsort(list, count, sizeof *list, compare_names);
    char *text = scratch();
    for (size_t i = 0; i < count; i++)
        sprintf(text + strlen(text), "%s%s", i ? "+" : "", list[i]);
    return count ? text : "-";
}

static const char *cipher_name(unsigned bit)
{
    return dot11_rsn_cipher_name((enum dot11_cipher)bit);
}

static const char *akm_name(unsigned bit)
{
    return dot11_rsn_akm_name((enum dot11_akm)bit);
}

static const char *encryption(uint16_t capability, const struct dot11_elements *facts)
{
    char *text = scratch();
    bool privacy = capability & DOT11_CAPABILITY_PRIVACY;
    sprintf(text, "privacy=%d;type=%s", privacy,
            capability & DOT11_CAPABILITY_IBSS  ? "ibss"
            : capability & DOT11_CAPABILITY_ESS ? "ess"
                                                : "neither");
    if (facts->rsn.group)
        sprintf(text + strlen(text), ";rsn_group=%s;rsn_pairwise=%s;rsn_akm=%s;mfp=%s",
                names(facts->rsn.group, cipher_name), names(facts->rsn.pairwise, cipher_name),
                names(facts->rsn.akm, akm_name),
                facts->rsn.mfp_required  ? "required"
                : facts->rsn.mfp_capable ? "capable"
                                         : "no");
    if (facts->wpa.group)
        sprintf(text + strlen(text), ";wpa_group=%s;wpa_pairwise=%s;wpa_akm=%s",
                names(facts->wpa.group, cipher_name), names(facts->wpa.pairwise, cipher_name),
                names(facts->wpa.akm, akm_name));
    if (!facts->rsn.group && !facts->wpa.group)
        sprintf(text + strlen(text), ";class=%s", privacy ? "wep" : "open");
    return text;
}

/* One packet of the capture with all that was found in it. */
struct found {
    const struct packet *packet;
    struct radio radio;
    struct dot11_frame frame;
    struct dot11_management management;
    struct dot11_elements facts;
    struct dot11_data data;
};

static void add_bss(struct lines *lines, const struct found *found)
{
    const struct dot11_elements *facts = &found->facts;
    bool beacon = found->frame.kind == DOT11_BEACON;
    const char *bssid = mac(found->frame.bssid);
    uint8_t channel = facts->channel ? facts->channel : facts->ht.primary_channel;
    add(lines, "bss\t%s", bssid);
    add(lines, "bss-%s\t%s", beacon ? "beacons" : "responses", bssid);
    if (facts->has_ssid)
        add(lines, "bss-ssid-%s\t%s\t%s", beacon ? "beacon" : "response", bssid,
            printable(facts->ssid, facts->ssid_length));
    if (facts->has_ssid && beacon && facts->ssid_hidden)
        add(lines, "bss-hidden\t%s", bssid);
    if (channel)
        add(lines, "bss-channel\t%s\t%03u", bssid, channel);
    if (facts->mesh.has_id && facts->mesh.id.length)
        add(lines, "bss-mesh\t%s\t%s", bssid,
            printable(facts->mesh.id.bytes, facts->mesh.id.length));
    if (facts->wps.state)
        add(lines, "bss-wps\t%s", bssid);
    add(lines, "enc\t%s\t%s", bssid, encryption(found->management.capability, facts));
}

static void add_management(struct lines *lines, const struct found *found)
{
    const struct dot11_frame *frame = &found->frame;
    const struct dot11_management *management = &found->management;
    char reason[16] = "-";
    if (management->present & DOT11_FIXED_REASON && !management->malformed)
        snprintf(reason, sizeof reason, "0x%04x", management->reason);
    switch (frame->kind) {
    case DOT11_BEACON:
    case DOT11_PROBE_RESPONSE: add_bss(lines, found); break;
    case DOT11_PROBE_REQUEST:
        add(lines, "probe\t%s\t%s", mac(frame->transmitter),
            found->facts.has_ssid && found->facts.ssid_length
                ? printable(found->facts.ssid, found->facts.ssid_length)
                : "<wildcard>");
        break;
    case DOT11_DEAUTH:
    case DOT11_DISASSOC:
        add(lines, "deauth\t%s\t%s\t%s\t%s\t%s", dot11_frame_kind_name(frame->kind),
            mac(frame->transmitter), mac(frame->receiver), mac(frame->bssid), reason);
        break;
    case DOT11_AUTH: {
        bool known = management->present & DOT11_FIXED_AUTH;
        const char *name = dot11_management_auth_name(management->auth_algorithm);
        if (known && !name)
            add(lines, "auth_alg\t%u", management->auth_algorithm);
        else
            add(lines, "auth_alg\t%s", known ? name : "-");
        break;
    }
    default: break;
    }
}

static void add_eapol(struct lines *lines, const struct found *found)
{
    for (int i = 0; i < found->data.eapol_count; i++) {
        struct dot11_eapol eapol;
        const struct dot11_frame *frame = &found->frame;
        char message[8] = "-", counter[24] = "-", type[8] = "-";
        if (dot11_eapol_parse(found->data.eapols[i].bytes, found->data.eapols[i].length, &eapol))
            continue;
        uint8_t number = eapol.key.group_message ? eapol.key.group_message : eapol.key.message;
        if (number)
            snprintf(message, sizeof message, "%u", number);
        if (eapol.has_key)
            snprintf(counter, sizeof counter, "%llu", (unsigned long long)eapol.key.replay_counter);
        if (eapol.type == DOT11_EAPOL_KEY)
            add(lines, "eapol_key\t%u\t%llu.%09llu\t%s\t%s\t%s\t%s\t%s", found->packet->number,
                (unsigned long long)found->packet->time_ns / 1000000000,
                (unsigned long long)found->packet->time_ns % 1000000000,
                frame->present & DOT11_HAS_BSSID ? mac(frame->bssid) : "", mac(frame->transmitter),
                mac(frame->receiver), message, counter);
        if (eapol.eap.type)
            snprintf(type, sizeof type, "%u", eapol.eap.type);
        if (eapol.has_eap)
            add(lines, "eap\tcode=%u\ttype=%s", eapol.eap.code, type);
    }
}

static void add_station(struct lines *lines, const struct found *found)
{
    const struct dot11_frame *frame = &found->frame;
    const char *address = mac(frame->transmitter);
    bool data = frame->type == DOT11_TYPE_DATA;
    if (!(frame->present & DOT11_HAS_TRANSMITTER) || frame->kind == DOT11_CF_END ||
        frame->kind == DOT11_CF_END_ACK) /* the truth calls that address a BSSID only */
        return;
    add(lines, "sta\t%s", address);
    if ((frame->kind == DOT11_BEACON || frame->kind == DOT11_PROBE_RESPONSE) &&
        macaddr_equal(frame->transmitter, frame->bssid))
        add(lines, "role\t%s\tap", address);
    if ((data && frame->to_ds && !frame->from_ds) || frame->kind == DOT11_ASSOC_REQUEST ||
        frame->kind == DOT11_REASSOC_REQUEST || frame->kind == DOT11_PROBE_REQUEST)
        add(lines, "role\t%s\tclient", address);
    if (data && frame->to_ds && frame->from_ds)
        add(lines, "role\t%s\twds", address);
}

static void add_frame(struct lines *lines, struct found *found)
{
    const struct dot11_frame *frame = &found->frame;
    const char *name = dot11_frame_kind_name(frame->kind);
    if (frame->kind >= DOT11_PV1) { /* the truth's generator has no words for other versions */
        add(lines, "subtype\tnot-802.11");
        return;
    }
    add(lines, "subtype\t%s", name);
    if (frame->retry)
        add(lines, "retry_frames");
    if (frame->protected_frame)
        add(lines, "protected_frames");
    if (frame->type == DOT11_TYPE_DATA && frame->to_ds && frame->from_ds)
        add(lines, "four_address_data_frames");
    add_station(lines, found);
    if (frame->type == DOT11_TYPE_MANAGEMENT) {
        dot11_management_parse(frame, &found->management);
        dot11_ie_parse(found->management.elements, found->management.elements_length,
                       &found->facts);
        add_management(lines, found);
        dot11_data_parse(frame, &found->data);
        if (frame->protected_frame && found->data.security == DOT11_SECURITY_WEP)
            add(lines, "wep_iv_frames");
    } else if (dot11_frame_has_payload(frame)) {
        dot11_data_parse(frame, &found->data);
        if (found->data.security == DOT11_SECURITY_WEP)
            add(lines, "wep_iv_frames");
        add_eapol(lines, found);
    }
}

static void add_packet(struct lines *lines, const struct packet *packet)
{
    struct found found = {.packet = packet};
    add(lines, "frames");
    int error = radio_parse(packet->link_type, packet->data, packet->length,
                            packet->original_length, &found.radio);
    if (!error && found.radio.fcs_bad)
        add(lines, "bad_fcs_frames");
    if (!error && packet->link_type == LINKTYPE_RADIOTAP && found.radio.frequency_khz)
        add(lines, "freq_mhz\t%u", found.radio.frequency_khz / 1000);
    if (!error)
        fcs_check(&found.radio, 0);
    if (error || dot11_frame_parse(found.radio.frame, found.radio.frame_length, found.radio.padded,
                                   &found.frame))
        add(lines, "subtype\tnot-802.11");
    else
        add_frame(lines, &found);
}

/* How often an atom was met. */
static unsigned count_of(const struct lines *atoms, const char *text)
{
    struct line key = {.text = (char *)text};
    const struct line *found =
        atoms->count ? bsearch(&key, atoms->rows, atoms->count, sizeof *atoms->rows, compare)
                     : NULL;
    return found ? found->count : 0;
}

/* The last parts of all atoms that start with "KIND\tKEY\t", joined; "-" when empty. */
static const char *join(const struct lines *atoms, const char *kind, const char *key,
                        char separator)
{
    char prefix[128], *text = scratch();
    bool first = true;
    snprintf(prefix, sizeof prefix, "%s\t%s\t", kind, key);
    for (size_t i = 0; i < atoms->count; i++) {
        if (strncmp(atoms->rows[i].text, prefix, strlen(prefix)) != 0)
            continue;
        const char *part = atoms->rows[i].text + strlen(prefix);
        sprintf(text + strlen(text), "%.*s%s", first ? 0 : 1, &separator, part);
        first = false;
    }
    return *text ? text : "-";
}

static const char *strip_zeroes(const char *list)
{
    char *text = scratch(), *at = text;
    if (!strcmp(list, "-"))
        return list;
    for (const char *from = list; *from;) {
        at += sprintf(at, "%s%ld", at == text ? "" : ",", strtol(from, (char **)&from, 10));
        from += *from == ',';
    }
    return text;
}

static void render_bss(struct lines *truth, const struct lines *atoms, const char *bssid)
{
    char kinds[5][64];
    static const char *const atoms_of[5] = {"bss-beacons", "bss-responses", "bss-hidden", "bss-wps",
                                            "bss-mesh"};
    for (int i = 0; i < 5; i++)
        snprintf(kinds[i], sizeof kinds[i], "%s\t%s", atoms_of[i], bssid);
    add(truth, "bss\t%s\t%u\t%u\t%s\t%s\t%d\t%s\t%s\t%d", bssid, count_of(atoms, kinds[0]),
        count_of(atoms, kinds[1]), join(atoms, "bss-ssid-beacon", bssid, '|'),
        join(atoms, "bss-ssid-response", bssid, '|'), count_of(atoms, kinds[2]) > 0,
        strip_zeroes(join(atoms, "bss-channel", bssid, ',')), join(atoms, "bss-mesh", bssid, '|'),
        count_of(atoms, kinds[3]) > 0);
}

static void render_line(struct lines *truth, const struct lines *atoms, const struct line *atom)
{
    static const char *const counted[] = {"subtype\t", "freq_mhz\t", "auth_alg\t",
                                          "probe\t",   "deauth\t",   "eap\t"};
    const char *tab = strchr(atom->text, '\t');
    if (tab && !strncmp(atom->text, "bss\t", 4))
        render_bss(truth, atoms, tab + 1);
    else if (!strncmp(atom->text, "sta\t", 4))
        add(truth, "%s\t%u\t%s", atom->text, atom->count, join(atoms, "role", tab + 1, '+'));
    else if (!strncmp(atom->text, "enc\t", 4))
        add(truth, "%.21s\t%u\t%s", atom->text, atom->count, atom->text + 22);
    else if (!strncmp(atom->text, "eapol_key\t", 10))
        add(truth, "%s", atom->text);
    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++)
        if (!strncmp(atom->text, counted[i], strlen(counted[i])))
            add(truth, "%s\t%u", atom->text, atom->count);
}

/* Atoms to the truth's lines. */
static void render(struct lines *truth, const struct lines *atoms)
{
    static const char *const totals[] = {"frames",        "bad_fcs_frames",
                                         "retry_frames",  "protected_frames",
                                         "wep_iv_frames", "four_address_data_frames"};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
        add(truth, "%s\t%u", totals[i], count_of(atoms, totals[i]));
    for (size_t i = 0; i < atoms->count; i++)
        render_line(truth, atoms, &atoms->rows[i]);
    sort(truth);
}

/* A list within a line, sorted: the truth's order is that of its own escapes. */
static const char *sort_list(char *list)
{
    char *items[256], *text = scratch();
    size_t count = 0;
    for (char *at = list; at && count < 256;) {
        items[count++] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = '\0';
    }
    qsort(items, count, sizeof *items, compare_names);
    for (size_t i = 0; i < count; i++)
        sprintf(text + strlen(text), "%s%s", i ? "|" : "", items[i]);
    return text;
}

static void read_truth_line(struct lines *truth, char *line)
{
    char *fields[12];
    size_t count = 0;
    static const char *const skipped[] = {"#", "first_epoch", "last_epoch", "malformed_frames",
                                          "tshark_message"};
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++)
        if (!strncmp(line, skipped[i], strlen(skipped[i])))
            return;
    char *copy = strdup(line);
    for (char *at = copy; at && count < 12;) {
        fields[count++] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = '\0';
    }
    if (count == 10 && !strcmp(fields[0], "bss")) {
        const char *beacon = sort_list(fields[4]), *response = sort_list(fields[5]);
        add(truth, "bss\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", fields[1], fields[2], fields[3],
            beacon, response, fields[6], fields[7], fields[8], fields[9]);
    } else if (count == 3 && !strcmp(fields[0], "subtype") && !strncmp(fields[1], "0x", 2)) {
        uint16_t kind = (uint16_t)strtoul(fields[1], NULL, 16);
        add(truth, "subtype\t%s\t%s", dot11_frame_kind_name(kind), fields[2]);
    } else {
        add(truth, "%s", line);
    }
    free(copy);
}

static void read_truth(struct lines *truth, const char *path)
{
    char line[LINE];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        read_truth_line(truth, line);
    }
    fclose(file);
    sort(truth);
}

static bool is_accepted(const char *file, const char *line)
{
    for (const struct accepted *row = accepted; row->file; row++)
        if (!strcmp(row->file, file) && !strcmp(row->line, line))
            return true;
    return false;
}

/* Prints lines of one side only; counts those without an excuse. */
static unsigned report(const char *file, const struct lines *expected, const struct lines *ours)
{
    unsigned bad = 0;
    size_t i = 0, k = 0;
    while (i < expected->count || k < ours->count) {
        int order = i == expected->count ? 1
                    : k == ours->count   ? -1
                                         : strcmp(expected->rows[i].text, ours->rows[k].text);
        const char *line = order < 0         ? expected->rows[i].text
                           : k < ours->count ? ours->rows[k].text
                                             : "";
        if (order && !is_accepted(file, line)) {
            print_message("%s: %s %s\n", file, order < 0 ? "missing" : "extra  ", line);
            bad++;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return bad;
}

static unsigned check(const char *corpus, const char *file)
{
    char path[4096];
    struct lines atoms = {0}, ours = {0}, truth = {0};
    struct capture capture;
    struct packet packet;
    snprintf(path, sizeof path, "%s/files/dot11/%s", corpus, file);
    assert_true(capture_open(&capture, path));
    while (capture_next(&capture, &packet))
        add_packet(&atoms, &packet);
    capture_close(&capture);
    sort(&atoms);
    render(&ours, &atoms);
    snprintf(path, sizeof path, "%s/truth/dot11/%s.tsv", corpus, file);
    read_truth(&truth, path);
    unsigned bad = report(file, &truth, &ours);
    done(&atoms);
    done(&ours);
    done(&truth);
    return bad;
}

static void test_corpus(void **state)
{
    (void)state;
    const char *corpus = capture_corpus();
    if (!corpus) {
        print_message("no corpus (NORN_CAPTURES): 802.11 truth files skipped\n");
        skip();
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/files/dot11", corpus);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    unsigned files = 0, bad = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        files++;
        bad += check(corpus, entry->d_name);
    }
    closedir(directory);
    print_message("%u captures compared, %u lines differ\n", files, bad);
    assert_true(files > 0);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

static const struct accepted accepted[ACCEPTED_MAX] = {
    {NULL, NULL, NULL},
};
