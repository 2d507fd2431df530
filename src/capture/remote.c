/* The reception of remote sensors. See remote.h. */
#include "capture/remote.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/source.h"
#include "capture/tool_link.h"
#include "util/clock.h"

enum {
    FIRST_WORD_MS = 10000, /* for a connection to say what it brings */
    LOOK_MS = 250,
    PEER_TEXT = 64,
};

/* A connection that has not said yet what it brings. */
struct pending {
    struct tool_link *link;
    uint64_t until_ns;
    char peer[PEER_TEXT];
};

struct remote {
    struct capture *capture;
    int listener, wake;
    pthread_t thread;
    pthread_mutex_t lock;
    bool stop;
    unsigned count;
    struct pending pending[REMOTE_PENDING];
};

static void refuse(struct remote *remote, struct pending *pending, const struct buffer *why)
{
    char text[SOURCE_REASON];
    snprintf(text, sizeof text, "a sensor at %s was refused: %.*s", pending->peer,
             (int)(why->length < SOURCE_REASON ? why->length : SOURCE_REASON - 1),
             why->data ? (const char *)why->data : "it hung up");
    capture_notice(remote->capture, text);
}

static void drop(struct remote *remote, unsigned index)
{
    struct pending *pending = &remote->pending[index];
    if (pending->link) {
        tool_link_done(pending->link);
        free(pending->link);
    }
    *pending = remote->pending[--remote->count];
}

/* Takes the first message: 1 when the connection is done with here. */
static int take_message(struct remote *remote, struct pending *pending,
                        const struct protocol_frame *frame, struct buffer *why)
{
    struct protocol_message message;
    if (protocol_message_parse(frame, &message) != 0 || message.type != PROTOCOL_NEW_SOURCE)
        return 0;
    if (capture_attach(remote->capture, &message.new_source, pending->link, why) == 0)
        pending->link = NULL; /* the source's now */
    else
        refuse(remote, pending, why);
    return 1;
}

/* Looks at one connection; true when it is done with here. */
static bool look(struct remote *remote, struct pending *pending)
{
    struct buffer why = {0};
    struct protocol_frame frame;
    uint64_t now = clock_monotonic_ns();
    int result;
    while ((result = tool_link_next(pending->link, 1, &frame, &why)) == 0)
        if (take_message(remote, pending, &frame, &why)) {
            buffer_done(&why);
            return true;
        }
    bool waits = result == -EAGAIN && now < pending->until_ns;
    if (result == -EAGAIN && !waits)
        buffer_add_text(&why, "it did not say what it brings");
    if (!waits)
        refuse(remote, pending, &why);
    buffer_done(&why);
    return !waits;
}

static void look_at_all(struct remote *remote)
{
    for (unsigned i = 0; i < remote->count;) {
        pthread_mutex_unlock(&remote->lock); /* only this thread takes any away */
        bool done = look(remote, &remote->pending[i]);
        pthread_mutex_lock(&remote->lock);
        if (done)
            drop(remote, i);
        else
            i++;
    }
}

static void write_peer(const struct sockaddr_storage *address, char ret_text[PEER_TEXT])
{
    char text[INET6_ADDRSTRLEN] = "?";
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)address;
    bool is_ipv6 = address->ss_family == AF_INET6;
    inet_ntop(address->ss_family,
              is_ipv6 ? (const void *)&ipv6->sin6_addr : (const void *)&ipv4->sin_addr, text,
              sizeof text);
    snprintf(ret_text, PEER_TEXT, "%s", text);
}

/* With the lock. */
static void add(struct remote *remote, int descriptor, const char *peer)
{
    struct tool_link *link =
        remote->count < REMOTE_PENDING && !remote->stop ? calloc(1, sizeof *link) : NULL;
    if (!link) {
        close(descriptor);
        return;
    }
    tool_link_init(link, descriptor, -1, TOOL_LINK_PING_REMOTE_MS);
    struct pending *pending = &remote->pending[remote->count++];
    *pending = (struct pending){.link = link,
                                .until_ns = clock_monotonic_ns() + FIRST_WORD_MS * NS_PER_MS};
    snprintf(pending->peer, sizeof pending->peer, "%s", peer);
}

