/* Makes 802.11 frames for captures of our own: bytes, elements, whole frames with radiotap and FCS.
 * Put a frame together with the air_put functions, then air_send() it; at the end air_write_file()
 * gives the capture in order of time. One frame at a time, one capture a run; the same every run.
 */
#ifndef NORN_TOOLS_AIR_H
#define NORN_TOOLS_AIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"

enum security { OPEN, WEP, WPA_MIXED, WPA2, WPA2_WPA3, WPA3, ENTERPRISE, OWE };

enum { HT = 1, VHT = 2, HE = 4, EHT = 8, WPS = 16, HIDDEN = 32, LOAD = 64, RSNX = 128 };

struct access_point {
    const char *ssid;
    uint8_t mac[6];
    uint8_t channel;
    uint16_t frequency; /* MHz */
    int8_t signal;      /* dBm */
    uint16_t period_ms; /* between the beacons that the hopping radio hears */
    enum security security;
    unsigned features;
};

/* The next number of a sequence that is the same every run. */
uint64_t air_random(void);

/* Append to the frame being made: bytes, little-endian and big-endian (be) integers, noise. */
void air_put(const void *bytes, size_t length);
void air_put8(unsigned value);
void air_put16(unsigned value);
void air_put_be16(unsigned value);
void air_put_le64(uint64_t value);
void air_put_zeroes(size_t count);
void air_put_random(size_t count);

/* Frame control, duration, three addresses, the next sequence number. */
void air_put_header(unsigned control, const uint8_t *a1, const uint8_t *a2, const uint8_t *a3);

/* LLC and SNAP before a packet of that Ethernet type. */
void air_put_llc(unsigned type);

/* Elements, as this access point would send them. */
void air_put_element(unsigned id, const void *bytes, size_t length);
void air_put_rates(const struct access_point *ap);
void air_put_rsn(enum security security);
void air_put_ht_vht(const struct access_point *ap, bool operation);
void air_put_he(const struct access_point *ap, bool operation);

/* What beacons and probe responses carry behind their fixed fields, in order of id. */
void air_put_elements(const struct access_point *ap, const char *ssid, bool beacon);

/* Closes the frame: heard at `time_us` of the capture, MHz, about so many dBm, units of 500
 * kbit/s. */
void air_send(uint64_t time_us, unsigned frequency, int signal, unsigned rate);

/* Writes the pcap file of everything sent and gives the memory back; the number of frames, or 0
 * when something was lost. */
size_t air_write_file(struct buffer *file);

#endif
