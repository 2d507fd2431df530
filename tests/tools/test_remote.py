"""Capture tools that connect to a server: TCP and websocket, lost connections, what is sent again,
and what is not."""
import socket
import struct
import time

import pytest

from support.tool_peer import Closed, Listener, Tool, encode

TOOL = "norn_cap_pretend"
ENDPOINT = "/datasource/remote/remotesource.ws"
QUICK = ("--retry-pause=0.3", "--ping-timeout=4")


@pytest.fixture
def server():
    with Listener() as listener:
        yield listener


def number_of(frame):
    return struct.unpack(">Q", frame.body[4][6][:8])[0]


def numbers_of(peer):
    return [number_of(frame) for frame in peer.packets() if 4 in frame.body]


def begin(peer, definition):
    """The server's half of a beginning: the NEWSOURCE and the OPENREPORT."""
    source = peer.expect("NEWSOURCE").body
    assert source[1] == definition
    return source, peer.open(source[1])


@pytest.mark.parametrize("transport", ["tcp", "websocket"])
def test_beginning(server, transport):
    flags = ["--tcp"] if transport == "tcp" else []
    with Tool(TOOL, "--connect", server.address, "--source=pretend:rate=500", *flags):
        peer = server.accept() if transport == "tcp" else server.accept_websocket()
        source, report = begin(peer, "pretend:rate=500")
        assert source[2] == "pretend"
        assert source[3] == report[8]
        assert source[32] == report[32]
        peer.expect_packets(200)
        assert numbers_of(peer) == list(range(1, len(peer.packets()) + 1))
        assert peer.asked, "it asks for receipts"
        peer.close()


def test_flags_of_kismets_tools(server):
    with Tool(TOOL, f"--host={server.address}", "--source=pretend", "--tcp", "--disable-retry",
              "--fixed-gps=1.5,2.5") as tool:
        peer = server.accept()
        begin(peer, "pretend")
        assert peer.expect_packets(1)[0].body[1][1] == 1.5
        peer.close()
        assert tool.wait() == 1
        assert "closed the connection" in tool.said


def test_over_ip_version_6():
    with Listener(socket.AF_INET6) as server, \
            Tool(TOOL, "--connect", server.address, "--source=pretend", "--tcp"):
        begin(server.accept(), "pretend")


def test_name_of_a_host(server):
    with Tool(TOOL, f"--connect=localhost:{server.port}", "--source=pretend", "--tcp"):
        begin(server.accept(), "pretend")


def test_in_the_background(server):
    with Tool(TOOL, f"--connect={server.address}", "--source=pretend", "--tcp",
              "--daemonize") as tool:
        assert tool.wait() == 0
        peer = server.accept()
        begin(peer, "pretend")
        peer.expect_packets(5)
        peer.send("SHUTDOWN", {1: "enough"})
        peer.expect_close()


def test_server_that_announces_itself(server):
    uuid = "AAAAAAAA-0000-0000-0000-BBBBBBBBBBBB"

    def announce(port, whose=uuid):
        data = struct.pack(">QHIIQQ36s32s", 0x4B49534D4554, 1, 2501, port, 0, 0, whose.encode(),
                           b"roof")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for wrong in (b"", b"x" * 200, data[:50], data):
                sender.sendto(wrong, ("127.0.0.1", 2501))
    with Tool(TOOL, f"--autodetect={uuid.lower()}", "--tcp", "--source=pretend"):
        time.sleep(0.5)
        announce(1, "CCCC" + uuid[4:])
        announce(server.port)
        begin(server.accept(), "pretend")


def test_nobody_there():
    with Listener() as free:
        address = free.address
    with Tool(TOOL, "--connect", address, "--source=pretend", "--tcp", "--disable-retry") as tool:
        assert tool.wait() == 1
        assert "Connection refused" in tool.said
    with Tool(TOOL, "--connect=nowhere.invalid:1", "--source=pretend", "--disable-retry") as tool:
        assert tool.wait() == 1
        assert "cannot find nowhere.invalid" in tool.said


