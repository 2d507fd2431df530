/* Looks an address up in the table that the build makes of the IEEE registries. */
#include "track/manufacturer.h"

#include <stddef.h>

#include "oui_table.h"

static const char *find_in(const struct oui_table *table, uint64_t prefix)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint64_t at = table->rows[middle].prefix;
        if (at == prefix)
            return oui_names + table->rows[middle].name;
        if (at < prefix)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *manufacturer_find(struct macaddr mac)
{
    uint64_t address = macaddr_u64(mac);
    const char *name = NULL;
    if (macaddr_is_local(mac))
        return NULL;
    for (size_t i = 0; i < sizeof oui_tables / sizeof *oui_tables && !name; i++)
        name = find_in(&oui_tables[i], address >> (64 - oui_tables[i].bits));
    return name;
}
