/* What fuzzers hold: where it does not, the run ends with a finding and the sentence for it. */
#ifndef NORN_FUZZ_REQUIRE_H
#define NORN_FUZZ_REQUIRE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "require: %s\n", what);
    abort();
}

#endif
