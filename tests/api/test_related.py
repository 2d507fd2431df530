"""Devices around an access point: related_devices, clients-of, related-to; who probed for what."""
import json

import msgpack
import pytest

from support import air
from support import street as scene
from support.air import device_key

MAC = "kismet.device.base.macaddr"
RELATED = "kismet.device.base.related_devices"
NOBODY = device_key("00:00:5e:00:53:01")


def key(mac):
    return device_key(mac)


def upper(*macs):
    return sorted(mac.upper() for mac in macs)


def clients(server, mac, suffix="json"):
    return server.json(f"/phy/phy80211/clients-of/{key(mac)}/clients.{suffix}")


def related(server, mac):
    return sorted(device[MAC] for device in
                  server.json(f"/phy/phy80211/related-to/{key(mac)}/devices.json"))


# related_devices
def relations(server, mac):
    return server.json(f"/devices/by-key/{key(mac)}/device.json")[RELATED]


def test_relations_of_an_access_point_and_its_client(street):
    access_point = relations(street, scene.LINKSYS.bssid)
    assert set(access_point) == {"dot11_clients"}
    assert sorted(access_point["dot11_clients"]) == sorted(
        [key(scene.OPEN_CLIENT), key(scene.WIRED)])
    assert relations(street, scene.OPEN_CLIENT) == {
        "dot11_access_points": [key(scene.LINKSYS.bssid)]}
    assert relations(street, scene.PROBER) == {}


def test_relations_agree_with_the_maps(street):
    for device in street.devices().values():
        dot11, groups = device["dot11.device"], device[RELATED]
        assert sorted(groups.get("dot11_clients", [])) == sorted(
            dot11.get("dot11.device.associated_client_map", {}).values())


def test_relations_in_every_format(street):
    base = f"/devices/by-key/{key(scene.OPEN_CLIENT)}/device"
    expected = {"dot11_access_points": [key(scene.LINKSYS.bssid)]}
    assert street.msgpack(base + ".msgpack")[RELATED] == expected
    assert street.json(base + ".tjson")[RELATED.replace(".", "_")] == expected
    assert street.json(base + ".prettyjson")[RELATED] == expected
    assert street.json(f"{base}.json/{RELATED}") == expected
    assert street.json(f"{base}.json/{RELATED}/dot11_access_points/0") == key(scene.LINKSYS.bssid)
    assert street.get(f"{base}.json/{RELATED}/dot11_clients").status_code == 404


def test_relations_by_field_list_and_pattern(street):
    rows = street.post("/devices/all_devices.json", json={
        "fields": [MAC], "regex": [[RELATED + "/dot11_access_points",
                                    "^" + key(scene.SINGLE.bssid) + "$"]]}).json()
    assert sorted(row[MAC] for row in rows) == upper(scene.HANDSHAKE_CLIENT, scene.WIRED)


def test_owe_twins_name_each_other(serve, tmp_path):
    twin = "00:13:10:00:00:02"
    element = air.element(221, b"\x50\x6f\x9a\x1c" + air.mac(twin) + b"\x06hidden")
    ap = air.AccessPoint("00:13:10:00:00:01", "open", 6, extra=element)
    path = air.Scene().add(air.beacon(ap)).write_pcap(tmp_path / "owe.pcap")
    server = serve("-c", f"{path}:name=owe").wait_replayed()
    assert relations(server, ap.bssid) == {"dot11_owe_twins": [key(twin)]}


def one_box(path):
    """Two networks of one access point, and another that was switched on a minute later."""
    scene_of_boxes = air.Scene()
    for number, since in ((1, 500.0), (2, 500.2), (3, 440.0)):
        ap = air.AccessPoint(f"00:13:10:00:00:0{number}", f"net {number}", 6)
        frame = air.beacon(ap)
        timer = int((since + scene_of_boxes.time) * 10**6).to_bytes(8, "little")
        scene_of_boxes.add(frame[:24] + timer + frame[32:])
    return scene_of_boxes.write_pcap(path)


def test_timers_tell_the_networks_of_one_access_point(serve, tmp_path):
    path = one_box(tmp_path / "box.pcap")
    server = serve("-c", f"{path}:name=box", "--set", "dot11_link_bssts=true").wait_replayed()
    first, second, other = (f"00:13:10:00:00:0{number}" for number in (1, 2, 3))
    assert relations(server, first) == {"dot11_bssts_similar": [key(second)]}
    assert relations(server, second) == {"dot11_bssts_similar": [key(first)]}
    assert relations(server, other) == {}


@pytest.mark.parametrize("settings", [[], ["dot11_link_bssts=true",
                                           "dot11_related_bss_window=1000"]])
def test_timers_tell_nothing_unless_asked_or_too_far_apart(serve, tmp_path, settings):
    arguments = [word for setting in settings for word in ("--set", setting)]
    server = serve("-c", str(one_box(tmp_path / "box.pcap")), *arguments).wait_replayed()
    assert relations(server, "00:13:10:00:00:01") == {}


