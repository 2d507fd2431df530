/* Logins: the one configured user, the sessions made from it, the first-run set-up. Every function
 * takes the lock; hashing happens outside of it. See auth.h. */
#include "serve/login/auth.h"

#include <crypt.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "serve/http/route.h"
#include "serve/login/role.h"
#include "serve/login/siphash.h"
#include "serve/login/throttle.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/text.h"

enum { SECRET = 512, PASSWORD = 256, CODE = 10, SALT_BYTES = 32 };

struct auth {
    pthread_mutex_t lock;
    struct auth_config config;
    char user[SESSION_USER];
    char secret[SECRET]; /* empty: no login is configured */
    bool is_hash, is_fixed, is_saving;
    uint64_t generation; /* of the credentials */
    uint64_t key[2];
    uint64_t known; /* keyed hash of the pair that was verified; 0: none */
    char code[CODE];
    struct sessions sessions;
    struct throttle throttle;
    struct api_keys keys;
    pthread_mutex_t file_lock; /* of session.db; taken before `lock` */
};

/* Sessions age while the machine sleeps, and whatever its clock is set to. */
static int64_t now(void)
{
    return (int64_t)(clock_boot_ns() / NS_PER_S) + 1;
}

/* Eight letters and digits that cannot be taken for each other, a dash in the middle. */
static void make_code(char ret_code[CODE])
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    uint8_t random[8];
    if (getrandom(random, sizeof random, 0) != sizeof random)
        abort();
    for (size_t i = 0, at = 0; i < sizeof random; i++) {
        if (i == 4)
            ret_code[at++] = '-';
        ret_code[at++] = letters[random[i] % 32];
    }
    ret_code[9] = '\0';
}

struct auth *auth_new(const struct auth_config *config)
{
    struct auth *auth = calloc(1, sizeof *auth);
    if (!auth)
        return NULL;
    auth->config = *config;
    auth->sessions.timeout = config->session_timeout;
    pthread_mutex_init(&auth->lock, NULL);
    pthread_mutex_init(&auth->file_lock, NULL);
    if (getrandom(auth->key, sizeof auth->key, 0) != sizeof auth->key)
        abort();
    make_code(auth->code);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    pthread_mutex_destroy(&auth->lock);
    pthread_mutex_destroy(&auth->file_lock);
    explicit_bzero(auth, sizeof *auth);
    free(auth);
}

/* True when crypt() can check passwords against it. */
static bool is_crypt_hash(const char *secret)
{
    if (secret[0] != '$' || !strchr(secret + 1, '$'))
        return false;
    int verdict = crypt_checksalt(secret);
    return verdict == CRYPT_SALT_OK || verdict == CRYPT_SALT_METHOD_LEGACY ||
           verdict == CRYPT_SALT_TOO_CHEAP;
}

/* The lock is held. */
static void replace_credentials(struct auth *auth, const char *user, const char *secret,
                                bool is_fixed)
{
    auth->is_fixed = is_fixed && *secret;
    if (strcmp(auth->user, user) == 0 && strcmp(auth->secret, secret) == 0)
        return;
    memcpy(auth->user, user, strlen(user) + 1);
    memcpy(auth->secret, secret, strlen(secret) + 1);
    auth->is_hash = is_crypt_hash(secret);
    auth->generation++;
    auth->known = 0;
    memset(auth->throttle.wrong, 0, sizeof auth->throttle.wrong);
    session_clear(&auth->sessions);
}

int auth_set_credentials(struct auth *auth, const char *user, const char *secret, bool is_fixed)
{
    user = user ? user : "";
    secret = secret ? secret : "";
    bool bad = !*user != !*secret || strlen(user) >= SESSION_USER || strlen(secret) >= SECRET;
    pthread_mutex_lock(&auth->lock);
    replace_credentials(auth, bad ? "" : user, bad ? "" : secret, is_fixed);
    pthread_mutex_unlock(&auth->lock);
    return bad ? -EINVAL : 0;
}

bool auth_is_configured(struct auth *auth)
{
    pthread_mutex_lock(&auth->lock);
    bool configured = auth->secret[0] != '\0';
    pthread_mutex_unlock(&auth->lock);
    return configured;
}

bool auth_is_fixed(struct auth *auth)
{
    pthread_mutex_lock(&auth->lock);
    bool fixed = auth->is_fixed;
    pthread_mutex_unlock(&auth->lock);
    return fixed;
}

