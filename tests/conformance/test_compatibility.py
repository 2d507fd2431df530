"""What docs/compatibility.md says of requests, answers and logins, as far as a client sees it."""
import json
import re
import socket

import pytest

from scene import SENSOR, TUNED, Scene
from support.norn import PASSWORD, USER, Server

ALERT = {"name": "TWICE", "description": "defined twice"}
EVERYTHING = "00:00:00:00:00:00/00:00:00:00:00:00"
# Method, path, command -> status and a word of the answer.
ANSWERS = [
    ("GET", "/system/status.xyz", None, 404, "did you mean /system/status.json"),
    ("GET", "/devices/by-key/0_0/device.json", None, 404, "no device"),
    ("GET", "/devices/by-key/zz/device.json", None, 400, "no device key"),
    ("GET", "/devices/by-mac/00:00:00:00:00:99/devices.json", None, 200, "[]"),
    ("GET", "/devices/last-time/soon/devices.json", None, 400, "no time"),
    ("GET", "/devices/views/nothing/devices.json", None, 404, "no view"),
    ("POST", "/devices/multimac/devices.json", {}, 400, "devices is missing"),
    ("POST", "/devices/multimac/devices.json", {"devices": [EVERYTHING]}, 200, "base.key"),
    ("GET", f"/datasource/by-uuid/{SENSOR}/source.json", None, 404, "no source"),
    ("GET", "/datasource/by-uuid/x/source.json", None, 400, "no UUID"),
    ("POST", "/datasource/add_source.cmd", {"definition": "/nothing"}, 400, "cannot be opened"),
    ("POST", f"/datasource/by-uuid/{TUNED['POST']}/resume_source.cmd", {}, 400, ""),
    ("POST", f"/datasource/by-uuid/{TUNED['POST']}/set_channel.cmd", {"channel": "x"}, 400, "x"),
    ("GET", "/streams/by-id/99/stream_info.json", None, 404, "no stream"),
    ("GET", "/phy/phy80211/ssids/by-hash/1/ssid.json", None, 404, "no SSID"),
    ("POST", "/phy/phy80211/ssid_regex.cmd", {"essid": ["("]}, 400, "offset 1"),
    ("POST", "/gps/web/update.cmd", {"lat": 1}, 400, "lon is missing"),
    ("POST", "/gps/web/update.cmd", {"lat": 1, "lon": 1, "alt": 0}, 200, "OK"),
    ("POST", "/alerts/definitions/define_alert.cmd", ALERT, 200, ""),
    ("POST", "/alerts/definitions/define_alert.cmd", ALERT, 503, "already"),
    ("POST", "/alerts/raise_alert.cmd", {"name": "NOBODY", "text": "x"}, 400, "NOBODY"),
    ("GET", "/alerts/by-id/1/alert.json", None, 404, "{}"),
    ("GET", "/alerts/last-time/-3600/alerts.json", None, 200, "CHANCHANGE"),
    ("GET", "/devices/views/phy/IEEE802.11/devices.json", None, 200, "base.key"),
]


@pytest.fixture(scope="module")
def scene():
    with Scene() as scene:
        yield scene


@pytest.mark.parametrize("method,path,command,status,word", ANSWERS)
def test_answers(scene, method, path, command, status, word):
    answer = scene.ask(method, path, "admin", command)
    assert answer.status_code == status, answer.text
    assert word in answer.text


def test_bodies(scene):
    path = "/devices/multikey/devices.json"
    long = json.dumps({"devices": ["0_0"] * 4000, "more": "x" * 900_000})
    json_type = {"Content-Type": "Application/JSON;charset=UTF-8"}
    cookies = {"KISMET": scene.keys["admin"]}

    def post(body, headers=None):
        return scene.server.post(path, data=body, headers=headers or json_type, cookies=cookies)
    assert post(long).status_code == 200
    assert post(long + " " * 200_000).status_code == 413
    broken = post('{"devices": [')
    assert broken.status_code == 400 and "JSON" in broken.text
    encoded = {"json": json.dumps({"devices": ["0_0"], "more": "a&b=c%26"})}
    assert post(encoded, {"X": "1"}).json() == []
    assert scene.server.post(path, files={"json": (None, encoded["json"])},
                             cookies=cookies).json() == []


