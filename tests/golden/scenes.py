"""The captures made here for the golden tests: each scene shows one feature, or one old fault.

make_captures.py writes them to captures/; their records stand in expected/, read by people too.
Element layouts: IEEE Std 802.11-2020 clause 9.4.2, 802.11ax-2021, Wi-Fi Simple Configuration 2.0.
"""
import struct

import attacks
from support import air
from support import bluetooth_air as blue
from support.air import AccessPoint, Scene, element, rsn
from support.street import street

AP = "00:13:10:00:00:01"
CLIENT = "3c:37:86:00:00:02"
OTHER = "00:1a:1e:00:00:03"
MULTICAST = "01:00:5e:00:00:fb"


def one_network(security=b"", privacy=None, ssid="network", channel=6, extra=b"", **options):
    """Two beacons of one access point."""
    ap = AccessPoint(AP, ssid, channel, security, privacy, extra=extra, **options)
    return Scene().add(air.beacon(ap), channel).add(air.beacon(ap), channel)


def hidden_given_away_by_probe_response():
    ap = AccessPoint(AP, "shy", 6, rsn(), hidden=True)
    scene = Scene().add(air.beacon(ap)).add(air.probe_response(ap, CLIENT))
    return scene.add(air.beacon(ap))


def hidden_with_empty_ssid_given_away_by_association():
    ap = AccessPoint(AP, "shy", 6, rsn(), hidden=True)
    scene = Scene().add(air.beacon(ap, b"")).add(air.association_request(CLIENT, ap))
    return scene.add(air.beacon(ap, b""))


def hidden_after_a_damaged_beacon():
    """The first beacon has no SSID that can be read; then the name is hidden, and given away."""
    ap = AccessPoint(AP, "shy", 6, rsn(), hidden=True)
    scene = Scene().add(air.beacon(ap, b"x" * 40)).add(air.beacon(ap, b""))
    return scene.add(air.probe_response(ap, CLIENT)).add(air.beacon(ap, b""))


def hidden_named_by_association_after_an_empty_response():
    """A response without a name comes first: the name is told by who joins, before any beacon."""
    ap = AccessPoint(AP, "shy", 6, rsn())
    nameless = AccessPoint(AP, "", 6, rsn())
    scene = Scene().add(air.probe_response(nameless, CLIENT))
    scene.add(air.association_request(CLIENT, ap))
    return scene.add(air.beacon(AccessPoint(AP, "shy", 6, rsn(), hidden=True), b""))


def empty_response_of_a_named_network():
    scene = Scene().add(air.beacon(AccessPoint(AP, "plain", 6)))
    return scene.add(air.probe_response(AccessPoint(AP, "", 6), CLIENT))


def beacons_cut_in_their_security():
    """Of one network first whole, then cut within RSN; of another only cut."""
    scene = Scene()
    scene.add(air.beacon(AccessPoint(AP, "whole", 6, rsn())))
    scene.add(air.beacon(AccessPoint(AP, "whole", 6, rsn()))[:-9])
    return scene.add(air.beacon(AccessPoint(OTHER, "cut", 6, rsn()))[:-9])


def beacon_cut_before_its_elements():
    return Scene().add(air.beacon(AccessPoint(AP, "never seen", 6))[:30])


def keys_behind_a_vlan_tag():
    ap = AccessPoint(AP, "tagged", 6, rsn())
    tagged = b"\xaa\xaa\x03\0\0\0\x81\0\0\x05"
    scene = Scene().add(air.beacon(ap))
    for message in (1, 2, 3, 4):
        keys = tagged + air.eapol_key(message)[6:]
        ends = (AP, AP, CLIENT) if message % 2 else (CLIENT, AP, AP)
        scene.add(air.data(*ends, keys, from_ap=bool(message % 2)))
    return scene


def hidden_and_never_named():
    return one_network(rsn(), hidden=True)


def two_ssids_of_one_bssid():
    scene = Scene()
    for ssid in ("upstairs", "downstairs", "upstairs"):
        scene.add(air.beacon(AccessPoint(AP, ssid, 6)))
    return scene


