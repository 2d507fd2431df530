/* Asking all capture tools at once. See tool_survey.h. */
#include "capture/tool_survey.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/source_tool.h"
#include "capture/sources.h"
#include "capture/tool_link.h"
#include "util/clock.h"

enum {
    PROBE_MS = 10000,
    LIST_MS = 5000,
    TOOLS_MOST = 32,
    LOOK_MS = 250, /* at most between two looks at the clock */
};

/* One tool that is being asked. */
struct asked {
    const struct source_type *type;
    struct tool_link link;
    pid_t pid;
    bool is_done;
};

struct survey {
    const struct capture_config *config;
    int wake;
    size_t count;
    struct asked asked[TOOLS_MOST];
};

static void finish(struct survey *survey, struct asked *asked)
{
    tool_link_done(&asked->link);
    survey->config->stop_tool(survey->config->context, asked->pid);
    asked->is_done = true;
}

static void end(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++)
        if (!survey->asked[i].is_done)
            finish(survey, &survey->asked[i]);
    free(survey);
}

/* Whether nobody wants it, or norn captures that itself here. */
static bool is_left_out(const struct capture_config *config, const struct source_type *type)
{
    return sources_is_masked(config, type) || sources_find(type->name) != type;
}

static void ask(struct survey *survey, const struct source_type *type,
                struct protocol_message *question)
{
    const struct capture_config *config = survey->config;
    struct asked *asked = &survey->asked[survey->count];
    int descriptor;
    if (config->start_tool(config->context, type->program, &descriptor, &asked->pid) < 0)
        return;
    asked->type = type;
    tool_link_init(&asked->link, descriptor, -1, TOOL_LINK_PING_MS);
    tool_link_send(&asked->link, question);
    survey->count++;
}

/* Starts the tools and asks them. NULL when memory is lacking or tools cannot be started here. */
static struct survey *begin(const struct capture_config *config, int wake, bool lists,
                            struct protocol_message *question)
{
    struct survey *survey = config->start_tool ? calloc(1, sizeof *survey) : NULL;
    if (!survey)
        return NULL;
    survey->config = config;
    survey->wake = wake;
    for (size_t i = 0; i < source_tool_types_count && survey->count < TOOLS_MOST; i++) {
        const struct source_type *type = &source_tool_types[i];
        if ((lists ? type->list : type->probe) && !is_left_out(config, type))
            ask(survey, type, question);
    }
    return survey;
}

/* Waits until some tool has written or ended. False when there is nobody to wait for, or no time
 * is left. */
static bool wait_for_any(struct survey *survey, uint64_t until_ns)
{
    struct pollfd polled[TOOLS_MOST + 1] = {{.fd = survey->wake, .events = POLLIN}};
    nfds_t count = 1;
    for (size_t i = 0; i < survey->count; i++)
        if (!survey->asked[i].is_done)
            polled[count++] =
                (struct pollfd){.fd = survey->asked[i].link.descriptor, .events = POLLIN};
    if (count == 1 || clock_monotonic_ns() >= until_ns)
        return false;
    poll(polled, count, LOOK_MS);
    return !polled[0].revents;
}

/* The next answer of a tool that is at hand; false when none is. A tool that says anything but
 * its answer last is done with. */
static bool next_answer(struct survey *survey, struct asked *asked, uint16_t type,
                        struct protocol_message *ret_answer)
{
    struct buffer why = {0};
    struct protocol_frame frame;
    int result = 0;
    while (!asked->is_done && result == 0) {
        result = tool_link_next(&asked->link, 1, &frame, &why); /* a time long past */
        if (result == 0 && protocol_message_parse(&frame, ret_answer) == 0) {
            if (ret_answer->type == type)
                break;
            if (ret_answer->type == PROTOCOL_ERROR)
                finish(survey, asked);
        }
        if (result < 0 && result != -EAGAIN)
            finish(survey, asked);
    }
    buffer_done(&why);
    return !asked->is_done && result == 0;
}

/* The type of a tool that has said yes so far, or NULL. */
static const struct source_type *take_yes(struct survey *survey)
{
    struct protocol_message answer;
    for (size_t i = 0; i < survey->count; i++) {
        if (!next_answer(survey, &survey->asked[i], PROTOCOL_PROBE_REPORT, &answer))
            continue;
        finish(survey, &survey->asked[i]);
        if (answer.code == 1)
            return survey->asked[i].type;
    }
    return NULL;
}

const struct source_type *tool_survey_probe(const struct capture_config *config,
                                            const struct definition *definition, int wake)
{
    char text[SOURCE_DEFINITION];
    const struct source_type *found = NULL;
    uint64_t until = clock_monotonic_ns() + PROBE_MS * NS_PER_MS;
    definition_write(definition, false, text);
    struct protocol_message question = {
        .type = PROTOCOL_PROBE_REQUEST,
        .reason = {.present = PROTOCOL_BIT(1), .text = protocol_text_of(text)}};
    struct survey *survey = begin(config, wake, false, &question);
    while (survey && !found && wait_for_any(survey, until))
        found = take_yes(survey);
    if (survey)
        end(survey);
    return found;
}

static bool is_named(const struct capture_interface *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0)
            return true;
    return false;
}

static size_t add_rows(const struct source_type *type, struct protocol_list list,
                       struct capture_interface *rows, size_t count, size_t limit)
{
    struct protocol_interface interface;
    while (count < limit && protocol_list_block(&list, &protocol_interface_table, &interface)) {
        struct capture_interface *row = &rows[count];
        *row = (struct capture_interface){.type = type};
        protocol_text_copy(interface.interface, row->name, sizeof row->name);
        protocol_text_copy(interface.flags, row->options, sizeof row->options);
        protocol_text_copy(interface.hardware, row->hardware, sizeof row->hardware);
        protocol_text_copy(interface.capture.length ? interface.capture : interface.interface,
                           row->capture, sizeof row->capture);
        if (row->name[0] && !is_named(rows, count, row->name))
            count++;
    }
    return count;
}

size_t tool_survey_list(const struct capture_config *config, struct capture_interface *ret_rows,
                        size_t limit)
{
    size_t count = 0;
    struct protocol_message answer, question = {.type = PROTOCOL_LIST_REQUEST};
    uint64_t until = clock_monotonic_ns() + LIST_MS * NS_PER_MS;
    struct survey *survey = begin(config, -1, true, &question);
    while (survey && wait_for_any(survey, until))
        for (size_t i = 0; i < survey->count; i++)
            if (next_answer(survey, &survey->asked[i], PROTOCOL_LIST_REPORT, &answer)) {
                count = add_rows(survey->asked[i].type, answer.list_report.interfaces, ret_rows,
                                 count, limit);
                finish(survey, &survey->asked[i]);
            }
    if (survey)
        end(survey);
    return count;
}
