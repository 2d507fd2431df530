/* Every table of options there is, and the texts that `norn --print` makes from the program's
 * tables: for the documentation and the shipped configuration. */
#ifndef NORN_SERVE_SETTINGS_H
#define NORN_SERVE_SETTINGS_H

#include "util/buffer.h"
#include "util/options.h"

/* Fills the list of option tables, in the order of the documentation; ends with .name NULL. */
const struct option_table *settings_tables(void);

/* Writes one of: options, conf, fields, endpoints, manual, alerts, routes, openapi. 0, or -EINVAL
 * with a sentence in ret_why that names them. */
int settings_print(const char *what, struct buffer *buffer, struct buffer *ret_why);

/* Writes the versions of the libraries that show in what norn does, a line each. */
void settings_print_libraries(struct buffer *buffer);

#endif
