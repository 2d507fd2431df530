"""/devices/last-time/[TS]: what changed since, by the server's own clock.

A client that always sends back the last timestamp misses nothing, whatever the packet times are.
"""
import time

import pytest

from support import street as scene
from support.air import Scene, beacon, probe_request
from support.street import LINKSYS, PROBER

RECORD = {"kismet.devicelist.refresh", "kismet.devicelist.timestamp", "kismet.device.list"}


def addresses(devices):
    return sorted(device["kismet.device.base.macaddr"] for device in devices)


def ask(server, since):
    return server.json(f"/devices/last-time/{since}/devices.json")


# shape
def test_get_gives_the_record(street):
    answer = ask(street, 1)
    assert set(answer) == RECORD
    assert addresses(answer["kismet.device.list"]) == sorted(mac.upper() for mac in scene.EVERYONE)
    assert "dot11.device" in answer["kismet.device.list"][0]
    assert abs(answer["kismet.devicelist.timestamp"] - time.time()) < 5
    assert isinstance(answer["kismet.devicelist.timestamp"], int)


def test_get_gives_the_record_in_msgpack(street):
    answer = street.msgpack("/devices/last-time/1/devices.msgpack")
    assert set(answer) == RECORD
    assert len(answer["kismet.device.list"]) == len(scene.EVERYONE)


def test_prettyjson_gives_the_record(street):
    answer = street.json("/devices/last-time/1/devices.prettyjson")
    assert RECORD <= set(answer)


def test_tjson_gives_the_record_with_its_own_names(street):
    answer = street.json("/devices/last-time/1/devices.tjson")
    assert set(answer) == {name.replace(".", "_") for name in RECORD}


@pytest.mark.parametrize("suffix", ["itjson", "ekjson"])
def test_lines_give_the_devices_alone(street, suffix):
    answer = street.get(f"/devices/last-time/1/devices.{suffix}")
    assert len(answer.text.splitlines()) == len(scene.EVERYONE)
    assert "devicelist" not in answer.text


def test_post_gives_the_bare_array(street):
    answer = street.post("/devices/last-time/1/devices.json", data={"json": "{}"}).json()
    assert addresses(answer) == sorted(mac.upper() for mac in scene.EVERYONE)


def test_negative_time_gives_the_bare_array(street):
    assert isinstance(street.json("/devices/last-time/-100000/devices.json"), list)
    assert isinstance(street.msgpack("/devices/last-time/-100000/devices.msgpack"), list)


@pytest.mark.parametrize("since", ["now", "1.5", "1x", "", "%20", "0x10", "1e3", "--1",
                                   "99999999999999999999999"])
def test_time_that_is_no_integer_is_400(street, since):
    for method in ("GET", "POST"):
        answer = street.request(method, f"/devices/last-time/{since}/devices.json")
        assert answer.status_code == (404 if since == "" else 400), answer.text


# refresh
def test_refresh_is_1_at_time_0(street):
    assert ask(street, 0)["kismet.devicelist.refresh"] == 1


def test_refresh_is_0_while_nothing_was_lost(street):
    now = ask(street, 0)["kismet.devicelist.timestamp"]
    assert ask(street, now)["kismet.devicelist.refresh"] == 0


def test_refresh_is_1_after_another_server_took_over(serve, street_file, tmp_path):
    from support.norn import Server
    with Server("-c", f"{street_file}:name=first") as server:
        server.wait_replayed()
        known = ask(server, 0)["kismet.devicelist.timestamp"]
    time.sleep(1.1)
    path = crowd(tmp_path / "crowd.pcap", 3)
    server = serve("-c", f"{path}:name=other").wait_replayed()
    answer = ask(server, known)
    assert answer["kismet.devicelist.refresh"] == 1
    assert ask(server, answer["kismet.devicelist.timestamp"])["kismet.devicelist.refresh"] == 0
    assert ask(server, 1)["kismet.devicelist.refresh"] == 0, "nobody's: all that there is"


def crowd(path, count):
    made = Scene()
    for number in range(count):
        made.add(probe_request("02:00:00:00:%02x:%02x" % divmod(number, 256)), step=0.001)
    return made.write_pcap(path)


def test_refresh_is_1_after_devices_were_dropped(serve, tmp_path, street_file):
    server = serve("-c", f"{street_file}:name=first", "--set", "tracker_max_devices=100")
    server.wait_replayed()
    began = ask(server, 0)["kismet.devicelist.timestamp"]
    assert ask(server, began)["kismet.devicelist.refresh"] == 0
    path = crowd(tmp_path / "crowd.pcap", 300)
    assert server.command("/packetsource/config/add_source.cmd",
                          {"source": f"{path}:name=crowd"}).status_code == 200
    server.wait_replayed()
    server.wait_for(lambda: ask(server, began)["kismet.devicelist.refresh"], 15, "refresh flag")
    answer = ask(server, 0)
    assert len(answer["kismet.device.list"]) <= 100
    assert ask(server, answer["kismet.devicelist.timestamp"] + 1)[
        "kismet.devicelist.refresh"] == 0


# nothing is missed
def slow_scene(path):
    """Devices of long ago that appear one by one, ten a second when replayed in real time."""
    made = Scene(start=1_000_000_000)
    for number in range(30):
        made.add(probe_request("02:00:00:00:00:%02x" % number), step=0.1)
        made.add(beacon(LINKSYS), step=0.0)
    return made.write_pcap(path)


def test_client_that_sends_back_the_timestamp_misses_nothing(serve, tmp_path):
    path = slow_scene(tmp_path / "slow.pcap")
    server = serve("-c", f"{path}:name=slow,realtime=true")
    since, heard, totals = 0, set(), []
    until = time.monotonic() + 20
    while time.monotonic() < until:
        answer = ask(server, since)
        since = answer["kismet.devicelist.timestamp"]
        heard |= set(addresses(answer["kismet.device.list"]))
        totals += [device["kismet.device.base.packets.total"]
                   for device in answer["kismet.device.list"]
                   if device["kismet.device.base.macaddr"] == LINKSYS.bssid.upper()]
        if len(heard) == 31 and totals[-1:] == [30]:
            break
        time.sleep(0.2)
    assert len(heard) == 31, "devices were missed"
    assert totals[-1] == 30, "the last change of a device was missed"


def test_modified_means_the_servers_clock_not_packet_time(street):
    start = street.json("/system/status.json")["kismet.system.timestamp.start_sec"]
    assert len(ask(street, start)["kismet.device.list"]) == len(scene.EVERYONE)
    prober = street.devices()[PROBER.upper()]
    assert prober["kismet.device.base.last_time"] < 1_800_000_000 - 50_000_000
    assert abs(prober["kismet.device.base.mod_time"] - start) < 60


def test_later_times_give_fewer(street):
    assert ask(street, int(time.time()) + 100)["kismet.device.list"] == []


def test_negative_time_counts_back_from_now_on_the_servers_clock(serve, street_file):
    server = serve("-c", f"{street_file}:name=once").wait_replayed()
    assert len(server.json("/devices/last-time/-60/devices.json")) == len(scene.EVERYONE)
    server.wait_for(lambda: server.json("/devices/last-time/-1/devices.json") == [], 10,
                    "second without news")
    assert server.post("/devices/last-time/-1/devices.json").json() == []
    assert len(server.post("/devices/last-time/-60/devices.json").json()) == len(scene.EVERYONE)
