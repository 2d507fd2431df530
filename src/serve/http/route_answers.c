/* The table of answers. See route_answers.h. */
#include "serve/http/route_answers.h"

#include <string.h>

#include "schema/absent_fields.h"
#include "schema/alert_fields.h"
#include "schema/auth_fields.h"
#include "schema/channel_fields.h"
#include "schema/coverage_fields.h"
#include "schema/datasource_fields.h"
#include "schema/device_fields.h"
#include "schema/devicelist_fields.h"
#include "schema/gps_fields.h"
#include "schema/location_fields.h"
#include "schema/mac_filter_fields.h"
#include "schema/message_fields.h"
#include "schema/packetchain_fields.h"
#include "schema/phy_fields.h"
#include "schema/result_fields.h"
#include "schema/rrd_fields.h"
#include "schema/session_fields.h"
#include "schema/ssid_group_fields.h"
#include "schema/status_fields.h"
#include "schema/stream_fields.h"

const struct route_answer *route_answers_find(const char *path)
{
    for (size_t i = 0; i < route_answers_count; i++)
        if (strcmp(route_answers[i].path, path) == 0)
            return &route_answers[i];
    return NULL;
}

// clang-format off
const struct route_answer route_answers[] = {
    {"/alerts/alerts_view", ANSWER_VIEW, &alert_type},
    {"/alerts/all_alerts", ANSWER_LIST, &alert_type},
    {"/alerts/by-id/{hash}/alert", ANSWER_RECORD, &alert_type},
    {"/alerts/definitions", ANSWER_LIST, &alert_definition_type},
    {"/alerts/last-time/{time}/alerts", ANSWER_LIST, &alert_type},
    {"/alerts/wrapped/last-time/{time}/alerts", ANSWER_RECORD, &alert_list_type},
    {"/antennas/antennas", ANSWER_MAP, &absent_type},
    {"/auth/apikey/list", ANSWER_LIST, &auth_record_type},
    {"/channels/channels", ANSWER_RECORD, &channel_maps_type},
    {"/datasource/add_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/all_sources", ANSWER_LIST, &datasource_type},
    {"/datasource/by-uuid/{uuid}/close_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/coverage", ANSWER_RECORD, &coverage_source_type},
    {"/datasource/by-uuid/{uuid}/disable_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/open_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/pause_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/remove_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/resume_source", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/set_channel", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/set_hop", ANSWER_RECORD, &datasource_type},
    {"/datasource/by-uuid/{uuid}/source", ANSWER_RECORD, &datasource_type},
    {"/datasource/coverage", ANSWER_RECORD, &coverage_type},
    {"/datasource/defaults", ANSWER_RECORD, &datasource_defaults_type},
    {"/datasource/error_sources", ANSWER_LIST, &datasource_type},
    {"/datasource/list_interfaces", ANSWER_LIST, &interface_type},
    {"/datasource/supported_sources", ANSWER_LIST, &driver_type},
    {"/datasource/types", ANSWER_LIST, &driver_type},
    {"/devices/alerts/mac/{type}/macs", ANSWER_TEXTS, NULL},
    {"/devices/all_devices", ANSWER_LIST, &device_type},
    {"/devices/all_devices_dt", ANSWER_TABLE, &device_type},
    {"/devices/by-key/{key}/device", ANSWER_RECORD, &device_type},
    {"/devices/by-mac/{mac}/devices", ANSWER_LIST, &device_type},
    {"/devices/last-time/{time}/devices", ANSWER_SINCE, &device_type},
    {"/devices/multikey/as-object/devices", ANSWER_MAP, &device_type},
    {"/devices/multikey/devices", ANSWER_LIST, &device_type},
    {"/devices/multimac/devices", ANSWER_LIST, &device_type},
    {"/devices/summary/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/all_views", ANSWER_LIST, &view_type},
    {"/devices/views/phy/{name}/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/phy/{name}/last-time/{time}/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/seenby-uuid/{name}/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/seenby-uuid/{name}/last-time/{time}/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/{view}/devices", ANSWER_VIEW, &device_type},
    {"/devices/views/{view}/last-time/{time}/devices", ANSWER_VIEW, &device_type},
    {"/filters/class/{id}/filter", ANSWER_RECORD, &mac_filter_class_type},
    {"/filters/packet/{id}/filter", ANSWER_RECORD, &mac_filter_packet_type},
    {"/gps/add_gps", ANSWER_RECORD, &gps_record_type},
    {"/gps/all_gps", ANSWER_LIST, &gps_record_type},
    {"/gps/all_locations", ANSWER_MAP, &location_type},
    {"/gps/by-uuid/{uuid}/location", ANSWER_RECORD, &location_type},
    {"/gps/drivers", ANSWER_LIST, &gps_type_record_type},
    {"/gps/location", ANSWER_RECORD, &location_report_type},
    {"/logging/active", ANSWER_LIST, &absent_type},
    {"/logging/drivers", ANSWER_LIST, &absent_type},
    {"/messagebus/all_messages", ANSWER_LIST, &message_type},
    {"/messagebus/last-time/{time}/messages", ANSWER_RECORD, &message_list_type},
    {"/packetchain/packet_drop", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_dupe", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_error", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_peak", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_processed", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_rate", ANSWER_RECORD, &rrd_record_type},
    {"/packetchain/packet_stats", ANSWER_RECORD, &packetchain_type},
    {"/packetsource/all_sources", ANSWER_LIST, &packetsource_type},
    {"/phy/ADSB/map_data", ANSWER_RECORD, &aircraft_map_type},
    {"/phy/all_phys", ANSWER_LIST, &phy_record_type},
    {"/phy/all_phys_dt", ANSWER_TABLE, &phy_record_type},
    {"/phy/phy80211/clients-of/{key}/clients", ANSWER_LIST, &device_type},
    {"/phy/phy80211/probe_regex", ANSWER_LIST, &device_type},
    {"/phy/phy80211/related-to/{key}/devices", ANSWER_LIST, &device_type},
    {"/phy/phy80211/scan/scan_report", ANSWER_RECORD, &result_record_type},
    {"/phy/phy80211/ssid_regex", ANSWER_LIST, &device_type},
    {"/phy/phy80211/ssids/by-hash/{hash}/ssid", ANSWER_RECORD, &ssid_group_type},
    {"/phy/phy80211/ssids/views/ssids", ANSWER_VIEW, &ssid_group_type},
    {"/phy/phybluetooth/scan/scan_report", ANSWER_RECORD, &result_record_type},
    {"/phy/phyuav/manuf_matchers", ANSWER_LIST, &absent_type},
    {"/plugins/all_plugins", ANSWER_LIST, &absent_type},
    {"/poi/list_poi", ANSWER_LIST, &absent_type},
    {"/radiation/sensors/all_sensors", ANSWER_MAP, &absent_type},
    {"/session/status", ANSWER_RECORD, &session_record_type},
    {"/streams/all_streams", ANSWER_MAP, &stream_record_type},
    {"/streams/by-id/{id}/stream_info", ANSWER_RECORD, &stream_record_type},
    {"/system/status", ANSWER_RECORD, &status_type},
    {"/system/timestamp", ANSWER_RECORD, &timestamp_type},
    {"/system/user_status", ANSWER_RECORD, &user_status_type},
};
const size_t route_answers_count = sizeof route_answers / sizeof *route_answers;
