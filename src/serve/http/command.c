/* Commands: finding the dictionary in a body, and looking things up in it. See command.h. */
#include "serve/http/command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "serve/http/form.h"
#include "serve/http/json_text.h"
#include "serve/http/unpack.h"
#include "util/json_document.h"
#include "util/text.h"

static int fail(struct buffer *ret_why, int error, const char *sentence)
{
    buffer_add_text(ret_why, sentence);
    return error;
}

static int convert(json_t *json, struct arena *arena, struct command_value *ret_value);

static int convert_list(json_t *json, struct arena *arena, struct command_value *ret_value)
{
    size_t count = json_array_size(json);
    struct command_value *items = arena_new(arena, count * sizeof *items);
    if (!items)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        int error = convert(json_array_get(json, i), arena, &items[i]);
        if (error)
            return error;
    }
    *ret_value = (struct command_value){.type = COMMAND_LIST, .count = count, .items = items};
    return 0;
}

static int convert_map(json_t *json, struct arena *arena, struct command_value *ret_value)
{
    size_t count = 0;
    struct command_member *members = arena_new(arena, json_object_size(json) * sizeof *members);
    const char *key;
    json_t *value;
    if (!members)
        return -ENOMEM;
    json_object_foreach(json, key, value)
    {
        members[count].key_length = strlen(key);
        members[count].key = arena_copy(arena, key, members[count].key_length);
        int error = members[count].key ? convert(value, arena, &members[count].value) : -ENOMEM;
        if (error)
            return error;
        count++;
    }
    *ret_value = (struct command_value){.type = COMMAND_MAP, .count = count, .members = members};
    return 0;
}

static int convert(json_t *json, struct arena *arena, struct command_value *ret_value)
{
    *ret_value = (struct command_value){.type = COMMAND_NULL};
    switch (json_typeof(json)) {
    case JSON_OBJECT: return convert_map(json, arena, ret_value);
    case JSON_ARRAY: return convert_list(json, arena, ret_value);
    case JSON_STRING:
        ret_value->type = COMMAND_TEXT;
        ret_value->count = json_string_length(json);
        ret_value->text = arena_copy(arena, json_string_value(json), ret_value->count);
        return ret_value->text ? 0 : -ENOMEM;
    case JSON_INTEGER:
        ret_value->type = COMMAND_INTEGER;
        ret_value->integer = json_integer_value(json);
        return 0;
    case JSON_REAL:
        ret_value->type = COMMAND_NUMBER;
        ret_value->number = json_real_value(json);
        return 0;
    case JSON_TRUE:
    case JSON_FALSE:
        ret_value->type = COMMAND_BOOLEAN;
        ret_value->boolean = json_is_true(json);
        return 0;
    default: return 0;
    }
}

static int load(const struct buffer *text, struct json_document *ret_document,
                json_error_t *ret_reason)
{
    const char *bytes = (const char *)text->data;
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    int error =
        json_document_load(ret_document, bytes, text->length, flags, COMMAND_VALUES, ret_reason);
    if (error != -EINVAL || json_error_code(ret_reason) != json_error_numeric_overflow)
        return error;
    json_document_done(ret_document); /* 2^63 and more */
    return json_document_load(ret_document, bytes, text->length, flags | JSON_DECODE_INT_AS_REAL,
                              COMMAND_VALUES, ret_reason);
}

int command_parse_json(const char *text, size_t length, struct arena *arena,
                       struct command *ret_command, struct buffer *ret_why)
{
    struct buffer tame = {0};
    struct json_document document = {0};
    json_error_t reason;
    int error = json_text_tame(text, length, COMMAND_DEPTH, COMMAND_VALUES, &tame);
    if (error == -E2BIG)
        fail(ret_why, error, "the JSON holds too many values");
    if (!error) {
        error = load(&tame, &document, &reason);
        if (error == -EINVAL)
            buffer_printf(ret_why,
                          "the JSON cannot be read (%s, at byte %d); in a form, & and %% and + "
                          "must be percent-encoded (curl --data-urlencode)",
                          reason.text, reason.position);
    }
    buffer_done(&tame);
    ret_command->arena = arena;
    if (!error && json_is_object(document.root))
        error = convert(document.root, arena, &ret_command->top);
    else if (!error)
        error = fail(ret_why, -EINVAL, "the JSON must be an object: {\"key\": value}");
    if (!error)
        ret_command->encoding = COMMAND_JSON;
    json_document_done(&document);
    return error;
}

