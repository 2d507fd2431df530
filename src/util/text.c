/* Text rules: UTF-8, printable forms, hex, base64, percent-decoding, numbers. See text.h. */
#include "util/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Length of the UTF-8 sequence at `at` (RFC 3629, section 4), 0 when it is none. */
static size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t first = at[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || left < length)
        return 0;
    uint8_t low = 0x80, high = 0xbf;
    if (first == 0xe0)
        low = 0xa0;
    else if (first == 0xed)
        high = 0x9f;
    else if (first == 0xf0)
        low = 0x90;
    else if (first == 0xf4)
        high = 0x8f;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

size_t text_utf8_valid(const void *bytes, size_t length)
{
    const uint8_t *data = bytes;
    size_t at = 0;
    while (at < length) {
        size_t step = utf8_sequence(data + at, length - at);
        if (!step)
            break;
        at += step;
    }
    return at;
}

bool text_is_printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return text_utf8_valid(text, length) == length;
}

/* Whether a sequence of that length is a control character: C0, DEL or C1. */
static bool is_control(const uint8_t *at, size_t step)
{
    return step == 1 ? at[0] < 0x20 || at[0] == 0x7f : step == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

void text_clean(char *text)
{
    uint8_t *data = (uint8_t *)text;
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        size_t step = utf8_sequence(data + at, length - at);
        if (!step || is_control(data + at, step))
            memset(data + at, '?', step ? step : 1);
        at += step ? step : 1;
    }
}

void text_add_printable(struct buffer *buffer, const void *bytes, size_t length)
{
    const uint8_t *data = bytes;
    for (size_t at = 0; at < length;) {
        size_t step = utf8_sequence(data + at, length - at);
        if (step && !is_control(data + at, step)) {
            if (data[at] == '\\')
                buffer_add_byte(buffer, '\\');
            buffer_add(buffer, data + at, step);
            at += step;
            continue;
        }
        for (size_t i = 0; i < (step ? step : 1); i++, at++) {
            char octal[4] = {'\\', (char)('0' + (data[at] >> 6)), (char)('0' + (data[at] >> 3 & 7)),
                             (char)('0' + (data[at] & 7))};
            buffer_add(buffer, octal, sizeof octal);
        }
    }
}

void text_add_hex(struct buffer *buffer, const void *bytes, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    const uint8_t *data = bytes;
    uint8_t *room = buffer_room(buffer, length * 2);
    if (!room)
        return;
    for (size_t i = 0; i < length; i++) {
        *room++ = (uint8_t)digits[data[i] >> 4];
        *room++ = (uint8_t)digits[data[i] & 15];
    }
    buffer_advance(buffer, length * 2);
}

static int base64_value(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    if (letter == '+' || letter == '-' || letter == ' ')
        return 62;
    return letter == '/' || letter == '_' ? 63 : -1;
}

int text_base64_decode(const char *text, size_t length, struct buffer *buffer)
{
    uint32_t bits = 0;
    unsigned count = 0;
    while (length &&
           (text[length - 1] == '=' || text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\r' || text[i] == '\n')
            continue;
        int value = base64_value(text[i]);
        if (value < 0)
            return -EINVAL;
        bits = bits << 6 | (uint32_t)value;
        if (++count == 4) {
            uint8_t octets[3] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8), (uint8_t)bits};
            buffer_add(buffer, octets, 3);
            bits = count = 0;
        }
    }
    if (count == 1)
        return -EINVAL;
    if (count > 1)
        buffer_add_byte(buffer, (uint8_t)(bits >> (count == 2 ? 4 : 10)));
    if (count == 3)
        buffer_add_byte(buffer, (uint8_t)(bits >> 2));
    return 0;
}

void text_add_base64(struct buffer *buffer, const void *bytes, size_t length)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *data = bytes;
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16;
        if (i + 1 < length)
            bits |= (uint32_t)data[i + 1] << 8;
        if (i + 2 < length)
            bits |= data[i + 2];
        char four[4] = {letters[bits >> 18], letters[bits >> 12 & 63],
                        i + 1 < length ? letters[bits >> 6 & 63] : '=',
                        i + 2 < length ? letters[bits & 63] : '='};
        buffer_add(buffer, four, 4);
    }
}

