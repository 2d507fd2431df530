"""norn --demo, as `make run` starts it: what it says; every example of the seed answers."""
import os
import re
import tempfile

import msgpack
import pytest
import requests

from api_names import demo_login
from support import typed

NAME = "kismet.device.base.name"


@pytest.fixture(scope="module")
def login(demo):
    """The random login that the demo prints once."""
    user, password = demo_login(demo)
    assert demo.console.lower().count("login for") == 1
    return user, password


def with_names(demo, *names):
    """Waits until devices of these names are there: the demo plays in real time."""
    wanted = set(names)

    def there():
        found = {row[NAME]: row for row in demo.json("/devices/all_devices.json")}
        return wanted <= set(found) and found
    return demo.wait_for(there, 40, f"devices {sorted(wanted)}")


def test_the_console_says_it_is_a_demo(demo):
    demo.wait_for(lambda: demo.console.count("curl") >= 5, 5, "five curl lines")
    text = demo.console
    assert "demo" in text.lower()
    assert f"http://localhost:{demo.port}" in text
    assert "norn -c wlan0" in text
    assert re.search(r"ctrl.?c|stop", text, re.I)
    assert "--bind" in text or "another machine" in text.lower()


def test_the_page_says_it_is_a_demo(demo):
    page = demo.get("/").text
    assert "demo" in page.lower() or demo.json("/system/status.json")["norn.system.demo"] == 1


def test_the_curl_lines_work(demo, login):
    import subprocess
    with_names(demo, "linksys")
    lines = re.findall(r"^\s*(curl .*)$", demo.console, re.M)
    assert len(lines) >= 5
    for line in lines:
        line = line.replace("curl ", "curl -sS -m 10 --fail-with-body ", 1)
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True,
                              check=False, timeout=30)
        assert done.returncode == 0, (line, done.stdout[:300], done.stderr)
        assert done.stdout, line


def test_the_login_of_the_demo_works(demo, login):
    assert demo.get("/session/create_session", auth=login).status_code == 200
    assert demo.get("/session/create_session", auth=(login[0], login[1] + "x")).status_code == 401


def test_reads_need_no_login(demo):
    assert demo.get("/system/status.json").status_code == 200


def test_the_seeds_networks_are_there(demo):
    with_names(demo, "linksys", "single", "barfoo")


def test_the_seeds_regex_examples(demo):
    with_names(demo, "linksys", "single", "barfoo")
    for patterns, wanted in ((["^linksys$"], {"linksys"}),
                             (["^single$", ".*foo$"], {"single", "barfoo"})):
        answer = demo.command("/phy/phy80211/ssid_regex.cmd", {"essid": patterns}, login=False)
        assert {row[NAME] for row in msgpack.unpackb(answer.content)} == wanted


def test_the_seeds_lock_and_hop_examples(demo, login):
    rows = demo.msgpack("/packetsource/all_sources.msgpack")
    uuid = rows[0]["kismet.oldsource.uuid"]
    for command in ({"cmd": "lock", "uuid": uuid, "channel": "6"}, {"cmd": "hop", "uuid": uuid}):
        answer = demo.command("/packetsource/config/channel.cmd", command, login=False, auth=login)
        assert answer.status_code == 200 and answer.text.strip() == "OK", answer.text


def test_the_seeds_gps_example(demo, login):
    answer = demo.command("/gps/web/update.cmd", {"lat": 47.4, "lon": 8.5, "alt": 400.0,
                                                  "spd": 5.0}, login=False, auth=login)
    assert answer.status_code == 200
    assert demo.json("/gps/location.json")["kismet.common.location.geopoint"] == [8.5, 47.4]


def test_a_hidden_network_is_among_them(demo):
    def hidden():
        answer = demo.post("/devices/last-time/0/devices.json", json={"fields": [
            "dot11.device/dot11.device.advertised_ssid_map"]})
        return [ssid for row in answer.json()
                for ssid in (row["dot11.device.advertised_ssid_map"] or [])
                if ssid["dot11.advertisedssid.cloaked"]]
    demo.wait_for(hidden, 40, "a hidden SSID")


def test_clients_are_linked_to_access_points(demo):
    def linked():
        return [row for row in demo.post("/devices/last-time/0/devices.json").json()
                if row.get("dot11.device", {}).get("dot11.device.associated_client_map")]
    access_point = demo.wait_for(linked, 40, "a linked client")[0]
    key = next(iter(access_point["dot11.device"]["dot11.device.associated_client_map"].values()))
    client = demo.json(f"/devices/by-key/{key}/device.json")
    assert access_point["kismet.device.base.macaddr"] in client["dot11.device"][
        "dot11.device.client_map"]


def test_the_client_of_2016_lists_devices(demo):
    with_names(demo, "linksys")
    answer = demo.get("/devices/all_devices.msgpack?msgpack=typed")
    names = [row[NAME] for row in typed.decode(answer.content)]
    assert "linksys" in names


def test_the_demo_keeps_on_playing(demo):
    def packets():
        return sum(row["kismet.phy.packets"] for row in demo.json("/phy/all_phys.json"))
    before = packets()
    demo.wait_for(lambda: packets() > before, 10, "more packets")


def test_the_demo_is_heard_now(demo):
    device = with_names(demo, "linksys")["linksys"]
    now = demo.json("/system/timestamp.json")["kismet.system.timestamp.sec"]
    assert abs(device["kismet.device.base.last_time"] - now) < 30


def test_plain_norn_never_plays_the_demo(serve):
    server = serve()
    assert server.sources() == [] and server.devices() == {}
    assert server.json("/system/status.json")["norn.system.demo"] == 0


@pytest.mark.parametrize("folder", ["t", "a-temporary-directory-whose-name-is-rather-long"])
def test_the_demos_home_is_gone_afterwards(folder, serve, monkeypatch):
    with tempfile.TemporaryDirectory(prefix="n") as place:
        temporary = os.path.join(place, folder)
        os.mkdir(temporary)
        monkeypatch.setenv("TMPDIR", temporary)
        server = serve("--demo", login=False, home=place)
        assert os.listdir(temporary), "no throw-away home to look at"
        server.stop()
        assert not os.listdir(temporary)
        assert os.listdir(place) == [folder]


def test_requests_with_wrong_credentials_do_not_stop_the_demo(demo):
    for number in range(5):
        assert requests.get(demo.url + "/session/check_login", auth=("x", str(number)),
                            timeout=10).status_code in (401, 429)
    assert demo.get("/system/status.json").status_code == 200
