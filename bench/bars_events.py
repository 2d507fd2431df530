"""Bars of events: many readers of the bus and of devices while the air is busy."""
import base64
import json
import os
import socket
import struct
import subprocess
import time

import requests

import bars_websocket
import captures
import server
from server import Row

CLIENT = os.path.join(bars_websocket.RELEASE, "bench_event_client")
READERS, MONITORS, STUCK_MONITORS = 500, 200, 3
RATE, ARRIVALS, ALERTS = 20000, 25, 10  # a second: packets, new devices, alerts
SECONDS = 30
BUS, MONITOR = "/eventbus/events.ws", "/devices/monitor.ws"
KEY, PACKETS = "kismet.device.base.key", "kismet.device.base.packets.total"
STATUS = "norn.system."


class StuckReader:
    """A websocket that asks for whole records and then takes nothing."""

    def __init__(self, norn, path, command):
        self.close = None  # code and reason, once take_all() has found them
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.line.connect(("127.0.0.1", norn.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.line.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           f"Sec-WebSocket-Key: {key}\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.line.recv(1)
        text = json.dumps(command).ljust(200).encode()
        self.line.sendall(struct.pack(">BBHI", 0x81, 0xFE, len(text), 0) + text)

    def take_all(self):
        """Reads to the end of the connection, whose last frame says why."""
        said = b""
        self.line.settimeout(10)
        try:
            while more := self.line.recv(1 << 16):
                said = (said + more)[-200:]
        except ConnectionResetError:
            pass
        at = said.rfind(b"\x88")
        if at >= 0 and len(said) >= at + 4:
            self.close = struct.unpack(">H", said[at + 2:at + 4])[0], said[at + 4:].decode()


def command(norn, path, **body):
    requests.post(norn.url + path, auth=server.LOGIN, timeout=30, json=body).raise_for_status()


def status_of(norn):
    return norn.get("/system/status.json").json()


def points(norn):
    """Packets of the access points that are monitored, by key."""
    records = requests.post(
        norn.url + "/devices/views/phydot11_accesspoints/devices.json", timeout=30,
        json={"fields": [KEY, PACKETS]}).json()
    return {record[KEY]: record[PACKETS] for record in records}


def play(norn, kind, rate):
    command(norn, "/datasource/add_source.cmd",
            definition=f"{captures.path(kind)}:name={kind},pps={rate}")


def stop(norn):
    """Closes the sources; how many packets of each came."""
    counts = {}
    for source in norn.sources():
        uuid = source["kismet.datasource.uuid"]
        requests.get(f"{norn.url}/datasource/by-uuid/{uuid}/close_source.cmd", auth=server.LOGIN,
                     timeout=30)
    for source in norn.sources():
        counts[source["kismet.datasource.name"]] = source["kismet.datasource.num_packets"]
    return counts


class Evening:
    """The readers, the air and the alerts, for a while; then what everybody says of it."""

    def __init__(self, norn):
        self.norn = norn
        command(norn, "/alerts/definitions/define_alert.cmd", name="BENCH", description="a clock",
                throttle="1000/sec", burst="1000/sec")
        self.keys = list(points(norn))[:MONITORS]
        self.client = subprocess.Popen([CLIENT, str(norn.port), str(READERS)], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.say("".join(key + "\n" for key in self.keys) + "\n")
        self.client.stdout.readline()  # all are connected
        self.stuck = StuckReader(norn, BUS, {"SUBSCRIBE": "*", "format": "prettyjson"})
        self.others = [StuckReader(norn, MONITOR, {"monitor": "*", "rate": 1})
                       for _ in range(STUCK_MONITORS)]
        self.alerts, self.devices = 0, status_of(norn)["kismet.system.devices.count"]
        self.run()

    def say(self, text):
        self.client.stdin.write(text)
        self.client.stdin.flush()

    def run(self):
        play(self.norn, "evening", RATE)
        dusk = time.perf_counter()
        play(self.norn, "arrivals", ARRIVALS)
        time.sleep(2)  # until the air's time goes on
        self.say("\n")
        began, before = time.perf_counter(), bars_websocket.cpu_seconds(self.norn.process.pid)
        while (passed := time.perf_counter() - began) < SECONDS:
            command(self.norn, "/alerts/raise_alert.cmd", name="BENCH", text=time.monotonic_ns())
            self.alerts += 1
            if self.alerts % ALERTS == 0 and not self.stuck.close:
                self.look_at_stuck()
            time.sleep(max(0, self.alerts / ALERTS - passed))
        self.seconds = time.perf_counter() - began
        self.cpu = bars_websocket.cpu_seconds(self.norn.process.pid) - before
        self.say("\n")
        self.rate = stop(self.norn)["evening"] / (time.perf_counter() - dusk)
        time.sleep(3)  # for the last look of each monitor
        said, _ = self.client.communicate(timeout=60)
        self.said = bars_websocket.figures(said)
        self.status = status_of(self.norn)
        self.devices = self.status["kismet.system.devices.count"] - self.devices

    def look_at_stuck(self):
        """Has the reader that takes nothing look why, as soon as the server drops what waits."""
        if status_of(self.norn)[STATUS + "websocket.messages_dropped"]:
            self.stuck.take_all()

    def lost(self):
        """What somebody should have been told and was not, in words."""
        now, said = points(self.norn), self.said
        for topic, count in (("alerts", self.alerts), ("devices", self.devices)):
            if said[topic + "_least"] != count or said[topic + "_most"] != count:
                yield f"{said[topic + '_least']:.0f} of {count} {topic}"
        if said["seconds_least"] < self.seconds:
            yield f"{said['seconds_least']:.0f} seconds"
        if said["updates_least"] < self.seconds - 1:
            yield f"{said['updates_least']:.0f} updates"
        late = sum(said[f"packets{i}"] != now[key] for i, key in enumerate(self.keys))
        if late:
            yield f"the last update of {late} monitors"
        if said["closed"] or self.status[STATUS + "events_lost"]:
            yield (f"{said['closed']:.0f} readers closed, "
                   f"{self.status[STATUS + 'events_lost']} events")


def events():
    """500 readers of all events and 200 monitors of a device each, at 20,000 packets/s."""
    bars_websocket.build("bench_event_client")
    with server.Server("-c", captures.path("replay")) as norn:
        norn.wait_for_packets(captures.packets("replay"))
        evening = Evening(norn)
        lost = list(evening.lost())
        for other in evening.others:
            other.take_all()  # times out where the server has not cut it off
    said, share = evening.said, evening.cpu / evening.seconds
    told = (evening.alerts * 2 + evening.devices + evening.seconds * 4) / evening.seconds
    other = bars_websocket.Measured(bars_websocket.yardstick(round(told)), "read", "/shared.ws",
                                    READERS, bars_websocket.SECONDS)
    code, reason = evening.stuck.close or (0, "was not closed")
    met = (not lost and evening.rate >= 0.98 * RATE and share < 0.60 and
           said["p99"] < 250e3 and said["lag99"] < 250e3 and code == 1008)
    yield Row("events", met,
              f"{READERS} readers of every event, {MONITORS} monitors of a device each, "
              f"{RATE:,} packets/s: none lost, p99 < 250 ms, < 60% of a core; who takes nothing is "
              "cut off and told why",
              f"lost: {', '.join(lost) or 'nothing'}; {told:.0f} events/s to each, p50 "
              f"{said['p50'] / 1e3:.0f} ms, p99 {said['p99'] / 1e3:.0f} ms; {said['updates']:.0f} "
              f"updates, p50 {said['lag50'] / 1e3:.0f} ms, p99 {said['lag99'] / 1e3:.0f} ms after "
              f"the second; {share:.0%} of a core, {evening.rate:,.0f} "
              f"packets/s; stuck: {code} {reason}",
              f"Python's websockets.broadcast of as many messages alone: "
              f"{other.cpu / other.seconds:.0%} of a core",
              f"bench_event_client PORT {READERS}; alerts whose text is the clock, {ARRIVALS} new "
              "devices/s")
