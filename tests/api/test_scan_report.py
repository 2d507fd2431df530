"""Scans that others post: the source they become, the devices they name, what is refused."""
import json
import time

import msgpack
import pytest

from support.air import device_key

WIFI, BLUETOOTH = "/phy/phy80211/scan/scan_report.cmd", "/phy/phybluetooth/scan/scan_report.cmd"
UUID = "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE"
OTHER = "AAAAAAAA-BBBB-CCCC-DDDD-000000000001"
BSSID, HEADSET = "00:13:10:00:00:01", "00:A0:50:00:00:01"
BASE = "kismet.device.base."
DATASOURCE = "kismet.datasource."
THEN = 1700000000
NETWORK = {"bssid": BSSID, "ssid": "walked past", "channel": "6", "freqkhz": 2437000,
           "capabilities": "[WPA2-PSK-CCMP][WPS][ESS]", "signal": -61, "timestamp": THEN}
FOUND = {"btaddr": HEADSET, "name": "Buds", "devicetype": "BR/EDR", "txpowerlevel": 4,
         "pathloss": 60, "scan_data": "02010603030F18", "signal": -55,
         "service_data": {"0000180f-0000-1000-8000-00805f9b34fb": "64"}, "timestamp": THEN}
PLACE = {"lat": 47.25, "lon": 8.5, "alt": 410.5}


@pytest.fixture
def server(serve):
    return serve("--set", "gps=web:name=webgps")


def scan(reports, uuid=UUID, name="phone"):
    return {"source_uuid": uuid, "source_name": name, "reports": reports}


def report(server, path, *reports, **options):
    answer = server.command(path, scan(list(reports), **options))
    assert (answer.status_code, answer.json()["success"]) == (200, True), answer.text


def device(server, address):
    def found():
        rows = server.json(f"/devices/by-mac/{address}/devices.json")
        return rows and rows[0]
    return server.wait_for(found, 5, f"device {address}")


def source(server, uuid=UUID):
    return next(row for row in server.sources() if row[DATASOURCE + "uuid"] == uuid)


# the answer
@pytest.mark.parametrize("path,entry", [(WIFI, NETWORK), (BLUETOOTH, FOUND)])
def test_every_encoding_and_extension(server, path, entry):
    bare, command = path.removesuffix(".cmd"), scan([entry])
    for answer in (server.command(path, command), server.command(bare + ".json", command),
                   server.post(path, json=command, login=True),
                   server.post(path, data={"json": json.dumps(command)}, login=True)):
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"status": "Scan report accepted", "success": True}
        assert answer.headers["Content-Type"].startswith("application/json")
    server.wait_for(lambda: source(server)[DATASOURCE + "num_packets"] == 4, 5, "four reports")


def test_no_reports_are_a_report_too(server):
    report(server, WIFI)
    assert source(server)[DATASOURCE + "name"] == "phone"


@pytest.mark.parametrize("path", [WIFI, BLUETOOTH])
def test_only_those_with_a_login_may_report(server, path):
    assert server.command(path, scan([]), login=False).status_code == 401
    assert server.sources() == []


