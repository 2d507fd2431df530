/* A folder of the operator's that is served instead of the page and beside the API: httpd_home.
 * Input: the path of a request. Output: the file of that path. Nothing in it needs a login. */
#ifndef NORN_SERVE_PAGE_HOME_H
#define NORN_SERVE_PAGE_HOME_H

struct request;

/* Answers with the file of the request's path (index.html of a folder), on a worker. Where no
 * folder is set, or it has no such file, `otherwise` answers. */
void page_home_reply(struct request *request, void (*otherwise)(struct request *request));

#endif
