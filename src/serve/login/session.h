/* Login sessions: a bounded table of random 128-bit tokens with expiry, renewed by use. One thread
 * at a time: auth.c holds the lock. */
#ifndef NORN_SERVE_SESSION_H
#define NORN_SERVE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/http/peer.h"

enum {
    SESSION_TOKEN = 33, /* 32 upper-case hex digits and NUL */
    SESSION_USER = 65,
    SESSIONS = 512, /* at most; the one unused longest goes first */
};

struct session {
    char token[SESSION_TOKEN];
    char user[SESSION_USER];
    unsigned roles;   /* enum role; 0: free slot */
    bool by_password; /* made by Basic: found again by user and peer */
    struct peer peer;
    int64_t created, seen; /* seconds since boot */
};

struct sessions {
    struct session slots[SESSIONS];
    uint64_t hashes[SESSIONS];
    int64_t timeout; /* seconds without use; 0: never */
};

/* A new session (the token from the kernel's random bytes), or NULL without randomness. Evicts the
 * one unused longest when full. */
struct session *session_add(struct sessions *sessions, const char *user, unsigned roles,
                            struct peer peer, int64_t now);

/* The live session of a token, renewed, or NULL. */
struct session *session_find(struct sessions *sessions, const char *token, int64_t now);

/* The live session that this user made by password from this peer, renewed, or NULL. */
struct session *session_find_user(struct sessions *sessions, const char *user, struct peer peer,
                                  int64_t now);

/* Writes a new random token. False without randomness. */
bool session_make_token(char ret_token[SESSION_TOKEN]);

/* Compares a token with 32 digits of any case, in a time that does not depend on where they
 * differ. */
bool session_token_equal(const char *token, const char *shown);

/* Ends the session of a token, if there is one. */
void session_end(struct sessions *sessions, const char *token);

/* Ends every session. */
void session_clear(struct sessions *sessions);

#endif
