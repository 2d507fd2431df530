"""The server's end of the capture protocol, for tests of capture tools: version 3 frames made and
read with nothing of norn's, over pipes, TCP and a websocket server of its own.

Input: a tool's program and flags. Output: the frames it sends, decoded by python-msgpack.
"""
import base64
import collections
import hashlib
import os
import select
import signal
import socket
import struct
import subprocess
import time

import msgpack

from support.norn import REPORT, binary

SIGNATURE = 0xDECAFBAD
NAMES = {1: "REGISTER", 2: "PING", 3: "PONG", 4: "SHUTDOWN", 5: "MESSAGE", 6: "ERROR",
         10: "PROBEREQ", 11: "PROBEREPORT", 12: "OPENREQ", 13: "OPENREPORT", 14: "LISTREQ",
         15: "LISTREPORT", 16: "PACKET", 17: "CONFIGREQ", 18: "CONFIGREPORT", 19: "NEWSOURCE"}
NUMBERS = {name: number for number, name in NAMES.items()}
SECONDS = 20  # of patience

Frame = collections.namedtuple("Frame", "name code sequence body")


def encode(name, body=None, code=1, sequence=1):
    packed = b"" if body is None else msgpack.packb(body)
    return struct.pack(">IHHIHHI", SIGNATURE, 0xA9A9, 3, len(packed), NUMBERS[name], code,
                       sequence) + packed


def decode(stream):
    """Takes one frame off a bytearray; None while it has not come whole."""
    if len(stream) < 20:
        return None
    signature, mark, version, length, command, code, sequence = struct.unpack_from(
        ">IHHIHHI", stream)
    assert (signature, mark, version) == (SIGNATURE, 0xA9A9, 3), bytes(stream[:20])
    if len(stream) < 20 + length:
        return None
    packed = bytes(stream[20:20 + length])
    del stream[:20 + length]
    body = msgpack.unpackb(packed, strict_map_key=False) if packed else None
    return Frame(NAMES[command], code, sequence, body)


class Closed(Exception):
    """The tool has closed the connection."""


class Pipes:
    """A tool that was started with a pair of pipes."""

    def __init__(self, read, write):
        self.read, self.write = read, write

    def fileno(self):
        return self.read

    def receive(self):
        return os.read(self.read, 1 << 20)

    def send(self, data):
        os.write(self.write, data)

    def close(self):
        for descriptor in {self.read, self.write}:
            os.close(descriptor)


class Socket:
    """A tool that connected over TCP."""

    def __init__(self, connection):
        self.connection = connection

    def fileno(self):
        return self.connection.fileno()

    def receive(self):
        try:
            return self.connection.recv(1 << 20)
        except ConnectionError:
            return b""

    def send(self, data):
        self.connection.sendall(data)

    def close(self):
        self.connection.close()


