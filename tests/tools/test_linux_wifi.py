"""norn_cap_linux_wifi on an interface that gives 802.11 frames and is no radio to the kernel: what
it captures and counts, what it says, how it leaves the interface. Radios: tests/rig/guest_wifi.py.
"""
import os
import signal
import stat
import struct
import tempfile
import time

import pytest

from support import air, tap
from support.tool_peer import LocalTool, program

TOOL = "norn_cap_linux_wifi"
INFO, ERROR = 2, 4
CAP_NET_ADMIN, CAP_NET_RAW = 12, 13

pytestmark = pytest.mark.skipif(tap.missing() is not None, reason=tap.missing() or "")


@pytest.fixture
def name():
    """An interface name that no other run uses."""
    return f"ntap{os.urandom(4).hex()}"


def numbered(number, length=60):
    """A frame behind a header of radiotap that carries a number."""
    return tap.RADIOTAP_HEADER + struct.pack(">BBHQ", 0x80, 0, 0, number).ljust(length, b"\0")


def contents(peer):
    return [frame.body[4][6] for frame in peer.packets() if 4 in frame.body]


def counters(peer):
    """The newest counters: received, kernel drops, interface drops, drops of the tool."""
    reports = [frame.body[32] for frame in peer.packets() if 32 in frame.body]
    return [reports[-1].get(key, 0) for key in (1, 2, 3, 4)] if reports else [0, 0, 0, 0]


def wait_counted(peer, count, seconds=60):
    end = time.monotonic() + seconds
    while counters(peer)[0] + counters(peer)[1] < count:
        assert time.monotonic() < end, counters(peer)
        peer.pump(0.2)
    return counters(peer)


def said(peer, level=INFO):
    return " ".join(frame.body[2] for frame in peer.frames
                    if frame.name == "MESSAGE" and frame.body[1] == level)


@pytest.mark.parametrize("kind,link_type", [(tap.RADIOTAP, 127), (tap.BARE, 105), (tap.PRISM, 119)])
def test_every_byte_of_every_kind(name, kind, link_type):
    frames = [os.urandom(length) for length in (10, 14, 60, 1500)]
    with tap.Tap(name, kind) as radio, LocalTool(TOOL) as tool:
        body = tool.peer.open(name)
        assert body[2] == link_type
        assert body[3] == name
        assert 4 not in body and 5 not in body  # no channels
        for frame in frames:
            radio.send(frame)
        packets = tool.peer.expect_packets(len(frames))
        assert contents(tool.peer)[:4] == frames
        for packet, frame in zip(packets, frames):
            assert packet.body[4][1] == link_type and packet.body[4][4] == len(frame)
            assert abs(packet.body[4][2] + packet.body[4][3] / 1e6 - time.time()) < 60


def test_list(name):
    with tap.Tap(name):
        with LocalTool(TOOL) as tool:
            report = tool.peer.ask("LISTREQ", "LISTREPORT")
            assert report.code == 0
            assert {1: name} in report.body[2]
            assert "lo" not in [row[1] for row in report.body[2]]
            tool.peer.expect_close()


def test_probe(name):
    with tap.Tap(name):
        for definition, code in [(name, 1), (f"{name}:name=roof", 1), ("lo", 0), ("wlan77", 0),
                                 ("/etc/passwd", 0)]:
            with LocalTool(TOOL) as tool:
                report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})
                assert report.code == code
                assert not report.body[3]
                tool.peer.expect_close()


def test_uuid_from_the_address(name):
    with tap.Tap(name, tap.ETHERNET) as radio, LocalTool(TOOL) as tool:
        address = radio.address().replace(":", "").upper()
        assert tool.peer.open(name)[8] == f"5FE308BD-0000-0000-0000-{address}"


def test_uuid_without_an_address(name):
    with tap.Tap(name):
        uuids = set()
        for _ in range(2):
            with LocalTool(TOOL) as tool:
                uuids.add(tool.peer.open(name)[8])
        assert len(uuids) == 1 and uuids.pop().startswith("5FE308BD-0000-0000-0000-")


@pytest.mark.parametrize("end", ["hang up", "terminate"])
def test_an_interface_that_was_down_is_down_again(name, end):
    with tap.Tap(name, up=False) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(name)
        assert tap.is_up(name)
        radio.send(numbered(1))
        tool.peer.expect_packets(1)
        if end == "terminate":
            tool.process.terminate()
        else:
            tool.close()
        assert tool.wait() == 0
        assert not tap.is_up(name)