void remote_attach(struct remote *remote, int descriptor, const char *peer)
{
    uint64_t one = 1;
    pthread_mutex_lock(&remote->lock);
    add(remote, descriptor, peer);
    pthread_mutex_unlock(&remote->lock);
    if (write(remote->wake, &one, sizeof one) < 0)
        return; /* it is awake already */
}

/* Makes room for one more: who has been silent for longest goes. */
static void make_room(struct remote *remote)
{
    unsigned oldest = 0;
    if (remote->count < REMOTE_PENDING)
        return;
    for (unsigned i = 1; i < remote->count; i++)
        if (remote->pending[i].until_ns < remote->pending[oldest].until_ns)
            oldest = i;
    drop(remote, oldest);
}

static void accept_all(struct remote *remote)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int descriptor;
    while ((descriptor = accept4(remote->listener, (struct sockaddr *)&address, &length,
                                 SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        char peer[PEER_TEXT];
        int one = 1;
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
        write_peer(&address, peer);
        make_room(remote);
        add(remote, descriptor, peer);
        length = sizeof address;
    }
}

/* Waits for anything to happen; with pending connections it looks at the clock as well. */
static void wait_for_news(struct remote *remote)
{
    struct pollfd polled[REMOTE_PENDING + 2];
    unsigned count = 0;
    polled[count++] = (struct pollfd){.fd = remote->wake, .events = POLLIN};
    polled[count++] = (struct pollfd){.fd = remote->listener, .events = POLLIN};
    for (unsigned i = 0; i < remote->count; i++)
        polled[count++] =
            (struct pollfd){.fd = remote->pending[i].link->descriptor, .events = POLLIN};
    int timeout = remote->count ? LOOK_MS : -1;
    pthread_mutex_unlock(&remote->lock);
    poll(polled, count, timeout);
    uint64_t woken;
    if (polled[0].revents && read(remote->wake, &woken, sizeof woken) < 0)
        woken = 0; /* somebody else took it: nobody does */
    pthread_mutex_lock(&remote->lock);
}

static void *run(void *argument)
{
    struct remote *remote = argument;
    pthread_setname_np(pthread_self(), "norn-remote");
    pthread_mutex_lock(&remote->lock);
    while (!remote->stop) {
        wait_for_news(remote);
        if (remote->listener >= 0)
            accept_all(remote);
        look_at_all(remote);
    }
    pthread_mutex_unlock(&remote->lock);
    return NULL;
}

struct remote *remote_new(struct capture *capture, int listener)
{
    struct remote *remote = calloc(1, sizeof *remote);
    int error = ENOMEM;
    if (remote) {
        remote->capture = capture;
        remote->listener = listener;
        remote->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        pthread_mutex_init(&remote->lock, NULL);
        error = remote->wake < 0 ? errno : pthread_create(&remote->thread, NULL, run, remote);
    }
    if (!error)
        return remote;
    if (remote && remote->wake >= 0)
        close(remote->wake);
    free(remote);
    errno = error;
    return NULL;
}

void remote_free(struct remote *remote)
{
    uint64_t one = 1;
    if (!remote)
        return;
    pthread_mutex_lock(&remote->lock);
    remote->stop = true;
    pthread_mutex_unlock(&remote->lock);
    if (write(remote->wake, &one, sizeof one) == sizeof one)
        pthread_join(remote->thread, NULL);
    while (remote->count)
        drop(remote, 0);
    if (remote->listener >= 0)
        close(remote->listener);
    close(remote->wake);
    pthread_mutex_destroy(&remote->lock);
    free(remote);
}
