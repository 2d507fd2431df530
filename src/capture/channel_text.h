/* Channels as text: 6, 153, 2412, 6HT40+, 36VHT80, 36VHT160-5250, 6W5, 1W6e, 36HE80, 5W6eEHT320 …
 * Input: what a user or a source definition says. Output: the same in one spelling, and its
 * frequency (IEEE 802.11-2020, annex E; 802.11ax and 802.11be for 6 GHz and 320 MHz). */
#ifndef NORN_CAPTURE_CHANNEL_TEXT_H
#define NORN_CAPTURE_CHANNEL_TEXT_H

#include "capture/source_status.h"
#include "util/buffer.h"

/* Checks one channel and writes its usual spelling; ret_mhz (may be NULL) gets the frequency of
 * its primary 20 MHz. 0, or -EINVAL. */
int channel_text_parse(const char *text, char ret_text[SOURCE_CHANNEL_TEXT], unsigned *ret_mhz);

/* Reads a list separated by commas or blanks, leaving repeats out. 0, or -EINVAL with a plain
 * sentence in ret_why (may be NULL). */
int channel_text_parse_list(const char *text, struct source_channels *ret_list,
                            struct buffer *ret_why);

/* The 2.4 and 5 GHz channels of 20 MHz: what a make-believe tuner offers. */
void channel_text_default_list(struct source_channels *ret_list);

/* Hop rates: "5/sec", "10/min", "2/dwell" (one hop every 2 s); a bare number is per second.
 * 0 with hops a second, or -EINVAL. */
int channel_text_parse_rate(const char *text, double *ret_rate);

#endif
