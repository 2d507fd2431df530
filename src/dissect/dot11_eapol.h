/* EAPOL as 802.11 carries it: key frames of the 4-way and group handshakes (IEEE 802.11-2020,
 * 12.7.2; WPA's older descriptor) and EAP (RFC 3748; Wi-Fi Simple Configuration inside it). Input:
 * bytes from the EAPOL header on, as dot11_data finds them. Borrowed pointers. */
#ifndef NORN_DISSECT_DOT11_EAPOL_H
#define NORN_DISSECT_DOT11_EAPOL_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/dot11_wps.h"
#include "dissect/malformed.h"

enum dot11_eapol_type {
    DOT11_EAPOL_EAP = 0,
    DOT11_EAPOL_START = 1,
    DOT11_EAPOL_LOGOFF = 2,
    DOT11_EAPOL_KEY = 3,
    DOT11_EAPOL_ASF = 4,
    DOT11_EAPOL_MKA = 5,
};

enum { DOT11_EAPOL_RC4 = 1, DOT11_EAPOL_RSN = 2, DOT11_EAPOL_WPA = 254 }; /* descriptors */

/* Key information bits (12.7.2, figure 12-33). */
enum {
    DOT11_EAPOL_KEY_VERSION = 0x0007,
    DOT11_EAPOL_KEY_PAIRWISE = 0x0008,
    DOT11_EAPOL_KEY_INSTALL = 0x0040,
    DOT11_EAPOL_KEY_ACK = 0x0080,
    DOT11_EAPOL_KEY_MIC = 0x0100,
    DOT11_EAPOL_KEY_SECURE = 0x0200,
    DOT11_EAPOL_KEY_ERROR = 0x0400,
    DOT11_EAPOL_KEY_REQUEST = 0x0800,
    DOT11_EAPOL_KEY_ENCRYPTED = 0x1000,
    DOT11_EAPOL_KEY_SMK = 0x2000,
};

struct dot11_eapol_key {
    uint8_t descriptor;
    uint8_t message;       /* 1 to 4 of the 4-way handshake; 0 when it is none of them */
    uint8_t group_message; /* 1 or 2 of the group handshake, else 0 */
    uint16_t information;
    uint16_t key_length;
    uint64_t replay_counter;
    const uint8_t *nonce; /* 32 bytes; NULL in an RC4 descriptor */
    bool nonce_zero;
    uint8_t mic_length;   /* 0 (FILS), 16, 24 or 32, as the frame's own lengths tell */
    const uint8_t *mic;   /* mic_length bytes, NULL when 0 */
    uint16_t data_length; /* as announced */
    const uint8_t *data;  /* key data, NULL when cut or none */
    const uint8_t *pmkid; /* 16 bytes, from unencrypted key data; NULL without */
};

struct dot11_eap {
    uint8_t code; /* 1 request, 2 response, 3 success, 4 failure */
    uint8_t identifier;
    uint8_t type; /* of requests and responses; 0 otherwise */
    bool has_identity;
    struct dot11_text identity; /* response of type 1 */
    uint8_t wsc_opcode;   /* type 254, WFA's Simple Configuration: 1 start .. 4 message, 5 done */
    struct dot11_wps wps; /* of an unfragmented WSC message */
};

struct dot11_eapol {
    uint8_t version;
    uint8_t type;    /* enum dot11_eapol_type */
    uint16_t length; /* body length as announced */
    bool has_key, has_eap;
    struct dot11_eapol_key key;
    struct dot11_eap eap;
    enum malformed malformed;
};

/* Parses an EAPOL frame. 0 with ret_eapol filled (`malformed` says when only partly), or -EBADMSG
 * when not even its header is there (nothing written). */
int dot11_eapol_parse(const uint8_t *bytes, uint32_t length, struct dot11_eapol *ret_eapol);

#endif
