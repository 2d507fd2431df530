"""Builds 802.11 frames and writes captures, so that tests know every bit they expect back.

Input: calls such as beacon(AP) inside the scene. Output: pcap and pcapng files (radiotap, FCS at
the end of each frame). IEEE Std 802.11-2020 clause 9; radiotap.org; the pcapng draft.
"""
import struct
import zlib

EVERYONE = "ff:ff:ff:ff:ff:ff"
DLT_80211, DLT_RADIOTAP = 105, 127
START = 1704067200  # 2024-01-01T00:00:00Z: packet time of every scene's first frame

CCMP, TKIP, GCMP256, BIP = 4, 2, 9, 6
DOT1X, PSK, SAE, OWE, FT_PSK, PSK_SHA256 = 1, 2, 8, 18, 4, 6


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def element(number, body):
    return bytes((number, len(body))) + body


def ssid_element(ssid):
    return element(0, ssid if isinstance(ssid, bytes) else ssid.encode())


def rates(fast=True):
    text = b"\x82\x84\x8b\x96\x0c\x12\x18\x24" if fast else b"\x8c\x12\x98\x24\xb0\x48\x60\x6c"
    return element(1, text)


def suites(kinds, oui=b"\x00\x0f\xac"):
    return struct.pack("<H", len(kinds)) + b"".join(oui + bytes((kind,)) for kind in kinds)


def rsn(group=CCMP, pairwise=(CCMP,), akms=(PSK,), capabilities=0):
    oui = b"\x00\x0f\xac"
    return element(48, b"\x01\x00" + oui + bytes((group,)) + suites(pairwise) + suites(akms) +
                   struct.pack("<H", capabilities))


def wpa(group=TKIP, pairwise=(TKIP,), akms=(PSK,)):
    oui = b"\x00\x50\xf2"
    return element(221, oui + b"\x01\x01\x00" + oui + bytes((group,)) + suites(pairwise, oui) +
                   suites(akms, oui))


MFP_REQUIRED, MFP_CAPABLE = 0x40, 0x80


class AccessPoint:
    """A network as the scene needs it."""

    def __init__(self, bssid, ssid, channel, security=b"", privacy=None, hidden=False, extra=b""):
        self.bssid, self.ssid, self.channel = bssid, ssid, channel
        self.security, self.hidden, self.extra = security, hidden, extra
        self.privacy = bool(security) if privacy is None else privacy

    @property
    def capabilities(self):
        return 0x0001 | (0x0010 if self.privacy else 0)

    def elements(self, ssid):
        return (ssid_element(ssid) + rates(self.channel < 15) +
                element(3, bytes((self.channel,))) + self.security + self.extra)


def header(control, first, second, third, sequence=0, fourth=None):
    return (struct.pack("<HH", control, 0) + mac(first) + mac(second) + mac(third) +
            struct.pack("<H", sequence << 4) + (mac(fourth) if fourth else b""))


def beacon(ap, ssid=None):
    if ssid is None:
        ssid = b"\0" * len(ap.ssid) if ap.hidden else ap.ssid
    return (header(0x0080, EVERYONE, ap.bssid, ap.bssid) + struct.pack("<QHH", 1000, 100,
            ap.capabilities) + ap.elements(ssid))


def probe_response(ap, to):
    return (header(0x0050, to, ap.bssid, ap.bssid) + struct.pack("<QHH", 2000, 100,
            ap.capabilities) + ap.elements(ap.ssid))


def probe_request(sender, ssid=""):
    return header(0x0040, EVERYONE, sender, EVERYONE) + ssid_element(ssid) + rates()


def authentication(sender, to, bssid, algorithm=0, transaction=1, status=0):
    return header(0x00b0, to, sender, bssid) + struct.pack("<HHH", algorithm, transaction, status)


def association_request(sender, ap):
    return (header(0x0000, ap.bssid, sender, ap.bssid) + struct.pack("<HH", ap.capabilities, 10) +
            ssid_element(ap.ssid) + rates() + ap.security)


def association_response(ap, to, status=0):
    return (header(0x0010, to, ap.bssid, ap.bssid) +
            struct.pack("<HHH", ap.capabilities, status, 0xc001) + rates())