def test_methods(scene):
    for method in ("HEAD", "OPTIONS"):
        answer = scene.ask(method, "/system/status.json", "readonly")
        assert answer.status_code in (200, 204) and not answer.content
    assert "GET" in scene.ask("OPTIONS", "/system/status.json", "readonly").headers["Allow"]


def test_formats(scene):
    answer = scene.ask("GET", "/alerts/definitions.tjson", "readonly")
    assert answer.headers["Content-Type"] == "application/json" and "kismet_alert" in answer.text
    plain = scene.ask("GET", "/system/timestamp.msgpack", "readonly").content
    typed = scene.ask("GET", "/system/timestamp.msgpack?msgpack=typed", "readonly").content
    assert plain[0] & 0xf0 == 0x80 and typed[0] == 0x92  # a map; a pair


def test_fields(scene):
    answer = scene.ask("POST", "/system/timestamp.json", "readonly", {"fields": [
        "no.such.field", ["kismet.system.timestamp.sec", "same"],
        ["kismet.system.timestamp.usec", "same"]]})
    assert answer.json()["no.such.field"] == 0
    assert len(re.findall("\"same\"", answer.text)) == 1


def test_lists_of_devices(scene):
    def ask(method, path):
        return scene.ask(method, path, "readonly", {} if method == "POST" else None)
    assert set(ask("GET", "/devices/last-time/0/devices.json").json()) == {
        "kismet.device.list", "kismet.devicelist.timestamp", "kismet.devicelist.refresh"}
    assert isinstance(ask("POST", "/devices/last-time/0/devices.json").json(), list)
    short = ask("GET", "/devices/all_devices.json").json()[0]
    whole = json.loads(ask("GET", "/devices/all_devices.itjson").text.split("\n")[0])
    assert set(short) < set(whole)
    older = scene.ask("POST", "/devices/views/all/devices.json", "readonly", {"last_time": -1e8})
    assert len(older.json()) == len(ask("GET", "/devices/views/all/devices.json").json())


def test_sorting_keeps_its_sense(scene):
    def names(**variables):
        answer = scene.server.post("/devices/views/all/devices.json", login=True, data={
            "sort": "kismet.device.base.macaddr", **variables})
        return [row["kismet.device.base.macaddr"] for row in answer.json()]
    assert names(sort_dir="asc") == sorted(names(), reverse=True)
    assert names(order="ascending") == sorted(names())


def test_logins(scene):
    server = scene.server
    refused = server.get("/system/status.json")
    assert refused.headers["WWW-Authenticate"].startswith("Basic")
    browser = server.get("/system/status.json", headers={"User-Agent": "Mozilla/5.0"})
    assert browser.status_code == 401 and "WWW-Authenticate" not in browser.headers
    cookie = server.get("/system/status.json", auth=(USER, PASSWORD)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    shown = scene.ask("GET", "/system/status.json", "readonly")
    assert "Set-Cookie" not in shown.headers
    planted = server.get("/system/user_status.json", cookies={"KISMET": "0" * 32})
    assert "Set-Cookie" not in planted.headers
    foreign = scene.ask("POST", "/gps/web/update.cmd", "admin", {"lat": 1, "lon": 1},
                        headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403


def test_an_empty_login_opens_nothing():
    with Server(login=False) as server, \
            socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"POST /gps/web/update.cmd HTTP/1.1\r\nHost: localhost\r\n"
                     b"Authorization: Basic Og==\r\nContent-Length: 0\r\n\r\n")
        assert b" 401 " in line.recv(100)
