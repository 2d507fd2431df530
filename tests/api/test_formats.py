"""Every read endpoint in every format: names, lines, members, descriptions, typed msgpack."""
import json

import msgpack
import pytest

from support import street as scene, typed
from support.air import device_key
from support.formats import members, same_members, undescribed

KEY = device_key(scene.SINGLE.bssid)
MAC = scene.SINGLE.bssid.upper()
READS = ["/system/status", "/system/timestamp", "/system/user_status", "/devices/all_devices",
         "/devices/last-time/1/devices", f"/devices/by-key/{KEY}/device",
         f"/devices/by-mac/{MAC}/devices", "/phy/all_phys", "/channels/channels",
         "/datasource/all_sources", "/datasource/supported_sources", "/datasource/error_sources",
         "/packetsource/all_sources", "/gps/location", "/alerts/definitions", "/alerts/all_alerts",
         "/alerts/last-time/0.5/alerts", "/alerts/wrapped/last-time/0/alerts",
         "/alerts/alerts_view", "/messagebus/all_messages", "/messagebus/last-time/0/messages",
         "/devices/alerts/mac/found/macs"]
# These answer lines with whole records where .json gives summaries or a wrapper.
LINES_DIFFER = ("/devices/all_devices", "/devices/last-time/1/devices")


def underscored(value):
    """Names of records with underscores; keys that are data stay."""
    if isinstance(value, dict):
        return {(key.replace(".", "_") if key.startswith(("kismet.", "dot11.", "norn."))
                 or key in ("aaData",) else key): underscored(inner)
                for key, inner in value.items()}
    if isinstance(value, list):
        return [underscored(inner) for inner in value]
    return value


def strictly(text):
    """JSON with no member twice and no NaN."""
    def pairs(items):
        names = [name for name, _ in items]
        assert len(names) == len(set(names)), "a member stands twice"
        return dict(items)

    def constant(name):
        raise AssertionError(name + " in JSON")
    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


@pytest.mark.parametrize("path", READS)
def test_json_is_one_line_of_valid_utf8(street, path):
    content = street.get(path + ".json").content
    strictly(content.decode("utf-8"))
    assert b"\n" not in content.strip() and b"\r" not in content.strip()


@pytest.mark.parametrize("path", READS)
def test_prettyjson_is_the_same_record_explained(street, path):
    answer = street.get(path + ".prettyjson")
    assert answer.headers["Content-Type"].startswith("application/json")
    pretty = strictly(answer.content.decode("utf-8"))
    same_members(undescribed(pretty), street.json(path + ".json"))
    if pretty:
        assert answer.text.count("\r\n") > 1


def test_prettyjson_describes_each_member(street):
    device = street.json(f"/devices/by-key/{KEY}/device.prettyjson")
    names = [name for name in device if not name.startswith("description.")]
    for name in names:
        kind, _, text = device["description." + name].partition(", ")
        assert kind and text, name


@pytest.mark.parametrize("path", READS)
def test_tjson_has_underscores(street, path):
    answer = strictly(street.get(path + ".tjson").text)
    same_members(answer, underscored(street.json(path + ".json")))
    assert not [name for name in members(answer) if name.split("/")[-1].startswith("kismet.")]


@pytest.mark.parametrize("suffix", ["itjson", "ekjson"])
@pytest.mark.parametrize("path", READS)
def test_lines_are_json_each(street, path, suffix):
    answer = street.get(f"{path}.{suffix}")
    assert answer.status_code == 200
    whole = street.json(path + ".json")
    values = [strictly(line) for line in answer.text.split("\n") if line]
    assert "\r" not in answer.text
    if path in LINES_DIFFER:
        assert len(values) == len(scene.EVERYONE)
        return
    elements = whole if isinstance(whole, list) else [whole]
    assert len(values) == len(elements)
    for value, element in zip(values, elements):
        same_members(value, underscored(element) if suffix == "ekjson" else element)


@pytest.mark.parametrize("path", READS)
def test_msgpack_has_the_members_of_json(street, path):
    answer = street.get(path + ".msgpack")
    assert answer.headers["Content-Type"] == "application/msgpack"
    same_members(msgpack.unpackb(answer.content), street.json(path + ".json"))