def network_that_moves_channel():
    return (Scene().add(air.beacon(AccessPoint(AP, "mover", 1)), 1)
            .add(air.beacon(AccessPoint(AP, "mover", 11)), 11))


def network_that_drops_its_encryption():
    return (Scene().add(air.beacon(AccessPoint(AP, "careless", 6, rsn())))
            .add(air.beacon(AccessPoint(AP, "careless", 6))))


def wep_of_40_bits():
    return one_network(privacy=True)


def wpa_only():
    return one_network(air.wpa())


def wpa_wpa2_mixed():
    return one_network(rsn(air.TKIP, (air.CCMP, air.TKIP)) + air.wpa(air.TKIP, (air.TKIP,)))


def wpa2_enterprise():
    return one_network(rsn(akms=(air.DOT1X,)))


def wpa2_wpa3_transition():
    return one_network(rsn(akms=(air.PSK, air.SAE), capabilities=air.MFP_CAPABLE))


def wpa3_sae():
    return one_network(rsn(akms=(air.SAE,), capabilities=air.MFP_CAPABLE | air.MFP_REQUIRED))


def wpa3_enterprise_suite_b_192():
    return one_network(rsn(air.GCMP256, (air.GCMP256,), (12,),
                           air.MFP_CAPABLE | air.MFP_REQUIRED))


def owe():
    return one_network(rsn(akms=(air.OWE,), capabilities=air.MFP_CAPABLE | air.MFP_REQUIRED))


def owe_transition():
    twin = b"\x50\x6f\x9a\x1c" + air.mac(OTHER) + b"\x06secret"
    return one_network(extra=element(221, twin))


def fast_transition():
    return one_network(rsn(akms=(air.PSK, air.FT_PSK)), extra=element(54, b"\x34\x12\x01"))


def ciphers_and_akms_nobody_knows():
    own = b"\x01\x00\x00\xaa\xbb\x01\x01\x00\x00\xaa\xbb\x02\x01\x00\x00\xaa\xbb\x03\x00\x00"
    return one_network(element(48, own))


def rsn_cut_off_in_its_lists():
    return one_network(element(48, rsn()[2:10] + b"\xff\xff\x00\x0f"))


HT_CAPABILITIES = element(45, struct.pack("<HB", 0x006e, 0x17) + b"\xff\xff" + b"\0" * 21)


def ht_operation(channel, second=0):
    return element(61, bytes((channel, second | (4 if second else 0))) + b"\0" * 20)


def ht_40():
    return one_network(channel=1, extra=HT_CAPABILITIES + ht_operation(1, 1))


def vht_80():
    capabilities = element(191, struct.pack("<IHHHH", 0x0f8259b2, 0xfffa, 0, 0xfffa, 0))
    operation = element(192, bytes((1, 42, 0)) + b"\xfa\xff")
    return one_network(channel=36, extra=HT_CAPABILITIES + ht_operation(36, 1) + capabilities
                       + operation)


def he_on_5_ghz():
    capabilities = element(255, bytes((35,)) + b"\0" * 6 + b"\0\x04" + b"\0" * 9
                           + struct.pack("<HH", 0xfffa, 0xfffa))
    operation = element(255, bytes((36,)) + b"\xf0\x3f\x00\x3f\xfc\xff")
    return one_network(channel=36, extra=HT_CAPABILITIES + ht_operation(36, 1) + capabilities
                       + operation)


def country_and_load():
    country = element(7, b"CH " + bytes((1, 13, 20)) + bytes((36, 4, 23)))
    load = element(11, struct.pack("<HBH", 5, 51, 0))
    return one_network(extra=country + load)


def wps():
    def attribute(kind, value):
        return struct.pack(">HH", kind, len(value)) + value
    body = b"\x00\x50\xf2\x04" + b"".join((
        attribute(0x104a, b"\x10"), attribute(0x1044, b"\x02"), attribute(0x1021, b"Maker"),
        attribute(0x1023, b"Model"), attribute(0x1024, b"42"), attribute(0x1042, b"serial-7"),
        attribute(0x1011, b"Front room"), attribute(0x1008, b"\x22\x88")))
    return one_network(rsn(), extra=element(221, body))


