/* One request, as handlers see it: already routed, logged in, its body decoded. Handlers run on a
 * server thread and must not block: no disk, no sorting of many records, no password hashing
 * (reply_later() is for those). Every handler ends by one call of reply.h. All texts given out
 * here are NUL-terminated and live as long as the request. */
#ifndef NORN_SERVE_REQUEST_H
#define NORN_SERVE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/emit.h"
#include "serve/http/command.h"
#include "serve/http/route.h"

struct request;

/* The pointer given to server_start(). */
void *request_context(const struct request *request);

/* METHOD_GET (also for HEAD) or METHOD_POST. */
enum method request_method(const struct request *request);

/* True for HEAD: the reply is made as for GET, but only its headers are sent. */
bool request_is_head(const struct request *request);

/* The path that was asked for, decoded, without the query. */
const char *request_path(struct request *request);

/* Suffix of the path as written. */
enum suffix request_suffix(const struct request *request);

/* The format that suffix asks for: JSON for commands, msgpack plain or typed by ?msgpack= and the
 * option httpd_msgpack. */
enum format request_format(const struct request *request);

/* The msgpack variant asked for, whatever the suffix: FORMAT_MSGPACK or FORMAT_MSGPACK_TYPED. */
enum format request_msgpack_format(const struct request *request);

/* True for .itjson and .ekjson: one element a line, no brackets, nothing for an empty list. */
bool request_lines(const struct request *request);

/* Decoded segment of the placeholder {name}; the name must be in the row. ret_length may be NULL.
 */
const char *request_parameter(const struct request *request, const char *name, size_t *ret_length);

/* What follows the suffix of a ROUTE_TREE row, segments joined by '/'; "" when there is nothing. */
const char *request_rest(struct request *request, size_t *ret_length);

/* Value of a query variable, or NULL. */
const char *request_query(const struct request *request, const char *name);

/* Value of a form variable, else of the query variable of that name, or NULL. */
const char *request_variable(const struct request *request, const char *name);

/* Value of a header, or NULL. */
const char *request_header(const struct request *request, const char *name);

/* The decoded command; never NULL, empty where none was sent. */
const struct command *request_command(const struct request *request);

/* Address of the client as text, without port. */
const char *request_peer(const struct request *request);

/* True when the client sits on this machine and no proxy spoke for it. */
bool request_is_local(const struct request *request);

/* True when the request is logged in with this role, or as admin. */
bool request_has_role(const struct request *request, enum role role);

/* Name of the user logged in, or NULL. */
const char *request_user(const struct request *request);

/* Memory of the request; NULL at its ceiling. */
struct arena *request_arena(struct request *request);

#endif
