/* The table of roles. See role.h. */
#include "serve/login/role.h"

#include <stddef.h>
#include <string.h>

#include "serve/http/route.h"

static const struct {
    const char *name;
    unsigned role;
} roles[] = {
    {"admin", ROLE_ADMIN},           {"readonly", ROLE_READONLY}, {"datasource", ROLE_DATASOURCE},
    {"scanreport", ROLE_SCANREPORT}, {"WEBGPS", ROLE_WEBGPS},     {"ADSB", ROLE_ADSB},
};
enum { ROLES = sizeof roles / sizeof *roles };

unsigned role_find(const char *name)
{
    for (size_t i = 0; i < ROLES; i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].role;
    return ROLE_ANY;
}

void role_print(unsigned wanted, struct buffer *buffer)
{
    const char *between = "";
    for (size_t i = 0; i < ROLES; i++) {
        if (!(wanted & roles[i].role))
            continue;
        buffer_printf(buffer, "%s%s", between, roles[i].name);
        between = " or ";
    }
}
