"""A capture's records as the golden tests keep them: what is stable, short, without empty members.

Input: a capture of captures/ through `norn --replay`. Output: {address: {member: value}}, members
by their last word ("ssid", "packets.total"), in the order a person looks for them. A device of
another phy than 802.11 has that behind its address.
"""
import json
import os

from support.norn import run

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(HERE, "captures")
EXPECTED = os.path.join(HERE, "expected")
BASE = "kismet.device.base."
DEVICE = ["name", "type", "basic_type_set", "crypt", "basic_crypt_set", "channel", "frequency",
          "first_time", "last_time", "datasize", "packets.total", "packets.tx_total",
          "packets.rx_total", "packets.llc", "packets.data", "packets.crypt", "packets.error",
          "num_alerts"]
SIGNAL = ["last_signal", "min_signal", "max_signal", "last_noise"]
DOT11 = ["typeset", "num_retries", "num_fragments", "datasize", "datasize_retry", "last_bssid",
         "client_disconnects", "bss_timestamp"]
CLIENT = ["type", "datasize", "datasize_retry", "num_retries", "num_fragments", "first_time",
          "last_time"]
# Not kept: when and where a record was looked at, and hashes whose value means nothing to a reader.
SSID_LEFT_OUT = ("hash", "checksum", "location", "crypt_bitfield", "crypt_set")
KEY = ["message_num", "direction", "replay_counter", "install", "nonce", "rsn_pmkid"]


def capture_names():
    return sorted(name.removesuffix(".pcap") for name in os.listdir(CAPTURES))


def expected_path(name):
    return os.path.join(EXPECTED, name + ".json")


def pick(record, prefix, names):
    """The named members that say something."""
    return {name: record[prefix + name] for name in names if record.get(prefix + name)}


def short(record, *left_out):
    """A record's own members by their last word, empty ones left out."""
    kept = {}
    for name, value in record.items():
        word = name.split(".", 2)[-1]
        if value not in (0, "", [], {}) and not any(text in word for text in left_out):
            kept[word] = value
    return kept


def keys_of(dot11):
    """EAPOL keys by client."""
    return {client: [pick(key, "dot11.eapol.", KEY) for key in keys] for client, keys
            in dot11.get("dot11.device.wpa_handshake_list", {}).items()}


def words(value):
    """A record and what is in it, each member by its last word, empty ones left out."""
    if isinstance(value, list):
        return [words(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {name.rsplit(".", 1)[-1]: words(inner) for name, inner in value.items()
            if inner not in (0, "", [], {})}


def bluetooth(device):
    """What either phy of Bluetooth knows, with the names of companies and services."""
    part = words(device.get("bluetooth.device") or device.get("btle.device", {}))
    names = pick(device, BASE, ["btmanuf", "btoid"])
    return {**part, **names} if part else {}


def summary(device):
    """The stable part of a device record."""
    kept = pick(device, BASE, DEVICE)
    dot11 = device.get("dot11.device", {})
    parts = {
        "signal": pick(device.get(BASE + "signal", {}), "kismet.common.signal.", SIGNAL),
        "random_address": device.get("norn.device.random_address", 0),
        "dot11": pick(dot11, "dot11.device.", DOT11),
        "advertised": [short(ssid, *SSID_LEFT_OUT) for ssid in
                       dot11.get("dot11.device.advertised_ssid_map", [])],
        "responded": [short(ssid, *SSID_LEFT_OUT) for ssid in
                      dot11.get("dot11.device.responded_ssid_map", [])],
        "probed": [probe["dot11.probedssid.ssid"] for probe in
                   dot11.get("dot11.device.probed_ssid_map", [])],
        "access_points": {bssid: pick(link, "dot11.client.", CLIENT) for bssid, link in
                          dot11.get("dot11.device.client_map", {}).items()},
        "clients": sorted(dot11.get("dot11.device.associated_client_map", {})),
        "eapol": keys_of(dot11),
        "bluetooth": bluetooth(device),
    }
    kept.update({name: value for name, value in parts.items() if value})
    return kept


def key_of(device):
    phy = device[BASE + "phyname"]
    return device[BASE + "macaddr"] + ("" if phy == "IEEE802.11" else " " + phy)


def records_of(name):
    """{address: summary} of a capture, by the program under test."""
    path = os.path.join(CAPTURES, name + ".pcap")
    status, output, errors = run("--replay", path, "--dump", "json")
    assert status == 0, errors
    return {key_of(device): summary(device) for device in json.loads(output)}
