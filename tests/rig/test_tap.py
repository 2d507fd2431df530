"""Live capture for real: norn listens to a kernel interface that plays captures.

Input: the rig's fake radio, its capture of a simulated network, made-up beacons. Output: records
over HTTP, compared with the same capture read as a file, with what was sent, and with /proc.
"""
import os
import pwd
import signal
import struct
import time

import pytest

import radio as fake
from support import air
from support.formats import same_values
from support.norn import Server, binary, children

CHANNEL = "/packetsource/config/channel.cmd"
STATION, ACCESS_POINT = "02:00:00:00:01:00", "02:00:00:00:00:00"
DROPS = ("norn.datasource.kernel_drops", "norn.datasource.interface_drops",
         "norn.datasource.tool_drops", "norn.datasource.queue_drops")
# What differs between an interface now and a file of some day.
OF_THE_DAY = ("time", "rrd", "seenby", "beacons_sec", "disconnects_last", "kismet.packet.ts_")


def sample():
    return os.path.join(fake.rig(), "samples", "wifi-fixed.pcap")


def frames_of(path):
    """The frames of a little-endian pcap, without their radiotap headers."""
    with open(path, "rb") as file:
        data = file.read()
    at, frames = 24, []
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + length]
        frames.append(frame[struct.unpack_from("<H", frame, 2)[0]:])
        at += 16 + length
    return frames


def source(server, name="air"):
    return next(row for row in server.sources() if row["kismet.datasource.name"] == name)


def wait_running(server, seconds=20):
    return server.wait_for(lambda: (row := source(server))["kismet.datasource.running"] and row,
                           seconds, "running source")


def wait_captured(server, count, seconds=20):
    """Until that many frames were captured or counted as lost; the source's record."""
    def arrived():
        row = source(server)
        total = row["kismet.datasource.num_packets"] + sum(row[name] for name in DROPS)
        return total >= count and row
    return server.wait_for(arrived, seconds, f"{count} frames")


def errors(server):
    return {row["kismet.datasource.name"]: row
            for row in server.json("/datasource/error_sources.json")}


# what is heard
def test_the_air_gives_what_the_file_gives(radio, serve, interface):
    sender = radio(interface, "-w", 1, "-r", 500, "-k", -1, sample())
    server = serve("-c", f"{interface}:name=air,tuner=null")
    row = wait_captured(server, len(frames_of(sample())))
    assert [row[name] for name in DROPS] == [0, 0, 0, 0]
    assert row["kismet.datasource.dlt"] == 127
    assert row["kismet.datasource.capture_interface"] == interface
    assert row["kismet.datasource.num_packets"] == len(frames_of(sample()))
    sender.stop()
    assert sender.sent() == row["kismet.datasource.num_packets"]
    heard = server.devices()
    with Server("-c", sample()) as reader:
        read = reader.wait_replayed().devices()
    assert heard.keys() == read.keys() == {ACCESS_POINT, STATION}
    for address, device in heard.items():
        same_values(device, read[address], OF_THE_DAY)


def test_the_network_is_the_one_that_was_played(radio, serve, interface):
    radio(interface, "-w", 1, "-r", 500, "-k", -1, sample())
    server = serve("-c", f"{interface}:name=air")
    wait_captured(server, len(frames_of(sample())))
    beacons = [frame for frame in frames_of(sample()) if frame[0] == 0x80]
    network = server.wait_for(lambda: server.devices().get(ACCESS_POINT), 5, "access point")
    assert network["kismet.device.base.name"] == "rig-ap"
    assert network["kismet.device.base.type"] == "Wi-Fi AP"
    assert network["kismet.device.base.channel"] == "6"
    assert "WPA2-PSK" in network["kismet.device.base.crypt"]
    ssids = network["dot11.device"]["dot11.device.advertised_ssid_map"]
    ssids = list(ssids.values()) if isinstance(ssids, dict) else ssids
    assert [ssid["dot11.advertisedssid.ssid"] for ssid in ssids] == ["rig-ap"]
    assert 1 <= len(beacons) < len(frames_of(sample()))
    now = time.time()
    assert now - 60 < network["kismet.device.base.first_time"] <= now + 1
    seen = server.json(f"/devices/views/seenby-uuid/{source(server)['kismet.datasource.uuid']}"
                       "/devices.json")
    assert len(seen) == 2


