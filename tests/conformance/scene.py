"""The server that conformance.py asks, and what the placeholders of endpoints.txt stand for.

One source plays a street to its end; two more can be tuned. Every role has an API key. A login is
asked for everything that is not open, so that roles tell. What an endpoint needs is brought about
when its placeholders are filled in, so that each can be asked alone.
"""
import base64
import itertools
import json
import os
import re
import socket
import struct
import sys
import tempfile
import time

import msgpack
import requests

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import air, street  # noqa: E402
from support.air import device_key  # noqa: E402
from support.norn import Server  # noqa: E402

ROLES = ("admin", "readonly", "datasource", "scanreport", "WEBGPS", "ADSB", "guest")
OUTSIDER = "guest"  # a role that no endpoint names
SOURCE = "0F0F0F0F-0000-0000-0000-00000000000{}"
TUNED = {"GET": SOURCE.format(1), "POST": SOURCE.format(2)}
SENSOR = SOURCE.format(9)
STATES = {"running": ("open", "resume"), "paused": ("open", "pause"), "closed": ("close",)}
ALERT = {"name": "DEFINED", "description": "raised by a test", "class": "OTHER", "severity": 5,
         "throttle": "100/min", "burst": "100/sec"}


def capture_file(path):
    """The street, and an access point whose first key message has a PMKID (802.11, 12.7.2)."""
    scene = street.street()
    pmkid = b"\xdd\x14\x00\x0f\xac\x04" + bytes(range(1, 17))
    head = len(air.LLC) + 2 + 4  # up to the body, whose length ends the head
    message = air.eapol_key(1)
    body = message[head:-2] + struct.pack(">H", len(pmkid)) + pmkid
    frame = message[:head - 2] + struct.pack(">H", len(body)) + body
    bssid = street.HIDDEN.bssid
    scene.add(air.data(bssid, bssid, street.GIVEAWAY_CLIENT, frame, from_ap=True), 6, -47)
    scene.write_pcap(path)


