/* Times of paths. See since.h. */
#include "serve/list/since.h"

#include <math.h>

#include "serve/monitor.h"
#include "serve/http/reply.h"
#include "util/text.h"

#define FURTHEST_S 1e12 /* beyond it all times are alike */

bool since_read(struct request *request, struct since *ret_since)
{
    size_t length;
    double seconds;
    const char *text = request_parameter(request, "time", &length);
    if (text_parse_double(text, length, &seconds) != 0) {
        reply_error(request, 400,
                    "'%.40s' is no time: it takes seconds since 1970, with decimals if need be, or "
                    "a negative number of seconds before now",
                    text);
        return false;
    }
    bool is_whole = seconds == floor(seconds);
    if (seconds < 0)
        seconds += (double)monitor_now_us() / 1e6;
    seconds = fmin(fmax(seconds, 0), FURTHEST_S);
    *ret_since = (struct since){.us = (uint64_t)llround(seconds * 1e6), .is_whole = is_whole};
    return true;
}