def mesh_of_two():
    scene = Scene()
    for sender in (AP, OTHER):
        body = (air.header(0x0080, air.EVERYONE, sender, sender)
                + struct.pack("<QHH", 1, 100, 0) + element(0, b"") + air.rates()
                + element(3, b"\x06") + element(114, b"meshwork")
                + element(113, bytes((1, 1, 0, 1, 0, 0x04, 0x09))))
        scene.add(body)
    return scene


def ad_hoc():
    cell = AccessPoint("02:11:22:33:44:55", "cell", 6)
    beacon = bytearray(air.beacon(cell))
    beacon[10:16] = air.mac(CLIENT)
    beacon[34:36] = b"\x02\x00"  # an independent network
    frame = air.header(0x0008, OTHER, CLIENT, cell.bssid) + air.ARP
    return Scene().add(bytes(beacon)).add(frame)


def bridge_of_four_addresses():
    scene = Scene().add(air.beacon(AccessPoint(AP, "near", 6)))
    return scene.add(air.bridged(AP, OTHER, CLIENT, "00:1e:0b:00:00:09", air.ARP))


def multicast_relayed_by_the_access_point():
    ap = AccessPoint(AP, "relay", 6)
    return (Scene().add(air.beacon(ap)).add(air.data(CLIENT, AP, MULTICAST, air.ARP))
            .add(air.data(CLIENT, AP, MULTICAST, air.ARP, from_ap=True)))


def four_way_handshake():
    ap = AccessPoint(AP, "shaken", 6, rsn())
    scene = Scene().add(air.beacon(ap)).add(air.association_request(CLIENT, ap))
    for message in (1, 2, 3, 4):
        from_ap = message % 2 == 1
        body = air.eapol_key(message, 1 + (message > 2))
        scene.add(air.data(AP if from_ap else CLIENT, AP, CLIENT if from_ap else AP, body, from_ap))
    return scene


def disconnects():
    ap = AccessPoint(AP, "rude", 6)
    scene = Scene().add(air.beacon(ap)).add(air.data(CLIENT, AP, OTHER, air.ARP))
    scene.add(air.disconnect(AP, CLIENT, AP, 7)).add(air.disconnect(AP, air.EVERYONE, AP, 3, False))
    return scene


def retries_and_fragments():
    scene = Scene().add(air.beacon(AccessPoint(AP, "stutter", 6)))
    scene.add(air.data(CLIENT, AP, OTHER, air.ARP)).add(air.data(CLIENT, AP, OTHER, air.ARP,
                                                                retry=True))
    first = bytearray(air.data(CLIENT, AP, OTHER, air.ARP))
    first[1] |= 0x04  # more fragments
    second = bytearray(air.data(CLIENT, AP, OTHER, b"\0" * 20))
    second[22] |= 0x01
    return scene.add(bytes(first)).add(bytes(second))


def random_addresses_probe():
    scene = Scene()
    for number in range(3):
        scene.add(air.probe_request(f"da:a1:19:00:00:0{number}", "home"))
    return scene.add(air.probe_request(CLIENT, ""))


def ssids_of_odd_bytes():
    scene = Scene()
    for number, name in enumerate((b"caf\xc3\xa9", b"\xff\x00\x01", b'q"\\', b"\xed\xa0\x80",
                                   b"a" * 32, b"tab\there")):
        scene.add(air.beacon(AccessPoint(f"00:13:10:00:01:0{number}", "x", 6), name))
    return scene


def ssid_of_more_than_32_bytes():
    return Scene().add(air.beacon(AccessPoint(AP, "x", 6), b"b" * 40))


def bad_checksums_touch_nothing():
    scene = Scene().add(air.beacon(AccessPoint(AP, "good", 6)))
    return scene.add(air.beacon(AccessPoint(OTHER, "noise", 6)), good=False)


