/* Sentences of NMEA 0183. See nmea.h. "$", two letters of the talker, three of the sentence, fields
 * between commas, "*" and a checksum: the exclusive or of all bytes between "$" and "*". */
#include "geo/nmea.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "util/bytes.h"
#include "util/clock.h"
#include "util/text.h"

#define KMH_PER_KNOT 1.852
#define DAY_NS       (86400 * NS_PER_S)
#define SAME_NS      (2 * NS_PER_S) /* sentences so close together are of one moment */

struct sentence {
    char name[4];
    int (*take)(struct nmea *nmea, struct reader *fields);
};

static const struct sentence sentences[];
static const size_t sentences_count;

/* One field of a sentence; empty ones have no length. */
struct word {
    const char *text;
    size_t length;
};

/* The next field: up to a comma, which is passed over, or the end. */
static struct word next_word(struct reader *fields)
{
    size_t left = reader_left(fields), length = 0;
    struct reader ahead = *fields;
    while (length < left && reader_u8(&ahead) != ',')
        length++;
    const char *text = (const char *)reader_bytes(fields, length);
    if (length < left)
        reader_skip(fields, 1);
    return (struct word){text, length};
}

static void skip_words(struct reader *fields, int count)
{
    while (count--)
        next_word(fields);
}

static char letter_of(struct word field)
{
    return field.length == 1 ? field.text[0] : '\0';
}

/* A number within limits, or NAN. */
static double number_within(struct word field, double least, double most)
{
    double number;
    if (text_parse_double(field.text, field.length, &number) || number < least || number > most)
        return NAN;
    return number;
}

/* "ddmm.mmm" and the letter of its half of the earth: degrees, or NAN. */
static double next_angle(struct reader *fields, char positive, char negative, double most)
{
    double packed = number_within(next_word(fields), 0, 18000);
    char half = letter_of(next_word(fields));
    double whole = floor(packed / 100), minutes = packed - 100 * whole;
    double degrees = whole + minutes / 60;
    if (isnan(packed) || minutes >= 60 || degrees > most || (half != positive && half != negative))
        return NAN;
    return half == negative ? -degrees : degrees;
}

/* `count` digits at `text`, or -1. */
static int digits_at(const char *text, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + text[i] - '0';
    }
    return number;
}

/* "hhmmss.sss": false when it is none. */
static bool read_time(struct word field, uint64_t *ret_ns)
{
    if (field.length < 6)
        return false;
    int hours = digits_at(field.text, 2), minutes = digits_at(field.text + 2, 2);
    double seconds = number_within((struct word){field.text + 4, field.length - 4}, 0, 60.999);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || isnan(seconds))
        return false;
    *ret_ns = (uint64_t)(hours * 3600 + minutes * 60) * NS_PER_S + (uint64_t)(seconds * 1e9);
    return true;
}

/* Days since the epoch of a day of the Gregorian calendar. */
static int64_t day_number(int year, int month, int day)
{
    int from_march = (month + 9) % 12;
    int64_t years = month < 3 ? year - 1 : year;
    return 365 * years + years / 4 - years / 100 + years / 400 + (153 * from_march + 2) / 5 + day -
           1 - 719468;
}

static void set_date(struct nmea *nmea, int year, int month, int day)
{
    if (year >= 1990 && month >= 1 && month <= 12 && day >= 1 && day <= 31)
        nmea->day = day_number(year, month, day);
}

/* How far two times of the day are apart, whichever is the earlier, also across midnight. */
static uint64_t time_between(uint64_t a, uint64_t b)
{
    uint64_t apart = a > b ? a - b : b - a;
    return apart > DAY_NS / 2 ? DAY_NS - apart : apart;
}

/* Sets place and time; false when they are not sound. */
static bool set_place(struct nmea *nmea, struct word time, double latitude, double longitude,
                      uint64_t *ret_time_of_day)
{
    if (isnan(latitude) || isnan(longitude) || !read_time(time, ret_time_of_day))
        return false;
    nmea->fix.dimensions = 2;
    nmea->fix.latitude = latitude;
    nmea->fix.longitude = longitude;
    nmea->fix.time_ns = nmea->day ? (uint64_t)nmea->day * DAY_NS + *ret_time_of_day : 0;
    return true;
}

static int tell_lost(struct nmea *nmea)
{
    nmea->fix.dimensions = 0;
    return 1;
}

/* Fix data: time, place, quality, satellites, dilution, altitude above the sea. */
static int take_gga(struct nmea *nmea, struct reader *fields)
{
    uint64_t time_of_day;
    struct word time = next_word(fields);
    double latitude = next_angle(fields, 'N', 'S', 90);
    double longitude = next_angle(fields, 'E', 'W', 180);
    double quality = number_within(next_word(fields), 0, 9);
    double satellites = number_within(next_word(fields), 0, 255);
    double dilution = number_within(next_word(fields), 0, 100);
    double altitude = number_within(next_word(fields), -10000, 100000);
    if (isnan(quality) || quality == 0)
        return tell_lost(nmea);
    if (!set_place(nmea, time, latitude, longitude, &time_of_day))
        return -EBADMSG;
    nmea->altitude_ns = time_of_day;
    nmea->fix.altitude = altitude;
    nmea->fix.satellites = isnan(satellites) ? 0 : (uint8_t)satellites;
    nmea->fix.accuracy = dilution > 0 ? dilution * FIX_METRES_PER_DOP : NAN;
    return 1;
}

