"""Bluetooth devices over HTTP: one address on two phys, names by number, what options change."""
import json

import pytest

from support import air, bluetooth_air as blue, typed
from support.formats import same_members

SPEAKER, TAG, PHONE = "00:A0:50:00:00:01", "C1:02:03:04:05:06", "4A:11:22:33:44:55"
CLASSIC_KEY, LOW_ENERGY_KEY = "B603E01100000000_1000050A000", "2701E10200000000_1000050A000"
BASE = "kismet.device.base."
SAID = "norn.advertised."
OWN_SERVICE = "12345678-1234-5678-9ABC-DEF012345678"


def low_energy():
    """A speaker, a tag and a phone; the tag advertises ten services and ten names."""
    scene = air.Scene(blue.DLT_LE_PHDR)
    scene.add(blue.heard(blue.advertisement(SPEAKER, blue.ad(
        blue.flags(), blue.name("Speaker LE"), blue.services(0x180f), blue.maker(0x004c),
        blue.service_data(0x180f, b"\x64"))), 38, -50))
    for number in range(10):
        scene.add(blue.heard(blue.advertisement(TAG, blue.ad(
            blue.name(f"Tag {number}"), blue.services(0xf000 + number)), random=True), 37, -70))
    return scene.add(blue.heard(blue.advertisement(PHONE, blue.ad(
        blue.maker(0x1234), (0x07, bytes.fromhex(OWN_SERVICE.replace("-", ""))[::-1])),
        random=True), 39, -80))


def host():
    """The log of a phone that found the speaker."""
    found = blue.inquiry_result(SPEAKER, 0x240404, -45, blue.ad(blue.name("Speaker"),
                                                              blue.services(0x110b)))
    return blue.btsnoop([(air.START, 1, found)])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    directory = tmp_path_factory.mktemp("bluetooth")
    (directory / "host.btsnoop").write_bytes(host())
    return [f"{low_energy().write_pcap(directory / 'air.pcap')}:name=air",
            f"{directory / 'host.btsnoop'}:name=host"]


@pytest.fixture
def start(serve, files):
    def start(*settings):
        arguments = [word for path in files for word in ("-c", path)]
        for setting in settings:
            arguments += ["--set", setting]
        return serve(*arguments).wait_replayed()
    return start


def by_phy(rows):
    return {row[BASE + "phyname"]: row for row in rows}


def low_energy_device(server, address):
    return by_phy(server.json(f"/devices/by-mac/{address}/devices.json"))["BTLE"]


def said(device):
    return {name.removeprefix(SAID): value
            for name, value in device["btle.device"]["norn.btle.advertised"].items()}


# one address on two phys
def test_an_address_on_two_phys_is_two_devices(start):
    server = start()
    found = by_phy(server.json(f"/devices/by-mac/{SPEAKER}/devices.json"))
    assert {phy: row[BASE + "key"] for phy, row in found.items()} == {
        "Bluetooth": CLASSIC_KEY, "BTLE": LOW_ENERGY_KEY}
    assert {phy: row[BASE + "name"] for phy, row in found.items()} == {
        "Bluetooth": "Speaker", "BTLE": "Speaker LE"}
    assert "bluetooth.device" in found["Bluetooth"] and "btle.device" not in found["Bluetooth"]
    assert "btle.device" in found["BTLE"] and "bluetooth.device" not in found["BTLE"]
    for phy, row in found.items():
        alone = server.json(f"/devices/by-key/{row[BASE + 'key']}/device.json")
        assert alone[BASE + "phyname"] == phy
    both = server.command("/devices/multimac/devices.json", {"devices": [SPEAKER]}).json()
    assert len(both) == 2
    named = server.command("/devices/multikey/as-object/devices.json",
                           {"devices": [CLASSIC_KEY, LOW_ENERGY_KEY]}).json()
    assert set(named) == {CLASSIC_KEY, LOW_ENERGY_KEY}


def test_phys_and_their_views(start):
    server = start()
    phys = {row["kismet.phy.name"]: row for row in server.json("/phy/all_phys.json")}
    assert (phys["Bluetooth"]["kismet.phy.devices"], phys["BTLE"]["kismet.phy.devices"]) == (1, 3)
    assert phys["BTLE"]["kismet.phy.packets"] == 12
    assert phys["IEEE802.11"]["kismet.phy.packets"] == 0
    for phy, addresses in (("Bluetooth", {SPEAKER}), ("BTLE", {SPEAKER, TAG, PHONE})):
        rows = server.json(f"/devices/views/phy-{phy}/devices.json")
        assert {row[BASE + "macaddr"] for row in rows} == addresses
    views = {row["kismet.devices.view.id"] for row in server.json("/devices/views/all_views.json")}
    assert {"phy-Bluetooth", "phy-BTLE"} <= views


def test_each_is_seen_by_its_own_source(start):
    server = start()
    rows = by_phy(server.json(f"/devices/by-mac/{SPEAKER}/devices.json"))
    names = {phy: [seen["kismet.common.seenby.source"]["kismet.datasource.name"]
                   for seen in row[BASE + "seenby"]] for phy, row in rows.items()}
    assert names == {"Bluetooth": ["host"], "BTLE": ["air"]}
    assert {row["kismet.datasource.name"]: row["kismet.datasource.dlt"]
            for row in server.sources()} == {"air": blue.DLT_LE_PHDR, "host": blue.DLT_HCI_PHDR}


