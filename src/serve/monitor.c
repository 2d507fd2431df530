/* Builds norn's parts, runs them until a signal or the end of all files, takes them down again.
 * See monitor.h. */
#include "serve/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "capture/interface.h"
#include "capture/tool_child.h"
#include "schema/emit.h"
#include "serve/api/routes.h"
#include "serve/console.h"
#include "serve/http/request.h"
#include "serve/login/identity.h"
#include "serve/monitor_capture.h"
#include "serve/notice.h"
#include "serve/positions.h"
#include "serve/replay.h"
#include "serve/settings.h"
#include "serve/source_record.h"
#include "serve/system_sensors.h"
#include "serve/tls/certificate.h"
#include "track/shift.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/launcher_connect.h"
#include "util/launcher_serial.h"

enum {
    BATCHES = 96, /* one and a half for each of 64 sensors */
    TICK_MS = 50,
    END_TICK_MS = 2, /* while the end of all files is awaited */
    SENSOR_SECONDS = 5,
};

uint64_t monitor_now_us(void)
{
    return clock_wall_ns() / 1000;
}

uint64_t monitor_now(void)
{
    return monitor_now_us() / 1000000;
}

uint64_t monitor_uptime(const struct monitor *monitor)
{
    return clock_boot_ns() / NS_PER_S - monitor->start_uptime;
}

struct monitor *monitor_of(const struct request *request)
{
    return request_context(request);
}

static struct batch *next_batch(void *context, unsigned timeout_ms)
{
    return queue_get(((struct monitor *)context)->queue, (int)timeout_ms);
}

static void give_back(void *context, struct batch *batch)
{
    queue_give_back(((struct monitor *)context)->queue, batch);
}

static struct timeline_clock read_clock(void *context)
{
    return (struct timeline_clock){clock_wall_ns(), clock_boot_ns()};
}

static void on_faults(void *context, uint16_t source, uint64_t errors, uint64_t malformed)
{
    capture_count_faults(((struct monitor *)context)->capture, source, errors, malformed);
}

static void refresh_source(struct monitor *monitor, uint16_t number)
{
    struct store *store = monitor->store;
    struct monitor_source *source = monitor->sources[number];
    if (!source)
        source = monitor->sources[number] = calloc(1, sizeof *source);
    if (!source || capture_snapshot(monitor->capture, number, &source->status) != 0)
        return;
    const struct source_counts *counts = &source->status.counts;
    source_record_fill(&source->status, true, &source->record);
    uint64_t clock = store->source_clocks[number] ? store->source_clocks[number] : monitor_now();
    rrd_ring_add(&source->packets, RRD_SUM, clock,
                 (double)(counts->packets - source->last_packets));
    rrd_ring_add(&source->bytes, RRD_SUM, clock, (double)(counts->bytes - source->last_bytes));
    source->last_packets = counts->packets;
    source->last_bytes = counts->bytes;
    source->record.packets_ring = &source->packets;
    source->record.bytes_ring = &source->bytes;
    store->sources[number] = &source->record;
}

static void refresh_sources(struct monitor *monitor)
{
    size_t count = capture_count(monitor->capture);
    for (size_t number = 0; number < count && number < STORE_SOURCES; number++)
        refresh_source(monitor, (uint16_t)number);
}

void monitor_refresh_sources(struct monitor *monitor)
{
    store_lock_write(monitor->store);
    refresh_sources(monitor);
    store_unlock(monitor->store);
}

/* A source is in the store before the first device that it hears: else that would name none until
 * the second is over. */
static void on_packets(void *context, const struct batch *batch, const struct packet *packets)
{
    struct monitor *monitor = context;
    bool *is_heard = &monitor->source_heard[batch->source % STORE_SOURCES];
    if (!*is_heard)
        monitor_refresh_sources(monitor);
    *is_heard = true;
    packet_streams_hear(monitor->packet_streams, batch, packets);
}

