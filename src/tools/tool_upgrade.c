/* The client's half of a websocket's handshake. See tool_upgrade.h. */
#include "tools/tool_upgrade.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "util/sha1.h"
#include "util/text.h"

/* A status that deserves better words than its number. */
struct refusal {
    int64_t status;
    int error;
    const char *words;
};

static const struct refusal refusals[];
static const size_t refusals_count;

int tool_upgrade_key(char ret_key[TOOL_UPGRADE_KEY])
{
    uint8_t random[16];
    struct buffer text = {0};
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return -EIO;
    text_add_base64(&text, random, sizeof random);
    const char *key = buffer_string(&text);
    if (key)
        memcpy(ret_key, key, TOOL_UPGRADE_KEY);
    buffer_done(&text);
    return key ? 0 : -ENOMEM;
}

/* A value of the query, with what would end it percent-encoded. */
static void add_value(struct buffer *buffer, const char *name, const char *value)
{
    buffer_add_text(buffer, name);
    for (; *value; value++) {
        unsigned char byte = (unsigned char)*value;
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z') || strchr("-._~", byte);
        if (plain)
            buffer_add_byte(buffer, byte);
        else
            buffer_printf(buffer, "%%%02X", byte);
    }
}

/* Path and login: user and password, where both are there, before a key. */
static void add_target(struct buffer *buffer, const struct tool_target *target)
{
    buffer_add_text(buffer, target->endpoint);
    if (target->user && target->password) {
        add_value(buffer, "?user=", target->user);
        add_value(buffer, "&password=", target->password);
    } else if (target->apikey) {
        add_value(buffer, "?KISMET=", target->apikey);
    }
}

static void add_host(struct buffer *buffer, const struct tool_target *target)
{
    bool is_v6 = strchr(target->host, ':') != NULL;
    buffer_printf(buffer, is_v6 ? "[%s]" : "%s", target->host);
}

int tool_upgrade_request(const struct tool_target *target, const char *key, struct buffer *request,
                         struct buffer *ret_why)
{
    size_t begin = request->length;
    buffer_add_text(request, "GET ");
    add_target(request, target);
    if (request->length - begin - 4 > TOOL_UPGRADE_TARGET_MAX) {
        request->length = begin;
        buffer_printf(ret_why,
                      "--endpoint, --user and --password, or --apikey, are longer than %d "
                      "bytes in all",
                      TOOL_UPGRADE_TARGET_MAX);
        return -E2BIG;
    }
    buffer_add_text(request, " HTTP/1.1\r\nHost: ");
    add_host(request, target);
    buffer_printf(request, ":%s\r\nOrigin: http://", target->port);
    add_host(request, target);
    buffer_printf(request,
                  "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Protocol: kismet-remote\r\nSec-WebSocket-Key: %s\r\n\r\n",
                  key);
    return 0;
}

/* Takes a line off the front, without its end. */
static struct slice take_line(struct slice *text)
{
    const uint8_t *end = text->length ? memchr(text->data, '\n', text->length) : NULL;
    size_t whole = end ? (size_t)(end - text->data) + 1 : text->length;
    struct slice line = {text->data, end ? whole - 1 : whole};
    if (line.length && line.data[line.length - 1] == '\r')
        line.length--;
    text->data += whole;
    text->length -= whole;
    return line;
}

/* The bytes up to and with the empty line; 0 when that has not come. */
static size_t answer_length(struct slice bytes)
{
    struct slice rest = bytes;
    while (rest.length) {
        bool has_end = memchr(rest.data, '\n', rest.length) != NULL;
        struct slice line = take_line(&rest);
        if (has_end && !line.length)
            return bytes.length - rest.length;
    }
    return 0;
}

static bool is_word(struct slice slice, const char *word)
{
    return slice.length == strlen(word) &&
           strncasecmp((const char *)slice.data, word, slice.length) == 0;
}

static struct slice trim(struct slice slice)
{
    while (slice.length && (*slice.data == ' ' || *slice.data == '\t')) {
        slice.data++;
        slice.length--;
    }
    while (slice.length &&
           (slice.data[slice.length - 1] == ' ' || slice.data[slice.length - 1] == '\t'))
        slice.length--;
    return slice;
}

/* The value of a header; empty when it is not there. */
static struct slice find_header(struct slice headers, const char *name)
{
    while (headers.length) {
        struct slice line = take_line(&headers);
        const uint8_t *colon = line.length ? memchr(line.data, ':', line.length) : NULL;
        size_t length = colon ? (size_t)(colon - line.data) : 0;
        if (colon && is_word((struct slice){line.data, length}, name))
            return trim((struct slice){colon + 1, line.length - length - 1});
    }
    return (struct slice){0};
}

/* The number in "HTTP/1.1 101 Switching Protocols", or 0. */
static int64_t read_status(struct slice line)
{
    int64_t status;
    const char *text = (const char *)line.data;
    if (line.length < 12 || memcmp(text, "HTTP/1.", 7) != 0 || text[8] != ' ' ||
        text_parse_i64(text + 9, 3, &status) < 0)
        return 0;
    return status;
}

/* What the server must make of the key (RFC 6455, 4.2.2, point 5.4). */
static bool is_accepted(struct slice accept, const char *key)
{
    static const char appended[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[TOOL_UPGRADE_KEY + sizeof appended];
    uint8_t digest[SHA1_BYTES];
    struct buffer wanted = {0};
    size_t length = strlen(key);
    memcpy(text, key, length);
    memcpy(text + length, appended, sizeof appended - 1);
    sha1_digest(text, length + sizeof appended - 1, digest);
    text_add_base64(&wanted, digest, sizeof digest);
    bool equal =
        wanted.length == accept.length && memcmp(wanted.data, accept.data, accept.length) == 0;
    buffer_done(&wanted);
    return equal;
}

static int explain_refusal(struct slice line, struct buffer *ret_why)
{
    int64_t status = read_status(line);
    for (size_t i = 0; i < refusals_count; i++)
        if (refusals[i].status == status) {
            buffer_add_text(ret_why, refusals[i].words);
            return refusals[i].error;
        }
    buffer_add_text(ret_why, "the server does not open a websocket, it says: ");
    text_add_printable(ret_why, line.data, line.length < 80 ? line.length : 80);
    return -EPROTO;
}

int tool_upgrade_answer(struct slice bytes, const char *key, size_t *ret_length,
                        struct buffer *ret_why)
{
    size_t length = answer_length(bytes);
    if (!length && bytes.length < TOOL_UPGRADE_ANSWER_MAX)
        return -EAGAIN;
    struct slice headers = {bytes.data, length ? length : bytes.length};
    struct slice line = take_line(&headers);
    if (!length || read_status(line) != 101)
        return explain_refusal(line, ret_why);
    if (!is_word(find_header(headers, "Upgrade"), "websocket") ||
        !is_accepted(find_header(headers, "Sec-WebSocket-Accept"), key)) {
        buffer_add_text(ret_why, "the server's answer is none to a websocket's handshake");
        return -EPROTO;
    }
    *ret_length = length;
    return 0;
}

static const struct refusal refusals[] = {
    {401, -EACCES,
     "the server refuses the login (401): give --user and --password, or --apikey, of one that may "
     "feed captures"},
    {403, -EACCES,
     "the login may not feed captures to the server (403): it takes the role datasource or admin"},
    {404, -ENOENT,
     "the server has no such endpoint (404): is its remote capture on, and is --endpoint right?"},
};
static const size_t refusals_count = sizeof refusals / sizeof refusals[0];
