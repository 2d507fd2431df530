/* Commands in every encoding that clients use, right and wrong, and the look-ups in them. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "serve/http/command.h"
#include "util/text.h"

static const char form[] = "application/x-www-form-urlencoded";

struct fixture {
    struct arena arena;
    struct command command;
    struct buffer why;
};

static int parse(struct fixture *fixture, const char *type, const void *body, size_t length)
{
    arena_done(&fixture->arena);
    buffer_done(&fixture->why);
    int error =
        command_parse(type, body, length, &fixture->arena, &fixture->command, &fixture->why);
    buffer_add_byte(&fixture->why, '\0');
    return error;
}

static int parse_text(struct fixture *fixture, const char *type, const char *body)
{
    return parse(fixture, type, body, strlen(body));
}

static void done(struct fixture *fixture)
{
    arena_done(&fixture->arena);
    buffer_done(&fixture->why);
}

static bool says(const struct fixture *fixture, const char *words)
{
    return strstr((const char *)fixture->why.data, words) != NULL;
}

static void assert_word(const struct fixture *fixture, const char *key, const char *expected)
{
    const char *text;
    size_t length;
    assert_int_equal(command_word(&fixture->command, key, &text, &length), 0);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

/* {"cmd": "lock", "channel": 6} */
static const char lock[] = "\x82\xa3"
                           "cmd\xa4"
                           "lock\xa7"
                           "channel\x06";

static void post_msgpack(struct fixture *fixture, const char *bytes, size_t length)
{
    struct buffer body = {0};
    buffer_add_text(&body, "other=1&msgpack=");
    text_add_base64(&body, bytes, length);
    assert_int_equal(parse(fixture, form, body.data, body.length), 0);
    assert_int_equal(fixture->command.encoding, COMMAND_MSGPACK);
    buffer_done(&body);
}

static void msgpack_form(void **state)
{
    struct fixture fixture = {0};
    post_msgpack(&fixture, lock, sizeof lock - 1);
    assert_word(&fixture, "cmd", "lock");
    assert_word(&fixture, "channel", "6");
    assert_null(command_find(&fixture.command, "CMD"));
    done(&fixture);
}

/* Every way base64 arrives: bare plus, space for plus, URL alphabet, line breaks, no padding. */
static void base64_spellings(void **state)
{
    struct fixture fixture = {0};
    /* {"a": bin 0xfb 0xef 0xbe 0xff}: base64 gaFhxAT777 7/ -> holds + and / */
    static const char bytes[] = "\x81\xa1"
                                "a\xc4\x04\xfb\xef\xbe\xff";
    struct buffer text = {0};
    text_add_base64(&text, bytes, sizeof bytes - 1);
    for (int spelling = 0; spelling < 5; spelling++) {
        struct buffer body = {0};
        buffer_add_text(&body, "msgpack=");
        for (size_t i = 0; i < text.length; i++) {
            char letter = (char)text.data[i];
            if (letter == '+' && spelling == 1)
                buffer_add_text(&body, "%2B");
            else if (letter == '+' && spelling == 2)
                buffer_add_byte(&body, '-');
            else if (letter == '/' && spelling == 2)
                buffer_add_byte(&body, '_');
            else if (letter != '=' || spelling != 3)
                buffer_add_byte(&body, (uint8_t)letter);
            if (i == 4 && spelling == 4)
                buffer_add_text(&body, "%0A");
        }
        assert_int_equal(parse(&fixture, form, body.data, body.length), 0);
        const struct command_value *value = command_find(&fixture.command, "a");
        assert_non_null(value);
        assert_int_equal(value->count, 4);
        assert_memory_equal(value->text, "\xfb\xef\xbe\xff", 4);
        buffer_done(&body);
    }
    buffer_done(&text);
    done(&fixture);
}

static void msgpack_types(void **state)
{
    struct fixture fixture = {0};
    /* old raw key, bin key, float32, double, negative, uint64, nil, extension, int key */
    static const char bytes[] = "\x89\xda\x00\x01"
                                "f\xca\x3f\xc0\x00\x00\xc4\x01"
                                "d\xcb\x40\x04\x00\x00\x00\x00\x00\x00\xa1n\xd0\x85\xa1u"
                                "\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xa1"
                                "0\xc0\xa1x\xd6\x01zzzz\x07\xa1q\xa1"
                                "e\xc7\x03\x05"
                                "abc\xa1t\xa3"
                                "2.5";
    double number;
    int64_t integer;
    post_msgpack(&fixture, bytes, sizeof bytes - 1);
    assert_int_equal(command_number(&fixture.command, "f", &number), 0);
    assert_true(number == 1.5);
    assert_int_equal(command_number(&fixture.command, "d", &number), 0);
    assert_true(number == 2.5);
    assert_int_equal(command_integer(&fixture.command, "n", &integer), 0);
    assert_int_equal(integer, -123);
    assert_int_equal(command_number(&fixture.command, "u", &number), 0);
    assert_true(number > 1.8e19);
    assert_int_equal(command_integer(&fixture.command, "u", &integer), -EINVAL);
    assert_int_equal(command_number(&fixture.command, "0", &number), -ENOENT);
    assert_int_equal(command_number(&fixture.command, "x", &number), -ENOENT);
    assert_int_equal(command_number(&fixture.command, "e", &number), -ENOENT);
    assert_int_equal(command_number(&fixture.command, "t", &number), 0);
    assert_true(number == 2.5);
    assert_int_equal(fixture.command.top.count, 8);
    done(&fixture);
}

