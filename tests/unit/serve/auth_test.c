/* Logins: sessions, passwords plain and hashed, throttling, the first-run set-up. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "serve/login/auth.h"
#include "serve/http/route.h"
#include "serve/login/siphash.h"
#include "serve/login/throttle.h"

static const struct peer here = {.octet = {[10] = 0xff, [11] = 0xff, 127, 0, 0, 1}};
static const struct peer there = {.octet = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 7}};

static char saved[4096];

static int save(void *context, const char *name, const void *bytes, size_t length)
{
    assert_string_equal(name, "kismet_httpd.conf");
    assert_true(length < sizeof saved);
    memcpy(saved, bytes, length);
    saved[length] = '\0';
    return context ? -ENOSPC : 0;
}

static struct auth *start(const char *user, const char *secret)
{
    struct auth_config config = {.session_timeout = 60, .save = save};
    struct auth *auth = auth_new(&config);
    assert_int_equal(auth_set_credentials(auth, user, secret, false), 0);
    return auth;
}

static void plain_password(void **state)
{
    struct session first, again;
    struct auth *auth = start("me", "secret");
    assert_int_equal(auth_check_quick(auth, here, "me", "wrong", &first), AUTH_DENIED);
    assert_int_equal(auth_check_quick(auth, here, "you", "secret", &first), AUTH_DENIED);
    assert_int_equal(auth_check_quick(auth, here, "me", "secret2", &first), AUTH_DENIED);
    assert_int_equal(auth_check_quick(auth, here, "me", "", &first), AUTH_DENIED);
    assert_int_equal(auth_check_quick(auth, here, "me", "secret", &first), AUTH_GRANTED);
    assert_int_equal(strlen(first.token), 32);
    assert_int_equal(strspn(first.token, "0123456789ABCDEF"), 32);
    assert_int_equal(first.roles, ROLE_ADMIN);
    assert_int_equal(auth_check_quick(auth, here, "me", "secret", &again), AUTH_GRANTED);
    assert_string_equal(first.token, again.token);
    assert_int_equal(auth_check_quick(auth, there, "me", "secret", &again), AUTH_GRANTED);
    assert_string_not_equal(first.token, again.token);
    assert_true(auth_check_token(auth, first.token, &again));
    assert_false(auth_check_token(auth, "00000000000000000000000000000000", &again));
    assert_false(auth_check_token(auth, "", &again));
    auth_free(auth);
}

static void hashed_password(void **state)
{
    /* the first save makes the hash, a second start reads it back */
    struct buffer why = {0};
    struct session session, remembered;
    struct auth *auth = start(NULL, NULL);
    assert_int_equal(auth_save_password(auth, "me", "open sesame", true, &why), 0);
    char *hash = strstr(saved, "httpd_password=$y$");
    assert_non_null(hash);
    hash += strlen("httpd_password=");
    hash[strcspn(hash, "\n")] = '\0';
    assert_null(strstr(saved, "sesame"));
    auth_free(auth);

    auth = start("me", hash);
    assert_int_equal(auth_check_quick(auth, here, "me", "open sesame", &session), AUTH_UNKNOWN);
    assert_int_equal(auth_check_slow(auth, here, "me", "wrong", &session), AUTH_DENIED);
    assert_int_equal(auth_check_slow(auth, here, "you", "open sesame", &session), AUTH_DENIED);
    assert_int_equal(auth_check_slow(auth, here, "me", "open sesame", &session), AUTH_GRANTED);
    assert_int_equal(auth_check_quick(auth, here, "me", "open sesame", &remembered), AUTH_GRANTED);
    assert_string_equal(session.token, remembered.token);
    assert_int_equal(auth_check_quick(auth, here, "me", hash, &remembered), AUTH_UNKNOWN);
    assert_int_equal(auth_set_credentials(auth, "me", hash, false), 0);
    assert_true(auth_check_token(auth, session.token, &remembered));
    assert_int_equal(auth_set_credentials(auth, "me", "other", false), 0);
    assert_false(auth_check_token(auth, session.token, &remembered));
    assert_int_equal(auth_check_slow(auth, here, "me", "open sesame", &remembered), AUTH_DENIED);
    auth_free(auth);
}

/* It asks for more memory than there is: nobody gets in, and nobody is remembered as wrong. */
static void hash_that_cannot_be_made(void **state)
{
    struct session session;
    struct auth *auth = start("me", "$y$jzT$abcdefgh$");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(auth_check_quick(auth, here, "me", "secret", &session), AUTH_UNKNOWN);
        assert_int_equal(auth_check_slow(auth, here, "me", "secret", &session), AUTH_UNCHECKED);
    }
    auth_free(auth);
}

static void nothing_configured(void **state)
{
    struct session session;
    struct auth *auth = start(NULL, "");
    assert_false(auth_is_configured(auth));
    assert_int_equal(auth_check_quick(auth, here, "", "", &session), AUTH_UNSET);
    assert_int_equal(auth_check_slow(auth, here, "kismet", "kismet", &session), AUTH_UNSET);
    assert_int_equal(auth_set_credentials(auth, "me", "", false), -EINVAL);
    assert_int_equal(auth_set_credentials(auth, "", "secret", true), -EINVAL);
    assert_false(auth_is_configured(auth) || auth_is_fixed(auth));
    auth_free(auth);
}

