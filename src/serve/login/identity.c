/* The server's UUID and API keys. See identity.h. */
#include "serve/login/identity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "serve/home_file.h"
#include "serve/monitor.h"
#include "serve/notice.h"

static const char identity_file[] = "kismet_server_id.conf";

/* The server's UUID: configured, else kept in the home, else made and kept. */
static void load_identity(struct monitor *monitor)
{
    struct buffer kept = {.ceiling = 8192};
    const char *configured = options_text(monitor->options, "server_uuid");
    if (uuid_parse(configured, strlen(configured), &monitor->uuid) == 0)
        return;
    home_file_read(monitor, identity_file, &kept);
    const char *whole = buffer_string(&kept);
    const char *value = whole ? strchr(whole, '=') : NULL;
    bool is_kept = value && strlen(value) >= UUID_TEXT &&
                   uuid_parse(value + 1, UUID_TEXT - 1, &monitor->uuid) == 0;
    buffer_done(&kept);
    if (is_kept)
        return;
    char text[UUID_TEXT], line[128];
    monitor->uuid = uuid_random();
    uuid_write(monitor->uuid, text);
    int size = snprintf(line, sizeof line, "server_uuid=%s\n", text);
    int result = launcher_write_home(monitor->launcher, identity_file, line, (size_t)size);
    if (result < 0)
        notice_complain(monitor,
                        "norn: nothing can be kept in %s: %s; name another directory with "
                        "--homedir",
                        monitor->config->home, strerror(-result));
}

static void load_keys(struct monitor *monitor)
{
    struct buffer text = {.ceiling = 1024 * 1024};
    int result = home_file_read(monitor, API_KEY_FILE, &text);
    if (result == 0)
        result = auth_load_keys(monitor->auth, (const char *)text.data, text.length);
    if (result > 0)
        notice_complain(monitor, "norn: %d API keys in %s/%s cannot be read and are left out",
                        result, monitor->config->home, API_KEY_FILE);
    else if (result < 0 && result != -ENOENT)
        notice_complain(monitor, "norn: the API keys in %s/%s cannot be read: %s",
                        monitor->config->home, API_KEY_FILE,
                        result == -EINVAL ? "it is no list of keys" : strerror(-result));
    if (text.data)
        explicit_bzero(text.data, text.length);
    buffer_done(&text);
}

void identity_load(struct monitor *monitor)
{
    load_identity(monitor);
    load_keys(monitor);
}
