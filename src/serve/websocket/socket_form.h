/* Forms in which records are told over websockets: a field list and a format, compiled once for
 * all who ask for the same. Input: commands. Output: forms that are shared. On the websocket
 * thread only. */
#ifndef NORN_SERVE_SOCKET_FORM_H
#define NORN_SERVE_SOCKET_FORM_H

#include "serve/websocket/socket_command.h"

enum {
    SOCKET_FORM_PARTS = 2,
    SOCKET_FORM_BYTES = 32 * 1024 * 1024, /* of all forms of one set, about */
};

/* What a form tells of: the types of its parts; NULL where there is none, or a single value. */
struct socket_form_parts {
    const struct record_type *types[SOCKET_FORM_PARTS];
};

struct socket_form {
    struct socket_form *next;
    unsigned references;
    enum format format;
    struct socket_form_parts parts;
    struct projection *projections[SOCKET_FORM_PARTS]; /* NULL: whole records, or single values */
    struct buffer fields; /* the list as bytes that are the same only for the same list */
    size_t size;
};

/* Zeroed it is empty; it is empty again when all references have gone. */
struct socket_forms {
    struct socket_form *first;
    size_t size;
};

/* A reference to the form that the command asks for; NULL with errno set and a sentence in ret_why:
 * EINVAL, E2BIG, ENOSPC (too many are in use), ENOMEM. */
struct socket_form *socket_form_get(struct socket_forms *forms,
                                    const struct socket_form_parts *parts,
                                    const struct socket_command *command, struct buffer *ret_why);

struct socket_form *socket_form_ref(struct socket_form *form);

/* NULL is fine. */
void socket_form_unref(struct socket_forms *forms, struct socket_form *form);

#endif
