/* Every record type there is: add a line for a new one. */
#include "schema/absent_fields.h"
#include "schema/alert_fields.h"
#include "schema/auth_fields.h"
#include "schema/bluetooth_fields.h"
#include "schema/btle_fields.h"
#include "schema/channel_fields.h"
#include "schema/coverage_fields.h"
#include "schema/datasource_fields.h"
#include "schema/devicelist_fields.h"
#include "schema/dot11_fields.h"
#include "schema/gps_fields.h"
#include "schema/location_cloud.h"
#include "schema/mac_filter_fields.h"
#include "schema/message_fields.h"
#include "schema/packetchain_fields.h"
#include "schema/phy_fields.h"
#include "schema/related_fields.h"
#include "schema/session_fields.h"
#include "schema/ssid_group_fields.h"
#include "schema/result_fields.h"
#include "schema/status_fields.h"
#include "schema/stream_fields.h"

// clang-format off
const struct record_type *const record_types[] = {
    &status_type,
    &timestamp_type,
    &user_status_type,
    &battery_type,
    &statistics_type,
    &device_type,
    &seenby_type,
    &device_note_type,
    &related_type,
    &signal_record_type,
    &location_type,
    &location_triplet_type,
    &location_summary_type,
    &location_report_type,
    &location_cloud_type,
    &location_sample_type,
    &packetchain_type,
    &rrd_record_type,
    &rrd_minute_type,
    &dot11_device_type,
    &dot11_ssid_type,
    &dot11_range_type,
    &dot11_probe_type,
    &dot11_link_record_type,
    &dot11_handshake_type,
    &dot11_key_type,
    &dot11_packet_type,
    &ssid_group_type,
    &bluetooth_device_type,
    &bluetooth_advertised_type,
    &bluetooth_service_type,
    &btle_device_type,
    &phy_record_type,
    &channel_record_type,
    &channel_maps_type,
    &datasource_type,
    &packetsource_type,
    &driver_type,
    &interface_type,
    &datasource_defaults_type,
    &coverage_type,
    &coverage_source_type,
    &coverage_channel_type,
    &devicelist_type,
    &devicelist_table_type,
    &devicelist_page_type,
    &devicelist_draw_type,
    &view_type,
    &stream_record_type,
    &auth_record_type,
    &session_record_type,
    &gps_record_type,
    &gps_type_record_type,
    &alert_type,
    &alert_definition_type,
    &alert_list_type,
    &message_type,
    &message_list_type,
    &mac_filter_packet_type,
    &mac_filter_packet_phy_type,
    &mac_filter_class_type,
    &mac_filter_class_phy_type,
    &result_record_type,
    &aircraft_map_type,
    &page_module_type,
    &page_modules_type,
    NULL,
};
