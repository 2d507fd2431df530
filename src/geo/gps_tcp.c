/* A TCP receiver: NMEA 0183 from a host and port, as many phones and GPS servers send it. */
#include <stdio.h>

#include "geo/gps.h"
#include "geo/gps_definition.h"

static bool is_complete(const struct gps_definition *definition)
{
    return *definition->host && definition->port;
}

static void describe(const struct gps_definition *definition, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "NMEA from %s port %u", definition->host, definition->port);
}

static int open_connection(const struct gps_config *config, const struct gps_definition *definition)
{
    return config->connect(config->context, definition->host, definition->port);
}

static int take(union gps_parser *parser, const uint8_t *line, size_t length, uint64_t now_ns,
                struct fix *ret_fix)
{
    return nmea_take(&parser->nmea, line, length, ret_fix);
}

static const struct gps_key keys[] = {
    {"host", gps_definition_set_host},
    {"port", gps_definition_set_port},
    {NULL, NULL},
};

const struct gps_type gps_tcp_type = {
    .record = {.class = "tcp",
               .description = "NMEA over TCP",
               .default_name = "tcp",
               .priority = GPS_CONNECTED_PRIORITY},
    .example = "tcp:host=192.168.1.20,port=10110",
    .keys = keys,
    .is_complete = is_complete,
    .describe = describe,
    .open = open_connection,
    .take = take,
};
