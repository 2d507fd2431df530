/* The scanner of reports: one pass checks the whole, look-ups walk again. See report.h. */
#include "dissect/report.h"

#include <errno.h>
#include <string.h>

#include "util/bytes.h"
#include "util/text.h"

enum {
    DEPTH_MAX = 8, /* maps and lists within each other */
    SURROGATE_HIGH = 0xd800,
    SURROGATE_LOW = 0xdc00,
    SURROGATE_END = 0xe000,
    REPLACEMENT = 0xfffd,
};

static bool scan_value(struct reader *reader, unsigned depth, struct report_value *ret_value);

/* The next byte without passing over it; 0 at the end. */
static uint8_t peek(const struct reader *reader)
{
    struct reader ahead = *reader;
    return reader_u8(&ahead);
}

/* Passes over the next byte where it is one of `letters`. */
static bool skip_one_of(struct reader *reader, const char *letters)
{
    uint8_t byte = peek(reader);
    if (!byte || !strchr(letters, byte))
        return false;
    reader_skip(reader, 1);
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (skip_one_of(reader, " \t\r\n"))
        continue;
}

static bool take(struct reader *reader, char letter)
{
    skip_blanks(reader);
    if (!reader_left(reader) || peek(reader) != (uint8_t)letter)
        return false;
    reader_skip(reader, 1);
    return true;
}

/* The slice from `start` up to where the reader stands. */
static struct report_value slice(struct reader start, const struct reader *end,
                                 enum report_type type)
{
    struct report_value value = {.type = (uint8_t)type};
    value.length = (uint32_t)(end->offset - start.offset);
    value.bytes = reader_bytes(&start, value.length);
    return value;
}

/* Behind the opening quote, up to and over the closing one. */
static bool scan_text(struct reader *reader, struct report_value *ret_value)
{
    struct reader start = *reader;
    while (reader_left(reader)) {
        uint8_t byte = peek(reader);
        if (byte == '"') {
            *ret_value = slice(start, reader, REPORT_TEXT);
            reader_skip(reader, 1);
            return true;
        }
        if (byte < 0x20)
            return false;
        reader_skip(reader, byte == '\\' ? 2 : 1);
    }
    return false;
}

static bool scan_word(struct reader *reader, struct report_value *ret_value)
{
    static const struct {
        const char *word;
        enum report_type type;
    } words[] = {{"true", REPORT_BOOLEAN}, {"false", REPORT_BOOLEAN}, {"null", REPORT_ABSENT}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct reader start = *reader, ahead = *reader;
        size_t length = strlen(words[i].word);
        const uint8_t *text = reader_bytes(&ahead, length);
        if (!text || memcmp(text, words[i].word, length) != 0)
            continue;
        *reader = ahead;
        *ret_value = slice(start, reader, words[i].type);
        return true;
    }
    return false;
}

static bool scan_digits(struct reader *reader)
{
    bool some = false;
    while (skip_one_of(reader, "0123456789"))
        some = true;
    return some;
}

/* Of any size and length: whoever reads it says what it may be. */
static bool scan_number(struct reader *reader, struct report_value *ret_value)
{
    struct reader start = *reader;
    skip_one_of(reader, "-");
    bool sound = scan_digits(reader);
    if (sound && skip_one_of(reader, "."))
        sound = scan_digits(reader);
    if (sound && skip_one_of(reader, "eE")) {
        skip_one_of(reader, "+-");
        sound = scan_digits(reader);
    }
    *ret_value = slice(start, reader, REPORT_NUMBER);
    return sound;
}

/* A member: its name and value; the reader stands on the opening quote. */
static bool scan_member(struct reader *reader, unsigned depth, struct report_value *ret_key,
                        struct report_value *ret_value)
{
    return take(reader, '"') && scan_text(reader, ret_key) && take(reader, ':') &&
           scan_value(reader, depth, ret_value);
}

/* What a list or map holds, behind its opening bracket, up to and over the closing one. */
static bool scan_inside(struct reader *reader, unsigned depth, char closing)
{
    struct report_value key, value;
    if (depth == DEPTH_MAX)
        return false;
    if (take(reader, closing))
        return true;
    do {
        bool sound = closing == '}' ? scan_member(reader, depth, &key, &value)
                                    : scan_value(reader, depth, &value);
        if (!sound)
            return false;
    } while (take(reader, ','));
    return take(reader, closing);
}

/* Calls itself through what maps and lists hold, no deeper than DEPTH_MAX. */
static bool scan_value(struct reader *reader, unsigned depth, struct report_value *ret_value)
{
    skip_blanks(reader);
    struct reader start = *reader;
    bool is_map = peek(reader) == '{';
    if (is_map || peek(reader) == '[') {
        reader_skip(reader, 1);
        if (!scan_inside(reader, depth + 1, is_map ? '}' : ']'))
            return false;
        *ret_value = slice(start, reader, is_map ? REPORT_MAP : REPORT_LIST);
        return true;
    }
    if (take(reader, '"'))
        return scan_text(reader, ret_value);
    return scan_word(reader, ret_value) || scan_number(reader, ret_value);
}