static int parse_msgpack(const void *bytes, size_t length, struct command *command,
                         struct buffer *ret_why)
{
    struct command_value top;
    int error = unpack_value(bytes, length, command->arena, &top);
    if (error == -E2BIG)
        return fail(ret_why, error, "the msgpack holds too many values");
    if (error)
        return fail(ret_why, error, "the msgpack is cut off or not msgpack at all");
    if (top.type != COMMAND_MAP)
        return fail(ret_why, -EINVAL,
                    "the msgpack must be a dictionary (a map) of keys and values");
    command->encoding = COMMAND_MSGPACK;
    command->top = top;
    return 0;
}

static int parse_base64(const struct target_part *field, struct command *command,
                        struct buffer *ret_why)
{
    const char *text = field->text + strspn(field->text, " \t\r\n");
    if (text[0] == 'b' && (text[1] == '\'' || text[1] == '"'))
        return fail(ret_why, -EINVAL,
                    "the field msgpack holds a Python bytes literal (b'...'): post "
                    "base64.b64encode(data).decode(), not str() of it");
    struct buffer bytes = {.ceiling = field->length + 4};
    int error = text_base64_decode(field->text, field->length, &bytes);
    if (error)
        fail(ret_why, error, "the field msgpack is not base64");
    else if (bytes.failed)
        error = -ENOMEM;
    else
        error = parse_msgpack(bytes.data, bytes.length, command, ret_why);
    buffer_done(&bytes);
    return error;
}

static int parse_variables(const char *content_type, const char *body, size_t length,
                           struct command *command, struct buffer *ret_why)
{
    bool multipart = form_is_type(content_type, "multipart/form-data");
    int error = multipart ? form_parse_multipart(content_type, body, length, command->arena,
                                                 &command->variables, &command->variable_count)
                          : target_parse_variables(body, length, true, command->arena,
                                                   &command->variables, &command->variable_count);
    if (error == -E2BIG)
        return fail(ret_why, error, "the form has too many fields");
    if (error == -EINVAL && multipart)
        return fail(ret_why, error,
                    "the multipart form cannot be read: its boundary or a part is "
                    "broken");
    if (error == -EINVAL)
        return fail(ret_why, error,
                    "the form cannot be read: % must be followed by two hex digits "
                    "and is itself written %25 (curl --data-urlencode does it)");
    return error;
}

static int parse_fields(struct command *command, struct buffer *ret_why)
{
    const struct target_part *field =
        target_find(command->variables, command->variable_count, "msgpack");
    if (field && field->length)
        return parse_base64(field, command, ret_why);
    field = target_find(command->variables, command->variable_count, "json");
    if (field && field->length)
        return command_parse_json(field->text, field->length, command->arena, command, ret_why);
    return 0;
}

static bool is_json_type(const char *type)
{
    return form_is_type(type, "application/json") || form_is_type(type, "text/json") ||
           form_is_type(type, "application/x-json");
}

static bool is_msgpack_type(const char *type)
{
    return form_is_type(type, "application/msgpack") ||
           form_is_type(type, "application/x-msgpack") ||
           form_is_type(type, "application/vnd.msgpack");
}

int command_parse(const char *content_type, const void *body, size_t length, struct arena *arena,
                  struct command *ret_command, struct buffer *ret_why)
{
    *ret_command = (struct command){.top = {.type = COMMAND_MAP}, .arena = arena};
    const char *text = body, *end = text + length;
    if (is_msgpack_type(content_type))
        return length ? parse_msgpack(body, length, ret_command, ret_why) : 0;
    while (text < end && strchr(" \t\r\n", *text))
        text++;
    if (text == end)
        return 0;
    bool multipart = form_is_type(content_type, "multipart/form-data");
    /* jQuery and others post bare JSON under the form type or none */
    if (is_json_type(content_type) || (*text == '{' && !multipart))
        return command_parse_json(text, (size_t)(end - text), arena, ret_command, ret_why);
    int error = parse_variables(content_type, body, length, ret_command, ret_why);
    return error ? error : parse_fields(ret_command, ret_why);
}

