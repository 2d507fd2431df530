"""Every 802.11 capture of the corpus against tshark's word for it (truth/), feature by feature.

Input: the corpus (support/corpus.py); the records of `norn --replay FILE`. Where our answer rightly
differs from the truth, a rule here says why; the rules speak of frames, never of files.
"""
import functools
import json

import pytest

from support import capture_file, corpus
from support.norn import run

FILES = corpus.files("dot11")
BASE = "kismet.device.base."
ADVERTISED = "dot11.advertisedssid."
OURS = "norn.advertisedssid."

if not FILES:
    pytest.skip("corpus: not here, 79 captures x 11 features left out (set NORN_CAPTURES)",
                allow_module_level=True)


@functools.lru_cache(maxsize=None)
def replay(name):
    """{address: device record} of a capture, by the program under test."""
    status, output, errors = run("--replay", corpus.path("dot11", name), "--dump", "json",
                                 timeout=60)
    assert status in (0, 1), errors
    return {device[BASE + "macaddr"].lower(): device for device in json.loads(output)}


@functools.lru_cache(maxsize=None)
def truth(name):
    return corpus.Truth("dot11", name)


@functools.lru_cache(maxsize=None)
def good_frames(name):
    return capture_file.good_frames(corpus.path("dot11", name))


def is_somebody(mac):
    """Group addresses are no device's own, and all zeroes are what a broken sender writes."""
    return not int(mac[:2], 16) & 1 and mac.strip("0:") != ""


@functools.lru_cache(maxsize=None)
def heard_bss(name):
    return capture_file.heard_bss(corpus.path("dot11", name))


@functools.lru_cache(maxsize=None)
def joined(name):
    """{address: SSIDs of association requests as norn shows them}."""
    found = capture_file.ssids_asked_to_join(corpus.path("dot11", name))
    return {mac: {corpus.shown(ssid) for ssid in ssids} for mac, ssids in found.items()}


def dot11(device):
    return device.get("dot11.device", {})


def ssids(device):
    """Records of the SSIDs that a device advertised or answered with."""
    part = dot11(device)
    return (part.get("dot11.device.advertised_ssid_map", [])
            + part.get("dot11.device.responded_ssid_map", []))


def names(column):
    """The SSIDs of a truth column as bytes; hidden ones as b''."""
    if column == "-":
        return set()
    found = {corpus.unescape(text) for text in column.split("|")}
    return {b"" if not name.strip(b"\0") else name for name in found}


def bss_rows(name):
    """Rows of networks that a good frame speaks of: bad checksums touch no record of ours."""
    return [row for row in truth(name)["bss"] if row[0] in heard_bss(name) and is_somebody(row[0])]


each_file = pytest.mark.parametrize("name", FILES)


@each_file
def test_oracle_counts_frames_as_tshark_does(name):
    """Our own reader of captures against the truth: it judges which frames are good below.

    CF-End is left out: address 2 is "BSSID (TA)" there, which tshark does not call transmitter.
    """
    wanted = {row[0]: int(row[1]) for row in truth(name)["sta"]}
    counts = {}
    for frame in capture_file.frames(corpus.path("dot11", name)):
        if frame.transmitter and not (frame.type == 1 and frame.subtype in (0xe, 0xf)):
            counts[frame.transmitter] = counts.get(frame.transmitter, 0) + 1
    assert counts == wanted


@each_file
def test_bss_set(name):
    wanted = {row[0] for row in bss_rows(name)}
    found = {mac for mac, device in replay(name).items() if ssids(device)}
    assert found == wanted


@each_file
def test_beaconed_ssids(name):
    for bssid, *_, beaconed, answered, _, _, _, _ in bss_rows(name):
        device = replay(name)[bssid]
        said = {corpus.shown(ssid) for ssid in names(beaconed) if ssid}
        found = {ssid[ADVERTISED + "ssid"] for ssid in ssids(device) if ssid[ADVERTISED + "beacon"]}
        learnt = {corpus.shown(ssid) for ssid in names(answered)} | joined(name).get(bssid, set())
        assert said <= found, bssid
        assert found - {""} <= said | (learnt if b"" in names(beaconed) else set()), bssid


