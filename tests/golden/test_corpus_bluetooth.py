"""Every Bluetooth capture of the corpus against tshark's word for it (truth/), feature by feature.

Input: the corpus (support/corpus.py); the records of `norn --replay FILE`, and what a server counts
of the captures as its sources. Where our answer rightly differs from the truth, a rule here says
why; the rules speak of packets, never of files.
"""
import functools
import json

import pytest

from support import capture_file, corpus
from support.norn import Server, run

BTLE, HCI = corpus.files("btle"), corpus.files("hci")
BASE = "kismet.device.base."
SAID = "norn.advertised."
ADVERTISING = ("ADV_", "SCAN_RSP")  # of these the advertiser is the sender

if not BTLE or not HCI:
    pytest.skip("corpus: not here, 49 Bluetooth captures left out (set NORN_CAPTURES)",
                allow_module_level=True)


@functools.lru_cache(maxsize=None)
def replay(kind, name):
    """{(phy, address): device record} of a capture, by the program under test."""
    status, output, errors = run("--replay", corpus.path(kind, name), "--dump", "json",
                                 timeout=60)
    assert status in (0, 1), errors
    return {(device[BASE + "phyname"], device[BASE + "macaddr"].lower()): device
            for device in json.loads(output)}


def low_energy(name):
    """Low energy devices of a capture by address."""
    return {mac: device for (phy, mac), device in replay("btle", name).items() if phy == "BTLE"}


@functools.lru_cache(maxsize=None)
def truth(kind, name):
    return corpus.Truth(kind, name)


def said(device):
    """What a device says of itself, whatever its phy."""
    part = device.get("btle.device") or device.get("bluetooth.device")
    return part.get("norn.btle.advertised") or part.get("norn.bluetooth.advertised")


def kinds(column):
    """{PDU: count} of an advertiser."""
    return {word.split("=")[0]: int(word.split("=")[1]) for word in column.split(",")}


def sent(column):
    return sum(count for kind, count in kinds(column).items() if kind.startswith(ADVERTISING))


def numbers(column):
    return set() if column == "-" else {int(word, 16) for word in column.split(",")}


def names(column):
    """Names of a truth column; some captures hold several in one packet, shortened ones too."""
    if column == "-":
        return set()
    return {corpus.shown(corpus.unescape(name).rstrip(b"\0"))
            for text in column.split("|") for name in text.split(",")} - {""}


each_btle = pytest.mark.parametrize("name", BTLE)
each_hci = pytest.mark.parametrize("name", HCI)


# all captures at once, a source each
@pytest.fixture(scope="module")
def sources():
    """{file: its source's record}, and the phys' counts under None."""
    definitions = []
    for number, (kind, name) in enumerate([("btle", name) for name in BTLE]
                                          + [("hci", name) for name in HCI]):
        definitions += ["-c", f"{corpus.path(kind, name)}:name={name},retry=false,"
                              f"uuid=00000000-0000-0000-0000-{number:012X}"]
    with Server(*definitions) as norn:
        norn.wait_replayed()
        found = {source["kismet.datasource.name"]: source for source in norn.sources()}
        found[None] = {phy["kismet.phy.phy_name"]: phy for phy in norn.json("/phy/all_phys.json")}
        return found


def test_frame_counts(sources):
    for kind, files in (("btle", BTLE), ("hci", HCI)):
        for name in files:
            assert (sources[name]["kismet.datasource.num_packets"]
                    == truth(kind, name).number("frames")), name


def test_wrong_checksums(sources):
    for name in BTLE:
        assert (sources[name]["kismet.datasource.num_error_packets"]
                == truth("btle", name).number("crc_bad_frames")), name


def test_no_packet_goes_to_another_phy(sources):
    assert sources[None]["IEEE802.11"]["kismet.phy.packets"] == 0
    assert sources[None]["Bluetooth"]["kismet.phy.packets"] > 0


# low energy
def everybody(name):
    return ({row[0] for kind in ("advertiser", "scanner", "initiator")
             for row in truth("btle", name)[kind]})


@each_btle
def test_devices(name):
    """Advertisers, who was asked, who asked: a zero address is nobody's."""
    assert set(low_energy(name)) == everybody(name) - {"00:00:00:00:00:00"}


@each_btle
def test_kinds_of_addresses(name):
    for mac, _, kind, *_ in truth("btle", name)["advertiser"]:
        if mac not in low_energy(name):
            continue
        found = low_energy(name)[mac]["btle.device"]["norn.btle.address_kind"]
        if kind in ("public", "random"):
            assert (found == "public") == (kind == "public"), mac
        if found != "public":
            top = int(mac[:2], 16) >> 6
            assert found == ("non-resolvable", "resolvable", "reserved", "static random")[top], mac
        assert low_energy(name)[mac]["norn.device.random_address"] == (found != "public"), mac


