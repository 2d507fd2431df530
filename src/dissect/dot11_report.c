/* Facts of Wi-Fi scan reports. See dot11_report.h. */
#include "dissect/dot11_report.h"

#include <errno.h>
#include <string.h>

#include "dissect/dot11_channel.h"
#include "util/bytes.h"

enum { WORD_BYTES = 24, CAPABILITY_ROWS = 8, SUITE_ROWS = 18 };

/* What stands first within brackets. */
enum capability {
    CAPABILITY_RSN,
    CAPABILITY_WPA,
    CAPABILITY_OWE,
    CAPABILITY_WEP,
    CAPABILITY_WPS,
    CAPABILITY_IBSS,
};

struct capability_row {
    const char *word;
    enum capability capability;
};

/* What follows, parted by - and +. */
struct suite_row {
    const char *word;
    uint32_t cipher, akm; /* bits */
};

static const struct capability_row capability_rows[CAPABILITY_ROWS];
static const struct suite_row suite_rows[SUITE_ROWS];

/* The number that a channel begins with: "6", "42HT40P"; 0 for anything else. */
static uint16_t channel_number(struct report_value value)
{
    struct reader reader = reader_over(value.bytes, value.length);
    uint32_t number = 0;
    if (value.type != REPORT_TEXT && value.type != REPORT_NUMBER)
        return 0;
    while (reader_left(&reader) && number < 1000) {
        uint8_t digit = reader_u8(&reader);
        if (digit < '0' || digit > '9')
            break;
        number = number * 10 + (digit - '0');
    }
    return number < 1000 ? (uint16_t)number : 0;
}

int dot11_report_parse(const struct report *report, struct dot11_report *ret_report)
{
    struct report_value object = report->object;
    int64_t number;
    if (strcmp(report->kind, "DOT11SCAN") != 0)
        return -EOPNOTSUPP;
    *ret_report = (struct dot11_report){
        .ssid = report_find(object, "ssid"),
        .capabilities = report_find(object, "capabilities"),
        .channel = channel_number(report_find(object, "channel")),
    };
    if (report_integer(report_find(object, "signal"), INT8_MIN, 0, &number))
        ret_report->signal = (int16_t)number;
    if (report_integer(report_find(object, "freqkhz"), 1, 100000000, &number))
        ret_report->frequency_khz = (uint32_t)number;
    else
        ret_report->frequency_khz =
            dot11_channel_to_frequency(ret_report->channel, RADIO_BAND_UNKNOWN);
    if (!ret_report->channel)
        ret_report->channel = dot11_channel_from_frequency(ret_report->frequency_khz);
    return report_address(report_find(object, "bssid"), &ret_report->bssid) ? 0 : -EBADMSG;
}

/* The next word up to one of the letters in `ends`, which is passed over and given back; 0 at the
 * end. Longer words are cut. */
static char next_word(struct reader *reader, const char *ends, char ret_word[WORD_BYTES])
{
    size_t length = 0;
    char end = 0;
    while (reader_left(reader) && !end) {
        char letter = (char)reader_u8(reader);
        if (letter && strchr(ends, letter))
            end = letter;
        else if (length < WORD_BYTES - 1)
            ret_word[length++] = letter;
    }
    ret_word[length] = '\0';
    return end;
}

static const struct capability_row *find_capability(const char *word)
{
    for (size_t i = 0; i < CAPABILITY_ROWS; i++)
        if (strcmp(capability_rows[i].word, word) == 0)
            return &capability_rows[i];
    return NULL;
}

static void take_suite(const char *word, struct dot11_rsn *rsn)
{
    for (size_t i = 0; i < SUITE_ROWS; i++) {
        if (strcmp(suite_rows[i].word, word) != 0)
            continue;
        rsn->pairwise |= suite_rows[i].cipher;
        rsn->akm |= suite_rows[i].akm;
        return;
    }
    if (strcmp(word, "256") == 0) /* of GCMP-256, which is parted like a list */
        rsn->pairwise =
            (rsn->pairwise & ~(1u << DOT11_CIPHER_GCMP128)) | 1u << DOT11_CIPHER_GCMP256;
}

/* The rest of a pair of brackets: suites of what stood first. */
static void take_suites(struct reader *reader, char end, struct dot11_rsn *rsn)
{
    char word[WORD_BYTES];
    while (end && end != ']') {
        end = next_word(reader, "-+]", word);
        if (rsn)
            take_suite(word, rsn);
    }
}

