/* The ring and the spool: order, acknowledgements, lost connections, what goes when all is full;
 * then many random steps beside a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/protocol_frame.h"
#include "tools/tool_outbox.h"

enum { RING = 64 * 1024, FILE_BYTES = 512 * 1024 };

/* Adds a frame of that number and body length; the body repeats the number. */
static bool add(struct tool_outbox *outbox, uint32_t number, size_t body)
{
    struct buffer frame = {0};
    size_t begin = protocol_frame_begin(&frame, PROTOCOL_PACKET, 0, number);
    for (size_t i = 0; i < body; i++)
        buffer_add_byte(&frame, (uint8_t)number);
    protocol_frame_end(&frame, begin);
    bool is_added = tool_outbox_add(outbox, (struct slice){frame.data, frame.length});
    buffer_done(&frame);
    return is_added;
}

/* The number of the next frame, 0 when there is none. */
static uint32_t take(struct tool_outbox *outbox)
{
    struct buffer buffer = {0};
    struct protocol_frame frame;
    size_t need;
    uint32_t number = 0;
    if (tool_outbox_take(outbox, &buffer)) {
        assert_int_equal(protocol_frame_parse(buffer.data, buffer.length, &frame, &need), 0);
        assert_int_equal(need, buffer.length);
        for (size_t i = 0; i < frame.body_length; i++)
            assert_int_equal(frame.body[i], frame.sequence & 0xff);
        number = frame.sequence;
    }
    buffer_done(&buffer);
    return number;
}

static void expect_run(struct tool_outbox *outbox, uint32_t from, uint32_t to)
{
    for (uint32_t number = from; number <= to; number++)
        assert_int_equal(take(outbox), number);
    assert_int_equal(take(outbox), 0);
}

static struct tool_outbox begin(bool keeps, uint64_t file_size)
{
    struct tool_outbox outbox;
    struct buffer why = {0};
    assert_int_equal(tool_outbox_init(&outbox, RING, keeps), 0);
    if (file_size)
        assert_int_equal(tool_outbox_spool(&outbox, "/tmp", file_size, &why), 0);
    return outbox;
}

static void test_a_pipe_forgets_what_it_sent(void **state)
{
    struct tool_outbox outbox = begin(false, 0);
    uint32_t number = 1;
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 40; i++)
            assert_true(add(&outbox, number++, 1000));
        expect_run(&outbox, number - 40, number - 1);
        assert_int_equal(tool_outbox_held(&outbox), 0);
    }
    tool_outbox_rewind(&outbox);
    assert_int_equal(take(&outbox), 0);
    assert_int_equal(outbox.dropped, 0);
    tool_outbox_done(&outbox);
}

static void test_a_full_ring_drops_the_newest(void **state)
{
    struct tool_outbox outbox = begin(false, 0);
    assert_true(tool_outbox_fits(&outbox, 30020));
    assert_true(add(&outbox, 1, 30000));
    assert_true(add(&outbox, 2, 30000));
    assert_false(tool_outbox_fits(&outbox, 30020));
    assert_false(add(&outbox, 3, 30000));
    assert_int_equal(outbox.dropped, 1);
    assert_int_equal(take(&outbox), 1);
    assert_true(add(&outbox, 4, 30000));
    assert_int_equal(take(&outbox), 2);
    expect_run(&outbox, 4, 4);
    assert_false(add(&outbox, 5, RING));
    assert_int_equal(outbox.dropped, 2);
    tool_outbox_done(&outbox);
}

static void test_what_is_not_acknowledged_comes_again(void **state)
{
    struct tool_outbox outbox = begin(true, 0);
    for (uint32_t number = 1; number <= 6; number++)
        add(&outbox, number, 100);
    take(&outbox);
    take(&outbox);
    struct tool_place place = outbox.sent;
    take(&outbox);
    tool_outbox_acknowledge(&outbox, place);
    tool_outbox_rewind(&outbox);
    expect_run(&outbox, 3, 6);
    tool_outbox_acknowledge(&outbox, place); /* late, from before: no harm */
    tool_outbox_rewind(&outbox);
    expect_run(&outbox, 3, 6);
    tool_outbox_acknowledge(&outbox, outbox.sent);
    tool_outbox_rewind(&outbox);
    assert_int_equal(take(&outbox), 0);
    assert_int_equal(outbox.dropped, 0);
    tool_outbox_done(&outbox);
}

static void test_a_server_that_never_answers(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    struct stat status;
    for (uint32_t number = 1; number <= 1000; number++) {
        assert_true(tool_outbox_fits(&outbox, 1020));
        assert_true(add(&outbox, number, 1000));
        assert_int_equal(take(&outbox), number);
    }
    tool_outbox_rewind(&outbox);
    assert_true(take(&outbox) > 900);
    assert_int_equal(outbox.dropped, 0);
    assert_int_equal(fstat(outbox.file, &status), 0);
    assert_int_equal(status.st_size, 0); /* the disk was left alone */
    tool_outbox_done(&outbox);
}

