/* Where batches come from. See frame.h. */
#include "util/frame.h"

#include <stdlib.h>
#include <string.h>

#include "util/prefetch.h"

struct batch *batch_new(size_t room)
{
    size_t size = prefetch_lines(sizeof(struct batch));
    struct batch *batch = aligned_alloc(PREFETCH_LINE, size + prefetch_lines(room));
    if (!batch)
        return NULL;
    memset(batch, 0, offsetof(struct batch, frames));
    batch->room = (char *)batch + size;
    return batch;
}
