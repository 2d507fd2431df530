"""norn_cap_linux_wifi with radios: Linux's simulated ones (mac80211_hwsim), in the virtual machine
that tests/rig/guest.sh starts. Two access points on two channels, a radio to listen with, and one
for what stands in its way.

Input: /rig/lab.sh of the virtual machine. Output: what the tool says, hears, and leaves behind.
"""
import os
import re
import shutil
import signal
import struct
import subprocess
import time

import pytest

from guest_lab import interfaces, is_up, lab, run
from support.tool_peer import LocalTool, program

TOOL = "norn_cap_linux_wifi"
NEAR, FAR = "02:00:00:00:00:00", "02:00:00:00:01:00"  # the access points, on 6 and on 11
RADIO, OTHER = "wlan2", "wlan3"
INFO = 2


@pytest.fixture(scope="session", autouse=True)
def air():
    """The radios and the access points."""
    if not os.path.exists("/rig/lab.sh"):
        pytest.fail("runs in the virtual machine: make rig")
    print(lab("wifi_radios 4 && ap_up wlan0 near 6 open && ap_up wlan1 far 11 open"))


def state():
    """All that a capture could leave changed, but for channels nobody had set."""
    return {name: (facts["type"], is_up(name)) for name, facts in interfaces().items()}


@pytest.fixture(autouse=True)
def as_found(air):
    """Every test leaves the radios as it found them."""
    before = state()
    yield
    end = time.monotonic() + 10
    while state() != before and time.monotonic() < end:
        time.sleep(0.2)
    assert state() == before


def beacons(peer):
    """How many of each access point were heard, per channel of the radio as radiotap says."""
    heard = {}
    for frame in peer.packets():
        content = frame.body.get(4, {}).get(6, b"")
        header = struct.unpack_from("<H", content, 2)[0] if len(content) > 4 else 0
        if content[header:header + 1] == b"\x80":
            address = content[header + 16:header + 22].hex(":")
            heard[address] = heard.get(address, 0) + 1
    return heard


def hear(peer, address, count=3, seconds=60):
    end = time.monotonic() + seconds
    while beacons(peer).get(address, 0) < count:
        assert time.monotonic() < end, beacons(peer)
        peer.pump(0.5)


def configure(tool, body):
    return tool.peer.ask("CONFIGREQ", "CONFIGREPORT", body)


def said(peer):
    return " ".join(frame.body[2] for frame in peer.frames
                    if frame.name == "MESSAGE" and frame.body[1] == INFO)


def open_refused(definition):
    with LocalTool(TOOL) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition})
        assert report.code == 0, report
        tool.peer.expect_close()
        assert tool.wait() == 1
        return report.body[9]


# looking
def test_list():
    rows = run(program(TOOL), "--list").splitlines()
    assert {f"wlan{number}  mac80211_hwsim" for number in range(4)} < set(rows)
    with LocalTool(TOOL) as tool:
        report = tool.peer.ask("LISTREQ", "LISTREPORT")
        assert {1: RADIO, 3: "mac80211_hwsim"} in report.body[2]


def test_probe():
    with LocalTool(TOOL) as tool:
        report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: RADIO})
        assert report.code == 1
        interface = report.body[2]
        assert interface[3] == "mac80211_hwsim" and interface[4] == RADIO
        assert {"1", "6HT40+", "6HT40-", "36", "36HT40+", "36VHT80", "36VHT160"} < set(interface[6])
        assert not {"165HT40-", "140HT40-", "1W6e"} & set(interface[6])  # not to be had here
    with LocalTool(TOOL) as tool:
        report = tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: f"{RADIO}:band5ghz=true"})
        assert "36" in report.body[2][6] and "1" not in report.body[2][6]


