/* Targets of request lines: taken apart, decoded, matched against every row of the program. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/api/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct target target;
    size -= size && data[size - 1] == '\n'; /* seeds are lines of text */
    struct route_match match;
    if (target_parse((const char *)data, size, "/pre/fix", &arena, &target) == 0) {
        for (size_t i = 0; i < target.segment_count; i++)
            if (strlen(target.segments[i].text) != target.segments[i].length)
                abort();
        route_find(routes, &target, METHOD_GET, &match);
        if (match.route && match.rest > target.segment_count)
            abort();
        route_find(routes, &target, METHOD_POST, &match);
    }
    arena_done(&arena);
    return 0;
}
