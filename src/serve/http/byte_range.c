/* Parsing of ranges. See byte_range.h. Input: the text of a header. Output: the bytes it means in a
 * file of known length (RFC 9110, 14.1.2). */
#include "serve/http/byte_range.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Reads digits; a number too large for any file stays the largest there is. */
static const char *read_number(const char *at, bool *ret_found, uint64_t *ret_value)
{
    const char *begin = at;
    uint64_t value = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *ret_found = at != begin;
    *ret_value = value;
    return at;
}

/* The last `count` bytes. */
static enum byte_range_kind take_tail(uint64_t count, uint64_t length, struct byte_range *ret_range)
{
    if (!count || !length)
        return BYTE_RANGE_OUTSIDE;
    uint64_t taken = count < length ? count : length;
    *ret_range = (struct byte_range){length - taken, taken};
    return BYTE_RANGE_PART;
}

enum byte_range_kind byte_range_parse(const char *text, uint64_t length,
                                      struct byte_range *ret_range)
{
    static const char unit[] = "bytes=";
    bool has_first, has_last;
    uint64_t first, last;
    if (!text || strncasecmp(text, unit, sizeof unit - 1) != 0)
        return BYTE_RANGE_WHOLE;
    const char *at = text + sizeof unit - 1;
    at = read_number(at + strspn(at, " \t"), &has_first, &first);
    if (*at != '-')
        return BYTE_RANGE_WHOLE;
    at = read_number(at + 1, &has_last, &last);
    at += strspn(at, " \t");
    if (*at || (!has_first && !has_last) || (has_first && has_last && last < first))
        return BYTE_RANGE_WHOLE;
    if (!has_first)
        return take_tail(last, length, ret_range);
    if (first >= length)
        return BYTE_RANGE_OUTSIDE;
    uint64_t left = length - first;
    *ret_range =
        (struct byte_range){first, has_last && last - first < left ? last - first + 1 : left};
    return BYTE_RANGE_PART;
}
