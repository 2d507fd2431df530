/* gpsd, the daemon of satellite receivers: JSON over TCP. See gpsd_json(5). */
#include <stdio.h>

#include "geo/gps.h"
#include "geo/gps_definition.h"

enum { USUAL_PORT = 2947 };

static const char *host_of(const struct gps_definition *definition)
{
    return *definition->host ? definition->host : "localhost";
}

static unsigned port_of(const struct gps_definition *definition)
{
    return definition->port ? definition->port : USUAL_PORT;
}

static void describe(const struct gps_definition *definition, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "gpsd at %s port %u", host_of(definition), port_of(definition));
}

static int open_connection(const struct gps_config *config, const struct gps_definition *definition)
{
    return config->connect(config->context, host_of(definition), port_of(definition));
}

static int take(union gps_parser *parser, const uint8_t *line, size_t length, uint64_t now_ns,
                struct fix *ret_fix)
{
    return gpsd_report_take(&parser->gpsd, line, length, now_ns, ret_fix);
}

static const struct gps_key keys[] = {
    {"host", gps_definition_set_host},
    {"port", gps_definition_set_port},
    {NULL, NULL},
};

const struct gps_type gps_gpsd_type = {
    .record = {.class = "gpsd",
               .description = "gpsd, on this machine or another",
               .default_name = "gpsd",
               .priority = GPS_CONNECTED_PRIORITY},
    .example = "gpsd:host=localhost,port=2947",
    .keys = keys,
    .describe = describe,
    .open = open_connection,
    .greeting = "?WATCH={\"enable\":true,\"json\":true};\n",
    .take = take,
};