def test_bare_frames_without_a_radio_header(radio, serve, interface, tmp_path):
    scene = air.Scene(linktype=air.DLT_80211)
    network = air.AccessPoint("00:13:10:aa:00:01", "bare", 11)
    for _ in range(5):
        scene.add(air.beacon(network))
    file = scene.write_pcap(tmp_path / "bare.pcap")
    radio(interface, "-w", 1, "-r", 500, "-k", -1, file)
    server = serve("-c", f"{interface}:name=air")
    row = wait_captured(server, 5)
    assert row["kismet.datasource.dlt"] == 105
    device = server.wait_for(lambda: server.devices().get("00:13:10:AA:00:01"), 5, "device")
    assert device["kismet.device.base.name"] == "bare"
    assert device["kismet.device.base.channel"] == "11"
    assert device["kismet.device.base.packets.total"] == 5


@pytest.mark.parametrize("kind,words", [("ether", "monitor mode"), ("802154", "IEEE802_15_4")])
def test_other_link_types_are_counted_and_named(radio, serve, interface, kind, words):
    radio(interface, "-t", kind, "-g", 10, "-w", 1, "-r", 500, "-k", -1)
    server = serve("-c", f"{interface}:name=air")
    row = wait_captured(server, 10)
    assert row["norn.datasource.unsupported_packets"] == row["kismet.datasource.num_packets"]
    assert words in row["kismet.datasource.warning"]
    assert row["kismet.datasource.running"] == 1
    assert server.devices() == {}


# nothing lost that is not counted
def test_nothing_is_lost_at_an_ordinary_rate(radio, serve, interface):
    sender = radio(interface, "-w", 1, "-g", 200, "-z", 250, "-l", 0, "-r", 2000, "-d", 3, "-k", 4)
    server = serve("-c", f"{interface}:name=air")
    sent = sender.sent()
    row = wait_captured(server, sent)
    assert row["kismet.datasource.num_packets"] == sent
    assert [row[name] for name in DROPS] == [0, 0, 0, 0]
    assert len(server.devices()) == 200


def stall(pid, seconds):
    """Stops a process for a while."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("who", ["capture tool", "server"])
def test_captured_and_dropped_make_up_what_was_sent(radio, serve, interface, who):
    """Whoever sleeps, the kernel's ring overflows, and each frame is captured or counted."""
    sender = radio(interface, "-w", 1, "-g", 500, "-z", 250, "-l", 0, "-r", 50000, "-d", 4,
                   "-k", 6)
    server = serve("-c", f"{interface}:name=air")
    child = wait_running(server)["kismet.datasource.ipc_pid"]
    wait_captured(server, 1000)
    stall(child if who == "capture tool" else server.process.pid, 3)
    sent = sender.sent()
    row = wait_captured(server, sent)
    lost = sum(row[name] for name in DROPS)
    assert row["kismet.datasource.num_packets"] + lost == sent
    assert row["norn.datasource.kernel_drops"] > 0
    server.wait_for(lambda: [row for row in server.json("/alerts/all_alerts.json")
                             if row["kismet.alert.header"] == "PACKETLOST"], 5, "PACKETLOST")
    assert len(server.devices()) == 500


