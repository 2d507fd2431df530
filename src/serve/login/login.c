/* Evidence of logins, and the checks of Host and Origin. See login.h. */
#include "serve/login/login.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/http/dispatch.h"
#include "serve/http/reply.h"
#include "serve/login/role.h"
#include "util/text.h"

/* Tries one token; true when it is a live session. */
static bool try_token(struct request *request, const char *token, size_t length)
{
    char text[SESSION_TOKEN];
    request->has_evidence = true;
    if (length != SESSION_TOKEN - 1)
        return false;
    memcpy(text, token, length);
    text[length] = '\0';
    request->has_token = request->has_session =
        auth_check_token(request->service->auth, text, &request->session);
    return request->has_session;
}

/* Every KISMET cookie of a Cookie header (RFC 6265, 4.2). */
static bool try_cookies(struct request *request, const char *cookies)
{
    while (cookies && *cookies) {
        cookies += strspn(cookies, "; \t");
        size_t length = strcspn(cookies, ";");
        if (length > 7 && memcmp(cookies, "KISMET=", 7) == 0) {
            size_t start = 7, end = length;
            while (end > start && strchr(" \t\"", cookies[end - 1]))
                end--;
            start += cookies[start] == '"';
            if (end >= start && try_token(request, cookies + start, end - start))
                return true;
        }
        cookies += length;
    }
    return false;
}

/* Those of the query and of headers that a client must mean to send. */
static bool try_tokens(struct request *request, const char *authorization)
{
    const char *token = request_query(request, "KISMET");
    if (token && try_token(request, token, strlen(token)))
        return true;
    token = request_header(request, "KISMET");
    if (token && try_token(request, token, strlen(token)))
        return true;
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return false;
    token = authorization + 7 + strspn(authorization + 7, " ");
    return try_token(request, token, strlen(token));
}

/* "Basic dXNlcjpwYXNz" (RFC 7617) into user and password. */
static bool parse_basic(struct request *request, const char *authorization)
{
    struct buffer pair = {.ceiling = 1024};
    if (!authorization || strncasecmp(authorization, "Basic ", 6) != 0)
        return false;
    request->has_evidence = true;
    const char *text = authorization + 6 + strspn(authorization + 6, " ");
    bool good = text_base64_decode(text, strlen(text), &pair) == 0 && !pair.failed && pair.length &&
                !memchr(pair.data, '\0', pair.length);
    const char *colon = good ? memchr(pair.data, ':', pair.length) : NULL;
    if (colon) {
        size_t user = (size_t)(colon - (const char *)pair.data);
        request->user = arena_copy(&request->arena, (const char *)pair.data, user);
        request->password = arena_copy(&request->arena, colon + 1, pair.length - user - 1);
    }
    buffer_done(&pair);
    return request->user && request->password;
}

static bool parse_query_login(struct request *request)
{
    request->user = request_query(request, "user");
    request->password = request_query(request, "password");
    request->has_evidence |= request->user || request->password;
    return request->user && request->password;
}

bool login_check(struct request *request)
{
    const char *authorization = request_header(request, "Authorization");
    request->outcome = AUTH_DENIED;
    if (try_cookies(request, request_header(request, "Cookie")))
        return true;
    request->is_deliberate = try_tokens(request, authorization);
    if (request->is_deliberate)
        return true;
    if (!parse_basic(request, authorization)) {
        request->is_deliberate = parse_query_login(request);
        if (!request->is_deliberate)
            return true;
    }
    request->outcome = auth_check_quick(request->service->auth, request->peer, request->user,
                                        request->password, &request->session);
    request->has_session = request->outcome == AUTH_GRANTED;
    return request->outcome != AUTH_UNKNOWN;
}

void login_check_slow(struct request *request)
{
    request->outcome = auth_check_slow(request->service->auth, request->peer, request->user,
                                       request->password, &request->session);
    request->has_session = request->outcome == AUTH_GRANTED;
}

/* Browsers show their own login window at a challenge; the page has a form. */
static bool is_browser(const struct request *request)
{
    const char *agent = request_header(request, "User-Agent");
    return (agent && strncmp(agent, "Mozilla/", 8) == 0) ||
           request_header(request, "X-Requested-With");
}

void login_refuse(struct request *request)
{
    if (request->outcome == AUTH_THROTTLED) {
        reply_add_header(request, "Retry-After", "5");
        reply_error(request, 429,
                    "Login required: too many failed logins from this address, try again later");
        return;
    }
    if (request->outcome == AUTH_UNCHECKED) {
        reply_error(request, 503,
                    "the login cannot be checked: there is too little memory for it "
                    "now, or httpd_password= holds a damaged hash");
        return;
    }
    if (!is_browser(request))
        reply_add_header(request, "WWW-Authenticate", "Basic realm=\"Kismet Admin\"");
    if (!auth_is_configured(request->service->auth))
        reply_text(request, 401,
                   "Login required, but no password is set yet: open this server's page on its "
                   "own machine, or POST username and password to /session/set_password, or "
                   "write httpd_username= and httpd_password= into kismet_httpd.conf");
    else if (request->has_evidence)
        reply_text(request, 401, "Login required: the login or session shown is not valid");
    else
        reply_text(request, 401,
                   "Login required: send username and password by HTTP Basic, or the cookie "
                   "KISMET that /session/create_session gives");
}