# what a record says
def test_a_low_energy_device(start):
    device = low_energy_device(start(), SPEAKER)
    assert device[BASE + "type"] == "BTLE Device"
    assert (device[BASE + "channel"], device[BASE + "frequency"]) == ("38", 2426000)
    assert device[BASE + "signal"]["kismet.common.signal.last_signal"] == -50
    assert device[BASE + "manuf"].startswith("CYPRESS")
    assert (device[BASE + "btmanuf"], device[BASE + "btoid"]) == ("Apple", "Battery")
    record = device["btle.device"]
    assert record["btle.device.le_general_discoverable"] == 1
    assert record["btle.device.br_edr_unsupported"] == 1
    assert record["btle.device.le_limited_discoverable"] == 0
    assert record["norn.btle.address_kind"] == "public"
    assert record["norn.btle.last_pdu"] == "ADV_IND"
    assert said(device)["services"] == [{
        "norn.service.uuid": "0000180F-0000-1000-8000-00805F9B34FB",
        "btle.short_service.uuid": 0x180f, "btle.common.uuid_vendor": "Battery",
        "btle.short_service.data": "64", "norn.service.offered": 1, "norn.service.solicited": 0}]


def test_a_basic_rate_device(start):
    rows = by_phy(start().json(f"/devices/by-mac/{SPEAKER}/devices.json"))
    record = rows["Bluetooth"]["bluetooth.device"]
    assert record["bluetooth.device.major_class"] == "Audio/Video"
    assert record["bluetooth.device.minor_class"] == "Headset"
    assert record["bluetooth.device.service_uuid_vec"] == ["0000110B-0000-1000-8000-00805F9B34FB"]
    assert rows["Bluetooth"][BASE + "type"] == "BT Headset"


def test_random_addresses_have_no_maker_by_address(start):
    server = start()
    kinds = {address: low_energy_device(server, address) for address in (TAG, PHONE)}
    assert kinds[TAG]["btle.device"]["norn.btle.address_kind"] == "static random"
    assert kinds[PHONE]["btle.device"]["norn.btle.address_kind"] == "resolvable"
    assert all(device["norn.device.random_address"] == 1 for device in kinds.values())


@pytest.mark.parametrize("key,part", [(LOW_ENERGY_KEY, "btle.device"),
                                      (CLASSIC_KEY, "bluetooth.device")])
def test_every_format_has_the_same_members(start, key, part):
    server = start()
    path = f"/devices/by-key/{key}/device"
    record = server.json(path + ".json")
    assert part in record
    same_members(server.msgpack(path + ".msgpack"), record)
    assert len(typed.decode(server.get(path + ".msgpack?msgpack=typed").content)) == len(record)
    lines = server.get(path + ".ekjson").text.splitlines()
    assert part.replace(".", "_") in json.loads(lines[0])
    assert "description." + part in server.json(path + ".prettyjson")


def test_a_field_of_the_record_is_asked_for_by_its_path(start):
    rows = start().command("/devices/last-time/0/devices.json", {
        "fields": [BASE + "macaddr", "btle.device/norn.btle.address_kind"],
        "regex": [[BASE + "name", "^Tag"]]}).json()
    assert rows == [{BASE + "macaddr": TAG, "norn.btle.address_kind": "static random"}]


# options
def test_names_of_numbers_are_added_and_changed(start):
    server = start("btmanuf=1234,Acme", "btmanuf=0x004c,Orchard", "btoid=180F,Charge",
                   f"btoid={OWN_SERVICE},Own")
    assert said(low_energy_device(server, PHONE))["company"] == "Acme"
    assert low_energy_device(server, PHONE)[BASE + "btoid"] == "Own"
    device = low_energy_device(server, SPEAKER)
    assert (device[BASE + "btmanuf"], device[BASE + "btoid"]) == ("Orchard", "Charge")


def test_names_of_numbers_may_be_left_out(start):
    server = start("btmanuf_lookup=false", "btoid_lookup=false")
    device = low_energy_device(server, SPEAKER)
    assert BASE + "btmanuf" not in device and BASE + "btoid" not in device
    assert said(device)["company_id"] == 0x004c
    assert said(device)["services"][0]["btle.short_service.uuid"] == 0x180f


@pytest.mark.parametrize("setting", ["btmanuf=Apple", "btmanuf=12345,Apple", "btmanuf=004C,",
                                     "btoid=Battery", "btoid=1234-5,Own"])
def test_a_name_that_cannot_be_taken_is_told_and_passed_over(serve, setting):
    server = serve("--set", setting)
    server.wait_for(lambda: f"norn: {setting}: " in server.console, 5, "complaint")


def test_devices_with_random_addresses_may_be_ignored(start):
    server = start("btle_ignore_random=true")
    rows = server.json("/devices/views/phy-BTLE/devices.json")
    assert [row[BASE + "macaddr"] for row in rows] == [SPEAKER]
    phys = {row["kismet.phy.name"]: row for row in server.json("/phy/all_phys.json")}
    assert phys["BTLE"]["kismet.phy.packets"] == 12


def test_names_and_services_have_a_limit(start):
    tag = said(low_energy_device(start("btle_max_names=3", "btle_max_services=2"), TAG))
    assert tag["names"] == ["Tag 9", "Tag 8", "Tag 7"]
    assert [row["btle.short_service.uuid"] for row in tag["services"]] == [0xf009, 0xf008]