static void bad_msgpack(void **state)
{
    struct fixture fixture = {0};
    char deep[80];
    static const struct {
        const char *body, *words;
    } cases[] = {
        {"msgpack=b'gqNjbWQ='", ".decode()"},
        {"msgpack=b%22gqNjbWQ%3D%22", ".decode()"},
        {"msgpack=%C3%A4%C3%A4", "not base64"},
        {"msgpack=kwECAw==", "dictionary"}, /* [1, 2, 3] */
        {"msgpack=gqNjbWQ=", "cut off"},
        {"msgpack=3f%2F%2F%2F%2F8=", "cut off"}, /* claims 4 G items */
        {"msgpack=wQ==", "cut off"},             /* 0xc1 is never used */
        {"msgpack=%zz", "%25"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse_text(&fixture, form, cases[i].body), -EINVAL);
        assert_true(says(&fixture, cases[i].words));
    }
    memset(deep, '\x91', sizeof deep);
    assert_int_equal(parse(&fixture, "application/msgpack", deep, sizeof deep), -EINVAL);
    done(&fixture);
}

static void json_bodies(void **state)
{
    struct fixture fixture = {0};
    static const struct {
        const char *type, *body;
    } cases[] = {
        {form, "json=%7B%22a%22%3A%22x%26y%22%7D"},
        {form, "x=1&json={\"a\":\"x%26y\"}&y=2"},
        {"application/x-www-form-urlencoded; charset=UTF-8", "{\"a\":\"x&y\"}"},
        {"Application/JSON; charset=utf-8", " {\"a\": \"x&y\"}\n"},
        {NULL, "{\"a\":\"x&y\"}"},
        {"text/plain", "{\"a\":\"x&y\"}"},
        {"multipart/form-data; boundary=\"q r\"",
         "--q r\r\nContent-Disposition: form-data; name=\"z\"\r\n\r\n\r\n--q r\r\n"
         "Content-Type: text/plain\r\ncontent-disposition: form-data; name=json\r\n\r\n"
         "{\"a\":\"x&y\"}\r\n--q r--\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse_text(&fixture, cases[i].type, cases[i].body), 0);
        assert_int_equal(fixture.command.encoding, COMMAND_JSON);
        assert_word(&fixture, "a", "x&y");
    }
    assert_int_equal(fixture.command.variable_count, 2);
    done(&fixture);
}

/* What cannot be kept is null: it harms only whoever asks for it. */
static void values_beyond_keeping(void **state)
{
    static const char *const values[] = {
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "[-1E+999]",
        "\"\\ud800\"",
        "\"\\udc00\\ud800x\"",
        "\"\\ud800\\u0041\"",
        "\"\xff\"",
        "\"\\u0000\"",
        "{\"\\u0000\":1}",
        "{\"\\ud800\":{\"\xc0\x80\":2}}",
        "123456789012345678901234567890",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{\"]\":\"[\\\"[\"}]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        "]",
    };
    struct fixture fixture = {0};
    char text[400];
    double number;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(text, sizeof text,
                 "{\"x\":%s,\"a\":\"\\ud83d\\ude00 \\\\ud800\",\"y\":[{\"b\":%s}]}", values[i],
                 values[i]);
        assert_int_equal(parse_text(&fixture, "application/json", text), 0);
        assert_word(&fixture, "a", "\xf0\x9f\x98\x80 \\ud800");
    }
    assert_int_equal(parse_text(&fixture, "application/json", "{\"lat\": NaN}"), 0);
    assert_int_equal(command_number(&fixture.command, "lat", &number), -ENOENT);
    assert_int_equal(parse_text(&fixture, "application/json", "{\"lat\": 1e308}"), 0);
    assert_int_equal(command_number(&fixture.command, "lat", &number), 0);
    done(&fixture);
}

