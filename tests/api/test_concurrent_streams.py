"""Packets as pcapng, live: whole blocks, the right packets, drops counted, ends noticed.

Blocks are read here from the format's own description, not by norn's writer or reader.
"""
import contextlib
import socket
import struct
import time

import pytest
import requests

from support import capture_file, street

ALL = "/pcap/all_packets.pcapng"
SECTION, INTERFACE, STATISTICS, PACKET = 0x0A0D0D0A, 1, 5, 6


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A server that plays the street for ever, a few hundred packets a second, from two sources."""
    from support.norn import Server
    folder = tmp_path_factory.mktemp("captures")
    one, two = (street.street().write_pcap(folder / f"{name}.pcap") for name in ("one", "two"))
    with Server("-c", f"{one}:name=one,loop=true,pps=300",
                "-c", f"{two}:name=two,loop=true,pps=100") as server:
        server.wait_for(lambda: len(server.devices()) >= len(street.EVERYONE), 30, "devices")
        yield server


class Stream:
    """One stream under way, read block by block."""

    def __init__(self, server, path, **options):
        self.response = requests.get(server.url + path, stream=True, timeout=20, **options)
        assert self.response.status_code == 200, self.response.text
        self.raw, self.interfaces = self.response.raw, []

    def block(self):
        """Type and body of the next block; None at the end."""
        head = self.read(8)
        if not head:
            return None
        kind, length = struct.unpack("<II", head)
        assert length % 4 == 0 and length >= 12
        body = self.read(length - 8)
        assert struct.unpack("<I", body[-4:])[0] == length, "both lengths are the same"
        if kind == INTERFACE:
            self.interfaces.append(struct.unpack("<H", body[:2])[0])
        return kind, body[:-4]

    def read(self, size):
        data = b""
        while len(data) < size and (more := self.raw.read(size - len(data))):
            data += more
        assert len(data) in (0, size), "cut within a block"
        return data

    def packets(self, count):
        """Frames of the next packets: interface, time in seconds, capture_file.Frame."""
        found = []
        while len(found) < count:
            kind, body = self.block()
            if kind != PACKET:
                continue
            interface, high, low, captured, original = struct.unpack("<IIIII", body[:20])
            frame = capture_file.link_frame(self.interfaces[interface], body[20:20 + captured],
                                            original)
            found.append((interface, (high << 32 | low) / 1e9, frame))
        return found

    def close(self):
        self.response.close()


@contextlib.contextmanager
def stream(server, path, **options):
    opened = Stream(server, path, **options)
    try:
        yield opened
    finally:
        opened.close()


def streams(server):
    return server.json("/streams/all_streams.json")


def uuid_of(server, name):
    return next(row["kismet.datasource.uuid"] for row in server.sources()
                if row["kismet.datasource.name"] == name)


def test_every_packet_of_every_source(busy):
    with stream(busy, ALL) as opened:
        assert opened.response.headers["Content-Type"] == "application/vnd.tcpdump.pcap"
        assert "attachment" in opened.response.headers["Content-Disposition"]
        assert opened.block()[0] == SECTION
        found = opened.packets(200)
        assert {interface for interface, _, _ in found} == {0, 1}
        assert len(opened.interfaces) == 2
        assert abs(found[-1][1] - time.time()) < 60, "a looping file plays now"
        heard = {frame.transmitter for _, _, frame in found}
        assert {ap.bssid for ap in street.ACCESS_POINTS} <= heard
        row = next(iter(streams(busy).values()))
        assert row["kismet.stream.packets"] >= 200 and row["norn.stream.drops"] == 0
        assert row["kismet.stream.path"].endswith("pcap/all_packets.pcapng")
    busy.wait_for(lambda: streams(busy) == {}, 30, "the stream to end")


def test_one_source(busy):
    with stream(busy, f"/datasource/pcap/by-uuid/{uuid_of(busy, 'two')}/packets.pcapng") as opened:
        assert {interface for interface, _, _ in opened.packets(60)} == {0}
        assert len(opened.interfaces) == 1


def test_one_device(busy):
    mac = street.HANDSHAKE_CLIENT
    key = busy.devices()[mac.upper()]["kismet.device.base.key"]
    with stream(busy, f"/devices/pcap/by-key/{key}/packets.pcapng") as opened:
        for _, _, frame in opened.packets(20):
            assert bytes.fromhex(mac.replace(":", "")) in frame.body[4:30]


def test_one_network(busy):
    bssid = street.SINGLE.bssid
    with stream(busy, f"/phy/phy80211/pcap/by-bssid/{bssid}/packets.pcapng") as opened:
        for _, _, frame in opened.packets(30):
            assert bytes.fromhex(bssid.replace(":", "")) in frame.body[4:22]


@pytest.mark.parametrize("types, expected", [("management", {0}), ("data", {2}),
                                             ("management,control", {0, 1})])
def test_types(busy, types, expected):
    with stream(busy, f"{ALL}?type={types}") as opened:
        assert {frame.type for _, _, frame in opened.packets(120)} == expected


def test_signal_and_frequency(busy):
    with stream(busy, f"{ALL}?frequency=5180") as opened:
        assert {frame.transmitter for _, _, frame in opened.packets(10)} == {street.FOOBAR.bssid}
    with stream(busy, f"{ALL}?signal_max=-70") as opened:
        assert {frame.transmitter for _, _, frame in opened.packets(5)} == {street.PROBER}


def test_a_filter_by_address_leaves_out_what_it_blocks(busy):
    rules = "/filters/packet/kismetdb_packets/IEEE802.11/source"
    blocked = [ap.bssid for ap in street.ACCESS_POINTS if ap is not street.LINKSYS]
    command = {"filter": dict.fromkeys(blocked, True)}
    assert busy.post(f"{rules}/set_filter.cmd", json=command, login=True).status_code == 200
    try:
        with stream(busy, f"{ALL}?type=management&filter=kismetdb_packets") as opened:
            sources = {frame.source for _, _, frame in opened.packets(60)}
            assert street.LINKSYS.bssid in sources and not sources & set(blocked)
    finally:
        busy.post(f"{rules}/remove_filter.cmd", json={"filter": blocked}, login=True)
    answer = busy.get(f"{ALL}?filter=mine")
    assert answer.status_code == 404 and "kismetdb_packets" in answer.text


@pytest.mark.parametrize("query, word", [("type=beacon", "type"), ("signal_min=5", "signal_min"),
                                         ("signal_max=loud", "signal_max"),
                                         ("frequency=-1", "frequency")])
def test_what_cannot_be_chosen(busy, query, word):
    answer = busy.get(f"{ALL}?{query}")
    assert answer.status_code == 400 and word in answer.text


def test_what_is_not_there(busy):
    for path, status in (
            ("/devices/pcap/by-key/4202770D00000000_1/packets.pcapng", 404),
            ("/devices/pcap/by-key/x/packets.pcapng", 400),
            ("/datasource/pcap/by-uuid/00000000-0000-0000-0000-000000000001/packets.pcapng", 404),
            ("/phy/phy80211/pcap/by-bssid/x/packets.pcapng", 400),
            ("/streams/by-id/999/stream_info.json", 404),
            ("/streams/by-id/x/stream_info.json", 400)):
        assert busy.get(path).status_code == status, path
    assert busy.command("/streams/by-id/999/close_stream.cmd", {}).status_code == 404


def test_a_command_ends_a_stream(busy):
    with stream(busy, ALL) as opened:
        opened.packets(5)
        number = next(iter(streams(busy)))
        info = busy.json(f"/streams/by-id/{number}/stream_info.json")
        assert info["kismet.stream.stream_id"] == int(number)
        assert busy.post(f"/streams/by-id/{number}/close_stream.cmd").status_code == 401
        assert busy.command(f"/streams/by-id/{number}/close_stream.cmd", {}).text.strip() == "OK"
        while opened.block():
            pass
    busy.wait_for(lambda: streams(busy) == {}, 30, "the stream to end")


def test_head_only(busy):
    answer = requests.head(busy.url + ALL, timeout=10)
    assert answer.status_code == 200
    busy.wait_for(lambda: streams(busy) == {}, 30, "the stream to end")


def test_a_client_that_does_not_read_loses_packets_alone(serve, tmp_path):
    path = street.street().write_pcap(tmp_path / "street.pcap")
    server = serve("-c", f"{path}:name=flood,loop=true,pps=40000")
    with socket.create_connection(("127.0.0.1", server.port), 10) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.sendall(f"GET {ALL} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        server.wait_for(lambda: any(row["norn.stream.drops"] for row in streams(server).values()),
                        60, "drops")
        with stream(server, ALL) as opened:
            opened.packets(2000)
        assert server.sources()[0]["norn.datasource.queue_drops"] == 0


def test_too_many_streams(busy):
    opened = []
    try:
        for _ in range(64):
            opened.append(Stream(busy, ALL + "?frequency=1"))
        assert busy.get(ALL).status_code == 503
    finally:
        for one in opened:
            one.close()


def test_a_stop_ends_streams(serve, tmp_path):
    path = street.street().write_pcap(tmp_path / "street.pcap")
    server = serve("-c", f"{path}:name=slow,loop=true,pps=20")
    with stream(server, ALL) as opened, stream(server, ALL + "?frequency=1"):
        opened.packets(1)
        server.stop()  # within two seconds, or it is a fault
