/* Transmissions that several sources hear: a frame counts once, however many radios caught it,
 * while a station that sends the same frame again and again counts in full. The rule: a frame was
 * sent as often as the source that heard it most often heard it. Input: fingerprints, sources and
 * packet times, in the order of arrival. Output: whether it was told before. */
#ifndef NORN_PHY_REPEAT_H
#define NORN_PHY_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

struct repeats;

/* NULL without memory (about one megabyte). */
struct repeats *repeat_new(void);
void repeat_free(struct repeats *repeats);

/* Notes that `source` heard the frame at that time; true when another source had told of this
 * transmission within the window of a second. */
bool repeat_hear(struct repeats *repeats, uint64_t fingerprint, uint16_t source, uint64_t time_ns);

#endif
