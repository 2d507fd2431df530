"""Records what nl80211 says of the first radio, for tests/unit/wifi/hwsim_wiphy.bin: the attributes
of each message that answers GET_WIPHY, behind their length (32 bits, low octet first).

Output: standard output. In the virtual machine (docs/rig.md), with FOLDER as its shared folder:
    run.sh FOLDER "modprobe mac80211_hwsim; sleep 1; python3 $PWD/tests/rig/record_wiphy.py > wiphy"
"""
import socket
import struct
import sys

NETLINK_GENERIC, CONTROL = 16, 16
REQUEST, ACK, DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
GET_FAMILY, FAMILY_ID, FAMILY_NAME = 3, 1, 2
GET_WIPHY, WIPHY, SPLIT_WIPHY_DUMP = 1, 1, 174


def attribute(kind, value):
    whole = struct.pack("=HH", 4 + len(value), kind) + value
    return whole.ljust((len(whole) + 3) // 4 * 4, b"\0")


def attributes(data):
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3:]


def ask(netlink, family, command, body, flags):
    """The attributes of each message of the answer."""
    body = struct.pack("=BBH", command, 1, 0) + body
    netlink.send(struct.pack("=IHHII", 16 + len(body), family, REQUEST | flags, 1, 0) + body)
    while True:
        data = netlink.recv(1 << 20)
        while data:
            length, kind = struct.unpack_from("=IH", data)
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                return
            yield data[20:length]
            data = data[(length + 3) & ~3:]


def main():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as netlink:
        name = attribute(FAMILY_NAME, b"nl80211\0")
        answer, = ask(netlink, CONTROL, GET_FAMILY, name, ACK)
        family, = struct.unpack("=H", dict(attributes(answer))[FAMILY_ID])
        wanted = attribute(WIPHY, bytes(4)) + attribute(SPLIT_WIPHY_DUMP, b"")
        for message in ask(netlink, family, GET_WIPHY, wanted, DUMP):
            sys.stdout.buffer.write(struct.pack("<I", len(message)) + message)


if __name__ == "__main__":
    main()
