"""norn_cap_pcapfile: what it says of a file, at what pace, and that it loses nothing; beside the
bytes that the stock tool sent for the same file (NORN_TRANSCRIPTS)."""
import os
import struct
import time

import pytest

from support import air, corpus
from support.norn import ROOT
from support.street import street
from support.tool_peer import Listener, LocalTool, Tool, decode

TOOL = "norn_cap_pcapfile"
TRANSCRIPTS = os.environ.get("NORN_TRANSCRIPTS") or os.path.join(
    ROOT, "..", "shared", "reference", "transcripts")
END = "closed: end of pcapfile reached"


def weak(text):
    """The checksum of which UUIDs are made."""
    first = second = 0
    for byte in text.encode():
        first += byte - 256 * (byte > 127)
        second += first
    return (first & 0xFFFF) + (second << 16) & 0xFFFFFFFF


def pcap(packets, link_type=105, cut=0):
    """A file of (seconds, microseconds, bytes, original length)."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 20, link_type)]
    for seconds, microseconds, packet, original in packets:
        parts += [struct.pack("<IIII", seconds, microseconds, len(packet), original), packet]
    data = b"".join(parts)
    return data[:len(data) - cut]


def write(path, data):
    path.write_bytes(data)
    return str(path)


def numbered(count, size=100, step=0.0):
    return [(1700000000 + int(i * step), int(i * step * 1e6) % 1000000,
             struct.pack(">Q", i) + bytes(size - 8), size + 4) for i in range(1, count + 1)]


def numbers_of(peer):
    return [struct.unpack(">Q", frame.body[4][6][:8])[0] for frame in peer.packets()]


def is_end(frame):
    return frame.body[1] == 2 and END in frame.body[2]


def is_last(frame):
    return frame.name == "MESSAGE" and is_end(frame)


@pytest.fixture
def tool():
    with LocalTool(TOOL) as running:
        yield running


def test_everything_comes(tool, tmp_path):
    packets = numbered(5000)
    path = write(tmp_path / "a.pcap", pcap(packets))
    body = tool.peer.open(path)
    assert body[2] == 105
    assert body[3] == path
    assert body[8] == f"4E1D07C3-0000-0000-0000-0000{weak(path):08X}"
    assert not {4, 5, 6} & set(body)
    end = tool.peer.expect("MESSAGE")
    assert is_end(end)
    got = tool.peer.packets()
    assert [frame.body for frame in got] == [
        {4: {key: value for key, value in
             {1: 105, 2: seconds, 3: microseconds, 4: original, 6: packet}.items() if value}}
        for seconds, microseconds, packet, original in packets]
    assert end.sequence > got[-1].sequence
    tool.peer.listen(2)
    number = tool.peer.ping()
    tool.peer.expect("PONG", lambda frame: frame.sequence == number)


def test_list_and_probe(tmp_path):
    path = write(tmp_path / "a.pcap", pcap(numbered(3)))
    with LocalTool(TOOL) as tool:
        assert tool.peer.ask("LISTREQ", "LISTREPORT").body[2] == []
        assert tool.wait() == 0
    wrong = write(tmp_path / "b.pcap", b"no capture at all, whatever it may be called")
    for definition, code in [(path, 1), (path + ":realtime=true,name=x", 1), (wrong, 0),
                             (str(tmp_path), 0), ("wlan0", 0), ("/dev/zero", 0)]:
        with LocalTool(TOOL) as tool:
            report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})
            assert (report.code, report.body[3]) == (code, "")
            assert tool.wait() == 0


@pytest.mark.parametrize("definition, words", [
    ("{folder}/missing.pcap", "No such file"), ("{folder}", "is not a file"),
    ("{folder}/text", "unknown file format"), ("{folder}/good:realtime=maybe", "realtime=maybe"),
    ("{folder}/good:pps=many", "pps=many"), ("{folder}/good:pps=-1", "pps")])
def test_what_cannot_be_opened(tool, tmp_path, definition, words):
    write(tmp_path / "text", b"not a capture, but long enough to be looked at as one")
    write(tmp_path / "good", pcap(numbered(3)))
    report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition.format(folder=tmp_path)})
    assert report.code == 0
    assert words in report.body[9]
    assert tool.wait() == 1


def test_realtime(tool, tmp_path):
    path = write(tmp_path / "a.pcap", pcap(numbered(11, step=0.2)))
    began = time.monotonic()
    tool.peer.open(path + ":realtime=true,pps=1")
    tool.peer.expect_packets(5)
    assert 0.6 < time.monotonic() - began < 1.8
    tool.peer.expect("MESSAGE")
    assert 1.9 < time.monotonic() - began < 3.5
    assert tool.peer.packets()[0].body[4][2] == 1700000000  # the file's own time


def test_packets_a_second(tool, tmp_path):
    path = write(tmp_path / "a.pcap", pcap(numbered(500)))
    began = time.monotonic()
    tool.peer.open(path + ":pps=250")
    tool.peer.expect("MESSAGE")
    assert 1.9 < time.monotonic() - began < 3.5
    assert numbers_of(tool.peer) == list(range(1, 501))


def test_pcapng_and_radiotap(tool, tmp_path):
    scene = street()
    path = str(scene.write_pcap(tmp_path / "street.pcap"))
    assert tool.peer.open(path)[2] == air.DLT_RADIOTAP
    tool.peer.expect("MESSAGE")
    count = len(tool.peer.packets())
    assert count > 40
    with LocalTool(TOOL) as other:
        block = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
        block += struct.pack("<IIHHII", 1, 20, 105, 0, 0, 20)
        block += struct.pack("<IIIIIII", 6, 36, 0, 0x60A24, 0x5D7B1234, 4, 4) + b"abcd" + \
            struct.pack("<I", 36)
        assert other.peer.open(write(tmp_path / "a.pcapng", block))[2] == 105
        other.peer.expect("MESSAGE")
        assert other.peer.packets()[0].body[4][6] == b"abcd"


def test_damaged_file(tool, tmp_path):
    path = write(tmp_path / "a.pcap", pcap(numbered(100), cut=30))
    tool.peer.open(path)
    damage = tool.peer.expect("MESSAGE")
    assert damage.body[1] == 4 and "is damaged" in damage.body[2]
    assert is_end(tool.peer.expect("MESSAGE"))
    assert numbers_of(tool.peer) == list(range(1, 100))


def test_packets_of_any_length(tool, tmp_path):
    """Empty ones, and one longer than the stock server takes."""
    packets = [(1, 0, b"", 60), (2, 0, bytes(200000), 200000), (3, 0, b"x", 1)]
    tool.peer.open(write(tmp_path / "a.pcap", pcap(packets)))
    tool.peer.expect("MESSAGE")
    got = tool.peer.packets()
    assert [len(frame.body[4].get(6, b"")) for frame in got] == [0, 200000, 1]
    assert got[0].body[4][4] == 60


def test_slow_server_loses_nothing(tool, tmp_path):
    path = write(tmp_path / "a.pcap", pcap(numbered(40000, size=1000)))
    tool.peer.open(path)
    time.sleep(2)
    tool.peer.expect("MESSAGE", seconds=60)
    assert numbers_of(tool.peer) == list(range(1, 40001))
    assert not [frame for frame in tool.peer.packets() if 32 in frame.body]


@pytest.mark.parametrize("transport", ["tcp", "websocket"])
def test_lost_connections_lose_nothing(tmp_path, transport):
    definition = write(tmp_path / "a.pcap", pcap(numbered(30000, size=500)))
    flags = ["--tcp"] if transport == "tcp" else []
    seen = {}
    with Listener() as server, Tool(TOOL, "--connect", server.address, "--source", definition,
                                    "--retry-pause=0.2", *flags):
        while len(seen) < 30000:
            peer = server.accept() if transport == "tcp" else server.accept_websocket()
            assert peer.expect("NEWSOURCE").body[2] == "pcapfile"
            peer.open(definition)
            while len(peer.frames) < 8000 and not any(map(is_last, peer.frames)):
                peer.pump(1)
            sequences = [frame.sequence for frame in peer.packets()]
            for number, sequence in zip(numbers_of(peer), sequences):
                assert seen.setdefault(number, sequence) == sequence
            peer.close()
    assert sorted(seen) == list(range(1, 30001))


def transcript(name):
    """The frames of a recorded conversation."""
    with open(os.path.join(TRANSCRIPTS, name), "rb") as file:
        stream = bytearray(file.read())
    frames = []
    while stream:
        frames.append(decode(stream))
    return frames


@pytest.mark.skipif(not (os.path.isdir(TRANSCRIPTS) and corpus.present()),
                    reason="no transcripts of stock tools, or no corpus")
@pytest.mark.parametrize("name, flags", [
    ("pcapfile-tcp", []),
    ("pcapfile-tcp-gps", ["--fixed-gps=47.5,8.25,400", "--gps-name=van"])])
def test_same_as_the_stock_tool(name, flags):
    stock = transcript(name + ".tool.bin")
    definition = next(frame.body[1] for frame in transcript(name + ".server.bin")
                      if frame.name == "OPENREQ")
    folder = os.path.dirname(corpus.path("dot11", "aircrack__test1.pcap"))
    with LocalTool(TOOL, *flags, folder=folder) as tool:
        opened = tool.peer.open(definition.split(":")[0])
        tool.peer.expect("MESSAGE")
        ours = tool.peer.packets()
    theirs = [frame for frame in stock if frame.name == "PACKET"]
    report = next(frame.body for frame in stock if frame.name == "OPENREPORT")
    assert opened[2] == report[2] and opened[8] == report[8]
    assert len(ours) >= len(theirs) > 100
    for mine, other in zip(ours, theirs):
        packet = mine.body[4]
        assert packet.pop(32) // 1000 == packet.get(3, 0)  # norn's own: nanoseconds
        assert packet == other.body[4]
        if flags:
            position, wanted = mine.body[1], other.body[1]
            assert {key: position[key] for key in (1, 2, 3, 4)} == \
                {key: wanted[key] for key in (1, 2, 3, 4)}
