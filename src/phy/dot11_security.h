/* Encryption of networks: RSN, WPA and WPS facts as bits, words and lists of suite names. */
#ifndef NORN_PHY_DOT11_SECURITY_H
#define NORN_PHY_DOT11_SECURITY_H

#include "dissect/dot11_ie.h"
#include "track/store.h"

/* Takes a network's encryption over from its elements and its privacy bit. */
void dot11_security_take(struct store *store, struct dot11_ssid *ssid,
                         const struct dot11_elements *elements, bool privacy);

/* Takes over the encryption that a probe asks for. */
void dot11_security_take_probe(struct store *store, struct dot11_probe *probe,
                               const struct dot11_elements *elements);

#endif
