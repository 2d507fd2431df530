"""Reads captures for the tests, independently of norn: who transmitted how many good frames.

Input: pcap, pcapng or btsnoop, plain or gzip; 802.11 bare or behind radiotap, PPI, Prism or AVS.
Output: Frame objects, or the bare records of any link type. Written from the formats' own
descriptions; slow and simple on purpose.
"""
import gzip
import struct
import zlib

WLAN, PRISM, RADIOTAP, AVS, PPI = 105, 119, 127, 163, 192
HCI, HCI_PHDR = 187, 201
CONTROL_WITH_TRANSMITTER = {0x8, 0x9, 0xa, 0xb, 0xe, 0xf, 0x4, 0x5}  # BAR BA PS-Poll RTS CF-End ...


class Frame:
    """An 802.11 frame: its bytes without radio header, and whether its FCS was wrong."""

    def __init__(self, body, bad=False):
        self.body, self.bad = body, bad

    @property
    def type(self):
        return self.body[0] >> 2 & 3 if len(self.body) > 1 else None

    @property
    def subtype(self):
        return self.body[0] >> 4

    @property
    def transmitter(self):
        """Address 2 as text, or None for frames that name no transmitter."""
        if len(self.body) < 16 or self.body[0] & 3 or self.type == 3:
            return None
        if self.type == 1 and self.subtype not in CONTROL_WITH_TRANSMITTER:
            return None
        return self.body[10:16].hex(":")

    @property
    def receiver(self):
        return self.body[4:10].hex(":")

    @property
    def source(self):
        """Who a data frame comes from: address 3 from the DS, 4 on a bridge, else address 2."""
        if self.type != 2 or self.body[1] & 3 < 2 or len(self.body) < 24:
            return self.transmitter
        at = 24 if self.body[1] & 3 == 3 else 16
        return self.body[at:at + 6].hex(":") if len(self.body) >= at + 6 else self.transmitter


def open_bytes(path):
    with open(path, "rb") as file:
        return unpacked(file.read())


def unpacked(data):
    """The bytes inside, where they are compressed."""
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def records(data):
    """(link type, bytes, length on the air) of every whole record."""
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        yield from pcapng_records(data)
        return
    if data[:8] == b"btsnoop\0":
        yield from btsnoop_records(data)
        return
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    linktype = struct.unpack_from(order + "I", data, 20)[0] & 0xffff
    at = 24
    while at + 16 <= len(data):
        size, original = struct.unpack_from(order + "II", data, at + 8)
        at += 16
        if at + size > len(data):
            return
        yield linktype, data[at:at + size], original
        at += size


def btsnoop_records(data):
    """HCI with UART packet types only, as link type 201: the direction first."""
    at = 16
    while at + 24 <= len(data):
        original, size, flags = struct.unpack_from(">III", data, at)
        at += 24
        if at + size > len(data):
            return
        yield HCI_PHDR, struct.pack(">I", flags & 1) + data[at:at + size], original + 4
        at += size


def pcapng_records(data):
    at, order, interfaces = 0, "<", []
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, size = struct.unpack_from(order + "II", data, at)
        if size < 12 or at + size > len(data):
            return
        body = data[at + 8:at + size - 4]
        if kind == 1:
            interfaces.append(struct.unpack_from(order + "HHI", body))
        elif kind in (6, 2):
            number = struct.unpack_from(order + ("I" if kind == 6 else "H"), body)[0]
            captured, original = struct.unpack_from(order + "II", body, 12)
            yield interfaces[number][0], body[20:20 + captured], original
        elif kind == 3:
            original = struct.unpack_from(order + "I", body)[0]
            captured = min(original, interfaces[0][2] or original, len(body) - 4)
            yield interfaces[0][0], body[4:4 + captured], original
        at += size


def radiotap_frame(data, original):
    length = struct.unpack_from("<H", data, 2)[0]
    present, at = [], 4
    while not present or present[-1] & 0x80000000:
        present.append(struct.unpack_from("<I", data, at)[0])
        at += 4
    flags = 0
    if present[0] & 1:
        at += -at % 8 + 8
    if present[0] & 2:
        flags = data[at]
    return finish(data[length:], original - length, flags & 0x10, flags & 0x40)


