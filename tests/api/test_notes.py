"""Names and tags of devices: set_name.cmd and set_tag.cmd, shown at once, kept across restarts."""
import json
import os
import shutil
import signal
import time

import pytest

from support import street as scene
from support.air import Scene, beacon, device_key, probe_request
from support.norn import USER, PASSWORD, new_home

LINKSYS = scene.LINKSYS.bssid.upper()
KEY = device_key(scene.LINKSYS.bssid)
PATH = f"/devices/by-key/{KEY}"
USERNAME = "kismet.device.base.username"
TAGS = "kismet.device.base.tags"
FILE = "device_notes.json"
NAMES = ["front door", "caf\u00e9 \"1\" \\ </script>", "\u6771\u4eac", "x" * 256]


@pytest.fixture
def home():
    """A home to keep; whoever has it names it before serve, so that it goes after the server."""
    path = new_home()
    yield path
    shutil.rmtree(path)


@pytest.fixture
def named(home, serve, street_file):
    return serve("-c", f"{street_file}:name=street", home=home).wait_replayed()


def device(server, key=KEY):
    return server.json(f"/devices/by-key/{key}/device.json")


def set_name(server, name, path=PATH):
    return server.command(path + "/set_name.cmd", {"username": name})


def set_tag(server, name, value, path=PATH):
    return server.command(path + "/set_tag.cmd", {"tagname": name, "tagvalue": value})


# what they do
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_at_once(named, name):
    answer = set_name(named, name)
    assert (answer.status_code, answer.text) == (200, "Device name set\n")
    assert device(named)[USERNAME] == name
    assert device(named)["kismet.device.base.commonname"] == name
    assert device(named)["kismet.device.base.name"] == "linksys"
    assert set_name(named, "").status_code == 200
    assert USERNAME not in device(named)
    assert device(named)["kismet.device.base.commonname"] == "linksys"


def test_tags_are_a_map(named):
    assert TAGS not in device(named)
    assert set_tag(named, "room", "cellar").text == "Device tag set\n"
    assert set_tag(named, "floor", 2).status_code == 200
    assert device(named)[TAGS] == {"room": "cellar", "floor": "2"}
    set_tag(named, "room", "attic")
    assert named.json(f"{PATH}/device.json/{TAGS}") == {"floor": "2", "room": "attic"}
    assert named.json(f"{PATH}/device.json/{TAGS}/room") == "attic"
    set_tag(named, "room", "")
    set_tag(named, "floor", "")
    assert TAGS not in device(named)


@pytest.mark.parametrize("encoding", ["form", "body"])
def test_by_json(named, encoding):
    command = {"username": "by json"}
    posted = {"data": {"json": json.dumps(command)}} if encoding == "form" else {"json": command}
    assert named.post(PATH + "/set_name.cmd", login=True, **posted).status_code == 200
    assert device(named)[USERNAME] == "by json"


def test_by_address(named):
    for path in (f"/devices/by-mac/{LINKSYS}", f"/devices/by-mac/{LINKSYS.lower()}"):
        assert set_name(named, "here", path).status_code == 200
        assert set_tag(named, "a", "b", path).status_code == 200
    assert device(named)[USERNAME] == "here" and device(named)[TAGS] == {"a": "b"}


def test_lists_search_and_patterns_see_them(named):
    set_name(named, "Front Door")
    set_tag(named, "room", "cellar")
    command = {"fields": [USERNAME, "kismet.device.base.macaddr"]}
    rows = named.post("/devices/views/all/devices.json", data={
        "json": json.dumps(command), "search": "front"}).json()
    assert [row["kismet.device.base.macaddr"] for row in rows] == [LINKSYS]
    for path, pattern in ((USERNAME, "^Front"), (TAGS, "cell"), (TAGS + "/room", "^cellar$")):
        rows = named.post("/devices/all_devices.json", json={"regex": [[path, pattern]]}).json()
        assert [row["kismet.device.base.macaddr"] for row in rows] == [LINKSYS], path


def test_a_change_counts_as_modified(named):
    now = named.json("/devices/last-time/0/devices.json")["kismet.devicelist.timestamp"]
    time.sleep(2.1)
    set_name(named, "changed")
    rows = named.json(f"/devices/last-time/{now + 1}/devices.json")["kismet.device.list"]
    assert [row["kismet.device.base.macaddr"] for row in rows] == [LINKSYS]


# mistakes
@pytest.mark.parametrize("path,command,word", [
    ("set_name", {}, "username"), ("set_name", {"name": "x"}, "username"),
    ("set_name", {"username": ["x"]}, "username"), ("set_name", {"username": None}, "username"),
    ("set_name", {"username": "x" * 257}, "256"), ("set_name", {"username": "a\nb"}, "control"),
    ("set_tag", {"tagname": "x"}, "tagvalue"), ("set_tag", {"tagvalue": "x"}, "tagname"),
    ("set_tag", {"tagname": "", "tagvalue": "x"}, "tagname"),
    ("set_tag", {"tagname": "x" * 65, "tagvalue": "x"}, "64"),
    ("set_tag", {"tagname": "x", "tagvalue": "x" * 513}, "512"),
    ("set_tag", {"tagname": "x", "tagvalue": {"a": 1}}, "tagvalue")])
def test_bad_commands_are_400_and_name_the_key(street, path, command, word):
    answer = street.command(f"{PATH}/{path}.cmd", command)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request: ") and word in answer.text


