/* The table of login sessions. See session.h. */
#include "serve/login/session.h"

#include <string.h>
#include <sys/random.h>

#include "util/buffer.h"
#include "util/hash.h"
#include "util/text.h"

/* However much it is used, a session ends after this. */
enum { LONGEST = 30 * 24 * 3600 };

static bool is_live(const struct sessions *sessions, const struct session *session, int64_t now)
{
    if (!session->roles)
        return false;
    return !sessions->timeout ||
           (now - session->seen <= sessions->timeout && now - session->created <= LONGEST);
}

/* A free, ended or else the least recently used slot. */
static size_t choose_slot(struct sessions *sessions, int64_t now)
{
    size_t oldest = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        if (!is_live(sessions, &sessions->slots[i], now))
            return i;
        if (sessions->slots[i].seen < sessions->slots[oldest].seen)
            oldest = i;
    }
    return oldest;
}

bool session_make_token(char ret_token[SESSION_TOKEN])
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t random[16];
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return false;
    for (size_t i = 0; i < sizeof random; i++) {
        ret_token[2 * i] = digits[random[i] >> 4];
        ret_token[2 * i + 1] = digits[random[i] & 15];
    }
    ret_token[32] = '\0';
    return true;
}

struct session *session_add(struct sessions *sessions, const char *user, unsigned roles,
                            struct peer peer, int64_t now)
{
    struct session session = {.roles = roles, .peer = peer, .created = now, .seen = now};
    size_t length = strlen(user);
    if (length >= sizeof session.user || !session_make_token(session.token))
        return NULL;
    memcpy(session.user, user, length + 1);
    size_t slot = choose_slot(sessions, now);
    sessions->slots[slot] = session;
    sessions->hashes[slot] = hash_keyed_bytes(session.token, 32);
    return &sessions->slots[slot];
}

bool session_token_equal(const char *token, const char *shown)
{
    unsigned difference = 0;
    for (size_t i = 0; i < 32; i++) {
        unsigned digit = (unsigned char)shown[i];
        digit -= digit >= 'a' && digit <= 'f' ? 'a' - 'A' : 0;
        difference |= (unsigned char)token[i] ^ digit;
    }
    return difference == 0;
}

struct session *session_find(struct sessions *sessions, const char *token, int64_t now)
{
    char upper[SESSION_TOKEN];
    if (strlen(token) != 32)
        return NULL;
    for (size_t i = 0; i < 33; i++)
        upper[i] = (char)(token[i] >= 'a' && token[i] <= 'f' ? token[i] - 32 : token[i]);
    uint64_t hash = hash_keyed_bytes(upper, 32);
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session *session = &sessions->slots[i];
        if (sessions->hashes[i] == hash && is_live(sessions, session, now) &&
            session_token_equal(session->token, upper)) {
            session->seen = now;
            return session;
        }
    }
    return NULL;
}

struct session *session_find_user(struct sessions *sessions, const char *user, struct peer peer,
                                  int64_t now)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session *session = &sessions->slots[i];
        if (session->by_password && is_live(sessions, session, now) &&
            memcmp(&session->peer, &peer, sizeof peer) == 0 && strcmp(session->user, user) == 0) {
            session->seen = now;
            return session;
        }
    }
    return NULL;
}

void session_end(struct sessions *sessions, const char *token)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        if (!sessions->slots[i].roles || !session_token_equal(sessions->slots[i].token, token))
            continue;
        memset(&sessions->slots[i], 0, sizeof sessions->slots[i]);
        sessions->hashes[i] = 0;
    }
}

void session_clear(struct sessions *sessions)
{
    memset(sessions->slots, 0, sizeof sessions->slots);
    memset(sessions->hashes, 0, sizeof sessions->hashes);
}
