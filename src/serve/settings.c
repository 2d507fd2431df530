/* The option tables of all folders, and what is printed from tables. See settings.h. */
#include "serve/settings.h"

#include <errno.h>
#include <string.h>

#include "alert/alert.h"
#include "capture/capture.h"
#include "geo/gps.h"
#include "phy/dot11_alerts.h"
#include "schema/fields_doc.h"
#include "serve/alert_doc.h"
#include "serve/api/openapi.h"
#include "serve/api/routes.h"
#include "serve/event/event_topics.h"
#include "serve/http/route_doc.h"
#include "serve/http/server.h"
#include "track/mac_filter.h"
#include "track/store.h"
#include "util/arguments.h"
#include "util/config.h"
#include "util/pattern.h"
#include "util/sandbox.h"

enum { TABLES = 12 };

const struct option_table *settings_tables(void)
{
    static struct option_table tables[TABLES];
    size_t count = 0;
    tables[count++] = (struct option_table){"General", config_options, config_option_count};
    tables[count++] = (struct option_table){"Privileges", sandbox_options, sandbox_options_count};
    tables[count++] = (struct option_table){"Sources", capture_options, capture_options_count};
    tables[count++] = (struct option_table){"Tracking", store_options, store_options_count};
    tables[count++] =
        (struct option_table){"Filters", mac_filter_options, mac_filter_options_count};
    tables[count++] =
        (struct option_table){"Bluetooth", bluetooth_name_options, bluetooth_name_options_count};
    tables[count++] = (struct option_table){"Alerts", alert_options, alert_options_count};
    tables[count++] =
        (struct option_table){"Wi-Fi alerts", dot11_alerts_options, dot11_alerts_options_count};
    tables[count++] = (struct option_table){"Positions", gps_options, gps_options_count};
    tables[count++] = (struct option_table){"HTTP server", server_options, server_options_count};
    tables[count++] =
        (struct option_table){"Endpoints", api_devices_options, api_devices_options_count};
    tables[count] = (struct option_table){0};
    return tables;
}

static void print_options(struct buffer *buffer)
{
    options_print_markdown(settings_tables(), buffer);
}

static void print_conf(struct buffer *buffer)
{
    options_print_conf(settings_tables(), buffer);
}

static void print_endpoints(struct buffer *buffer)
{
    route_doc_markdown(routes, buffer);
}

static void print_routes(struct buffer *buffer)
{
    route_doc_rows(routes, buffer);
}

static void print_openapi(struct buffer *buffer)
{
    openapi_write(routes, buffer);
    buffer_add_byte(buffer, '\n');
}

static const struct {
    const char *name;
    void (*print)(struct buffer *buffer);
} texts[] = {
    {"options", print_options},         {"conf", print_conf},
    {"fields", fields_doc_markdown},    {"endpoints", print_endpoints},
    {"manual", arguments_print_manual}, {"alerts", alert_doc_print},
    {"topics", event_topics_print},     {"routes", print_routes},
    {"openapi", print_openapi},
};

int settings_print(const char *what, struct buffer *buffer, struct buffer *ret_why)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].name, what) != 0)
            continue;
        texts[i].print(buffer);
        return 0;
    }
    buffer_printf(ret_why, "--print takes one of:");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buffer_printf(ret_why, " %s", texts[i].name);
    return -EINVAL;
}

void settings_print_libraries(struct buffer *buffer)
{
    buffer_printf(buffer, "%s\n", pattern_library());
}
