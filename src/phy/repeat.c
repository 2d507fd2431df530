/* A table of recent fingerprints, four to a bucket; the oldest of a bucket gives way. What it
 * forgets counts again: never less than was sent. See repeat.h. */
#include "phy/repeat.h"

#include <stdlib.h>

enum {
    BUCKETS = 4096, /* power of two; 16,384 fingerprints: more than a second of a busy channel */
    WAYS = 4,
    SOURCES = 5, /* that heard one fingerprint; more count as new */
};

#define WINDOW_NS 1000000000ULL

struct repeat {
    uint64_t fingerprint; /* 0: free */
    uint64_t time_ns;     /* of the newest */
    uint16_t sources[SOURCES];
    uint32_t heard[SOURCES]; /* how often each of them heard it */
    uint32_t sent;           /* how often it was sent, as far as is known */
};

struct repeats {
    struct repeat table[BUCKETS][WAYS];
};

struct repeats *repeat_new(void)
{
    return calloc(1, sizeof(struct repeats));
}

void repeat_free(struct repeats *repeats)
{
    free(repeats);
}

static bool is_recent(const struct repeat *repeat, uint64_t time_ns)
{
    uint64_t apart =
        time_ns > repeat->time_ns ? time_ns - repeat->time_ns : repeat->time_ns - time_ns;
    return apart < WINDOW_NS;
}

/* The entry of that fingerprint, begun anew when there is no recent one. */
static struct repeat *find(struct repeats *repeats, uint64_t fingerprint, uint64_t time_ns)
{
    struct repeat *bucket = repeats->table[fingerprint % BUCKETS], *oldest = bucket;
    for (unsigned i = 0; i < WAYS; i++) {
        if (bucket[i].fingerprint == fingerprint && is_recent(&bucket[i], time_ns))
            return &bucket[i];
        if (bucket[i].time_ns < oldest->time_ns)
            oldest = &bucket[i];
    }
    *oldest = (struct repeat){.fingerprint = fingerprint};
    return oldest;
}

bool repeat_hear(struct repeats *repeats, uint64_t fingerprint, uint16_t source, uint64_t time_ns)
{
    struct repeat *repeat = find(repeats, fingerprint, time_ns);
    unsigned at = 0;
    while (at < SOURCES && repeat->heard[at] && repeat->sources[at] != source)
        at++;
    if (time_ns > repeat->time_ns)
        repeat->time_ns = time_ns;
    if (at == SOURCES)
        return false;
    repeat->sources[at] = source;
    if (++repeat->heard[at] <= repeat->sent)
        return true;
    repeat->sent++;
    return false;
}