def test_an_interface_that_was_up_stays_up(name):
    with tap.Tap(name), LocalTool(TOOL) as tool:
        tool.peer.open(name)
        tool.close()
        assert tool.wait() == 0
        assert tap.is_up(name)


def test_it_cannot_be_tuned_and_says_so(name):
    with tap.Tap(name) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(name)
        for request in ({1: "6"}, {2: {1: 5.0, 5: ["1", "6"]}}):
            report = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", request)
            assert report.code == 0 and "cannot be tuned" in report.body[4]
        radio.send(numbered(1))
        assert tool.peer.expect_packets(1)


def test_nothing_is_lost_at_an_ordinary_rate(name):
    with tap.Tap(name) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(name)
        for number in range(5000):
            radio.send(numbered(number))
            if number % 500 == 0:
                tool.peer.pump(0)
        assert wait_counted(tool.peer, 5000) == [5000, 0, 0, 0]
        assert contents(tool.peer) == [numbered(number) for number in range(5000)]


@pytest.mark.parametrize("who", ["tool", "server"])
def test_captured_and_dropped_make_up_what_was_sent(name, who):
    """Whoever sleeps, the kernel's ring overflows, and each frame is captured or counted."""
    count = 70000  # of 1400 bytes: more than the ring and all behind it hold
    with tap.Tap(name) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(name)
        tool.peer.listen(0.3)
        if who == "tool":
            tool.process.send_signal(signal.SIGSTOP)
        for number in range(count):
            radio.send(numbered(number, 1400))
        tool.process.send_signal(signal.SIGCONT)
        received, kernel, interface, lost = wait_counted(tool.peer, count)
        assert received + kernel == count and kernel > 0
        assert interface == lost == 0
        numbers = [struct.unpack_from(">Q", content, 12)[0] for content in contents(tool.peer)]
        assert len(numbers) == received
        assert numbers == sorted(set(numbers))
        radio.send(numbered(count))
        assert wait_counted(tool.peer, count + 1)[0] == received + 1


def test_an_interface_that_goes(name):
    with tap.Tap(name) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(name)
        for number in range(2000):
            radio.send(numbered(number))
        radio.close()
        error = tool.peer.expect("ERROR")
        assert error.body[1].startswith(f"{name} disappeared")
        assert contents(tool.peer) == [numbered(number) for number in range(2000)]
        tool.peer.expect_close()
        assert tool.wait() == 1


def test_an_interface_that_is_taken_down(name):
    with tap.Tap(name), LocalTool(TOOL) as tool:
        tool.peer.open(name)
        tap.flags_of(name, tap.flags_of(name) & ~tap.IFF_UP)
        assert tool.peer.expect("ERROR").body[1].startswith(f"{name} was taken down")


def open_refused(definition):
    with LocalTool(TOOL) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition})
        assert report.code == 0
        tool.peer.expect_close()
        assert tool.wait() == 1
        return report.body[9]


def test_names_that_are_none(name):
    with tap.Tap(name):
        wrong = name[:-1] + "x"
        assert open_refused(wrong) == f"there is no network interface {wrong}: did you mean {name}?"
        assert name in open_refused("wlan77")
        assert "no network interface" in open_refused("a name that is longer than any can be")


@pytest.mark.parametrize("options,words", [
    ("fcsfail=maybe", "fcsfail=maybe"), ("hop_bands=3", "hop_bands=3"),
    ("channel=200", "channel=200 is no channel"), ("channel=6", "cannot be tuned"),
    ("filter_interface=wlan77", "filter_interface=wlan77"),
    ("filter_address=02:00", "filter_address=02:00")])
def test_options_that_make_no_sense(name, options, words):
    with tap.Tap(name, up=False):
        assert words in open_refused(f"{name}:{options}")
        assert not tap.is_up(name)


def test_an_interface_in_no_monitor_mode(name):
    with tap.Tap(name, tap.ETHERNET), LocalTool(TOOL) as tool:
        assert tool.peer.open(name)[2] == 1
        tool.peer.listen(0.5)
        assert f"{name} gives Ethernet frames" in said(tool.peer, ERROR)


STATION, POINT = "02:00:00:00:00:01", "02:00:00:00:00:02"