@each_file
def test_hidden_ssids(name):
    for bssid, *_, beaconed, answered, hidden, _, _, _ in bss_rows(name):
        device = replay(name)[bssid]
        cloaked = [ssid for ssid in ssids(device) if ssid[ADVERTISED + "cloaked"]]
        assert bool(cloaked) == (hidden == "1"), bssid
        given_away = {corpus.shown(ssid) for ssid in names(answered) if ssid}
        given_away |= joined(name).get(bssid, set()) - {""}
        if cloaked and given_away:
            assert {ssid[ADVERTISED + "ssid"] for ssid in cloaked} & given_away, bssid


@each_file
def test_answered_ssids(name):
    for bssid, *_, answered, _, _, _, _ in bss_rows(name):
        found = {ssid[ADVERTISED + "ssid"] for ssid in ssids(replay(name)[bssid])
                 if ssid[ADVERTISED + "probe_response"]}
        assert found == {corpus.shown(ssid) for ssid in names(answered)}, bssid


@each_file
def test_channels(name):
    for bssid, *_, channels, _, _ in bss_rows(name):
        found = {ssid[ADVERTISED + "channel"] for ssid in ssids(replay(name)[bssid])}
        if channels == "-":
            continue
        assert found <= set(channels.split(",")), bssid


def encryption(ssid):
    """What an SSID record says of its encryption, in the words of the truth."""
    words = {}
    for key in ("rsn_group", "rsn_pairwise", "rsn_akm", "wpa_group", "wpa_pairwise", "wpa_akm"):
        if ssid.get(OURS + key):
            words[key] = ssid[OURS + key]
    if "rsn_group" in words:
        words["mfp"] = ("required" if ssid[ADVERTISED + "wpa_mfp_required"] else "capable"
                        if ssid[ADVERTISED + "wpa_mfp_supported"] else "no")
    if not words:
        words["class"] = "wep" if "WEP" in ssid[ADVERTISED + "crypt_string"] else "open"
    return words


@each_file
def test_encryption(name):
    said = {}
    for bssid, _, text in truth(name)["enc"]:
        words = dict(word.split("=", 1) for word in text.split(";"))
        said.setdefault(bssid, []).append({key: value for key, value in words.items()
                                           if key not in ("privacy", "type")})
    for bssid in {row[0] for row in bss_rows(name)}:
        for ssid in ssids(replay(name)[bssid]):
            assert encryption(ssid) in said[bssid], bssid


@each_file
def test_stations(name):
    """Whoever transmitted a good frame is a device, with as many packets sent as were good.

    What an access point relays counts for its source as well, so some have more than tshark's
    count of transmitters.
    """
    devices = replay(name)
    transmitted, sent = good_frames(name)
    wanted = {mac for mac in transmitted if is_somebody(mac)}
    assert not wanted - set(devices)
    assert {mac: devices[mac][BASE + "packets.tx_total"] for mac in wanted} == {
        mac: sent[mac] for mac in wanted}


@each_file
def test_no_device_has_a_group_address(name):
    assert not [mac for mac in replay(name) if int(mac[:2], 16) & 1]


@each_file
def test_probes(name):
    wanted = {}
    for mac, ssid, _ in truth(name)["probe"]:
        if mac in good_frames(name)[0] and is_somebody(mac):
            text = b"" if ssid == "<wildcard>" else corpus.unescape(ssid)
            wanted.setdefault(mac, set()).add(corpus.shown(text))
    for mac, device in replay(name).items():
        found = {probe["dot11.probedssid.ssid"]
                 for probe in dot11(device).get("dot11.device.probed_ssid_map", [])}
        assert wanted.get(mac, set()) <= found, mac
        assert found <= wanted.get(mac, set()) | joined(name).get(mac, set()), mac


@each_file
def test_eapol_keys(name):
    wanted = {}
    for _, _, bssid, sender, receiver, message, _ in truth(name)["eapol_key"]:
        client = receiver if sender == bssid else sender
        if message != "-":
            wanted.setdefault((bssid, client), set()).add(int(message))
    found = {}
    for mac, device in replay(name).items():
        for client, keys in dot11(device).get("dot11.device.wpa_handshake_list", {}).items():
            numbers = {key["dot11.eapol.message_num"] for key in keys} - {0}
            if numbers:
                found[mac, client.lower()] = numbers
    assert found == wanted
