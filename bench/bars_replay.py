"""Bars of reading a capture: how quickly, and how much memory the devices take."""
import os
import resource
import subprocess

import captures
import server
from server import Row, megabytes

# It removes an output file that stays empty, so never give it a device for one.
HCX = ["hcxpcapngtool", "-o", os.path.join(captures.PLACE, "hashes")]


def replay():
    """Wall time of a full replay, interleaved with the yardsticks, best of five."""
    capture = captures.path("replay")
    home = os.path.join(captures.PLACE, "home")
    os.makedirs(home, exist_ok=True)
    commands = {
        "norn": [server.NORN, "--exit-at-end", "-s", "-n", "-c", capture, "--homedir", home,
                 "--port", "0"],
        # Debian's tcpdump gives what it writes to an account of its own, even a device: -Z root.
        "tcpdump": ["tcpdump", "-Z", "root", "-r", capture, "-w", "/dev/null"],
        "hcxpcapngtool": HCX + [capture],
    }
    best = {}
    for _ in range(server.RUNS):
        for name, command in commands.items():
            took = server.seconds_of(command)
            best[name] = min(best.get(name, took), took)
    ours = best["norn"]
    to_tcpdump, to_hcx = ours / best["tcpdump"], best["hcxpcapngtool"] / ours
    rate = captures.packets("replay") / ours
    yield Row("replay", to_tcpdump <= 3.0 and to_hcx >= 3.0,
              "1,000,000 packets, 11,000 devices: at most 3.0 x tcpdump, 3 x faster than hcx",
              f"{ours:.2f} s = {to_tcpdump:.2f} x tcpdump, {to_hcx:.1f} x faster than hcx; "
              f"{rate:,.0f} packets/s, {1e9 / rate:.0f} ns each",
              f"tcpdump {best['tcpdump']:.2f} s, hcxpcapngtool {best['hcxpcapngtool']:.2f} s",
              " ".join(commands["norn"]).replace(captures.ROOT + "/", ""))


def memory():
    """Resident memory with 100,000 devices, and over an empty server for each."""
    capture = captures.path("devices")
    with server.Server() as empty:
        nothing = empty.memory()
    with server.Server("-c", capture) as full:
        devices = full.wait_for_packets(captures.packets("devices"))
        held = full.memory()
    each = (held - nothing) / devices
    child = subprocess.Popen(HCX + [capture], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    usage = os.wait4(child.pid, 0)[2]
    yield Row("memory", held <= 250e6 and each <= 2048 and devices >= captures.devices("devices"),
              "100,000 devices: at most 250 MB in all, 2 KB a device over an empty server",
              f"{megabytes(held)} with {devices:,} devices, {megabytes(nothing)} empty, "
              f"{each:.0f} B a device",
              f"hcxpcapngtool on the same file: {megabytes(usage.ru_maxrss * 1024)} at its peak",
              f"norn -c {os.path.basename(capture)}; VmRSS of all its processes, page size "
              f"{resource.getpagesize()}")
