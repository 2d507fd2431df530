"""A capture tool as a script: speaks version 3 of the protocol to a server, word by word as a test
wants it. Written from the protocol's description, with Python's msgpack; shares nothing with norn.
"""
import socket
import struct
import time

import msgpack

PING, PONG, MESSAGE, ERROR = 2, 3, 5, 6
PROBE_REQUEST, PROBE_REPORT, OPEN_REQUEST, OPEN_REPORT = 10, 11, 12, 13
LIST_REQUEST, LIST_REPORT, PACKET, CONFIGURE, CONFIGURED, NEW_SOURCE = 14, 15, 16, 17, 18, 19
RADIOTAP, WLAN = 127, 105
UUID = "5FE308BD-0000-0000-0000-00C0FFEE0001"


def frame(kind, body=None, code=0, sequence=0):
    data = b"" if body is None else msgpack.packb(body)
    return struct.pack(">IHHIHHI", 0xDECAFBAD, 0xA9A9, 3, len(data), kind, code, sequence) + data


class Sensor:
    """One connection to a server, as a tool on another machine has it."""

    def __init__(self, port, definition="wlan0:name=far", kind="linuxwifi", uuid=UUID, line=None,
                 **extra):
        self.socket = line or socket.create_connection(("127.0.0.1", port), 20)
        self.socket.settimeout(20)
        self.input, self.sequence, self.pings = b"", 1, 0
        self.new_source = {1: definition, 2: kind, 3: uuid, **extra}

    def send(self, kind, body=None, code=0, sequence=None):
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        self.socket.sendall(frame(kind, body, code, sequence))

    def receive(self, wanted=None):
        """The next frame of that kind: sequence and body. Pings are answered on the way."""
        while True:
            while len(self.input) < 20 or len(self.input) < 20 + self.length():
                more = self.socket.recv(65536)
                if not more:
                    raise ConnectionError("the server hung up")
                self.input += more
            length = self.length()
            signature, mark, version, _, kind, _, sequence = struct.unpack(">IHHIHHI",
                                                                           self.input[:20])
            assert (signature, mark, version) == (0xDECAFBAD, 0xA9A9, 3)
            body, self.input = self.input[20:20 + length], self.input[20 + length:]
            if kind == PING:
                self.pings += 1
                self.socket.sendall(frame(PONG, sequence=sequence))
            if kind == wanted or (wanted is None and kind not in (PING, PONG)):
                return sequence, msgpack.unpackb(body, strict_map_key=False) if body else {}

    def heard_within(self, seconds):
        """The kinds of all frames that come within that time."""
        kinds, until = set(), time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                self.input += self.socket.recv(65536)
            except TimeoutError:
                break
            while len(self.input) >= 20 and len(self.input) >= 20 + self.length():
                kinds.add(struct.unpack(">H", self.input[12:14])[0])
                self.input = self.input[20 + self.length():]
        self.socket.settimeout(20)
        return kinds

    def length(self):
        return struct.unpack(">I", self.input[8:12])[0]

    def open(self, channels=("1", "6", "11"), code=1, **report):
        """Says what it brings and that it could open it; what the server asked for."""
        self.send(NEW_SOURCE, self.new_source)
        sequence, request = self.receive(OPEN_REQUEST)
        body = {1: sequence, 2: RADIOTAP, 3: "wlan0mon", 4: list(channels), 5: "1", 7: "ath9k",
                8: self.new_source[3], 10: "2025.09.R1"}
        body.update({int(key[1:]): value for key, value in report.items()})
        self.send(OPEN_REPORT, body, code=code, sequence=sequence)
        return request[1]

    def packet(self, data, link_type=RADIOTAP, when=None, sequence=None, **blocks):
        when = time.time() if when is None else when
        body = {4: {1: link_type, 2: int(when), 3: int(when % 1 * 1e6), 4: len(data), 6: data}}
        body.update({int(key[1:]): value for key, value in blocks.items()})
        self.send(PACKET, body, sequence=sequence)

    def configured(self, code=1, **values):
        """Answers the next configuration; what it was."""
        sequence, request = self.receive(CONFIGURE)
        body = {1: sequence}
        if 1 in request:
            body[2] = request[1]
        if 2 in request:
            body[3] = {**request[2], 6: 1}
        body.update({int(key[1:]): value for key, value in values.items()})
        self.send(CONFIGURED, body, code=code, sequence=sequence)
        return request

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
