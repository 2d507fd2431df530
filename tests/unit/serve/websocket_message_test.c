/* Messages as frames, and the queues in which they wait: headers, shared memory, what is half sent,
 * what is dropped, what all of them may take together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serve/websocket/websocket_queue.h"

static void headers(void **state)
{
    static uint8_t bytes[70000];
    static const struct {
        size_t length;
        const char *header;
        size_t header_length;
    } cases[] = {
        {0, "\x81\x00", 2},
        {125, "\x81\x7d", 2},
        {126, "\x81\x7e\x00\x7e", 4},
        {65535, "\x81\x7e\xff\xff", 4},
        {65536, "\x81\x7f\0\0\0\0\0\1\0\0", 10},
    };
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t begin = cases[i].header_length, length = cases[i].length;
        struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, bytes, length);
        assert_int_equal(message->length, begin + length);
        assert_memory_equal(message->frame, cases[i].header, begin);
        assert_memory_equal(message->frame + begin, bytes, length);
        assert_int_equal(websocket_message_bytes(), message->length);
        websocket_message_unref(message);
    }
    assert_int_equal(websocket_message_bytes(), 0);
}

static void reasons_are_cut_between_letters(void **state)
{
    char reason[200] = "";
    struct websocket_message *message = websocket_message_new_close(1001, "bye");
    assert_int_equal(message->length, 7);
    assert_memory_equal(message->frame,
                        "\x88\x05\x03\xe9"
                        "bye",
                        7);
    websocket_message_unref(message);
    for (int i = 0; i < 62; i++)
        strcat(reason, "\xc3\xbc");
    message = websocket_message_new_close(1001, reason); /* 123 would cut the last one in two */
    assert_int_equal(message->frame[1], 2 + 122);
    websocket_message_unref(message);
}

static void all_messages_have_a_ceiling(void **state)
{
    enum { SIZE = 1024 * 1024, COUNT = WEBSOCKET_MESSAGES_CEILING / SIZE };
    struct websocket_message *messages[COUNT] = {0}, *close;
    uint8_t *bytes = calloc(1, SIZE);
    for (int i = 0; i < COUNT; i++)
        messages[i] = websocket_message_new(WEBSOCKET_BINARY, bytes, SIZE);
    assert_non_null(messages[COUNT - 2]);
    assert_null(messages[COUNT - 1]); /* with its header it is too much */
    close = websocket_message_new_close(1013, "full");
    assert_non_null(close);
    websocket_message_unref(close);
    for (int i = 0; i < COUNT; i++)
        websocket_message_unref(messages[i]);
    assert_int_equal(websocket_message_bytes(), 0);
    free(bytes);
}

/* ---- queues */

static size_t queued(const struct websocket_queue *queue, char *ret_text)
{
    struct iovec vector[64];
    size_t count = websocket_queue_vector(queue, vector, 64), length = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(ret_text + length, vector[i].iov_base, vector[i].iov_len);
        length += vector[i].iov_len;
    }
    ret_text[length] = '\0';
    return count;
}

static void push(struct websocket_queue *queue, const char *text)
{
    struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, text, strlen(text));
    assert_int_equal(websocket_queue_push(queue, message), 0);
    websocket_message_unref(message);
}

static void queues_keep_order(void **state)
{
    struct websocket_queue queue = {0};
    char text[400];
    for (int round = 0; round < 50; round++) { /* around the ring, growing now and then */
        push(&queue, "one");
        push(&queue, "two");
        push(&queue, "three");
        assert_int_equal(queued(&queue, text), 3);
        assert_string_equal(text, "\x81\x03one\x81\x03two\x81\x05three");
        assert_int_equal(websocket_queue_advance(&queue, 4), 0);
        queued(&queue, text);
        assert_string_equal(text, "e\x81\x03two\x81\x05three");
        assert_int_equal(websocket_queue_advance(&queue, 7), 2);
        queued(&queue, text);
        assert_string_equal(text, "\x05three");
        assert_int_equal(websocket_queue_advance(&queue, 6), 1);
        assert_int_equal(queue.bytes, 0);
    }
    for (int i = 0; i < 1000; i++)
        push(&queue, "x");
    assert_int_equal(websocket_queue_vector(&queue, (struct iovec[8]){0}, 8), 8);
    assert_int_equal(websocket_queue_advance(&queue, 3000), 1000);
    assert_int_equal(queue.capacity, 0); /* a large ring is not kept */
    websocket_queue_done(&queue);
    assert_int_equal(websocket_message_bytes(), 0);
}

static void what_is_half_sent_is_not_dropped(void **state)
{
    struct websocket_queue queue = {0};
    char text[100];
    push(&queue, "one");
    push(&queue, "two");
    assert_int_equal(websocket_queue_clear(&queue), 2);
    assert_int_equal(queue.bytes, 0);
    push(&queue, "one");
    push(&queue, "two");
    websocket_queue_advance(&queue, 1);
    assert_int_equal(websocket_queue_clear(&queue), 1);
    queued(&queue, text);
    assert_string_equal(text, "\x03one");
    websocket_queue_done(&queue);
    assert_int_equal(websocket_message_bytes(), 0);
}

static void queues_share_messages(void **state)
{
    enum { QUEUES = 100 };
    struct websocket_queue queues[QUEUES] = {0};
    struct websocket_message *message = websocket_message_new(WEBSOCKET_TEXT, "shared", 6);
    for (int i = 0; i < QUEUES; i++)
        assert_int_equal(websocket_queue_push(&queues[i], message), 0);
    assert_int_equal(websocket_message_bytes(), 8);
    assert_int_equal(queues[0].bytes, websocket_queue_cost(message));
    websocket_message_unref(message);
    for (int i = 0; i < QUEUES; i++)
        websocket_queue_done(&queues[i]);
    assert_int_equal(websocket_message_bytes(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(reasons_are_cut_between_letters),
        cmocka_unit_test(all_messages_have_a_ceiling),
        cmocka_unit_test(queues_keep_order),
        cmocka_unit_test(what_is_half_sent_is_not_dropped),
        cmocka_unit_test(queues_share_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
