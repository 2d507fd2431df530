"""A kernel's management interface to Bluetooth adapters, played for tests of a capture tool, with
nothing of norn's: adapters with settings, requests that are kept, events when a test says so.

Input: frames on a listening socket (BlueZ, doc/mgmt-api.txt). Output: replies and events.
"""
import collections
import socket
import struct
import threading
import time

READ_ADAPTERS, READ_INFORMATION, SET_POWERED, SET_LE = 0x0003, 0x0004, 0x0005, 0x000d
START, STOP, CONFIRM_NAME, SET_BREDR = 0x0023, 0x0024, 0x0025, 0x002a
REPLY, REFUSAL, REMOVED, NEW_SETTINGS, FOUND, DISCOVERING = 1, 2, 5, 6, 0x12, 0x13
FAILED, BUSY, BLOCKED, NOT_PERMITTED = 0x03, 0x0a, 0x12, 0x14
POWERED, BREDR, LE = 1 << 0, 1 << 7, 1 << 9
SWITCHES = {SET_POWERED: POWERED, SET_LE: LE, SET_BREDR: BREDR}

Request = collections.namedtuple("Request", "command adapter parameters seconds")


def address(text):
    """Six octets, the last first."""
    return bytes.fromhex(text.replace(":", ""))[::-1]


def structure(kind, data):
    return bytes([len(data) + 1, kind]) + data


def found(who, kind, signal, flags=0, data=b""):
    """What stands in an event of a device that was found."""
    return address(who) + struct.pack("<BbIH", kind, signal, flags, len(data)) + data


class Adapter:
    def __init__(self, where, settings=POWERED | BREDR | LE, supported=POWERED | BREDR | LE):
        self.address, self.settings, self.supported = where, settings, supported
        self.refuses = {}  # status by command
        self.delays = {}  # seconds by command
        self.discovers = False
        self.is_held = False  # by another program's discovery

    def information(self):
        return (address(self.address) + struct.pack("<BHII", 10, 15, self.supported, self.settings)
                + bytes(3 + 249 + 11))


class Kernel:
    """Listens on a socket; `adapters` by their numbers."""

    def __init__(self, path, adapters):
        self.adapters = adapters
        self.requests = []
        self.connections = []
        self.changed = threading.Condition()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.bind(path)
        self.socket.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        for connection in [self.socket, *self.connections]:
            try:
                connection.shutdown(socket.SHUT_RDWR)  # also for the thread that reads from it
            except OSError:
                pass
            connection.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        while True:
            try:
                frame = connection.recv(4096)
                if not frame:
                    return
                self.answer(connection, frame)
            except OSError:
                return

    def answer(self, connection, frame):
        command, number, length = struct.unpack_from("<HHH", frame)
        assert len(frame) == 6 + length
        adapter = self.adapters.get(number)
        time.sleep(adapter.delays.get(command, 0) if adapter else 0)
        status, data = self.decide(command, adapter, frame[6:])
        with self.changed:  # whoever has the answer may look at what was asked
            if status:
                self.send(connection, REFUSAL, number, struct.pack("<HB", command, status))
            else:
                self.send(connection, REPLY, number, struct.pack("<HB", command, 0) + data)
            if command == START and not status:
                self.event(DISCOVERING, number, b"\7\1")
            self.requests.append(Request(command, number, frame[6:], time.monotonic()))
            self.changed.notify_all()

    def decide(self, command, adapter, parameters):
        if command == READ_ADAPTERS:
            numbers = sorted(self.adapters, reverse=True)  # as Linux does
            return 0, struct.pack(f"<H{len(numbers)}H", len(numbers), *numbers)
        if not adapter:
            return 0x11, b""
        if command in adapter.refuses:
            return adapter.refuses[command], b""
        if command == READ_INFORMATION:
            return 0, adapter.information()
        if command in SWITCHES:
            bit = SWITCHES[command]
            adapter.settings = adapter.settings & ~bit | (bit if parameters[0] else 0)
            return 0, struct.pack("<I", adapter.settings)
        if command == START and (adapter.is_held or adapter.discovers):
            return BUSY, b""
        if command in (START, STOP):
            adapter.discovers = command == START
        return 0, parameters

    @staticmethod
    def send(connection, event, number, data):
        connection.send(struct.pack("<HHH", event, number, len(data)) + data)

    def event(self, event, number, data):
        """Tells it to all that are connected."""
        for connection in self.connections:
            try:
                self.send(connection, event, number, data)
            except OSError:
                pass

    def set(self, settings, number=0):
        """What another program does to the adapter."""
        self.adapters[number].settings = settings
        self.event(NEW_SETTINGS, number, struct.pack("<I", settings))

    def end_round(self, number=0):
        self.adapters[number].discovers = self.adapters[number].is_held = False
        self.event(DISCOVERING, number, b"\7\0")

    def remove(self, number=0):
        """Switched off first, as Linux does."""
        adapter = self.adapters.pop(number)
        self.event(NEW_SETTINGS, number, struct.pack("<I", adapter.settings & ~POWERED))
        self.event(REMOVED, number, b"")

    def changes(self):
        """The requests that were more than questions: command and first parameter."""
        with self.changed:
            requests = list(self.requests)
        return [(request.command, request.parameters[0]) for request in requests
                if request.command not in (READ_ADAPTERS, READ_INFORMATION)]

    def expect(self, command, count=1, seconds=20):
        """Waits for the so manieth request of the command."""
        def those():
            return [request for request in self.requests if request.command == command]
        with self.changed:
            assert self.changed.wait_for(lambda: len(those()) >= count, seconds), self.changes()
        return those()[count - 1]
