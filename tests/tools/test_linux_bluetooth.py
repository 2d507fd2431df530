"""norn_cap_linux_bluetooth before a kernel that is played here: what it lists, what it asks of an
adapter and how it leaves it, what it tells of devices, and how it names what stands in its way."""
import errno
import json
import subprocess
import time

import pytest

from support import bluetooth_kernel
from support.bluetooth_kernel import (BREDR, BUSY, CONFIRM_NAME, FAILED, FOUND, LE, NOT_PERMITTED,
                                      POWERED, SET_BREDR, SET_LE, SET_POWERED, START, STOP,
                                      Adapter, Kernel, found, structure)
from support.tool_peer import LocalTool, program

TOOL = "norn_cap_bluetooth_pretend"
HOME, PEER = "00:1A:7D:DA:71:13", "C0:FF:EE:00:00:01"


@pytest.fixture(name="kernel")
def play_kernel(tmp_path, monkeypatch):
    path = str(tmp_path / "kernel")
    monkeypatch.setenv("NORN_PRETENDED_KERNEL", path)
    kernel = Kernel(path, {0: Adapter(HOME), 3: Adapter("02:00:00:00:00:03")})
    tmp_path.chmod(0o755)
    yield kernel
    kernel.close()


@pytest.fixture(name="tool")
def run_tool(kernel):
    with LocalTool(TOOL) as running:
        yield running


def reports(tool, count):
    """JSON of so many devices, with the frames that brought them."""
    frames = [frame for frame in tool.peer.expect_packets(count) if 5 in frame.body]
    return [(json.loads(frame.body[5][4]), frame) for frame in frames]


def refusal(tool, definition="hci0"):
    report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition})
    assert report.code == 0
    tool.peer.expect_close()
    assert tool.wait() == 1
    return report.body[9]


def test_list(tool):
    report = tool.peer.ask("LISTREQ", "LISTREPORT")
    assert report.body[2] == [{1: "hci0", 3: f"Bluetooth 5.1, {HOME}"},
                              {1: "hci3", 3: "Bluetooth 5.1, 02:00:00:00:00:03"}]


def test_list_of_none(kernel, tool):
    kernel.adapters.clear()
    assert tool.peer.ask("LISTREQ", "LISTREPORT").body[2] == []


@pytest.mark.parametrize("definition", ["hci0", "hci0:name=roof", "00-1A-7D-DA-71-13",
                                        "001a7dda7113"])
def test_probe_of_ours(tool, definition):
    report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})
    assert report.code == 1
    assert report.body[2] == {3: f"Bluetooth 5.1, {HOME}", 4: "hci0"}


@pytest.mark.parametrize("definition", ["wlan0", "hci", "hcix", "hci0a", "hci123456",
                                        "00-1A-7D-DA-71-14"])
def test_probe_of_others(tool, definition):
    report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})
    assert (report.code, report.body[3]) == (0, "")


def test_an_adapter_that_is_not_there(tool):
    report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: "hci1"})
    assert report.code == 0
    assert report.body[3] == (f"there is no Bluetooth adapter hci1; there is hci0 ({HOME}), hci3 "
                              "(02:00:00:00:00:03)")


def test_no_adapter_at_all(kernel, tool):
    kernel.adapters.clear()
    assert "the kernel has none at all" in refusal(tool)


def test_an_address_that_is_not_there(tool):
    assert "no Bluetooth adapter 00-1A-7D-DA-71-14; there is hci0" in refusal(
        tool, "00-1A-7D-DA-71-14")


def test_open_of_what_is_no_adapter(tool):
    assert refusal(tool, "wlan0") == "wlan0 is neither an adapter, as hci0, nor an address"