def test_server_that_comes_later():
    with Listener() as free:
        port = free.port
    with Tool(TOOL, f"--connect=127.0.0.1:{port}", "--source=pretend", "--tcp", *QUICK) as tool:
        time.sleep(1)
        with socket.create_server(("127.0.0.1", port)) as late:
            late.settimeout(10)
            connection, _ = late.accept()
            connection.close()
        tool.process.terminate()
        tool.wait()
        assert tool.said.count("Connection refused") == 1  # not each time
        assert "connected to" in tool.said


def test_pause_before_it_connects_again(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--tcp"):
        server.accept().close()
        began = time.monotonic()
        server.accept()
        assert 4.5 < time.monotonic() - began < 7


def test_login(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--user=me",
              "--password=a b&c", "--apikey=unused") as tool:
        command_line = open(f"/proc/{tool.process.pid}/cmdline", "rb")
        peer = server.accept_websocket()
        assert b"a b&c" not in command_line.read() and b"unused" not in command_line.read()
        command_line.close()
        assert peer.transport.request == f"GET {ENDPOINT}?user=me&password=a%20b%26c HTTP/1.1"
        headers = peer.transport.headers
        assert headers["host"] == server.address
        assert headers["origin"] == "http://127.0.0.1"
        assert headers["sec-websocket-version"] == "13"
        assert headers["sec-websocket-protocol"] == "kismet-remote"
        begin(peer, "pretend")


def test_endpoint_and_key(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--apikey=K1",
              "--endpoint=/other.ws"):
        peer = server.accept_websocket(protocol=False)
        assert peer.transport.request == "GET /other.ws?KISMET=K1 HTTP/1.1"
        begin(peer, "pretend")


@pytest.mark.parametrize("answer, words", [
    (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "--password"),
    (b"HTTP/1.1 403 Forbidden\r\n\r\n", "datasource or admin"),
    (b"HTTP/1.1 404 Not Found\r\n\r\n", "--endpoint"),
    (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
     b"Sec-WebSocket-Accept: wrong\r\n\r\n", "handshake"),
    (b"hello\r\n\r\n", "hello"), (b"", "closed the connection")])
def test_websocket_that_is_refused(server, answer, words):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--disable-retry") as tool:
        connection = server.accept_raw()
        connection.recv(4096)
        connection.sendall(answer)
        connection.close()
        assert tool.wait() == 1
        assert words in tool.said


def test_websocket_in_pieces(server):
    """Fragments, pings of the websocket itself, a message longer than stock tools take."""
    with Tool(TOOL, "--connect", server.address, "--source=pretend"):
        peer = server.accept_websocket()
        begin(peer, "pretend")
        peer.transport.send_frame(9, b"are you there")
        request = encode("CONFIGREQ", {2: {1: 5, 5: [f"ch{i}" for i in range(1000)] + ["1"]}},
                         sequence=500)
        assert len(request) > 5000
        peer.pings = False
        for at in range(0, len(request), 1000):
            last = at + 1000 >= len(request)
            peer.transport.send_frame(2 if at == 0 else 0, request[at:at + 1000], last)
        report = peer.expect("CONFIGREPORT", lambda frame: frame.sequence == 500)
        assert report.code == 1 and len(report.body[3][5]) == 1001
        assert peer.transport.pongs == [b"are you there"]


@pytest.mark.parametrize("data", [b"\x82\x81abcdx", b"\xf2\x00", b"\x82\x7f" + b"\xff" * 8,
                                  b"\x88\x02\x03\xe8"])
def test_websocket_that_breaks_its_rules(server, data):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--disable-retry") as tool:
        peer = server.accept_websocket()
        peer.transport.connection.sendall(data)
        assert tool.wait() == 1


def test_silent_server_is_left(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend", "--tcp", *QUICK) as tool:
        peer = server.accept()
        begin(peer, "pretend")
        peer.pings = False
        with pytest.raises(Closed):
            peer.listen(8)
        begin(server.accept(), "pretend")
        tool.process.terminate()
        tool.wait()
        assert "no ping" in tool.said


def replay(server, accept, acknowledges, flags=()):
    """Breaks the connection again and again, until the last packet has come: the numbers of the
    packets of each, and those of their frames."""
    definition = "pretend:rate=2000,size=200,count=6000"
    numbers, sequences, sessions, is_last = [], [], set(), False
    with Tool(TOOL, "--connect", server.address, "--source", definition, *QUICK, *flags):
        while not is_last:
            peer = accept()
            peer.acknowledges = acknowledges
            source, report = begin(peer, definition)
            sessions |= {source[32], report[32]}
            peer.listen(0.6)
            is_last = any(frame.name == "MESSAGE" for frame in peer.frames)
            numbers.append(numbers_of(peer))
            sequences.append([frame.sequence for frame in peer.packets() if 4 in frame.body])
            peer.close()
    assert len(sessions) == 1 and len(numbers) > 2
    return numbers, sequences


@pytest.mark.parametrize("transport", ["tcp", "websocket"])
def test_lost_connections_lose_nothing(server, transport):
    accept = server.accept if transport == "tcp" else server.accept_websocket
    flags = ["--tcp"] if transport == "tcp" else []
    numbers, sequences = replay(server, accept, True, flags)
    seen = {}
    for connection, its_sequences in zip(numbers, sequences):
        assert connection == sorted(set(connection)), "in order, and nothing twice at once"
        for number, sequence in zip(connection, its_sequences):
            assert seen.setdefault(number, sequence) == sequence, "the same frame again"
    assert sorted(seen) == list(range(1, 6001))
    ordered = [seen[number] for number in sorted(seen)]
    assert ordered == sorted(set(ordered)), "numbers rise with the packets"
    starts = [connection[0] for connection in numbers if connection]
    assert starts[-1] > 1000, "what was acknowledged is not sent again"


def test_without_receipts_all_comes_again(server):
    """A server that answers no ping has everything again that still is in memory."""
    numbers, _ = replay(server, server.accept, False, ["--tcp"])
    assert all(connection[0] == 1 for connection in numbers)
    assert numbers[-1] == list(range(1, 6001))


def test_receipts_are_for_what_came_before(server):
    """A PONG that answers another PING, or none, acknowledges nothing."""
    definition = "pretend:rate=2000,count=1000"
    with Tool(TOOL, "--connect", server.address, "--source", definition, "--tcp", *QUICK):
        peer = server.accept()
        peer.acknowledges = False
        begin(peer, definition)
        peer.expect("MESSAGE")
        for wrong in (1, 0, 2**32 - 1, peer.asked[-1] + 1):
            peer.transport.send(encode("PONG", None, 0, wrong))
        peer.ping()
        peer.expect("PONG")
        peer.close()
        again = server.accept()
        begin(again, definition)
        again.expect("MESSAGE")
        assert numbers_of(again) == list(range(1, 1001))
        while not again.asked:
            again.pump(0.2)
        again.listen(2)
        again.close()
        last = server.accept()
        begin(last, definition)
        last.listen(1)
        assert not numbers_of(last), "all of it was acknowledged"


def test_hopping_goes_on_without_a_server(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend:rate=100", "--tcp", *QUICK):
        peer = server.accept()
        begin(peer, "pretend:rate=100")
        peer.ask("CONFIGREQ", "CONFIGREPORT", {2: {1: 20, 5: ["1", "6"]}})
        peer.close()
        time.sleep(2)
        again = server.accept()
        _, report = begin(again, "pretend:rate=100")
        assert report[6][5] == ["1", "6"] and report[6][6] is True
        again.listen(2)
        dwells = [dwell for frame in again.packets() for dwell in frame.body.get(33, [])]
        assert sum(dwell.get(2, 0) for dwell in dwells) > 2500, "no gap while the server was away"


def test_another_definition_opens_anew(server):
    with Tool(TOOL, "--connect", server.address, "--source=pretend:rate=10", "--tcp", *QUICK):
        peer = server.accept()
        begin(peer, "pretend:rate=10")
        peer.expect_packets(5)
        assert peer.open("pretend:rate=20,size=64")[2] == 127
        peer.expect("PACKET", lambda frame: 4 in frame.body and number_of(frame) == 1 and
                    len(frame.body[4][6]) == 64)


def test_source_that_fails_is_opened_again(server):
    definition = "pretend:rate=1000,dies=20"
    with Tool(TOOL, "--connect", server.address, "--source", definition, "--tcp", *QUICK):
        for _ in range(2):
            peer = server.accept()
            begin(peer, definition)
            peer.expect("ERROR")
            assert len(numbers_of(peer)) == 20
            peer.expect_close()


def test_source_that_fails_without_a_server(server):
    definition = "pretend:rate=100,dies=150"
    with Tool(TOOL, "--connect", server.address, "--source", definition, "--tcp", *QUICK):
        peer = server.accept()
        begin(peer, definition)
        peer.expect_packets(10)
        peer.close()
        time.sleep(2)
        again = server.accept()
        begin(again, definition)
        again.expect("PACKET", lambda frame: 4 in frame.body and number_of(frame) == 150)
        assert again.expect("MESSAGE").body[1] == 4
        again.expect("PACKET", lambda frame: 4 in frame.body and number_of(frame) == 1)
        again.listen(0.5)
        assert not [frame for frame in again.frames if frame.name == "ERROR"]


def test_bad_definition_ends_at_once():
    with Tool(TOOL, "--connect=127.0.0.1:1", "--source=:x=y", "--tcp") as tool:
        assert tool.wait() == 1
        assert "begins with an interface" in tool.said


def spooled(server, tmp_path, seconds, *flags):
    """Loses the server for some seconds at 10 MB/s; the packets that came in the end."""
    definition = "pretend:rate=2000,size=5000"
    with Tool(TOOL, "--connect", server.address, "--source", definition, "--tcp",
              f"--spool={tmp_path}", f"--retry-pause={seconds}", *flags) as tool:
        peer = server.accept()
        begin(peer, definition)
        peer.listen(1.5)
        peer.close()
        first = numbers_of(peer)
        assert not list(tmp_path.iterdir()), "the spool has no name"
        again = server.accept()
        begin(again, definition)
        again.listen(4)
        second = [frame for frame in again.packets() if 4 in frame.body]
        dropped = max(frame.body.get(32, {}).get(4, 0) for frame in second)
        tool.process.terminate()
        again.close()
    return first, [number_of(frame) for frame in second], dropped


def test_spool_holds_what_memory_does_not(server, tmp_path):
    first, second, dropped = spooled(server, tmp_path, 2.5)
    assert dropped == 0
    assert second[0] <= first[-1] + 1
    assert second == list(range(second[0], second[-1] + 1))
    assert second[-1] > first[-1] + 5000


def test_full_spool_loses_the_oldest_and_counts(server, tmp_path):
    first, second, dropped = spooled(server, tmp_path, 2.5, "--spool-mb=8")
    gaps = [(before, after) for before, after in zip([first[-1], *second], second)
            if after > before + 1]
    assert len(gaps) == 1 and gaps[0][0] == first[-1]
    lost = gaps[0][1] - gaps[0][0] - 1
    assert lost <= dropped < lost + 300, "those that came without a receipt count too"


def test_without_a_spool_the_newest_go(server, tmp_path):
    first, second, dropped = spooled(server, tmp_path, 2.5, "--spool-mb=0")
    assert second[0] <= first[-1] + 1
    gaps = [(before, after) for before, after in zip(second, second[1:]) if after > before + 1]
    assert gaps and dropped >= sum(after - before - 1 for before, after in gaps[:1])


def test_spool_in_no_directory():
    with Tool(TOOL, "--connect=127.0.0.1:1", "--source=pretend", "--spool=/nowhere") as tool:
        assert tool.wait() == 1
        assert "no spool in /nowhere" in tool.said