class Websocket(Socket):
    """A tool that opened a websocket: checks its handshake and framing as it goes."""

    def __init__(self, connection, answer=None, protocol=True):
        super().__init__(connection)
        self.raw = bytearray()
        self.message = bytearray()
        self.pongs = []
        head = self.read_head()
        lines = head.decode().split("\r\n")
        self.request = lines[0]
        self.headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        if answer:
            connection.sendall(answer)
            connection.close()
            return
        keys = [line.split(": ", 1)[1] for line in lines if line.startswith("Sec-WebSocket-Key")]
        digest = hashlib.sha1((keys[0] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        reply = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n")
        if protocol:
            reply += "Sec-WebSocket-Protocol: kismet-remote\r\n"
        connection.sendall(reply.encode() + b"\r\n")

    def read_head(self):
        while b"\r\n\r\n" not in self.raw:
            got = self.connection.recv(4096)
            assert got, "the tool closed before it asked for anything"
            self.raw += got
        head, _, rest = bytes(self.raw).partition(b"\r\n\r\n")
        self.raw = bytearray(rest)
        return head

    def take(self):
        """One frame off self.raw: (opcode, final, payload), or None."""
        if len(self.raw) < 2:
            return None
        final, opcode, masked, length, at = (self.raw[0] & 0x80, self.raw[0] & 15,
                                             self.raw[1] & 0x80, self.raw[1] & 127, 2)
        assert masked, "what a client sends is masked"
        assert not self.raw[0] & 0x70
        if length > 125:
            size = 2 if length == 126 else 8
            length = int.from_bytes(self.raw[2:2 + size], "big")
            at += size
        if len(self.raw) < at + 4 + length:
            return None
        mask = bytes(self.raw[at:at + 4]) * (length // 4 + 1)
        masked = bytes(self.raw[at + 4:at + 4 + length])
        payload = (int.from_bytes(masked, "big") ^ int.from_bytes(mask[:length], "big")).to_bytes(
            length, "big")
        del self.raw[:at + 4 + length]
        return opcode, final, payload

    def receive(self):
        """Whole messages; None when there is none yet, nothing at the end."""
        got = super().receive()
        if not got:
            return b""
        self.raw += got
        messages = b""
        while True:
            frame = self.take()
            if not frame:
                return messages or None
            opcode, final, payload = frame
            if opcode == 8:
                return messages
            if opcode == 10:
                self.pongs.append(payload)
                continue
            assert opcode in (0, 2), f"opcode {opcode}"
            self.message += payload
            if final:
                whole, self.message = self.message, bytearray()
                one = bytearray(whole)
                assert decode(one) and not one, "one message is one frame"
                messages += bytes(whole)

    def send(self, data):
        self.send_frame(2, data)

    def send_frame(self, opcode, data, final=True):
        head = bytes([(0x80 if final else 0) | opcode])
        if len(data) < 126:
            head += bytes([len(data)])
        elif len(data) < 65536:
            head += b"\x7e" + struct.pack(">H", len(data))
        else:
            head += b"\x7f" + struct.pack(">Q", len(data))
        self.connection.sendall(head + data)


class Peer:
    """A conversation. While it waits it pings every second, and answers the tool's pings unless
    told not to; frames that were not waited for are kept in `frames`."""

    def __init__(self, transport):
        self.transport = transport
        self.stream = bytearray()
        self.frames = []
        self.sequence = 100
        self.pings = True
        self.acknowledges = True
        self.asked = []  # sequence numbers of the tool's pings
        self.pinged = 0

    def send(self, name, body=None, code=1, sequence=None):
        """Sends a request and gives its number."""
        self.sequence += 1
        number = self.sequence if sequence is None else sequence
        self.transport.send(encode(name, body, code, number))
        return number

    def ping(self):
        self.pinged = time.monotonic()
        return self.send("PING")

    def pong(self, sequence):
        self.transport.send(encode("PONG", None, 0, sequence))

    @staticmethod
    def try_to(send, *what):
        """Sends what no test asked for: a tool that has gone said something before, to be read."""
        try:
            send(*what)
        except ConnectionError:
            pass

    def pump(self, seconds):
        """Reads what comes within so many seconds, or as soon as anything has."""
        if self.pings and time.monotonic() - self.pinged > 1:
            self.try_to(self.ping)
        ready, _, _ = select.select([self.transport], [], [], seconds)
        if not ready:
            return
        got = self.transport.receive()
        if got == b"":
            raise Closed
        self.stream += got or b""
        while True:
            frame = decode(self.stream)
            if not frame:
                return
            if frame.name == "PING":
                self.asked.append(frame.sequence)
                if self.acknowledges:
                    self.try_to(self.pong, frame.sequence)
            else:
                self.frames.append(frame)

    def expect(self, name, matches=lambda frame: True, seconds=SECONDS):
        """The first frame of that name, also of those that came before; others are kept."""
        end = time.monotonic() + seconds
        while True:
            for at, frame in enumerate(self.frames):
                if frame.name == name and matches(frame):
                    return self.frames.pop(at)
            left = end - time.monotonic()
            assert left > 0, f"no {name}; there came {self.frames[-5:]}"
            self.pump(min(left, 0.2))

    def ask(self, name, answer, body=None):
        """Sends a request and gives the report whose body names it."""
        number = self.send(name, body)
        return self.expect(answer, lambda frame: frame.body.get(1) == number)

    def open(self, definition):
        report = self.ask("OPENREQ", "OPENREPORT", {1: definition})
        assert report.code == 1, report
        return report.body

    def listen(self, seconds):
        """Reads for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(max(0, min(end - time.monotonic(), 0.2)))

    def packets(self):
        return [frame for frame in self.frames if frame.name == "PACKET"]

    def expect_packets(self, count, seconds=SECONDS):
        end = time.monotonic() + seconds
        while len(self.packets()) < count:
            assert time.monotonic() < end, f"{len(self.packets())} of {count} packets"
            self.pump(0.2)
        return self.packets()

    def expect_close(self, seconds=SECONDS):
        """Waits until the tool closes its end."""
        end = time.monotonic() + seconds
        self.pings = False
        try:
            while time.monotonic() < end:
                self.pump(0.2)
        except Closed:
            return
        raise AssertionError("the tool keeps the connection open")

    def close(self):
        self.transport.close()


def program(name):
    """A capture tool, beside the norn that is tested."""
    return os.path.join(os.path.dirname(binary()), name)


class Tool:
    """A capture tool that runs; ended and checked at the end of a with block."""

    def __init__(self, name, *arguments, descriptors=(), folder=None):
        self.process = subprocess.Popen([program(name), *arguments], pass_fds=descriptors,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        cwd=folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.wait()

    def wait(self, seconds=SECONDS):
        """The exit status; a tool that does not end is killed and fails the test."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.said = getattr(self, "said", "") + self.process.stderr.read().decode()
        assert not REPORT.search(self.said), self.said
        return self.process.returncode


class LocalTool(Tool):
    """A tool started as a server starts it, with `peer` at the other ends of its pipes."""

    def __init__(self, name, *arguments, folder=None):
        to_tool, from_tool = os.pipe(), os.pipe()
        super().__init__(name, f"--in-fd={to_tool[0]}", f"--out-fd={from_tool[1]}", *arguments,
                         descriptors=(to_tool[0], from_tool[1]), folder=folder)
        os.close(to_tool[0])
        os.close(from_tool[1])
        self.peer = Peer(Pipes(from_tool[0], to_tool[1]))
        self.is_closed = False

    def close(self):
        if not self.is_closed:
            self.peer.close()
        self.is_closed = True

    def __exit__(self, *exception):
        self.close()
        super().__exit__(*exception)


class Listener:
    """Where tools connect to."""

    def __init__(self, family=socket.AF_INET):
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        self.socket.listen()
        self.socket.settimeout(SECONDS)
        self.port = self.socket.getsockname()[1]
        host = "127.0.0.1" if family == socket.AF_INET else "[::1]"
        self.address = f"{host}:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def accept(self):
        return Peer(Socket(self.accept_raw()))

    def accept_raw(self):
        connection, _ = self.socket.accept()
        connection.settimeout(SECONDS)
        return connection

    def accept_websocket(self, **options):
        return Peer(Websocket(self.accept_raw(), **options))
