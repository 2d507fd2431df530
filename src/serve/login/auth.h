/* Who is calling: sessions by cookie, token or header, passwords by Basic or query, and the
 * first-run set-up. Input: what a request shows. Output: roles. Passwords are compared in constant
 * time; yescrypt hashes are checked on a worker, never on a server thread. */
#ifndef NORN_SERVE_AUTH_H
#define NORN_SERVE_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/login/api_key.h"
#include "serve/http/peer.h"
#include "serve/login/session.h"
#include "util/buffer.h"

struct auth;

struct auth_config {
    int64_t session_timeout; /* seconds without use after which a session ends; 0: never */
    /* Keeps the user's kismet_httpd.conf or session.db: 0 or -errno. Called on a worker thread. */
    int (*save)(void *context, const char *name, const void *bytes, size_t length);
    void *context;
};

struct auth *auth_new(const struct auth_config *config);
void auth_free(struct auth *auth);

/* Sets the login: `secret` is a password or a `$y$` hash (any hash crypt() knows). NULL or empty:
 * no login is configured and every attempt is refused. `is_fixed` when it comes from the global
 * configuration. A change ends every session. -EINVAL for a user without a password or the
 * other way round (nothing is configured then). Thread-safe, as all below. */
int auth_set_credentials(struct auth *auth, const char *user, const char *secret, bool is_fixed);

bool auth_is_configured(struct auth *auth);
bool auth_is_fixed(struct auth *auth);

/* The code that lets set_password be called from elsewhere while no login is configured; for the
 * console. NUL-terminated, lives as long as `auth`. */
const char *auth_setup_code(struct auth *auth);

/* Outcome of showing credentials. */
enum auth_outcome {
    AUTH_GRANTED,
    AUTH_DENIED,
    AUTH_UNKNOWN,   /* needs hashing: call auth_check_slow() on a worker */
    AUTH_THROTTLED, /* too many different wrong ones from this address */
    AUTH_UNSET,     /* no login is configured */
    AUTH_UNCHECKED, /* not looked at: no memory for the hashing, or a damaged hash */
};

/* Checks a token (32 hex digits, any case): of a session, which is renewed, or an API key. */
bool auth_check_token(struct auth *auth, const char *token, struct session *ret_session);

/* Ends the session of a token; an API key stays. */
void auth_end_session(struct auth *auth, const char token[SESSION_TOKEN]);

/* Checks a user and password as far as that is quick. */
enum auth_outcome auth_check_quick(struct auth *auth, struct peer peer, const char *user,
                                   const char *password, struct session *ret_session);

/* Checks them with hashing: tens of milliseconds. Never AUTH_UNKNOWN. */
enum auth_outcome auth_check_slow(struct auth *auth, struct peer peer, const char *user,
                                  const char *password, struct session *ret_session);

/* Compares a set-up code typed by someone; wrong ones count as failed logins. */
enum auth_outcome auth_check_code(struct auth *auth, struct peer peer, const char *code);

/* Hashes the password, saves both through the callback, then makes them the login. Slow. 0;
 * -EINVAL for texts that cannot be a login (sentence in ret_why); -EPERM when the login is fixed;
 * -EEXIST when `only_first` and a login exists; else what `save` gave. */
int auth_save_password(struct auth *auth, const char *user, const char *password, bool only_first,
                       struct buffer *ret_why);

/* Takes the API keys of the last run from the text of session.db; as api_key_load(). */
int auth_load_keys(struct auth *auth, const char *text, size_t length);

/* Makes an API key and keeps the file; slow. As api_key_add(), or what `save` gave; the key is
 * then not made. */
int auth_add_key(struct auth *auth, const char *name, const char *role, int64_t duration,
                 char ret_token[SESSION_TOKEN], struct buffer *ret_why);

/* Ends an API key and keeps the file; slow. 0, -ENOENT, or what `save` gave: the key is ended for
 * this run only. */
int auth_revoke_key(struct auth *auth, const char *name);

/* Copies the API keys that have not expired; how many. */
size_t auth_list_keys(struct auth *auth, struct api_key ret_keys[API_KEYS]);

#endif
