"""Bars of radios: a fake one on this machine, and sensors on other ones that send over websockets.

The fake radio is a network device with the link type of a monitor interface (tests/rig/radio.py),
fed by a program of the rig; what norn drops it must count. The sensors are one program,
bench/remote_sensors.c, that says what capture tools say.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

import captures
from server import LOGIN, Row, Server

for folder in ("tests", os.path.join("tests", "rig")):
    sys.path.append(os.path.join(captures.ROOT, folder))
import radio as fake  # noqa: E402  (found by the lines above)

SECONDS, KEPT = 30, 4  # that it sends, and stays afterwards
DROPS = ("kernel_drops", "interface_drops", "tool_drops", "queue_drops")
SENSORS, SENSOR_RATE, SENSOR_SECONDS = 64, 2000, 10
SENSORS_PROGRAM = os.path.join(captures.ROOT, "build", "release", "bench_remote_sensors")


def cpu_seconds(pids):
    """Processor time of processes and all their threads, as far as they still run."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / os.sysconf("SC_CLK_TCK")


def counted(norn):
    """Packets received, and packets that norn says were lost."""
    rows = norn.sources()
    if not rows:
        return 0, 0
    lost = sum(rows[0]["norn.datasource." + name] for name in DROPS)
    return rows[0]["kismet.datasource.num_packets"], lost


class Heard:
    """What norn made of a radio that sends beacons: packets sent, received, dropped; the rate that
    came about; microseconds of processor time a packet."""

    def __init__(self, program, rate):
        air = fake.Radio(program, f"wbench{os.getpid()}", "-w", 1, "-g", 500, "-z", 250, "-l", 0,
                         "-r", rate, "-d", SECONDS, "-k", KEPT)
        work = 0
        with Server("-c", f"wbench{os.getpid()}:name=air") as norn:
            before = cpu_seconds(norn.pids())
            while air.process.poll() is None:
                time.sleep(0.5)
                work = max(work, cpu_seconds(norn.pids()) - before)
            self.sent = air.sent()
            self.received, self.lost = counted(norn)
        self.rate = int(re.search(r" pps (\d+)", air.stdout.text)[1])
        self.work = work * 1e6 / self.sent

    def __str__(self):
        return (f"{self.sent:,} sent at {self.rate:,}/s, {self.received:,} received, {self.lost:,} "
                f"counted as lost, {self.sent - self.received - self.lost} not accounted for; "
                f"{self.work:.2f} µs of processor time a packet")


def tcpdump(program, rate):
    """What the yardstick says of the same radio."""
    name = f"wbench{os.getpid()}"
    air = fake.Radio(program, name, "-w", 1, "-g", 500, "-z", 250, "-l", 0, "-r", rate, "-d", 5)
    listener = subprocess.Popen(["tcpdump", "-i", name, "-B", "65536", "-w", "/dev/null"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    sent = air.sent()
    _, text = listener.communicate(timeout=30)
    captured = int(re.search(r"(\d+) packets? captured", text)[1])
    lost = int(re.search(r"(\d+) packets? dropped by kernel", text)[1])
    return f"tcpdump -w /dev/null, 5 s of it: {sent:,} sent, {captured:,} captured, {lost:,} lost"


def radio():
    """A radio at 50,000 and at 100,000 packets a second for half a minute."""
    command = f"norn -c INTERFACE; radiotap_tap -g 500 -z 250 -l 0 -r RATE -d {SECONDS}"
    missing = fake.what_is_missing()
    if missing:
        yield Row("radio", False, "a radio on this machine", missing, "", command)
        return
    with tempfile.TemporaryDirectory() as folder:
        program = fake.build(folder)
        easy, hard = Heard(program, 50000), Heard(program, 100000)
        yield Row("radio", easy.received == easy.sent and easy.rate > 45000,
                  f"50,000 packets/s for {SECONDS} s: none lost", str(easy),
                  tcpdump(program, 50000), command)
        yield Row("radio", hard.received + hard.lost == hard.sent and hard.rate > 90000,
                  f"100,000 packets/s for {SECONDS} s: sent = received + counted as lost",
                  str(hard), tcpdump(program, 100000), command)


def remote():
    """64 sensors, each over a websocket of its own, all heard by one norn."""
    subprocess.run(["cmake", "--build", os.path.dirname(SENSORS_PROGRAM), "--target",
                    "bench_remote_sensors"], check=True, stdout=subprocess.DEVNULL)
    path = f"/datasource/remote/remotesource.ws?user={LOGIN[0]}&password=bench%20only"
    load = [path, *map(str, (SENSORS, SENSOR_SECONDS, SENSOR_RATE))]
    with Server() as norn:
        sensors = subprocess.Popen([SENSORS_PROGRAM, str(norn.port), *load], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        sensors.stdout.readline()  # all are open
        before, began = cpu_seconds(norn.pids()), time.monotonic()
        sent = int(sensors.stdout.readline().removeprefix("count="))
        took = time.monotonic() - began
        came = total(norn)
        while came < sent and time.monotonic() < began + took + 10:
            time.sleep(0.1)
            came = total(norn)
        work = (cpu_seconds(norn.pids()) - before) * 1e6 / sent
        sensors.communicate()
    yield Row("remote", came == sent and work <= 4.0,
              f"{SENSORS} sensors on websockets, {SENSOR_RATE:,} packets/s each: none lost, 4 µs "
              "of processor time a packet",
              f"{came:,} of {sent:,} packets came ({sent / took:,.0f}/s), {work:.2f} µs each",
              "bar sensors: the websockets alone, beside Python's",
              f"norn; bench_remote_sensors PORT PATH {SENSORS} {SENSOR_SECONDS} {SENSOR_RATE}")


def total(norn):
    return sum(row["kismet.datasource.num_packets"] for row in norn.sources())
