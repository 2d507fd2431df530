"""Conditions on lists: the member `where` of a command, alone and with all else a list takes."""
import json

import pytest

from support import street as scene

ALL = "/devices/views/all/devices.json"
BASE = "kismet.device.base."
MAC, TYPE, CRYPT, PACKETS = (BASE + name for name in ("macaddr", "type", "crypt", "packets.total"))
SIGNAL = BASE + "signal/kismet.common.signal.last_signal"
SEEN = BASE + "seenby/kismet.common.seenby.uuid"
FREQUENCY = BASE + "frequency"
ACCESS_POINT = [TYPE, "=", "Wi-Fi AP"]


def ask(server, where, path=ALL, **more):
    variables = {name: more.pop(name) for name in ("page", "length", "search") if name in more}
    command = {"where": where, "fields": [MAC, TYPE, CRYPT, PACKETS, [SIGNAL, "signal"]], **more}
    return server.post(path, data={"json": json.dumps(command), **variables})


def rows(server, where, **more):
    answer = ask(server, where, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(name="everyone")
def all_rows(street):
    return rows(street, [])


@pytest.mark.parametrize("relation, keeps", [
    ("=", lambda a, b: a == b), ("!=", lambda a, b: a != b), ("<", lambda a, b: a < b),
    ("<=", lambda a, b: a <= b), (">", lambda a, b: a > b), (">=", lambda a, b: a >= b)])
def test_numbers_and_texts_are_compared(street, everyone, relation, keeps):
    middle = sorted(row[PACKETS] for row in everyone)[len(everyone) // 2]
    found = rows(street, [[PACKETS, relation, middle]])
    assert found == [row for row in everyone if keeps(row[PACKETS], middle)]
    found = rows(street, [[TYPE, relation, "Wi-Fi AP"]])
    assert found == [row for row in everyone if keeps(row[TYPE], "Wi-Fi AP")]


def test_every_condition_must_be_met(street, everyone):
    found = rows(street, [ACCESS_POINT, [CRYPT, "~", "WPA2"], [SIGNAL, ">=", -80]])
    assert found == [row for row in everyone if row[TYPE] == "Wi-Fi AP" and "WPA2" in row[CRYPT]
                     and row["signal"] >= -80]
    assert found and len(found) < len(everyone)


def test_an_address_is_compared_as_it_is_published(street):
    mac = scene.ACCESS_POINTS[0].bssid.upper()
    assert [row[MAC] for row in rows(street, [[MAC, "=", mac]])] == [mac]
    assert [row[MAC] for row in rows(street, [[MAC, "~", "^" + mac[:8]], ACCESS_POINT])]


def test_one_of_several_values_is_enough(street, everyone):
    uuid = street.sources()[0]["kismet.datasource.uuid"]
    assert rows(street, [[SEEN, "=", uuid]]) == everyone
    assert rows(street, [[SEEN, "=", "00000000-0000-0000-0000-000000000000"]]) == []


def test_it_goes_with_pages_searches_and_other_lists(street, everyone):
    points = [row for row in everyone if row[TYPE] == "Wi-Fi AP"]
    page = rows(street, [ACCESS_POINT], page=0, length=2)
    assert page["data"] == points[:2] and page["last_row"] == len(points)
    assert page["total_row"] == len(everyone)
    some = points[0][MAC]
    assert [row[MAC] for row in rows(street, [ACCESS_POINT], search=some)] == [some]
    assert rows(street, [ACCESS_POINT], path="/devices/last-time/0/devices.json") == points
    ssids = street.post("/phy/phy80211/ssids/views/ssids.json", data={"json": json.dumps(
        {"where": [["dot11.ssidgroup.advertising_devices_len", ">=", 1]]})}).json()
    assert ssids and all(group["dot11.ssidgroup.advertising_devices_len"] for group in ssids)


def test_what_names_nothing_or_is_of_another_kind_keeps_nothing(street):
    assert rows(street, [["no.such.field", "=", 1]]) == []
    assert rows(street, [[PACKETS, "=", "text"]]) == []
    assert rows(street, [[TYPE, "=", 1]]) == []
    assert rows(street, [[BASE + "signal", "=", 1]]) == []


@pytest.mark.parametrize("where", [
    "text", {"a": 1}, [1], [["path"]], [["path", "="]], [["path", "=", 1, 2]], [[1, "=", 1]],
    [["path", "==", 1]], [["path", 1, 1]], [["path", "=", [1]]], [["path", "=", None]],
    [["path", "~", 1]], [["path", "~", "("]], [ACCESS_POINT] * 33])
def test_mistakes_are_400_and_say_what_is_wrong(street, where):
    answer = ask(street, where)
    assert answer.status_code == 400 and answer.text.startswith("Invalid"), answer.text


def test_a_head_request_and_one_device_take_no_notice(street):
    assert street.request("HEAD", ALL + "?json=" + json.dumps({"where": [["a", "=", 1]]})
                          ).status_code == 200
    key = street.devices()[scene.ACCESS_POINTS[0].bssid.upper()][BASE + "key"]
    assert street.post(f"/devices/by-key/{key}/device.json", data={
        "json": json.dumps({"where": [[PACKETS, "<", 0]]})}).json()[BASE + "key"] == key