/* 401, which clients take for a login that does not do, as Kismet answers. */
static void refuse_role(struct request *request, unsigned roles)
{
    struct buffer needed = {.ceiling = 256};
    role_print(roles | ROLE_ADMIN, &needed);
    reply_error(request, 401, "Login required: %s has not the role for this, which is %.*s",
                request->session.user, (int)needed.length, (const char *)needed.data);
    buffer_done(&needed);
}

void login_require(struct request *request)
{
    unsigned roles = request->match.route->roles;
    if ((roles & ROLE_OPEN) || ((roles & ROLE_READONLY) && dispatch_reads_open(request)))
        return;
    if (request->has_session &&
        ((roles & ROLE_ANY) || (request->session.roles & (roles | ROLE_ADMIN))))
        return;
    if (request->has_session)
        refuse_role(request, roles);
    else
        login_refuse(request);
}

bool login_is_forwarded(const struct request *request)
{
    static const char *const names[] = {"Forwarded",
                                        "X-Forwarded-For",
                                        "X-Forwarded-Host",
                                        "X-Forwarded-Proto",
                                        "X-Forwarded-Server",
                                        "X-Real-IP",
                                        "Via"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (request_header(request, names[i]))
            return true;
    return false;
}

/* Copies the host of "host", "host:port", "[v6]:port", lower case, no final dot. */
static bool copy_host(const char *text, char *ret_host, size_t size)
{
    bool bracket = text[0] == '[';
    text += bracket;
    size_t length = strcspn(text, bracket ? "]" : ":");
    if (length >= size || !length)
        return false;
    for (size_t i = 0; i < length; i++)
        ret_host[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    length -= length > 1 && ret_host[length - 1] == '.';
    ret_host[length] = '\0';
    return true;
}

static bool is_allowed_host(const struct service *service, const char *host)
{
    for (size_t i = 0; i < HOSTS && service->allowed_hosts[i]; i++)
        if (strcasecmp(service->allowed_hosts[i], host) == 0)
            return true;
    return false;
}

/* True for a name or address that can only mean this machine, or one the operator allowed. */
static bool is_own_host(const struct service *service, const char *text)
{
    char host[256];
    struct in_addr ipv4;
    if (!copy_host(text, host, sizeof host))
        return false;
    size_t length = strlen(host);
    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
        (length > 10 && strcmp(host + length - 10, ".localhost") == 0))
        return true;
    if (inet_pton(AF_INET, host, &ipv4) == 1 && (ntohl(ipv4.s_addr) >> 24) == 127)
        return true;
    return is_allowed_host(service, host);
}

/* A page of an attacker can make its own name point here; then the browser sends that name. */
static void check_host(struct request *request)
{
    const struct service *service = request->service;
    const char *host = request_header(request, "Host");
    if (!host && request->needs_host)
        reply_error(request, 400, "HTTP/1.1 asks for the header Host");
    if (!service->is_loopback || !host || is_own_host(service, host))
        return;
    if (request->is_forwarded && service->login_rule != LOGIN_NEVER)
        return; /* a proxy that keeps the name: everything needs a login then */
    reply_error(request, 403,
                "this server listens on this machine only and does not go by the name %s; the "
                "option httpd_allowed_host=NAME allows another name",
                host);
}

/* The part of an Origin after "scheme://". */
static bool is_same_origin(const char *origin, const char *host)
{
    const char *authority = strstr(origin, "://");
    return authority && host && strcasecmp(authority + 3, host) == 0;
}

/* True when a page of another site made its browser send the request. */
static bool is_foreign(const struct request *request)
{
    const char *site = request_header(request, "Sec-Fetch-Site");
    const char *origin = request_header(request, "Origin");
    if (site)
        return strcmp(site, "cross-site") == 0 || strcmp(site, "same-site") == 0;
    return origin && !is_same_origin(origin, request_header(request, "Host"));
}

static void check_post(struct request *request)
{
    if (request->service->allow_cors || request->is_forwarded)
        return;
    if (is_foreign(request))
        reply_error(request, 403,
                    "a page of another site may not post here; the options httpd_allow_cors and "
                    "httpd_allowed_origin allow it");
}

void login_check_origin(struct request *request)
{
    check_host(request);
    if (!request->reply.status && request->method == METHOD_POST)
        check_post(request);
}

/* True for a page that the operator lets in, or of this server itself behind a proxy that does not
 * pass on its Host. */
static bool is_allowed_origin(const struct request *request, const char *origin)
{
    const struct service *service = request->service;
    char host[256];
    const char *authority = strstr(origin, "://");
    if (service->allow_cors &&
        (!*service->allowed_origin || strcasecmp(origin, service->allowed_origin) == 0))
        return true;
    if (!authority || !request->is_forwarded || !copy_host(authority + 3, host, sizeof host))
        return false;
    return is_same_origin(origin, request_header(request, "X-Forwarded-Host")) ||
           is_allowed_host(service, host);
}

void login_check_page(struct request *request)
{
    const char *origin = request_header(request, "Origin");
    if ((request->has_session && request->is_deliberate) || !is_foreign(request))
        return;
    if (!origin || !is_allowed_origin(request, origin))
        reply_error(request, 403,
                    "a page of another site may not open this websocket; the options "
                    "httpd_allow_cors and httpd_allowed_origin allow it, and a token in the query "
                    "(?KISMET=) does; a proxy should pass on the header Host");
}
