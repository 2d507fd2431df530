/* Strings, series and addresses as JSON (RFC 8259, clauses 5 to 7). Strings are copied eight bytes
 * at a time until one needs care; runs of zeroes in series sixteen bytes at a time. See json.h. */
#include "schema/json.h"

#include "schema/number.h"
#include "util/text.h"

#define EVERY_BYTE(byte) (0x0101010101010101ull * (byte))

/* Some byte of the word is below 0x20, above 0x7f, a quote or a backslash. */
static inline bool needs_care(uint64_t word)
{
    const uint64_t high = EVERY_BYTE(0x80);
    uint64_t quote = word ^ EVERY_BYTE('"'), backslash = word ^ EVERY_BYTE('\\');
    uint64_t found =
        (word - EVERY_BYTE(0x20)) | (quote - EVERY_BYTE(1)) | (backslash - EVERY_BYTE(1)) | word;
    return found & high;
}

/* Copies what needs no escape, from the start; returns how many bytes that was. May write up to
 * seven bytes more than it returns. */
static inline size_t copy_plain(uint8_t *at, const char *text, size_t length)
{
    size_t done = 0;
    uint64_t word;
    for (; done + 8 <= length; done += 8) {
        memcpy(&word, text + done, 8);
        memcpy(at + done, &word, 8);
        if (needs_care(word))
            break;
    }
    if (done + 8 > length && length >= 8) { /* the last eight bytes once more, in one go */
        memcpy(&word, text + length - 8, 8);
        memcpy(at + length - 8, &word, 8);
        if (!needs_care(word))
            return length;
    }
    for (; done < length; done++) {
        uint8_t byte = (uint8_t)text[done];
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
            break;
        at[done] = byte;
    }
    return done;
}

/* One ASCII byte that JSON wants escaped; six bytes at most. */
static uint8_t *write_escape(uint8_t *at, uint8_t byte)
{
    static const char letters[] = "btn\0fr"; /* of 0x08 to 0x0d */
    char letter = byte == '"' || byte == '\\' ? (char)byte : 0;
    if (byte >= 0x08 && byte <= 0x0d)
        letter = letters[byte - 0x08];
    at[0] = '\\';
    if (letter) {
        at[1] = (uint8_t)letter;
        return at + 2;
    }
    memcpy(at + 1, "u00", 3);
    return number_write_hex(at + 4, &byte, 1);
}

/* Length of a line separator beyond ASCII (U+0085, U+2028, U+2029) at the start of a text, else 0:
 * clients that split a reply into lines would split there too. */
static size_t line_separator(const char *text, size_t length)
{
    if (length >= 2 && memcmp(text, "\xc2\x85", 2) == 0)
        return 2;
    bool separator = length >= 3 && memcmp(text, "\xe2\x80", 2) == 0 &&
                     ((uint8_t)text[2] == 0xa8 || (uint8_t)text[2] == 0xa9);
    return separator ? 3 : 0;
}

/* Copies the valid UTF-8 beyond ASCII that `text` starts with, or U+FFFD for its first byte, or
 * an escape for a line separator. Returns how many bytes of the text that covers; `length` is at
 * most a sixth of the room. */
static size_t write_beyond_ascii(uint8_t **at, const char *text, size_t length)
{
    size_t separator = line_separator(text, length), run = 0;
    if (separator) {
        const char *escape = separator == 2             ? "\\u0085"
                             : (uint8_t)text[2] == 0xa8 ? "\\u2028"
                                                        : "\\u2029";
        memcpy(*at, escape, 6);
        *at += 6;
        return separator;
    }
    while (run < length && (uint8_t)text[run] >= 0x80 && !line_separator(text + run, length - run))
        run++;
    size_t valid = text_utf8_valid(text, run);
    if (valid) {
        memcpy(*at, text, valid);
        *at += valid;
        return valid;
    }
    memcpy(*at, "\xef\xbf\xbd", 3);
    *at += 3;
    return 1;
}

