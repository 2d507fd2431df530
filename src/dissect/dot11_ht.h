/* Parsers of the elements that tell what HT, VHT, HE and EHT stations can do and how a network
 * runs: rows of dot11_ie's table point here. Input: one element of sufficient length; output: the
 * ht, vht, he and eht members of the facts. */
#ifndef NORN_DISSECT_DOT11_HT_H
#define NORN_DISSECT_DOT11_HT_H

#include "dissect/dot11_ie.h"

/* One element each; the fault found, MALFORMED_NONE for none. */
enum malformed dot11_ht_parse_capabilities(const struct dot11_element *element,
                                           struct dot11_elements *facts);
enum malformed dot11_ht_parse_operation(const struct dot11_element *element,
                                        struct dot11_elements *facts);
enum malformed dot11_ht_parse_vht_capabilities(const struct dot11_element *element,
                                               struct dot11_elements *facts);
enum malformed dot11_ht_parse_vht_operation(const struct dot11_element *element,
                                            struct dot11_elements *facts);
enum malformed dot11_ht_parse_he_capabilities(const struct dot11_element *element,
                                              struct dot11_elements *facts);
enum malformed dot11_ht_parse_he_operation(const struct dot11_element *element,
                                           struct dot11_elements *facts);
enum malformed dot11_ht_parse_eht_capabilities(const struct dot11_element *element,
                                               struct dot11_elements *facts);
enum malformed dot11_ht_parse_eht_operation(const struct dot11_element *element,
                                            struct dot11_elements *facts);
enum malformed dot11_ht_parse_multi_link(const struct dot11_element *element,
                                         struct dot11_elements *facts);

/* Sets facts->width and facts->max_rate_100kbps from all of the above. */
void dot11_ht_conclude(struct dot11_elements *facts);

#endif
