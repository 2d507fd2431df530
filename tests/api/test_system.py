"""/system: status, the server's clock, and the table of every field there is."""
import html
import re
import time

import pytest

BATTERY = {
    "kismet.system.battery.percentage": int,
    "kismet.system.battery.charging": str,
    "kismet.system.battery.ac": int,
    "kismet.system.battery.remaining": int,
    "kismet.system.battery.discharge_rate": (int, float),
}
CURRENT = ["kismet.system.timestamp.sec", "kismet.system.timestamp.usec",
           "kismet.system.timestamp.start_sec", "kismet.system.memory.rss",
           "kismet.system.memory.rrd", "kismet.system.devices.count", "kismet.system.devices.rrd",
           "kismet.system.version", "kismet.system.server_name",
           "kismet.system.server_description", "kismet.system.server_location",
           "kismet.system.sensors.temp", "kismet.system.sensors.fan", "kismet.system.user",
           "kismet.server.uuid", "kismet.device.packets_rrd"]


@pytest.fixture
def status(street):
    return street.json("/system/status.json")


@pytest.mark.parametrize("name", BATTERY)
def test_status_tells_the_battery(status, name):
    assert isinstance(status[name], BATTERY[name])


def test_battery_values_make_sense(status):
    assert status["kismet.system.battery.charging"] in ("charging", "charged", "discharging")
    assert status["kismet.system.battery.ac"] in (0, 1)
    assert 0 <= status["kismet.system.battery.percentage"] <= 100
    assert status["kismet.system.battery.remaining"] >= 0
    if status["kismet.system.battery.ac"]:
        assert status["kismet.system.battery.discharge_rate"] == 0


@pytest.mark.parametrize("name", CURRENT)
def test_status_has_the_members_of_today(status, name):
    assert name in status


def test_status_clock_is_the_servers_own(status):
    assert abs(status["kismet.system.timestamp.sec"] - time.time()) < 5
    assert 0 <= status["kismet.system.timestamp.usec"] < 10**6
    assert status["kismet.system.timestamp.start_sec"] <= status["kismet.system.timestamp.sec"]


def test_status_counts_devices_and_memory(street, status):
    assert status["kismet.system.devices.count"] == len(street.devices())
    assert 1000 < status["kismet.system.memory.rss"] < 2_000_000  # kilobytes


def test_status_names_the_pcre_library(status):
    assert any("10." in str(value) for name, value in status.items() if "pcre" in name.lower())


def test_status_shows_the_name_given(serve):
    server = serve("--set", "server_name=roof", "--set", "server_location=north mast")
    status = server.json("/system/status.json")
    assert status["kismet.system.server_name"] == "roof"
    assert status["kismet.system.server_location"] == "north mast"


def test_status_has_the_same_members_in_both_formats(street):
    assert street.msgpack("/system/status.msgpack").keys() == street.json(
        "/system/status.json").keys()


def test_status_can_be_simplified(street):
    answer = street.post("/system/status.json", json={"fields": [
        "kismet.system.devices.count", ["kismet.system.battery.percentage", "charge"]]})
    assert set(answer.json()) == {"kismet.system.devices.count", "charge"}


def test_timestamp(street):
    clock = street.json("/system/timestamp.json")
    assert abs(clock["kismet.system.timestamp.sec"] - time.time()) < 5
    assert "kismet.system.timestamp.usec" in clock


def field_rows(street):
    page = street.get("/system/tracked_fields.html").text
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    cells = [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
              for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows]
    return {row[0]: row for row in cells if row}


def names_in(value, found):
    """Every member name of a record and of the records in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if re.fullmatch(r"(kismet|dot11|norn)\.[A-Za-z0-9_.]+", key):
                found.add(key)
            names_in(inner, found)
    elif isinstance(value, list):
        for inner in value:
            names_in(inner, found)
    return found


def test_tracked_fields_describes_each_row(street):
    rows = field_rows(street)
    assert len(rows) > 200
    for name, cells in rows.items():
        assert len(cells) >= 3, name
        assert cells[0] and cells[1] and cells[-1], cells  # a unit between them may be empty


@pytest.mark.parametrize("path", ["/system/status.json", "/devices/last-time/1/devices.json",
                                  "/devices/all_devices.json", "/phy/all_phys.json",
                                  "/channels/channels.json", "/datasource/all_sources.json",
                                  "/datasource/supported_sources.json",
                                  "/packetsource/all_sources.json"])
def test_tracked_fields_lists_whatever_is_served(street, path):
    missing = names_in(street.json(path), set()) - set(field_rows(street))
    assert not missing


def test_tracked_fields_lists_legacy_names(street):
    rows = field_rows(street)
    for name in ("kismet.devicelist.refresh", "kismet.devicelist.timestamp", "kismet.device.list",
                 "kismet.oldsource.name", "kismet.Datasourcetracker.protosource.type",
                 "dot11.device.last_beaconed_ssid", "kismet.phy.packets.crypt"):
        assert name in rows, name