WRONG = {
    "no source": ({"source_name": "phone", "reports": []}, "source_uuid"),
    "a source that is no UUID": (scan([], uuid="phone"), "source_uuid"),
    "no name": ({"source_uuid": UUID, "reports": []}, "source_name"),
    "an empty name": (scan([], name=""), "source_name"),
    "no reports": ({"source_uuid": UUID, "source_name": "phone"}, "reports"),
    "reports that are none": (scan("many"), "reports"),
    "an entry that is none": (scan([NETWORK, 7]), "entry 2"),
    "an entry without address": (scan([{"ssid": "x"}]), "bssid"),
    "an address that is none": (scan([{**NETWORK, "bssid": "00:13"}]), "bssid"),
    "a place that is none": (scan([{**NETWORK, "lat": 91, "lon": 0}]), "place"),
    "half a place": (scan([{**NETWORK, "lat": "north", "lon": 0}]), "place"),
    "a deep entry": (scan([{**NETWORK, "tags": json.loads("[" * 12 + "]" * 12)}]), "deep"),
    "a long entry": (scan([{**NETWORK, "tags": "x" * 300000}]), "long"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_and_nothing_is_kept(server, kind):
    command, word = WRONG[kind]
    answer = server.command(WIFI, command)
    assert answer.status_code == 500
    assert answer.json()["success"] is False and word in answer.json()["status"]
    assert server.sources() == [] and server.devices() == {}


# the source
def test_the_source_is_a_virtual_one(server):
    report(server, WIFI, NETWORK)
    device(server, BSSID)
    row = source(server)
    assert row[DATASOURCE + "name"] == "phone" and row[DATASOURCE + "running"] == 1
    assert row[DATASOURCE + "type_driver"][DATASOURCE + "driver.type"] == "virtual"
    assert row[DATASOURCE + "source_channel_capable"] == 0
    types = [row[DATASOURCE + "driver.type"]
             for row in server.json("/datasource/supported_sources.json")]
    assert "virtual" in types


def test_one_source_for_each_uuid_by_its_newest_name(server):
    report(server, WIFI, NETWORK)
    report(server, BLUETOOTH, FOUND, name="telephone")
    report(server, BLUETOOTH, FOUND, uuid=OTHER.lower(), name="tablet")
    assert {row[DATASOURCE + "uuid"]: row[DATASOURCE + "name"] for row in server.sources()} == {
        UUID: "telephone", OTHER: "tablet"}


def test_nothing_is_posted_to_a_source_of_another_kind(serve, street_file):
    server = serve("-c", f"{street_file}:name=street,uuid={UUID}").wait_replayed()
    answer = server.command(WIFI, scan([NETWORK]))
    assert answer.status_code == 500 and "street" in answer.json()["status"]


def test_a_closed_source_takes_nothing_until_it_is_opened(server):
    report(server, WIFI, NETWORK)
    device(server, BSSID)
    server.command(f"/datasource/by-uuid/{UUID}/close_source.cmd", {})
    answer = server.command(WIFI, scan([NETWORK]))
    assert answer.status_code == 500 and "closed" in answer.json()["status"]
    server.command(f"/datasource/by-uuid/{UUID}/open_source.cmd", {})
    server.wait_for(lambda: source(server)[DATASOURCE + "running"] == 1, 5, "open source")
    report(server, BLUETOOTH, FOUND)
    device(server, HEADSET)


def test_a_new_source_is_named_by_its_first_device(server):
    for number in range(12):  # more than happen to come at the end of a second
        uuid, bssid = f"{UUID[:-2]}{number:02X}", f"{BSSID[:-2]}{number:02X}"
        report(server, WIFI, {**NETWORK, "bssid": bssid}, uuid=uuid)
        seen = device(server, bssid)[BASE + "seenby"]
        assert [row["kismet.common.seenby.uuid"] for row in seen] == [uuid]


# the devices
def test_a_network(server):
    report(server, WIFI, NETWORK)
    row = device(server, BSSID)
    assert row[BASE + "key"] == device_key(BSSID)
    assert (row[BASE + "name"], row[BASE + "type"]) == ("walked past", "Wi-Fi AP")
    assert (row[BASE + "channel"], row[BASE + "frequency"]) == ("6", 2437000)
    assert row[BASE + "signal"]["kismet.common.signal.last_signal"] == -61
    assert (row[BASE + "first_time"], row[BASE + "last_time"]) == (THEN, THEN)
    assert row[BASE + "packets.total"] == 1
    assert row[BASE + "seenby"][0]["kismet.common.seenby.uuid"] == UUID
    assert "WPA2" in row[BASE + "crypt"]
    ssid = row["dot11.device"]["dot11.device.advertised_ssid_map"][0]
    assert ssid["dot11.advertisedssid.ssid"] == "walked past"
    found = server.command("/phy/phy80211/ssid_regex.cmd", {"essid": ["^walked"]}).content
    assert [row[BASE + "macaddr"] for row in msgpack.unpackb(found)] == [BSSID]


def test_a_bluetooth_device(server):
    report(server, BLUETOOTH, FOUND)
    row = device(server, HEADSET)
    assert (row[BASE + "phyname"], row[BASE + "name"]) == ("Bluetooth", "Buds")
    assert row[BASE + "type"] == "BR/EDR"
    assert row[BASE + "signal"]["kismet.common.signal.last_signal"] == -55
    record = row["bluetooth.device"]
    assert record["bluetooth.device.txpower"] == 4 and record["bluetooth.device.pathloss"] == 60
    assert record["bluetooth.device.scan_data_bytes"] == FOUND["scan_data"]
    assert record["bluetooth.device.service_data_bytes"] == {
        "0000180F-0000-1000-8000-00805F9B34FB": "64"}


def test_the_devices_of_a_phone(server):
    report(server, WIFI, NETWORK)
    report(server, BLUETOOTH, FOUND, uuid=OTHER, name="tablet")
    device(server, HEADSET)
    rows = server.json(f"/devices/views/seenby-uuid/{UUID}/devices.json")
    assert [row[BASE + "macaddr"] for row in rows] == [BSSID]


# where and when
@pytest.mark.parametrize("speed", ["spd", "speed"])
def test_a_device_is_where_its_report_says(server, speed):
    report(server, WIFI, {**NETWORK, **PLACE, speed: 1.5})
    last = device(server, BSSID)[BASE + "location"]["kismet.common.location.last"]
    assert last["kismet.common.location.geopoint"] == [8.5, 47.25]
    assert last["kismet.common.location.alt"] == 410.5
    assert last["kismet.common.location.speed"] == 1.5
    assert last["kismet.common.location.fix"] == 3


def test_a_report_without_a_place_is_not_where_we_are(server):
    server.command("/gps/web/update.cmd", {"lat": 10, "lon": 20})
    report(server, WIFI, NETWORK)
    report(server, BLUETOOTH, {**FOUND, **PLACE})
    assert BASE + "location" not in device(server, BSSID)
    last = device(server, HEADSET)[BASE + "location"]["kismet.common.location.last"]
    assert last["kismet.common.location.geopoint"] == [8.5, 47.25]
    assert server.json("/gps/location.json")["kismet.common.location.geopoint"] == [20, 10]


@pytest.mark.parametrize("timestamp", [None, 0, -5, 1e300, 4_000_000_000])
def test_a_time_that_cannot_be_is_now(server, timestamp):
    report(server, WIFI, {**NETWORK, "timestamp": timestamp})
    assert abs(device(server, BSSID)[BASE + "last_time"] - time.time()) < 10


def test_values_of_other_kinds_are_passed_over(server):
    report(server, WIFI, {"bssid": BSSID, "ssid": ["no text"], "channel": {}, "signal": "strong",
                          "capabilities": 7, "freqkhz": -1, "tags": {"a": [1, None, True]}})
    assert device(server, BSSID)[BASE + "phyname"] == "IEEE802.11"
    report(server, BLUETOOTH, {"btaddr": HEADSET, "name": 7, "txpowerlevel": "high",
                               "scan_data": "xyz", "service_data": ["no map"]})
    assert device(server, HEADSET)[BASE + "phyname"] == "Bluetooth"


def test_many_reports_at_once(server):
    addresses = ["02:00:00:00:%02X:%02X" % divmod(number, 256) for number in range(2000)]
    report(server, WIFI, *({**NETWORK, "bssid": address} for address in addresses))
    server.wait_for(lambda: len(server.devices()) == 2000, 20, "two thousand devices")
