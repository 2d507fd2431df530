/* Places of sources in the list they share. See hop_spread.h. */
#include "capture/hop_spread.h"

#include <string.h>

#include "capture/tuner.h"
#include "util/hash.h"

/* What sources that split a list have in common: their type and that list. 0: splits none. */
static uint64_t hop_group(struct source *source)
{
    pthread_mutex_lock(&source->lock);
    const struct source_status *status = &source->status;
    const struct source_channels *list = &status->hop_channels;
    uint64_t group = 0;
    if (status->tunable && status->hopping && status->hop_split) {
        group = hash_bytes(1, status->type, strlen(status->type));
        for (unsigned i = 0; i < list->count; i++)
            group = hash_bytes(group, list->text[i], strlen(list->text[i]) + 1);
        group |= 1;
    }
    pthread_mutex_unlock(&source->lock);
    return group;
}

static void spread_to(struct source *source, unsigned index, unsigned count)
{
    pthread_mutex_lock(&source->lock);
    if (tuner_spread(&source->status, index, count) && source->status.has_tool) {
        source->spread = true;
        source_wake(source);
    }
    pthread_mutex_unlock(&source->lock);
}

void hop_spread(struct source *const *sources, size_t count)
{
    uint64_t groups[SOURCES_MAX];
    for (size_t i = 0; i < count; i++)
        groups[i] = hop_group(sources[i]);
    for (size_t i = 0; i < count; i++) {
        unsigned before = 0, sharing = 0;
        for (size_t j = 0; j < count; j++) {
            before += j < i && groups[j] == groups[i];
            sharing += groups[j] == groups[i];
        }
        if (groups[i])
            spread_to(sources[i], before, sharing);
    }
}
