/* /system: status, clock, account, and the table of every field. Input: the monitor's counters
 * and the newest sensor readings. Output: small records. */
#include "schema/fields_doc.h"
#include "schema/status_fields.h"
#include "serve/api/routes.h"
#include "serve/list/record_reply.h"
#include "serve/monitor.h"
#include "serve/status_record.h"
#include "serve/system_sensors.h"
#include "util/pattern.h"

static void fill_texts(const struct monitor *monitor, struct status_record *status)
{
    status->user = monitor->privileges.user;
    status->sandbox_seccomp = sandbox_word(monitor->privileges.sandbox.seccomp);
    status->sandbox_landlock = sandbox_word(monitor->privileges.sandbox.landlock);
    status->sandbox_user = monitor->privileges.rights;
    status->version = NORN_VERSION;
    status->git = NORN_COMMIT;
    status->build_time = NORN_COMMIT_TIME;
    status->server_name = options_text(monitor->options, "server_name");
    status->server_description = options_text(monitor->options, "server_description");
    status->server_location = options_text(monitor->options, "server_location");
    status->login_rule = options_text(monitor->options, "httpd_require_login");
    status->pcre = pattern_library();
    status->uuid = monitor->uuid;
    status->demo = monitor->demo;
    status->tiles = *options_text(monitor->options, "httpd_tiles") != 0;
}

/* With the read lock: what belongs to the store, or is moved along with it. */
static void fill_from_store(const struct monitor *monitor, struct status_record *status)
{
    const struct store *store = monitor->store;
    status->start_seconds = monitor->start_seconds;
    status->devices = store->device_count;
    status->devices_evicted = store->evicted;
    status->strings = store->strings.count;
    status->packets_repeated = store->packets_repeated;
    status->unawaited = store->watch.unawaited;
    status->store_bytes = store->pool.bytes_held;
    status->memory_ring = &monitor->memory_ring;
    status->devices_ring = &monitor->devices_ring;
    status->packets_ring = &store->packets_ring;
}

/* Replies with a status record, shown through one of its types. */
static void reply_status(struct request *request, const struct record_type *type)
{
    struct monitor *monitor = monitor_of(request);
    struct status_record *status = arena_new(request_arena(request), sizeof *status);
    struct record_reply reply;
    struct view view;
    struct view_tables tables;
    if (!status) {
        reply_error(request, 503, "out of memory");
        return;
    }
    if (!record_reply_begin(&reply, request, type))
        return;
    status_record_fill_clock(status);
    fill_texts(monitor, status);
    status_record_fill_counts(monitor, status);
    system_sensors_fill(status);
    store_lock_read(monitor->store);
    fill_from_store(monitor, status);
    store_view(monitor->store, status->seconds, &view, &tables);
    record_reply_record(&reply, status, &view);
    store_unlock(monitor->store);
    record_reply_send(&reply);
}

static void get_status(struct request *request)
{
    reply_status(request, &status_type);
}

static void get_timestamp(struct request *request)
{
    reply_status(request, &timestamp_type);
}

static void get_user_status(struct request *request)
{
    reply_status(request, &user_status_type);
}

static void get_fields_page(struct request *request)
{
    static struct made_document page = {.content_type = "text/html; charset=utf-8",
                                        .write = fields_doc_html,
                                        .lock = PTHREAD_MUTEX_INITIALIZER};
    reply_made(request, &page);
}

// clang-format off
const struct route api_system_routes[] = {
    {METHOD_GET | METHOD_POST, "/system/status", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_status,
     "Status of the server: battery, memory, devices, sensors, version.", ANSWER_RECORD, &status_type},
    {METHOD_GET | METHOD_POST, "/system/timestamp", ROUTE_DATA, ROLE_READONLY, BODY_OPTIONAL, get_timestamp,
     "The server's clock.", ANSWER_RECORD, &timestamp_type},
    {METHOD_GET | METHOD_POST, "/system/user_status", ROUTE_DATA, ROLE_OPEN, BODY_OPTIONAL, get_user_status,
     "The account that the server runs as.", ANSWER_RECORD, &user_status_type},
    {METHOD_GET, "/system/tracked_fields.html", ROUTE_PLAIN, ROLE_READONLY, BODY_OPTIONAL, get_fields_page,
     "A page with the name, type and meaning of every field."},
    {0},
};