/* The same in msgpack: nests of lists and maps that are passed over whole. */
static void nests_beyond_keeping(void **state)
{
    static const uint8_t end[] = {0xc0, 0xa1, 'a', 0xa1, 'v'};
    struct fixture fixture = {0};
    uint8_t body[200] = {0x82, 0xa1, 'x'};
    size_t at = 3;
    for (int i = 0; i < 40; i++) {
        body[at++] = i % 2 ? 0x81 : 0x92; /* {1: or [2, */
        body[at++] = (uint8_t)(2 - i % 2);
    }
    memcpy(body + at, end, sizeof end);
    at += sizeof end;
    assert_int_equal(parse(&fixture, "application/msgpack", body, at), 0);
    assert_word(&fixture, "a", "v");
    assert_int_equal(parse(&fixture, "application/msgpack", body, at - 1), -EINVAL);
    done(&fixture);
}

/* A text is not cut at a NUL: it is no word. */
static void texts_with_a_nul(void **state)
{
    static const uint8_t packed[] = {0x81, 0xa3, 'c', 'm', 'd', 0xa6, 'l', 'o', 'c', 'k', 0, 'z'};
    static const uint8_t ended[] = {0x81, 0xa3, 'c', 'm', 'd', 0xa6, 'l', 'o', 'c', 'k', 0, 0};
    struct fixture fixture = {0};
    const char *text;
    size_t length;
    assert_int_equal(parse(&fixture, "application/msgpack", packed, sizeof packed), 0);
    assert_int_equal(command_text(&fixture.command, "cmd", &text, &length), -EINVAL);
    assert_int_equal(command_word(&fixture.command, "cmd", &text, &length), -EINVAL);
    assert_int_equal(parse(&fixture, "application/msgpack", ended, sizeof ended), 0);
    assert_word(&fixture, "cmd", "lock");
    assert_int_equal(parse_text(&fixture, "application/json", "{\"cmd\":\"lock\\u0000z\"}"), 0);
    assert_int_equal(command_text(&fixture.command, "cmd", &text, &length), -EINVAL);
    done(&fixture);
}

static void bad_json(void **state)
{
    struct fixture fixture = {0};
    struct buffer many = {0};
    assert_int_equal(parse_text(&fixture, form, "json={\"a\":\"x&y\"}"), -EINVAL);
    assert_true(says(&fixture, "--data-urlencode"));
    assert_int_equal(parse_text(&fixture, "application/json", "[1]"), -EINVAL);
    assert_true(says(&fixture, "object"));
    buffer_add_text(&many, "{\"a\":[");
    for (int i = 0; i < COMMAND_VALUES; i++)
        buffer_add_text(&many, "1,");
    buffer_add_text(&many, "1]}");
    assert_int_equal(parse(&fixture, "application/json", many.data, many.length), -E2BIG);
    memset(many.data, '[', many.length);
    assert_int_equal(parse(&fixture, "application/json", many.data, many.length), -EINVAL);
    buffer_done(&many);
    done(&fixture);
}

static void nothing_posted(void **state)
{
    struct fixture fixture = {0};
    const char *bodies[] = {"", " \n", "other=1", "msgpack=", "json=&msgpack="};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(parse_text(&fixture, form, bodies[i]), 0);
        assert_int_equal(fixture.command.encoding, COMMAND_NONE);
        assert_int_equal(fixture.command.top.type, COMMAND_MAP);
        assert_null(command_find(&fixture.command, "a"));
    }
    assert_int_equal(parse_text(&fixture, "multipart/form-data", "--x--"), -EINVAL);
    assert_int_equal(parse_text(&fixture, "multipart/form-data; boundary=x", "--x\r\nno"), -EINVAL);
    done(&fixture);
}

static void numbers_and_booleans(void **state)
{
    struct fixture fixture = {0};
    double number;
    int64_t integer;
    bool boolean;
    assert_int_equal(
        parse_text(
            &fixture, "application/json",
            "{\"i\":5,\"w\":5.0,\"f\":5.5,\"t\":\"123\",\"b\":true,\"s\":\"on\","
            "\"bad\":\"12x\",\"n\":null,\"l\":[1],\"big\":1e300,\"huge\":12345678901234567890}"),
        0);
    struct command *command = &fixture.command;
    assert_int_equal(command_integer(command, "i", &integer), 0);
    assert_int_equal(command_integer(command, "w", &integer), 0);
    assert_int_equal(integer, 5);
    assert_int_equal(command_integer(command, "f", &integer), -EINVAL);
    assert_int_equal(command_integer(command, "big", &integer), -EINVAL);
    assert_int_equal(command_integer(command, "t", &integer), 0);
    assert_int_equal(integer, 123);
    assert_int_equal(command_number(command, "bad", &number), -EINVAL);
    assert_int_equal(command_number(command, "n", &number), -ENOENT);
    assert_int_equal(command_number(command, "l", &number), -EINVAL);
    assert_int_equal(command_number(command, "gone", &number), -ENOENT);
    assert_int_equal(command_boolean(command, "b", &boolean), 0);
    assert_true(boolean);
    assert_int_equal(command_boolean(command, "s", &boolean), 0);
    assert_true(boolean);
    assert_word(&fixture, "w", "5");
    assert_word(&fixture, "f", "5.5");
    done(&fixture);
}

