"""What the scenes must say whatever else changes: facts that a regenerated record cannot undo."""
import json
import os

import pytest

from golden_records import CAPTURES
from scenes import AP, CLIENT, OTHER
from support.norn import run

BASE = "kismet.device.base."
ADVERTISED = "dot11.advertisedssid."


def devices(name):
    status, output, errors = run("--replay", os.path.join(CAPTURES, name + ".pcap"))
    assert status == 0, errors
    return {device[BASE + "macaddr"].lower(): device for device in json.loads(output)}


def ssids(device, which="advertised"):
    return device["dot11.device"].get(f"dot11.device.{which}_ssid_map", [])


def names(device, which="advertised"):
    return [ssid[ADVERTISED + "ssid"] for ssid in ssids(device, which)]


def only_ssid(name):
    return ssids(devices(name)[AP])[0]


def test_a_beacon_speaks_for_its_bssid():
    """In an ad-hoc network whoever beacons is a member; the network is the BSSID (11.1.4)."""
    found = devices("ad_hoc")
    assert names(found["02:11:22:33:44:55"]) == ["cell"]
    assert found["02:11:22:33:44:55"][BASE + "type"] == "Wi-Fi Ad-Hoc"
    assert found["02:11:22:33:44:55"]["dot11.device"]["dot11.device.typeset"] & 2
    assert names(found[CLIENT]) == []


def test_frames_cut_short_name_no_network():
    found = devices("frames_cut_in_their_headers")
    assert names(found[AP]) == ["whole"]
    assert [name for name in names(found[AP], "responded") if not name] == []
    assert not found[AP]["dot11.device"]["dot11.device.typeset"] & 256


@pytest.mark.parametrize("name", ["hidden_given_away_by_probe_response",
                                  "hidden_with_empty_ssid_given_away_by_association",
                                  "hidden_after_a_damaged_beacon",
                                  "hidden_named_by_association_after_an_empty_response"])
def test_hidden_names_are_found(name):
    ssid = only_ssid(name)
    assert ssid[ADVERTISED + "ssid"] == "shy" and ssid[ADVERTISED + "cloaked"] == 1
    assert len(ssids(devices(name)[AP])) == 1


def test_only_beacons_hide_a_name():
    found = devices("empty_response_of_a_named_network")[AP]
    assert names(found) == ["plain"] and names(found, "responded") == [""]
    assert not any(ssid[ADVERTISED + "cloaked"]
                   for ssid in ssids(found) + ssids(found, "responded"))


def test_what_is_there_of_cut_security_counts_but_not_over_what_was_whole():
    found = devices("beacons_cut_in_their_security")
    assert ssids(found[AP])[0][ADVERTISED + "crypt_string"] == "WPA2 WPA2-PSK AES-CCMP"
    words = ssids(found[OTHER])[0][ADVERTISED + "crypt_string"].split()
    assert "WPA2" in words and "WEP" not in words


def test_a_beacon_that_says_nothing_is_an_access_points_all_the_same():
    found = devices("beacon_cut_before_its_elements")[AP]
    assert found[BASE + "type"] == "Wi-Fi AP" and not ssids(found)


def test_keys_behind_a_vlan_tag_are_heard():
    keys = devices("keys_behind_a_vlan_tag")[AP]["dot11.device"]["dot11.device.wpa_handshake_list"]
    assert [key["dot11.eapol.message_num"] for key in keys[CLIENT.upper()]] == [1, 2, 3, 4]


def test_a_name_that_was_never_said_stays_hidden():
    ssid = only_ssid("hidden_and_never_named")
    assert ssid[ADVERTISED + "ssid"] == "" and ssid[ADVERTISED + "cloaked"] == 1
    assert ssid[ADVERTISED + "ssidlen"] == 7


WORDS = {
    "wep_of_40_bits": "WEP", "wpa_only": "WPA-PSK", "wpa2_enterprise": "WPA2-EAP",
    "wpa3_sae": "WPA3-SAE", "owe": "OWE", "street": "Open",
}


