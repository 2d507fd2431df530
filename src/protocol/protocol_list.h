/* The lists in messages, value by value: channels, interfaces, dwells. Reading goes over a copy of
 * the list as it was parsed and allocates nothing; writing fills a buffer whose list then goes
 * into a message. Values of another kind than is asked for are passed over. */
#ifndef NORN_PROTOCOL_PROTOCOL_LIST_H
#define NORN_PROTOCOL_PROTOCOL_LIST_H

#include "protocol/protocol_message.h"

/* Take the next value off the front of the list. False at its end. */
bool protocol_list_next_text(struct protocol_list *list, struct slice *ret_text);
bool protocol_list_next_interface(struct protocol_list *list,
                                  struct protocol_interface *ret_interface);
bool protocol_list_next_dwell(struct protocol_list *list, struct protocol_dwell *ret_dwell);

/* A list being written; all zeroes to begin with. */
struct protocol_list_writer {
    struct buffer values;
    uint32_t count;
};

void protocol_list_add_text(struct protocol_list_writer *writer, struct slice text);
void protocol_list_add_interface(struct protocol_list_writer *writer,
                                 const struct protocol_interface *interface);
void protocol_list_add_dwell(struct protocol_list_writer *writer,
                             const struct protocol_dwell *dwell);

/* What was written so far, borrowed from the writer until it is written to again; empty when
 * memory is lacking. */
struct protocol_list protocol_list_written(const struct protocol_list_writer *writer);

/* Empties the list and keeps its memory; gives the memory back. */
void protocol_list_clear(struct protocol_list_writer *writer);
void protocol_list_done(struct protocol_list_writer *writer);

#endif
