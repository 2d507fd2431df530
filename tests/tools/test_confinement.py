"""Capture tools once their source is open: what they can reach afterwards, which is nothing.

Builds with sanitizers may read files (they look at themselves), so each test also runs with the
tools of a build without them, where there is one (NORN_HOOKED, else build/debug/norn).
"""
import os
import signal
import tempfile

import pytest

from support import bluetooth_kernel, tap
from support.norn import ROOT, Server, binary
from support.tool_peer import LocalTool

INFO = 2
REFUSED = ("Permission denied", "Operation not permitted")  # by Landlock, by the filter


def builds():
    plain = os.environ.get("NORN_HOOKED") or os.path.join(ROOT, "build", "debug", "norn")
    return {os.path.dirname(path): None for path in (binary(), os.path.abspath(plain))}


@pytest.fixture(params=builds(), ids=os.path.basename)
def folder(request):
    """Where the tools of a build are."""
    if not os.access(os.path.join(request.param, "norn_cap_pretend"), os.X_OK):
        pytest.skip(f"no tools in {request.param}: cmake --build build/debug --target tools")
    return request.param


def is_sanitized(folder):
    with open(os.path.join(folder, "norn_cap_pretend"), "rb") as file:
        content = file.read()
    return b"__asan_" in content or b"__tsan_" in content


def is_filtered(process):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    return status["Seccomp"] == "2"


def outcomes(peer):
    text = peer.expect("MESSAGE", lambda frame: frame.body[1] == INFO).body[2]
    return dict(part.split(": ") for part in text.split("; "))


def has_seccomp():
    with open("/proc/self/status", encoding="ascii") as file:
        return "Seccomp:" in file.read()


pytestmark = pytest.mark.skipif(not has_seccomp(), reason="this kernel has no seccomp")


@pytest.fixture
def shared():
    """A folder that anybody may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as path:
        os.chmod(path, 0o755)
        yield path


@pytest.fixture
def secret(shared):
    """A file that anybody may read and write."""
    path = os.path.join(shared, "secret")
    with open(path, "w", encoding="ascii") as file:
        file.write("a password")
    os.chmod(path, 0o666)
    return path


def test_opening_and_connecting_are_refused(folder, secret):
    with LocalTool(os.path.join(folder, "norn_cap_pretend")) as tool:
        tool.peer.open(f"pretend:tries={secret}")
        tried = outcomes(tool.peer)
        assert tried["writing"] in REFUSED and tried["connecting"] in REFUSED
        assert tried["reading"] in (("done",) if is_sanitized(folder) else REFUSED)
        assert is_filtered(tool.process.pid)
        tool.peer.expect_packets(10)


def test_starting_a_program_is_the_end(folder):
    with LocalTool(os.path.join(folder, "norn_cap_pretend")) as tool:
        tool.peer.open("pretend:execs=/bin/true")
        assert tool.wait() == -signal.SIGSYS


def test_another_source_is_refused(folder):
    with LocalTool(os.path.join(folder, "norn_cap_pretend")) as tool:
        tool.peer.open("pretend0")
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: "pretend1"})
        assert report.code == 0 and "start another" in report.body[9]
        assert tool.wait() == 1


def test_the_option_reaches_the_tool(folder, secret, monkeypatch):
    monkeypatch.setenv("NORN_SANDBOX", "off")
    with LocalTool(os.path.join(folder, "norn_cap_pretend")) as tool:
        tool.peer.open(f"pretend:tries={secret}")
        assert set(outcomes(tool.peer).values()) == {"done"}
        assert not is_filtered(tool.process.pid)


def test_without_the_sandbox_a_program_starts(folder, monkeypatch):
    """Else the test above would prove nothing."""
    monkeypatch.setenv("NORN_SANDBOX", "off")
    with LocalTool(os.path.join(folder, "norn_cap_pretend")) as tool:
        tool.peer.open("pretend:execs=/bin/true")
        assert tool.wait() == 0


@pytest.mark.skipif(tap.missing() is not None, reason=tap.missing() or "")
@pytest.mark.parametrize("wish", ["auto", "off"])
def test_a_server_hands_the_option_on(wish):
    name = f"ntap{os.urandom(4).hex()}"
    with tap.Tap(name), Server("-c", name, "--set", f"sandbox={wish}") as server:
        server.wait_for(lambda: server.sources()[0]["kismet.datasource.running"], 10, "running")
        assert is_filtered(server.sources()[0]["kismet.datasource.ipc_pid"]) == (wish == "auto")


def test_pcapfile(folder, tmp_path):
    path = tmp_path / "a.pcap"
    path.write_bytes(bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 69000000"
                                   "00f15365 00000000 04000000 04000000 d4000000"))
    with LocalTool(os.path.join(folder, "norn_cap_pcapfile")) as tool:
        tool.peer.open(str(path))
        tool.peer.expect_packets(1)
        assert is_filtered(tool.process.pid)


@pytest.mark.skipif(tap.missing() is not None, reason=tap.missing() or "")
def test_linux_wifi(folder):
    name = f"ntap{os.urandom(4).hex()}"
    with tap.Tap(name) as radio, LocalTool(os.path.join(folder, "norn_cap_linux_wifi")) as tool:
        tool.peer.open(name)
        radio.send(tap.RADIOTAP_HEADER + bytes(24))
        tool.peer.expect_packets(1)
        tool.peer.listen(2.5)  # counters are asked of libpcap, the interface's state of the kernel
        assert is_filtered(tool.process.pid)
        radio.send(tap.RADIOTAP_HEADER + bytes(24))
        tool.peer.expect_packets(2)
        radio.close()
        assert "disappeared" in tool.peer.expect("ERROR").body[1]
        tool.peer.expect_close()


def test_linux_bluetooth(folder, shared, monkeypatch):
    path = os.path.join(shared, "kernel")
    monkeypatch.setenv("NORN_PRETENDED_KERNEL", path)
    kernel = bluetooth_kernel.Kernel(path, {0: bluetooth_kernel.Adapter("00:1A:7D:DA:71:13")})
    with LocalTool(os.path.join(folder, "norn_cap_bluetooth_pretend")) as tool:
        tool.peer.open("hci0")
        kernel.expect(bluetooth_kernel.START)
        assert is_filtered(tool.process.pid)
    kernel.expect(bluetooth_kernel.STOP)  # it can still leave the adapter as it was
    kernel.close()
