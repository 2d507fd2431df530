/* Compiled forms, counted and shared. See socket_form.h. */
#include "serve/websocket/socket_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "schema/projection.h"

enum { ENTRY_BYTES = 256 }; /* that a compiled entry of a list takes, about */

static void write_fields(const struct socket_command *command, struct buffer *buffer)
{
    for (size_t i = 0; i < command->field_count; i++) {
        const struct field_request *field = &command->fields[i];
        buffer_add(buffer, field->path, strlen(field->path) + 1);
        buffer_add_byte(buffer, field->rename != NULL);
        if (field->rename)
            buffer_add(buffer, field->rename, strlen(field->rename) + 1);
    }
}

static void free_form(struct socket_form *form)
{
    for (int i = 0; i < SOCKET_FORM_PARTS; i++)
        projection_free(form->projections[i]);
    buffer_done(&form->fields);
    free(form);
}

static bool is_same(const struct socket_form *a, const struct socket_form *b)
{
    return a->format == b->format && a->fields.length == b->fields.length &&
           memcmp(&a->parts, &b->parts, sizeof a->parts) == 0 &&
           (!a->fields.length || memcmp(a->fields.data, b->fields.data, a->fields.length) == 0);
}

static int compile(struct socket_form *form, const struct socket_command *command,
                   struct buffer *ret_why)
{
    for (int i = 0; i < SOCKET_FORM_PARTS && command->field_count; i++) {
        const struct record_type *type = form->parts.types[i];
        if (!type)
            continue;
        form->projections[i] = projection_new(type, command->fields, command->field_count, ret_why);
        if (!form->projections[i])
            return -errno;
    }
    return 0;
}

/* Compiles a form that nobody has yet and puts it into the set. */
static int add(struct socket_forms *forms, struct socket_form *form,
               const struct socket_command *command, struct buffer *ret_why)
{
    form->size = sizeof *form + form->fields.length + command->field_count * ENTRY_BYTES;
    if (form->size > SOCKET_FORM_BYTES - forms->size) {
        buffer_add_text(ret_why, "too many different field lists are in use");
        return -ENOSPC;
    }
    int error = form->fields.failed ? -ENOMEM : compile(form, command, ret_why);
    if (error)
        return error;
    form->next = forms->first;
    forms->first = form;
    forms->size += form->size;
    return 0;
}

struct socket_form *socket_form_get(struct socket_forms *forms,
                                    const struct socket_form_parts *parts,
                                    const struct socket_command *command, struct buffer *ret_why)
{
    struct socket_form *form = calloc(1, sizeof *form), *found = forms->first;
    int error = form ? 0 : -ENOMEM;
    if (form) {
        form->format = command->format;
        form->parts = *parts;
        write_fields(command, &form->fields);
        while (found && !is_same(found, form))
            found = found->next;
        error = found ? 0 : add(forms, form, command, ret_why);
        if (found || error)
            free_form(form);
    }
    if (!error)
        return socket_form_ref(found ? found : form);
    if (error == -ENOMEM && !ret_why->length)
        buffer_add_text(ret_why, "out of memory");
    errno = -error;
    return NULL;
}

struct socket_form *socket_form_ref(struct socket_form *form)
{
    form->references++;
    return form;
}

void socket_form_unref(struct socket_forms *forms, struct socket_form *form)
{
    if (!form || --form->references)
        return;
    struct socket_form **link = &forms->first;
    while (*link != form)
        link = &(*link)->next;
    *link = form->next;
    forms->size -= form->size;
    free_form(form);
}
