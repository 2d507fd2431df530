"""Receivers of positions for the tests: sentences, tracks, a serial line, gpsd as it should be and
as it should not.

Input: places. Output: NMEA 0183 text; a pseudo terminal and TCP servers that say it; gpsfake, which
feeds the real gpsd from a recorded track.
"""
import json
import os
import signal
import socket
import subprocess
import threading
import time
import tty

from support.norn import free_port


def sentence(body):
    """The sentence with its checksum and end."""
    checksum = 0
    for letter in body:
        checksum ^= ord(letter)
    return f"${body}*{checksum:02X}\r\n"


def angle(degrees, digits, halves):
    """(d)ddmm.mmmm and the half of the earth."""
    whole = int(abs(degrees))
    minutes = round((abs(degrees) - whole) * 60, 5)
    return f"{whole:0{digits}d}{minutes:08.5f},{halves[degrees < 0]}"


def epoch(latitude, longitude, altitude=None, speed=None, course=None, when=None, dop=0.9):
    """What a receiver says once a second, speed in km/h; 2D without an altitude."""
    now = time.gmtime(time.time() if when is None else when)
    clock, date = time.strftime("%H%M%S.00", now), time.strftime("%d%m%y", now)
    place = f"{angle(latitude, 2, 'NS')},{angle(longitude, 3, 'EW')}"
    knots = "" if speed is None else f"{speed / 1.852:.3f}"
    high = "" if altitude is None else f"{altitude:.1f}"
    mode = 2 if altitude is None else 3
    turn = "" if course is None else course
    return (sentence(f"GNRMC,{clock},A,{place},{knots},{turn},{date},,,A")
            + sentence(f"GNGGA,{clock},{place},1,08,{dop},{high},M,47.0,M,,")
            + sentence(f"GNGSA,A,{mode},01,02,03,04,05,06,07,08,,,,,1.5,{dop},1.2"))


def lost():
    return sentence("GNRMC,,V,,,,,,,,,,N") + sentence("GNGGA,,,,,,0,00,99.99,,,,,,")


def tpv(latitude, longitude, **more):
    """gpsd's report of a fix: 3D with an altitude."""
    report = {"class": "TPV", "device": "/dev/ttyUSB0", "mode": 3 if "altMSL" in more else 2,
              "lat": latitude, "lon": longitude, **more}
    return json.dumps(report) + "\n"


class SerialLine:
    """The receiver's end of a pseudo terminal; norn opens `path`."""

    def __init__(self):
        self.near, self.far = os.openpty()
        tty.setraw(self.far)
        self.path = os.ttyname(self.far)

    def say(self, text):
        os.write(self.near, text.encode())

    def close(self):
        for end in (self.near, self.far):
            os.close(end)


class TcpServer:
    """Says `greeting` to whoever connects, and from then on what it is told to; `heard` is what
    came back. hang_up() ends connections, close() the server; open() brings it back on its port."""

    def __init__(self, greeting=""):
        self.port, self.greeting, self.heard = free_port(), greeting, b""
        self.connections, self.accepted, self.listening = [], 0, None
        self.open()

    def open(self):
        self.listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.listening,), daemon=True).start()

    def accept(self, listening):
        while True:
            try:
                connection = listening.accept()[0]
                connection.sendall(self.greeting.encode())
            except OSError:
                return
            self.connections.append(connection)
            self.accepted += 1
            threading.Thread(target=self.listen, args=(connection,), daemon=True).start()

    def listen(self, connection):
        try:
            while part := connection.recv(4096):
                self.heard += part
        except OSError:
            pass
        if connection in self.connections:
            self.connections.remove(connection)
        connection.close()

    def say(self, text):
        for connection in list(self.connections):
            try:
                connection.sendall(text.encode())
            except OSError:
                pass

    def hang_up(self, pause=0):
        """Ends the connections, with a pause in seconds between them."""
        for connection in list(self.connections):
            time.sleep(pause)
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.hang_up()


class Gpsd(TcpServer):
    """A gpsd of our own, which can also die and stall."""

    def __init__(self):
        super().__init__(json.dumps({"class": "VERSION", "release": "3.22", "rev": "3.22",
                                     "proto_major": 3, "proto_minor": 14}) + "\n")


def track(seconds=120, latitude=47.4, longitude=8.5):
    """A recorded drive north at 40 km/h: {second: latitude} and its log."""
    places = {second: latitude + second * 0.0001 for second in range(seconds)}
    log = "".join(epoch(place, longitude, 408, 40, 0, when=1769860800 + second)
                  for second, place in places.items())
    return places, log


class Gpsfake:
    """The real gpsd, fed with a log by gpsfake a little faster than it was recorded."""

    def __init__(self, path, log):
        with open(path, "w", encoding="ascii") as file:
            file.write(log)
        self.port = free_port()
        self.process = subprocess.Popen(
            ["gpsfake", "-q", "-1", "-n", "-c", "0.05", "-P", str(self.port), str(path)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)

    def close(self):
        """gpsfake ends its gpsd when it is interrupted; whatever is left goes with its group."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
