/* Getters of the rarer 802.11 members: those of struct dot11_ssid_extra, of Wi-Fi Protected Setup
 * and of struct dot11_abilities, and the tables of ranges and key messages. Used by the rows of
 * dot11_fields.c only. */
#ifndef NORN_SCHEMA_DOT11_EXTRA_FIELDS_H
#define NORN_SCHEMA_DOT11_EXTRA_FIELDS_H

#include "schema/dot11_fields.h"

void dot11_extra_get_ccx_power(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_cisco_mfp(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_power(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_owe_ssid(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_owe_ssid_length(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_owe_bssid(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_beacon_info(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_mesh_id(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_mesh_gateway(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_mesh_peerings(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_mesh_forwarding(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_version(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_state(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_methods(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_manufacturer(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_device_name(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_model_name(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_model_number(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_serial(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_wps_uuid(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_version(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_state(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_methods(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_manufacturer(const void *record, struct view *view,
                                            struct value *ret);
void dot11_extra_get_probe_wps_device_name(const void *record, struct view *view,
                                           struct value *ret);
void dot11_extra_get_probe_wps_model_name(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_model_number(const void *record, struct view *view,
                                            struct value *ret);
void dot11_extra_get_probe_wps_serial(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_probe_wps_uuid(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_min_power(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_max_power(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_link_measurement(const void *record, struct view *view, struct value *ret);
void dot11_extra_get_neighbor_report(const void *record, struct view *view, struct value *ret);
bool dot11_extra_next_range(const void *record, struct view *view, struct cursor *cursor);
bool dot11_extra_next_channel(const void *record, struct view *view, struct cursor *cursor);
bool dot11_extra_next_capability(const void *record, struct view *view, struct cursor *cursor);

#endif