class Scene:
    """One server, as a context; `ask` calls it, `fill` puts values into a path or a body."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="norn-conformance-")
        capture = os.path.join(self.folder.name, "street.pcap")
        os.chmod(self.folder.name, 0o755)
        capture_file(capture)
        arguments = ["-c", f"{capture}:name=street"]
        for uuid in TUNED.values():
            arguments += ["-c", f"{capture}:name=radio,uuid={uuid.lower()},tuner=null,"
                          "realtime=true,loop=true"]
        for receiver in ("web:name=web", "meta:name=meta", "virtual:name=fixed,lat=1,lon=1,alt=1",
                         "tcp:host=127.0.0.1,port=9,name=a", "tcp:host=127.0.0.1,port=9,name=b"):
            arguments += ["--set", f"gps={receiver}"]
        self.server = Server(*arguments, "--set", "httpd_require_login=always")
        self.keys, self.streams, self.numbers = {}, {}, itertools.count()
        self.session = requests.Session()
        self.values = {
            "capture": capture, "key": device_key(street.LINKSYS.bssid),
            "mac": street.LINKSYS.bssid.upper(), "secure": device_key(street.SINGLE.bssid),
            "client": street.HANDSHAKE_CLIENT.upper(), "keyed": device_key(street.HIDDEN.bssid),
            "time": "1", "view": "all", "phy": "IEEE802.11", "watch": "found",
            "path": "kismet.device.base.macaddr",
            "block": "source", "sensor": SENSOR, "meta": "meta", "title": "conformance",
            "class": "pcapng", "packets": "kismetdb_packets", "classes": "kismetdb_devices",
            "tuned": TUNED}

    def __enter__(self):
        try:
            self.prepare()
        except BaseException:
            self.server.__exit__(Exception, None, None)
            raise
        return self

    def __exit__(self, *what):
        for stream in self.streams.values():
            stream.close()
        self.session.close()
        self.server.__exit__(*what)
        self.folder.cleanup()

    def prepare(self):
        for role in ROLES:
            answer = self.server.command("/auth/apikey/generate.cmd",
                                         {"name": role, "role": role, "duration": 0})
            assert answer.status_code == 200, answer.text
            self.keys[role] = answer.text
        sources = {row["kismet.datasource.name"]: row["kismet.datasource.uuid"]
                   for row in self.server.sources()}
        self.values["source"] = sources["street"]
        self.server.wait_for(self.has_played, what="end of the street")
        gps = {row["kismet.gps.name"]: row["kismet.gps.uuid"] for row in self.get("/gps/all_gps")}
        self.values["gps"] = gps["fixed"]
        self.values["spare"] = {"GET": gps["a"], "POST": gps["b"]}
        ssids = self.get("/phy/phy80211/ssids/views/ssids")
        self.values["ssid"] = ssids[0]["dot11.ssidgroup.hash"]
        self.server.command("/alerts/raise_alert.cmd", {"name": "CHANCHANGE", "text": "raised"})
        self.values["alert"] = self.get("/alerts/all_alerts")[-1]["kismet.alert.hash"]
        self.stream("standing")  # /streams/all_streams has something to tell

    def has_played(self):
        devices = self.get("/devices/views/phydot11_accesspoints/devices")
        ended = {row["kismet.datasource.name"]: row["norn.datasource.ended"]
                 for row in self.server.sources()}
        return ended["street"] and len(devices) >= len(street.ACCESS_POINTS)

    def get(self, path):
        return self.server.json(path + ".json", login=True)

    # Placeholders
    def value(self, name, method):
        """What a placeholder stands for; some are found or made only once they are asked for."""
        if name in STATES:
            return self.source(name, method)
        makers = {"fresh": self.fresh, "made": self.api_key, "log": self.open_log,
                  "defined": self.alert, "watched": self.watch}
        if name in makers:
            return makers[name]()
        if name == "stream":
            return self.stream(method)
        value = self.values[name]
        return value[method] if isinstance(value, dict) else value

    def source(self, state, method):
        """The source that can be tuned for the method; a command that it needs not is refused."""
        for word in STATES[state]:
            self.server.command(f"/datasource/by-uuid/{TUNED[method]}/{word}_source.cmd", {})
        return TUNED[method]

    def fresh(self):
        """A name that nothing has."""
        return f"fresh{next(self.numbers)}"

    def api_key(self):
        """The name of a key that can be revoked."""
        name = self.fresh()
        self.server.command("/auth/apikey/generate.cmd",
                            {"name": name, "role": "readonly", "duration": 60})
        return name

    def alert(self):
        """The name of an alert that can be raised; defined once."""
        self.server.command("/alerts/definitions/define_alert.cmd", ALERT)
        return ALERT["name"]

    def watch(self):
        """A kind of watch that there is an address of."""
        kind = self.values["watch"]
        self.server.command(f"/devices/alerts/mac/{kind}/add.cmd", {"mac": self.values["mac"]})
        return kind

    def open_log(self):
        """The UUID of a log that is open, or of none."""
        answer = self.server.get("/logging/active.json", login=True)
        logs = answer.json() if answer.status_code == 200 else []
        return next((log["kismet.logfile.uuid"] for log in logs if log["kismet.logfile.open"]),
                    SENSOR)

    def stream(self, method):
        """The number of a packet stream that this opened for the method."""
        before = set(self.get("/streams/all_streams"))
        if method not in self.streams or self.values["stream " + method] not in before:
            self.streams[method] = requests.get(
                self.server.url + "/pcap/all_packets.pcapng", stream=True, timeout=30,
                cookies={"KISMET": self.keys["admin"]})
            self.server.wait_for(lambda: set(self.get("/streams/all_streams")) - before,
                                 what="stream")
            self.values["stream " + method] = (set(self.get("/streams/all_streams")) - before).pop()
        return self.values["stream " + method]

    def fill(self, text, method="GET"):
        return re.sub(r"\{([a-z]+)\}", lambda match: str(self.value(match.group(1), method)), text)

    # Calls
    def ask(self, method, path, role=None, body=None, encoding="form", **options):
        """Calls a path that is filled in already; `role` None shows no login."""
        cookies = {"KISMET": self.keys[role]} if role else {}
        if method == "POST":
            options.update(encode(body or {}, encoding))
        self.session.cookies.clear()
        return self.session.request(method, self.server.url + path, cookies=cookies, timeout=30,
                                    allow_redirects=False, **options)

    def first_bytes(self, path, role, count):
        """The first bytes of a body that may have no end."""
        answer = self.ask("GET", path, role, stream=True)
        try:
            return answer, answer.raw.read(count) if answer.status_code == 200 else b""
        finally:
            answer.close()

    def knock(self, path, role=None):
        """Status of a websocket's handshake."""
        cookie = f"Cookie: KISMET={self.keys[role]}\r\n" if role else ""
        request = (f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n{cookie}"
                   "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        with socket.create_connection((self.server.host, self.server.port), 10) as line:
            line.sendall(request.encode())
            head = b""
            until = time.monotonic() + 10
            while b"\r\n" not in head and time.monotonic() < until:
                head += line.recv(4096) or b"\r\n"
        return int((head.split(b" ") + [b"0", b"0"])[1])


def encode(command, encoding):
    """The three ways to post a command, and plain form variables."""
    if encoding == "json":
        return {"json": command}
    if encoding == "msgpack":
        return {"data": {"msgpack": base64.b64encode(msgpack.packb(command))}}
    if encoding == "variables":
        return {"data": command}
    return {"data": {"json": json.dumps(command)}}
