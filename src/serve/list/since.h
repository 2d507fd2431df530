/* Times in the paths of alerts and messages: seconds, with decimals or without, of the server's
 * clock; negative ones lie before now. Input: the segment {time}. Output: microseconds. */
#ifndef NORN_SERVE_SINCE_H
#define NORN_SERVE_SINCE_H

#include <stdbool.h>
#include <stdint.h>

struct request;

struct since {
    uint64_t us;   /* since 1970 */
    bool is_whole; /* whole seconds: there was no fraction, or none but zeroes */
};

/* Reads the time of the path. False when 400 was replied instead. */
bool since_read(struct request *request, struct since *ret_since);

#endif