def frames_cut_in_their_headers():
    """A probe response of 26 bytes told of a network without a name once."""
    ap = AccessPoint(AP, "whole", 6)
    scene = Scene().add(air.beacon(ap))
    for size in (1, 2, 9, 10, 15, 16, 23, 24, 25, 26, 35):
        scene.add(air.probe_response(ap, CLIENT)[:size])
        scene.add(air.association_request(CLIENT, ap)[:size])
    return scene


def types_that_nobody_knows():
    scene = Scene().add(air.beacon(AccessPoint(AP, "known", 6)))
    for control in (0x000c, 0x0001, 0x00f0, 0x0070):
        scene.add(air.header(control, AP, CLIENT, AP) + b"\0" * 8)
    return scene


def bare_frames():
    scene = Scene(air.DLT_80211)
    ap = AccessPoint(AP, "bare", 6, rsn())
    return scene.add(air.beacon(ap)).add(air.association_request(CLIENT, ap))


BAND, PHONE, TAG, BEACON = ("18:04:ed:00:00:01", "4a:11:22:33:44:55", "c1:02:03:04:05:06",
                            "0a:0b:0c:0d:0e:0f")


def low_energy_advertisers():
    """A public address, and the three kinds of random ones."""
    scene = air.Scene(blue.DLT_LE_PHDR)
    scene.add(blue.heard(blue.advertisement(BAND, blue.ad(
        blue.flags(), blue.name("Band"), blue.services(0x180d, 0x180f), (0x19, b"\xc1\0"),
        (0x0a, b"\xf4"))), 37, -48))
    scene.add(blue.heard(blue.advertisement(BAND, blue.ad(
        blue.name("Bnd", True), blue.service_data(0x180f, b"\x64")), blue.SCAN_RSP), 38, -50))
    scene.add(blue.heard(blue.advertisement(PHONE, blue.ad(
        blue.flags(0x1a), blue.maker(0x004c, b"\x10\x05")), random=True), 39, -70))
    scene.add(blue.heard(blue.advertisement(TAG, blue.ad(
        blue.service_data(0xfeed, b"\2\0")), blue.ADV_NONCONN_IND, True), 37, -80))
    return scene.add(blue.heard(blue.advertisement(BEACON, blue.ad(
        (0x24, b"\x17//norn"), (0x1c, b"\0"), (0x17, blue.address(BAND)), blue.maker(0x1234)),
        blue.ADV_SCAN_IND, True), 37, -90))


def low_energy_connection():
    scene = air.Scene(blue.DLT_LE_PHDR)
    scene.add(blue.heard(blue.advertisement(BAND, blue.ad(blue.flags(), blue.name("Band")))))
    scene.add(blue.heard(blue.scan_request(PHONE, BAND, True)))
    scene.add(blue.heard(blue.connect(PHONE, BAND, 0x12345678, True)))
    for number in range(3):
        scene.add(blue.heard(blue.data(0x12345678, b"\4\0\4\0data"), 3 + number, -55,
                             direction=blue.FROM_CENTRAL))
        scene.add(blue.heard(blue.data(0x12345678, b""), 3 + number, -65,
                             direction=blue.FROM_PERIPHERAL))
    return scene.add(blue.heard(blue.data(0x12345678, b"\2\x13", control=True), 7, -55,
                                direction=blue.FROM_CENTRAL))


def low_energy_extended_advertising():
    scene = air.Scene(blue.DLT_LE_PHDR)
    scene.add(blue.heard(blue.extended(TAG), 37))
    return scene.add(blue.heard(blue.extended(TAG, blue.ad(blue.name("Far tag")), power=8), 12))


def low_energy_without_a_radio_header():
    """The CRC is judged here; the second packet's is wrong."""
    scene = air.Scene(blue.DLT_LE).add(blue.advertisement(BAND, blue.ad(blue.name("Band"))))
    return scene.add(blue.advertisement(TAG, blue.ad(blue.name("noise")), random=True, good=False))


