"""/filters: rules by address for packets and devices, set and taken back while norn runs."""
import json

import pytest

from support.norn import Server

PACKETS, DEVICES = "/filters/packet/kismetdb_packets", "/filters/class/kismetdb_devices"
WIFI = "IEEE802.11"
PHONE, LAPTOP = "F4:F5:D8:00:00:05", "3C:37:86:00:00:02"
MAKER = "F4:F5:D8:00:00:00/FF:FF:FF:00:00:00"
PACKET, CLASS = "kismet.packetfilter.", "kismet.classfilter."
ROLES = ("source", "destination", "network", "other", "any")


@pytest.fixture
def desk():
    with Server() as server:
        yield server


def post(server, path, login=True, **command):
    return server.post(path, data={"json": json.dumps(command)}, login=login)


def rules(server, role, phy=WIFI):
    state = server.json(f"{PACKETS}/filter.json")
    return state[PACKET + "macaddr.blocks_by_phy"][phy][f"{PACKET}macaddr.{role}"]


def device_rules(server, phy=WIFI):
    return server.json(f"{DEVICES}/filter.json")[CLASS + "macaddr.address_by_phy"][phy]


def test_an_empty_filter_of_packets(desk):
    state = desk.json(f"{PACKETS}/filter.json")
    assert state.pop(PACKET + "description")
    assert state == {PACKET + "id": "kismetdb_packets", PACKET + "type": "mac_addr",
                     PACKET + "default": 0, PACKET + "macaddr.blocks_by_phy": {}}


def test_an_empty_filter_of_devices(desk):
    state = desk.json(f"{DEVICES}/filter.json")
    assert state.pop(CLASS + "description")
    assert state == {CLASS + "id": "kismetdb_devices", CLASS + "type": "mac_addr",
                     CLASS + "default": 0, CLASS + "macaddr.address_by_phy": {}}


@pytest.mark.parametrize("role", ROLES)
def test_set_and_remove_rules_of_packets(desk, role):
    answer = post(desk, f"{PACKETS}/{WIFI}/{role}/set_filter.cmd",
                  filter={PHONE.lower(): True, MAKER: False})
    assert (answer.status_code, answer.text.strip()) == (200, "Set filter")
    assert rules(desk, role) == {PHONE: 1, MAKER: 0}
    assert all(rules(desk, other) == {} for other in ROLES if other != role)
    answer = post(desk, f"{PACKETS}/{WIFI}/{role}/remove_filter.cmd", filter=[PHONE, LAPTOP])
    assert (answer.status_code, answer.text.strip()) == (200, "Removed filter")
    assert rules(desk, role) == {MAKER: 0}
    assert post(desk, f"{PACKETS}/{WIFI}/{role}/remove_filter.cmd",
                addresses=[MAKER]).status_code == 200
    assert rules(desk, role) == {}


def test_set_and_remove_rules_of_devices(desk):
    assert post(desk, f"{DEVICES}/{WIFI}/set_filter.cmd", filter={PHONE: "block", LAPTOP: "pass"}
                ).text.strip() == "Set filter"
    assert post(desk, f"{DEVICES}/BTLE/set_filter.cmd", filter={PHONE: 1}).status_code == 200
    assert device_rules(desk) == {PHONE: 1, LAPTOP: 0}
    assert device_rules(desk, "BTLE") == {PHONE: 1}
    assert post(desk, f"{DEVICES}/{WIFI}/remove_filter.cmd",
                filter=[PHONE]).text.strip() == "Removed filter"
    assert device_rules(desk) == {LAPTOP: 0}


@pytest.mark.parametrize("path, name", [(PACKETS, PACKET), (DEVICES, CLASS)])
@pytest.mark.parametrize("word, blocks", [("block", 1), ("Reject", 1), ("1", 1), (True, 1),
                                          ("pass", 0), ("allow", 0), (False, 0)])
def test_the_default(desk, path, name, word, blocks):
    answer = post(desk, f"{path}/set_default.cmd", default=word)
    assert (answer.status_code, answer.text.strip()) == (200, f"Default filter: {blocks}")
    assert desk.json(f"{path}/filter.json")[name + "default"] == blocks


def test_the_configuration_fills_the_filters(serve):
    server = serve("--set", f"kis_log_packet_filter={WIFI},source,{PHONE},block",
                   "--set", "kis_log_packet_filter=nonsense",
                   "--set", f"kis_log_device_filter={WIFI},*,block",
                   "--set", "kis_log_device_filter_default=block")
    assert rules(server, "source") == {PHONE: 1}
    assert device_rules(server) == {"00:00:00:00:00:00/00:00:00:00:00:00": 1}
    assert server.json(f"{DEVICES}/filter.json")[CLASS + "default"] == 1
    assert "kis_log_packet_filter=nonsense" in server.console


def test_fields_and_formats(desk):
    assert post(desk, f"{PACKETS}/filter.json", fields=[[PACKET + "default", "d"]]
                ).json() == {"d": 0}
    post(desk, f"{DEVICES}/{WIFI}/set_filter.cmd", filter={PHONE: True})
    assert desk.msgpack(f"{DEVICES}/filter.msgpack") == desk.json(f"{DEVICES}/filter.json")


@pytest.mark.parametrize("path, command, status, word", [
    ("/filters/packet/other/filter.json", {}, 404, "kismetdb_packets"),
    ("/filters/class/kismetdb_packets/filter.json", {}, 404, "kismetdb_devices"),
    (f"{PACKETS}/set_default.cmd", {"other": 1}, 400, "default"),
    (f"{PACKETS}/set_default.cmd", {"default": []}, 400, "default"),
    (f"{PACKETS}/{WIFI}/middle/set_filter.cmd", {"filter": {PHONE: True}}, 400, "destination"),
    (f"{PACKETS}/{WIFI}/any/set_filter.cmd", {"filter": [PHONE]}, 400, "dictionary"),
    (f"{PACKETS}/{WIFI}/any/set_filter.cmd", {"filter": {"phone": True}}, 400, "'phone'"),
    (f"{PACKETS}/{WIFI}/any/remove_filter.cmd", {"other": 1}, 400, "list"),
    (f"{PACKETS}/{'x' * 40}/any/set_filter.cmd", {"filter": {PHONE: True}}, 400, "phy"),
    (f"{DEVICES}/{WIFI}/remove_filter.cmd", {"filter": ["x"]}, 400, "'x'"),
])
def test_mistakes_are_told(desk, path, command, status, word):
    answer = post(desk, path, **command)
    assert answer.status_code == status and word in answer.text
    assert desk.json(f"{PACKETS}/filter.json")[PACKET + "macaddr.blocks_by_phy"] == {}


def test_only_an_administrator_changes_filters(desk):
    for path in (f"{PACKETS}/set_default.cmd", f"{PACKETS}/{WIFI}/any/set_filter.cmd",
                 f"{PACKETS}/{WIFI}/any/remove_filter.cmd", f"{DEVICES}/set_default.cmd",
                 f"{DEVICES}/{WIFI}/set_filter.cmd", f"{DEVICES}/{WIFI}/remove_filter.cmd"):
        assert post(desk, path, login=False, default="block").status_code == 401