/* What passed through since the start; with the store's lock. */
static void take_packetchain(struct monitor *monitor, uint64_t now)
{
    const struct store *store = monitor->store;
    uint64_t totals[PACKETCHAIN_COUNTS] = {
        [PACKETCHAIN_DUPLICATE] = store->packets_repeated,
        [PACKETCHAIN_PROCESSED] = store->packets,
        [PACKETCHAIN_QUEUED] = queue_frames(monitor->queue),
    };
    for (size_t i = 0; i < STORE_SOURCES; i++) {
        const struct datasource_record *source = store->sources[i];
        if (!source)
            continue;
        totals[PACKETCHAIN_DROPPED] += notice_count_lost(source);
        totals[PACKETCHAIN_ERROR] += source->error_packets + source->malformed;
        totals[PACKETCHAIN_PACKETS] += source->packets;
    }
    totals[PACKETCHAIN_PACKETS] += totals[PACKETCHAIN_DROPPED];
    packetchain_take(&monitor->packetchain, now, totals);
}

static void on_second(void *context, uint64_t now)
{
    struct monitor *monitor = context;
    refresh_sources(monitor);
    notice_lost(monitor);
    take_packetchain(monitor, now);
    rrd_ring_add(&monitor->memory_ring, RRD_PEAK, now, (double)system_sensors_memory());
    rrd_ring_add(&monitor->devices_ring, RRD_PEAK, now, monitor->store->device_count);
}

static void on_step(void *context, int64_t step)
{
    struct monitor *monitor = context;
    monitor->start_seconds = timeline_move(monitor->start_seconds, step);
    rrd_ring_shift(&monitor->memory_ring, step);
    rrd_ring_shift(&monitor->devices_ring, step);
    packetchain_shift(&monitor->packetchain, step);
    for (uint16_t number = 0; number < STORE_SOURCES; number++) {
        struct monitor_source *source = monitor->sources[number];
        if (!source || !shift_is_live(monitor->store, number))
            continue;
        rrd_ring_shift(&source->packets, step);
        rrd_ring_shift(&source->bytes, step);
    }
    atomic_fetch_add(&monitor->clock_step, step); /* told without the lock */
}

static int save_home(void *context, const char *name, const void *bytes, size_t length)
{
    return launcher_write_home(((struct monitor *)context)->launcher, name, bytes, length);
}

static int open_read(void *context, const char *path)
{
    return launcher_open_read(((struct monitor *)context)->launcher, path);
}

static void on_warning(void *context, const char *text)
{
    console_complain(context, "norn: %s", text);
}

static void complain_buffer(const struct monitor *monitor, const struct buffer *why)
{
    if (why->length)
        console_complain(monitor, "norn: %.*s", (int)why->length, (const char *)why->data);
}

/* The configuration request of the command line; the same again at SIGHUP. */
static struct config_request config_request(struct monitor *monitor)
{
    const struct arguments *arguments = monitor->arguments;
    const char *home = arguments->home_directory;
    return (struct config_request){
        .home = home,
        .config_directory = arguments->config_directory,
        .config_file = arguments->config_file,
        .data_directory = arguments->data_directory,
        .overrides = arguments->overrides.items,
        .override_count = arguments->overrides.count,
        .settings = arguments->settings.items,
        .setting_count = arguments->settings.count,
        .sources = arguments->sources.items,
        .source_count = arguments->sources.count,
        .on_warning = on_warning,
        .context = monitor,
    };
}

static int read_config(struct monitor *monitor)
{
    struct buffer why = {0};
    struct config_request request = config_request(monitor);
    monitor->options = options_new(settings_tables());
    int result = monitor->options ? config_load(&request, monitor->options, &monitor->config, &why)
                                  : -ENOMEM;
    complain_buffer(monitor, &why);
    buffer_done(&why);
    return result;
}

