"""Readers while a large capture is replayed: answers whole, nobody missed, nobody waiting long.

The capture is made by airgen (NORN_AIRGEN: its source or the built program); without it or a
compiler these tests are skipped, visibly.
"""
import json
import os
import shutil
import socket
import subprocess
import threading
import time

import msgpack
import pytest

from support.norn import ROOT, Server, binary

PACKETS = 40000


@pytest.fixture(scope="module")
def airgen(tmp_path_factory):
    """Path of a capture with 100 access points and 1000 clients."""
    named = os.environ.get("NORN_AIRGEN") or os.path.join(ROOT, "..", "shared", "tools", "airgen.c")
    if not os.path.exists(named):
        pytest.skip("airgen is not here: set NORN_AIRGEN")
    folder = tmp_path_factory.mktemp("airgen")
    if named.endswith(".c"):
        if not shutil.which("cc"):
            pytest.skip("no C compiler for airgen")
        subprocess.run(["cc", "-O2", "-o", folder / "airgen", named], check=True)
        named = folder / "airgen"
    path = folder / "large.pcap"
    with open(path, "wb") as file:
        subprocess.run([named, "100", "1000", str(PACKETS), "7"], stdout=file, check=True)
    return str(path)


class Readers:
    """Threads that poll until told to stop; the first failure of each is kept."""

    def __init__(self):
        self.failures, self.counts, self.threads = [], {}, []
        self.stopping = threading.Event()

    def add(self, name, read):
        def loop():
            while not self.stopping.is_set():
                try:
                    read()
                    self.counts[name] = self.counts.get(name, 0) + 1
                except Exception as error:  # pylint: disable=broad-except
                    self.failures.append((name, repr(error)[:500]))
                    return
        self.threads.append(threading.Thread(target=loop))
        self.threads[-1].start()

    def finish(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
        assert not self.failures, self.failures
        return self.counts


def test_readers_during_a_replay(airgen, serve):
    server = serve("-c", f"{airgen}:name=large,pps=8000", "--set", "gps=web:name=webgps")
    heard, since = {}, [0]

    def follow():
        answer = server.json(f"/devices/last-time/{since[0]}/devices.json")
        since[0] = answer["kismet.devicelist.timestamp"]
        for device in answer["kismet.device.list"]:
            heard[device["kismet.device.base.key"]] = device["kismet.device.base.packets.total"]

    def consistent():
        for device in server.json("/devices/last-time/-2/devices.json"):
            count = device["kismet.device.base.packets.total"]
            assert count >= device["kismet.device.base.packets.llc"]
            dot11 = device.get("dot11.device", {})
            ssids = dot11.get("dot11.device.advertised_ssid_map", [])
            assert len(ssids) == dot11.get("dot11.device.num_advertised_ssids", 0)

    def poll_fields():
        rows = server.post("/devices/last-time/-1/devices.json", json={"fields": [
            "kismet.device.base.key", "kismet.device.base.packets.total"]}).json()
        assert all(set(row) == {"kismet.device.base.key", "kismet.device.base.packets.total"}
                   for row in rows)

    def lines():
        for line in server.get("/devices/all_devices.itjson").text.splitlines():
            json.loads(line)

    def search():
        msgpack.unpackb(server.command("/phy/phy80211/ssid_regex.cmd", {"essid": ["^A", "9$"]},
                                       login=False).content)

    def small():
        began = time.monotonic()
        server.json("/system/status.json")
        assert time.monotonic() - began < 5

    readers = Readers()
    for name, read in (("follow", follow), ("consistent", consistent), ("fields", poll_fields),
                       ("lines", lines), ("search", search), ("small", small),
                       ("msgpack", lambda: server.msgpack("/devices/all_devices.msgpack")),
                       ("channels", lambda: server.json("/channels/channels.json"))):
        readers.add(name, read)
    server.wait_replayed(120)
    time.sleep(1.1)
    counts = readers.finish()
    assert all(counts.get(name, 0) >= 2 for name in ("follow", "fields", "small")), counts
    follow()
    final = server.devices()
    totals = {device["kismet.device.base.key"]: device["kismet.device.base.packets.total"]
              for device in final.values()}
    assert heard == totals, "a client that follows by last-time missed a change"
    assert server.sources()[0]["kismet.datasource.num_packets"] == PACKETS


def ask_together(count, ask):
    """Answers of `count` threads that ask at the same moment."""
    answers, barrier = [None] * count, threading.Barrier(count)

    def run(index):
        barrier.wait()
        answers[index] = ask(index)
    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_who_asks_the_same_at_once_shares_an_answer(airgen, serve):
    server = serve("-c", f"{airgen}:name=large").wait_replayed(120)
    fields = ["kismet.device.base.key", "kismet.device.base.macaddr"]
    alone = server.post("/devices/last-time/1/devices.json", json={"fields": fields}).json()
    expected = {row["kismet.device.base.key"] for row in alone}
    packed = server.post("/devices/views/all/devices.msgpack", json={"fields": fields[:1]}).content
    before = server.json("/system/status.json")["norn.system.http_shared"]

    def ask(index):
        if index % 4 == 3:
            return server.post("/devices/views/all/devices.msgpack", json={"fields": fields[:1]})
        return server.post("/devices/last-time/1/devices.json", json={"fields": fields})
    for _ in range(5):
        for index, answer in enumerate(ask_together(16, ask)):
            assert answer.status_code == 200
            if index % 4 == 3:
                assert answer.content == packed
                continue
            rows = answer.json()
            assert all(set(row) == set(fields) for row in rows)
            assert {row["kismet.device.base.key"] for row in rows} == expected
    assert server.json("/system/status.json")["norn.system.http_shared"] > before
    wrong = ask_together(8, lambda _: server.post("/devices/last-time/1/devices.json",
                                                  json={"fields": [7]}))
    assert [answer.status_code for answer in wrong] == [400] * 8


def test_concurrent_replay_gives_the_records_of_a_quiet_one(airgen, serve):
    from support.norn import run
    server = serve("-c", f"{airgen}:name=large")
    readers = Readers()
    readers.add("reads", lambda: server.get("/devices/last-time/-1/devices.json").json())
    server.wait_replayed(120)
    readers.finish()
    status, output, errors = run("--replay", airgen, "--dump", "json", timeout=120)
    assert status == 0, errors
    quiet = {row["kismet.device.base.macaddr"]: row for row in json.loads(output)}
    served = server.devices()
    assert quiet.keys() == served.keys()
    for mac, row in quiet.items():
        for name in ("packets.total", "packets.tx_total", "packets.data", "first_time", "last_time",
                     "type", "crypt", "name", "channel", "datasize"):
            name = "kismet.device.base." + name
            assert row[name] == served[mac][name], (mac, name)


def test_sorted_pages_patterns_and_names_while_devices_come_and_go(airgen, serve):
    server = serve("-c", f"{airgen}:name=large,pps=4000", "--set", "tracker_max_devices=600",
                   "--set", "dot11_max_tracked_ssids=80")
    mac, key = "kismet.device.base.macaddr", "kismet.device.base.key"
    view, ssids = "/devices/views/all/devices", "/phy/phy80211/ssids/views/ssids.json"
    seen = set()

    def ask(path, command, **variables):
        answer = server.post(path, data={"json": json.dumps(command), **variables})
        if answer.status_code == 503:  # devices went faster than they could be listed
            return None
        assert answer.status_code == 200, answer.text[:300]
        return answer

    def pages():
        answer = ask(view + ".json", {"fields": [mac, key]}, page=0, length=50, sort=mac,
                     search="8")
        if answer:
            page = answer.json()
            found = [row[mac] for row in page["data"]]
            assert found == sorted(found) and page["last_row"] <= page["total_row"] <= 600
            seen.update(row[key] for row in page["data"])

    def patterns():
        answer = ask(view + ".msgpack", {"fields": [key], "regex": [[
            "dot11.device/dot11.device.probed_ssid_map/dot11.probedssid.ssid", "."]]})
        if answer:
            assert len(msgpack.unpackb(answer.content)) <= 600

    def networks():
        answer = ask(ssids, {}, sort="dot11.ssidgroup.ssid", order="descending")
        if answer:
            names = [row["dot11.ssidgroup.ssid"] for row in answer.json()]
            assert names == sorted(names, reverse=True) and len(names) <= 80

    def give_names():
        for device in list(seen)[:20]:
            answer = server.command(f"/devices/by-key/{device}/set_name.cmd",
                                    {"username": f"named {device}"})
            assert answer.status_code in (200, 404)

    def around():
        for device in list(seen)[:5]:
            assert server.get(f"/phy/phy80211/related-to/{device}/devices.json"
                              ).status_code in (200, 503)

    readers = Readers()
    for label, read in (("pages", pages), ("patterns", patterns), ("networks", networks),
                        ("names", give_names), ("around", around)):
        readers.add(label, read)
    server.wait_for(lambda: server.sources()[0]["norn.datasource.ended"], 60, "end of replay")
    counts = readers.finish()
    assert all(counts.get(label) for label in ("pages", "patterns", "networks", "names"))


def test_clients_that_never_read_cost_only_themselves(airgen, serve):
    server = serve("-c", f"{airgen}:name=large").wait_replayed(120)
    before = server.memory_kb()
    stuck = []
    for _ in range(200):
        connection = socket.create_connection(("127.0.0.1", server.port), 10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /devices/last-time/0/devices.json HTTP/1.1\r\n"
                           b"Host: localhost\r\n\r\n")
        stuck.append(connection)
    time.sleep(1)
    slowest = 0
    for _ in range(10):
        began = time.monotonic()
        assert server.get("/system/status.json").status_code == 200
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 2
    # A chunk each and the records under way; a sanitizer keeps shadows and freed blocks besides.
    with open(binary(), "rb") as program:
        allowed = 3 if b"__asan_init" in program.read() else 1
    assert server.memory_kb() - before < allowed * (200 * 150 + 20000)
    for connection in stuck:
        connection.close()
    name = "kismet.system.num_http_connections"
    server.wait_for(lambda: server.json("/system/status.json")[name] < 20, 15, "streams to end")
    assert len(server.devices()) > 1000


def test_a_slow_reader_gets_every_byte(airgen, serve):
    server = serve("-c", f"{airgen}:name=large").wait_replayed(120)
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(b"GET /devices/all_devices.itjson HTTP/1.0\r\nHost: localhost\r\n\r\n")
        data, pauses = b"", 0
        while part := connection.recv(200000):
            data += part
            if pauses < 30:
                pauses += 1
                time.sleep(0.02)
    lines = data.split(b"\r\n\r\n", 1)[1].splitlines()
    assert len(lines) == len(server.devices())
    for line in lines:
        json.loads(line)


def test_devices_dropped_while_a_list_is_sent(airgen, serve):
    """The list that is under way stays whole, though its devices are being dropped.

    (Thousands of drops while it is sent would cut it: what is kept for it has its limit.)
    """
    server = serve("-c", f"{airgen}:name=large,loop=true,pps=2000",
                   "--set", "tracker_max_devices=300")
    server.wait_for(lambda: len(server.devices()) >= 250, 30, "devices")
    for _ in range(20):
        answer = server.get("/devices/last-time/0/devices.json")
        rows = answer.json()["kismet.device.list"]
        assert len(rows) <= 300
        assert len({row["kismet.device.base.key"] for row in rows}) == len(rows)
    status = server.json("/system/status.json")
    assert status["kismet.system.devices.count"] <= 300
    assert status["norn.system.devices_evicted"] > 0


def test_server_class_notices_a_crash():
    """The harness itself: a server that dies is an error, not a pass."""
    server = Server()
    server.process.kill()
    server.process.wait()
    with pytest.raises(AssertionError):
        server.stop()
