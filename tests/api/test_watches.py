"""/devices/alerts/mac: the lists of addresses to watch for, changed while norn runs."""
import json

import pytest

from support.norn import Server

PHONE, LAPTOP = "F4:F5:D8:00:00:05", "3C:37:86:00:00:02"
MAKER = "F4:F5:D8:00:00:00/FF:FF:FF:00:00:00"


@pytest.fixture(scope="module")
def desk():
    with Server() as server:
        yield server


@pytest.fixture
def empty(desk):
    """The desk with empty lists."""
    for text in listed(desk, "found") + listed(desk, "lost"):
        change(desk, "both", "remove", mac=text)
    return desk


def listed(server, kind):
    return server.json(f"/devices/alerts/mac/{kind}/macs.json")


def change(server, kind, verb, login=True, **command):
    return server.post(f"/devices/alerts/mac/{kind}/{verb}.cmd",
                       data={"json": json.dumps(command)}, login=login)


def test_add_and_remove_one(empty):
    answer = change(empty, "found", "add", mac=PHONE)
    assert (answer.status_code, answer.text) == (200, "")
    assert (listed(empty, "found"), listed(empty, "lost"), listed(empty, "both")) == ([PHONE], [],
                                                                                     [])
    assert change(empty, "found", "add", mac=PHONE.lower()).status_code == 200  # once is enough
    assert listed(empty, "found") == [PHONE]
    assert change(empty, "found", "remove", mac=PHONE).status_code == 200
    assert change(empty, "found", "remove", mac=PHONE).status_code == 200
    assert listed(empty, "found") == []


def test_both_is_in_either_list(empty):
    change(empty, "both", "add", macs=[PHONE, LAPTOP])
    assert sorted(listed(empty, "found")) == sorted(listed(empty, "lost")) == [LAPTOP, PHONE]
    change(empty, "lost", "remove", mac=PHONE)
    assert listed(empty, "both") == listed(empty, "lost") == [LAPTOP]
    assert sorted(listed(empty, "found")) == [LAPTOP, PHONE]


def test_one_and_many_together_and_masks(empty):
    assert change(empty, "lost", "add", mac=PHONE, macs=[LAPTOP, MAKER]).status_code == 200
    assert sorted(listed(empty, "lost")) == sorted([PHONE, LAPTOP, MAKER])
    # what a mask leaves out does not count
    change(empty, "lost", "remove", mac="F4:F5:D8:12:34:56/FF:FF:FF:00:00:00")
    assert sorted(listed(empty, "lost")) == [LAPTOP, PHONE]


def test_lists_in_other_formats(empty):
    change(empty, "found", "add", macs=[PHONE, MAKER])
    path = "/devices/alerts/mac/found/macs"
    assert empty.msgpack(path + ".msgpack") == listed(empty, "found")
    lines = empty.get(path + ".itjson").text.splitlines()
    assert [json.loads(line) for line in lines] == listed(empty, "found")
    assert empty.post(path + ".json").json() == listed(empty, "found")


@pytest.mark.parametrize("command", [
    {}, {"mac": "x"}, {"mac": PHONE, "macs": ["y"]}, {"macs": PHONE + "/"}, {"macs": {}},
    {"mac": 5}, {"macs": [PHONE] * 5000}])
def test_what_cannot_be_is_400_and_changes_nothing(empty, command):
    for verb in ("add", "remove"):
        assert change(empty, "found", verb, **command).status_code == 400
    assert listed(empty, "found") == []


def test_unknown_lists_are_404(desk):
    assert desk.get("/devices/alerts/mac/nobody/macs.json").status_code == 404
    assert change(desk, "nobody", "add", mac=PHONE).status_code == 404


def test_commands_need_a_login_and_post(desk):
    assert change(desk, "found", "add", login=False, mac=PHONE).status_code == 401
    assert desk.get("/devices/alerts/mac/found/add.cmd", login=True).status_code == 405


def test_the_list_has_a_limit(serve):
    server = serve()
    addresses = [f"02:00:00:00:{number >> 8:02X}:{number & 255:02X}" for number in range(4096)]
    assert change(server, "found", "add", macs=addresses).status_code == 200
    assert change(server, "found", "add", mac=PHONE).status_code == 500
    assert sorted(listed(server, "found")) == addresses


def test_the_configuration_fills_the_lists(serve):
    server = serve("--set", f"devicefound={PHONE}", "--set", f"devicefound={MAKER}",
                   "--set", f"devicelost={LAPTOP}", "--set", "devicelost=nonsense")
    assert sorted(listed(server, "found")) == sorted([PHONE, MAKER])
    assert listed(server, "lost") == [LAPTOP]
    assert "devicelost=nonsense: no address" in server.console


def test_a_device_that_is_heard_already_is_lost_when_it_falls_silent(serve, tmp_path):
    """The list changes while the radio plays; what is heard from then on counts."""
    from support.air import Scene, probe_request
    first = tmp_path / "stays.pcap"
    scene = Scene()
    for _ in range(3):
        scene.add(probe_request(LAPTOP.lower()), step=0.2)
    scene.write_pcap(first)
    server = serve("-c", f"{first}:name=radio,realtime=true,loop=true",
                   "--set", "devicelost_timeout=1")
    server.wait_for(lambda: server.devices(), 10, "device")
    assert change(server, "both", "add", mac=LAPTOP).status_code == 200
    uuid = server.sources()[0]["kismet.datasource.uuid"]
    server.wait_for(lambda: server.devices()[LAPTOP]["kismet.device.base.packets.total"] > 6, 10,
                    "more packets")
    assert server.json("/alerts/all_alerts.json") == []  # neither new nor silent
    server.command(f"/datasource/by-uuid/{uuid}/pause_source.cmd", {})
    lost, = server.wait_for(lambda: server.json("/alerts/all_alerts.json"), 10, "DEVICELOST")
    assert lost["kismet.alert.header"] == "DEVICELOST"
    assert lost["kismet.alert.source_mac"] == LAPTOP