def test_open_of_an_adapter_that_is_down(kernel, tool):
    kernel.adapters[0].settings = BREDR
    body = tool.peer.open("hci0")
    assert (body[2], body[3], body[7]) == (0, "hci0", f"Bluetooth 5.1, {HOME}")
    assert body[8] == "91DD0AE4-0000-0000-0000-001A7DDA7113"
    kernel.expect(START)
    assert kernel.changes() == [(SET_LE, 1), (SET_POWERED, 1), (START, 7)]
    said = tool.peer.expect("MESSAGE", lambda frame: "power" in frame.body[2])
    assert said.body == {1: 2, 2: "power of hci0 was off: it is on until the capture ends"}
    tool.close()
    assert tool.wait() == 0
    assert kernel.changes()[3:] == [(STOP, 7), (SET_POWERED, 0), (SET_LE, 0)]
    assert kernel.adapters[0].settings == BREDR


def test_open_of_an_adapter_that_is_up(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    tool.process.terminate()
    assert tool.wait() == 0
    assert kernel.changes() == [(START, 7), (STOP, 7)]


def test_basic_rate_that_is_off(kernel, tool):
    kernel.adapters[0].settings = POWERED | LE
    tool.peer.open("hci0")
    tool.close()
    tool.wait()
    assert kernel.changes() == [(SET_BREDR, 1), (START, 7), (STOP, 7), (SET_BREDR, 0)]


def test_a_transport_that_stays_off(kernel, tool):
    kernel.adapters[0].settings = POWERED | LE
    kernel.adapters[0].refuses = {SET_BREDR: 0x0b}
    tool.peer.open("hci0")
    kernel.expect(START)
    assert kernel.changes() == [(SET_BREDR, 1), (START, 6)]
    tool.peer.expect("MESSAGE", lambda frame: "does without basic rate" in frame.body[2])


@pytest.mark.parametrize("option, kinds", [("le", 6), ("bredr", 1), ("BOTH", 7)])
def test_transports(kernel, tool, option, kinds):
    tool.peer.open(f"hci0:transport={option}")
    assert kernel.expect(START).parameters == bytes([kinds])


def test_an_adapter_with_one_transport(kernel, tool):
    kernel.adapters[0].supported = POWERED | LE
    kernel.adapters[0].settings = POWERED | LE
    tool.peer.open("hci0")
    assert kernel.expect(START).parameters == b"\6"


def test_a_transport_that_is_not_there(kernel, tool):
    kernel.adapters[0].supported = POWERED | LE
    assert refusal(tool, "hci0:transport=bredr") == "hci0 does not have that transport"


@pytest.mark.parametrize("option", ["transport=wifi", "transport=", "names=perhaps"])
def test_options_that_are_none(tool, option):
    assert refusal(tool, f"hci0:{option}").startswith(f"{option}: write ")


def test_reports(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    data = (structure(0x01, b"\6") + structure(0x09, b"norn") + structure(0x0a, b"\xf4")
            + structure(0x19, b"\xc1\3") + structure(0x03, b"\x0f\x18")
            + structure(0xff, b"\x4c\0\x10\5"))
    kernel.event(FOUND, 3, found(HOME, 0, -10))  # of another adapter
    kernel.event(FOUND, 0, found(PEER, 2, -67, data=data))
    kernel.event(FOUND, 0, found("00:AA:01:01:00:01", 0, 127, data=structure(0x0d, b"\x0c\2\x5a")))
    (first, frame), (second, other) = reports(tool, 2)
    assert first == {
        "addr": PEER, "name": "norn", "type": 2, "address_type": "LE random", "signal": -67,
        "flags": 6, "appearance": 961, "txpowerlevel": -12,
        "uuids": ["0000180F-0000-1000-8000-00805F9B34FB"], "manufacturer": {"004C": "1005"},
        "scan_data": data.hex().upper()}
    assert list(first)[:3] == ["addr", "name", "type"]
    assert frame.body[5][1] == "linuxbthci"
    assert abs(frame.body[5][2] + frame.body[5][3] / 1e6 - time.time()) < 10
    assert frame.body[2] == {1: 2**32 - 67}
    assert 4 not in frame.body
    assert second == {"addr": "00:AA:01:01:00:01", "name": "", "type": 0, "address_type": "BR/EDR",
                      "class": 0x5a020c, "scan_data": "040D0C025A"}
    assert 2 not in other.body


def test_many_reports(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    for i in range(1000):
        kernel.event(FOUND, 0, found(f"02:00:00:00:{i // 256:02X}:{i % 256:02X}", 1, -50))
    assert len({report["addr"] for report, _ in reports(tool, 1000)}) == 1000


def test_rounds_without_end(kernel, tool):
    tool.peer.open("hci0")
    began = kernel.expect(START)
    for count in (2, 3):
        kernel.end_round()
        again = kernel.expect(START, count)
        assert 0.9 < again.seconds - began.seconds < 5  # not at once, lest an adapter spin
        began = again
    assert kernel.changes() == [(START, 7)] * 3


def test_another_program_that_discovers(kernel, tool):
    kernel.adapters[0].is_held = True
    tool.peer.open("hci0")
    tool.peer.expect("MESSAGE", lambda frame: "bluetoothd" in frame.body[2])
    kernel.event(FOUND, 0, found(PEER, 1, -40))
    assert reports(tool, 1)[0][0]["addr"] == PEER
    kernel.end_round()
    kernel.expect(START, 2, seconds=3)
    tool.close()
    tool.wait()
    assert kernel.changes() == [(START, 7), (START, 7), (STOP, 7)]


def test_discovery_of_another_is_not_stopped(kernel, tool):
    kernel.adapters[0].is_held = True
    tool.peer.open("hci0")
    tool.close()
    tool.wait()
    assert kernel.changes() == [(START, 7)]


def test_a_start_that_fails_once(kernel, tool):
    kernel.adapters[0].refuses = {START: FAILED}
    tool.peer.open("hci0")
    tool.peer.expect("MESSAGE", lambda frame: "0x03" in frame.body[2])
    kernel.adapters[0].refuses = {}
    kernel.expect(START, 2)
    kernel.event(FOUND, 0, found(PEER, 1, -40))
    reports(tool, 1)


def test_names(kernel, tool):
    tool.peer.open("hci0:names=true")
    kernel.expect(START)
    kernel.event(FOUND, 0, found(PEER, 0, -40, flags=1))
    kernel.event(FOUND, 0, found(PEER, 0, -40, flags=0))
    asked = kernel.expect(CONFIRM_NAME)
    assert asked.parameters == bluetooth_kernel.address(PEER) + b"\0\0"
    reports(tool, 2)
    assert kernel.changes().count((CONFIRM_NAME, 1)) == 1


def test_names_are_not_asked_for_unless_told(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.event(FOUND, 0, found(PEER, 0, -40, flags=1))
    reports(tool, 1)
    assert kernel.changes() == [(START, 7)]


def test_power_that_comes_slowly(kernel, tool):
    kernel.adapters[0].settings = BREDR | LE
    kernel.adapters[0].delays = {SET_POWERED: 1.5}
    began = time.monotonic()
    tool.peer.open("hci0")
    assert time.monotonic() - began < 1.2
    kernel.expect(START)
    tool.close()
    tool.wait()
    assert kernel.adapters[0].settings == BREDR | LE


def test_rfkill(kernel, tool):
    kernel.adapters[0].settings = BREDR
    kernel.adapters[0].refuses = {SET_POWERED: bluetooth_kernel.BLOCKED}
    assert "`rfkill unblock bluetooth`" in refusal(tool)
    assert kernel.changes() == [(SET_LE, 1), (SET_POWERED, 1), (SET_LE, 0)]
    assert kernel.adapters[0].settings == BREDR


def test_a_missing_capability(kernel, tool):
    kernel.adapters[0].refuses = {START: NOT_PERMITTED}
    assert "setcap cap_net_admin+ep" in refusal(tool)


def test_power_that_another_program_gives(kernel, tool):
    kernel.adapters[0].settings = BREDR | LE
    kernel.adapters[0].refuses = {SET_POWERED: BUSY}
    tool.peer.open("hci0")
    tool.peer.expect("MESSAGE", lambda frame: "power of hci0" in frame.body[2])
    kernel.set(BREDR | LE | POWERED)
    kernel.expect(START)
    tool.close()
    tool.wait()
    assert kernel.adapters[0].settings & POWERED  # not ours to switch off


def test_unplugged(kernel, tool):
    kernel.adapters[0].settings = BREDR
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.event(FOUND, 0, found(PEER, 1, -40))
    kernel.remove()
    assert "hci0 is gone: unplugged" in tool.peer.expect("ERROR").body[1]
    assert len(reports(tool, 1)) == 1
    tool.peer.expect_close()
    assert tool.wait() == 1
    assert kernel.changes()[-1] == (START, 7)


def test_another_adapter_that_is_unplugged(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.remove(3)
    kernel.event(FOUND, 0, found(PEER, 1, -40))
    reports(tool, 1)


def test_switched_off_by_another(kernel, tool):
    kernel.adapters[0].settings = POWERED | BREDR
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.set(BREDR | LE)
    assert "switched off" in tool.peer.expect("ERROR").body[1]
    assert tool.wait() == 1
    assert kernel.changes() == [(SET_LE, 1), (START, 7), (STOP, 7), (SET_LE, 0)]


def test_switched_off_and_on_again(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.set(BREDR | LE)
    kernel.end_round()
    kernel.set(POWERED | BREDR | LE)
    kernel.expect(START, 2)
    assert kernel.changes() == [(START, 7)] * 2


@pytest.mark.parametrize("frame", [b"\x12", b"\x12\0\0\0\5\0abc", b"\x12\0\0\0\0\0", bytes(5000)])
def test_frames_that_cannot_be_read(kernel, tool, frame):
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.connections[-1].send(frame)
    kernel.connections[-1].send(frame)
    kernel.event(FOUND, 0, found(PEER, 1, -40))
    reports(tool, 1)
    messages = [frame.body[2] for frame in tool.peer.frames if frame.name == "MESSAGE"]
    assert sum("cannot be read" in message for message in messages) == 1


def test_a_kernel_that_says_no_more(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    kernel.close()
    assert tool.peer.expect("ERROR").body[1].startswith("the kernel tells no more of Bluetooth")
    assert tool.wait() == 1


def test_another_adapter_takes_another_tool(kernel, tool):
    tool.peer.open("hci0")
    kernel.expect(START)
    report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: "hci3:transport=le"})
    assert report.code == 0 and "start another" in report.body[9]
    assert tool.wait() == 1
    kernel.expect(STOP)
    assert [(request.command, request.adapter) for request in kernel.requests
            if request.command in (START, STOP)] == [(START, 0), (STOP, 0)]


@pytest.mark.parametrize("error, words", [
    (errno.EAFNOSUPPORT, "this kernel has no Bluetooth"), (errno.EPROTONOSUPPORT, "no adapters"),
    (errno.EINVAL, "no management interface"), (errno.EPERM, "setcap cap_net_admin+ep"),
    (errno.EACCES, "CAP_NET_ADMIN"), (errno.ENOMEM, "does not let us at Bluetooth")])
def test_a_kernel_without(monkeypatch, error, words):
    monkeypatch.setenv("NORN_PRETENDED_KERNEL", str(error))
    listed = subprocess.run([program(TOOL), "--list"], capture_output=True, text=True, check=False)
    assert listed.returncode == 1
    assert words in listed.stderr
    with LocalTool(TOOL) as tool:
        assert words in refusal(tool)
    with LocalTool(TOOL) as tool:
        assert words in tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: "hci0"}).body[3]
    with LocalTool(TOOL) as tool:
        assert tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: "wlan0"}).body[3] == ""


def test_the_list_for_people(kernel):
    listed = subprocess.run([program(TOOL), "--list"], capture_output=True, text=True, check=True)
    assert listed.stdout.splitlines()[0] == f"hci0  Bluetooth 5.1, {HOME}"
