"""Bars of the program itself: how soon it answers, how large it is, how long it takes to build."""
import os
import shutil
import subprocess
import sys
import threading
import time

import captures
import server
from server import Row, megabytes

YARDSTICK_SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]


def start():
    """From starting the process to its first whole answer."""
    best = float("inf")
    yardstick = float("inf")
    for _ in range(server.RUNS):
        began = time.perf_counter()
        with server.Server():
            best = min(best, time.perf_counter() - began)
        yardstick = min(yardstick, start_python())
    yield Row("start", best < 0.150, "start to first answer: under 150 ms", f"{best * 1e3:.0f} ms",
              f"python3 -m http.server: {yardstick * 1e3:.0f} ms",
              "norn, then GET /system/status.json until it answers")


def start_python():
    port = server.free_port()
    began = time.perf_counter()
    other = subprocess.Popen([*YARDSTICK_SERVER, str(port)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, cwd=captures.PLACE)
    try:
        while subprocess.run(["curl", "-s", "-o", "/dev/null", f"http://127.0.0.1:{port}/"],
                             check=False).returncode:
            pass
        return time.perf_counter() - began
    finally:
        other.terminate()
        other.wait()


def size():
    """The stripped program."""
    stripped = os.path.join(captures.PLACE, "norn-stripped")
    subprocess.run(["strip", "-o", stripped, server.NORN], check=True)
    ours = os.path.getsize(stripped)
    other = shutil.which("tcpdump") or "/usr/bin/tcpdump"
    yield Row("size", ours < 3e6, "stripped program: under 3 MB", megabytes(ours),
              f"tcpdump: {megabytes(os.path.getsize(other))}", "strip build/release/norn")


class Watch(threading.Thread):
    """The most memory that a process and its descendants held together."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.stop = pid, 0, threading.Event()

    def run(self):
        while not self.stop.wait(0.1):
            held = 0
            for pid in server.descendants(self.pid):
                try:
                    held += server.memory_of(pid)
                except OSError:
                    pass
            self.peak = max(self.peak, held)


def build():
    """A clean release build of what is in the tree now."""
    copy = os.path.join(captures.PLACE, "tree")
    shutil.rmtree(copy, ignore_errors=True)
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=captures.ROOT, check=True,
                             capture_output=True).stdout.decode().split("\0")
    for path in listing:
        if path and os.path.isfile(os.path.join(captures.ROOT, path)):
            os.makedirs(os.path.dirname(os.path.join(copy, path)) or copy, exist_ok=True)
            shutil.copy2(os.path.join(captures.ROOT, path), os.path.join(copy, path))
    began = time.perf_counter()
    make = subprocess.Popen(["make", "release"], cwd=copy, stdout=subprocess.DEVNULL)
    watch = Watch(make.pid)
    watch.start()
    status = make.wait()
    took = time.perf_counter() - began
    watch.stop.set()
    watch.join()
    disk = sum(os.path.getsize(os.path.join(root, name))
               for root, _, names in os.walk(os.path.join(copy, "build")) for name in names)
    yield Row("build", status == 0 and took < 60 and disk < 300e6,
              "clean release build: under 60 s and 300 MB",
              f"{took:.1f} s, {megabytes(disk)} on disk, {megabytes(watch.peak)} of memory at most",
              f"{len([path for path in listing if path.endswith('.c')])} C files, "
              f"{os.cpu_count()} cores", "make release in a clean copy")