static void lists(void **state)
{
    struct fixture fixture = {0};
    const struct target_part *texts;
    size_t count;
    assert_int_equal(parse_text(&fixture, "application/json",
                                "{\"a\":[\"1\",\"6HT40\"],\"m\":[\"1\",2],\"s\":\"one\",\"e\":[]}"),
                     0);
    struct command *command = &fixture.command;
    assert_int_equal(command_texts(command, "a", false, &texts, &count), 0);
    assert_int_equal(count, 2);
    assert_string_equal(texts[1].text, "6HT40");
    assert_int_equal(command_texts(command, "m", false, &texts, &count), -EINVAL);
    assert_int_equal(command_texts(command, "m", true, &texts, &count), 0);
    assert_string_equal(texts[1].text, "2");
    assert_int_equal(command_texts(command, "s", false, &texts, &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(command_texts(command, "e", false, &texts, &count), 0);
    assert_int_equal(count, 0);
    done(&fixture);
}

static int parse_fields(struct fixture *fixture, const char *json,
                        const struct field_request **ret_fields, size_t *ret_count)
{
    assert_int_equal(parse_text(fixture, "application/json", json), 0);
    buffer_done(&fixture->why);
    return command_fields(&fixture->command, ret_fields, ret_count, &fixture->why);
}

static void field_lists(void **state)
{
    struct fixture fixture = {0};
    const struct field_request *fields;
    const struct command_pair *pairs;
    size_t count;
    assert_int_equal(
        parse_fields(&fixture, "{\"fields\":[\"a/b\",[\"c\",\"d\"]]}", &fields, &count), 0);
    assert_int_equal(count, 2);
    assert_string_equal(fields[0].path, "a/b");
    assert_null(fields[0].rename);
    assert_string_equal(fields[1].rename, "d");
    assert_int_equal(parse_fields(&fixture, "{}", &fields, &count), -ENOENT);
    assert_int_equal(parse_fields(&fixture, "{\"fields\":[]}", &fields, &count), -ENOENT);
    const char *bad[] = {"{\"fields\":\"a\"}", "{\"fields\":[1]}", "{\"fields\":[[\"a\"]]}",
                         "{\"fields\":[[\"a\",\"b\",\"c\"]]}", "{\"fields\":[[\"a\",1]]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(parse_fields(&fixture, bad[i], &fields, &count), -EINVAL);
        assert_true(fixture.why.length > 0);
    }
    assert_int_equal(
        parse_text(&fixture, "application/json", "{\"regex\":[[\"a/b\",\"^x\"],[\"c\",\"y$\"]]}"),
        0);
    buffer_done(&fixture.why);
    assert_int_equal(command_regexes(&fixture.command, &pairs, &count, &fixture.why), 0);
    assert_int_equal(count, 2);
    assert_string_equal(pairs[1].pattern, "y$");
    assert_int_equal(parse_text(&fixture, "application/json", "{\"regex\":[\"a\",\"b\"]}"), 0);
    assert_int_equal(command_regexes(&fixture.command, &pairs, &count, &fixture.why), -EINVAL);
    done(&fixture);
}

static void plain_forms(void **state)
{
    struct fixture fixture = {0};
    const char body[] = "username=a%20b&password=x+y%2B";
    assert_int_equal(command_parse_form(form, body, strlen(body), &fixture.arena, &fixture.command,
                                        &fixture.why),
                     0);
    const struct target_part *value =
        target_find(fixture.command.variables, fixture.command.variable_count, "password");
    assert_string_equal(value->text, "x y+");
    assert_int_equal(command_parse_form("application/json", "{}", 2, &fixture.arena,
                                        &fixture.command, &fixture.why),
                     -EINVAL);
    done(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(msgpack_form),          cmocka_unit_test(base64_spellings),
        cmocka_unit_test(msgpack_types),         cmocka_unit_test(bad_msgpack),
        cmocka_unit_test(json_bodies),           cmocka_unit_test(bad_json),
        cmocka_unit_test(values_beyond_keeping), cmocka_unit_test(nests_beyond_keeping),
        cmocka_unit_test(texts_with_a_nul),      cmocka_unit_test(nothing_posted),
        cmocka_unit_test(numbers_and_booleans),  cmocka_unit_test(lists),
        cmocka_unit_test(field_lists),           cmocka_unit_test(plain_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
