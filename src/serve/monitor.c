/* Builds norn's parts, runs them until a signal or the end of all files, takes them down again.
 * See monitor.h. */
#include "serve/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "capture/channel_text.h"
#include "capture/live_child.h"
#include "demo_capture.h"
#include "schema/emit.h"
#include "serve/console.h"
#include "serve/replay.h"
#include "serve/request.h"
#include "serve/routes.h"
#include "serve/settings.h"
#include "serve/source_record.h"
#include "serve/system_sensors.h"
#include "util/hash.h"

enum {
    BATCHES = 16,
    REPLAY_WAIT_MS = 1000, /* for a replayed capture to open */
    TICK_MS = 50,
    END_TICK_MS = 5, /* while the end of all files is awaited */
    SENSOR_SECONDS = 5,
};

static const char identity_file[] = "kismet_server_id.conf";

uint64_t monitor_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec;
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

static uint64_t clock_now(void *context)
{
    return monitor_now();
}

static void on_faults(void *context, uint16_t source, uint64_t errors, uint64_t malformed)
{
    capture_count_faults(((struct monitor *)context)->capture, source, errors, malformed);
}

static bool locate(void *context, struct location *ret_location)
{
    return gps_locate(((struct monitor *)context)->gps, monitor_now(), ret_location, NULL);
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

void monitor_refresh_sources(struct monitor *monitor)
{
    size_t count = capture_count(monitor->capture);
    for (size_t number = 0; number < count && number < STORE_SOURCES; number++)
        refresh_source(monitor, (uint16_t)number);
}

static void on_second(void *context, uint64_t now)
{
    struct monitor *monitor = context;
    monitor_refresh_sources(monitor);
    rrd_ring_add(&monitor->memory_ring, RRD_PEAK, now, (double)system_sensors_memory());
    rrd_ring_add(&monitor->devices_ring, RRD_PEAK, now, monitor->store->device_count);
}

static int open_capture(void *context, const char *path)
{
    return launcher_open_capture(((struct monitor *)context)->launcher, path);
}

static int start_live(void *context, const char *interface, int *ret_descriptor, pid_t *ret_pid)
{
    return launcher_start(((struct monitor *)context)->launcher, "live", interface, ret_descriptor,
                          ret_pid);
}

static void stop_live(void *context, pid_t pid)
{
    launcher_stop(((struct monitor *)context)->launcher, pid);
}

static const char *unsupported(void *context, uint16_t link_type)
{
    return engine_unsupported(link_type);
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

static void on_capture_event(void *context, uint16_t source, enum capture_event event,
                             const char *text)
{
    struct monitor *monitor = context;
    struct source_status *status = malloc(sizeof *status);
    bool known = status && capture_snapshot(monitor->capture, source, status) == 0;
    const char *name = known ? status->name : "source";
    switch (event) {
    case CAPTURE_OPENED: console_say(monitor, "source %s: open", name); break;
    case CAPTURE_ENDED:
        console_say(monitor, "source %s: read to its end%s%s", name, text && *text ? ": " : "",
                    text ? text : "");
        break;
    case CAPTURE_CLOSED: console_say(monitor, "source %s: closed", name); break;
    case CAPTURE_ERROR: console_complain(monitor, "source %s: error: %s", name, text); break;
    case CAPTURE_WARNING: console_complain(monitor, "source %s: %s", name, text); break;
    case CAPTURE_PAUSED: console_say(monitor, "source %s: paused", name); break;
    case CAPTURE_RESUMED: console_say(monitor, "source %s: goes on", name); break;
    }
    free(status);
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

static int start_launcher(struct monitor *monitor)
{
    static const struct launcher_service services[] = {
        {"live", live_child_allow, live_child_run},
        {NULL, NULL, NULL},
    };
    struct launcher_config config = {
        .home = monitor->config->home,
        .throw_away = *monitor->demo_password,
        .readable = monitor->config->readable,
        .services = services,
    };
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

/* The server's UUID: configured, else kept in the home, else made and kept. */
static void load_identity(struct monitor *monitor)
{
    char path[PATH_MAX], line[128] = "";
    const char *configured = options_text(monitor->options, "server_uuid");
    if (uuid_parse(configured, strlen(configured), &monitor->uuid) == 0)
        return;
    snprintf(path, sizeof path, "%s/%s", monitor->config->home, identity_file);
    int descriptor = launcher_open_read(monitor->launcher, path);
    ssize_t length = descriptor >= 0 ? read(descriptor, line, sizeof line - 1) : 0;
    if (descriptor >= 0)
        close(descriptor);
    const char *value = length > 0 ? strchr(line, '=') : NULL;
    if (value && uuid_parse(value + 1, UUID_TEXT - 1, &monitor->uuid) == 0)
        return;
    char text[UUID_TEXT];
    monitor->uuid = uuid_random();
    uuid_write(monitor->uuid, text);
    int size = snprintf(line, sizeof line, "server_uuid=%s\n", text);
    launcher_write_home(monitor->launcher, identity_file, line, (size_t)size);
}

static int make_capture(struct monitor *monitor)
{
    const struct options *options = monitor->options;
    struct capture_config config = {
        .queue = monitor->queue,
        .context = monitor,
        .open_capture = open_capture,
        .start_live = start_live,
        .stop_live = stop_live,
        .on_event = on_capture_event,
        .unsupported = unsupported,
        .demo = monitor->demo ? demo_capture : NULL,
        .demo_length = demo_capture_length,
        .hop = options_boolean(options, "channel_hop"),
        .split = options_boolean(options, "split_source_hopping"),
        .shuffle = options_boolean(options, "randomized_hopping"),
        .retry = options_boolean(options, "retry_on_source_error"),
        .deaf_ms = (unsigned)options_integer(options, "source_deaf_timeout") * 1000,
    };
    channel_text_parse_rate(options_text(options, "channel_hop_speed"), &config.hop_rate);
    monitor->capture = capture_new(&config);
    return monitor->capture ? 0 : -ENOMEM;
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

/* Store, queue, sources, engine: what a replay needs as well. */
static int make_core(struct monitor *monitor)
{
    struct store_limits limits;
    store_limits_from(monitor->options, &limits);
    struct engine_config config = {
        .context = monitor,
        .now = clock_now,
        .next = next_batch,
        .give_back = give_back,
        .on_faults = on_faults,
        .locate = locate,
        .on_second = on_second,
    };
    monitor->store = store_new(&limits);
    monitor->queue = queue_new(BATCHES);
    monitor->gps = gps_new(options_text(monitor->options, "server_name"));
    if (!monitor->store || !monitor->queue || !monitor->gps || make_capture(monitor) != 0)
        return -ENOMEM;
    add_bluetooth_names(monitor);
    config.store = monitor->store;
    monitor->engine = engine_new(&config);
    return monitor->engine ? 0 : -ENOMEM;
}

static void add_gps(struct monitor *monitor)
{
    struct buffer why = {0};
    if (monitor->demo)
        gps_add(monitor->gps, "web:name=webgps", &why);
    for (size_t i = 0; i < options_count(monitor->options, "gps"); i++)
        if (gps_add(monitor->gps, options_at(monitor->options, "gps", i), &why) != 0) {
            complain_buffer(monitor, &why);
            buffer_done(&why);
        }
    buffer_done(&why);
}

static void add_source(struct monitor *monitor, const char *definition)
{
    struct buffer why = {0};
    uint16_t number;
    if (capture_add(monitor->capture, definition, 0, &number, &why) != 0)
        complain_buffer(monitor, &why);
    buffer_done(&why);
}

static void add_sources(struct monitor *monitor)
{
    const struct arguments_list *given = &monitor->arguments->sources;
    if (monitor->demo)
        add_source(monitor, "demo:name=demo,tuner=null,channels=\"1,6,11,36,44,149\"");
    for (size_t i = 0; i < given->count; i++)
        add_source(monitor, given->items[i]);
    for (size_t i = 0; i < options_count(monitor->options, "source") && !given->count; i++)
        add_source(monitor, options_at(monitor->options, "source", i));
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
    int result = launcher_drop_rights(monitor->launcher, &why);
    if (result != 0)
        complain_buffer(monitor, &why);
    buffer_done(&why);
    return result;
}

static bool all_done(struct monitor *monitor)
{
    return monitor->arguments->exit_at_end && capture_all_ended(monitor->capture) &&
           queue_is_idle(monitor->queue) && engine_idle(monitor->engine);
}

static void wait_for_end(struct monitor *monitor, const sigset_t *signals)
{
    uint64_t refreshed = 0, ticked = 0;
    for (;;) {
        long pause = monitor->arguments->exit_at_end ? END_TICK_MS : TICK_MS;
        struct timespec tick = {.tv_nsec = pause * 1000000L};
        int signal = sigtimedwait(signals, NULL, &tick);
        uint64_t now = monitor_now();
        if (signal == SIGINT || signal == SIGTERM || all_done(monitor))
            return;
        if (signal == SIGHUP && load_login(monitor, true) == 0)
            console_say(monitor, "norn: the login was read again");
        if (now != ticked) {
            ticked = now;
            capture_tick(monitor->capture);
        }
        if (now >= refreshed + SENSOR_SECONDS) {
            refreshed = now;
            system_sensors_refresh();
        }
    }
}

static void take_down(struct monitor *monitor)
{
    if (monitor->server)
        server_stop(monitor->server);
    if (monitor->capture)
        capture_stop(monitor->capture);
    if (monitor->queue)
        queue_close(monitor->queue);
    engine_free(monitor->engine);
    server_free(monitor->server);
    auth_free(monitor->auth);
    capture_free(monitor->capture);
    if (monitor->queue)
        queue_free(monitor->queue);
    gps_free(monitor->gps);
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

/* Forks for --daemonize: the parent leaves with status 0 once tell_ready() was called, with 1 when
 * this process ends before. The terminal is kept for errors until leave_terminal(). */
static int become_daemon(struct monitor *monitor)
{
    int ends[2];
    char byte;
    if (!monitor->arguments->daemonize)
        return 0;
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child < 0) {
        console_complain(monitor, "norn: cannot go into the background: %s", strerror(errno));
        return -errno;
    }
    if (child > 0) {
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 1 ? 0 : 1);
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

static void tell_ready(struct monitor *monitor)
{
    if (!monitor->arguments->daemonize)
        return;
    if (write(monitor->ready, "", 1) == 1)
        close(monitor->ready);
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

static int serve(struct monitor *monitor, const sigset_t *signals)
{
    if (make_server(monitor) != 0)
        return 1;
    leave_terminal(monitor); /* before the launcher, which would keep it open */
    if (start_launcher(monitor) != 0 || drop_rights(monitor) != 0)
        return 1;
    if (make_core(monitor) != 0) {
        console_complain(monitor, "norn: out of memory");
        return 1;
    }
    load_identity(monitor);
    load_login(monitor, false);
    add_gps(monitor);
    add_sources(monitor);
    if (engine_start(monitor->engine) != 0 ||
        server_start(monitor->server, routes, monitor->auth, monitor) != 0) {
        console_complain(monitor, "norn: cannot start its threads");
        return 1;
    }
    tell_ready(monitor);
    console_welcome(monitor);
    wait_for_end(monitor, signals);
    server_stop(monitor->server);
    capture_stop(monitor->capture);
    queue_close(monitor->queue); /* the engine need not wait for more */
    engine_stop(monitor->engine);
    console_summary(monitor);
    return 0;
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
    block_signals(&signals);
    int status = prepare(monitor) == 0 ? 0 : 1;
    if (status == 0 && arguments->list_options) {
        struct buffer text = {0};
        options_print_list(monitor->options, &text);
        fwrite(text.data, 1, text.length, stdout);
        buffer_done(&text);
    } else if (status == 0) {
        status = serve(monitor, &signals);
    }
    take_down(monitor);
    free(monitor);
    return status;
}

/* The source of a replay: its path, quoted by nothing, read at full speed. */
static int add_replayed(struct monitor *monitor)
{
    struct buffer why = {0};
    struct source_status *status = malloc(sizeof *status);
    uint16_t number;
    int result = status ? capture_add(monitor->capture, monitor->arguments->replay, REPLAY_WAIT_MS,
                                      &number, &why)
                        : -ENOMEM;
    if (result == 0 && capture_snapshot(monitor->capture, number, status) == 0 &&
        status->state == SOURCE_ERROR) {
        buffer_printf(&why, "%s: %s", status->interface, status->error_reason);
        result = -EIO;
    }
    complain_buffer(monitor, &why);
    buffer_done(&why);
    free(status);
    return result;
}

static int replay(struct monitor *monitor)
{
    if (read_config(monitor) != 0 || start_launcher(monitor) != 0 || drop_rights(monitor) != 0)
        return 1;
    if (make_core(monitor) != 0 || add_replayed(monitor) != 0)
        return 1;
    replay_drain(monitor);
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
