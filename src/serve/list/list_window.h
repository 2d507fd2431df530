/* Which part of a list a client wants, in what order, and what it searches for: a page (page with
 * length or size), what jQuery DataTables asks for (datatable, or draw), or the whole list. Input:
 * form and query variables, or members of the command. Output: a window for list_reply.c. */
#ifndef NORN_SERVE_LIST_WINDOW_H
#define NORN_SERVE_LIST_WINDOW_H

#include "serve/http/request.h"

enum { LIST_DRAW_MAX = 500 }; /* rows of one DataTables answer */

enum list_mode {
    LIST_WHOLE, /* a bare list, sorted and searched all the same */
    LIST_PAGED,
    LIST_DRAWN,
};

struct list_window {
    enum list_mode mode;
    uint32_t start, length; /* length 0: to the end */
    const char *sort;       /* path; NULL: the list's own order */
    bool descending;
    const char *search;                /* NULL: everything */
    const struct field_request *paths; /* that are searched */
    size_t path_count;
    uint64_t draw;
};

/* Reads the window of a request. False when 400 (or 503) was replied instead. */
bool list_window_read(struct request *request, struct list_window *ret_window);

#endif
