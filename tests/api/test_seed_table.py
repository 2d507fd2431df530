"""The 29 addresses that the first API document names, each with the methods it allows.

Here: does it answer, in the right format, to whom, and with what when asked the wrong way. What the
answers hold is tested family by family in the other files.
"""
import msgpack
import pytest

from support import street
from support.air import device_key

KEY = device_key(street.LINKSYS.bssid)
MAC = street.LINKSYS.bssid.upper()
READS = [
    "/system/status.msgpack",
    "/system/status.json",
    "/system/tracked_fields.html",
    "/devices/all_devices.msgpack",
    "/devices/all_devices.json",
    "/devices/all_devices_dt.json",
    "/devices/last-time/1/devices.msgpack",
    "/devices/last-time/1/devices.json",
    f"/devices/by-key/{KEY}/device.msgpack",
    f"/devices/by-key/{KEY}/device.json",
    f"/devices/by-key/{KEY}/device.msgpack/kismet.device.base.macaddr",
    f"/devices/by-key/{KEY}/device.json/kismet.device.base.macaddr",
    f"/devices/by-mac/{MAC}/devices.msgpack",
    f"/devices/by-mac/{MAC}/devices.json",
    "/phy/all_phys.msgpack",
    "/phy/all_phys.json",
    "/phy/all_phys_dt.json",
    "/session/check_session",
    "/channels/channels.msgpack",
    "/channels/channels.json",
    "/datasource/all_sources.msgpack",
    "/datasource/supported_sources.msgpack",
    "/datasource/error_sources.msgpack",
    "/packetsource/all_sources.msgpack",
]
LOGINS = ["/session/create_session"]
COMMANDS = [
    "/packetsource/config/channel.cmd",
    "/packetsource/config/add_source.cmd",
    "/gps/web/update.cmd",
]
OPEN_COMMANDS = ["/phy/phy80211/ssid_regex.cmd"]
NO_LOGIN_NEEDED = [path for path in READS if path != "/session/check_session"]
DATA = [path for path in NO_LOGIN_NEEDED if not path.endswith(".html")]


def test_the_seed_names_29_addresses():
    assert len(READS + LOGINS + COMMANDS + OPEN_COMMANDS) == 29


@pytest.mark.parametrize("path", NO_LOGIN_NEEDED)
def test_read_answers_get_without_login(street, path):
    answer = street.get(path)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.content
    kind = answer.headers["Content-Type"]
    if ".msgpack" in path:
        assert kind == "application/msgpack"
        msgpack.unpackb(answer.content)
    elif ".json" in path:
        assert kind.split(";")[0] == "application/json"
        assert answer.json() is not None
        assert b"\n" not in answer.content.rstrip(b"\n") and b"\r" not in answer.content
    else:
        assert kind.startswith("text/html")


@pytest.mark.parametrize("path", DATA)
def test_read_answers_post(street, path):
    answer = street.post(path, data={"json": "{}"})
    assert answer.status_code == 200, answer.text[:300]


@pytest.mark.parametrize("path", DATA)
def test_read_answers_post_without_a_body(street, path):
    assert street.post(path).status_code == 200


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_read_refuses_other_methods(street, path, method):
    assert street.request(method, path).status_code == 405


@pytest.mark.parametrize("path", COMMANDS + OPEN_COMMANDS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_command_refuses_other_methods(street, path, method):
    answer = street.request(method, path, login=True)
    assert answer.status_code == 405
    assert "POST" in answer.headers.get("Allow", "")


@pytest.mark.parametrize("path", COMMANDS)
def test_command_needs_a_login(street, path):
    answer = street.command(path, {"cmd": "lock"}, login=False)
    assert answer.status_code == 401


@pytest.mark.parametrize("path", COMMANDS)
def test_login_is_asked_before_the_body_is_looked_at(street, path):
    assert street.post(path, data=b"\xff" * 10).status_code == 401


@pytest.mark.parametrize("path", COMMANDS + OPEN_COMMANDS)
def test_command_without_a_command_is_400(street, path):
    answer = street.post(path, login=True)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request")


@pytest.mark.parametrize("path", READS + LOGINS)
def test_head_answers_where_get_does(street, path):
    get = street.get(path, login=True)
    head = street.request("HEAD", path, login=True)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers.get("Content-Type") == get.headers.get("Content-Type")


def test_unknown_addresses_are_404(street):
    for path in ("/devices/all_devices", "/devices/nothing.json", "/system/status.xyz",
                 "/systems/status.json", "/datasource/all_sources", "/phy/all_phys.cmd",
                 "/gps/web/update.msgpackx", "/devices/by-key/device.json"):
        answer = street.get(path)
        assert answer.status_code == 404, path
        assert "<script" not in answer.text


def test_404_does_not_echo_markup(street):
    answer = street.get("/%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
