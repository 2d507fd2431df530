/* Every endpoint array there is; one line a file in routes.c. */
#ifndef NORN_SERVE_ROUTES_H
#define NORN_SERVE_ROUTES_H

#include "serve/route.h"

extern const struct route api_root_routes[];
extern const struct route api_session_routes[];

/* NULL-ended. */
extern const struct route *const routes[];

#endif