@pytest.mark.parametrize("name", WORDS)
def test_encryption_in_words(name):
    ssid = ssids(devices(name)["00:13:10:aa:00:01" if name == "street" else AP])[0]
    assert WORDS[name] in ssid[ADVERTISED + "crypt_string"].split()


ENCRYPTED = 2


@pytest.mark.parametrize("name,encrypted", [
    ("owe_transition", False), ("owe", True), ("wep_of_40_bits", True), ("wpa3_sae", True),
    ("network_that_drops_its_encryption", False), ("country_and_load", False)])
def test_encryption_as_a_bit(name, encrypted):
    assert bool(devices(name)[AP][BASE + "basic_crypt_set"] & ENCRYPTED) == encrypted


def test_protected_management_frames():
    wanted = {"wpa2_wpa3_transition": (1, 0), "wpa3_sae": (1, 1), "wpa_only": (0, 0)}
    for name, (supported, required) in wanted.items():
        ssid = only_ssid(name)
        assert ssid[ADVERTISED + "wpa_mfp_supported"] == supported, name
        assert ssid[ADVERTISED + "wpa_mfp_required"] == required, name


def test_both_ways_of_the_map_between_client_and_access_point():
    found = devices("four_way_handshake")
    assert found[AP]["dot11.device"]["dot11.device.associated_client_map"] == {
        CLIENT.upper(): found[CLIENT][BASE + "key"]}
    link = found[CLIENT]["dot11.device"]["dot11.device.client_map"][AP.upper()]
    assert link["dot11.client.bssid_key"] == found[AP][BASE + "key"]


def test_messages_of_the_handshake():
    keys = devices("four_way_handshake")[AP]["dot11.device"]["dot11.device.wpa_handshake_list"]
    assert [key["dot11.eapol.message_num"] for key in keys[CLIENT.upper()]] == [1, 2, 3, 4]
    assert [key["dot11.eapol.install"] for key in keys[CLIENT.upper()]] == [0, 0, 1, 0]
    assert keys[CLIENT.upper()][0]["dot11.eapol.nonce"] == "01" * 32
    assert keys[CLIENT.upper()][0]["dot11.eapol.timestamp"] == pytest.approx(1704067200.1)


def test_a_bridge_is_one():
    found = devices("bridge_of_four_addresses")
    assert "WDS" in found[OTHER][BASE + "type"]
    assert set(found) == {AP, OTHER, CLIENT, "00:1e:0b:00:00:09"}


def test_a_mesh_is_one():
    found = devices("mesh_of_two")
    for mac in (AP, OTHER):
        assert "Mesh" in found[mac][BASE + "type"]
        assert ssids(found[mac])[0][ADVERTISED + "dot11s.meshid"] == "meshwork"


def test_random_addresses_are_flagged():
    found = devices("random_addresses_probe")
    flags = {mac: device["norn.device.random_address"] for mac, device in found.items()}
    assert flags[CLIENT] == 0 and sum(flags.values()) == 3
    assert {probe["dot11.probedssid.ssid"] for probe in ssids(found["da:a1:19:00:00:00"], "probed")
            } == {"home"}


def test_group_addresses_are_nobody():
    for name in ("multicast_relayed_by_the_access_point", "disconnects", "street"):
        assert not [mac for mac in devices(name) if int(mac[:2], 16) & 1]


def test_bad_checksums_touch_nothing():
    assert set(devices("bad_checksums_touch_nothing")) == {AP}


def test_channel_widths():
    for name, width, standard in (("ht_40", "HT40+", "802.11n"), ("vht_80", "HT80", "802.11ac"),
                                  ("he_on_5_ghz", "HT40+", "802.11ax")):
        ssid = only_ssid(name)
        assert ssid[ADVERTISED + "ht_mode"] == width
        assert ssid["norn.advertisedssid.standard"] == standard


def test_times_and_signal_of_a_device():
    device = devices("country_and_load")[AP]
    assert device[BASE + "first_time"] == device[BASE + "last_time"] == 1704067200
    signal = device[BASE + "signal"]
    assert signal["kismet.common.signal.last_signal"] == -50
    assert signal["kismet.common.signal.last_noise"] == -95
    assert device[BASE + "freq_khz_map"] == {"2437000": 2}