int command_parse_form(const char *content_type, const void *body, size_t length,
                       struct arena *arena, struct command *ret_command, struct buffer *ret_why)
{
    *ret_command = (struct command){.top = {.type = COMMAND_MAP}, .arena = arena};
    if (!length)
        return 0;
    if (is_json_type(content_type) || is_msgpack_type(content_type))
        return fail(ret_why, -EINVAL,
                    "this expects plain form fields "
                    "(application/x-www-form-urlencoded)");
    return parse_variables(content_type, body, length, ret_command, ret_why);
}

const struct command_value *command_find(const struct command *command, const char *key)
{
    size_t length = strlen(key);
    for (size_t i = command->top.count; i-- > 0;) {
        const struct command_member *member = &command->top.members[i];
        if (member->key_length == length && memcmp(member->key, key, length) == 0)
            return &member->value;
    }
    return NULL;
}

/* The value of a key, or NULL where it is missing or null. */
static const struct command_value *find_set(const struct command *command, const char *key)
{
    const struct command_value *value = command_find(command, key);
    return value && value->type != COMMAND_NULL ? value : NULL;
}

/* A text without a NUL, at which it would be cut; one or more may end it, as C programs send it. */
static bool is_text(const struct command_value *value)
{
    if (value->type != COMMAND_TEXT)
        return false;
    size_t end = strlen(value->text);
    while (end < value->count && !value->text[end])
        end++;
    return end == value->count;
}

int command_text(const struct command *command, const char *key, const char **ret_text,
                 size_t *ret_length)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    if (!is_text(value))
        return -EINVAL;
    *ret_text = value->text;
    *ret_length = strlen(value->text);
    return 0;
}

/* A text, or a number as text. */
static int word_of(const struct command_value *value, struct arena *arena,
                   struct target_part *ret_word)
{
    char digits[40];
    if (is_text(value)) {
        *ret_word = (struct target_part){value->text, strlen(value->text)};
        return 0;
    }
    if (value->type == COMMAND_INTEGER)
        snprintf(digits, sizeof digits, "%lld", (long long)value->integer);
    else if (value->type == COMMAND_NUMBER && isfinite(value->number))
        snprintf(digits, sizeof digits, "%.15g", value->number);
    else
        return -EINVAL;
    ret_word->length = strlen(digits);
    ret_word->text = arena_copy(arena, digits, ret_word->length);
    return ret_word->text ? 0 : -ENOMEM;
}

int command_word(const struct command *command, const char *key, const char **ret_text,
                 size_t *ret_length)
{
    struct target_part word;
    const struct command_value *value = find_set(command, key);
    int error = value ? word_of(value, command->arena, &word) : -ENOENT;
    if (!error) {
        *ret_text = word.text;
        *ret_length = word.length;
    }
    return error;
}

int command_number(const struct command *command, const char *key, double *ret_number)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    if (value->type == COMMAND_TEXT)
        return text_parse_double(value->text, value->count, ret_number);
    if (value->type == COMMAND_INTEGER)
        *ret_number = (double)value->integer;
    else if (value->type == COMMAND_NUMBER && isfinite(value->number))
        *ret_number = value->number;
    else
        return -EINVAL;
    return 0;
}

int command_integer(const struct command *command, const char *key, int64_t *ret_integer)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    if (value->type == COMMAND_TEXT)
        return text_parse_i64(value->text, value->count, ret_integer);
    if (value->type == COMMAND_INTEGER)
        *ret_integer = value->integer;
    else if (value->type == COMMAND_NUMBER && fabs(value->number) < 9e15 &&
             value->number == floor(value->number))
        *ret_integer = (int64_t)value->number;
    else
        return -EINVAL;
    return 0;
}

