/* /session/...: logging in, asking whether one is logged in, and the first-run set-up of the
 * password. The evidence itself is judged by login.c before any of these run. */
#include <errno.h>
#include <string.h>

#include "schema/session_fields.h"
#include "serve/api/routes.h"
#include "serve/http/dispatch.h"
#include "serve/list/record_reply.h"
#include "serve/login/login.h"
#include "serve/login/role.h"

/* 401 with the challenge of the first API, whoever asks. */
static void challenge(struct request *request)
{
    size_t before = request->reply.header_count;
    login_refuse(request);
    if (request->reply.status == 401 && request->reply.header_count == before)
        reply_add_header(request, "WWW-Authenticate", "Basic realm=\"Kismet Admin\"");
}

static void create_session(struct request *request)
{
    if (!request->has_session)
        challenge(request);
    else if (request->has_token && !request->is_deliberate)
        reply_text(request, 200, "You already have a valid session");
    else
        reply_text(request, 200, "Logged in; the cookie KISMET holds the session");
    if (request->has_session && request->is_deliberate && request->has_token)
        reply_set_cookie(request, request->session.token); /* of a session or API key shown */
}

/* A session is over for all who hold its token; an API key is only forgotten by this browser. */
static void end_session(struct request *request)
{
    if (request->has_session)
        auth_end_session(request->service->auth, request->session.token);
    request->has_session = false; /* else the reply would set the cookie again */
    reply_set_cookie(request, "");
    reply_text(request, 200, "Logged out");
}

static void check_session(struct request *request)
{
    if (request->has_session)
        reply_text(request, 200, "Valid session");
    else if (request->outcome == AUTH_THROTTLED || request->outcome == AUTH_UNCHECKED)
        login_refuse(request);
    else
        reply_text(request, 401, "No session");
}

static void check_login(struct request *request)
{
    if (request_has_role(request, ROLE_ADMIN))
        reply_text(request, 200, "Valid login");
    else
        login_refuse(request);
}

static void check_setup_ok(struct request *request)
{
    struct auth *auth = request->service->auth;
    if (auth_is_fixed(auth))
        reply_text(request, 406, "The login is set in the global configuration");
    else if (auth_is_configured(auth))
        reply_text(request, 200, "A login is set");
    else
        reply_text(request, 500, "No login is set yet");
}

static const char *setup_word(struct auth *auth)
{
    if (auth_is_fixed(auth))
        return "fixed";
    return auth_is_configured(auth) ? "done" : "needed";
}

static void get_status(struct request *request)
{
    struct record_reply reply;
    struct buffer role = {0};
    struct view view = {0};
    struct session_record record = {
        .user = request->has_session ? request->session.user : "",
        .setup = setup_word(request->service->auth),
        .reads_open = dispatch_reads_open(request),
        .needs_code = !request_is_local(request),
    };
    if (!record_reply_begin(&reply, request, &session_record_type))
        return;
    if (request->has_session)
        role_print(request->session.roles, &role);
    if (request->has_session && !role.length)
        buffer_add_text(&role, "other");
    const char *text = buffer_string(&role);
    record.role = text ? text : "";
    record_reply_record(&reply, &record, &view);
    record_reply_send(&reply);
    buffer_done(&role);
}

/* Runs on a worker: hashing and the file. */
static void save_password(struct request *request, void *context)
{
    const bool *only_first = context;
    struct buffer why = {0};
    int error = auth_save_password(request->service->auth, request_variable(request, "username"),
                                   request_variable(request, "password"), *only_first, &why);
    if (!error)
        reply_text(request, 200, "The login is saved");
    else if (error == -EINVAL)
        reply_error(request, 400, "%.*s", (int)why.length, (const char *)why.data);
    else if (error == -EPERM)
        reply_text(request, 403, "The login is set in the global configuration; change it there");
    else if (error == -EEXIST)
        reply_text(request, 403, "A login has been set meanwhile");
    else
        reply_error(request, 500, "the login cannot be saved: %s", strerror(-error));
    buffer_done(&why);
}

/* Before there is a login: from this machine, or with the code that the console shows. */
static bool may_set_up(struct request *request)
{
    const char *code = request_variable(request, "code");
    if (request_is_local(request))
        return true;
    request->outcome =
        code ? auth_check_code(request->service->auth, request->peer, code) : AUTH_DENIED;
    if (request->outcome == AUTH_GRANTED)
        return true;
    if (request->outcome == AUTH_THROTTLED)
        login_refuse(request);
    else
        reply_text(request, 403,
                   "The first login can be set from the server's own machine, or with the field "
                   "code as norn printed it when it started");
    return false;
}

static void set_password(struct request *request)
{
    static const bool first = true, again = false;
    bool configured = auth_is_configured(request->service->auth);
    if (auth_is_fixed(request->service->auth)) {
        reply_text(request, 403, "The login is set in the global configuration; change it there");
        return;
    }
    if (configured && !request_has_role(request, ROLE_ADMIN)) {
        login_refuse(request);
        return;
    }
    if (!configured && !may_set_up(request))
        return;
    if (!request_variable(request, "username") || !request_variable(request, "password")) {
        reply_error(request, 400, "post the form fields username and password");
        return;
    }
    reply_later(request, save_password, (void *)(uintptr_t)(configured ? &again : &first));
}

// clang-format off
const struct route api_session_routes[] = {
    {METHOD_GET | METHOD_POST, "/session/create_session", ROUTE_PLAIN, ROLE_OPEN, BODY_FORM,
     create_session, "Logs in by HTTP Basic, or by a token or API key shown as Bearer, and gives the session as the cookie KISMET."},
    {METHOD_POST, "/session/end_session", ROUTE_PLAIN, ROLE_OPEN, BODY_FORM,
     end_session, "Logs out: ends the session shown and has the browser forget the cookie."},
    {METHOD_GET | METHOD_POST, "/session/status", ROUTE_DATA, ROLE_OPEN, BODY_OPTIONAL,
     get_status, "Who this client is logged in as, what that may do, and whether a password is set.", ANSWER_RECORD, &session_record_type},
    {METHOD_GET | METHOD_POST, "/session/check_session", ROUTE_PLAIN, ROLE_OPEN, BODY_FORM,
     check_session, "Says whether the session shown is valid: 200 or 401."},
    {METHOD_GET | METHOD_POST, "/session/check_login", ROUTE_PLAIN, ROLE_OPEN, BODY_FORM,
     check_login, "Says whether the login shown may do everything: 200 or 401."},
    {METHOD_GET, "/session/check_setup_ok", ROUTE_PLAIN, ROLE_OPEN, BODY_OPTIONAL,
     check_setup_ok, "Says whether a password is set: 200 yes, 406 in the global configuration, "
     "500 not yet."},
    {METHOD_POST, "/session/set_password", ROUTE_PLAIN, ROLE_OPEN, BODY_FORM,
     set_password, "Sets the login from the form fields username and password."},
    {0},
};
// clang-format on
