/* Source definitions: INTERFACE[:key=value[,key=value...]], values in double quotes where they
 * hold commas (shared facts: Kismet's grammar, and the words of 2016). Input: text of the
 * configuration, the command line or the API. Output: the interface and checked options. */
#ifndef NORN_CAPTURE_DEFINITION_H
#define NORN_CAPTURE_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/source_status.h"
#include "util/buffer.h"

enum { DEFINITION_OPTIONS = 64 };

struct definition_option {
    const char *key;     /* the key's name today; static */
    const char *value;   /* without quotes, in today's form */
    const char *typed;   /* the key as it was typed */
    const char *written; /* the value as it was typed, without its quotes */
    bool quoted;
};

struct definition {
    const char *interface;
    size_t count;
    struct definition_option options[DEFINITION_OPTIONS];
    char *texts; /* where all of these lie */
    size_t texts_used;
};

/* Reads and checks a definition. 0 and ret_definition (free with definition_free()); -EINVAL with
 * a plain sentence in ret_why; -ENOMEM. */
int definition_parse(const char *text, struct definition **ret_definition, struct buffer *ret_why);

void definition_free(struct definition *definition);

/* The value of a key (by its name today), or NULL when it is not given. */
const char *definition_find(const struct definition *definition, const char *key);

/* The value of a key that was checked to be a boolean or a number, or `fallback`. */
bool definition_bool(const struct definition *definition, const char *key, bool fallback);
double definition_number(const struct definition *definition, const char *key, double fallback);

/* Prints the definition as typed, quotes where values need them; with `hide_secrets` the values
 * of passwords, keys and users are replaced by "***". At most SOURCE_DEFINITION - 1 bytes. */
void definition_write(const struct definition *definition, bool hide_secrets,
                      char ret_text[SOURCE_DEFINITION]);

#endif
