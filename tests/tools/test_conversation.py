"""What a capture tool that a server started says over its pipes, message by message."""
import os
import struct
import subprocess
import time

import pytest

from support.tool_peer import Closed, LocalTool, encode, program

TOOL = "norn_cap_pretend"


@pytest.fixture
def tool():
    with LocalTool(TOOL, "--ping-timeout=4") as running:
        yield running


def test_list(tool):
    report = tool.peer.ask("LISTREQ", "LISTREPORT")
    assert report.code == 0
    assert report.body[2] == [{1: "pretend0", 2: "rate=10", 3: "nothing"}, {1: "pretend1"}]
    assert report.body[4]
    tool.peer.expect_close()
    assert tool.wait() == 0


def test_probe_of_ours(tool):
    report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: "pretend7:name=x"})
    assert report.code == 1
    assert report.sequence == report.body[1]
    assert report.body[2] == {3: "nothing", 4: "pretend7mon", 5: "1",
                              6: ["1", "6", "11", "busy", "never"]}
    tool.peer.expect_close()
    assert tool.wait() == 0


def test_one_answer_ends_it(tool):
    tool.peer.transport.send(encode("LISTREQ", sequence=1) +
                             encode("OPENREQ", {1: "pretend"}, sequence=2) +
                             encode("PING", sequence=3))
    tool.peer.expect_close()
    assert [frame.name for frame in tool.peer.frames] == ["LISTREPORT", "PONG"]


@pytest.mark.parametrize("definition, message", [("wlan0", ""), ("pretend:fails=no way", "no way"),
                                                 ("", "a source definition is a text")])
def test_probe_of_others(tool, definition, message):
    report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})
    assert report.code == 0
    assert report.body[3].startswith(message)
    tool.peer.expect_close()
    assert tool.wait() == 0


def test_open(tool):
    body = tool.peer.open("pretend0:rate=200,size=300")
    assert body[2] == 127
    assert body[3] == "pretend0mon"
    assert body[4] == ["1", "6", "11", "busy", "never"]
    assert body[5] == "1"
    assert body[7] == "nothing"
    assert body[8].endswith("-0000-0000-0000-020000000001")
    assert body[10]
    assert 0 < body[32] < 2**64
    packets = tool.peer.expect_packets(100)
    numbers = [struct.unpack(">Q", frame.body[4][6][:8])[0] for frame in packets]
    assert numbers == list(range(1, len(packets) + 1))
    first = packets[0].body
    assert first[4][1] == 127 and first[4][4] == 300 and len(first[4][6]) == 300
    assert abs(first[4][2] + first[4][3] / 1e6 - time.time()) < 10
    assert first[2] == {1: 2**32 - 60, 5: 2412000, 7: "1"}
    assert 1 not in first
    sequences = [frame.sequence for frame in packets]
    assert sequences == sorted(set(sequences)) and 0 not in sequences
    tool.close()
    assert tool.wait() == 0


def test_uuid_of_the_definition(tool):
    uuid = "11111111-2222-3333-4444-aaaaaaaaaaaa"
    assert tool.peer.open(f"pretend:uuid={uuid}, and more")[8] == uuid.upper()


@pytest.mark.parametrize("definition, message", [
    ("pretend:fails=no such radio", "no such radio"), ("pretend:rate=fast", "rate=fast"),
    ("", "a source definition is a text"), ("pretend:size=1", "Invalid argument")])
def test_open_that_fails(tool, definition, message):
    report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition})
    assert report.code == 0
    assert message in report.body[9]
    tool.peer.expect_close()
    assert tool.wait() == 1


def test_pings_keep_it_alive(tool):
    tool.peer.open("pretend:rate=1")
    tool.peer.listen(6)
    numbers = [tool.peer.ping() for _ in range(3)]
    for number in numbers:
        tool.peer.expect("PONG", lambda frame, wanted=number: frame.sequence == wanted)
    assert tool.process.poll() is None


def test_silence_ends_it(tool):
    tool.peer.open("pretend:rate=1")
    began = time.monotonic()
    tool.peer.ping()
    tool.peer.expect_close()
    assert 3.5 < time.monotonic() - began < 8
    assert tool.wait() == 1
    assert "no ping" in tool.said


