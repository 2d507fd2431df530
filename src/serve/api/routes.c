/* The list of endpoint arrays. See routes.h. */
#include "serve/api/routes.h"

// clang-format off
const struct route *const routes[] = {
    api_absent_routes,
    api_alerts_routes,
    api_auth_routes,
    api_channels_routes,
    api_datasource_routes,
    api_debug_routes,
    api_devices_routes,
    api_eventbus_routes,
    api_filters_routes,
    api_gps_routes,
    api_messagebus_routes,
    api_metrics_routes,
    api_openapi_routes,
    api_packetchain_routes,
    api_packetsource_routes,
    api_pcap_routes,
    api_phy_routes,
    api_root_routes,
    api_session_routes,
    api_streams_routes,
    api_system_routes,
    api_tiles_routes,
    api_views_routes,
    api_watches_routes,
    NULL,
};