/* A demonstration without a login gets one, and a home that goes with it. */
static int prepare_demo(struct monitor *monitor)
{
    struct config_login login;
    struct buffer why = {0};
    uint8_t random[9];
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    int found = config_login_find(monitor->config, monitor->options, &login, &why);
    buffer_done(&why);
    explicit_bzero(&login, sizeof login);
    if (found == 0)
        return 0;
    const char *temporary = getenv("TMPDIR");
    char *home = NULL;
    if (asprintf(&home, "%s/norn-demo-XXXXXX", temporary && *temporary ? temporary : "/tmp") < 0)
        return -ENOMEM;
    if (!mkdtemp(home) || getrandom(random, sizeof random, 0) != sizeof random) {
        console_complain(monitor, "norn: cannot make a home for the demonstration at %s: %s", home,
                         strerror(errno));
        free(home);
        return -1;
    }
    for (size_t i = 0; i < sizeof random; i++)
        monitor->demo_password[i] = letters[random[i] % 32];
    free(monitor->config->home);
    monitor->config->home = home;
    return 0;
}

enum { READABLE = 256 };

/* What the server may read later: the configuration, its certificate, the operator's pages
 * and map. */
static const char *const *list_readable(struct monitor *monitor)
{
    static const char *readable[READABLE + 5];
    size_t count = 0;
    for (const char **at = monitor->config->readable; *at && count < READABLE; at++)
        readable[count++] = *at;
    const char *chain = options_text(monitor->options, "httpd_ssl_cert");
    const char *key = options_text(monitor->options, "httpd_ssl_key");
    const char *home = options_text(monitor->options, "httpd_home");
    const char *tiles = options_text(monitor->options, "httpd_tiles");
    if (*home)
        readable[count++] = home;
    if (*tiles)
        readable[count++] = tiles;
    if (*chain)
        readable[count++] = chain;
    if (*key)
        readable[count++] = key;
    return readable;
}

static int start_launcher(struct monitor *monitor)
{
    static const struct launcher_service services[] = {
        {"connect", launcher_connect_allow, launcher_connect_run},
        {"interfaces", NULL, interface_serve},
        {"serial", launcher_serial_allow, launcher_serial_run},
        {"tool", tool_child_allow, tool_child_run},
        {NULL, NULL, NULL},
    };
    struct launcher_config config = {
        .home = monitor->config->home,
        .throw_away = *monitor->demo_password,
        .readable = list_readable(monitor),
        .services = services,
    };
    static const char *directories[OPTIONS_LIST + 1];
    tool_child_search(options_list(monitor->options, "helper_binary_path", directories));
    privileges_prepare(monitor->options);
    monitor->launcher = launcher_new(&config);
    if (!monitor->launcher)
        console_complain(monitor, "norn: cannot start the launcher: %s", strerror(errno));
    return monitor->launcher ? 0 : -errno;
}

static int load_login(struct monitor *monitor, bool again)
{
    struct config_login login;
    struct buffer why = {0};
    struct config_request request = config_request(monitor);
    request.open_read = open_read;
    int result = again ? config_login_again(monitor->config, &request, &login, &why)
                       : config_login_find(monitor->config, monitor->options, &login, &why);
    if (result == 0)
        result = auth_set_credentials(monitor->auth, login.username, login.password, login.global);
    else if (*monitor->demo_password)
        result = auth_set_credentials(monitor->auth, "demo", monitor->demo_password, false);
    else if (result == -ENOENT)
        result = auth_set_credentials(monitor->auth, NULL, NULL, false);
    complain_buffer(monitor, &why);
    buffer_done(&why);
    explicit_bzero(&login, sizeof login);
    return result;
}

