/* Answers to posted scans: lists of what others found, phones as a rule, each entry handed on as a
 * report of the virtual source that the command names. Input: the command. Output: frames for the
 * engine, and how it went. */
#ifndef NORN_SERVE_SCAN_REPLY_H
#define NORN_SERVE_SCAN_REPLY_H

struct request;

/* Takes the entries of the command's `reports` as reports of that kind ("DOT11SCAN"), which name an
 * address by `address_key`; all of them or none. Answers 200, or 500 with the reason. `kind` and
 * `address_key` are constants. */
void scan_reply_take(struct request *request, const char *kind, const char *address_key);

#endif
