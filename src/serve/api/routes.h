/* Every endpoint array there is; one line a file in routes.c. */
#ifndef NORN_SERVE_ROUTES_H
#define NORN_SERVE_ROUTES_H

#include "serve/http/route.h"
#include "util/options.h"

extern const struct route api_absent_routes[];
extern const struct route api_alerts_routes[];
extern const struct route api_auth_routes[];
extern const struct route api_channels_routes[];
extern const struct route api_datasource_routes[];
extern const struct route api_debug_routes[];
extern const struct route api_devices_routes[];
extern const struct route api_eventbus_routes[];
extern const struct route api_filters_routes[];
extern const struct route api_gps_routes[];
extern const struct route api_messagebus_routes[];
extern const struct route api_metrics_routes[];
extern const struct route api_openapi_routes[];
extern const struct route api_packetchain_routes[];
extern const struct route api_packetsource_routes[];
extern const struct route api_pcap_routes[];
extern const struct route api_phy_routes[];
extern const struct route api_root_routes[];
extern const struct route api_session_routes[];
extern const struct route api_streams_routes[];
extern const struct route api_system_routes[];
extern const struct route api_tiles_routes[];
extern const struct route api_views_routes[];
extern const struct route api_watches_routes[];

/* Options of the endpoints. */
extern const struct option api_devices_options[];
extern const size_t api_devices_options_count;

/* NULL-ended. */
extern const struct route *const routes[];

#endif
