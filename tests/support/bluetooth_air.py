"""Builds Bluetooth packets, so that tests know every bit they expect back.

Input: calls such as advertisement(ADDRESS, ad(...)). Output: bytes for a Scene of support/air.py.
Bluetooth Core Specification Vol 6, Part B (low energy), Vol 4, Part E (HCI), the Supplement's
Part A (advertising data); the headers of LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR and
LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR.
"""
import struct

DLT_LE, DLT_LE_PHDR, DLT_HCI, DLT_HCI_PHDR, DLT_MONITOR = 251, 256, 187, 201, 254
ADVERTISING = 0x8e89bed6
CRC_START = 0x555555
ADV_IND, ADV_DIRECT_IND, ADV_NONCONN_IND, SCAN_REQ, SCAN_RSP, CONNECT_IND, ADV_SCAN_IND = range(7)
ADV_EXT_IND = 7


def address(text):
    return bytes.fromhex(text.replace(":", ""))[::-1]


def ad(*structures):
    """Advertising data: pairs of type and content."""
    return b"".join(bytes((len(body) + 1, kind)) + body for kind, body in structures)


def flags(value=0x06):
    return 0x01, bytes((value,))


def name(text, short=False):
    return 0x08 if short else 0x09, text.encode()


def services(*numbers):
    return 0x03, struct.pack("<%dH" % len(numbers), *numbers)


def service_data(number, data):
    return 0x16, struct.pack("<H", number) + data


def maker(company, data=b""):
    return 0xff, struct.pack("<H", company) + data


def crc(pdu, start=CRC_START):
    """CRC-24, a bit at a time (3.1.1)."""
    state = int(f"{start:024b}"[::-1], 2)
    for byte in pdu:
        for bit in range(8):
            last = (state ^ byte >> bit) & 1
            state = state >> 1 ^ (0xda6000 if last else 0)
    return state.to_bytes(3, "little")


def packet(kind, payload, sender_random=False, receiver_random=False, good=True):
    """A packet of the advertising channels with its CRC."""
    pdu = bytes((kind | sender_random << 6 | receiver_random << 7, len(payload))) + payload
    check = crc(pdu) if good else bytes(3)
    return struct.pack("<I", ADVERTISING) + pdu + check


def advertisement(sender, data=b"", kind=ADV_IND, random=False, good=True):
    return packet(kind, address(sender) + data, random, good=good)


def scan_request(sender, to, random=False, to_random=False):
    return packet(SCAN_REQ, address(sender) + address(to), random, to_random)


def connect(sender, to, access_address, random=False, to_random=False):
    link = struct.pack("<I", access_address) + b"\x12\x34\x56" + struct.pack(
        "<BHHHH", 3, 11, 24, 0, 72) + b"\xff\xff\xff\xff\x1f\xa7"
    return packet(CONNECT_IND, address(sender) + address(to) + link, random, to_random)


def extended(sender, data=b"", random=True, power=None):
    """An extended advertisement with its address and set, and its power if it tells."""
    fields = address(sender) + struct.pack("<H", 0x1234)
    header = bytes((0x09 | (0x40 if power is not None else 0),)) + fields
    header += struct.pack("b", power) if power is not None else b""
    return packet(ADV_EXT_IND, bytes((len(header),)) + header + data, random)


def data(access_address, body, control=False):
    """A packet of a connection; its CRC stays the radio's secret."""
    return (struct.pack("<I", access_address) + bytes((3 if control else 2, len(body))) + body
            + bytes(3))


FROM_CENTRAL, FROM_PERIPHERAL = 2, 3


def heard(frame, channel=37, signal=-60, noise=-95, direction=0, checked=True, good=True):
    """A packet behind its radio header."""
    place = {37: 0, 38: 12, 39: 39}.get(channel, channel + (1 if channel < 11 else 2))
    word = 0x0007 | direction << 7 | (0x0400 if checked else 0) | (0x0800 if good else 0)
    return struct.pack("<BbbBIH", place, signal, noise, 0, 0, word) + frame


def event(code, body):
    return b"\x04" + bytes((code, len(body))) + body


def low_energy_event(subevent, body):
    return event(0x3e, bytes((subevent,)) + body)


def command(opcode, body=b""):
    return b"\x01" + struct.pack("<HB", opcode, len(body)) + body


def acl(handle, body):
    return b"\x02" + struct.pack("<HH", handle | 0x2000, len(body)) + body


def sent(frame):
    return b"\0\0\0\0" + frame


def received(frame):
    return b"\0\0\0\1" + frame


def device_class(value):
    return value.to_bytes(3, "little")


def inquiry_result(sender, kind, signal, data_bytes=b""):
    """An extended inquiry result."""
    return event(0x2f, b"\1" + address(sender) + b"\1\0" + device_class(kind) + b"\x34\x12"
                 + struct.pack("b", signal) + data_bytes.ljust(240, b"\0"))


def report(sender, data_bytes, signal, kind=0, random=False):
    """An advertising report of one device."""
    return low_energy_event(2, b"\1" + bytes((kind, random)) + address(sender)
                            + bytes((len(data_bytes),)) + data_bytes + struct.pack("b", signal))


def btsnoop(records, kind=1002):
    """A btsnoop log of (seconds since 1970, flags, packet)."""
    epoch = 62168256000
    return b"btsnoop\0" + struct.pack(">II", 1, kind) + b"".join(
        struct.pack(">IIIIQ", len(body), len(body), word, 0, (epoch + time) * 10**6) + body
        for time, word, body in records)
