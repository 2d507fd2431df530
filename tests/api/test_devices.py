"""/devices: summaries, the DataTables form, one device by key or address, one part of a device."""
import pytest

from support import street as scene
from support.air import device_key
from support.formats import same_members

SUMMARY = ["key", "macaddr", "phyname", "name", "type", "crypt", "first_time", "last_time",
           "packets.total", "signal", "channel", "frequency", "manuf", "packets.rrd"]
LINKSYS = scene.LINKSYS.bssid.upper()
KEY = device_key(scene.LINKSYS.bssid)


def by_mac(devices):
    return {device["kismet.device.base.macaddr"]: device for device in devices}


@pytest.fixture
def summaries(street):
    return by_mac(street.json("/devices/all_devices.json"))


# all_devices
def test_all_devices_lists_everyone_once(street, summaries):
    assert len(street.json("/devices/all_devices.json")) == len(summaries)
    assert set(summaries) == {mac.upper() for mac in scene.EVERYONE}


@pytest.mark.parametrize("name", SUMMARY)
def test_summary_member(summaries, name):
    for mac, device in summaries.items():
        if name in ("signal", "packets.rrd") and mac == scene.WIRED.upper():
            continue  # never heard on the air itself
        assert "kismet.device.base." + name in device, mac


def test_summary_is_not_the_full_record(summaries):
    assert "dot11.device" not in summaries[LINKSYS]


def test_summary_values(summaries):
    device = summaries[LINKSYS]
    assert device["kismet.device.base.key"] == KEY
    assert device["kismet.device.base.phyname"] == "IEEE802.11"
    assert device["kismet.device.base.name"] == "linksys"
    assert device["kismet.device.base.type"] == "Wi-Fi AP"
    assert device["kismet.device.base.channel"] == "6"
    assert device["kismet.device.base.frequency"] == 2437000
    assert device["kismet.device.base.first_time"] == 1704067200
    assert "linksys" in device["kismet.device.base.manuf"].lower()
    assert device["kismet.device.base.crypt"] == "Open"


def test_broadcast_is_never_a_device(summaries):
    assert not [mac for mac in summaries if int(mac[:2], 16) & 1]


def test_all_devices_msgpack_has_the_same_devices(street, summaries):
    plain = by_mac(street.msgpack("/devices/all_devices.msgpack"))
    assert plain.keys() == summaries.keys()
    same_members(plain[LINKSYS], summaries[LINKSYS])


def test_all_devices_lines_are_full_records(street):
    import json
    for suffix, name in (("itjson", "dot11.device"), ("ekjson", "dot11_device")):
        answer = street.get(f"/devices/all_devices.{suffix}")
        lines = answer.text.splitlines()
        assert len(lines) == len(scene.EVERYONE)
        assert all(name in json.loads(line) for line in lines)


def test_empty_lists(serve):
    server = serve()
    assert server.json("/devices/all_devices.json") == []
    assert server.msgpack("/devices/all_devices.msgpack") == []
    assert server.json("/devices/all_devices_dt.json") == {"aaData": []}
    assert server.get("/devices/all_devices.itjson").content == b""
    assert server.get("/devices/all_devices.ekjson").content == b""
    assert server.get("/devices/all_devices.itjson").status_code == 200
    assert server.json("/devices/by-mac/00:11:22:33:44:55/devices.json") == []
    assert server.post("/devices/last-time/0/devices.json").json() == []


# all_devices_dt
def test_datatables_form_wraps_the_summaries(street, summaries):
    answer = street.json("/devices/all_devices_dt.json")
    assert list(answer) == ["aaData"]
    assert by_mac(answer["aaData"]).keys() == summaries.keys()


def test_datatables_rows_all_have_the_same_members(street):
    rows = street.json("/devices/all_devices_dt.json")["aaData"]
    names = {tuple(sorted(row)) for row in rows}
    assert len(names) == 1
    assert {"kismet.device.base." + name for name in SUMMARY} <= set(rows[0])


# by-key
def test_device_by_key_is_the_full_record(street):
    device = street.json(f"/devices/by-key/{KEY}/device.json")
    assert device["kismet.device.base.macaddr"] == LINKSYS
    assert device["dot11.device"]["dot11.device.advertised_ssid_map"]
    same_members(street.msgpack(f"/devices/by-key/{KEY}/device.msgpack"), device)


def test_device_key_may_be_written_in_any_case(street):
    device = street.json(f"/devices/by-key/{KEY.lower()}/device.json")
    assert device["kismet.device.base.key"] == KEY