def low_energy_data_that_is_wrong():
    """Structures that run past the data or are too short: what is sound stays."""
    scene = air.Scene(blue.DLT_LE)
    scene.add(blue.advertisement(BAND, blue.ad(blue.name("Band")) + b"\x09\x09cut"))
    scene.add(blue.advertisement(TAG, b"\1\x19" + blue.ad(blue.flags()) + b"\0\0\0",
                                 random=True))
    return scene.add(blue.advertisement(PHONE, blue.ad(blue.name("e\u0301\x07\\")), random=True))


HEADSET, PORTABLE = "0c:c4:13:00:00:07", "94:65:2d:00:00:08"


def adapter_and_its_host():
    """An inquiry, a connection with its data, and low energy beside it."""
    scene = air.Scene(blue.DLT_HCI_PHDR)
    scene.add(blue.received(blue.event(0x0e, b"\1\x09\x10\0" + blue.address("00:1a:7d:00:00:09"))))
    scene.add(blue.received(blue.inquiry_result(HEADSET, 0x240404, -50, blue.ad(
        blue.name("Buds"), blue.services(0x110b, 0x111e)))))
    scene.add(blue.received(blue.event(0x02, b"\1" + blue.address(PORTABLE) + b"\1\0\0"
                                       + blue.device_class(0x5a020c) + b"\0\0")))
    scene.add(blue.sent(blue.command(0x0405, blue.address(HEADSET) + b"\x18\xcc\1\0\0\0\1")))
    scene.add(blue.received(blue.event(0x03, b"\0\x41\0" + blue.address(HEADSET) + b"\1\0")))
    scene.add(blue.received(blue.event(0x0b, b"\0\x41\0" + bytes(range(1, 9)))))
    scene.add(blue.received(blue.event(0x07, b"\0" + blue.address(PORTABLE) + b"Phone".ljust(
        248, b"\0"))))
    scene.add(blue.sent(blue.acl(0x41, b"ten octets"))).add(blue.received(blue.acl(0x41, b"five!")))
    scene.add(blue.received(blue.report(TAG, blue.ad(blue.name("Tag")), -77, random=True)))
    scene.add(blue.received(blue.event(0x05, b"\0\x41\0\x13")))
    return scene.add(blue.received(blue.acl(0x41, b"too late")))


def monitor_of_linux():
    scene = air.Scene(blue.DLT_MONITOR)
    scene.add(b"\0\0\0\0" + b"\0\1" + blue.address("00:1a:7d:00:00:09") + b"hci0\0\0\0\0")
    scene.add(b"\0\0\0\3" + blue.report(BAND, blue.ad(blue.name("Band")), -60)[1:])
    return scene.add(b"\0\0\0\x0c" + b"a note of the system\0")


SCENES = [
    street, hidden_given_away_by_probe_response, hidden_with_empty_ssid_given_away_by_association,
    hidden_after_a_damaged_beacon, hidden_named_by_association_after_an_empty_response,
    empty_response_of_a_named_network, beacons_cut_in_their_security,
    beacon_cut_before_its_elements, keys_behind_a_vlan_tag,
    hidden_and_never_named, two_ssids_of_one_bssid, network_that_moves_channel,
    network_that_drops_its_encryption, wep_of_40_bits, wpa_only, wpa_wpa2_mixed, wpa2_enterprise,
    wpa2_wpa3_transition, wpa3_sae, wpa3_enterprise_suite_b_192, owe, owe_transition,
    fast_transition, ciphers_and_akms_nobody_knows, rsn_cut_off_in_its_lists, ht_40, vht_80,
    he_on_5_ghz, country_and_load, wps, mesh_of_two, ad_hoc, bridge_of_four_addresses,
    multicast_relayed_by_the_access_point, four_way_handshake, disconnects, retries_and_fragments,
    random_addresses_probe, ssids_of_odd_bytes, ssid_of_more_than_32_bytes,
    bad_checksums_touch_nothing, frames_cut_in_their_headers, types_that_nobody_knows, bare_frames,
    low_energy_advertisers, low_energy_connection, low_energy_extended_advertising,
    low_energy_without_a_radio_header, low_energy_data_that_is_wrong, adapter_and_its_host,
    monitor_of_linux,
    *attacks.SCENES,
]
