/* Runs every dissector over one captured packet and looks at every borrowed byte, so that a
 * sanitizer sees what they point at. For the robustness test and the fuzzers' replay. Input: one
 * packet; output: a sum that has no meaning. */
#ifndef NORN_TESTS_EVERY_DISSECTOR_H
#define NORN_TESTS_EVERY_DISSECTOR_H

#include "dissect/btle_ad.h"
#include "dissect/btle_frame.h"
#include "dissect/dot11_body.h"
#include "dissect/dot11_crypt.h"
#include "dissect/dot11_data.h"
#include "dissect/dot11_eapol.h"
#include "dissect/dot11_ie.h"
#include "dissect/dot11_management.h"
#include "dissect/fcs.h"
#include "dissect/hci_frame.h"
#include "dissect/radio.h"

/* A sum over borrowed bytes: keeps the compiler from leaving the reads out. */
static inline uint64_t touch(const uint8_t *bytes, size_t length)
{
    uint64_t sum = 0;
    for (size_t i = 0; bytes && i < length; i++)
        sum += bytes[i];
    return sum;
}

static inline uint64_t touch_text(struct dot11_text text)
{
    return touch(text.bytes, text.length);
}

static inline uint64_t touch_wps(const struct dot11_wps *wps)
{
    return touch_text(wps->manufacturer) + touch_text(wps->device_name) +
           touch_text(wps->model_name) + touch_text(wps->model_number) +
           touch_text(wps->serial_number) + touch_text(wps->uuid);
}

static inline uint64_t touch_elements(const struct dot11_elements *facts)
{
    uint64_t sum = touch(facts->ssid, facts->ssid_length) + touch_text(facts->rsnx) +
                   touch_text(facts->mesh.id) + touch_text(facts->extended_capabilities) +
                   touch_text(facts->supported_channels) + touch_text(facts->ccx_name) +
                   touch_text(facts->owe_ssid) + touch_wps(&facts->wps);
    for (int i = 0; i < facts->rsn.pmkids_held; i++)
        sum += touch(facts->rsn.pmkids[i], DOT11_RSN_PMKID_BYTES);
    for (int i = 0; i < facts->vendor_count; i++)
        sum += touch(facts->vendors[i].content, facts->vendors[i].length);
    for (int i = 0; i < facts->order_count; i++)
        sum += facts->order[i];
    for (int i = 0; i < facts->fault_count && i < DOT11_MALFORMED_MAX; i++)
        sum += (uintptr_t)malformed_name((enum malformed)facts->faults[i].reason) & 1;
    return sum;
}

static inline uint64_t every_eapol(const uint8_t *bytes, uint32_t length)
{
    struct dot11_eapol eapol;
    if (dot11_eapol_parse(bytes, length, &eapol))
        return 0;
    return touch(eapol.key.nonce, 32) + touch(eapol.key.mic, eapol.key.mic_length) +
           touch(eapol.key.data, eapol.key.data_length) + touch(eapol.key.pmkid, 16) +
           touch_text(eapol.eap.identity) + touch_wps(&eapol.eap.wps);
}

static inline uint64_t every_elements(const uint8_t *bytes, uint32_t length)
{
    struct dot11_elements facts;
    char text[DOT11_CRYPT_TEXT];
    dot11_ie_parse(bytes, length, &facts);
    dot11_crypt_describe(dot11_crypt_bits(true, &facts), text);
    return touch_elements(&facts) + (uint64_t)text[0];
}

/* The frame's bytes and on, without a link header. */
static inline uint64_t every_frame(const uint8_t *bytes, uint32_t length, bool padded)
{
    struct dot11_frame frame;
    struct dot11_management management;
    struct dot11_data data;
    if (dot11_frame_parse(bytes, length, padded, &frame))
        return 0;
    uint64_t sum = touch(frame.body, frame.body_length) +
                   (uint64_t)dot11_frame_kind_name(frame.kind)[0] + dot11_body_hash(&frame);
    dot11_management_parse(&frame, &management);
    sum += every_elements(management.elements, management.elements_length);
    dot11_data_parse(&frame, &data);
    sum += touch(data.payload, data.payload_length);
    for (int i = 0; i < data.eapol_count; i++)
        sum += every_eapol(data.eapols[i].bytes, data.eapols[i].length);
    return sum;
}

/* Advertising data without what is around it. */
static inline uint64_t every_advertising(const uint8_t *bytes, uint32_t length)
{
    struct btle_ad ad;
    btle_ad_parse(bytes, length, &ad);
    uint64_t sum = touch(ad.name.bytes, ad.name.length) + touch(ad.uri.bytes, ad.uri.length) +
                   touch(ad.short_name.bytes, ad.short_name.length);
    for (int i = 0; i < ad.service_count; i++)
        sum += touch(ad.services[i].data.bytes, ad.services[i].data.length);
    for (int i = 0; i < ad.maker_count; i++)
        sum += touch(ad.makers[i].data.bytes, ad.makers[i].data.length);
    for (int i = 0; i < ad.uuid_count; i++)
        sum += ad.uuids[i].uuid.octet[15];
    for (int i = 0; i < ad.target_count; i++)
        sum += ad.targets[i].mac.octet[5];
    return sum;
}

static inline uint64_t every_btle(uint16_t link_type, const uint8_t *bytes, uint32_t length,
                                  uint32_t original_length)
{
    struct btle_radio radio;
    struct btle_frame frame;
    if (btle_radio_parse(link_type, bytes, length, original_length, &radio))
        return 0;
    uint64_t sum = touch(radio.packet, radio.packet_length);
    if (btle_frame_parse(&radio, &frame))
        return sum;
    if (frame.has_extended)
        sum += every_advertising(frame.extended.acad, frame.extended.acad_length);
    return sum + touch(frame.pdu, frame.pdu_length) +
           every_advertising(frame.data, frame.data_length);
}

static inline uint64_t every_hci(uint16_t link_type, const uint8_t *bytes, uint32_t length,
                                 uint32_t original_length)
{
    struct hci_frame frame;
    struct hci_walk walk = {0};
    struct hci_sighting sighting;
    if (hci_frame_parse(link_type, bytes, length, original_length, &frame))
        return 0;
    uint64_t sum = touch(frame.name, frame.name_length);
    while (frame.kind == HCI_SIGHTINGS && hci_frame_next(&frame, &walk, &sighting))
        sum += every_advertising(sighting.data, sighting.data_length);
    return sum;
}

static inline uint64_t every_dissector(uint16_t link_type, const uint8_t *bytes, uint32_t length,
                                       uint32_t original_length)
{
    struct radio radio;
    if (radio_parse(link_type, bytes, length, original_length, &radio))
        return every_btle(link_type, bytes, length, original_length) +
               every_hci(link_type, bytes, length, original_length);
    uint64_t sum = touch(radio.frame, radio.frame_length);
    sum += (uint64_t)fcs_check(&radio, radio.frame_length & 4);
    return sum + every_frame(radio.frame, radio.frame_length, radio.padded);
}

#endif
