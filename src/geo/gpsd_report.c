/* Reports of gpsd. See gpsd_report.h. The length is bounded here, the nesting by the library. */
#include "geo/gpsd_report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/clock.h"
#include "util/json_document.h"
#include "util/text.h"

#define KMH_PER_MPS 3.6
#define SILENT_NS   (5 * NS_PER_S)

/* The number of a key, NAN where there is none within these bounds. */
static double number_within(json_t *object, const char *key, double least, double most)
{
    json_t *value = json_object_get(object, key);
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    return number >= least && number <= most ? number : NAN;
}

/* Above the sea, or what comes nearest to that. */
static double altitude_of(json_t *object)
{
    static const char *const keys[] = {"altMSL", "alt", "altHAE"};
    double altitude = NAN;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && isnan(altitude); i++)
        altitude = number_within(object, keys[i], -1e5, 1e6);
    return altitude;
}

/* "2026-01-31T12:00:00.250Z" since the epoch, or 0. */
static uint64_t time_of(json_t *object)
{
    const char *text = json_string_value(json_object_get(object, "time"));
    struct tm parts = {0};
    double fraction = 0;
    const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
    if (!rest)
        return 0;
    size_t length = strcspn(rest, "Z");
    if (length && (text_parse_double(rest, length, &fraction) || fraction < 0 || fraction >= 1))
        return 0;
    time_t seconds = timegm(&parts);
    return seconds > 0 ? (uint64_t)seconds * NS_PER_S + (uint64_t)(fraction * 1e9) : 0;
}

/* Whether a fix of this device is to be taken: there is none better that still speaks. */
static bool choose_device(struct gpsd_report *gpsd, json_t *object, uint8_t dimensions,
                          uint64_t now_ns)
{
    const char *device = json_string_value(json_object_get(object, "device"));
    if (!device)
        device = "";
    bool same = strncmp(gpsd->device, device, sizeof gpsd->device - 1) == 0;
    bool silent = now_ns > gpsd->heard_ns + SILENT_NS || now_ns < gpsd->heard_ns;
    if (!same && !silent && dimensions <= gpsd->dimensions)
        return false;
    snprintf(gpsd->device, sizeof gpsd->device, "%s", device);
    gpsd->dimensions = dimensions;
    gpsd->heard_ns = now_ns;
    return true;
}

/* How far off the place may be: gpsd's own estimate, else one made of the dilution. */
static double accuracy_of(const struct gpsd_report *gpsd, json_t *object)
{
    double estimate = number_within(object, "eph", 0, 1e6);
    if (isnan(estimate))
        estimate = fmax(number_within(object, "epx", 0, 1e6), number_within(object, "epy", 0, 1e6));
    if (isnan(estimate) && gpsd->dilution > 0)
        estimate = gpsd->dilution * FIX_METRES_PER_DOP;
    return estimate;
}

/* Time, position, velocity. */
static int take_tpv(struct gpsd_report *gpsd, json_t *object, uint64_t now_ns, struct fix *ret_fix)
{
    struct fix fix = fix_unknown();
    double mode = number_within(object, "mode", 0, 3);
    if (isnan(mode))
        return -EBADMSG;
    fix.dimensions = mode >= 2 ? (uint8_t)mode : 0;
    fix.latitude = number_within(object, "lat", -90, 90);
    fix.longitude = number_within(object, "lon", -180, 180);
    if (fix.dimensions && (isnan(fix.latitude) || isnan(fix.longitude)))
        return -EBADMSG;
    if (!choose_device(gpsd, object, fix.dimensions, now_ns))
        return 0;
    fix.altitude = altitude_of(object);
    if (fix.dimensions == 3 && isnan(fix.altitude))
        fix.dimensions = 2;
    fix.speed = number_within(object, "speed", 0, 1e5) * KMH_PER_MPS;
    fix.heading = number_within(object, "track", 0, 360);
    fix.magnetic_heading = number_within(object, "magtrack", 0, 360);
    fix.accuracy = accuracy_of(gpsd, object);
    fix.satellites = gpsd->satellites;
    fix.time_ns = time_of(object);
    *ret_fix = fix;
    return 1;
}

/* The satellites: how many are used, and the dilution. */
static int take_sky(struct gpsd_report *gpsd, json_t *object)
{
    size_t index, used = 0;
    json_t *satellite;
    json_array_foreach(json_object_get(object, "satellites"), index, satellite)
    {
        used += json_is_true(json_object_get(satellite, "used"));
    }
    gpsd->satellites = used > 255 ? 255 : (uint8_t)used;
    double dilution = number_within(object, "hdop", 0, 100);
    gpsd->dilution = isnan(dilution) ? 0 : dilution;
    return 0;
}

int gpsd_report_take(struct gpsd_report *gpsd, const uint8_t *line, size_t length, uint64_t now_ns,
                     struct fix *ret_fix)
{
    struct json_document document = {0};
    json_error_t reason;
    if (length <= GPSD_REPORT_LINE_MAX)
        json_document_load(&document, (const char *)line, length, 0, length + 1, &reason);
    json_t *object = document.root;
    const char *class = json_string_value(json_object_get(object, "class"));
    int result = !class                      ? -EBADMSG
                 : strcmp(class, "TPV") == 0 ? take_tpv(gpsd, object, now_ns, ret_fix)
                 : strcmp(class, "SKY") == 0 ? take_sky(gpsd, object)
                                             : 0;
    json_document_done(&document);
    return result;
}
