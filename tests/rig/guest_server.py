"""norn with radios: the server as it is shipped, its capture tool, a protected access point and its
station, all of Linux's simulated ones, in the virtual machine that tests/rig/guest.sh starts. The
tests go in the order in which they stand: the last ones take the radio away.

Input: /rig/lab.sh of the virtual machine. Output: what norn says, and what the radios did.
"""
import os
import subprocess
import time

import pytest

from guest_lab import interfaces, is_up, lab, run
from support.norn import Server

HOME, OTHER = "02:00:00:00:00:00", "02:00:00:00:01:00"  # access points on 6, protected, and on 11
EAR, STATION = "wlan2", "02:00:00:00:03:00"
MONITOR = EAR + "mon"
UUID = "5FE308BD-0000-0000-0000-020000000200"
TRUTH = "/run/truth.pcap"  # every frame on every channel, as the simulator saw them
CHANNELS = ["1", "6", "11", "36"]
SECONDS = 60  # of patience: everything is emulated


def make_air():
    lab("wifi_radios 4 && ap_up wlan0 'norn home' 6 wpa2 && ap_up wlan1 other 11 open")


@pytest.fixture(scope="module", autouse=True)
def air():
    if not os.path.exists("/rig/lab.sh"):
        pytest.fail("runs in the virtual machine: make rig")
    run("ip", "link", "set", "lo", "up")
    run("pkill", "hostapd", check=False)
    run("rmmod", "mac80211_hwsim", check=False)
    make_air()
    run("ip", "link", "set", "hwsim0", "up")


