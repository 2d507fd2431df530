/* MAC address text. See macaddr.h. */
#include "util/macaddr.h"

#include <errno.h>

#include "util/text.h"

void macaddr_write(struct macaddr mac, char ret_text[MACADDR_TEXT])
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = ret_text;
    for (int i = 0; i < 6; i++) {
        *at++ = digits[mac.octet[i] >> 4];
        *at++ = digits[mac.octet[i] & 15];
        *at++ = ':';
    }
    at[-1] = '\0';
}

/* Reads six octets; returns how many characters were used, 0 when the text is none. */
static size_t parse_octets(const char *text, size_t length, struct macaddr *ret_mac)
{
    struct macaddr mac;
    size_t at = 0;
    for (int i = 0; i < 6; i++) {
        if (i && at < length && (text[at] == ':' || text[at] == '-'))
            at++;
        if (length - at < 2)
            return 0;
        int high = text_hex_digit(text[at]), low = text_hex_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return 0;
        mac.octet[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *ret_mac = mac;
    return at;
}

int macaddr_parse(const char *text, size_t length, struct macaddr *ret_mac, uint64_t *ret_mask)
{
    struct macaddr mac, mask = {{255, 255, 255, 255, 255, 255}};
    size_t used = parse_octets(text, length, &mac);
    if (!used)
        return -EINVAL;
    if (used < length) {
        if (!ret_mask || (text[used] != '/' && text[used] != '*'))
            return -EINVAL;
        size_t rest = length - used - 1;
        if (parse_octets(text + used + 1, rest, &mask) != rest || !rest)
            return -EINVAL;
    }
    *ret_mac = mac;
    if (ret_mask)
        *ret_mask = macaddr_u64(mask);
    return 0;
}