static void set_up(void **state)
{
    struct buffer why = {0};
    char code[16] = "";
    struct auth *auth = start(NULL, NULL);
    assert_int_equal(strlen(auth_setup_code(auth)), 9);
    assert_int_equal(auth_check_code(auth, there, "AAAA-AAAA"), AUTH_DENIED);
    assert_int_equal(auth_check_code(auth, there, ""), AUTH_DENIED);
    assert_int_equal(auth_check_code(auth, there, "AAAA-AAAA-AAAA"), AUTH_DENIED);
    assert_int_equal(auth_check_code(auth, there, auth_setup_code(auth)), AUTH_GRANTED);
    snprintf(code, sizeof code, "%.4s%s", auth_setup_code(auth), auth_setup_code(auth) + 5);
    assert_int_equal(auth_check_code(auth, there, code), AUTH_GRANTED);
    static const char *const bad[][2] = {{"", "x"}, {"a:b", "x"},  {" a", "x"},  {"a\nb", "x"},
                                         {"a", ""}, {"a", "x\ny"}, {"\xff", "x"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(auth_save_password(auth, bad[i][0], bad[i][1], true, &why), -EINVAL);
    assert_true(why.length > 0);
    assert_false(auth_is_configured(auth));
    assert_int_equal(auth_set_credentials(auth, "me", "x", true), 0);
    assert_true(auth_is_fixed(auth));
    assert_int_equal(auth_save_password(auth, "me", "y", false, &why), -EPERM);
    assert_int_equal(auth_set_credentials(auth, "me", "x", false), 0);
    assert_int_equal(auth_save_password(auth, "me", "y", true, &why), -EEXIST);
    buffer_done(&why);
    auth_free(auth);
}

static void failed_save_grants_nothing(void **state)
{
    struct buffer why = {0};
    struct session session;
    struct auth_config config = {.save = save, .context = &config};
    struct auth *auth = auth_new(&config);
    assert_int_equal(auth_save_password(auth, "me", "secret", true, &why), -ENOSPC);
    assert_false(auth_is_configured(auth));
    assert_int_equal(auth_check_slow(auth, here, "me", "secret", &session), AUTH_UNSET);
    auth_free(auth);
}

static void guessing_is_throttled(void **state)
{
    struct session session, other;
    char guess[32];
    struct auth *auth = start("me", "secret");
    assert_int_equal(auth_check_quick(auth, there, "me", "secret", &session), AUTH_GRANTED);
    for (int i = 0; i < 200; i++)
        assert_int_equal(auth_check_quick(auth, there, "me", "old", &other), AUTH_DENIED);
    for (int i = 0; i < 19; i++) {
        snprintf(guess, sizeof guess, "guess%d", i);
        assert_int_equal(auth_check_quick(auth, there, "me", guess, &other), AUTH_DENIED);
    }
    assert_int_equal(auth_check_quick(auth, there, "me", "one more", &other), AUTH_THROTTLED);
    assert_int_equal(auth_check_quick(auth, there, "me", "secret", &other), AUTH_THROTTLED);
    assert_int_equal(auth_check_quick(auth, there, "me", "old", &other), AUTH_DENIED);
    assert_true(auth_check_token(auth, session.token, &other));
    assert_int_equal(auth_check_quick(auth, here, "me", "secret", &other), AUTH_GRANTED);
    auth_free(auth);
}

static void throttle_refills(void **state)
{
    static struct throttle throttle;
    for (int i = 0; i < THROTTLE_BURST; i++)
        assert_true(throttle_take(&throttle, there, 1000));
    assert_false(throttle_take(&throttle, there, 1000));
    assert_true(throttle_take(&throttle, here, 1000));
    assert_false(throttle_take(&throttle, there, 1002));
    assert_true(throttle_take(&throttle, there, 1003));
    assert_false(throttle_take(&throttle, there, 1003));
    throttle_refund(&throttle, there);
    assert_true(throttle_take(&throttle, there, 1003));
}

static void sessions_end(void **state)
{
    static struct sessions sessions = {.timeout = 100};
    char first[SESSION_TOKEN];
    struct session *session = session_add(&sessions, "me", ROLE_ADMIN, here, 1000);
    memcpy(first, session->token, sizeof first);
    assert_non_null(session_find(&sessions, first, 1090));
    assert_non_null(session_find(&sessions, first, 1180));
    assert_null(session_find(&sessions, first, 1281));
    session = session_add(&sessions, "me", ROLE_ADMIN, here, 2000);
    memcpy(first, session->token, sizeof first);
    for (int i = 0; i < SESSIONS; i++)
        assert_non_null(session_add(&sessions, "me", ROLE_ADMIN, here, 2001));
    assert_null(session_find(&sessions, first, 2002));
    sessions.timeout = 0;
    session = session_add(&sessions, "me", ROLE_ADMIN, here, 3000);
    assert_non_null(session_find(&sessions, session->token, 1000000000));
}

/* First values of the reference vectors in the authors' paper and code. */
static void siphash_vectors(void **state)
{
    const uint64_t key[2] = {0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull};
    uint8_t bytes[15];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    assert_true(siphash_of(key, bytes, 0) == 0x726fdb47dd0e0e31ull);
    assert_true(siphash_of(key, bytes, 15) == 0xa129ca6149be45e5ull);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_password),
        cmocka_unit_test(hashed_password),
        cmocka_unit_test(hash_that_cannot_be_made),
        cmocka_unit_test(nothing_configured),
        cmocka_unit_test(set_up),
        cmocka_unit_test(failed_save_grants_nothing),
        cmocka_unit_test(guessing_is_throttled),
        cmocka_unit_test(throttle_refills),
        cmocka_unit_test(sessions_end),
        cmocka_unit_test(siphash_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
