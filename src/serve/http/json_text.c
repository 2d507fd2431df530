/* Walking along JSON without reading it. See json_text.h. */
#include "serve/http/json_text.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { NUMBER = 400 /* characters of a number that may be a double */ };

struct tamer {
    const char *text;
    size_t length, at;
    struct buffer *out;
    unsigned depth;
    uint32_t objects; /* a bit for each depth */
    bool is_key;      /* a text here would be one */
};

static void put(struct tamer *tamer, size_t count)
{
    buffer_add(tamer->out, tamer->text + tamer->at, count);
    tamer->at += count;
}

static void put_instead(struct tamer *tamer, size_t count, const char *word)
{
    buffer_add_text(tamer->out, word);
    tamer->at += count;
}

/* Bytes up to the end of a text that begins here, quotes included; all that is left where it has
 * no end. */
static size_t measure_text(const struct tamer *tamer)
{
    size_t at = tamer->at + 1;
    while (at < tamer->length && tamer->text[at] != '"')
        at += tamer->text[at] == '\\' ? 2 : 1;
    return at < tamer->length ? at + 1 - tamer->at : tamer->length - tamer->at;
}

/* The code after "\u"; -1 where there is none. */
static int read_code(const char *text, size_t length)
{
    int code = 0;
    for (int i = 2; i < 6; i++) {
        int digit = length < 6 ? -1 : text_hex_digit(text[i]);
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

static bool is_unicode(const char *text, size_t length, bool allow_nul)
{
    if (text_utf8_valid(text, length) != length)
        return false;
    for (size_t at = 0; at + 1 < length; at++) {
        if (text[at] != '\\' || text[++at] != 'u')
            continue;
        int code = read_code(text + at - 1, length - at + 1);
        bool is_high = code >= 0xd800 && code < 0xdc00, is_low = code >= 0xdc00 && code < 0xe000;
        if (is_high) {
            at += 5; /* at the next one's backslash, if there is one */
            bool has_next = at + 1 < length && text[at] == '\\' && text[at + 1] == 'u';
            int next = has_next ? read_code(text + at, length - at) : -1;
            if (next < 0xdc00 || next >= 0xe000)
                return false;
            at++;
        }
        if (is_low || (code == 0 && !allow_nul))
            return false;
    }
    return true;
}

static void tame_text(struct tamer *tamer)
{
    size_t length = measure_text(tamer);
    if (is_unicode(tamer->text + tamer->at, length, !tamer->is_key))
        put(tamer, length);
    else
        put_instead(tamer, length, tamer->is_key ? "\"?\"" : "null");
}

/* The end of a list or map that begins here, whatever is in it. */
static size_t measure_nest(struct tamer *tamer)
{
    struct tamer walk = *tamer;
    size_t depth = 0;
    do {
        char letter = walk.text[walk.at];
        depth += letter == '{' || letter == '[';
        depth -= letter == '}' || letter == ']';
        walk.at += letter == '"' ? measure_text(&walk) : 1;
    } while (depth && walk.at < walk.length);
    return walk.at - tamer->at;
}

static void open_nest(struct tamer *tamer, unsigned depth)
{
    if (tamer->depth >= depth) {
        put_instead(tamer, measure_nest(tamer), "null");
        return;
    }
    tamer->depth++;
    tamer->is_key = tamer->text[tamer->at] == '{';
    tamer->objects &= ~(UINT32_C(1) << tamer->depth);
    tamer->objects |= (uint32_t)tamer->is_key << tamer->depth;
    put(tamer, 1);
}

static bool begins(const struct tamer *tamer, const char *word)
{
    size_t length = strlen(word);
    return tamer->length - tamer->at >= length &&
           memcmp(tamer->text + tamer->at, word, length) == 0;
}

static void tame_number(struct tamer *tamer)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    char digits[NUMBER + 1];
    size_t length = 1;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(tamer, words[i])) {
            put_instead(tamer, strlen(words[i]), "null");
            return;
        }
    while (tamer->at + length < tamer->length && tamer->text[tamer->at + length] &&
           strchr("+-.0123456789eE", tamer->text[tamer->at + length]))
        length++;
    if (length <= NUMBER) {
        memcpy(digits, tamer->text + tamer->at, length);
        digits[length] = '\0';
    }
    if (length > NUMBER || !isfinite(strtod(digits, NULL)))
        put_instead(tamer, length, "null");
    else
        put(tamer, length);
}

int json_text_tame(const char *text, size_t length, unsigned depth, size_t values,
                   struct buffer *ret_tame)
{
    struct tamer tamer = {.text = text, .length = length, .out = ret_tame};
    size_t count = 1;
    while (tamer.at < length && count <= values) {
        char letter = text[tamer.at];
        switch (letter) {
        case '"': tame_text(&tamer); break;
        case '{':
        case '[':
            open_nest(&tamer, depth);
            count++;
            break;
        case '}':
        case ']':
            tamer.depth -= tamer.depth > 0;
            put(&tamer, 1);
            break;
        case ',':
            tamer.is_key = tamer.objects >> tamer.depth & 1;
            put(&tamer, 1);
            count++;
            break;
        case ':':
            tamer.is_key = false;
            put(&tamer, 1);
            break;
        default:
            if ((letter >= '0' && letter <= '9') || letter == '-' || letter == 'N' || letter == 'I')
                tame_number(&tamer);
            else
                put(&tamer, 1);
        }
    }
    return count > values ? -E2BIG : ret_tame->failed ? -ENOMEM : 0;
}