const char *auth_setup_code(struct auth *auth)
{
    return auth->code;
}

/* With the lock: an API key as a session of its own, which nobody keeps. */
static bool check_key(struct auth *auth, const char *token, struct session *ret_session)
{
    const struct api_key *key =
        strlen(token) == SESSION_TOKEN - 1 ? api_key_find(&auth->keys, token, time(NULL)) : NULL;
    if (!key)
        return false;
    *ret_session = (struct session){.roles = role_find(key->role)};
    memcpy(ret_session->token, key->token, sizeof key->token);
    memcpy(ret_session->user, key->name, sizeof key->name);
    return true;
}

bool auth_check_token(struct auth *auth, const char *token, struct session *ret_session)
{
    pthread_mutex_lock(&auth->lock);
    struct session *session = session_find(&auth->sessions, token, now());
    if (session)
        *ret_session = *session;
    bool is_good = session || check_key(auth, token, ret_session);
    pthread_mutex_unlock(&auth->lock);
    return is_good;
}

void auth_end_session(struct auth *auth, const char token[SESSION_TOKEN])
{
    pthread_mutex_lock(&auth->lock);
    session_end(&auth->sessions, token);
    pthread_mutex_unlock(&auth->lock);
}

/* Keyed hash of a user and password, both within their limits; never 0. It takes no memory that
 * could be lacking: two pairs must not become one for that. */
static uint64_t pair_hash(const struct auth *auth, const char *user, const char *password)
{
    uint8_t pair[SESSION_USER + PASSWORD];
    size_t user_size = strlen(user) + 1, password_length = strlen(password);
    memcpy(pair, user, user_size);
    memcpy(pair + user_size, password, password_length);
    uint64_t hash = siphash_of(auth->key, pair, user_size + password_length);
    explicit_bzero(pair, sizeof pair);
    return hash ? hash : 1;
}

/* Equality in a time that depends on nothing but the length of what was shown. */
static bool text_equal(const char *secret, const char *shown)
{
    size_t length = strlen(shown);
    unsigned difference = strlen(secret) != length;
    for (size_t i = 0, at = 0; i < length; i++) {
        difference |= (unsigned)(secret[at] ^ shown[i]);
        at += secret[at] != '\0';
    }
    return difference == 0;
}

/* The lock is held and the pair is right: its session for this peer, old or new. */
static enum auth_outcome grant(struct auth *auth, struct peer peer, uint64_t hash,
                               struct session *ret_session)
{
    int64_t time = now();
    auth->known = hash;
    throttle_refund(&auth->throttle, peer);
    struct session *session = session_find_user(&auth->sessions, auth->user, peer, time);
    if (!session)
        session = session_add(&auth->sessions, auth->user, ROLE_ADMIN, peer, time);
    if (!session)
        return AUTH_DENIED;
    session->by_password = true;
    *ret_session = *session;
    return AUTH_GRANTED;
}

/* The lock is held. AUTH_UNKNOWN: an attempt was taken, the password must be looked at. */
static enum auth_outcome begin_check(struct auth *auth, struct peer peer, uint64_t hash,
                                     struct session *ret_session)
{
    if (!auth->secret[0])
        return AUTH_UNSET;
    if (throttle_is_wrong(&auth->throttle, hash))
        return AUTH_DENIED;
    if (!throttle_take(&auth->throttle, peer, now()))
        return AUTH_THROTTLED;
    return hash == auth->known ? grant(auth, peer, hash, ret_session) : AUTH_UNKNOWN;
}

/* The lock is held. */
static enum auth_outcome end_check(struct auth *auth, struct peer peer, uint64_t hash, bool right,
                                   struct session *ret_session)
{
    if (right)
        return grant(auth, peer, hash, ret_session);
    throttle_add_wrong(&auth->throttle, hash);
    return AUTH_DENIED;
}

enum auth_outcome auth_check_quick(struct auth *auth, struct peer peer, const char *user,
                                   const char *password, struct session *ret_session)
{
    if (strlen(user) >= SESSION_USER || strlen(password) >= PASSWORD)
        return AUTH_DENIED;
    uint64_t hash = pair_hash(auth, user, password);
    pthread_mutex_lock(&auth->lock);
    enum auth_outcome outcome = begin_check(auth, peer, hash, ret_session);
    if (outcome == AUTH_UNKNOWN && auth->is_hash) {
        throttle_refund(&auth->throttle, peer); /* auth_check_slow() takes it again */
    } else if (outcome == AUTH_UNKNOWN) {
        bool same_user = text_equal(auth->user, user);
        bool same_password = text_equal(auth->secret, password);
        outcome = end_check(auth, peer, hash, same_user && same_password, ret_session);
    }
    pthread_mutex_unlock(&auth->lock);
    return outcome;
}