def ppi_frame(data, original):
    length, linktype = struct.unpack_from("<xxHI", data)
    flags, at = 0, 8
    while at + 4 <= length:
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == 2 and size >= 20:
            flags = struct.unpack_from("<H", data, at + 4 + 8)[0]
        at += 4 + size
    if linktype != WLAN:
        return link_frame(linktype, data[length:], original - length)
    return finish(data[length:], original - length, flags & 1, flags & 4 and flags & 1)


def link_frame(linktype, data, original):
    """The frame behind a link header, or None where the link type is another's."""
    if linktype == RADIOTAP:
        return radiotap_frame(data, original)
    if linktype == PPI:
        return ppi_frame(data, original)
    if linktype == WLAN:
        return Frame(data)
    if linktype == PRISM:
        avs = data[:3] == b"\x80\x21\x10"
        length = struct.unpack_from(">I", data, 4)[0] if avs else struct.unpack_from(
            "<I", data, 4)[0]
        return Frame(data[length:])
    if linktype == AVS:
        return Frame(data[struct.unpack_from(">I", data, 4)[0]:])
    return None


def finish(body, original, has_fcs, marked_bad):
    if not has_fcs:
        return Frame(body, bool(marked_bad))
    if original > len(body) or len(body) < 4:  # cut by the snap length: nothing to check
        return Frame(body, bool(marked_bad))
    good = struct.unpack("<I", body[-4:])[0] == zlib.crc32(body[:-4])
    return Frame(body[:-4], bool(marked_bad) or not good)


def frames(path):
    """Every frame of a capture that can be told apart from its radio header."""
    result = []
    for linktype, data, original in records(open_bytes(path)):
        try:
            frame = link_frame(linktype, data, original)
        except (struct.error, IndexError):
            frame = None
        if frame:
            result.append(frame)
    return result


def good_frames(path):
    """{address: good frames it transmitted}, {address: good frames sent, relayed ones as well}."""
    transmitted, sent = {}, {}
    for frame in frames(path):
        if frame.transmitter and not frame.bad:
            transmitted[frame.transmitter] = transmitted.get(frame.transmitter, 0) + 1
            senders = {frame.transmitter, frame.source}
            if frame.source == frame.receiver:  # relayed to its own source: it only received
                senders.discard(frame.source)
            for address in senders:
                sent[address] = sent.get(address, 0) + 1
    return transmitted, sent


BEACON, PROBE_RESPONSE, PROBE_REQUEST, ASSOCIATION_REQUEST, REASSOCIATION_REQUEST = 8, 5, 4, 0, 2
FIXED = {BEACON: 12, PROBE_RESPONSE: 12, PROBE_REQUEST: 0, ASSOCIATION_REQUEST: 4,
         REASSOCIATION_REQUEST: 10}


def ssid_of(frame):
    """The SSID element of a management frame that has one, as bytes, or None."""
    if frame.type != 0 or frame.subtype not in FIXED or len(frame.body) < 24:
        return None
    at = 24 + (4 if frame.body[1] & 0x80 else 0) + FIXED[frame.subtype]
    while at + 2 <= len(frame.body):
        number, size = frame.body[at:at + 2]
        if at + 2 + size > len(frame.body):
            return None
        if number == 0:
            return frame.body[at + 2:at + 2 + size]
        at += 2 + size
    return None


def ssids_asked_to_join(path):
    """{address: SSIDs in its association requests}, by both ends of the request."""
    found = {}
    for frame in frames(path):
        if not frame.bad and frame.type == 0 and frame.subtype in (ASSOCIATION_REQUEST,
                                                                   REASSOCIATION_REQUEST):
            name = ssid_of(frame)
            for end in (frame.body[10:16], frame.body[16:22]):
                found.setdefault(end.hex(":"), set()).add(name or b"")
    return found


def heard_bss(path):
    """BSSIDs with a beacon or probe response of good FCS."""
    return {frame.body[16:22].hex(":") for frame in frames(path)
            if not frame.bad and frame.type == 0 and frame.subtype in (BEACON, PROBE_RESPONSE)
            and len(frame.body) >= 24}
