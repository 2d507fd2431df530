/* Texts made from the option tables: the list on the console, the shipped configuration file
 * and the reference page. Input: tables and values. Output: a buffer. */
#include "util/options.h"

#include <string.h>

#include "util/text.h"

enum { CONF_COLUMNS = 98 };

static const char conf_head[] =
    "# norn's configuration. Every option is listed with its default, commented out: remove the\n"
    "# '#' and write another value. Generated from the program (norn --print conf).\n"
    "#\n"
    "# A line is key=value. Lines that start with '#' are comments. A repeatable option is "
    "written\n"
    "# once for each value; of the others the first line counts. Also understood:\n"
    "#   include=FILE        read FILE here; it must exist\n"
    "#   opt_include=FILES   the same for files that may be missing; * ? and ~ work\n"
    "#   opt_override=FILE   read FILE after everything else; its lines replace what stands here,\n"
    "#                       key+=value adds to it\n"
    "# In paths %h is the home directory, %E the directory of the configuration, %S that of "
    "shared\n"
    "# data and %B that of the program.\n";

static const char markdown_head[] =
    "# Options\n"
    "\n"
    "Generated from the program (`norn --print options`); do not edit. Options are written as\n"
    "`key=value` in `norn.conf`, or given as `--set key=value`. A repeatable option collects "
    "every\n"
    "line; of the others the first line counts, and the command line wins.\n";

static const char *const type_words[] = {
    [OPTION_TEXT] = "text",
    [OPTION_LIST] = "text, repeatable",
    [OPTION_INTEGER] = "whole number",
    [OPTION_BOOLEAN] = "true or false",
    [OPTION_CHOICE] = "one of",
};

/* "whole number, from 1 to 65535", "one of a, b". */
static void add_type(struct buffer *buffer, const struct option *row)
{
    buffer_add_text(buffer, type_words[row->type]);
    if (row->type == OPTION_INTEGER) {
        if (row->minimum != INT64_MIN)
            buffer_printf(buffer, ", from %lld", (long long)row->minimum);
        if (row->maximum != INT64_MAX)
            buffer_printf(buffer, "%sto %lld", row->minimum == INT64_MIN ? ", up " : " ",
                          (long long)row->maximum);
    }
    if (row->type != OPTION_CHOICE)
        return;
    for (const char *word = row->choices; *word;) {
        size_t length = strcspn(word, "|");
        buffer_add_text(buffer, word == row->choices ? " " : ", ");
        buffer_add(buffer, word, length);
        word += length + (word[length] == '|');
    }
}

static void add_value(struct buffer *buffer, const struct options *options,
                      const struct option *row)
{
    size_t count = options_count(options, row->key);
    if (strstr(row->key, "password") || strstr(row->key, "jwt_key")) {
        buffer_printf(buffer, "  %s%s\n", row->key, count ? " is set" : " =");
        return;
    }
    if (count == 0)
        buffer_printf(buffer, "  %s =\n", row->key);
    for (size_t i = 0; i < count; i++)
        buffer_printf(buffer, "  %s = %s\n", row->key, options_at(options, row->key, i));
}

static void add_row(struct buffer *buffer, const struct options *options, const struct option *row)
{
    static const char indent[] = "      ";
    add_value(buffer, options, row);
    buffer_printf(buffer, "%s(", indent);
    add_type(buffer, row);
    if (options_is_set(options, row->key) && *row->fallback)
        buffer_printf(buffer, "; default %s", row->fallback);
    buffer_printf(buffer, ")\n%s", indent);
    text_add_wrapped(buffer, row->description, indent, CONF_COLUMNS);
}

void options_print_list(const struct options *options, struct buffer *buffer)
{
    const struct option_table *tables = options_tables(options);
    for (const struct option_table *table = tables; table->name; table++) {
        buffer_printf(buffer, "%s%s\n", table == tables ? "" : "\n", table->name);
        for (size_t i = 0; i < table->count; i++)
            add_row(buffer, options, &table->options[i]);
    }
}

static void add_conf_heading(struct buffer *buffer, const char *name)
{
    buffer_printf(buffer, "\n# ---- %s ", name);
    for (size_t column = strlen(name) + 8; column < CONF_COLUMNS; column++)
        buffer_add_byte(buffer, '-');
    buffer_add_byte(buffer, '\n');
}

void options_print_conf(const struct option_table *tables, struct buffer *buffer)
{
    buffer_add_text(buffer, conf_head);
    for (const struct option_table *table = tables; table->name; table++) {
        add_conf_heading(buffer, table->name);
        for (size_t i = 0; i < table->count; i++) {
            const struct option *row = &table->options[i];
            buffer_add_text(buffer, "\n# ");
            text_add_wrapped(buffer, row->description, "# ", CONF_COLUMNS);
            buffer_add_text(buffer, "# (");
            add_type(buffer, row);
            buffer_printf(buffer, ")\n#%s=%s\n", row->key, row->fallback);
        }
    }
}

/* Text of a table cell: a bar would end it. */
static void add_cell(struct buffer *buffer, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            buffer_add_byte(buffer, '\\');
        buffer_add_byte(buffer, (uint8_t)*text);
    }
}

void options_print_markdown(const struct option_table *tables, struct buffer *buffer)
{
    buffer_add_text(buffer, markdown_head);
    for (const struct option_table *table = tables; table->name; table++) {
        buffer_printf(buffer,
                      "\n## %s\n\n| option | value | default | effect |\n|---|---|---|---|\n",
                      table->name);
        for (size_t i = 0; i < table->count; i++) {
            const struct option *row = &table->options[i];
            buffer_printf(buffer, "| `%s` | ", row->key);
            add_type(buffer, row);
            buffer_add_text(buffer, *row->fallback ? " | `" : " | ");
            add_cell(buffer, row->fallback);
            buffer_add_text(buffer, *row->fallback ? "` | " : " | ");
            add_cell(buffer, row->description);
            buffer_add_text(buffer, " |\n");
        }
    }
}
