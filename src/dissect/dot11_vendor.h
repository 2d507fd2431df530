/* Vendor elements: a row for each OUI and type that norn understands (WPA, WMM, WPS, P2P, Hotspot
 * 2.0, OWE transition, CCX). Input: element 221; output: the vendor facts. Cisco's two element
 * numbers outside 221 are here as well, as their content is a vendor's. */
#ifndef NORN_DISSECT_DOT11_VENDOR_H
#define NORN_DISSECT_DOT11_VENDOR_H

#include "dissect/dot11_ie.h"

/* Lists the vendor and runs its parser; the fault found, MALFORMED_NONE for none. */
enum malformed dot11_vendor_parse(const struct dot11_element *element,
                                  struct dot11_elements *facts);

/* Cisco's own element numbers: 133 (Aironet: name, clients) and 150 (transmit power). */
enum malformed dot11_vendor_parse_aironet(const struct dot11_element *element,
                                          struct dot11_elements *facts);
enum malformed dot11_vendor_parse_power(const struct dot11_element *element,
                                        struct dot11_elements *facts);

#endif