def data_frame(payload):
    return (tap.RADIOTAP_HEADER + b"\x08\x01\0\0" + air.mac(POINT) + air.mac(STATION) +
            air.mac(POINT) + b"\0\0" + payload)


BEACON = tap.RADIOTAP_HEADER + b"\x80\0\0\0" + b"\xff" * 6 + air.mac(POINT) * 2 + bytes(40)
HANDSHAKE = data_frame(b"\xaa\xaa\x03\0\0\0\x88\x8e" + bytes(100))
PRIVATE = data_frame(b"\xaa\xaa\x03\0\0\0\x08\x00" + bytes(100))


@pytest.mark.parametrize("options,expected", [
    ("filter_mgmt=true", [BEACON, HANDSHAKE]),
    ("truncate_data=true", [BEACON, HANDSHAKE[:32], PRIVATE[:32]]),
    (f"filter_address={STATION}", [BEACON]),
    (f"filter_address={STATION},filter_address={POINT}", []),
    ("filter_locals=true", [BEACON, HANDSHAKE, PRIVATE])])
def test_filters(name, options, expected):
    last = tap.RADIOTAP_HEADER + b"\x80\0\0\0" + b"\xff" * 60
    with tap.Tap(name) as radio, LocalTool(TOOL) as tool:
        tool.peer.open(f"{name}:{options}")
        for frame in (BEACON, HANDSHAKE, PRIVATE, last):
            radio.send(frame)
        tool.peer.expect("PACKET", lambda frame: 4 in frame.body and frame.body[4][6] == last)
        assert contents(tool.peer) == expected
        lengths = [frame.body[4][4] for frame in tool.peer.packets() if 4 in frame.body]
        assert lengths == [len(BEACON if frame == BEACON else PRIVATE) for frame in expected]


# rights
def status_of(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def test_rights_are_given_up_once_it_is_open(name):
    """All of them: there is nothing to tune, and nothing to put back."""
    with tap.Tap(name), LocalTool(TOOL) as tool:
        tool.peer.open(name)
        status = status_of(tool.process)
        assert status["Uid"].split() == ["65534"] * 4
        for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb", "CapInh"):
            assert int(status[kind], 16) == 0, kind
        assert status["NoNewPrivs"] == "1"


@pytest.fixture
def as_nobody():
    """Makes a program that runs the tool as nobody, with these file capabilities."""
    with tempfile.TemporaryDirectory() as folder:
        def make(*capabilities, options=""):
            os.chmod(folder, 0o755)
            tool, script = os.path.join(folder, TOOL), os.path.join(folder, "start")
            with open(program(TOOL), "rb") as original, open(tool, "wb") as copy:
                copy.write(original.read())
            os.chmod(tool, 0o755)
            if capabilities:
                bits = sum(1 << number for number in capabilities)
                os.setxattr(tool, "security.capability",
                            struct.pack("<5I", 0x02000001, bits, 0, 0, 0))
            with open(script, "w", encoding="ascii") as file:
                file.write("#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups "
                           f"{options} {tool} \"$@\"\n")
            os.chmod(script, stat.S_IRWXU)
            return script
        yield make


def test_file_capabilities_are_enough(name, as_nobody):
    with tap.Tap(name, up=False) as radio:
        with LocalTool(as_nobody(CAP_NET_ADMIN, CAP_NET_RAW)) as tool:
            tool.peer.open(name)
            radio.send(numbered(1))
            tool.peer.expect_packets(1)
            assert int(status_of(tool.process)["CapPrm"], 16) == 1 << CAP_NET_ADMIN
        assert not tap.is_up(name)


@pytest.mark.parametrize("options,words", [
    ("", "setcap cap_net_admin,cap_net_raw=ep"),
    ("--no-new-privs", "no new rights"),
    ("--bounding-set=-net_admin,-net_raw", "--cap-add=NET_ADMIN")])
def test_missing_rights(name, as_nobody, options, words):
    with tap.Tap(name, up=False), LocalTool(as_nobody(options=options)) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: name})
        assert report.code == 0
        assert f"cannot bring up {name}: " in report.body[9] and words in report.body[9]


def test_the_right_to_capture_is_missing(name, as_nobody):
    with tap.Tap(name), LocalTool(as_nobody(CAP_NET_ADMIN)) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: name})
        assert f"cannot capture on {name}: it needs CAP_NET_ADMIN and CAP_NET_RAW" in report.body[9]
