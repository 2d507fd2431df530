/* The table of all alerts. See alert_doc.h. */
#include "serve/alert_doc.h"

#include <string.h>

#include "alert/system_alerts.h"
#include "alert/watch_alerts.h"
#include "phy/dot11_alerts.h"

struct table {
    const struct alert_kind *kinds;
    size_t count;
    bool is_once; /* raised by alert_raise_once(): never held back */
};

static const struct table tables[];
static const size_t tables_count;

static void add_word(struct buffer *buffer, const char *word)
{
    for (size_t i = 0; word[i]; i++)
        buffer_add_byte(buffer, (uint8_t)(i ? word[i] | 0x20 : word[i]));
}

static void print_kind(const struct alert_kind *kind, bool is_once, struct buffer *buffer)
{
    buffer_printf(buffer, "| `%s` | %s | ", kind->name, kind->class);
    add_word(buffer, alert_severity_word(kind->severity));
    buffer_add_text(buffer, " | ");
    if (is_once) {
        buffer_add_text(buffer, "each time");
    } else {
        alert_rate_write(kind->rate, buffer);
        buffer_add_text(buffer, ", ");
        alert_rate_write(kind->burst, buffer);
    }
    buffer_printf(buffer, " | %s |\n", kind->description);
}

void alert_doc_print(struct buffer *buffer)
{
    buffer_add_text(buffer, "| alert | class | severity | rate, burst | what it means |\n"
                            "|---|---|---|---|---|\n");
    for (size_t i = 0; i < tables_count; i++)
        for (size_t j = 0; j < tables[i].count; j++)
            print_kind(&tables[i].kinds[j], tables[i].is_once, buffer);
}

static const struct table tables[] = {
    {dot11_alert_kinds, DOT11_ALERTS, false},
    {watch_alert_kinds, WATCH_ALERTS, false},
    {system_alert_kinds, SYSTEM_ALERTS, false},
    {system_once_kinds, SYSTEM_ONCES, true},
};
static const size_t tables_count = sizeof tables / sizeof *tables;