@each_btle
def test_names(name):
    for mac, _, _, column, *_ in truth("btle", name)["advertiser"]:
        if mac in low_energy(name):
            assert set(said(low_energy(name)[mac])[SAID + "names"]) == names(column), mac


@each_btle
def test_companies(name):
    """The newest company is kept; truth lists all that were heard."""
    for mac, *_, companies, _ in truth("btle", name)["advertiser"]:
        if mac not in low_energy(name):
            continue
        found = said(low_energy(name)[mac]).get(SAID + "company_id")
        assert (found in numbers(companies)) if companies != "-" else found is None, mac


def connected(name):
    """Who began a connection or was asked for one: their packets hold data as well."""
    rows = truth("btle", name)
    return ({row[0] for row in rows["initiator"]}
            | {row[0] for row in rows["advertiser"] if "CONNECT_IND" in kinds(row[4])})


@each_btle
def test_packets_sent_and_received(name):
    """Packets whose PDU runs past their end are malformed and count for nobody; tshark reads on."""
    rows = truth("btle", name)
    asked, missing = {}, 0
    for kind in ("scanner", "initiator"):
        for mac, count in rows[kind]:
            asked[mac] = asked.get(mac, 0) + int(count)
    pdus = {row[0]: row[4] for row in rows["advertiser"]}
    for mac, device in low_energy(name).items():
        wanted = asked.get(mac, 0) + (sent(pdus[mac]) if mac in pdus else 0)
        received = (sum(kinds(pdus[mac]).values()) - sent(pdus[mac])) if mac in pdus else 0
        too_few = (wanted + received - device[BASE + "packets.tx_total"]
                   - device[BASE + "packets.rx_total"])
        assert too_few >= 0 or mac in connected(name), mac
        missing += max(0, too_few)
        if not too_few:
            assert device[BASE + "packets.tx_total"] == wanted, mac
    assert missing <= rows.number("malformed_frames")


# channels
def index_of(channel, is_rf):
    """The link layer's number of a channel that the truth gives by its place in the band."""
    if not is_rf:
        return channel
    return {0: 37, 12: 38, 39: 39}.get(channel, channel - (1 if channel < 12 else 2))


def frequency(index):
    """kHz (Vol 6, Part B, 1.4.1)."""
    return {37: 2402000, 38: 2426000, 39: 2480000}.get(
        index, 2404000 + 2000 * index if index < 11 else 2428000 + 2000 * (index - 11))


@each_btle
def test_channels(name):
    """No device was heard where nothing was heard, and the busiest channel is somebody's."""
    is_rf = name.startswith(("catsniffer", "whad"))  # their link type's header counts that way
    heard = {frequency(index_of(int(channel), is_rf)): int(count)
             for channel, count in truth("btle", name)["channel"]}
    found = {}
    for device in low_energy(name).values():
        assert device[BASE + "channel"] == "" or frequency(int(device[BASE + "channel"])) == \
            device[BASE + "frequency"]
        for khz, count in device[BASE + "freq_khz_map"].items():
            found[int(khz)] = found.get(int(khz), 0) + count
    if not heard:
        heard = {frequency(index): 1 for index in range(40)}  # of PPI truth lists none
    assert set(found) <= set(heard)
    busiest = max(heard, key=heard.get)
    assert busiest in found or len(heard) == 40


# adapters
def addresses(name):
    return {row[0]: row for row in truth("hci", name)["bd_addr"]}


@each_hci
def test_hci_names(name):
    for (_, mac), device in replay("hci", name).items():
        row = addresses(name).get(mac)
        if row and row[2] != "-":
            assert set(said(device)[SAID + "names"]) == names(row[2]), mac


@each_hci
def test_hci_classes(name):
    """What a packet says behind its own end is not believed; tshark reads on."""
    for (_, mac), device in replay("hci", name).items():
        row = addresses(name).get(mac)
        if row and row[3] != "-":
            found = said(device).get(SAID + "class")
            assert found == int(row[3].split(",")[0], 16) or (
                found is None and truth("hci", name).number("malformed_frames")), mac


def told_of(name):
    """The bytes of all events: what commands alone name is a wish of the host, or its own."""
    events = b""
    for linktype, data, _ in capture_file.records(capture_file.open_bytes(
            corpus.path("hci", name))):
        packet = data[4:] if linktype == capture_file.HCI_PHDR else data
        if packet[:1] == b"\x04":
            events += packet
    return events


@each_hci
def test_hci_devices(name):
    events = told_of(name)
    wanted = {mac for mac in addresses(name) if mac.strip("0:")
              and bytes.fromhex(mac.replace(":", ""))[::-1] in events}
    assert {mac for _, mac in replay("hci", name)} == wanted
