/* What norn says on its terminal: start, events, warnings, end. One line each, to standard error;
 * nothing but errors when silent. Text from the air or the wire is stripped of control bytes. */
#ifndef NORN_SERVE_CONSOLE_H
#define NORN_SERVE_CONSOLE_H

#include "serve/monitor.h"

/* One line of news (left out when silent), and one of trouble (never left out). */
void console_say(const struct monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void console_complain(const struct monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends what must be known to log in: the made-up login of a demonstration, or the code for the
 * first password. Nothing where a login is configured. */
void console_write_login(const struct monitor *monitor, struct buffer *text);

/* The welcome: address, login, what to try. */
void console_welcome(struct monitor *monitor);

/* The summary at the end. */
void console_summary(struct monitor *monitor);

#endif
