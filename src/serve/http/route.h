/* The table of endpoints: each api_*.c file ends in an array of rows, routes.c lists the arrays.
 * A row says which methods and suffixes a path answers, who may call it, what body it takes,
 * one line of documentation and which records it answers with. Input: the decoded segments of a
 * target. Output: the row that answers, with the placeholders filled in. */
#ifndef NORN_SERVE_ROUTE_H
#define NORN_SERVE_ROUTE_H

#include <stddef.h>

#include "serve/http/target.h"
#include "util/buffer.h"

struct record_type;
struct request;

enum method {
    METHOD_GET = 1, /* HEAD is answered wherever GET is */
    METHOD_POST = 2,
    METHOD_WEBSOCKET = 4, /* a GET that opens one: the handler ends by websocket_accept() */
};

/* What may follow the last word of a path. */
enum route_kind {
    ROUTE_PLAIN,     /* nothing: the path is matched as it is written */
    ROUTE_DATA,      /* .json .prettyjson .tjson .ekjson .itjson .msgpack */
    ROUTE_TREE,      /* as ROUTE_DATA, then any further segments: request_rest() */
    ROUTE_COMMAND,   /* .cmd .jcmd (.json is taken too) */
    ROUTE_WEBSOCKET, /* .ws */
};

enum suffix {
    SUFFIX_NONE,
    SUFFIX_JSON,
    SUFFIX_PRETTYJSON,
    SUFFIX_TJSON,
    SUFFIX_EKJSON,
    SUFFIX_ITJSON,
    SUFFIX_MSGPACK,
    SUFFIX_CMD,
    SUFFIX_JCMD,
    SUFFIX_WS,
};

/* Who may call: any one of these roles; ROLE_ADMIN may call everything. A row with ROLE_OPEN
 * needs no login ever, one with ROLE_READONLY none where reads are open (server.h). */
enum role {
    ROLE_OPEN = 1,
    ROLE_READONLY = 2,
    ROLE_ADMIN = 4,
    ROLE_WEBGPS = 8,
    ROLE_DATASOURCE = 16,
    ROLE_SCANREPORT = 32,
    ROLE_ADSB = 64,
    ROLE_ANY = 128, /* any valid login whatever its role */
};

/* What a POST to the row carries. */
enum route_body {
    BODY_OPTIONAL, /* a command, decoded when there is one; else an empty one */
    BODY_COMMAND,  /* a command; without one the answer is 400 */
    BODY_FORM,     /* plain form variables only */
};

/* In what form a row answers with its type of record, for its description. */
enum answer_shape {
    ANSWER_NO_RECORD, /* a row need not say it: text, or a document of its own kind */
    ANSWER_RECORD,
    ANSWER_LIST,
    ANSWER_MAP,   /* by a key */
    ANSWER_TABLE, /* a list under aaData */
    ANSWER_VIEW,  /* a list, or a page of it where one was asked for */
    ANSWER_SINCE, /* devices: the first API's dictionary for a GET, else a list */
    ANSWER_TEXTS, /* a list of texts, which have no type */
};

struct route {
    unsigned methods; /* enum method */
    const char *path; /* "/devices/by-key/{key}/device"; NULL ends an array */
    enum route_kind kind;
    unsigned roles; /* enum role */
    enum route_body body;
    void (*handler)(struct request *request); /* ends by one call of reply.h */
    const char *doc;                          /* one sentence, our own words */
    enum answer_shape answer;
    const struct record_type *type; /* what `answer` is made of */
};

enum { ROUTE_PARAMETERS = 6 };

/* A row found: `parameters` are the segments of its placeholders in order. */
struct route_match {
    const struct route *route; /* NULL: no path like this */
    unsigned methods;          /* of every row with this path and suffix */
    enum suffix suffix;
    struct target_part parameters[ROUTE_PARAMETERS];
    size_t rest; /* index of the first segment after a ROUTE_TREE suffix */
};

/* Finds the row for a target among `routes` (NULL-ended list of arrays). `route` stays NULL when
 * no path fits (404); when one fits but not this method, `methods` tells which do (405). */
void route_find(const struct route *const *routes, const struct target *target, unsigned method,
                struct route_match *ret_match);

/* The segment a placeholder of the row stands for, or NULL when the row has none of that name. */
const struct target_part *route_parameter(const struct route_match *match, const char *name);

/* The row whose path a target that fits none comes nearest to, for "did you mean"; or NULL. */
const struct route *route_nearest(const struct route *const *routes, const struct target *target);

/* How a row's path is written in full: what follows its last word. */
const char *route_ending(const struct route *route);

#endif