# commands
def test_lock_and_hop_show_in_the_records(radio, serve, interface):
    radio(interface, "-g", 5, "-l", 0, "-r", 50, "-k", -1)
    server = serve("-c", f"{interface}:name=air,tuner=null")
    row = wait_running(server)
    uuid = row["kismet.datasource.uuid"]
    assert row["kismet.datasource.hopping"] == 1
    answer = server.command(CHANNEL, {"cmd": "lock", "uuid": uuid, "channel": "6"})
    assert answer.status_code == 200, answer.text
    locked = server.wait_for(lambda: (row := source(server))["kismet.datasource.channel"] == "6"
                             and row, 5, "channel 6")
    assert locked["kismet.datasource.hopping"] == 0
    old = server.json("/packetsource/all_sources.json")[0]
    assert (old["kismet.oldsource.channel"], old["kismet.oldsource.hopping"]) == ("6", 0)
    answer = server.command(CHANNEL, {"cmd": "hop", "uuid": uuid})
    assert answer.status_code == 200, answer.text
    server.wait_for(lambda: source(server)["kismet.datasource.hopping"] == 1, 5, "hopping")
    assert server.json("/packetsource/all_sources.json")[0]["kismet.oldsource.hopping"] == 1
    before = source(server)["kismet.datasource.num_packets"]
    wait_captured(server, before + 10)


def test_a_source_that_cannot_tune_says_so(radio, serve, interface):
    radio(interface, "-k", -1, "-g", 1)
    server = serve("-c", f"{interface}:name=air")
    uuid = wait_running(server)["kismet.datasource.uuid"]
    answer = server.command(CHANNEL, {"cmd": "lock", "uuid": uuid, "channel": "6"})
    assert answer.status_code == 400
    assert "tune" in answer.text


def test_close_lets_the_interface_go_and_open_takes_it_again(radio, serve, interface):
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    server = serve("-c", f"{interface}:name=air")
    row = wait_running(server)
    base = f"/datasource/by-uuid/{row['kismet.datasource.uuid']}/"
    child = row["kismet.datasource.ipc_pid"]
    assert server.get(base + "close_source.cmd", login=True).status_code == 200
    server.wait_for(lambda: not os.path.exists(f"/proc/{child}"), 5, "end of the capture tool")
    assert source(server)["kismet.datasource.running"] == 0
    assert server.get(base + "open_source.cmd", login=True).status_code == 200
    row = wait_running(server)
    assert row["kismet.datasource.ipc_pid"] not in (0, child)
    wait_captured(server, row["kismet.datasource.num_packets"] + 10)


def test_a_source_can_be_added_while_running(radio, serve, interface):
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    server = serve()
    names = [row["kismet.datasource.probed.interface"]
             for row in server.json("/datasource/list_interfaces.json", login=True)]
    assert interface in names
    answer = server.command("/datasource/add_source.cmd", {"definition": f"{interface}:name=air"})
    assert answer.status_code == 200, answer.text
    wait_captured(server, 10)


# going and coming back
def test_an_interface_that_goes_is_an_error_until_it_is_back(radio, serve, interface):
    first = radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    server = serve("-c", f"{interface}:name=air,tuner=null")
    before = wait_captured(server, 20)
    assert errors(server) == {}
    first.stop()
    row = server.wait_for(lambda: errors(server).get("air"), 10, "source in error")
    assert "disappeared" in row["kismet.datasource.error_reason"]
    assert row["kismet.datasource.running"] == 0
    assert row["kismet.datasource.error"] == 1
    assert row["kismet.datasource.ipc_pid"] == 0
    assert len(server.devices()) == 5
    radio(interface, "-g", 7, "-l", 0, "-r", 200, "-k", -1)
    row = wait_running(server)
    assert errors(server) == {}
    assert row["kismet.datasource.uuid"] == before["kismet.datasource.uuid"]
    assert row["kismet.datasource.error_reason"] == ""
    assert row["kismet.datasource.total_retry_attempts"] >= 1
    server.wait_for(lambda: len(server.devices()) == 7, 10, "new devices")


def test_an_interface_may_come_after_the_server(radio, serve, interface):
    server = serve("-c", f"{interface}:name=air")
    row = server.wait_for(lambda: errors(server).get("air"), 10, "source in error")
    assert interface in row["kismet.datasource.error_reason"]
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    wait_running(server)
    wait_captured(server, 10)
    assert errors(server) == {}