@pytest.fixture(scope="module")
def truth(air):
    """The simulator's own account, from here on."""
    with subprocess.Popen(["tcpdump", "-i", "hwsim0", "-Z", "root", "-U", "-w", TRUTH],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as listener:
        while "listening on" not in listener.stderr.readline():
            assert listener.poll() is None
        yield listener
        listener.terminate()


@pytest.fixture(scope="module")
def server(truth):
    with Server("-c", f"{EAR}:name=ear,channel=6,hop=false") as started:
        wait_running(started)
        yield started


def source(server):
    return next(row for row in server.sources() if row["kismet.datasource.name"] == "ear")


def wait_running(server):
    server.wait_for(lambda: source(server)["kismet.datasource.running"], SECONDS, "running")


def tuned(server, channel):
    """Until the radio itself is there, as the kernel says."""
    server.wait_for(lambda: interfaces()[MONITOR].get("channel", "").startswith(channel + " "),
                    SECONDS, f"the radio on channel {channel}")


def packets(server):
    return source(server)["kismet.datasource.num_packets"]


def device(server, address):
    found = server.json(f"/devices/by-mac/{address}/devices.json", login=True)
    return found[0] if found else {}


def command(server, path, body):
    answer = server.command(path, body)
    assert answer.status_code == 200, answer.text


def of_source(server, word, body=None):
    command(server, f"/datasource/by-uuid/{UUID}/{word}.cmd", body or {})


def coverage(server):
    return server.json(f"/datasource/by-uuid/{UUID}/coverage.json?window=3600", login=True)


def ledger(server):
    """Seconds listened to each channel, and visits to it."""
    name = "norn.coverage.channel."
    return {row[name + "name"]: (row[name + "listened"], row[name + "visits"])
            for row in coverage(server)["norn.coverage.source.channels"]}


def test_the_radio_is_listed_and_in_use(server):
    def listed():
        rows = server.json("/datasource/list_interfaces.json", login=True)
        return next((row for row in rows if row["kismet.datasource.probed.interface"] == EAR), None)
    found = server.wait_for(listed, SECONDS, "the radio in the list")
    assert found["kismet.datasource.probed.hardware"] == "mac80211_hwsim"
    assert found["kismet.datasource.probed.in_use_uuid"] == UUID
    row = source(server)
    assert row["kismet.datasource.uuid"] == UUID
    assert row["kismet.datasource.capture_interface"] == MONITOR
    assert row["kismet.datasource.type_driver"]["kismet.datasource.driver.type"] == "linuxwifi"
    assert {"1", "6HT40+", "36", "36VHT80"} < set(row["kismet.datasource.channels"])


def test_the_tool_keeps_one_right_and_is_filtered(server):
    with open(f"/proc/{source(server)['kismet.datasource.ipc_pid']}/status",
              encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 1 << 12  # CAP_NET_ADMIN
    assert status["Uid"].split() == ["65534"] * 4
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"


def test_the_definition_chose_the_channel(server):
    tuned(server, "6")
    server.wait_for(lambda: device(server, HOME), SECONDS, "the access point")
    assert device(server, HOME)["kismet.device.base.name"] == "norn home"


def test_a_handshake_is_seen(server):
    lab("sta_up wlan3 'norn home' wpa2 2437")

    def handshake():
        keys = device(server, HOME)["dot11.device"].get("dot11.device.wpa_handshake_list", {})
        return {key["dot11.eapol.message_num"] for key in keys.get(STATION, [])} >= {1, 2, 3, 4}
    server.wait_for(handshake, SECONDS, "all four messages")
    assert device(server, STATION)["kismet.device.base.type"] == "Wi-Fi Client"


def test_lock_as_the_old_api_says(server):
    command(server, "/packetsource/config/channel.cmd",
            {"cmd": "lock", "uuid": UUID, "channel": "11"})
    tuned(server, "11")
    before = device(server, OTHER).get("kismet.device.base.packets.total", 0)
    server.wait_for(lambda: device(server, OTHER).get("kismet.device.base.packets.total", 0)
                    > before + 3, SECONDS, "the other access point")


def test_a_wider_channel(server):
    of_source(server, "set_channel", {"channel": "36VHT80"})
    tuned(server, "36")
    assert "width: 80 MHz" in interfaces()[MONITOR]["channel"]
    assert source(server)["kismet.datasource.channel"] == "36VHT80"


def test_a_channel_that_is_none(server):
    answer = server.command(f"/datasource/by-uuid/{UUID}/set_channel.cmd", {"channel": "34"})
    assert answer.status_code >= 400 and "no such channel" in answer.text
    assert source(server)["kismet.datasource.channel"] == "36VHT80"


def test_hopping_is_proved_by_the_ledger(server):
    """Each channel's share of the time, as the tool measured it, and both access points."""
    of_source(server, "set_channel", {"channels": CHANNELS, "rate": 5})
    server.wait_for(lambda: set(CHANNELS) <= set(ledger(server)), SECONDS, "all channels")
    before, began = ledger(server), time.monotonic()
    refused = coverage(server)["norn.coverage.source.refused"]
    heard = {address: device(server, address)["kismet.device.base.packets.total"]
             for address in (HOME, OTHER)}
    time.sleep(30)
    now, took = ledger(server), time.monotonic() - began
    shares = [(now[name][0] - before[name][0]) / took for name in CHANNELS]
    assert sum(shares) > 0.85, shares
    assert min(shares) > 0.15 and max(shares) < 0.35, shares
    assert min(now[name][1] - before[name][1] for name in CHANNELS) > 0.8 * 5 * 30 / len(CHANNELS)
    assert coverage(server)["norn.coverage.source.refused"] == refused
    for address in (HOME, OTHER):
        assert device(server, address)["kismet.device.base.packets.total"] > heard[address]


def test_hop_as_the_old_api_says(server):
    command(server, "/packetsource/config/channel.cmd",
            {"cmd": "lock", "uuid": UUID, "channel": "6"})
    tuned(server, "6")
    command(server, "/packetsource/config/channel.cmd", {"cmd": "hop", "uuid": UUID})
    server.wait_for(lambda: not interfaces()[MONITOR].get("channel", "").startswith("6 "), SECONDS,
                    "another channel")
    assert source(server)["kismet.datasource.hopping"] == 1
    of_source(server, "set_channel", {"channel": "6"})
    of_source(server, "set_hop")
    assert source(server)["kismet.datasource.hopping"] == 1


def test_pause_and_resume(server):
    of_source(server, "set_channel", {"channel": "6"})
    of_source(server, "pause_source")
    time.sleep(1)
    before = packets(server)
    time.sleep(2)
    assert packets(server) == before
    of_source(server, "resume_source")
    server.wait_for(lambda: packets(server) > before, SECONDS, "packets again")


def test_close_leaves_the_radio_as_it_was(server):
    of_source(server, "close_source")
    server.wait_for(lambda: MONITOR not in interfaces(), SECONDS, "the monitor interface to go")
    assert interfaces()[EAR]["type"] == "managed" and not is_up(EAR)
    of_source(server, "open_source")
    wait_running(server)
    tuned(server, "6")


def test_nothing_was_sent(server, truth):
    """Not by the interfaces' counts, and not in the simulator's account of the air."""
    for name in (EAR, MONITOR):
        with open(f"/sys/class/net/{name}/statistics/tx_packets", encoding="ascii") as file:
            assert int(file.read()) == 0, name
    senders = run("tcpdump", "-e", "-n", "-r", TRUTH)
    assert senders.count("SA:" + HOME) > 100  # the account is one
    assert "02:00:00:00:02:00" not in senders


def test_a_radio_that_is_removed_and_returns(server):
    run("pkill", "hostapd")
    run("pkill", "wpa_supplicant", check=False)
    run("rmmod", "mac80211_hwsim")
    server.wait_for(lambda: source(server)["kismet.datasource.error"], SECONDS, "the loss")
    assert "disappeared" in source(server)["kismet.datasource.error_reason"]
    before = packets(server)
    time.sleep(3)
    make_air()
    server.wait_for(lambda: packets(server) > before, 2 * SECONDS, "packets again")
    tuned(server, "6")
    assert coverage(server)["norn.coverage.source.gap.error"] >= 3
    assert source(server)["kismet.datasource.total_retry_attempts"] >= 1


def test_the_end_leaves_the_radio_as_it_was(server):
    server.stop()
    assert MONITOR not in interfaces()
    assert interfaces()[EAR]["type"] == "managed" and not is_up(EAR)
