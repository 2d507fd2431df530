/* Who is asking: the evidence a request shows (cookie, token, Basic, query) and what the login rule
 * makes of it; also whether its Host and Origin are believable. */
#ifndef NORN_SERVE_LOGIN_H
#define NORN_SERVE_LOGIN_H

#include <stdbool.h>

#include "serve/http/exchange.h"

/* Looks for a session or a password in the request. True when it is settled; false when the
 * password must be hashed: call login_check_slow() on a worker. */
bool login_check(struct request *request);
void login_check_slow(struct request *request);

/* Replies 401 or 429 when the row needs a login that the request has not. */
void login_require(struct request *request);

/* Makes the 401 (or 429) for this request, saying what to do. */
void login_refuse(struct request *request);

/* True when a proxy forwarded the request. */
bool login_is_forwarded(const struct request *request);

/* Replies 403 when the Host header names what this server cannot be (DNS rebinding), or a page of
 * another site posts. */
void login_check_origin(struct request *request);

/* Replies 403 when a page of another site opens a websocket by what its browser adds (a cookie,
 * Basic) or by nothing: such a page may read what comes over it, as it may not read replies. */
void login_check_page(struct request *request);

#endif