# rights
def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def assert_nobody(pid):
    """All four user and group ids are nobody's, there are no other groups and no capabilities."""
    status, nobody = status_of(pid), pwd.getpwnam("nobody")
    assert status["Uid"].split() == [str(nobody.pw_uid)] * 4
    assert status["Gid"].split() == [str(nobody.pw_gid)] * 4
    assert status["Groups"].split() in ([], [str(nobody.pw_gid)])
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[kind], 16) == 0, kind


def test_only_the_launcher_is_root(radio, serve, interface):
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    server = serve("-c", f"{interface}:name=air")
    child = wait_running(server)["kismet.datasource.ipc_pid"]
    wait_captured(server, 10)
    assert_nobody(server.process.pid)
    assert_nobody(child)
    launcher, = children(server.process.pid)
    assert status_of(launcher)["Uid"].split() == ["0"] * 4
    assert children(launcher) == [child]


def test_two_capabilities_are_all_it_takes(radio, serve, interface, tmp_path, monkeypatch):
    """As the service is started: an account of its own, nothing to be gained."""
    wrapper, home, account = tmp_path / "norn", tmp_path / "home", 4321
    sets = " ".join(f"--{kind}=-all,+net_admin,+net_raw"
                    for kind in ("inh-caps", "ambient-caps", "bounding-set"))
    wrapper.write_text(f"#!/bin/sh\nexec setpriv --reuid {account} --regid {account} {sets} "
                       f"--clear-groups --no-new-privs {binary()} \"$@\"\n")
    wrapper.chmod(0o755)
    home.mkdir()
    os.chown(home, account, account)
    monkeypatch.setenv("NORN_BIN", str(wrapper))
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    server = serve("-c", f"{interface}:name=air", home=str(home), login=False)
    server.wait_for(server.devices, 10, "devices")
    assert len(server.devices()) == 5
    status = status_of(server.process.pid)
    assert status["Uid"].split() == [str(account)] * 4
    assert int(status["CapPrm"], 16) == 0


def test_nothing_is_left_of_a_server_that_was_killed(radio, interface):
    radio(interface, "-g", 5, "-l", 0, "-r", 200, "-k", -1)
    with Server("-c", f"{interface}:name=air") as server:
        child = wait_running(server)["kismet.datasource.ipc_pid"]
        helpers = [child, *children(server.process.pid)]
        server.process.kill()
        server.process.wait()
        server.stopped = True
        until = time.monotonic() + 5
        while any(map(is_there, helpers)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(map(is_there, helpers))


def is_there(pid):
    """Whether a process runs (one that ended and that nobody fetched yet does not)."""
    try:
        return not status_of(pid)["State"].startswith("Z")
    except (FileNotFoundError, ProcessLookupError):
        return False


# what is not heard
def test_a_radio_that_delivers_nothing_raises_an_alert(radio, serve, interface, tmp_path):
    """The interface is up and open, but silent: nobody may take that for quiet air."""
    capture = air.Scene().add(air.beacon(air.AccessPoint("00:13:10:aa:00:01", "late", 6)))
    radio(interface, "-w", 5, "-r", 1, "-k", -1, capture.write_pcap(tmp_path / "late.pcap"))
    server = serve("-c", f"{interface}:name=air", "--set", "source_deaf_timeout=2")
    wait_running(server)

    def alert(name):
        return next((row for row in server.json("/alerts/all_alerts.json") if
                     row["kismet.alert.header"] == name and "norn.alert.datasource" in row), None)
    error = server.wait_for(lambda: alert("SOURCEERROR"), 10, "SOURCEERROR")
    assert "delivers nothing" in error["kismet.alert.text"]
    assert error["norn.alert.datasource"] == source(server)["kismet.datasource.uuid"]
    server.wait_for(lambda: alert("SOURCEOPEN"), 10, "SOURCEOPEN")