def test_bytes_that_are_no_text_are_400(street):
    assert street.command(f"{PATH}/set_name.cmd", {"username": b"\xff\xfe"}).status_code == 400
    assert street.command(f"{PATH}/set_name.cmd", {"username": b"a\0b"}).status_code == 400


@pytest.mark.parametrize("path,status", [
    ("by-key/" + device_key("00:00:5e:00:53:01"), 404), ("by-key/nonsense", 400),
    ("by-mac/00:00:5E:00:53:01", 404), ("by-mac/nonsense", 400),
    (f"by-mac/{LINKSYS}%2FFF:FF:FF:00:00:00", 400)])
def test_devices_that_are_not_there(street, path, status):
    assert set_name(street, "x", "/devices/" + path).status_code == status
    assert set_tag(street, "x", "y", "/devices/" + path).status_code == status


@pytest.mark.parametrize("path", ["by-key/" + KEY, "by-mac/" + LINKSYS])
@pytest.mark.parametrize("command", ["set_name", "set_tag"])
def test_they_need_a_login(street, path, command):
    body = {"username": "x", "tagname": "x", "tagvalue": "x"}
    assert street.post(f"/devices/{path}/{command}.cmd", json=body).status_code == 401
    assert street.post(f"/devices/{path}/{command}.cmd", json=body,
                       auth=(USER, PASSWORD + "x")).status_code == 401
    assert street.get(f"/devices/{path}/{command}.cmd", login=True).status_code == 405


def test_a_device_has_so_many_tags(named):
    for number in range(64):
        assert set_tag(named, f"tag {number}", "x").status_code == 200
    answer = set_tag(named, "one more", "x")
    assert answer.status_code == 507 and "64" in answer.text
    assert len(device(named)[TAGS]) == 64


# kept
def restart(serve, street_file, home):
    return serve("-c", f"{street_file}:name=street", home=home).wait_replayed()


def test_they_are_kept_across_a_restart(home, named, serve, street_file):
    for name in NAMES[:3]:
        set_name(named, name)
    set_tag(named, "room", "cellar \"x\"")
    named.stop()
    assert oct(os.stat(os.path.join(home, FILE)).st_mode & 0o777) == "0o600"
    server = restart(serve, street_file, home)
    assert device(server)[USERNAME] == NAMES[2]
    assert device(server)[TAGS] == {"room": "cellar \"x\""}
    set_name(server, "")
    set_tag(server, "room", "")
    server.stop()
    server = restart(serve, street_file, home)
    assert USERNAME not in device(server) and TAGS not in device(server)


def test_they_are_written_after_a_few_seconds_and_survive_a_crash(home, named, serve, street_file):
    path = os.path.join(home, FILE)
    set_name(named, "before the crash")
    named.wait_for(lambda: os.path.exists(path), 8, "file of names")
    named.process.send_signal(signal.SIGKILL)
    named.process.wait()
    named.stopped = True
    server = restart(serve, street_file, home)
    assert device(server)[USERNAME] == "before the crash"


def test_nothing_is_written_where_nothing_is_named(home, named):
    named.stop()
    assert not os.path.exists(os.path.join(home, FILE))


def test_a_name_comes_back_with_its_device(serve, tmp_path, street_file):
    server = serve("-c", f"{street_file}:name=first", "--set", "tracker_max_devices=20")
    server.wait_replayed()
    set_name(server, "comes back")
    crowd = Scene()
    for number in range(50):
        crowd.add(probe_request(f"02:00:00:00:00:{number:02x}"), step=0.001)
    again = Scene().add(beacon(scene.LINKSYS))
    for name, made in (("crowd", crowd), ("again", again)):
        path = made.write_pcap(tmp_path / f"{name}.pcap")
        server.command("/packetsource/config/add_source.cmd", {"source": f"{path}:name={name}"})
        server.wait_replayed()
        found = server.get(PATH + "/device.json")
        assert found.status_code == (404 if name == "crowd" else 200)
    assert found.json()[USERNAME] == "comes back"


def test_a_name_may_be_taken_away_while_the_device_is_not_there(home, serve):
    with open(os.path.join(home, FILE), "w", encoding="utf-8") as file:
        file.write(json.dumps({"kismet.device.base.key": KEY, USERNAME: "of old"}) + "\n")
    server = serve(home=home)
    assert set_name(server, "").status_code == 200
    server.stop()
    assert os.path.getsize(os.path.join(home, FILE)) == 0


BAD_LINES = ["", "{", "[]", "{\"a\": 1}", json.dumps({"kismet.device.base.key": "nonsense"}),
             json.dumps({"kismet.device.base.key": KEY, USERNAME: 5}),
             json.dumps({"kismet.device.base.key": KEY, TAGS: {"x": 5}}),
             json.dumps({"kismet.device.base.key": KEY, TAGS: []}),
             json.dumps({"kismet.device.base.key": KEY, USERNAME: "x" * 5000}), "\0\xff" * 100]


def test_lines_that_cannot_be_read_do_no_harm_and_are_kept(home, serve, street_file):
    good = json.dumps({"kismet.device.base.key": KEY, USERNAME: "good", TAGS: {"a": "b"}})
    text = "\n".join(BAD_LINES + [good]).encode("latin-1")
    with open(os.path.join(home, FILE), "wb") as file:
        file.write(text)
    server = restart(serve, street_file, home)
    assert device(server)[USERNAME] == "good" and device(server)[TAGS] == {"a": "b"}
    assert "9 lines" in server.console and "line 2" in server.console
    with open(os.path.join(home, "device_notes.bad"), "rb") as file:
        assert file.read() == text
