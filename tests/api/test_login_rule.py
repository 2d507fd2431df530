"""Who may read and command what: httpd_require_login, other addresses, proxies, the Host header."""
import socket

import pytest

from support import street as scene
from support.air import device_key

KEY = device_key(scene.LINKSYS.bssid)
READS = ["/system/status.json", "/devices/all_devices.msgpack", "/devices/last-time/1/devices.json",
         f"/devices/by-key/{KEY}/device.json", "/phy/all_phys.json", "/channels/channels.json",
         "/datasource/all_sources.msgpack", "/packetsource/all_sources.msgpack",
         "/system/tracked_fields.html", "/gps/location.json"]
SSID_REGEX = "/phy/phy80211/ssid_regex.cmd"
UPDATE = "/gps/web/update.cmd"


def start(serve, street_file, rule, *arguments):
    return serve("-c", f"{street_file}:name=street", "--set", f"httpd_require_login={rule}",
                 "--set", "gps=web:name=webgps", *arguments).wait_replayed()


@pytest.fixture
def closed(serve, street_file):
    return start(serve, street_file, "always")


def test_always_asks_for_every_read(closed):
    for path in READS:
        assert closed.get(path).status_code == 401, path
        assert closed.get(path, login=True).status_code == 200, path


def test_always_asks_for_ssid_regex_too(closed):
    command = {"essid": [".*"]}
    assert closed.command(SSID_REGEX, command, login=False).status_code == 401
    assert closed.command(SSID_REGEX, command).status_code == 200


def test_always_leaves_the_session_addresses_open(closed):
    assert closed.get("/session/check_setup_ok").status_code == 200
    assert closed.get("/session/check_session").status_code == 401
    answer = closed.get("/session/create_session", login=True)
    assert answer.status_code == 200
    cookies = {"KISMET": answer.cookies["KISMET"]}
    assert closed.get(READS[0], cookies=cookies).status_code == 200


def test_auto_opens_reads_on_loopback(serve, street_file):
    server = start(serve, street_file, "auto")
    for path in READS:
        assert server.get(path).status_code == 200, path
    assert server.command(SSID_REGEX, {"essid": [".*"]}, login=False).status_code == 200
    assert server.command(UPDATE, {"lat": 1, "lon": 1}, login=False).status_code == 401


@pytest.mark.parametrize("header,value", [("X-Forwarded-For", "192.0.2.7"),
                                          ("Forwarded", "for=192.0.2.7"),
                                          ("X-Real-IP", "192.0.2.7"),
                                          ("X-Forwarded-Host", "norn.example")])
def test_auto_asks_when_a_proxy_speaks(street, header, value):
    for path in READS:
        assert street.get(path, headers={header: value}).status_code == 401, path
        assert street.get(path, headers={header: value}, login=True).status_code == 200, path


def test_auto_asks_when_bound_elsewhere(serve, street_file):
    server = start(serve, street_file, "auto", "--bind", "0.0.0.0")
    for path in READS:
        assert server.get(path).status_code == 401, path
        assert server.get(path, login=True).status_code == 200, path
    assert server.command(SSID_REGEX, {"essid": [".*"]}, login=False).status_code == 401


def test_never_opens_reads_everywhere(serve, street_file):
    server = start(serve, street_file, "never", "--bind", "0.0.0.0")
    for path in READS:
        assert server.get(path).status_code == 200, path
        assert server.get(path, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 200
    assert server.command(SSID_REGEX, {"essid": [".*"]}, login=False).status_code == 200


def test_never_still_asks_for_commands(serve, street_file):
    server = start(serve, street_file, "never")
    assert server.command(UPDATE, {"lat": 1, "lon": 1}, login=False).status_code == 401


@pytest.mark.parametrize("rule", ["auto", "always", "never"])
def test_the_rule_is_printed_and_in_the_status(serve, rule):
    server = serve("--set", f"httpd_require_login={rule}")
    status = server.json("/system/status.json", login=True)
    assert rule in status["norn.system.login_rule"]
    server.wait_for(lambda: "login" in server.console.lower(), what="login rule on the console")


def test_definitions_shown_without_a_login_have_no_secrets(serve, street_file):
    server = serve("-c", f"{street_file}:name=street,username=ann,password=hunter2")
    for path in ("/datasource/all_sources.json", "/packetsource/all_sources.json",
                 "/datasource/all_sources.itjson", "/devices/last-time/1/devices.json"):
        assert "hunter2" not in server.get(path).text
    assert "name=street" in server.get("/packetsource/all_sources.json").text


# DNS rebinding
@pytest.mark.parametrize("host", ["evil.example", "evil.example:2501", "192.0.2.7",
                                  "localhost.evil.example", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused_on_loopback(street, host):
    for path in ("/system/status.json", "/"):
        answer = street.get(path, headers={"Host": host})
        assert 400 <= answer.status_code < 500, path
        assert "kismet.system" not in answer.text


def test_the_names_of_this_machine_are_fine(street):
    for host in ("localhost", "127.0.0.1", "[::1]"):
        for name in (host, f"{host}:{street.port}"):
            assert street.get("/system/status.json", headers={"Host": name}).status_code == 200


def test_commands_are_guarded_by_the_host_name_too(street):
    answer = street.command(UPDATE, {"lat": 1, "lon": 1}, headers={"Host": "evil.example"})
    assert 400 <= answer.status_code < 500


def test_http_1_1_without_a_host_is_400(street):
    answer = street.raw(b"GET /system/status.json HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")


def test_default_bind_is_loopback(serve):
    server = serve()
    for address in {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None,
                                                                socket.AF_INET)}:
        if address.startswith("127."):
            continue
        with pytest.raises(OSError):
            socket.create_connection((address, server.port), 1).close()
