/* Reads the AVS capture header, versions 1 and 2 (big endian) in front of an 802.11 frame. Called
 * by radio_parse() only; input is the captured bytes, output the radio facts. Its magic word also
 * turns up in captures of the Prism link type, so prism.c calls it too. */
#ifndef NORN_DISSECT_AVS_H
#define NORN_DISSECT_AVS_H

#include "dissect/radio.h"

/* Fills `radio` (zeroed by the caller) with the header's facts and header_length. 0, or -EBADMSG
 * with radio->malformed when the header's end cannot be found. */
int avs_parse(const uint8_t *data, uint32_t length, struct radio *radio);

#endif
