/* A serial receiver: NMEA 0183 on a serial line. */
#include <errno.h>
#include <stdio.h>

#include "geo/gps.h"
#include "geo/gps_definition.h"
#include "util/text.h"

static int set_device(struct gps_definition *definition, const char *value, size_t length)
{
    if (!length || length >= sizeof definition->device || value[0] != '/')
        return -EINVAL;
    snprintf(definition->device, sizeof definition->device, "%s", value);
    return 0;
}

static int set_baud(struct gps_definition *definition, const char *value, size_t length)
{
    int64_t baud;
    if (text_parse_i64(value, length, &baud) || baud < 300 || baud > 4000000)
        return -EINVAL;
    definition->baud = (unsigned)baud;
    return 0;
}

static bool is_complete(const struct gps_definition *definition)
{
    return *definition->device;
}

static void describe(const struct gps_definition *definition, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "NMEA on %s at %u baud", definition->device, definition->baud);
}

static int open_line(const struct gps_config *config, const struct gps_definition *definition)
{
    return config->open_serial(config->context, definition->device, definition->baud);
}

static int take(union gps_parser *parser, const uint8_t *line, size_t length, uint64_t now_ns,
                struct fix *ret_fix)
{
    return nmea_take(&parser->nmea, line, length, ret_fix);
}

static const struct gps_key keys[] = {
    {"baud", set_baud},
    {"device", set_device},
    {NULL, NULL},
};

const struct gps_type gps_serial_type = {
    .record = {.class = "serial",
               .description = "NMEA on a serial line",
               .default_name = "serial",
               .priority = GPS_CONNECTED_PRIORITY},
    .example = "serial:device=/dev/ttyUSB0,baud=9600",
    .keys = keys,
    .is_complete = is_complete,
    .describe = describe,
    .open = open_line,
    .take = take,
};