def disconnect(sender, to, bssid, reason, deauthentication=True):
    control = 0x00c0 if deauthentication else 0x00a0
    return header(control, to, sender, bssid) + struct.pack("<H", reason)


def data(sender, bssid, to, payload, from_ap=False, protected=False, retry=False):
    """A data frame between a station and somebody behind the access point."""
    control = 0x0008 | (0x0200 if from_ap else 0x0100) | (0x4000 if protected else 0) | (
        0x0800 if retry else 0)
    if from_ap:
        return header(control, to, bssid, sender) + payload
    return header(control, bssid, sender, to) + payload


def bridged(receiver, transmitter, destination, source, payload):
    return header(0x0308, receiver, transmitter, destination, fourth=source) + payload


def acknowledgement(to):
    return struct.pack("<HH", 0x00d4, 0) + mac(to)


LLC = b"\xaa\xaa\x03\x00\x00\x00"
ARP = LLC + b"\x08\x06" + b"\0" * 28
CIPHERTEXT = bytes((1, 0, 0, 0x20, 0, 0, 0, 0)) + bytes(range(64))


def eapol_key(message, replay=1):
    """Body of EAPOL-Key message 1 to 4 (12.7.2)."""
    information = (0x008a, 0x010a, 0x13ca, 0x030a)[message - 1]
    key_data = {2: rsn(), 3: b"\xdd\x36" + b"\x5a" * 54}.get(message, b"")
    nonce = bytes((message,)) * 32 if message < 4 else b"\0" * 32
    check = b"\0" * 16 if message == 1 else bytes((0xc0 | message,)) * 16
    body = (b"\x02" + struct.pack(">HHQ", information, 0 if message in (2, 4) else 16, replay) +
            nonce + b"\0" * 32 + check + struct.pack(">H", len(key_data)) + key_data)
    return LLC + b"\x88\x8e" + struct.pack(">BBH", 2, 3, len(body)) + body


def with_fcs(frame, good=True):
    check = zlib.crc32(frame) ^ (0 if good else 0xffffffff)
    return frame + struct.pack("<I", check)


def frequency(channel):
    return 2484 if channel == 14 else 2407 + 5 * channel if channel < 15 else 5000 + 5 * channel


def radiotap(frame, channel=6, signal=-50, good=True):
    """The frame with its FCS behind a radiotap header: flags, rate, channel, signal, noise."""
    band = 0x00a0 if channel < 15 else 0x0140
    return struct.pack("<BBHIBBHHbb", 0, 0, 16, 0x6e, 0x10, 2, frequency(channel), band, signal,
                       -95) + with_fcs(frame, good)


class Scene:
    """Frames with their times; write_pcap() saves them."""

    def __init__(self, linktype=DLT_RADIOTAP, start=START):
        self.linktype, self.start, self.time, self.records = linktype, start, 0.0, []

    def add(self, frame, channel=6, signal=-50, good=True, step=0.05):
        if self.linktype == DLT_RADIOTAP:
            frame = radiotap(frame, channel, signal, good)
        self.records.append((self.time, frame))
        self.time = round(self.time + step, 6)
        return self

    def pcap(self, order="<", nanoseconds=False, snap=65535):
        magic, unit = (0xa1b23c4d, 10**9) if nanoseconds else (0xa1b2c3d4, 10**6)
        parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, self.linktype)]
        for time, frame in self.records:
            ticks = round(time * unit)
            parts.append(struct.pack(order + "IIII", self.start + ticks // unit, ticks % unit,
                                     len(frame), len(frame)) + frame)
        return b"".join(parts)

    def pcapng(self, order="<"):
        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            size = len(body) + 12
            return struct.pack(order + "II", kind, size) + body + struct.pack(order + "I", size)
        parts = [block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)),
                 block(1, struct.pack(order + "HHI", self.linktype, 0, 0))]
        for time, frame in self.records:
            ticks = self.start * 10**6 + round(time * 10**6)
            parts.append(block(6, struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xffffffff,
                                              len(frame), len(frame)) + frame))
        return b"".join(parts)

    def write_pcap(self, path, **options):
        with open(path, "wb") as file:
            file.write(self.pcap(**options))
        return path


def device_key(address):
    """Key text of an IEEE802.11 device, as clients have always seen it."""
    return "4202770D00000000_%X" % int.from_bytes(mac(address), "little")