# a monitor interface beside the interface
@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize("end", ["hang up", "terminate", "kill"])
def test_monitor_interface_comes_and_goes(up, end):
    if up:
        run("ip", "link", "set", RADIO, "up")
    with LocalTool(TOOL) as tool:
        body = tool.peer.open(RADIO)
        assert body[2] == 127 and body[3] == f"{RADIO}mon" and body[7] == "mac80211_hwsim"
        assert body[8] == "5FE308BD-0000-0000-0000-020000000200"
        assert interfaces()[f"{RADIO}mon"]["type"] == "monitor"
        assert is_up(f"{RADIO}mon") and not is_up(RADIO)
        if end == "hang up":
            tool.close()
        else:
            tool.process.send_signal(signal.SIGTERM if end == "terminate" else signal.SIGKILL)
        assert tool.wait() == (-signal.SIGKILL if end == "kill" else 0)
    if end == "kill":  # the kernel removes what was made; nobody is left to do the rest
        time.sleep(1)
    else:
        assert is_up(RADIO) == up
    assert f"{RADIO}mon" not in interfaces()
    run("ip", "link", "set", RADIO, "down")


def test_lock():
    with LocalTool(TOOL) as tool:
        tool.peer.open(RADIO)
        assert configure(tool, {1: "6"}).code == 1
        hear(tool.peer, NEAR)
        assert configure(tool, {1: "11"}).code == 1
        tool.peer.listen(1)
        tool.peer.frames.clear()
        hear(tool.peer, FAR)
        assert set(beacons(tool.peer)) == {FAR}


def test_channel_of_the_definition():
    with LocalTool(TOOL) as tool:
        assert tool.peer.open(f"{RADIO}:channel=11")[5] in ("11", "11HT20")
        hear(tool.peer, FAR)
        assert set(beacons(tool.peer)) == {FAR}


def test_hopping_hears_both():
    channels = ["1", "6", "11", "36VHT80"]
    with LocalTool(TOOL) as tool:
        tool.peer.open(RADIO)
        report = configure(tool, {2: {1: 5.0, 2: True, 5: channels}})
        assert report.code == 1 and report.body[3][5] == channels
        hear(tool.peer, NEAR)
        hear(tool.peer, FAR)
        tool.peer.listen(3)
        dwells = [dwell for frame in tool.peer.packets() for dwell in frame.body.get(33, [])]
        order = [dwell[1] for dwell in dwells if dwell.get(3)]
        assert set(order) >= set(channels)
        assert not any(dwell.get(4) for dwell in dwells)


def test_bands_to_hop_in():
    with LocalTool(TOOL) as tool:
        body = tool.peer.open(f"{RADIO}:hop_bands=5")
        assert "1" in body[4]  # it can be tuned there
        report = configure(tool, {2: {1: 5.0}})
        assert report.code == 1
        numbers = [int(re.match(r"\d+", text)[0]) for text in body[4]]
        assert report.body[3][5] == body[4][numbers.index(36):]
        assert configure(tool, {1: "1"}).code == 1


@pytest.mark.parametrize("channel,words", [
    ("1", "channel 1 "), ("1HT20", "width: 20 MHz"), ("6HT40+", "width: 40 MHz, center1: 2447"),
    ("6HT40-", "width: 40 MHz, center1: 2427"), ("44VHT80", "width: 80 MHz, center1: 5210"),
    ("36VHT160", "width: 160 MHz, center1: 5250"), ("36HE80", "width: 80 MHz, center1: 5210"),
    ("2437", "channel 6 ")])
def test_widths(channel, words):
    with LocalTool(TOOL) as tool:
        tool.peer.open(RADIO)
        report = configure(tool, {1: channel})
        assert report.code == 1, report
        assert words in "channel " + interfaces()[f"{RADIO}mon"]["channel"]


def test_bad_frames_are_a_flag():
    with LocalTool(TOOL) as tool:
        tool.peer.open(f"{RADIO}:fcsfail=true,plcpfail=true")
        assert interfaces()[f"{RADIO}mon"]["type"] == "monitor"


# other ways to a monitor interface
def test_mode_of_the_interface_itself():
    run("ip", "link", "set", RADIO, "up")
    with LocalTool(TOOL) as tool:
        assert tool.peer.open(f"{RADIO}:vif={RADIO},channel=6")[3] == RADIO
        assert interfaces()[RADIO]["type"] == "monitor"
        hear(tool.peer, NEAR)
        tool.process.terminate()
        assert tool.wait() == 0
    assert interfaces()[RADIO]["type"] == "managed" and is_up(RADIO)
    run("ip", "link", "set", RADIO, "down")