static void add_names(struct monitor *monitor, const char *key,
                      int (*add)(struct bluetooth_names *names, const char *definition,
                                 struct buffer *ret_why))
{
    for (size_t i = 0; i < options_count(monitor->options, key); i++) {
        const char *definition = options_at(monitor->options, key, i);
        struct buffer why = {0};
        buffer_printf(&why, "%s=%.80s: ", key, definition);
        if (add(&monitor->store->bluetooth_names, definition, &why) != 0)
            complain_buffer(monitor, &why);
        buffer_done(&why);
    }
}

static void add_bluetooth_names(struct monitor *monitor)
{
    struct bluetooth_names *names = &monitor->store->bluetooth_names;
    names->companies.is_off = !options_boolean(monitor->options, "btmanuf_lookup");
    names->services.is_off = !options_boolean(monitor->options, "btoid_lookup");
    add_names(monitor, "btmanuf", bluetooth_name_add_company);
    add_names(monitor, "btoid", bluetooth_name_add_service);
}

static int make_filters(struct monitor *monitor, struct buffer *ret_why)
{
    static const struct mac_filter_kind packets = {
        .id = "kismetdb_packets",
        .description = "packets to leave out of streams that ask for it",
        .default_key = "kis_log_packet_filter_default",
        .rules_key = "kis_log_packet_filter",
        .has_roles = true,
    };
    static const struct mac_filter_kind devices = {
        .id = "kismetdb_devices",
        .description = "devices to leave out of logs",
        .default_key = "kis_log_device_filter_default",
        .rules_key = "kis_log_device_filter",
    };
    monitor->packet_filter = mac_filter_new(&packets, monitor->options, ret_why);
    monitor->device_filter = mac_filter_new(&devices, monitor->options, ret_why);
    return monitor->packet_filter && monitor->device_filter ? 0 : -ENOMEM;
}

static int make_engine(struct monitor *monitor, struct buffer *ret_why)
{
    struct engine_config config = {
        .store = monitor->store,
        .alert = monitor->alert,
        .options = monitor->options,
        .ret_why = ret_why,
        .context = monitor,
        .read_clock = read_clock,
        .next = next_batch,
        .give_back = give_back,
        .on_faults = on_faults,
        .locate = positions_locate,
        .on_packets = on_packets,
        .on_second = on_second,
        .on_step = on_step,
    };
    monitor->engine = engine_new(&config);
    return monitor->engine ? 0 : -ENOMEM;
}

/* Alerts, store, queue, sources, engine: what a replay needs as well. */
static int make_core(struct monitor *monitor)
{
    struct store_limits limits;
    struct buffer why = {0};
    store_limits_from(monitor->options, &limits);
    monitor->store = store_new(&limits);
    if (monitor->store)
        monitor->store->began = monitor->start_seconds;
    monitor->queue = queue_new(BATCHES, engine_room());
    monitor->gps = positions_new(monitor);
    monitor->packet_streams = packet_streams_new(monitor);
    if (!monitor->store || !monitor->queue || !monitor->gps || !monitor->packet_streams)
        return -ENOMEM;
    monitor->device_monitors = device_monitor_new(monitor->store);
    if (!monitor->device_monitors)
        return -ENOMEM;
    add_bluetooth_names(monitor);
    int error = notice_init(monitor, &why);
    if (!error)
        error = (monitor->events = event_feed_new(monitor)) ? 0 : -ENOMEM;
    if (!error)
        error = watch_alerts_init(&monitor->watch_alerts, monitor->alert, monitor->store,
                                  monitor->options, &why);
    if (!error)
        error = make_filters(monitor, &why);
    if (!error)
        error = make_engine(monitor, &why);
    if (!error)
        error = monitor_capture_new(monitor);
    if (!error)
        notice_faults(monitor, &why);
    buffer_done(&why);
    return error;
}

static int make_server(struct monitor *monitor)
{
    struct buffer why = {0};
    struct auth_config config = {
        .session_timeout = options_integer(monitor->options, "httpd_session_timeout"),
        .save = save_home,
        .context = monitor,
    };
    monitor->auth = auth_new(&config);
    monitor->server = monitor->auth ? server_open(monitor->options, &why) : NULL;
    complain_buffer(monitor, &why);
    buffer_done(&why);
    return monitor->server ? 0 : -1;
}