/* 1 when the password gives this hash, 0 when it gives another; -ENOMEM without memory (yescrypt
 * wants 16 MB), or where the hash is damaged: the library does not tell. Tens of milliseconds. */
static int verify_hash(const char *hash, const char *password)
{
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data)
        return -ENOMEM;
    const char *made = crypt_rn(password, hash, data, sizeof *data);
    int result = made ? strlen(made) == strlen(hash) && text_equal(hash, made) : -ENOMEM;
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

enum auth_outcome auth_check_slow(struct auth *auth, struct peer peer, const char *user,
                                  const char *password, struct session *ret_session)
{
    char secret[SECRET];
    enum auth_outcome outcome = auth_check_quick(auth, peer, user, password, ret_session);
    if (outcome != AUTH_UNKNOWN)
        return outcome;
    uint64_t hash = pair_hash(auth, user, password);
    pthread_mutex_lock(&auth->lock);
    outcome = begin_check(auth, peer, hash, ret_session);
    uint64_t generation = auth->generation;
    bool same_user = text_equal(auth->user, user);
    memcpy(secret, auth->secret, sizeof secret);
    pthread_mutex_unlock(&auth->lock);
    if (outcome != AUTH_UNKNOWN)
        return outcome;
    int right = verify_hash(secret, password);
    explicit_bzero(secret, sizeof secret);
    pthread_mutex_lock(&auth->lock);
    if (generation != auth->generation)
        outcome = AUTH_DENIED;
    else if (right < 0)
        outcome = AUTH_UNCHECKED;
    else
        outcome = end_check(auth, peer, hash, right && same_user, ret_session);
    pthread_mutex_unlock(&auth->lock);
    return outcome;
}

enum auth_outcome auth_check_code(struct auth *auth, struct peer peer, const char *code)
{
    char typed[CODE] = "";
    size_t length = 0;
    for (; *code; code++) {
        if (*code == '-' || *code == ' ')
            continue;
        if (length == 4)
            typed[length++] = '-';
        if (length >= CODE - 1)
            return AUTH_DENIED;
        typed[length++] = (char)(*code >= 'a' && *code <= 'z' ? *code - 32 : *code);
    }
    typed[length] = '\0';
    pthread_mutex_lock(&auth->lock);
    enum auth_outcome outcome = AUTH_THROTTLED;
    if (throttle_take(&auth->throttle, peer, now()))
        outcome = text_equal(auth->code, typed) && length == CODE - 1 ? AUTH_GRANTED : AUTH_DENIED;
    if (outcome == AUTH_GRANTED)
        throttle_refund(&auth->throttle, peer);
    pthread_mutex_unlock(&auth->lock);
    return outcome;
}

/* A name or password that a line of the configuration can hold. */
static bool is_plain_text(const char *text, size_t limit)
{
    size_t length = strlen(text);
    return length && length < limit && text_is_printable(text, length);
}

static int check_login_texts(const char *user, const char *password, struct buffer *ret_why)
{
    size_t length = strlen(user);
    if (!is_plain_text(user, SESSION_USER) || strchr(user, ':') || user[0] == ' ' ||
        user[length - 1] == ' ') {
        buffer_add_text(ret_why, "the username must have 1 to 64 bytes, no colon, no control "
                                 "characters, and no spaces around it");
        return -EINVAL;
    }
    if (!is_plain_text(password, PASSWORD)) {
        buffer_add_text(ret_why, "the password must have 1 to 255 bytes and no control characters");
        return -EINVAL;
    }
    return 0;
}

/* Writes the user's login file with the hash of the password. */
static int save_login(struct auth *auth, const char *user, const char *hash)
{
    struct buffer file = {.ceiling = 4096};
    buffer_printf(&file,
                  "# Written by norn: the login of its web page and API.\n"
                  "httpd_username=%s\nhttpd_password=%s\n",
                  user, hash);
    int error = file.failed ? -ENOMEM
                            : auth->config.save(auth->config.context, "kismet_httpd.conf",
                                                file.data, file.length);
    buffer_done(&file);
    return error;
}

