/* Relaying between TLS and a socket. See tls_line.h. */
#include "serve/tls/tls_line.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "serve/tls/tls_redirect.h"

enum {
    RECORD = 16 * 1024, /* plain bytes in one record (RFC 8446, 5.1) */
    STEPS = 16,         /* records each way, then it is somebody else's turn */
    HANDSHAKE_BYTE = 22 /* RFC 8446, 5.1: what a client's first byte is */
};

#define HANDSHAKE_NS 10000000000ULL

/* What became of one step. */
enum step { STEP_WAIT, STEP_MORE, STEP_FAILED };

bool tls_line_init(struct tls_line *line, int outer, struct tls_credentials *credentials,
                   uint64_t now_ns)
{
    *line = (struct tls_line){.outer = outer, .inner = -1, .deadline_ns = now_ns + HANDSHAKE_NS};
    if (tls_credentials_begin(credentials, &line->session) < 0) {
        close(outer);
        return false;
    }
    line->credentials = tls_credentials_ref(credentials);
    gnutls_transport_set_int(line->session, outer);
    gnutls_handshake_set_timeout(line->session, GNUTLS_INDEFINITE_TIMEOUT); /* ours holds */
    return true;
}

void tls_line_done(struct tls_line *line)
{
    gnutls_deinit(line->session);
    tls_credentials_unref(line->credentials);
    shutdown(line->outer, SHUT_RDWR); /* others may have descriptors of it */
    close(line->outer);
    if (line->inner >= 0)
        close(line->inner);
    free(line->in.bytes);
    free(line->out.bytes);
}

static void end(struct tls_line *line)
{
    line->state = TLS_LINE_OVER;
}

static bool has_bytes(const struct tls_way *way)
{
    return way->from < way->to;
}

/* Room for a record; only where nothing is held. */
static bool make_room(struct tls_way *way)
{
    if (!way->bytes)
        way->bytes = malloc(RECORD);
    way->from = way->to = 0;
    return way->bytes != NULL;
}

static void drop_room(struct tls_way *way)
{
    if (has_bytes(way))
        return;
    free(way->bytes);
    way->bytes = NULL;
}

/* ---- from the client to the server */

static enum step read_outer(struct tls_line *line)
{
    struct tls_way *way = &line->in;
    if (!make_room(way))
        return STEP_FAILED;
    ssize_t count = gnutls_record_recv(line->session, way->bytes, RECORD);
    if (count > 0) {
        way->to = (size_t)count;
        return STEP_MORE;
    }
    if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED)
        return STEP_WAIT;
    if (count == GNUTLS_E_REHANDSHAKE) /* TLS 1.2's renegotiation is not for us */
        return STEP_FAILED;
    if (count < 0 && count != GNUTLS_E_PREMATURE_TERMINATION && !gnutls_error_is_fatal((int)count))
        return STEP_MORE; /* a warning */
    way->is_ended = true;
    return count < 0 && count != GNUTLS_E_PREMATURE_TERMINATION ? STEP_FAILED : STEP_MORE;
}

static enum step write_inner(struct tls_line *line)
{
    struct tls_way *way = &line->in;
    ssize_t count =
        send(line->inner, way->bytes + way->from, way->to - way->from, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? STEP_WAIT : STEP_FAILED;
    way->from += (size_t)count;
    return STEP_MORE;
}

static enum step step_in(struct tls_line *line)
{
    struct tls_way *way = &line->in;
    if (has_bytes(way))
        return write_inner(line);
    if (!way->is_ended)
        return read_outer(line);
    if (!way->is_told) {
        way->is_told = true;
        shutdown(line->inner, SHUT_WR);
    }
    return STEP_WAIT;
}

/* ---- from the server to the client */

static enum step read_inner(struct tls_line *line)
{
    struct tls_way *way = &line->out;
    if (!make_room(way))
        return STEP_FAILED;
    ssize_t count = recv(line->inner, way->bytes, RECORD, MSG_DONTWAIT);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? STEP_WAIT : STEP_FAILED;
    way->to = (size_t)count;
    way->is_ended = count == 0;
    return STEP_MORE;
}

/* After an interrupted send the library wants to be called without bytes: it has kept them. */
static enum step write_outer(struct tls_line *line)
{
    struct tls_way *way = &line->out;
    ssize_t count = line->is_sending ? gnutls_record_send(line->session, NULL, 0)
                                     : gnutls_record_send(line->session, way->bytes + way->from,
                                                          way->to - way->from);
    line->is_sending = count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED;
    if (line->is_sending)
        return STEP_WAIT;
    if (count < 0)
        return STEP_FAILED;
    way->from += (size_t)count;
    return STEP_MORE;
}

static enum step step_out(struct tls_line *line)
{
    struct tls_way *way = &line->out;
    if (has_bytes(way))
        return write_outer(line);
    if (!way->is_ended)
        return read_inner(line);
    if (way->is_told)
        return STEP_WAIT;
    int result = gnutls_bye(line->session, GNUTLS_SHUT_WR);
    if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED)
        return STEP_WAIT;
    way->is_told = true;
    shutdown(line->outer, SHUT_WR);
    return STEP_FAILED; /* the server has closed: nobody hears what the client still says */
}