static int drop_rights(struct monitor *monitor)
{
    struct buffer why = {0};
    int result = privileges_drop(monitor->launcher, monitor->options, &monitor->privileges, &why);
    complain_buffer(monitor, &why);
    buffer_done(&why);
    return result;
}

/* A server that was to speak TLS must not speak without. */
static int load_certificate(struct monitor *monitor)
{
    struct buffer why = {0};
    if (!certificate_is_wanted(monitor->options))
        return 0;
    struct tls_credentials *credentials = certificate_load(monitor, &why);
    if (credentials)
        server_secure(monitor->server, credentials);
    complain_buffer(monitor, &why);
    buffer_done(&why);
    tls_credentials_unref(credentials);
    return credentials ? 0 : -1;
}

/* SIGHUP. */
static void load_again(struct monitor *monitor)
{
    if (load_login(monitor, true) == 0)
        notice_say(monitor, "norn: the login was read again");
    if (certificate_is_wanted(monitor->options) && load_certificate(monitor) == 0)
        notice_say(monitor, "norn: the certificate was read again");
}

static bool all_done(struct monitor *monitor)
{
    return monitor->arguments->exit_at_end && capture_all_ended(monitor->capture) &&
           queue_is_idle(monitor->queue);
}

static void tell_step(struct monitor *monitor)
{
    long long step = atomic_exchange(&monitor->clock_step, 0);
    if (step)
        notice_say(monitor, "the clock was set by %lld s: what was heard is moved along", step);
}

static void wait_for_end(struct monitor *monitor, const sigset_t *signals)
{
    uint64_t due = 0, ticked = 0;
    for (;;) {
        long pause = monitor->arguments->exit_at_end ? END_TICK_MS : TICK_MS;
        struct timespec tick = {.tv_nsec = pause * 1000000L};
        int signal = sigtimedwait(signals, NULL, &tick);
        uint64_t now = monitor_uptime(monitor);
        notice_deliver(monitor);
        if (signal == SIGINT || signal == SIGTERM || all_done(monitor))
            return;
        if (signal == SIGHUP)
            load_again(monitor);
        tell_step(monitor);
        note_file_save(monitor, false);
        if (now != ticked) {
            ticked = now;
            capture_tick(monitor->capture);
            packet_streams_tick(monitor->packet_streams);
        }
        if (now >= due) {
            due = now + SENSOR_SECONDS;
            system_sensors_refresh();
        }
    }
}

static void take_down(struct monitor *monitor)
{
    if (monitor->server)
        server_stop(monitor->server);
    remote_free(monitor->remote);
    if (monitor->capture)
        capture_stop(monitor->capture);
    if (monitor->queue)
        queue_close(monitor->queue);
    engine_free(monitor->engine);
    server_free(monitor->server);
    auth_free(monitor->auth);
    capture_free(monitor->capture);
    gps_free(monitor->gps); /* its thread has news up to here */
    event_feed_free(monitor->events);
    device_monitor_free(monitor->device_monitors);
    notice_done(monitor);
    if (monitor->queue)
        queue_free(monitor->queue);
    packet_streams_free(monitor->packet_streams);
    mac_filter_free(monitor->packet_filter);
    mac_filter_free(monitor->device_filter);
    store_free(monitor->store);
    for (size_t i = 0; i < STORE_SOURCES; i++)
        free(monitor->sources[i]);
    if (monitor->launcher)
        launcher_free(monitor->launcher);
    config_free(monitor->config);
    options_free(monitor->options);
    system_sensors_close();
}

static void block_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGINT);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGHUP);
    sigprocmask(SIG_BLOCK, ret_signals, NULL);
}