static struct dot11_rsn *begin_capability(enum capability capability,
                                          struct dot11_elements *elements,
                                          struct dot11_report_network *network)
{
    network->is_private |= capability <= CAPABILITY_WEP;
    network->is_ibss |= capability == CAPABILITY_IBSS;
    elements->wps.present |= capability == CAPABILITY_WPS;
    if (capability == CAPABILITY_OWE)
        elements->rsn.akm |= 1u << DOT11_AKM_OWE;
    struct dot11_rsn *rsn = capability == CAPABILITY_WPA   ? &elements->wpa
                            : capability <= CAPABILITY_OWE ? &elements->rsn
                                                           : NULL;
    if (rsn)
        rsn->present = true;
    return rsn;
}

static void take_capabilities(struct report_value value, struct dot11_elements *elements,
                              struct dot11_report_network *network)
{
    struct reader reader = reader_over(value.bytes, value.length);
    char word[WORD_BYTES];
    if (value.type != REPORT_TEXT)
        return;
    while (next_word(&reader, "[", word)) {
        char end = next_word(&reader, "-+]", word);
        const struct capability_row *row = find_capability(word);
        struct dot11_rsn *rsn = row ? begin_capability(row->capability, elements, network) : NULL;
        take_suites(&reader, end, rsn);
    }
}

void dot11_report_elements(const struct dot11_report *report,
                           uint8_t ret_ssid[DOT11_REPORT_SSID_MAX],
                           struct dot11_elements *ret_elements,
                           struct dot11_report_network *ret_network)
{
    struct buffer ssid = {
        .data = ret_ssid, .capacity = DOT11_REPORT_SSID_MAX, .ceiling = DOT11_REPORT_SSID_MAX};
    memset(ret_elements, 0, sizeof *ret_elements);
    *ret_network = (struct dot11_report_network){.is_private = false};
    report_text(report->ssid, &ssid);
    ret_elements->has_ssid = true;
    ret_elements->ssid_hidden = !ssid.length;
    ret_elements->ssid_length = (uint8_t)ssid.length;
    ret_elements->ssid = ret_ssid;
    ret_elements->channel = report->channel < 256 ? (uint8_t)report->channel : 0;
    take_capabilities(report->capabilities, ret_elements, ret_network);
}

// clang-format off
static const struct capability_row capability_rows[CAPABILITY_ROWS] = {
    {"WPA", CAPABILITY_WPA}, {"WPA2", CAPABILITY_RSN}, {"WPA3", CAPABILITY_RSN}, {"RSN", CAPABILITY_RSN},
    {"OWE", CAPABILITY_OWE}, {"WEP", CAPABILITY_WEP}, {"WPS", CAPABILITY_WPS}, {"IBSS", CAPABILITY_IBSS},
};

#define CIPHER(word, bit) {(word), 1u << (bit), 0}
#define AKM(word, bit) {(word), 0, 1u << (bit)}

static const struct suite_row suite_rows[SUITE_ROWS] = {
    CIPHER("CCMP", DOT11_CIPHER_CCMP128), CIPHER("TKIP", DOT11_CIPHER_TKIP), CIPHER("GCMP", DOT11_CIPHER_GCMP128),
    CIPHER("WEP40", DOT11_CIPHER_WEP40), CIPHER("WEP104", DOT11_CIPHER_WEP104),
    AKM("PSK", DOT11_AKM_PSK), AKM("EAP", DOT11_AKM_8021X), AKM("EAP/SHA1", DOT11_AKM_8021X), AKM("EAP/SHA256", DOT11_AKM_8021X_SHA256),
    AKM("SAE", DOT11_AKM_SAE), AKM("SAE_EXT_KEY", DOT11_AKM_SAE_EXT), AKM("OWE", DOT11_AKM_OWE),
    AKM("EAP_SUITE_B_192", DOT11_AKM_SUITE_B_192), AKM("SUITE_B_192", DOT11_AKM_SUITE_B_192),
    AKM("FT/PSK", DOT11_AKM_FT_PSK), AKM("FT/EAP", DOT11_AKM_FT_8021X), AKM("FT/SAE", DOT11_AKM_FT_SAE),
    AKM("PSK/SHA256", DOT11_AKM_PSK_SHA256),
};
// clang-format on