int command_boolean(const struct command *command, const char *key, bool *ret_boolean)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    switch (value->type) {
    case COMMAND_BOOLEAN: *ret_boolean = value->boolean; return 0;
    case COMMAND_INTEGER: *ret_boolean = value->integer != 0; return 0;
    case COMMAND_NUMBER: *ret_boolean = value->number != 0; return 0;
    case COMMAND_TEXT: return text_parse_bool(value->text, value->count, ret_boolean);
    default: return -EINVAL;
    }
}

int command_list(const struct command *command, const char *key,
                 const struct command_value **ret_items, size_t *ret_count)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    if (value->type != COMMAND_LIST)
        return -EINVAL;
    *ret_items = value->items;
    *ret_count = value->count;
    return 0;
}

int command_texts(const struct command *command, const char *key, bool words,
                  const struct target_part **ret_texts, size_t *ret_count)
{
    const struct command_value *value = find_set(command, key);
    if (!value)
        return -ENOENT;
    const struct command_value *items = value->type == COMMAND_LIST ? value->items : value;
    size_t count = value->type == COMMAND_LIST ? value->count : 1;
    struct target_part *texts = arena_new(command->arena, count * sizeof *texts);
    if (!texts)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        bool fits = words || items[i].type == COMMAND_TEXT;
        int error = fits ? word_of(&items[i], command->arena, &texts[i]) : -EINVAL;
        if (error)
            return error;
    }
    *ret_texts = texts;
    *ret_count = count;
    return 0;
}

/* A text that can name a field: valid UTF-8 without a NUL. */
static bool is_name(const struct command_value *value)
{
    if (!is_text(value))
        return false;
    size_t length = strlen(value->text);
    return text_utf8_valid(value->text, length) == length;
}

/* True for a list of exactly two items, the first of them a name. */
static bool is_pair(const struct command_value *value)
{
    return value->type == COMMAND_LIST && value->count == 2 && is_name(&value->items[0]);
}

int command_fields(const struct command *command, const struct field_request **ret_fields,
                   size_t *ret_count, struct buffer *ret_why)
{
    const struct command_value *items;
    size_t count;
    int error = command_list(command, "fields", &items, &count);
    if (error == -ENOENT || (!error && !count))
        return -ENOENT;
    if (error)
        return fail(ret_why, error, "fields must be a list");
    if (count > PROJECTION_FIELDS) {
        buffer_printf(ret_why, "fields may hold %d entries at most", PROJECTION_FIELDS);
        return -E2BIG;
    }
    struct field_request *fields = arena_new(command->arena, count * sizeof *fields);
    if (!fields)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (is_name(&items[i])) {
            fields[i].path = items[i].text;
        } else if (is_pair(&items[i]) && is_name(&items[i].items[1])) {
            fields[i].path = items[i].items[0].text;
            fields[i].rename = items[i].items[1].text;
        } else {
            buffer_printf(ret_why,
                          "entry %zu of fields must be a path (\"a/b\") or a pair [path, new name]",
                          i + 1);
            return -EINVAL;
        }
    }
    *ret_fields = fields;
    *ret_count = count;
    return 0;
}

int command_regexes(const struct command *command, const struct command_pair **ret_pairs,
                    size_t *ret_count, struct buffer *ret_why)
{
    enum { PAIRS = 256 };
    const struct command_value *items;
    size_t count;
    int error = command_list(command, "regex", &items, &count);
    if (error == -ENOENT || (!error && !count))
        return -ENOENT;
    if (error)
        return fail(ret_why, error, "regex must be a list of pairs [path, pattern]");
    if (count > PAIRS)
        return fail(ret_why, -E2BIG, "regex may hold 256 pairs at most");
    struct command_pair *pairs = arena_new(command->arena, count * sizeof *pairs);
    if (!pairs)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (!is_pair(&items[i]) || items[i].items[1].type != COMMAND_TEXT) {
            buffer_printf(ret_why, "entry %zu of regex must be a pair [path, pattern]", i + 1);
            return -EINVAL;
        }
        const struct command_value *texts = items[i].items;
        pairs[i] = (struct command_pair){texts[0].text, texts[1].text, strlen(texts[0].text),
                                         texts[1].count};
    }
    *ret_pairs = pairs;
    *ret_count = count;
    return 0;
}
