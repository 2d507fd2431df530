"""A network interface that looks like a monitor interface: a TUN device with the link type of one.

Input: frames. Output: an interface that gives them to whoever captures there, and is gone with
close(). Needs root and /dev/net/tun, which missing() says.
"""
import fcntl
import os
import socket
import struct

RADIOTAP, BARE, PRISM, ETHERNET = 803, 801, 802, 1  # ARPHRD_ numbers

TUNSETIFF, TUNSETLINK = 0x400454CA, 0x400454CD
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_TUN, IFF_TAP, IFF_UP = 1, 2, 1
INFORMATION = b"\0\0\0\x19"  # before each frame; 0x19: 802.11, which only captures take
RADIOTAP_HEADER = b"\0\0\x08\0\0\0\0\0"


def missing():
    """Why there can be none here, or None."""
    if os.geteuid() != 0:
        return "needs root: it makes a network interface"
    return None if os.path.exists("/dev/net/tun") else "needs /dev/net/tun"


def flags_of(name, flags=None):
    """An interface's flags, after setting them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", name.encode(), flags or 0)
        if flags is not None:
            fcntl.ioctl(control, SIOCSIFFLAGS, request)
        return struct.unpack_from("h", fcntl.ioctl(control, SIOCGIFFLAGS, request), 16)[0]


def is_up(name):
    return bool(flags_of(name) & IFF_UP)


class Tap:
    """One interface; only an Ethernet one has a hardware address."""

    def __init__(self, name, kind=RADIOTAP, up=True):
        self.name = name
        self.descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        mode = IFF_TAP if kind == ETHERNET else IFF_TUN
        fcntl.ioctl(self.descriptor, TUNSETIFF, struct.pack("16sh14x", name.encode(), mode))
        if kind != ETHERNET:
            fcntl.ioctl(self.descriptor, TUNSETLINK, kind)
        if up:
            flags_of(name, flags_of(name) | IFF_UP)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def address(self):
        with open(f"/sys/class/net/{self.name}/address", encoding="ascii") as file:
            return file.read().strip()

    def send(self, frame):
        os.write(self.descriptor, INFORMATION + frame)

    def close(self):
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1
