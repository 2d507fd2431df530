/* The list of endpoint arrays. See routes.h. */
#include "serve/routes.h"

const struct route *const routes[] = {
    api_root_routes,
    api_session_routes,
    NULL,
};
