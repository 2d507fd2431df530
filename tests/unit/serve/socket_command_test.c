/* Commands over websockets: field lists, formats, what is wrong with them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "serve/websocket/socket_command.h"

static int parse(const char *text, struct socket_command *ret_command, struct buffer *ret_why)
{
    return socket_command_parse(text, strlen(text), ret_command, ret_why);
}

static void expect_format(const char *text, enum format format, size_t fields)
{
    struct socket_command command;
    struct buffer why = {0};
    assert_int_equal(parse(text, &command, &why), 0);
    assert_int_equal(command.format, format);
    assert_int_equal(command.field_count, fields);
    assert_int_equal(why.length, 0);
    socket_command_done(&command);
}

static void commands_say_which_fields_and_format(void **state)
{
    expect_format("{}", FORMAT_JSON, 0);
    expect_format("{\"format\": null, \"fields\": []}", FORMAT_JSON, 0);
    expect_format("{\"format\": \"json\", \"fields\": [\"a\", [\"b/c\", \"d\"]]}", FORMAT_JSON, 2);
    expect_format("{\"format\": \"itjson\"}", FORMAT_JSON, 0);
    expect_format("{\"format\": \"tjson\"}", FORMAT_UNDERSCORE, 0);
    expect_format("{\"format\": \"ekjson\"}", FORMAT_UNDERSCORE, 0);
    expect_format("{\"format\": \"prettyjson\"}", FORMAT_PRETTY, 0);
    expect_format("{\"format\": \"msgpack\"}", FORMAT_MSGPACK, 0);
}

static void refuse(const char *text, const char *word)
{
    struct socket_command command;
    struct buffer why = {0};
    assert_int_equal(parse(text, &command, &why), -EINVAL);
    buffer_add_byte(&why, 0);
    assert_non_null(strstr((const char *)why.data, word));
    buffer_done(&why);
    socket_command_done(&command);
}

static void mistakes_are_explained(void **state)
{
    refuse("", "JSON");
    refuse("{\"SUBSCRIBE\"", "JSON");
    refuse("[]", "object");
    refuse("{\"format\": \"JSON\"}", "tjson");
    refuse("{\"format\": 1}", "tjson");
    refuse("{\"fields\": {}}", "fields");
    refuse("{\"fields\": [[\"a\", \"b\", \"c\"]]}", "fields");
}

static void a_document_is_a_message_of_its_kind(void **state)
{
    struct buffer document = {0};
    buffer_add_text(&document, "{}");
    struct websocket_message *text = socket_command_message(FORMAT_PRETTY, &document);
    struct websocket_message *binary = socket_command_message(FORMAT_MSGPACK, &document);
    assert_memory_equal(text->frame, "\x81\x02{}", 4);
    assert_memory_equal(binary->frame, "\x82\x02{}", 4);
    document.failed = true;
    assert_null(socket_command_message(FORMAT_JSON, &document));
    websocket_message_unref(text);
    websocket_message_unref(binary);
    buffer_done(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_say_which_fields_and_format),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(a_document_is_a_message_of_its_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
