"""Options that change what the API answers or keeps: each does what its line in the list says."""
import socket
import time

import pytest
import requests

from support import air, street as scene
from support.norn import PASSWORD, USER


def start(serve, street_file, *settings):
    arguments = ["-c", f"{street_file}:name=street"]
    for setting in settings:
        arguments += ["--set", setting]
    return serve(*arguments).wait_replayed()


# the shape of last-time
LAST_TIME = "/devices/last-time/1/devices"


def test_last_time_may_always_be_a_record(serve, street_file):
    server = start(serve, street_file, "httpd_devicelist=record")
    for answer in (server.get(LAST_TIME + ".json"), server.post(LAST_TIME + ".json"),
                   server.get("/devices/last-time/-1000/devices.json")):
        assert "kismet.device.list" in answer.json()


def test_last_time_may_always_be_an_array(serve, street_file):
    server = start(serve, street_file, "httpd_devicelist=array")
    assert len(server.json(LAST_TIME + ".json")) == len(scene.EVERYONE)
    assert len(server.msgpack(LAST_TIME + ".msgpack")) == len(scene.EVERYONE)


# what the tracker keeps
def crowd(tmp_path, count):
    made = air.Scene()
    for number in range(count):
        made.add(air.probe_request("02:00:00:00:%02x:%02x" % divmod(number, 256)), step=1)
    return made.write_pcap(tmp_path / "crowd.pcap")


def test_no_more_devices_than_allowed_and_the_oldest_go_first(serve, tmp_path):
    path = crowd(tmp_path, 300)
    server = serve("-c", f"{path}:name=crowd", "--set", "tracker_max_devices=100").wait_replayed()
    kept = server.devices()
    assert set(kept) == {"02:00:00:00:%02X:%02X" % divmod(number, 256)
                         for number in range(200, 300)}
    status = server.json("/system/status.json")
    assert status["kismet.system.devices.count"] == 100
    assert status["norn.system.devices_evicted"] == 200
    wifi = next(row for row in server.json("/phy/all_phys.json")
                if row["kismet.phy.name"] == "IEEE802.11")
    assert wifi["kismet.phy.devices"] == 100 and wifi["kismet.phy.packets"] == 300


def test_quiet_devices_are_dropped_after_the_timeout(serve, tmp_path):
    path = crowd(tmp_path, 300)  # a new one each second of packet time
    server = serve("-c", f"{path}:name=crowd", "--set", "tracker_device_timeout=60")
    server.wait_replayed()
    server.wait_for(lambda: len(server.devices()) <= 130, 75, "devices to be dropped")
    kept = server.devices()
    assert "02:00:00:00:01:2B" in kept and "02:00:00:00:00:00" not in kept


def test_no_histories_where_they_are_switched_off(serve, street_file):
    server = start(serve, street_file, "track_device_rrds=false")
    device = server.devices()[scene.LINKSYS.bssid.upper()]
    assert not [name for name in device if "rrd" in name]


def test_caps_of_one_device(serve, tmp_path):
    made = air.Scene()
    for number in range(40):
        made.add(air.probe_request("02:00:00:00:00:01", f"net{number}"), step=1)
        made.add(air.beacon(air.AccessPoint(scene.LINKSYS.bssid, f"ssid{number}", 6)), step=0)
    path = made.write_pcap(tmp_path / "caps.pcap")
    server = serve("-c", f"{path}:name=caps", "--set", "dot11_max_probes=10",
                   "--set", "dot11_max_ssids=5").wait_replayed()
    devices = server.devices()
    probed = devices["02:00:00:00:00:01"]["dot11.device"]["dot11.device.probed_ssid_map"]
    assert sorted(probe["dot11.probedssid.ssid"] for probe in probed) == sorted(
        f"net{number}" for number in range(30, 40))
    advertised = devices[scene.LINKSYS.bssid.upper()]["dot11.device"][
        "dot11.device.advertised_ssid_map"]
    assert sorted(ssid["dot11.advertisedssid.ssid"] for ssid in advertised) == sorted(
        f"ssid{number}" for number in range(35, 40))


# the server
def test_a_prefix_is_taken_off(serve, street_file):
    server = start(serve, street_file, "httpd_uri_prefix=/air")
    for path in ("/air/system/status.json", "/system/status.json"):
        assert server.get(path).status_code == 200
    assert server.get("/airsystem/status.json").status_code == 404


def test_another_name_may_be_allowed(serve):
    server = serve("--set", "httpd_allowed_host=roof.example")
    for host in ("roof.example", f"roof.example:{server.port}"):
        assert server.get("/system/status.json", headers={"Host": host}).status_code == 200
    assert server.get("/system/status.json", headers={"Host": "evil.example"}).status_code != 200


def test_no_word_of_cors_unless_allowed(street):
    answer = street.get("/system/status.json", headers={"Origin": "http://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_cors_for_the_one_site_allowed(serve):
    server = serve("--set", "httpd_allow_cors=true",
                   "--set", "httpd_allowed_origin=https://board.example")
    answer = server.get("/system/status.json", headers={"Origin": "https://board.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://board.example"
    answer = server.get("/system/status.json", headers={"Origin": "https://evil.example"})
    assert answer.headers.get("Access-Control-Allow-Origin") != "https://evil.example"


def test_sessions_end_when_unused(serve):
    server = serve("--set", "httpd_session_timeout=2")
    token = server.get("/session/create_session", auth=(USER, PASSWORD)).cookies["KISMET"]

    def check():
        return server.get("/session/check_session", cookies={"KISMET": token}).status_code
    for _ in range(4):  # use renews it
        time.sleep(0.8)
        assert check() == 200
    time.sleep(3.5)
    assert check() == 401


def test_connections_in_all_are_capped(serve):
    server = serve("--set", "httpd_max_connections=32")
    held = []
    for _ in range(100):
        try:
            held.append(socket.create_connection(("127.0.0.1", server.port), 2))
        except OSError:
            break
    assert server.process.poll() is None
    for connection in held:
        connection.close()

    def answers():
        try:
            return server.get("/system/status.json", timeout=2).status_code == 200
        except requests.RequestException:
            return False
    server.wait_for(answers, 10, "an answer after the crowd went")


def test_ipv6_loopback(serve):
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 on this machine")
    server = serve("--bind", "::1", host="::1")
    answer = requests.get(f"http://[::1]:{server.port}/system/status.json", timeout=5)
    assert answer.status_code == 200  # loopback: reads need no login
