/* Names of the companies and services that Bluetooth devices give by number: those compiled into
 * the program from bluetooth_names.tsv, and before them those that the options btmanuf and btoid
 * add. Input: numbers and UUIDs off the air. Output: names. */
#ifndef NORN_TRACK_BLUETOOTH_NAME_H
#define NORN_TRACK_BLUETOOTH_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/options.h"
#include "util/uuid.h"

enum { BLUETOOTH_NAMES_MAX = 4096 }; /* added, of each kind */

struct bluetooth_name {
    struct uuid uuid; /* a company's number stands in a UUID as a service's does */
    char *text;
};

struct bluetooth_name_list {
    struct bluetooth_name *names;
    size_t count;
    bool is_off; /* nothing has a name */
};

/* Zeroed: only what is compiled in. */
struct bluetooth_names {
    struct bluetooth_name_list companies, services;
};

void bluetooth_name_done(struct bluetooth_names *names);

/* Adds a company by "004C,Name", or a service by "180F,Name" or a whole UUID; the newest wins. 0,
 * or -EINVAL, -ENOSPC or -ENOMEM with a plain sentence in ret_why. */
int bluetooth_name_add_company(struct bluetooth_names *names, const char *definition,
                               struct buffer *ret_why);
int bluetooth_name_add_service(struct bluetooth_names *names, const char *definition,
                               struct buffer *ret_why);

/* The name, or NULL. */
const char *bluetooth_name_company(const struct bluetooth_names *names, uint16_t number);
const char *bluetooth_name_service(const struct bluetooth_names *names, struct uuid uuid);

extern const struct option bluetooth_name_options[];
extern const size_t bluetooth_name_options_count;

#endif