def test_other_frames_are_no_pings(tool):
    tool.peer.pings = False
    with pytest.raises((Closed, BrokenPipeError)):
        for _ in range(20):
            tool.peer.send("PONG")
            tool.peer.listen(0.5)
    assert tool.wait() == 1


def test_older_server_that_looks_who_is_there(tool):
    ping = struct.pack(">IHHI32sI", 0xDECAFBAD, 0xABCD, 2, 0, b"PING", 0)
    tool.peer.transport.send(ping)
    pong = tool.peer.expect("PONG", lambda frame: frame.sequence == 0)
    assert pong.body is None
    tool.peer.transport.send(ping.replace(b"PING", b"OPEN"))
    tool.peer.expect_close()
    assert tool.wait() == 1
    assert "older v2 protocol" in tool.said


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"\xde\xca\xfb\xad" + b"\xff" * 20])
def test_what_is_no_frame_ends_it(tool, data):
    tool.peer.transport.send(data)
    tool.peer.expect_close()
    assert tool.wait() == 1


def test_unknown_commands(tool):
    frame = struct.pack(">IHHIHHI", 0xDECAFBAD, 0xA9A9, 3, 0, 999, 1, 77)
    tool.peer.transport.send(frame)
    report = tool.peer.expect("PROBEREPORT")
    assert (report.code, report.sequence, report.body[3]) == (0, 77, "Unsupported request")
    tool.peer.transport.send(struct.pack(">IHHIHHI", 0xDECAFBAD, 0xA9A9, 3, 1, 12, 1, 78) + b"\x92")
    assert tool.peer.expect("ERROR").sequence == 78
    tool.peer.open("pretend")
    tool.peer.expect_packets(3)


def test_shutdown(tool):
    tool.peer.open("pretend")
    tool.peer.send("SHUTDOWN", {1: "enough"})
    tool.peer.expect_close()
    assert tool.wait() == 0


def test_requests_byte_by_byte(tool):
    for byte in encode("OPENREQ", {1: "pretend:rate=50"}, sequence=9):
        tool.peer.transport.send(bytes([byte]))
        time.sleep(0.005)
    assert tool.peer.expect("OPENREPORT").body[1] == 9
    tool.peer.expect_packets(5)


def test_a_source_that_dies(tool):
    tool.peer.open("pretend:rate=1000,dies=50")
    error = tool.peer.expect("ERROR")
    assert error.code == 1 and error.sequence == 0
    assert "unplugged" in error.body[1]
    assert len(tool.peer.packets()) == 50  # all that came before is there before
    assert tool.peer.expect("MESSAGE").body == {1: 4, 2: "the make-believe radio was unplugged"}
    tool.peer.expect_close()
    assert tool.wait() == 1


def test_lock(tool):
    tool.peer.open("pretend")
    report = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "6"})
    assert (report.code, report.body[2]) == (1, "6")
    assert 3 not in report.body
    refused = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "13"})
    assert (refused.code, refused.body[2]) == (0, "6")
    assert refused.body[4] == "there is no channel 13"
    both = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "11", 2: {5: ["1"]}})
    assert both.body[2] == "11"
    too_long = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "x" * 64})
    assert too_long.code == 0
    assert tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {}).code == 0
    dead = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "dead"})
    assert dead.code == 0
    assert "dead" in tool.peer.expect("ERROR").body[1]
    assert tool.wait() == 1


def test_hop(tool):
    tool.peer.open("pretend")
    report = tool.peer.ask("CONFIGREQ", "CONFIGREPORT",
                           {2: {1: 10, 2: False, 5: ["1", "6", "11", "busy"]}})
    assert report.code == 1
    assert report.body[3] == {1: 10.0, 2: False, 3: 1, 4: 0, 5: ["1", "6", "11", "busy"], 6: True}
    faster = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {2: {1: 20.0}})
    assert faster.body[3][1] == 20 and faster.body[3][5] == ["1", "6", "11", "busy"]
    tool.peer.listen(3.5)
    dwells = [dwell for frame in tool.peer.packets() for dwell in frame.body.get(33, [])]
    tuned = [dwell for dwell in dwells if not dwell.get(4)]
    assert sum(dwell.get(3, False) for dwell in tuned) > 15
    assert {dwell[1] for dwell in tuned} == {"1", "6", "11"}
    assert {dwell[1] for dwell in dwells if dwell.get(4)} == {"busy"}
    for before, after in zip(tuned, tuned[1:]):
        assert after.get(3, False) or before[1] == after[1]
    assert 1500 < sum(dwell.get(2, 0) for dwell in tuned) < 10000