/* Steps until nothing more can be done now, or others are due. False when the line is over. */
static bool run_way(struct tls_line *line, enum step (*take_step)(struct tls_line *line))
{
    enum step step = STEP_MORE;
    for (unsigned i = 0; i < STEPS && step == STEP_MORE; i++)
        step = take_step(line);
    line->is_hungry |= step == STEP_MORE;
    return step != STEP_FAILED;
}

/* ---- before that */

/* TLS begins with a handshake record; anything else is taken for HTTP. */
static void look(struct tls_line *line)
{
    uint8_t first;
    ssize_t count = recv(line->outer, &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0)
        end(line);
    else
        line->state = first == HANDSHAKE_BYTE ? TLS_LINE_HANDSHAKE : TLS_LINE_PLAIN;
}

static void shake_hands(struct tls_line *line)
{
    int result = gnutls_handshake(line->session);
    if (result == GNUTLS_E_SUCCESS) {
        line->state = TLS_LINE_READY;
        line->deadline_ns = 0;
    } else if (gnutls_error_is_fatal(result)) {
        gnutls_alert_send_appropriate(line->session, result);
        end(line);
    }
}

/* Reads the request as far as it comes, and answers it once. */
static void tell(struct tls_line *line)
{
    struct tls_way *way = &line->in;
    struct buffer reply = {.ceiling = 2 * TLS_REDIRECT_REQUEST};
    if (!way->bytes && !make_room(way)) {
        end(line);
        return;
    }
    ssize_t count =
        recv(line->outer, way->bytes + way->to, TLS_REDIRECT_REQUEST - way->to, MSG_DONTWAIT);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN)
            end(line);
        return;
    }
    way->to += (size_t)count;
    if (tls_redirect_answer((const char *)way->bytes, way->to, &reply)) {
        send(line->outer, reply.data, reply.length, MSG_NOSIGNAL | MSG_DONTWAIT);
        end(line);
    }
    buffer_done(&reply);
}

void tls_line_open(struct tls_line *line, int inner)
{
    line->inner = inner;
    line->state = TLS_LINE_OPEN;
}

void tls_line_turn(struct tls_line *line, uint64_t now_ns)
{
    line->is_hungry = false;
    if (line->deadline_ns && now_ns >= line->deadline_ns)
        end(line);
    if (line->state == TLS_LINE_NEW)
        look(line);
    if (line->state == TLS_LINE_HANDSHAKE)
        shake_hands(line);
    if (line->state == TLS_LINE_PLAIN)
        tell(line);
    if (line->state != TLS_LINE_OPEN)
        return;
    if (!run_way(line, step_in) || !run_way(line, step_out))
        end(line);
    drop_room(&line->in);
    drop_room(&line->out);
}

void tls_line_events(const struct tls_line *line, uint32_t *ret_outer, uint32_t *ret_inner)
{
    bool is_open = line->state == TLS_LINE_OPEN;
    bool writes = is_open ? line->is_sending || (line->out.is_ended && !line->out.is_told)
                          : gnutls_record_get_direction(line->session) == 1;
    bool reads = !is_open || (!has_bytes(&line->in) && !line->in.is_ended);
    *ret_outer = (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0);
    *ret_inner = 0;
    if (is_open)
        *ret_inner = (!has_bytes(&line->out) && !line->out.is_ended ? EPOLLIN : 0) |
                     (has_bytes(&line->in) ? EPOLLOUT : 0);
}
