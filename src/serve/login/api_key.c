/* The table of API keys and its file. See api_key.h. */
#include "serve/login/api_key.h"

#include <errno.h>
#include <string.h>

#include "schema/json.h"
#include "serve/http/command.h"
#include "util/text.h"

static bool is_over(const struct api_key *key, int64_t now)
{
    return key->expires && key->expires <= now;
}

static void remove_at(struct api_keys *keys, size_t at)
{
    explicit_bzero(&keys->keys[at], sizeof keys->keys[at]);
    keys->keys[at] = keys->keys[--keys->count];
    explicit_bzero(&keys->keys[keys->count], sizeof keys->keys[at]);
}

static void remove_over(struct api_keys *keys, int64_t now)
{
    for (size_t i = keys->count; i-- > 0;)
        if (is_over(&keys->keys[i], now))
            remove_at(keys, i);
}

static struct api_key *find_name(struct api_keys *keys, const char *name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->keys[i].name, name) == 0)
            return &keys->keys[i];
    return NULL;
}

/* Whether a text can be a name or a role: something, within its room, no control characters. */
static bool is_word(const char *text, size_t room)
{
    size_t length = strlen(text);
    return length && length < room && text_is_printable(text, length);
}

int api_key_add(struct api_keys *keys, const char *name, const char *role, int64_t duration,
                int64_t now, const struct api_key **ret_key, struct buffer *ret_why)
{
    struct api_key key = {.created = now, .accessed = now, .expires = duration};
    if (!is_word(name, API_KEY_NAME) || !is_word(role, API_KEY_ROLE)) {
        buffer_printf(ret_why,
                      "name must have 1 to %d bytes and role 1 to %d, no control characters",
                      API_KEY_NAME - 1, API_KEY_ROLE - 1);
        return -EINVAL;
    }
    if (duration < 0 || duration > INT64_MAX - now) {
        buffer_add_text(ret_why, "duration is a number of seconds; 0 is for ever");
        return -EINVAL;
    }
    remove_over(keys, now);
    if (strcmp(name, API_KEY_LOGON) == 0 || find_name(keys, name)) {
        buffer_printf(ret_why,
                      "there is an API key named %s already: revoke that, or take "
                      "another name",
                      name);
        return -EEXIST;
    }
    if (keys->count == API_KEYS) {
        buffer_printf(ret_why, "there are %d API keys, more are not kept: revoke one first",
                      API_KEYS);
        return -ENOSPC;
    }
    if (!session_make_token(key.token))
        return -EIO;
    memcpy(key.name, name, strlen(name) + 1);
    memcpy(key.role, role, strlen(role) + 1);
    key.expires = duration ? now + duration : 0;
    keys->keys[keys->count] = key;
    *ret_key = &keys->keys[keys->count++];
    return 0;
}

int api_key_remove(struct api_keys *keys, const char *name)
{
    struct api_key *key = find_name(keys, name);
    if (!key)
        return -ENOENT;
    remove_at(keys, (size_t)(key - keys->keys));
    return 0;
}

const struct api_key *api_key_find(struct api_keys *keys, const char *token, int64_t now)
{
    const struct api_key *found = NULL;
    for (size_t i = 0; i < keys->count; i++) /* all of them: time tells nothing */
        if (session_token_equal(keys->keys[i].token, token) && !is_over(&keys->keys[i], now)) {
            keys->keys[i].accessed = now;
            found = &keys->keys[i];
        }
    return found;
}

static void print_text(const char *name, const char *text, struct buffer *buffer)
{
    buffer_printf(buffer, "\"%s\":", name);
    uint8_t *at = emit_room_begin(buffer);
    at = json_write_text(buffer, at, text, strlen(text));
    emit_room_end(buffer, at);
    buffer_add_byte(buffer, ',');
}

void api_key_print(const struct api_keys *keys, struct buffer *buffer)
{
    buffer_add_text(buffer, "[");
    for (size_t i = 0; i < keys->count; i++) {
        const struct api_key *key = &keys->keys[i];
        buffer_add_text(buffer, i ? ",\n{" : "\n{");
        print_text("token", key->token, buffer);
        print_text("name", key->name, buffer);
        print_text("role", key->role, buffer);
        buffer_printf(buffer, "\"created\":%lld,\"accessed\":%lld,\"expires\":%lld}",
                      (long long)key->created, (long long)key->accessed, (long long)key->expires);
    }
    buffer_add_text(buffer, "\n]\n");
}

static bool read_text(const struct command *record, const char *name, char *ret_text, size_t room)
{
    const char *text;
    size_t length;
    if (command_text(record, name, &text, &length) != 0 || !length || length >= room ||
        !text_is_printable(text, length))
        return false;
    memcpy(ret_text, text, length);
    ret_text[length] = '\0';
    return true;
}

static bool read_key(const struct command *record, struct api_key *ret_key)
{
    struct api_key key = {0};
    if (record->top.type != COMMAND_MAP ||
        !read_text(record, "token", key.token, sizeof key.token) ||
        strspn(key.token, "0123456789abcdefABCDEF") != sizeof key.token - 1 ||
        !read_text(record, "name", key.name, sizeof key.name) ||
        !read_text(record, "role", key.role, sizeof key.role) ||
        command_integer(record, "expires", &key.expires) != 0 || key.expires < 0)
        return false;
    for (char *digit = key.token; *digit; digit++)
        *digit = (char)(*digit >= 'a' ? *digit - 'a' + 'A' : *digit);
    command_integer(record, "created", &key.created);
    command_integer(record, "accessed", &key.accessed);
    *ret_key = key;
    return true;
}

/* Takes what can be taken of a list of records; how many can not. */
static int take_keys(struct api_keys *keys, const struct command_value *list, struct arena *arena)
{
    int left_out = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct command record = {.top = list->items[i], .arena = arena};
        struct api_key key;
        if (keys->count < API_KEYS && read_key(&record, &key) && !find_name(keys, key.name) &&
            strcmp(key.name, API_KEY_LOGON) != 0)
            keys->keys[keys->count++] = key;
        else
            left_out++;
    }
    return left_out;
}

int api_key_load(struct api_keys *keys, const char *text, size_t length)
{
    struct arena arena = {0};
    struct command command;
    struct buffer why = {0}, whole = {0};
    buffer_add_text(&whole, "{\"keys\":"); /* a command is always a dictionary */
    buffer_add(&whole, text, length);
    buffer_add_byte(&whole, '}');
    int result = whole.failed ? -ENOMEM
                              : command_parse_json((const char *)whole.data, whole.length, &arena,
                                                   &command, &why);
    const struct command_value *list = result == 0 ? command_find(&command, "keys") : NULL;
    result = list && list->type == COMMAND_LIST ? take_keys(keys, list, &arena) : -EINVAL;
    arena_done(&arena);
    buffer_done(&why);
    buffer_done(&whole);
    return result;
}