def test_names_of_monitor_interfaces():
    with LocalTool(TOOL) as tool:
        assert tool.peer.open(f"{RADIO}:vif=roof")[3] == "roof"
    assert "no monitor interface of this radio" in open_refused(f"{RADIO}:vif=wlan0")
    assert "up to 15 letters" in open_refused(f"{RADIO}:vif=a-name-that-is-too-long")
    run("ip", "link", "add", f"{RADIO}mon", "type", "dummy")
    with LocalTool(TOOL) as tool:
        assert tool.peer.open(RADIO)[3] == "kismon0"
    run("ip", "link", "del", f"{RADIO}mon")


@pytest.mark.parametrize("definition", [RADIO, "mon7"])
def test_monitor_interface_that_was_there(definition):
    run("iw", "dev", RADIO, "interface", "add", "mon7", "type", "monitor")
    run("ip", "link", "set", "mon7", "up")
    run("iw", "dev", "mon7", "set", "channel", "3")
    with LocalTool(TOOL) as tool:
        assert tool.peer.open(definition)[3] == "mon7"
        assert configure(tool, {1: "6"}).code == 1
        hear(tool.peer, NEAR)
        tool.close()
        assert tool.wait() == 0
    assert is_up("mon7") and interfaces()["mon7"]["channel"].startswith("3 ")
    run("iw", "dev", "mon7", "del")


def test_radio_without_an_interface():
    phy = interfaces()[OTHER]["phy"]
    run("iw", "dev", OTHER, "del")
    try:
        assert phy in run(program(TOOL), "--list").split()
        with LocalTool(TOOL) as tool:
            assert tool.peer.open(f"{phy}:channel=6")[3] == f"{phy}mon"
            hear(tool.peer, NEAR)
    finally:
        run("iw", "phy", phy, "interface", "add", OTHER, "type", "managed")


def test_device_that_is_no_radio_of_nl80211():
    with LocalTool(TOOL) as tool:
        assert tool.peer.open("hwsim0")[2] == 127
        assert "cannot be tuned" in configure(tool, {1: "6"}).body[4]
        hear(tool.peer, NEAR)
        hear(tool.peer, FAR)
        tool.close()
        assert tool.wait() == 0
    assert not is_up("hwsim0")


# obstacles
def test_unknown_interface():
    text = open_refused("wlan9")
    assert text.startswith("there is no network interface wlan9: did you mean wlan")


def test_radio_that_is_switched_off():
    phy = interfaces()[RADIO]["phy"]
    folder = f"/sys/class/ieee80211/{phy}"
    switch, = [f"{folder}/{name}/soft" for name in os.listdir(folder) if name.startswith("rfkill")]
    with open(switch, "w", encoding="ascii") as file:
        file.write("1")
    try:
        text = open_refused(RADIO)
        assert text == (f"cannot bring up {RADIO}: the radio is turned off (rfkill): rfkill "
                        "unblock wifi")
    finally:
        with open(switch, "w", encoding="ascii") as file:
            file.write("0")


def test_interface_in_the_way_and_who_holds_it():
    run("iw", "dev", RADIO, "interface", "add", "wlan2b", "type", "managed")
    run("ip", "link", "set", "wlan2b", "up")
    with open("/run/wpa.conf", "w", encoding="ascii") as file:
        file.write("network={\n ssid=\"nowhere\"\n key_mgmt=NONE\n}\n")
    run("wpa_supplicant", "-B", "-Dnl80211", "-iwlan2b", "-c/run/wpa.conf", "-P/run/wpa.pid")
    try:
        with LocalTool(TOOL) as tool:
            tool.peer.open(RADIO)
            report = configure(tool, {1: "6"})
            assert report.code == 0
            with open("/run/wpa.pid", encoding="ascii") as file:
                process = file.read().strip()
            words = (f"cannot tune {RADIO}mon: the radio is in use by its interface wlan2b (ip "
                     f"link set wlan2b down). wpa_supplicant (process {process}) manages wlan2b; "
                     "to release it: wpa_cli -i wlan2b terminate")
            assert report.body[4].startswith(words)
            assert words in said(tool.peer)
            run("kill", process)
            run("ip", "link", "set", "wlan2b", "down")
            assert configure(tool, {1: "6"}).code == 1
    finally:
        run("pkill", "-F", "/run/wpa.pid", check=False)
        run("iw", "dev", "wlan2b", "del")