/* Says what the daemon tells; 0 when it is ready, 1 when it ended instead. */
static int hear_daemon(const struct monitor *monitor, int end)
{
    char text[1024];
    size_t length = 0;
    ssize_t count;
    bool is_ready = false;
    while (!is_ready && length < sizeof text &&
           (count = read(end, text + length, sizeof text - length)) > 0) {
        length += (size_t)count;
        is_ready = !text[length - 1];
    }
    if (is_ready && length > 1)
        console_complain(monitor, "%s", text);
    return is_ready ? 0 : 1;
}

/* Forks for --daemonize: the parent leaves with status 0 once tell_ready() was called, with 1 when
 * this process ends before. The terminal is kept for errors until leave_terminal(). */
static int become_daemon(struct monitor *monitor)
{
    int ends[2];
    if (!monitor->arguments->daemonize)
        return 0;
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child < 0) {
        console_complain(monitor, "norn: cannot go into the background: %s", strerror(errno));
        return -errno;
    }
    if (child > 0) {
        close(ends[1]);
        _exit(hear_daemon(monitor, ends[0]));
    }
    close(ends[0]);
    monitor->ready = ends[1];
    setsid();
    return 0;
}

static void leave_terminal(const struct monitor *monitor)
{
    int nothing = monitor->arguments->daemonize ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
    for (int stream = 0; nothing >= 0 && stream <= STDERR_FILENO; stream++)
        dup2(nothing, stream);
    if (nothing > STDERR_FILENO)
        close(nothing);
}

/* The NUL at the end says that the server runs; what the operator must know comes before it. */
static void tell_ready(struct monitor *monitor)
{
    struct buffer text = {0};
    if (!monitor->arguments->daemonize)
        return;
    console_write_login(monitor, &text);
    buffer_add_byte(&text, '\0');
    if (write(monitor->ready, text.data, text.length) == (ssize_t)text.length)
        close(monitor->ready);
    buffer_done(&text);
}

/* Everything up to the first thread. */
static int prepare(struct monitor *monitor)
{
    if (read_config(monitor) != 0)
        return -1;
    if (monitor->demo && prepare_demo(monitor) != 0)
        return -1;
    if (become_daemon(monitor) != 0)
        return -1;
    system_sensors_open("");
    return 0;
}

/* Whether anything of a source could be read; *status tells why not. One that is damaged or cut
 * further on gives what came before: it has said so itself. */
static bool is_readable(struct monitor *monitor, uint16_t number, struct source_status *status)
{
    return capture_snapshot(monitor->capture, number, status) == 0 &&
           (status->state != SOURCE_ERROR || status->counts.packets);
}

/* Whether anything of any source could be read. */
static bool was_any_readable(struct monitor *monitor)
{
    struct source_status *status = malloc(sizeof *status);
    bool found = false;
    for (size_t i = 0; status && !found && i < capture_count(monitor->capture); i++)
        found = is_readable(monitor, (uint16_t)i, status);
    free(status);
    return found;
}

/* Whether anything of the capture could be read; complains where not. */
static bool was_readable(struct monitor *monitor, uint16_t number)
{
    struct source_status *status = malloc(sizeof *status);
    bool found = status && is_readable(monitor, number, status);
    if (status && !found)
        console_complain(monitor, "norn: %s: %s", status->interface, status->error_reason);
    free(status);
    return found;
}