@pytest.mark.parametrize("path", READS)
def test_typed_msgpack_unwraps_to_the_same_members(street, path):
    answer = street.get(path + ".msgpack", params={"msgpack": "typed"})
    value = typed.decode(answer.content)
    assert len(members(value)) == len(members(street.json(path + ".json")))


def test_typed_values(street):
    answer = street.get(f"/devices/by-key/{KEY}/device.msgpack?msgpack=typed")
    kind, record = msgpack.unpackb(answer.content, strict_map_key=False)
    assert kind == typed.RECORD
    assert record["kismet.device.base.macaddr"] == [
        typed.MAC, [MAC, "FF:FF:FF:FF:FF:FF"]]
    assert record["kismet.device.base.name"] == [typed.STRING, "single"]
    assert record["kismet.device.base.freq_khz_map"][0] == typed.DOUBLE_MAP
    assert record["kismet.device.base.frequency"] == [typed.DOUBLE, 2412000.0]
    dot11 = record["dot11.device"][1]
    assert dot11["dot11.device.associated_client_map"][0] == typed.MAC_MAP
    assert dot11["dot11.device.advertised_ssid_map"][0] == typed.LIST


def test_typed_part_of_a_device(street):
    base = f"/devices/by-key/{KEY}/device.msgpack/"
    assert typed.decode(street.get(base + "kismet.device.base.name?msgpack=typed"
                                   ).content) == "single"


def test_typed_reply_to_a_command(street):
    answer = street.command("/phy/phy80211/ssid_regex.cmd?msgpack=typed", {"essid": ["^nothing$"]},
                            login=False)
    assert msgpack.unpackb(answer.content) == [typed.LIST, []]


def test_typed_may_be_the_default(serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "httpd_msgpack=typed")
    server.wait_replayed()
    value = typed.decode(server.get("/devices/all_devices.msgpack").content)
    assert len(value) == len(scene.EVERYONE)
    plain = server.get("/devices/all_devices.msgpack?msgpack=plain")
    assert isinstance(msgpack.unpackb(plain.content)[0], dict)


def test_frequency_keys_are_text_in_both_plain_formats(street):
    for record in (street.json("/channels/channels.json"),
                   street.msgpack("/channels/channels.msgpack")):
        assert set(record["kismet.channeltracker.frequency_map"]) == {
            "2412000", "2437000", "2462000", "5180000"}


def test_whole_numbers_have_no_decimals_in_json(street):
    text = street.get(f"/devices/by-key/{KEY}/device.json").text
    assert '"kismet.device.base.frequency":2412000,' in text.replace(": ", ":").replace("}", ",")


def test_unknown_suffix_is_404(street):
    for path in READS:
        assert street.get(path + ".xyz").status_code == 404


def test_wrong_msgpack_word_does_no_harm(street):
    answer = street.get("/phy/all_phys.msgpack?msgpack=nonsense")
    assert answer.status_code in (200, 400)


def test_text_from_the_air_is_valid_utf8(serve, tmp_path):
    from support import air
    made = air.Scene()
    names = [b"caf\xc3\xa9", b"\xff\xfe\x00\x01", b'a"b\\c', b"<b>&amp;\x1b[31m", b"\xed\xa0\x80",
             b"line\nbreak\xe2\x80\xa8"]
    for number, name in enumerate(names):
        ap = air.AccessPoint("00:13:10:00:00:%02x" % number, name, 6)
        made.add(air.beacon(ap, name))
    server = serve("-c", f"{made.write_pcap(tmp_path / 'names.pcap')}:name=names").wait_replayed()
    devices = server.devices()
    assert len(devices) == len(names)
    assert devices["00:13:10:00:00:00"]["kismet.device.base.name"] == "café"
    for suffix in ("json", "prettyjson", "tjson"):
        strictly(server.get("/devices/last-time/1/devices." + suffix).content.decode("utf-8"))
    for suffix in ("itjson", "ekjson"):
        content = server.get("/devices/all_devices." + suffix).content.decode("utf-8")
        assert len([strictly(line) for line in content.splitlines()]) == len(names)
    records = server.msgpack("/devices/all_devices.msgpack")
    by_mac = {item["kismet.device.base.macaddr"]: item["kismet.device.base.name"]
              for item in records}
    for mac, device in devices.items():
        assert by_mac[mac] == device["kismet.device.base.name"]
        assert not any(ord(letter) < 32 for letter in device["kismet.device.base.name"])