# clients-of
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_clients_of(street, method):
    answer = street.request(
        method, f"/phy/phy80211/clients-of/{key(scene.LINKSYS.bssid)}/clients.json")
    assert sorted(device[MAC] for device in answer.json()) == upper(scene.OPEN_CLIENT, scene.WIRED)
    assert all("dot11.device" in device for device in answer.json())


def test_clients_of_with_fields_and_lines_and_msgpack(street):
    path = f"/phy/phy80211/clients-of/{key(scene.SINGLE.bssid)}/clients"
    command = {"json": json.dumps({"fields": [MAC]})}
    expected = [{MAC: mac} for mac in upper(scene.HANDSHAKE_CLIENT, scene.WIRED)]
    lines = street.post(path + ".itjson", data=command).text.splitlines()
    assert sorted(map(json.loads, lines), key=str) == sorted(expected, key=str)
    packed = msgpack.unpackb(street.post(path + ".msgpack", data=command).content)
    assert sorted(packed, key=str) == sorted(expected, key=str)


def test_clients_of_with_a_pattern(street):
    rows = street.post(f"/phy/phy80211/clients-of/{key(scene.SINGLE.bssid)}/clients.json", json={
        "fields": [MAC], "regex": [[MAC, "^F4"]]}).json()
    assert rows == [{MAC: scene.HANDSHAKE_CLIENT.upper()}]


def test_who_has_no_clients_has_an_empty_list(street):
    assert clients(street, scene.FOOBAR.bssid) == []
    assert clients(street, scene.PROBER) == []
    assert clients(street, "00:00:5e:00:53:01") == []
    assert street.get(f"/phy/phy80211/clients-of/{NOBODY}/clients.itjson").content == b""


# related-to
def test_related_to_is_the_device_with_its_clients(street):
    assert related(street, scene.LINKSYS.bssid) == upper(
        scene.LINKSYS.bssid, scene.OPEN_CLIENT, scene.WIRED)
    assert related(street, scene.PROBER) == upper(scene.PROBER)
    assert related(street, "00:00:5e:00:53:01") == []


def test_related_to_goes_on_from_client_to_client(serve, tmp_path):
    """A repeater is a client of one access point and has clients of its own; loops end."""
    root = air.AccessPoint("00:13:10:00:00:01", "root", 6)
    repeater = air.AccessPoint("00:13:10:00:00:02", "repeater", 6)
    station, far = "00:1a:1e:00:00:03", "00:1a:1e:00:00:04"
    made = air.Scene().add(air.beacon(root)).add(air.beacon(repeater))
    for client, ap in ((repeater.bssid, root), (station, repeater), (far, repeater),
                       (root.bssid, repeater)):
        made.add(air.association_request(client, ap)).add(air.association_response(ap, client))
    server = serve("-c", f"{made.write_pcap(tmp_path / 'chain.pcap')}:name=chain").wait_replayed()
    everybody = upper(root.bssid, repeater.bssid, station, far)
    assert related(server, root.bssid) == everybody
    assert related(server, repeater.bssid) == everybody
    assert related(server, station) == upper(station)


def test_related_to_takes_fields_and_patterns(street):
    rows = street.post(f"/phy/phy80211/related-to/{key(scene.SINGLE.bssid)}/devices.json", json={
        "fields": [[MAC, "mac"]], "regex": [[MAC, "^F4"]]}).json()
    assert rows == [{"mac": scene.HANDSHAKE_CLIENT.upper()}]


@pytest.mark.parametrize("path", ["clients-of/{}/clients", "related-to/{}/devices"])
@pytest.mark.parametrize("text", ["nonsense", "1234", "4202770D00000000_G"])
def test_malformed_keys_are_400(street, path, text):
    answer = street.get(f"/phy/phy80211/{path.format(text)}.json")
    assert answer.status_code == 400 and "device key" in answer.text


# probe_regex
def probed(street, *patterns):
    answer = street.command("/phy/phy80211/probe_regex.cmd", {"essid": list(patterns)},
                            login=False)
    assert answer.status_code == 200, answer.text
    return sorted(row[MAC] for row in msgpack.unpackb(answer.content))


def test_probed_ssids(street):
    assert probed(street, "^linksys$") == upper(scene.PROBER)
    assert probed(street, "^linksys$", "^sing") == upper(scene.PROBER)
    assert probed(street, "^barfoo$") == []


@pytest.mark.parametrize("command", [{}, {"essid": "x"}, {"essid": [5]}, {"essid": ["("]}])
def test_bad_patterns_are_400(street, command):
    answer = street.command("/phy/phy80211/probe_regex.cmd", command, login=False)
    assert answer.status_code == 400 and answer.text.startswith("Invalid request")
