/* Lines for the person at the terminal. See console.h. */
#include "serve/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

enum { LINE = 8192 }; /* what is longer is cut */

/* Takes no memory: that memory is lacking must be said too. */
static void write_line(const char *format, va_list arguments)
{
    char line[LINE] = "";
    char *at = line;
    vsnprintf(line, sizeof line, format, arguments);
    for (; *at; at++)
        if (((uint8_t)*at < 0x20 && *at != '\n') || *at == 0x7f)
            *at = '?';
    *at++ = '\n';
    if (write(STDERR_FILENO, line, (size_t)(at - line)) < 0)
        errno = 0; /* whoever read it has gone, or its disk is full: the server goes on */
}

void console_say(const struct monitor *monitor, const char *format, ...)
{
    va_list arguments;
    if (monitor->silent)
        return;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void console_complain(const struct monitor *monitor, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void console_write_login(const struct monitor *monitor, struct buffer *text)
{
    if (*monitor->demo_password)
        buffer_printf(text, "Login for this demonstration: demo / %s\n", monitor->demo_password);
    else if (!auth_is_configured(monitor->auth))
        buffer_printf(
            text,
            "No login is set: commands answer 401 until there is one. Set it on the page,\n"
            "or put httpd_username= and httpd_password= into %s/kismet_httpd.conf\n"
            "(and send norn SIGHUP). From another machine the page asks for this code: %s\n",
            monitor->config->home, auth_setup_code(monitor->auth));
}

/* Of a login that was made up nobody else can tell: that is said to the silent too. */
static void say_login(struct monitor *monitor)
{
    struct buffer text = {0};
    console_write_login(monitor, &text);
    if (text.length && (!monitor->silent || *monitor->demo_password))
        console_complain(monitor, "%.*s", (int)text.length, (const char *)text.data);
    buffer_done(&text);
}

static void say_privileges(const struct monitor *monitor)
{
    struct buffer sandbox = {0};
    sandbox_describe(&monitor->privileges.sandbox, &sandbox);
    console_say(monitor, "The server %s; %.*s\n", monitor->privileges.rights, (int)sandbox.length,
                (const char *)sandbox.data);
    buffer_done(&sandbox);
}

static void say_examples(struct monitor *monitor, const char *url)
{
    const char *login = *monitor->demo_password ? monitor->demo_password : "PASSWORD";
    const char *user = *monitor->demo_password ? "demo" : "USER";
    console_say(monitor,
                "Try:\n"
                "  curl %s/system/status.prettyjson\n"
                "  curl %s/devices/all_devices.prettyjson\n"
                "  curl %s/channels/channels.prettyjson\n"
                "  curl %s/phy/phy80211/ssid_regex.cmd -d 'json={\"essid\": [\"^linksys$\"]}'\n"
                "  curl -u %s:%s %s/gps/web/update.cmd -d 'json={\"lat\": 47.4, \"lon\": 8.5}'\n",
                url, url, url, url, user, login, url);
}

void console_welcome(struct monitor *monitor)
{
    struct buffer address = {0};
    server_url(monitor->server, &address);
    const char *url = buffer_string(&address);
    if (!url)
        url = "";
    if (monitor->demo)
        console_say(monitor, "This is the demonstration: made-up air, played over and over.\n"
                             "It is not what is around you.\n");
    console_say(monitor, "norn " NORN_VERSION " is ready at %s", url);
    console_say(monitor, "%s", server_login_rule(monitor->server));
    say_privileges(monitor);
    say_login(monitor);
    say_examples(monitor, url);
    if (monitor->demo)
        console_say(monitor, "Your own air: sudo norn -c wlan0 (norn_cap_linux_wifi --list says "
                             "which radios\nthere are). It needs root, or a make install.");
    if (server_is_loopback(monitor->server))
        console_say(monitor,
                    "Reach it from another machine: norn --bind 0.0.0.0 (asks for the "
                    "login), or\n"
                    "ssh -L %u:localhost:%u THIS-MACHINE",
                    server_port(monitor->server), server_port(monitor->server));
    console_say(monitor, "Stop it with Ctrl-C.\n");
    buffer_done(&address);
}

void console_summary(struct monitor *monitor)
{
    struct store *store = monitor->store;
    console_say(monitor,
                "%llu packets in %llu s, %llu with a wrong checksum, %llu of link types norn does "
                "not read; %u devices, %llu dropped",
                (unsigned long long)store->packets, (unsigned long long)monitor_uptime(monitor),
                (unsigned long long)store->packets_error,
                (unsigned long long)store->packets_unsupported, store->device_count,
                (unsigned long long)store->evicted);
}
