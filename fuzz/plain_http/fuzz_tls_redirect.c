/* The request of a client that speaks plain HTTP to a TLS port: an answer, or not yet, and never a
 * header of the client's making. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/tls/tls_redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer reply = {0};
    size_t length = size < TLS_REDIRECT_REQUEST ? size : TLS_REDIRECT_REQUEST;
    char *request = malloc(length ? length : 1); /* its end is the memory's end */
    memcpy(request, data, length);
    if (tls_redirect_answer(request, length, &reply)) {
        unsigned lines = 0;
        buffer_add_byte(&reply, 0);
        for (const char *at = (const char *)reply.data; (at = strchr(at, '\r')); at++)
            lines++;
        if (lines != 5 && lines != 6)
            abort();
    }
    buffer_done(&reply);
    free(request);
    return 0;
}