@pytest.mark.parametrize("suffix", ["json", "msgpack", "prettyjson", "tjson", "ekjson", "itjson"])
def test_unknown_key_is_404(street, suffix):
    key = device_key("00:00:5e:00:53:01")
    assert street.get(f"/devices/by-key/{key}/device.{suffix}").status_code == 404
    assert street.post(f"/devices/by-key/{key}/device.{suffix}").status_code == 404


@pytest.mark.parametrize("key", ["1234", "x_y", "_", "4202770D00000000_", "%20",
                                 "4202770D00000000_11_22", "4202770D00000000_G",
                                 "14202770D00000000_1100AA101300", "-1_1"])
def test_malformed_key_is_400(street, key):
    assert street.get(f"/devices/by-key/{key}/device.json").status_code == 400


# one part of a device
PARTS = {
    "kismet.device.base.macaddr": LINKSYS,
    "kismet.device.base.channel": "6",
    "kismet.device.base.frequency": 2437000,
    "kismet.device.base.packets.error": 0,
    "dot11.device/dot11.device.last_beaconed_ssid": "linksys",
    "dot11.device/dot11.device.num_advertised_ssids": 1,
    "kismet.device.base.signal/kismet.common.signal.type": "dbm",
}


@pytest.mark.parametrize("path", PARTS)
def test_part_of_a_device_is_a_bare_value(street, path):
    base = f"/devices/by-key/{KEY}/device"
    assert street.json(f"{base}.json/{path}") == PARTS[path]
    assert street.msgpack(f"{base}.msgpack/{path}") == PARTS[path]


def test_part_that_is_text_is_quoted_json(street):
    answer = street.get(f"/devices/by-key/{KEY}/device.json/kismet.device.base.name")
    assert answer.content.strip() == b'"linksys"'


def test_part_of_a_device_may_be_a_record(street):
    base = f"/devices/by-key/{KEY}/device"
    signal = street.json(f"{base}.json/kismet.device.base.signal")
    assert signal["kismet.common.signal.type"] == "dbm"
    same_members(street.msgpack(f"{base}.msgpack/kismet.device.base.signal"), signal)
    assert "dot11.device.typeset" in street.json(f"{base}.json/dot11.device")


def test_part_of_a_device_may_be_an_array(street):
    ssids = street.json(f"/devices/by-key/{KEY}/device.json/dot11.device/"
                        "dot11.device.advertised_ssid_map")
    assert [ssid["dot11.advertisedssid.ssid"] for ssid in ssids] == ["linksys"]


def test_part_of_a_device_answers_post(street):
    answer = street.post(f"/devices/by-key/{KEY}/device.json/kismet.device.base.name")
    assert answer.json() == "linksys"


@pytest.mark.parametrize("path", ["nothing", "kismet.device.base.nothing",
                                  "dot11.device/nothing", "kismet.device.base.name/more",
                                  "kismet.device.base.username"])
def test_part_that_is_not_there_is_404(street, path):
    for suffix in ("json", "msgpack"):
        answer = street.get(f"/devices/by-key/{KEY}/device.{suffix}/{path}")
        assert answer.status_code == 404, answer.text


def test_part_of_an_unknown_device_is_404(street):
    key = device_key("00:00:5e:00:53:01")
    assert street.get(f"/devices/by-key/{key}/device.json/kismet.device.base.name"
                      ).status_code == 404


# by-mac
@pytest.mark.parametrize("mac", [LINKSYS, LINKSYS.lower(), LINKSYS.replace(":", ""),
                                 LINKSYS.replace(":", "%3A")])
def test_devices_by_mac_in_any_spelling(street, mac):
    devices = street.json(f"/devices/by-mac/{mac}/devices.json")
    assert [device["kismet.device.base.macaddr"] for device in devices] == [LINKSYS]
    assert "dot11.device" in devices[0]


def test_devices_by_mac_in_msgpack(street):
    devices = street.msgpack(f"/devices/by-mac/{LINKSYS}/devices.msgpack")
    same_members(devices[0], street.json(f"/devices/by-mac/{LINKSYS}/devices.json")[0])


def test_mac_without_a_device_is_an_empty_list(street):
    for suffix, empty in (("json", b"[]"), ("msgpack", b"\x90"), ("itjson", b"")):
        answer = street.get(f"/devices/by-mac/00:00:5E:00:53:01/devices.{suffix}")
        assert answer.status_code == 200
        assert answer.content.strip() == empty


@pytest.mark.parametrize("mac", ["nonsense", "00:11:22:33:44:GG", "00:11:22:33:44:55:66:77:88",
                                 "%20", "00-", ":::::"])
def test_malformed_mac_is_400(street, mac):
    for suffix in ("json", "msgpack"):
        assert street.get(f"/devices/by-mac/{mac}/devices.{suffix}").status_code == 400
