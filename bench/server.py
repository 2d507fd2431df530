"""A norn to measure: starts it, waits for it, looks at its memory, stops it. Also the row of the
table and the helpers that every bar uses.
"""
import collections
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import requests

import captures

NORN = os.path.join(captures.ROOT, "build", "release", "norn")
LOGIN = ("bench", "bench only")
RUNS = 5

Row = collections.namedtuple("Row", "name met bar measured yardstick command")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seconds_of(command):
    """Wall seconds of a command that must succeed, its output thrown away."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def memory_of(pid, key="VmRSS"):
    """Bytes of one line of /proc/PID/status."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
    return 0


def descendants(pid):
    """PID and every process below it."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                    parents[int(entry)] = int(stat.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
    family = {pid}
    grown = True
    while grown:
        more = {child for child, parent in parents.items() if parent in family} - family
        grown = bool(more)
        family |= more
    return family


class Server:
    """One running norn, as a context; `url` answers once it is entered."""

    def __init__(self, *arguments):
        self.home = tempfile.mkdtemp(prefix="norn-bench-")
        os.chmod(self.home, 0o755)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [NORN, "-s", "-n", "--homedir", self.home, "--port", str(self.port),
                        "--set", f"httpd_username={LOGIN[0]}",
                        "--set", f"httpd_password={LOGIN[1]}", *arguments]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for_answer()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def wait_for_answer(self):
        """Asks, without a pause, until the first whole answer."""
        request = b"GET /system/status.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for _ in range(200000):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(request)
                    if connection.recv(64).startswith(b"HTTP/1.1 200"):
                        return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise RuntimeError(f"norn ended: {' '.join(self.command)}")
        raise RuntimeError("norn does not answer")

    def get(self, path):
        return requests.get(self.url + path, timeout=30)

    def pids(self):
        return descendants(self.process.pid)

    def memory(self, key="VmRSS"):
        """Resident bytes of norn and its helper processes."""
        return sum(memory_of(pid, key) for pid in self.pids())

    def worked(self):
        """Seconds of processor time of the threads that make answers, since their start."""
        total = 0
        for task in glob.glob(f"/proc/{self.process.pid}/task/*"):
            with open(task + "/comm", encoding="ascii") as name, open(
                    task + "/schedstat", encoding="ascii") as times:
                if name.read().strip() not in ("norn-engine", "norn-source"):
                    total += int(times.read().split()[0])
        return total / 1e9

    def forget_peak(self):
        """Makes VmHWM start again from what is resident now."""
        for pid in self.pids():
            with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
                file.write("5")

    def sources(self):
        return self.get("/datasource/all_sources.json").json()

    def wait_for_packets(self, count, seconds=120):
        """Until the first source has given that many packets and the devices stand still."""
        before = None
        for _ in range(seconds * 10):
            status = self.sources()
            done = status and status[0]["kismet.datasource.num_packets"] >= count
            now = self.get("/system/status.json").json()["kismet.system.devices.count"]
            if done and now == before:
                return now
            before = now
            time.sleep(0.1)
        raise RuntimeError("the capture was not read to its end")


def megabytes(count):
    return f"{count / 1e6:.1f} MB"
