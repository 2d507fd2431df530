/* /openapi.json: the description of this API. Made once, since the tables never change. */
#include "serve/api/openapi.h"
#include "serve/api/routes.h"
#include "serve/http/reply.h"

static void write_document(struct buffer *buffer)
{
    openapi_write(routes, buffer);
}

static void get_document(struct request *request)
{
    static struct made_document document = {.content_type = "application/json",
                                            .write = write_document,
                                            .lock = PTHREAD_MUTEX_INITIALIZER};
    reply_made(request, &document);
}

// clang-format off
const struct route api_openapi_routes[] = {
    {METHOD_GET, "/openapi.json", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_document,
     "This API as an OpenAPI 3.1 document."},
    {0},
};
