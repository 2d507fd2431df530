/* Tables of flags at work, over getopt_long(). See flags.h. */
#include "util/flags.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { LONG_ONLY = 256, HELP_COLUMN = 28, HELP_WIDTH = 96 };

/* The tables that getopt_long() wants, made from ours. */
struct getopt_tables {
    char letters[128];
    struct option *names;
};

static bool may_be_left_out(const struct flag *flag)
{
    return flag->value && flag->value[0] == '[';
}

static int takes_value(const struct flag *flag)
{
    if (may_be_left_out(flag))
        return optional_argument;
    return flag->value ? required_argument : no_argument;
}

static int make_tables(const struct flag *flags, struct getopt_tables *ret_tables)
{
    size_t count = 0, at = 0;
    while (flags[count].name)
        count++;
    struct option *names = calloc(count + 1, sizeof *names);
    if (!names)
        return -ENOMEM;
    ret_tables->letters[at++] = ':';
    for (size_t i = 0; i < count; i++) {
        const struct flag *flag = &flags[i];
        names[i].name = flag->name;
        names[i].has_arg = takes_value(flag);
        names[i].val = LONG_ONLY + (int)i;
        if (flag->letter)
            ret_tables->letters[at++] = flag->letter;
        if (flag->letter && flag->value)
            ret_tables->letters[at++] = ':';
    }
    ret_tables->letters[at] = '\0';
    ret_tables->names = names;
    return 0;
}

static const struct flag *find_flag(const struct flag *flags, int code)
{
    if (code >= LONG_ONLY)
        return &flags[code - LONG_ONLY];
    for (const struct flag *flag = flags; flag->name; flag++)
        if (flag->letter && flag->letter == code)
            return flag;
    return NULL;
}

static const char *find_nearest(const struct flag *flags, const char *name)
{
    unsigned best = strlen(name) > 5 ? 4 : 3;
    const char *nearest = NULL;
    for (const struct flag *flag = flags; flag->name; flag++) {
        unsigned distance = flag->group ? text_distance(name, flag->name) : 64;
        if (distance < best) {
            best = distance;
            nearest = flag->name;
        }
    }
    return nearest;
}

/* Why getopt_long() stopped at `word` with '?' or ':'. */
static void explain(const struct flag *flags, struct buffer *text, int code, const char *word,
                    int letter)
{
    char name[64] = "";
    if (code == ':') {
        buffer_printf(text, "%s needs a value", word);
        return;
    }
    if (strncmp(word, "--", 2) != 0) {
        buffer_printf(text, "unknown flag -%c", letter ? letter : '?');
        return;
    }
    size_t length = strcspn(word + 2, "=");
    snprintf(name, sizeof name, "%.*s", (int)length, word + 2);
    const struct flag *known = letter ? find_flag(flags, letter) : NULL;
    if (known && !known->value) {
        buffer_printf(text, "--%s takes no value", known->name);
        return;
    }
    const char *nearest = find_nearest(flags, name);
    buffer_printf(text, "unknown flag --%s", name);
    if (nearest)
        buffer_printf(text, "; did you mean --%s?", nearest);
}

static int parse(int argc, char **argv, const struct flag *flags,
                 const struct getopt_tables *tables, flags_take *take, void *context,
                 struct buffer *text)
{
    optind = 0; /* glibc: start anew */
    opterr = 0;
    for (;;) {
        int before = optind ? optind : 1;
        int code = getopt_long(argc, argv, tables->letters, tables->names, NULL);
        if (code == -1)
            return 0;
        const struct flag *flag = code == '?' || code == ':' ? NULL : find_flag(flags, code);
        if (!flag) {
            const char *word = argv[optind > before ? optind - 1 : before];
            explain(flags, text, code, word, optopt);
            return -EINVAL;
        }
        int result = take(context, flag, flag->value ? optarg : NULL, text);
        if (result)
            return result;
    }
}

int flags_parse(int argc, char **argv, const struct flag *flags, flags_take *take, void *context,
                struct buffer *text)
{
    struct getopt_tables tables;
    if (make_tables(flags, &tables) < 0) {
        buffer_add_text(text, "out of memory");
        return -ENOMEM;
    }
    int result = parse(argc, argv, flags, &tables, take, context, text);
    free(tables.names);
    return result;
}

/* The description from HELP_COLUMN on, below what was written where that is as long. */
static void add_description(struct buffer *buffer, size_t column, const char *text)
{
    char indent[HELP_COLUMN + 1];
    snprintf(indent, sizeof indent, "%*s", HELP_COLUMN, "");
    if (column + 2 > HELP_COLUMN)
        buffer_printf(buffer, "\n%s", indent);
    else
        buffer_add_text(buffer, indent + column);
    text_add_wrapped(buffer, text, indent, HELP_WIDTH);
}

static void print_flag(const struct flag *flag, struct buffer *buffer)
{
    size_t start = buffer->length;
    if (flag->letter)
        buffer_printf(buffer, "  -%c, ", flag->letter);
    else
        buffer_add_text(buffer, "      ");
    buffer_printf(buffer, "--%s", flag->name);
    if (may_be_left_out(flag))
        buffer_printf(buffer, "[=%s", flag->value + 1);
    else if (flag->value)
        buffer_printf(buffer, " %s", flag->value);
    add_description(buffer, buffer->length - start, flag->description);
}

void flags_print(const struct flag *flags, struct buffer *buffer)
{
    const char *group = "";
    for (const struct flag *flag = flags; flag->name; flag++) {
        if (!flag->group)
            continue;
        if (strcmp(group, flag->group) != 0)
            buffer_printf(buffer, "\n%s:\n", flag->group);
        group = flag->group;
        print_flag(flag, buffer);
    }
}
