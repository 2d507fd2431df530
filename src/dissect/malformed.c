/* The names of enum malformed, for the API's counters, alerts and tests. Input: a reason; output:
 * its short name. The table is in the enum's order; a test walks both. A name once published is
 * never given to another reason: people's counters hang on it. */
#include "dissect/malformed.h"

static const char *const names[MALFORMED_COUNT];

const char *malformed_name(enum malformed reason)
{
    if ((unsigned)reason >= MALFORMED_COUNT || !names[reason])
        return "unknown";
    return names[reason];
}

static const char *const names[MALFORMED_COUNT] = {
    [MALFORMED_NONE] = "none",
    [MALFORMED_CAPTURE_SHORT] = "capture-short",
    [MALFORMED_RADIOTAP_VERSION] = "radiotap-version",
    [MALFORMED_RADIOTAP_LENGTH] = "radiotap-length",
    [MALFORMED_RADIOTAP_PRESENCE] = "radiotap-presence",
    [MALFORMED_RADIOTAP_FIELD] = "radiotap-field",
    [MALFORMED_PPI_LENGTH] = "ppi-length",
    [MALFORMED_PPI_FIELD] = "ppi-field",
    [MALFORMED_PRISM_LENGTH] = "prism-length",
    [MALFORMED_PRISM_ITEM] = "prism-item",
    [MALFORMED_AVS_LENGTH] = "avs-length",
    [MALFORMED_AVS_VERSION] = "avs-version",
    [MALFORMED_FRAME_EMPTY] = "frame-empty",
    [MALFORMED_FRAME_SHORT] = "frame-short",
    [MALFORMED_FRAME_TYPE] = "frame-type",
    [MALFORMED_MANAGEMENT_SHORT] = "management-short",
    [MALFORMED_DATA_SHORT] = "data-short",
    [MALFORMED_AMSDU_LENGTH] = "amsdu-length",
    [MALFORMED_ELEMENT_TRUNCATED] = "element-truncated",
    [MALFORMED_ELEMENT_SHORT] = "element-short",
    [MALFORMED_ELEMENT_LONG] = "element-long",
    [MALFORMED_ELEMENT_CONTENT] = "element-content",
    [MALFORMED_ELEMENT_COUNT] = "element-count",
    [MALFORMED_ATTRIBUTE] = "attribute",
    [MALFORMED_EAPOL_SHORT] = "eapol-short",
    [MALFORMED_EAPOL_KEY_LENGTH] = "eapol-key-length",
    [MALFORMED_EAPOL_KEY_TYPE] = "eapol-key-type",
    [MALFORMED_EAP_LENGTH] = "eap-length",
    [MALFORMED_BTLE_CHANNEL] = "btle-channel",
    [MALFORMED_BTLE_WHITENED] = "btle-whitened",
    [MALFORMED_BTLE_LENGTH] = "btle-length",
    [MALFORMED_BTLE_TYPE] = "btle-type",
    [MALFORMED_BTLE_EXTENDED] = "btle-extended",
    [MALFORMED_NORDIC_VERSION] = "nordic-version",
    [MALFORMED_AD_LENGTH] = "ad-length",
    [MALFORMED_AD_CONTENT] = "ad-content",
    [MALFORMED_HCI_LENGTH] = "hci-length",
    [MALFORMED_HCI_PARAMETERS] = "hci-parameters",
    [MALFORMED_REPORT_JSON] = "report-json",
    [MALFORMED_REPORT_CONTENT] = "report-content",
};