def test_network_manager_is_named():
    """Not the real one: a process of its name, and the file that it writes."""
    run("mkdir", "-p", "/run/NetworkManager/devices")
    shutil.copy(shutil.which("sleep"), "/run/NetworkManager/NetworkManager")
    with open(f"/sys/class/net/{RADIO}/ifindex", encoding="ascii") as file:
        index = file.read().strip()
    with open(f"/run/NetworkManager/devices/{index}", "w", encoding="ascii") as file:
        file.write("[device]\nmanaged=true\n")
    with subprocess.Popen(["/run/NetworkManager/NetworkManager", "600"]) as manager:
        with LocalTool(TOOL) as tool:
            tool.peer.open(RADIO)
            tool.peer.listen(1)
            assert (f"NetworkManager (process {manager.pid}) manages {RADIO}; to release it: nmcli "
                    f"device set {RADIO} managed no") in said(tool.peer)
        manager.kill()
    shutil.rmtree("/run/NetworkManager")


def test_regulatory_domain_that_forbids():
    run("iw", "reg", "set", "US")
    try:
        with LocalTool(TOOL) as tool:
            body = tool.peer.open(RADIO)
            assert "13" not in body[4] and "11" in body[4]
            report = configure(tool, {1: "13"})
            assert report.code == 0
            assert "channel 13 (2472 MHz): the regulatory domain US forbids it" in report.body[4]
            report = configure(tool, {2: {1: 20.0, 5: ["1", "13", "6"]}})
            assert report.code == 1
            left = tool.peer.expect("CONFIGREPORT")  # nobody asked for it
            assert left.sequence == 0 and left.body[3][5] == ["1", "6"]
            assert "no such channel" in configure(tool, {1: "34"}).body[4]
    finally:
        run("iw", "reg", "set", "00")


def as_nobody(folder, *capabilities):
    """A program that runs the tool as nobody with these file capabilities."""
    tool, script = f"{folder}/{TOOL}", f"{folder}/start"
    shutil.copy(program(TOOL), tool)
    if capabilities:
        bits = sum(1 << number for number in capabilities)
        os.setxattr(tool, "security.capability", struct.pack("<5I", 0x02000001, bits, 0, 0, 0))
    with open(script, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups "
                   f"{tool} \"$@\"\n")
    os.chmod(script, 0o755)
    return script


@pytest.fixture
def folder():
    os.makedirs("/run/tool", exist_ok=True)
    yield "/run/tool"
    shutil.rmtree("/run/tool")


def test_missing_rights(folder):
    with LocalTool(as_nobody(folder)) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: RADIO})
        assert report.code == 0
        assert report.body[9].startswith(f"cannot make a monitor interface for {RADIO}: it needs "
                                         "CAP_NET_ADMIN and CAP_NET_RAW: start it as root, or")


def test_file_capabilities_are_enough(folder):
    run("ip", "link", "set", RADIO, "up")
    with LocalTool(as_nobody(folder, 12, 13)) as tool:
        tool.peer.open(RADIO)
        with open(f"/proc/{tool.process.pid}/status", encoding="ascii") as file:
            assert re.search(r"^CapEff:\t0*1000$", file.read(), re.M)  # CAP_NET_ADMIN
        assert configure(tool, {1: "6"}).code == 1
        hear(tool.peer, NEAR)
        tool.close()
        assert tool.wait() == 0
    assert is_up(RADIO)
    run("ip", "link", "set", RADIO, "down")


def test_monitor_interface_that_is_taken_down():
    with LocalTool(TOOL) as tool:
        tool.peer.open(RADIO)
        run("ip", "link", "set", f"{RADIO}mon", "down")
        assert tool.peer.expect("ERROR").body[1].startswith(f"{RADIO}mon was taken down")


def test_radio_that_is_unplugged(request):
    """The last one here: the radios are gone after it."""
    ours = [item.name for item in request.session.items if item.module is request.module]
    assert request.node.name == ours[-1]
    with LocalTool(TOOL) as tool:
        tool.peer.open(RADIO)
        run("pkill", "hostapd")
        run("rmmod", "mac80211_hwsim")
        assert tool.peer.expect("ERROR").body[1].startswith(f"{RADIO}mon disappeared")
        tool.peer.expect_close()
        assert tool.wait() == 1
    lab("wifi_radios 4 && ap_up wlan0 near 6 open && ap_up wlan1 far 11 open")
