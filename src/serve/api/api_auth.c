/* /auth/apikey/...: keys for programs. Input: a name, a role, how long it lasts. Output: tokens. */
#include <errno.h>
#include <string.h>

#include "schema/auth_fields.h"
#include "serve/api/routes.h"
#include "serve/http/exchange.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"

/* Sends the sentence of a failure. */
static void refuse(struct request *request, int error, struct buffer *why)
{
    if (why->length)
        reply_error(request, error == -ENOSPC ? 507 : 400, "%.*s", (int)why->length,
                    (const char *)why->data);
    else
        reply_error(request, 500, "the API key cannot be kept: %s", strerror(-error));
}

/* A text of the command. False when a reply was made instead. */
static bool need_text(struct request *request, const char *key, const char **ret_text)
{
    size_t length;
    if (command_text(&request->command, key, ret_text, &length) == 0 && strlen(*ret_text) == length)
        return true;
    reply_error(request, 400, "the command needs a text \"%s\"", key);
    return false;
}

/* The bare token: clients take the whole body for it. */
static void reply_token(struct request *request, const char *token)
{
    struct buffer body = {0};
    buffer_add_text(&body, token);
    reply_buffer(request, 200, "text/plain; charset=utf-8", &body);
}

/* On a worker: writes the file. */
static void make_key(struct request *request, void *context)
{
    struct buffer why = {0};
    char token[SESSION_TOKEN];
    const char *name, *role;
    int64_t duration = 0;
    if (need_text(request, "name", &name) && need_text(request, "role", &role)) {
        if (command_integer(&request->command, "duration", &duration) == -EINVAL)
            duration = -1;
        int error = auth_add_key(request->service->auth, name, role, duration, token, &why);
        if (error)
            refuse(request, error, &why);
        else
            reply_token(request, token);
    }
    buffer_done(&why);
}

static void generate(struct request *request)
{
    if (options_boolean(monitor_of(request)->options, "httpd_allow_auth_creation"))
        reply_later(request, make_key, NULL);
    else
        reply_error(request, 403, "API keys are not made here (httpd_allow_auth_creation=false)");
}

static void end_key(struct request *request, void *context)
{
    const char *name;
    if (!need_text(request, "name", &name))
        return;
    int error = auth_revoke_key(request->service->auth, name);
    if (error == -ENOENT && strcmp(name, API_KEY_LOGON) == 0)
        reply_error(request, 400, "%s is no API key: sessions end by themselves", name);
    else if (error == -ENOENT)
        reply_error(request, 404, "there is no API key named %s", name);
    else if (error)
        reply_error(request, 500,
                    "the API key is revoked until norn starts again: %s cannot be "
                    "written: %s",
                    API_KEY_FILE, strerror(-error));
    else
        reply_text(request, 200, "revoked");
}

static void revoke(struct request *request)
{
    reply_later(request, end_key, NULL);
}

static void list(struct request *request)
{
    bool shows = options_boolean(monitor_of(request)->options, "httpd_allow_auth_view");
    struct api_key *keys = arena_new(request_arena(request), API_KEYS * sizeof *keys);
    struct record_reply reply;
    struct view view = {.server_now = monitor_now()};
    if (!keys) {
        reply_error(request, 503, "out of memory");
        return;
    }
    size_t count = auth_list_keys(request->service->auth, keys);
    if (!record_reply_begin(&reply, request, &auth_record_type))
        return;
    record_reply_list_begin(&reply, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        struct auth_record record = {
            .name = keys[i].name,
            .role = keys[i].role,
            .token = shows ? keys[i].token : NULL,
            .created = (uint64_t)keys[i].created,
            .accessed = (uint64_t)keys[i].accessed,
            .expires = (uint64_t)keys[i].expires,
        };
        record_reply_element(&reply, &record, &view);
    }
    record_reply_list_end(&reply);
    record_reply_send(&reply);
}

// clang-format off
const struct route api_auth_routes[] = {
    {METHOD_POST, "/auth/apikey/generate", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, generate,
     "Makes an API key: name, role (admin, readonly, datasource, scanreport, WEBGPS, ADSB or another), duration in seconds (0: for ever); answers with the key."},
    {METHOD_POST, "/auth/apikey/revoke", ROUTE_COMMAND, ROLE_ADMIN, BODY_COMMAND, revoke,
     "Ends the API key of that name."},
    {METHOD_GET | METHOD_POST, "/auth/apikey/list", ROUTE_DATA, ROLE_ADMIN, BODY_OPTIONAL, list,
     "The API keys.", ANSWER_LIST, &auth_record_type},
    {0},
};
// clang-format on