/* Recommended minimum: time, validity, place, speed in knots, course, date, and since version 2.3
 * a mode. */
static int take_rmc(struct nmea *nmea, struct reader *fields)
{
    uint64_t time_of_day;
    struct word time = next_word(fields);
    char status = letter_of(next_word(fields));
    double latitude = next_angle(fields, 'N', 'S', 90);
    double longitude = next_angle(fields, 'E', 'W', 180);
    double knots = number_within(next_word(fields), 0, 100000);
    double course = number_within(next_word(fields), 0, 360);
    struct word date = next_word(fields);
    skip_words(fields, 2);
    if (date.length == 6) {
        int year = digits_at(date.text + 4, 2);
        set_date(nmea, year < 0 ? 0 : 2000 + year, digits_at(date.text + 2, 2),
                 digits_at(date.text, 2));
    }
    if (status != 'A' || letter_of(next_word(fields)) == 'N')
        return tell_lost(nmea);
    if (!set_place(nmea, time, latitude, longitude, &time_of_day))
        return -EBADMSG;
    if (time_between(time_of_day, nmea->altitude_ns) > SAME_NS)
        nmea->fix.altitude = NAN;
    nmea->fix.speed = knots * KMH_PER_KNOT;
    nmea->fix.heading = course;
    return 1;
}

/* Satellites and dilution: the second field says how many dimensions the fix has. */
static int take_gsa(struct nmea *nmea, struct reader *fields)
{
    skip_words(fields, 1);
    char mode = letter_of(next_word(fields));
    nmea->dimensions = mode == '2' ? 2 : mode == '3' ? 3 : 0;
    return 0;
}

/* Course and speed over the ground: true and magnetic degrees, knots, km/h, each with a letter. */
static int take_vtg(struct nmea *nmea, struct reader *fields)
{
    nmea->fix.heading = number_within(next_word(fields), 0, 360);
    skip_words(fields, 1);
    nmea->fix.magnetic_heading = number_within(next_word(fields), 0, 360);
    skip_words(fields, 3);
    nmea->fix.speed = number_within(next_word(fields), 0, 100000);
    return 0;
}

/* Time and date: time, day, month, year in four digits. */
static int take_zda(struct nmea *nmea, struct reader *fields)
{
    skip_words(fields, 1);
    double day = number_within(next_word(fields), 1, 31);
    double month = number_within(next_word(fields), 1, 12);
    double year = number_within(next_word(fields), 1990, 2200);
    if (isnan(day) || isnan(month) || isnan(year))
        return -EBADMSG;
    set_date(nmea, (int)year, (int)month, (int)day);
    return 0;
}

/* The bytes between "$" and "*" when the checksum after it is theirs; else a failed reader. */
static struct reader check_line(const uint8_t *line, size_t length)
{
    struct reader whole = reader_over(line, length);
    struct reader ahead = whole;
    uint8_t sum = 0;
    size_t count = 0;
    whole.failed = length > NMEA_LINE_MAX || reader_u8(&ahead) != '$';
    for (uint8_t byte; !ahead.failed && (byte = reader_u8(&ahead)) != '*'; count++)
        sum ^= byte;
    int high = text_hex_digit((char)reader_u8(&ahead)),
        low = text_hex_digit((char)reader_u8(&ahead));
    if (ahead.failed || reader_left(&ahead) || high < 0 || low < 0 || sum != (high << 4 | low))
        whole.failed = true;
    reader_skip(&whole, 1);
    return reader_part(&whole, count);
}

/* Two until there is an altitude that GSA does not doubt. */
static uint8_t count_dimensions(const struct nmea *nmea)
{
    if (!nmea->fix.dimensions || isnan(nmea->fix.altitude))
        return nmea->fix.dimensions;
    return nmea->dimensions ? nmea->dimensions : 3;
}

int nmea_take(struct nmea *nmea, const uint8_t *line, size_t length, struct fix *ret_fix)
{
    struct reader fields = check_line(line, length);
    struct word address = next_word(&fields);
    int result = 0;
    if (fields.failed)
        return -EBADMSG;
    if (!nmea->is_begun) {
        nmea->fix = fix_unknown();
        nmea->is_begun = true;
    }
    for (size_t i = 0; i < sentences_count && address.length == 5; i++)
        if (memcmp(address.text + 2, sentences[i].name, 3) == 0)
            result = sentences[i].take(nmea, &fields);
    if (result != 1)
        return result;
    *ret_fix = nmea->fix;
    ret_fix->dimensions = count_dimensions(nmea);
    return 1;
}

static const struct sentence sentences[] = {
    {"GGA", take_gga}, {"GSA", take_gsa}, {"RMC", take_rmc}, {"VTG", take_vtg}, {"ZDA", take_zda},
};
static const size_t sentences_count = sizeof sentences / sizeof *sentences;
