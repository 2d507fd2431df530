/* The frame check sequence: is one there, and is it right (IEEE 802.11-2020, 9.2.4.8)? Input: the
 * radio facts of one frame. Output: the verdict, and the radio's frame length without the FCS. A
 * capture cut by its snap length cannot be judged, which is a verdict of its own. */
#ifndef NORN_DISSECT_FCS_H
#define NORN_DISSECT_FCS_H

#include "dissect/radio.h"

enum fcs_verdict {
    FCS_ABSENT, /* no FCS in the capture */
    FCS_RIGHT,
    FCS_WRONG,     /* wrong, or the radio says it was */
    FCS_UNCHECKED, /* there was one, but the capture cut the frame */
};

/* Judges the FCS and takes it off radio->frame_length (and frame_original_length).
 * `file_fcs_length`: FCS bytes that the capture file's own header promises for frames whose link
 * header says nothing, 0 for none promised; a right CRC at the end is then still recognised. */
enum fcs_verdict fcs_check(struct radio *radio, uint32_t file_fcs_length);

#endif