static int hash_and_save(struct auth *auth, const char *user, const char *password)
{
    char salt[CRYPT_GENSALT_OUTPUT_SIZE], random[SALT_BYTES];
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data)
        return -ENOMEM;
    int error = 0;
    const char *hash = NULL;
    /* The library would open /dev/urandom, which the sandbox refuses. */
    if (getrandom(random, sizeof random, 0) == sizeof random &&
        crypt_gensalt_rn("$y$", 0, random, sizeof random, salt, sizeof salt))
        hash = crypt_rn(password, salt, data, sizeof *data);
    if (!hash || strlen(hash) >= SECRET)
        error = -EIO;
    if (!error)
        error = save_login(auth, user, hash);
    if (!error) {
        pthread_mutex_lock(&auth->lock);
        replace_credentials(auth, user, hash, false);
        auth->known = pair_hash(auth, user, password);
        pthread_mutex_unlock(&auth->lock);
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return error;
}

int auth_save_password(struct auth *auth, const char *user, const char *password, bool only_first,
                       struct buffer *ret_why)
{
    int error = check_login_texts(user, password, ret_why);
    if (error)
        return error;
    pthread_mutex_lock(&auth->lock);
    if (auth->is_fixed)
        error = -EPERM;
    else if (auth->is_saving || (only_first && auth->secret[0]))
        error = -EEXIST;
    else
        auth->is_saving = true;
    pthread_mutex_unlock(&auth->lock);
    if (error)
        return error;
    error = auth->config.save ? hash_and_save(auth, user, password) : -ENOSYS;
    pthread_mutex_lock(&auth->lock);
    auth->is_saving = false;
    pthread_mutex_unlock(&auth->lock);
    return error;
}

int auth_load_keys(struct auth *auth, const char *text, size_t length)
{
    pthread_mutex_lock(&auth->lock);
    int result = api_key_load(&auth->keys, text, length);
    pthread_mutex_unlock(&auth->lock);
    return result;
}

/* With the file's lock: writes the keys as they are now. */
static int save_keys(struct auth *auth)
{
    struct buffer file = {0};
    pthread_mutex_lock(&auth->lock);
    api_key_print(&auth->keys, &file);
    pthread_mutex_unlock(&auth->lock);
    int error = file.failed ? -ENOMEM : -ENOSYS;
    if (!file.failed && auth->config.save)
        error = auth->config.save(auth->config.context, API_KEY_FILE, file.data, file.length);
    if (file.data)
        explicit_bzero(file.data, file.length);
    buffer_done(&file);
    return error;
}

int auth_add_key(struct auth *auth, const char *name, const char *role, int64_t duration,
                 char ret_token[SESSION_TOKEN], struct buffer *ret_why)
{
    const struct api_key *key;
    pthread_mutex_lock(&auth->file_lock);
    pthread_mutex_lock(&auth->lock);
    int error = api_key_add(&auth->keys, name, role, duration, time(NULL), &key, ret_why);
    if (!error)
        memcpy(ret_token, key->token, SESSION_TOKEN);
    pthread_mutex_unlock(&auth->lock);
    if (!error) {
        error = save_keys(auth);
        pthread_mutex_lock(&auth->lock);
        if (error) /* a key that does not last is no key */
            api_key_remove(&auth->keys, name);
        pthread_mutex_unlock(&auth->lock);
    }
    pthread_mutex_unlock(&auth->file_lock);
    return error;
}

int auth_revoke_key(struct auth *auth, const char *name)
{
    pthread_mutex_lock(&auth->file_lock);
    pthread_mutex_lock(&auth->lock);
    int error = api_key_remove(&auth->keys, name);
    pthread_mutex_unlock(&auth->lock);
    if (!error)
        error = save_keys(auth);
    pthread_mutex_unlock(&auth->file_lock);
    return error;
}

size_t auth_list_keys(struct auth *auth, struct api_key ret_keys[API_KEYS])
{
    size_t count = 0;
    int64_t wall = time(NULL);
    pthread_mutex_lock(&auth->lock);
    for (size_t i = 0; i < auth->keys.count; i++)
        if (!auth->keys.keys[i].expires || auth->keys.keys[i].expires > wall)
            ret_keys[count++] = auth->keys.keys[i];
    pthread_mutex_unlock(&auth->lock);
    return count;
}
