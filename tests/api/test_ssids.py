"""SSIDs as records of their own: who advertises, answers with and probes for each; their view."""
import json

import msgpack
import pytest

from support import air
from support import street as scene
from support.air import Scene, device_key

VIEW = "/phy/phy80211/ssids/views/ssids.json"
SSID = "dot11.ssidgroup.ssid"
MEMBERS = {"advertising": "dot11.ssidgroup.advertising_devices",
           "responding": "dot11.ssidgroup.responding_devices",
           "probing": "dot11.ssidgroup.probing_devices"}
EVERY_MEMBER = {"dot11.ssidgroup." + name for name in (
    "hash", "ssid", "ssid_len", "crypt_set", "crypt_string", "first_time", "last_time",
    "probing_devices", "responding_devices", "advertising_devices", "probing_devices_len",
    "responding_devices_len", "advertising_devices_len")}
NAMES = ["barfoo", "cellar", "foobar", "linksys", "single"]


def post(server, command=None, path=VIEW, **variables):
    answer = server.post(path, data={"json": json.dumps(command or {}), **variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(rows):
    return [row[SSID] for row in rows]


def by_name(rows):
    assert len({row[SSID] for row in rows}) == len(rows)
    return {row[SSID]: row for row in rows}


@pytest.fixture
def ssids(street):
    return by_name(street.json(VIEW))


@pytest.fixture
def replay(serve, tmp_path):
    """Starts a server that has read the frames of a scene."""
    def start(made, *arguments):
        path = made.write_pcap(tmp_path / "scene.pcap")
        return serve("-c", f"{path}:name=scene", *arguments).wait_replayed()
    return start


# records
def test_every_named_network_is_listed_once(ssids):
    assert sorted(ssids) == NAMES
    assert all(set(row) == EVERY_MEMBER for row in ssids.values())


def test_devices_by_kind(ssids):
    linksys = device_key(scene.LINKSYS.bssid)
    assert [ssids["linksys"][name] for name in MEMBERS.values()] == [
        [linksys], [linksys], [device_key(scene.PROBER)]]
    assert [ssids["single"][name] for name in MEMBERS.values()] == [
        [device_key(scene.SINGLE.bssid)], [], [device_key(scene.PROBER)]]
    for row in ssids.values():
        for name in MEMBERS.values():
            assert row[name + "_len"] == len(row[name])


def test_what_is_said_of_them(ssids):
    row = ssids["barfoo"]
    assert row["dot11.ssidgroup.ssid_len"] == 6
    assert "WPA3" in row["dot11.ssidgroup.crypt_string"] and row["dot11.ssidgroup.crypt_set"]
    assert ssids["linksys"]["dot11.ssidgroup.crypt_string"] == "Open"
    assert row["dot11.ssidgroup.first_time"] == air.START
    assert row["dot11.ssidgroup.last_time"] >= air.START


def test_a_hidden_network_is_listed_under_the_name_given_away(replay):
    late = Scene()
    late.add(air.beacon(scene.HIDDEN)).add(air.association_request(scene.GIVEAWAY_CLIENT,
                                                                   scene.HIDDEN))
    late.add(air.beacon(scene.HIDDEN))
    row = by_name(replay(late).json(VIEW))["cellar"]
    assert row[MEMBERS["advertising"]] == [device_key(scene.HIDDEN.bssid)]
    assert row["dot11.ssidgroup.ssid_len"] == 6


def test_networks_that_hide_in_two_ways_count_once(replay):
    made = Scene().add(air.beacon(scene.HIDDEN)).add(air.beacon(scene.HIDDEN, b""))
    made.add(air.probe_response(scene.HIDDEN, scene.PROBER))
    for _ in range(3):
        made.add(air.beacon(scene.HIDDEN), step=1).add(air.beacon(scene.HIDDEN, b""), step=1)
    row = by_name(replay(made).json(VIEW))["cellar"]
    assert row[MEMBERS["advertising"]] == [device_key(scene.HIDDEN.bssid)]
    assert row[MEMBERS["advertising"] + "_len"] == 1


def test_one_ssid_of_many_access_points_and_clients(replay):
    made = Scene()
    for number in range(30):
        made.add(air.beacon(air.AccessPoint(f"00:13:10:00:00:{number:02x}", "campus", 6)))
        made.add(air.probe_request(f"02:00:00:00:00:{number:02x}", "campus"))
        made.add(air.probe_request(f"02:00:00:00:00:{number:02x}", ""))
    rows = by_name(replay(made).json(VIEW))
    assert list(rows) == ["campus"]
    assert rows["campus"][MEMBERS["advertising"] + "_len"] == 30
    assert len(set(rows["campus"][MEMBERS["probing"]])) == 30


def test_names_of_odd_bytes(replay):
    odd = [b"caf\xc3\xa9", b"\xff\xfe\x01", b"a\\b", b"\"><script>"]
    made = Scene()
    for number, name in enumerate(odd):
        made.add(air.beacon(air.AccessPoint(f"00:13:10:00:00:{number:02x}", name, 6)))
    rows = by_name(replay(made).json(VIEW))
    assert set(rows) == {"caf\u00e9", "\\377\\376\\001", "a\\\\b", "\"><script>"}


# by hash
def test_by_hash(street, ssids):
    for row in ssids.values():
        path = f"/phy/phy80211/ssids/by-hash/{row['dot11.ssidgroup.hash']}/ssid"
        assert street.json(path + ".json") == row
        assert msgpack.unpackb(street.get(path + ".msgpack").content) == row
        assert street.post(path + ".json", json={"fields": [SSID]}).json() == {SSID: row[SSID]}


def test_hashes_tie_networks_to_ssids(street, ssids):
    networks = [network for device in street.devices().values() for network in
                device["dot11.device"].get("dot11.device.advertised_ssid_map", [])]
    assert len(networks) == 5
    for network in networks:
        row = ssids[network["dot11.advertisedssid.ssid"]]
        assert row["dot11.ssidgroup.hash"] == network["dot11.advertisedssid.ssid_hash"]
        assert row["dot11.ssidgroup.hash"] < 2**53


@pytest.mark.parametrize("number,status", [("12345", 404), ("0", 404), ("x", 400), ("-1", 400),
                                           ("1.5", 400), ("99999999999999999999", 400)])
def test_other_hashes(street, number, status):
    answer = street.get(f"/phy/phy80211/ssids/by-hash/{number}/ssid.json")
    assert answer.status_code == status and "hash" in answer.text


# the view
def test_sorted_pages(street):
    rows = post(street, {"fields": [SSID]}, sort=SSID, order="ascending")
    assert names(rows) == NAMES
    page = post(street, {"fields": [SSID]}, sort=SSID, order="descending", page=1, length=2)
    assert names(page["data"]) == ["foobar", "cellar"]
    assert (page["last_page"], page["last_row"], page["total_row"]) == (3, 5, 5)
    rows = post(street, sort="dot11.ssidgroup.probing_devices_len", sort_dir="asc")
    assert sorted(names(rows[:2])) == ["linksys", "single"]


def test_search_and_patterns(street):
    page = post(street, {"fields": [SSID]}, search="FOO", page=0, length=1, sort=SSID)
    assert names(page["data"]) == ["barfoo"] and page["last_row"] == 2
    assert names(post(street, {"regex": [[SSID, "^s"]]})) == ["single"]
    probing = "^" + device_key(scene.PROBER) + "$"
    assert sorted(names(post(street, {"regex": [[MEMBERS["probing"], probing]]}))) == [
        "linksys", "single"]
    answer = street.post(VIEW, json={"regex": [[SSID, "("]]})
    assert answer.status_code == 400 and answer.text.startswith("Invalid regex: ")


def test_datatables(street):
    answer = post(street, {"datatable": True, "fields": [SSID], "colmap": {"0": SSID}},
                  draw=3, **{"order[0][column]": 0, "order[0][dir]": "asc", "search[value]": "r"})
    assert names(answer["data"]) == ["barfoo", "cellar", "foobar"]
    assert (answer["draw"], answer["recordsFiltered"], answer["recordsTotal"]) == (3, 3, 5)


def test_every_format(street):
    base = VIEW.removesuffix(".json")
    assert sorted(names(msgpack.unpackb(street.get(base + ".msgpack").content))) == NAMES
    lines = [json.loads(line) for line in street.get(base + ".itjson").text.splitlines()]
    assert sorted(names(lines)) == NAMES
    assert "dot11_ssidgroup_ssid" in street.json(base + ".tjson")[0]
    assert street.json(base + ".prettyjson")[0]["description.dot11.ssidgroup.ssid"]


def test_last_time(serve, street_file):
    server = serve("-c", f"{street_file}:name=once").wait_replayed()
    assert sorted(names(post(server, {"last_time": -60}))) == NAMES
    server.wait_for(lambda: post(server, {"last_time": -1}) == [], 10, "second without news")
    assert post(server, {"last_time": -1}, page=0, length=9)["total_row"] == 5
    assert server.post(VIEW, json={"last_time": "soon"}).status_code == 400


# limits and options
def test_the_longest_unheard_go_first(replay):
    made = Scene()
    for number in range(40):
        made.add(air.beacon(air.AccessPoint(f"00:13:10:00:00:{number:02x}", f"net {number}", 6)),
                 step=1)
    server = replay(made, "--set", "dot11_max_tracked_ssids=10")
    assert sorted(names(server.json(VIEW))) == sorted(f"net {number}" for number in range(30, 40))


def test_ssids_outlive_their_devices(replay):
    made = Scene()
    for number in range(40):
        made.add(air.beacon(air.AccessPoint(f"00:13:10:00:00:{number:02x}", "lasting", 6)), step=1)
    server = replay(made, "--set", "tracker_max_devices=4")
    row = server.wait_for(lambda: [row for row in server.json(VIEW) if
                                   row[MEMBERS["advertising"] + "_len"] <= 4], 10, "burial")[0]
    assert row["dot11.ssidgroup.first_time"] == air.START
    assert set(row[MEMBERS["advertising"]]) == {
        device["kismet.device.base.key"] for device in server.json("/devices/all_devices.json")}


def test_they_may_be_switched_off(serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "dot11_view_ssids=false")
    server.wait_replayed()
    for path in (VIEW, "/phy/phy80211/ssids/by-hash/1/ssid.json"):
        answer = server.get(path)
        assert answer.status_code == 404 and "dot11_view_ssids" in answer.text


def test_readers_while_ssids_come_and_go(serve, tmp_path):
    """Lists are whole though what they name is thrown out meanwhile."""
    made = Scene()
    for number in range(6000):
        made.add(air.beacon(air.AccessPoint("00:13:10:00:%02x:%02x" % divmod(number, 256),
                                            f"net {number}", 6)), step=0.01)
    path = made.write_pcap(tmp_path / "many.pcap")
    server = serve("-c", f"{path}:name=many,pps=3000", "--set", "dot11_max_tracked_ssids=500",
                   "--set", "tracker_max_devices=700")
    ended, asked = False, 0
    while not ended:
        ended = server.sources()[0]["norn.datasource.ended"]
        packed = msgpack.unpackb(server.get(VIEW.replace("json", "msgpack")).content)
        page = post(server, {"fields": [SSID]}, sort=SSID, page=0, length=50, search="net")
        assert len(packed) <= 500 and len(by_name(packed)) == len(packed)
        assert names(page["data"]) == sorted(names(page["data"]))
        asked += 1
    assert asked > 3