static int serve(struct monitor *monitor, const sigset_t *signals)
{
    if (make_server(monitor) != 0)
        return 1;
    monitor_capture_listen(monitor);
    leave_terminal(monitor); /* before the launcher, which would keep it open */
    if (start_launcher(monitor) != 0 || drop_rights(monitor) != 0)
        return 1;
    if (make_core(monitor) != 0) {
        console_complain(monitor, "norn: out of memory");
        return 1;
    }
    if (monitor_capture_take_sensors(monitor) != 0)
        return 1;
    load_login(monitor, false);
    identity_load(monitor);
    if (load_certificate(monitor) != 0)
        return 1;
    note_file_load(monitor);
    positions_add(monitor);
    notice_start(monitor);
    monitor_capture_add(monitor);
    if (monitor->arguments->exit_at_end && !capture_count(monitor->capture)) {
        console_complain(monitor, "norn: there is no source whose end could be awaited: "
                                  "name one with -c");
        return 1;
    }
    int error = engine_start(monitor->engine);
    if (!error)
        error = server_start(monitor->server, routes, monitor->auth, monitor);
    if (error) {
        console_complain(monitor, "norn: cannot start its threads: %s", strerror(-error));
        return 1;
    }
    tell_ready(monitor);
    console_welcome(monitor);
    wait_for_end(monitor, signals);
    bool failed = monitor->arguments->exit_at_end && !was_any_readable(monitor);
    server_stop(monitor->server);
    capture_stop(monitor->capture);
    queue_close(monitor->queue); /* the engine need not wait for more */
    engine_stop(monitor->engine);
    notice_deliver(monitor);
    note_file_save(monitor, true);
    console_summary(monitor);
    return failed;
}

static struct monitor *monitor_new(const struct arguments *arguments)
{
    struct monitor *monitor = calloc(1, sizeof *monitor);
    if (!monitor)
        return NULL;
    hash_seed();
    signal(SIGPIPE, SIG_IGN);
    monitor->arguments = arguments;
    monitor->start_seconds = monitor_now();
    monitor->start_uptime = monitor_uptime(monitor);
    return monitor;
}

int monitor_run(const struct arguments *arguments)
{
    sigset_t signals;
    struct monitor *monitor = monitor_new(arguments);
    if (!monitor)
        return 1;
    monitor->demo = arguments->demo;
    monitor->silent = arguments->silent;
    int status = prepare(monitor) == 0 ? 0 : 1; /* may be interrupted: nothing is there yet */
    block_signals(&signals);
    if (status == 0 && arguments->list_options) {
        struct buffer text = {0};
        options_print_list(monitor->options, &text);
        if (fwrite(text.data, 1, text.length, stdout) != text.length || fflush(stdout) != 0) {
            console_complain(monitor, "norn: cannot write the list: %s", strerror(errno));
            status = 1;
        }
        buffer_done(&text);
    } else if (status == 0) {
        status = serve(monitor, &signals);
    }
    take_down(monitor);
    free(monitor);
    return status;
}

/* The source of a replay: its path, quoted by nothing, read at full speed. */
static int add_replayed(struct monitor *monitor, uint16_t *ret_number)
{
    struct buffer why = {0};
    int result = capture_add(monitor->capture, monitor->arguments->replay, 0, ret_number, &why);
    complain_buffer(monitor, &why);
    buffer_done(&why);
    return result;
}

static int replay(struct monitor *monitor)
{
    uint16_t number;
    if (read_config(monitor) != 0 || start_launcher(monitor) != 0 || drop_rights(monitor) != 0)
        return 1;
    if (make_core(monitor) != 0 || add_replayed(monitor, &number) != 0)
        return 1;
    replay_drain(monitor);
    if (!was_readable(monitor, number))
        return 1;
    enum arguments_dump dump = monitor->arguments->dump;
    int result =
        replay_dump(monitor, dump == ARGUMENTS_DUMP_MSGPACK ? FORMAT_MSGPACK : FORMAT_JSON);
    if (result != 0)
        console_complain(monitor, "norn: cannot write the records: %s", strerror(-result));
    return result == 0 ? 0 : 1;
}

int monitor_replay(const struct arguments *arguments)
{
    struct monitor *monitor = monitor_new(arguments);
    if (!monitor)
        return 1;
    monitor->silent = true;
    int status = replay(monitor);
    take_down(monitor);
    free(monitor);
    return status;
}
