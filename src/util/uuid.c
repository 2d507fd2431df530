/* UUID text and making. See uuid.h. */
#include "util/uuid.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "util/text.h"

void uuid_write(struct uuid uuid, char ret_text[UUID_TEXT])
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = ret_text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[uuid.octet[i] >> 4];
        *at++ = digits[uuid.octet[i] & 15];
    }
    *at = '\0';
}

int uuid_parse(const char *text, size_t length, struct uuid *ret_uuid)
{
    struct uuid uuid;
    size_t at = 0;
    if (length != UUID_TEXT - 1)
        return -EINVAL;
    for (int i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-')
            return -EINVAL;
        int high = text_hex_digit(text[at]), low = text_hex_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return -EINVAL;
        uuid.octet[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *ret_uuid = uuid;
    return 0;
}

struct uuid uuid_made(uint32_t first, uint64_t last)
{
    struct uuid uuid = {{0}};
    for (int i = 0; i < 4; i++)
        uuid.octet[i] = (uint8_t)(first >> (24 - 8 * i));
    for (int i = 0; i < 6; i++)
        uuid.octet[10 + i] = (uint8_t)(last >> (40 - 8 * i));
    return uuid;
}

struct uuid uuid_random(void)
{
    struct uuid uuid = {{0}};
    if (getrandom(&uuid, sizeof uuid, 0) != (ssize_t)sizeof uuid)
        return uuid;
    uuid.octet[6] = (uint8_t)((uuid.octet[6] & 0x0f) | 0x40);
    uuid.octet[8] = (uint8_t)((uuid.octet[8] & 0x3f) | 0x80);
    return uuid;
}