def test_hop_over_the_default_list(tool):
    tool.peer.open("pretend")
    report = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {2: {1: 20}})
    assert report.body[3][5] == ["1", "6", "11", "busy", "never"]
    left = tool.peer.expect("CONFIGREPORT")  # nobody asked for it
    assert (left.sequence, left.code) == (0, 1)
    assert left.body[3][5] == ["1", "6", "11", "busy"]
    bad = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {2: {1: 0.0}})
    assert bad.code == 0 and "rate" in bad.body[4]


def test_no_channel_that_can_be_tuned_to(tool):
    tool.peer.open("pretend")
    tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {2: {1: 20, 5: ["200", "never"]}})
    assert "none of the channels" in tool.peer.expect("ERROR").body[1]
    assert tool.wait() == 1


def test_configure_before_open(tool):
    report = tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "6"})
    assert report.code == 0 and "no open source" in report.body[4]


def test_counters(tool):
    tool.peer.open("pretend:rate=300")
    tool.peer.listen(3.2)
    reports = [frame.body for frame in tool.peer.packets() if 32 in frame.body]
    assert len(reports) >= 2
    for body in reports:
        assert body[32][2] == 7 and body[32][3] == 3 and 4 not in body[32]
        assert body[32][1] == struct.unpack(">Q", body[4][6][:8])[0]  # rode on a packet


def test_counters_and_dwells_of_a_silent_radio(tool):
    tool.peer.open("pretend:rate=0")
    tool.peer.ask("CONFIGREQ", "CONFIGREPORT", {1: "11"})
    report = tool.peer.expect("PACKET", lambda frame: "11" in str(frame.body.get(33)))
    assert set(report.body) == {32, 33}
    assert report.body[33][-1][1] == "11"


def test_a_slow_server_costs_the_newest(tool):
    tool.peer.open("pretend:rate=40000,size=1000")
    time.sleep(2.5)  # nobody reads
    tool.peer.expect("PACKET", lambda frame: frame.body.get(32, {}).get(4, 0) > 1000)
    numbers = [struct.unpack(">Q", frame.body[4][6][:8])[0] for frame in tool.peer.packets()
               if 4 in frame.body]
    assert numbers == sorted(set(numbers))
    assert numbers[:3000] == list(range(1, 3001))  # the oldest are the ones that are kept


def test_fixed_position():
    with LocalTool(TOOL, "--fixed-gps=47.5,0,400", "--gps-name=van") as tool:
        tool.peer.open("pretend")
        position = tool.peer.expect_packets(1)[0].body[1]
        assert abs(position.pop(8) - time.time()) < 10
        position.pop(9, None)
        assert position == {1: 47.5, 2: 0.0, 3: 400.0, 4: 3, 10: "remote-fixed", 11: "van"}


def test_server_that_asks_and_never_reads(tool):
    tool.peer.pings = False
    pings = encode("PING", sequence=1) * 3000
    with pytest.raises(OSError):
        while True:
            tool.peer.transport.send(pings)
    assert tool.wait() == 1


def test_term_ends_it(tool):
    tool.peer.open("pretend")
    tool.process.terminate()
    tool.peer.expect_close()
    assert tool.wait() == 0


def test_hang_up_while_it_writes(tool):
    tool.peer.open("pretend:rate=20000,size=1000")
    time.sleep(0.5)
    tool.close()
    assert tool.wait() == 0


def test_without_a_server():
    listed = subprocess.run([program(TOOL), "--list"], capture_output=True, text=True, check=True)
    assert listed.stdout == "pretend0:rate=10  nothing\npretend1\n"
    for flags, status in [(["--help"], 0), (["--version"], 0), ([], 2), (["--ssl"], 2)]:
        run = subprocess.run([program(TOOL), *flags], capture_output=True, text=True, check=False)
        assert run.returncode == status
        assert run.stderr if status else run.stdout


def test_descriptors_that_are_none():
    run = subprocess.run([program(TOOL), "--in-fd=77", "--out-fd=78"], capture_output=True,
                         text=True, check=False, timeout=30, env={**os.environ})
    assert run.returncode == 1
