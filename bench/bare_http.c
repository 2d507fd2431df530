/* The yardstick of small requests: libmicrohttpd alone, set up as norn sets it up, that gives every
 * request the same answer. Input: threads; at standard input the headers of the answer, an empty
 * line, and its body, as curl -i prints them. Output: the port; ends when standard input does not
 * (SIGTERM). */
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "util/buffer.h"

enum { CONNECTION_MEMORY = 32 * 1024, STEP = 4096 };

/* Those that the library writes itself. */
static bool is_own(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Content-Length") == 0 ||
           strcasecmp(name, "Connection") == 0;
}

/* Takes the headers from the text into the response. */
static void add_headers(struct MHD_Response *response, char *text)
{
    char *next = NULL;
    strtok_r(text, "\r\n", &next); /* the status line */
    for (char *line; (line = strtok_r(NULL, "\r\n", &next));) {
        char *colon = strchr(line, ':');
        if (!colon)
            continue;
        *colon = '\0';
        if (!is_own(line))
            MHD_add_response_header(response, line, colon + 1 + strspn(colon + 1, " "));
    }
}

static struct MHD_Response *read_response(struct buffer *whole)
{
    ssize_t got;
    uint8_t step[STEP];
    while ((got = read(STDIN_FILENO, step, sizeof step)) > 0)
        buffer_add(whole, step, (size_t)got);
    uint8_t *end = whole->failed ? NULL : memmem(whole->data, whole->length, "\r\n\r\n", 4);
    if (!end)
        return NULL;
    size_t length = whole->length - (size_t)(end + 4 - whole->data);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, end + 4, MHD_RESPMEM_PERSISTENT);
    *end = '\0';
    add_headers(response, (char *)whole->data);
    return response;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    static int seen;
    if (*state) /* at the second call the request is complete */
        return MHD_queue_response(connection, MHD_HTTP_OK, context);
    *state = &seen;
    return MHD_YES;
}

int main(int argc, char **argv)
{
    struct buffer whole = {0};
    unsigned threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 2;
    struct MHD_Response *response = read_response(&whole);
    if (!response)
        return 1;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, response,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info)
        return 1;
    printf("%u\n", info->port);
    fflush(stdout);
    pause();
    return 0;
}