static void test_the_spool_is_private(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    struct stat status;
    assert_int_equal(fstat(outbox.file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_nlink, 0);
    tool_outbox_done(&outbox);
    struct buffer why = {0};
    assert_int_equal(tool_outbox_init(&outbox, RING, true), 0);
    assert_int_equal(tool_outbox_spool(&outbox, "/nowhere", FILE_BYTES, &why), -ENOENT);
    assert_true(why.length > 0);
    buffer_done(&why);
    tool_outbox_done(&outbox);
}

static void test_the_spool_takes_what_the_ring_cannot(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    for (uint32_t number = 1; number <= 400; number++)
        assert_true(add(&outbox, number, 1000));
    assert_int_equal(outbox.dropped, 0);
    expect_run(&outbox, 1, 400);
    tool_outbox_rewind(&outbox);
    for (uint32_t number = 1; number <= 150; number++)
        assert_int_equal(take(&outbox), number);
    tool_outbox_acknowledge(&outbox, outbox.sent);
    tool_outbox_rewind(&outbox);
    expect_run(&outbox, 151, 400);
    tool_outbox_done(&outbox);
}

static void test_a_full_spool_loses_the_oldest(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    for (uint32_t number = 1; number <= 1000; number++)
        assert_true(add(&outbox, number, 1000));
    assert_int_equal(outbox.dropped, outbox.tail.frames);
    assert_in_range(outbox.dropped, 350, 500);
    expect_run(&outbox, (uint32_t)outbox.dropped + 1, 1000);
    /* Frames that were sent and thrown out count only when the connection is lost. */
    uint64_t dropped = outbox.dropped;
    outbox.answered = true;
    for (uint32_t number = 1001; number <= 1100; number++)
        assert_true(add(&outbox, number, 1000));
    assert_int_equal(outbox.dropped, dropped);
    assert_true(outbox.unsure > 0);
    dropped += outbox.unsure;
    tool_outbox_rewind(&outbox);
    assert_int_equal(outbox.dropped, dropped);
    tool_outbox_done(&outbox);
}

static void test_acknowledged_after_it_was_thrown_out(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    outbox.answered = true;
    for (uint32_t number = 1; number <= 500; number++)
        add(&outbox, number, 1000);
    expect_run(&outbox, 1, 500);
    struct tool_place place = outbox.sent;
    for (uint32_t number = 501; number <= 700; number++)
        add(&outbox, number, 1000);
    assert_true(outbox.unsure > 0);
    tool_outbox_acknowledge(&outbox, place);
    tool_outbox_rewind(&outbox);
    assert_int_equal(outbox.dropped, 0);
    expect_run(&outbox, 501, 700);
    tool_outbox_done(&outbox);
}

static void test_a_disk_that_fails(void **state)
{
    struct tool_outbox outbox = begin(true, FILE_BYTES);
    for (uint32_t number = 1; number <= 300; number++)
        add(&outbox, number, 1000);
    close(outbox.file);
    uint64_t in_file = outbox.spilled.frames;
    assert_true(in_file > 200);
    assert_int_equal(take(&outbox), in_file + 1);
    assert_int_equal(outbox.dropped, in_file);
    assert_int_equal(outbox.file, -1);
    for (uint32_t number = 301; number <= 400; number++)
        add(&outbox, number, 1000);
    assert_true(outbox.dropped > in_file);
    tool_outbox_done(&outbox);
}

/* The model: numbers held, where sending is. */
struct model {
    uint32_t next; /* number of the frame added next */
    uint32_t tail, sent;
};

static void step(struct tool_outbox *outbox, struct model *model)
{
    uint32_t number;
    switch (rand() % 8) {
    case 0:
        tool_outbox_rewind(outbox);
        model->sent = model->tail;
        break;
    case 1:
        tool_outbox_acknowledge(outbox, outbox->sent);
        model->tail = model->sent;
        break;
    case 2:
    case 3:
    case 4:
        assert_true(add(outbox, model->next++, (size_t)(rand() % 3000)));
        uint32_t oldest = (uint32_t)outbox->tail.frames + 1;
        if (model->tail < oldest)
            model->tail = oldest;
        if (model->sent < oldest)
            model->sent = oldest;
        break;
    default:
        number = take(outbox);
        assert_int_equal(number, model->sent < model->next ? model->sent : 0);
        model->sent += number != 0;
    }
    assert_int_equal(outbox->tail.frames + 1, model->tail);
    assert_int_equal(outbox->head.frames + 1, model->next);
    assert_true(tool_outbox_held(outbox) <= FILE_BYTES + RING);
}

static void test_random_steps(void **state)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct tool_outbox outbox = begin(true, FILE_BYTES);
        struct model model = {1, 1, 1};
        outbox.answered = true;
        srand(seed);
        for (int i = 0; i < 5000; i++)
            step(&outbox, &model);
        tool_outbox_done(&outbox);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pipe_forgets_what_it_sent),
        cmocka_unit_test(test_a_full_ring_drops_the_newest),
        cmocka_unit_test(test_what_is_not_acknowledged_comes_again),
        cmocka_unit_test(test_a_server_that_never_answers),
        cmocka_unit_test(test_the_spool_is_private),
        cmocka_unit_test(test_the_spool_takes_what_the_ring_cannot),
        cmocka_unit_test(test_a_full_spool_loses_the_oldest),
        cmocka_unit_test(test_acknowledged_after_it_was_thrown_out),
        cmocka_unit_test(test_a_disk_that_fails),
        cmocka_unit_test(test_random_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