int report_open(const uint8_t *data, uint32_t length, struct report *ret_report,
                enum malformed *ret_reason)
{
    struct reader reader = reader_over(data, length);
    size_t kind = 0;
    while (reader_left(&reader) && reader_u8(&reader))
        kind++;
    *ret_reason = MALFORMED_REPORT_JSON;
    if (kind == length)
        return -EBADMSG;
    ret_report->kind = (const char *)data;
    if (!scan_value(&reader, 0, &ret_report->object) || ret_report->object.type != REPORT_MAP)
        return -EBADMSG;
    skip_blanks(&reader);
    if (reader_left(&reader))
        return -EBADMSG;
    *ret_reason = MALFORMED_NONE;
    return 0;
}

bool report_next(struct report_value object, uint32_t *offset, struct report_value *ret_key,
                 struct report_value *ret_value)
{
    struct reader reader = reader_over(object.bytes, object.length);
    if (object.type != REPORT_MAP)
        return false;
    reader_skip(&reader, *offset ? *offset : 1); /* the opening bracket */
    skip_blanks(&reader);
    if (!scan_member(&reader, 1, ret_key, ret_value))
        return false;
    if (!take(&reader, ','))
        take(&reader, '}');
    *offset = (uint32_t)reader.offset;
    return true;
}

struct report_value report_find(struct report_value object, const char *key)
{
    struct report_value found = {.type = REPORT_ABSENT}, name, value;
    size_t length = strlen(key);
    uint32_t offset = 0;
    while (report_next(object, &offset, &name, &value))
        if (name.length == length && memcmp(name.bytes, key, length) == 0)
            found = value;
    return found;
}

/* Four hex digits; -1 where there are none. */
static int32_t read_code(struct reader *reader)
{
    int32_t code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = text_hex_digit((char)reader_u8(reader));
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

/* The rest of \uXXXX, with its second half where there is one. */
static int32_t read_escaped(struct reader *reader)
{
    int32_t code = read_code(reader);
    if (code < SURROGATE_HIGH || code >= SURROGATE_END)
        return code ? code : REPLACEMENT;
    struct reader ahead = *reader;
    if (code >= SURROGATE_LOW || reader_u8(&ahead) != '\\' || reader_u8(&ahead) != 'u')
        return REPLACEMENT;
    int32_t low = read_code(&ahead);
    if (low < SURROGATE_LOW || low >= SURROGATE_END)
        return REPLACEMENT;
    *reader = ahead;
    return 0x10000 + ((code - SURROGATE_HIGH) << 10 | (low - SURROGATE_LOW));
}

static void add_utf8(struct buffer *buffer, int32_t code)
{
    if (code < 0x80) {
        buffer_add_byte(buffer, (uint8_t)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t heads[] = {0, 0xc0, 0xe0, 0xf0};
    buffer_add_byte(buffer, (uint8_t)(heads[more] | code >> (6 * more)));
    while (more--)
        buffer_add_byte(buffer, (uint8_t)(0x80 | (code >> (6 * more) & 0x3f)));
}

static int32_t unescape(struct reader *reader)
{
    uint8_t letter = reader_u8(reader);
    switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': return read_escaped(reader);
    case '"':
    case '\\':
    case '/': return letter;
    default: return -1;
    }
}

bool report_text(struct report_value value, struct buffer *buffer)
{
    struct reader reader = reader_over(value.bytes, value.length);
    if (value.type != REPORT_TEXT)
        return false;
    while (reader_left(&reader)) {
        uint8_t byte = reader_u8(&reader);
        if (byte != '\\') {
            buffer_add_byte(buffer, byte);
            continue;
        }
        int32_t code = unescape(&reader);
        if (code < 0)
            return false;
        add_utf8(buffer, code);
    }
    return !buffer->failed;
}

bool report_number(struct report_value value, double *ret_number)
{
    return (value.type == REPORT_NUMBER || value.type == REPORT_TEXT) &&
           text_parse_double((const char *)value.bytes, value.length, ret_number) == 0;
}

bool report_integer(struct report_value value, int64_t least, int64_t most, int64_t *ret_number)
{
    double number;
    if (!report_number(value, &number) || number < (double)least || number > (double)most ||
        number != (double)(int64_t)number)
        return false;
    *ret_number = (int64_t)number;
    return true;
}

bool report_address(struct report_value value, struct macaddr *ret_mac)
{
    return value.type == REPORT_TEXT &&
           macaddr_parse((const char *)value.bytes, value.length, ret_mac, NULL) == 0;
}