int text_percent_decode(const char *text, size_t length, bool plus_is_space, struct buffer *buffer)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '+' && plus_is_space) {
            buffer_add_byte(buffer, ' ');
        } else if (text[i] != '%') {
            buffer_add_byte(buffer, (uint8_t)text[i]);
        } else {
            if (length - i < 3)
                return -EINVAL;
            int high = text_hex_digit(text[i + 1]), low = text_hex_digit(text[i + 2]);
            if (high < 0 || low < 0 || (high | low) == 0)
                return -EINVAL;
            buffer_add_byte(buffer, (uint8_t)(high << 4 | low));
            i += 2;
        }
    }
    return 0;
}

int text_parse_i64(const char *text, size_t length, int64_t *ret_value)
{
    bool negative = length && text[0] == '-';
    size_t at = length && (text[0] == '-' || text[0] == '+');
    uint64_t value = 0, limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    if (at >= length)
        return -EINVAL;
    for (; at < length; at++) {
        if (text[at] < '0' || text[at] > '9')
            return -EINVAL;
        uint64_t digit = (uint64_t)(text[at] - '0');
        if (value > (limit - digit) / 10)
            return -EINVAL;
        value = value * 10 + digit;
    }
    *ret_value = negative ? (int64_t)(0 - value) : (int64_t)value;
    return 0;
}

int text_parse_double(const char *text, size_t length, double *ret_value)
{
    char copy[64], *end;
    if (!length || length >= sizeof copy || isspace((unsigned char)text[0]))
        return -EINVAL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    for (size_t i = 0; i < length; i++)
        if (!strchr("0123456789+-.eE", copy[i]))
            return -EINVAL;
    double value = strtod(copy, &end);
    if (*end || end == copy || !isfinite(value))
        return -EINVAL;
    *ret_value = value;
    return 0;
}

bool text_take_number(const char **text, unsigned *ret_number)
{
    unsigned number = 0, digits = 0;
    while (isdigit((unsigned char)**text) && digits < 4) {
        number = number * 10 + (unsigned)(*(*text)++ - '0');
        digits++;
    }
    if (!digits || isdigit((unsigned char)**text))
        return false;
    *ret_number = number;
    return true;
}

bool text_take_word(const char **text, const char *word)
{
    size_t length = strlen(word);
    if (strncasecmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

int text_parse_bool(const char *text, size_t length, bool *ret_value)
{
    static const char *const words[] = {"true",  "t", "yes", "1", "on",
                                        "false", "f", "no",  "0", "off"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == length && strncasecmp(words[i], text, length) == 0) {
            *ret_value = i < 5;
            return 0;
        }
    }
    return -EINVAL;
}

bool text_is_host(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!text[i] || !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.:-_%",
                                text[i]))
            return false;
    return length > 0;
}

void text_add_html(struct buffer *buffer, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '&': buffer_add_text(buffer, "&amp;"); break;
        case '<': buffer_add_text(buffer, "&lt;"); break;
        case '>': buffer_add_text(buffer, "&gt;"); break;
        case '"': buffer_add_text(buffer, "&quot;"); break;
        case '\'': buffer_add_text(buffer, "&#39;"); break;
        default: buffer_add_byte(buffer, (uint8_t)text[i]);
        }
    }
}

void text_add_wrapped(struct buffer *buffer, const char *text, const char *prefix, size_t columns)
{
    size_t indent = strlen(prefix), column = indent;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column > indent && column + 1 + word > columns) {
            buffer_printf(buffer, "\n%s", prefix);
            column = indent;
        } else if (column > indent) {
            buffer_add_byte(buffer, ' ');
            column++;
        }
        buffer_add(buffer, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    buffer_add_byte(buffer, '\n');
}

unsigned text_distance(const char *a, const char *b)
{
    size_t columns = strlen(b);
    unsigned row[65];
    if (strlen(a) > 63 || columns > 63)
        return 64;
    for (size_t j = 0; j <= columns; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[columns];
}
