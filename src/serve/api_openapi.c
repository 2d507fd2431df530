/* /openapi.json: the description of this API. Made once, since the tables never change. */
#include <pthread.h>
#include <stdio.h>

#include "serve/openapi.h"
#include "serve/reply.h"
#include "serve/routes.h"
#include "util/hash.h"

static struct buffer document;
static char document_tag[24];

static void make_document(void)
{
    openapi_write(routes, &document);
    snprintf(document_tag, sizeof document_tag, "\"%016llx\"",
             (unsigned long long)hash_bytes(0, document.data, document.length));
}

static void get_document(struct request *request)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_document);
    if (document.failed)
        reply_error(request, 503, "out of memory");
    else
        reply_static(request, "application/json", document.data, document.length, document_tag);
}

// clang-format off
const struct route api_openapi_routes[] = {
    {METHOD_GET, "/openapi.json", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_document,
     "This API as an OpenAPI 3.1 document."},
    {0},
};
