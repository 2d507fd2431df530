/* What clients of device monitors say: {"monitor": key, address, address/mask or *, "request": id,
 * "rate": seconds} begins a request, {"cancel": id} ends it. Input: commands. Output: plain
 * structs. */
#ifndef NORN_SERVE_MONITOR_COMMAND_H
#define NORN_SERVE_MONITOR_COMMAND_H

#include "serve/http/command.h"
#include "track/query.h"

enum { MONITOR_COMMAND_NAME = 64 };

struct monitor_request {
    char name[MONITOR_COMMAND_NAME]; /* its id as text; empty without */
    unsigned rate;                   /* seconds between two looks, at least 1 */
    bool is_named, has_key;          /* one address; of the phy of `key` only */
    struct device_key key;
    bool has_mask; /* addresses like `mac` under this mask, as in a query */
    uint64_t mac, mask;
};

/* Both: 0; -ENOENT without such a member; -EINVAL with a sentence in ret_why. */
int monitor_command_cancel(const struct command *command, char ret_name[MONITOR_COMMAND_NAME],
                           struct buffer *ret_why);
int monitor_command_request(const struct command *command, struct monitor_request *ret_request,
                            struct buffer *ret_why);

#endif