/* The rest of a string once a byte needs care, with its closing quote. */
static uint8_t *write_careful(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    while (length) {
        size_t part = length < 256 ? length : 256; /* a sequence cut here is still whole below */
        at = emit_room(buffer, at, 6 * part + 16);
        if (!at)
            return NULL;
        uint8_t byte = (uint8_t)text[0];
        size_t done = 1;
        if (byte >= 0x80) {
            done = write_beyond_ascii(&at, text, part);
        } else if (byte < 0x20 || byte == '"' || byte == '\\') {
            at = write_escape(at, byte);
        } else {
            done = copy_plain(at, text, part);
            at += done;
        }
        text += done;
        length -= done;
    }
    at = emit_room(buffer, at, 1);
    if (at)
        *at++ = '"';
    return at;
}

uint8_t *json_write_text(struct buffer *buffer, uint8_t *at, const char *text, size_t length)
{
    at = emit_room(buffer, at, length + 16);
    if (!at)
        return NULL;
    *at++ = '"';
    size_t done = copy_plain(at, text, length);
    at += done;
    if (done < length)
        return write_careful(buffer, at, text + done, length - done);
    *at = '"';
    return at + 1;
}

/* At most 64 numbers, each below NUMBER_LARGE or written with room asked for. */
static uint8_t *write_numbers(struct buffer *buffer, uint8_t *at, const double *numbers,
                              size_t count)
{
    for (size_t i = 0; i < count;) {
        if (i + 8 <= count && number_zeroes(numbers + i)) {
            memcpy(at, ",0,0,0,0,0,0,0,0", 16);
            at += 16;
            i += 8;
            continue;
        }
        *at++ = ',';
        double number = numbers[i++];
        if (number < NUMBER_LARGE && number > -NUMBER_LARGE) {
            at = number_write_double(at, number);
            continue;
        }
        at = emit_room(buffer, at, NUMBER_ANY + (count - i) * (NUMBER_DECIMAL + 1));
        if (!at)
            return NULL;
        at = number_write_large(at, number);
    }
    return at;
}

uint8_t *json_write_series(struct buffer *buffer, uint8_t *at, const double *numbers, size_t count)
{
    enum { BLOCK = 64 };
    while (at && count) {
        size_t part = count < BLOCK ? count : BLOCK;
        at = emit_room(buffer, at, part * (NUMBER_DECIMAL + 1));
        if (at)
            at = write_numbers(buffer, at, numbers, part);
        numbers += part;
        count -= part;
    }
    return at;
}

uint8_t *json_write_bytes(struct buffer *buffer, uint8_t *at, struct bytes bytes)
{
    at = emit_room(buffer, at, 2 * bytes.length + 2);
    if (!at)
        return NULL;
    *at++ = '"';
    at = number_write_hex(at, bytes.data, bytes.length);
    *at = '"';
    return at + 1;
}

uint8_t *json_write_point(struct buffer *buffer, uint8_t *at, struct point point)
{
    at = emit_room(buffer, at, 2 * NUMBER_ANY + 3);
    if (!at)
        return NULL;
    *at++ = '[';
    at = number_write_point(at, point.longitude);
    *at++ = ',';
    at = number_write_point(at, point.latitude);
    *at = ']';
    return at + 1;
}

uint8_t *json_write_mac(uint8_t *at, struct macaddr mac)
{
    *at++ = '"';
    for (int i = 0; i < 6; i++, at += 3) {
        memcpy(at, number_hex_pairs + 2 * mac.octet[i], 2);
        at[2] = ':';
    }
    at[-1] = '"';
    return at;
}

uint8_t *json_write_uuid(uint8_t *at, struct uuid uuid)
{
    *at = '"';
    uuid_write(uuid, (char *)at + 1);
    at[JSON_UUID - 1] = '"';
    return at + JSON_UUID;
}

uint8_t *json_write_key(uint8_t *at, struct device_key key)
{
    *at = '"';
    size_t length = device_key_write(key, (char *)at + 1);
    at[length + 1] = '"';
    return at + length + 2;
}
