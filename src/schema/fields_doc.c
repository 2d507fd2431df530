/* The page and the document of all fields, made from the record tables (record_types[]). Each name
 * stands once, sorted; of rows that share a name the first with a meaning speaks for all. */
#include "schema/fields_doc.h"

#include <stdlib.h>

#include "schema/field_text.h"
#include "schema/record.h"
#include "util/text.h"

static int compare_rows(const void *a, const void *b)
{
    const struct field *const *left = a, *const *right = b;
    int order = strcmp((*left)->name, (*right)->name);
    if (order)
        return order;
    bool left_old = (*left)->flags & FIELD_ALIAS, right_old = (*right)->flags & FIELD_ALIAS;
    if (left_old != right_old)
        return left_old ? 1 : -1;
    bool left_mute = !(*left)->description, right_mute = !(*right)->description;
    if (left_mute || right_mute)
        return (int)left_mute - (int)right_mute;
    return strcmp((*left)->description, (*right)->description);
}

/* All rows, sorted, one a name; NULL without memory. */
static const struct field **sorted_rows(size_t *ret_count)
{
    size_t count = 0, kept = 0;
    for (const struct record_type *const *type = record_types; *type; type++)
        count += (*type)->count;
    const struct field **rows = calloc(count + 1, sizeof *rows);
    if (!rows)
        return NULL;
    count = 0;
    for (const struct record_type *const *type = record_types; *type; type++)
        for (size_t i = 0; i < (*type)->count; i++)
            rows[count++] = &(*type)->fields[i];
    qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++)
        if (!kept || strcmp(rows[kept - 1]->name, rows[i]->name) != 0)
            rows[kept++] = rows[i];
    *ret_count = kept;
    return rows;
}

static void add_escaped(struct buffer *buffer, const char *text)
{
    if (text)
        text_add_html(buffer, text, strlen(text));
}

static void add_html_row(struct buffer *buffer, const struct field *field)
{
    struct buffer type = {0};
    field_text_add_type(field, &type);
    buffer_add_text(buffer, "<tr id=\"");
    add_escaped(buffer, field->name);
    buffer_add_text(buffer, "\"><td><code>");
    add_escaped(buffer, field->name);
    buffer_add_text(buffer, "</code></td><td>");
    text_add_html(buffer, (const char *)type.data, type.length);
    buffer_add_text(buffer, "</td><td>");
    add_escaped(buffer, field->unit);
    buffer_add_text(buffer, "</td><td>");
    add_escaped(buffer, field->description);
    buffer_add_text(buffer, "</td></tr>\n");
    buffer_done(&type);
}

void fields_doc_html(struct buffer *buffer)
{
    size_t count = 0;
    const struct field **rows = sorted_rows(&count);
    if (!rows) {
        buffer->failed = true;
        return;
    }
    buffer_add_text(buffer,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<title>Tracked fields</title>\n</head>\n<body>\n<h1>Tracked fields</h1>\n");
    buffer_printf(buffer, "<p>The %zu fields of all records, by name.</p>\n", count);
    buffer_add_text(buffer, "<table>\n<thead>\n<tr><th scope=\"col\">Field</th>"
                            "<th scope=\"col\">Type</th><th scope=\"col\">Unit</th>"
                            "<th scope=\"col\">Meaning</th></tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++)
        add_html_row(buffer, rows[i]);
    buffer_add_text(buffer, "</tbody>\n</table>\n</body>\n</html>\n");
    free(rows);
}

/* A cell of a Markdown table: bars and backslashes escaped, angle brackets as entities. */
static void add_cell(struct buffer *buffer, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|' || *text == '\\')
            buffer_add_byte(buffer, '\\');
        if (*text == '<')
            buffer_add_text(buffer, "&lt;");
        else if (*text == '>')
            buffer_add_text(buffer, "&gt;");
        else
            buffer_add_byte(buffer, *text == '\n' ? ' ' : (uint8_t)*text);
    }
}

void fields_doc_markdown(struct buffer *buffer)
{
    size_t count = 0;
    const struct field **rows = sorted_rows(&count);
    if (!rows) {
        buffer->failed = true;
        return;
    }
    buffer_add_text(buffer, "# Fields\n\nEvery field of every record, by name; made from the "
                            "tables in `src/schema`.\n\n");
    buffer_add_text(buffer, "| field | type | unit | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(buffer, "| `");
        buffer_add_text(buffer, rows[i]->name);
        buffer_add_text(buffer, "` | ");
        field_text_add_type(rows[i], buffer);
        buffer_add_text(buffer, " | ");
        add_cell(buffer, rows[i]->unit);
        buffer_add_text(buffer, " | ");
        add_cell(buffer, rows[i]->description);
        buffer_add_text(buffer, " |\n");
    }
    free(rows);
}
