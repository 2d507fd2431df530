"""Bars of giving out records: over HTTP, and the serialiser by itself."""
import http.server
import json
import os
import subprocess
import threading
import time

import captures
import server
from server import Row, megabytes

ALL = "/devices/all_devices.ekjson"
SERIALISE = os.path.join(captures.ROOT, "build", "release", "bench_serialise")


def download(url, target="/dev/null"):
    """Bytes and seconds of a download by curl."""
    run = subprocess.run(["curl", "-s", "-S", "-f", "-o", target, "-w",
                          "%{size_download} %{time_total}", url],
                         check=True, capture_output=True, text=True)
    size, seconds = run.stdout.split()
    return int(size), float(seconds)


class FileServer(http.server.SimpleHTTPRequestHandler):
    """The yardstick: Python's own server giving out the same bytes from a file."""

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=captures.PLACE)

    def log_message(self, *_):
        pass


def records():
    """Full records of 100,000 devices, end to end, and the memory it takes to stream them."""
    body = os.path.join(captures.PLACE, "records.ekjson")
    files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FileServer)
    threading.Thread(target=files.serve_forever, daemon=True).start()
    best, yardstick, growth = 0, 0, 0
    with server.Server("-c", captures.path("devices")) as norn:
        norn.wait_for_packets(captures.packets("devices"))
        size, _ = download(norn.url + ALL, body)
        for _ in range(server.RUNS):
            norn.forget_peak()
            before = norn.memory()
            size, seconds = download(norn.url + ALL)
            best = max(best, size / seconds)
            growth = max(growth, norn.memory("VmHWM") - before)
            same, seconds = download(f"http://127.0.0.1:{files.server_port}/records.ekjson")
            yardstick = max(yardstick, same / seconds)
    files.shutdown()
    yield Row("records", best >= 200e6 and growth < 30e6,
              "full records of 100,000 devices: at least 200 MB/s, memory grows < 30 MB",
              f"{best / 1e6:.0f} MB/s ({megabytes(size)} in all), grew by {megabytes(growth)}",
              f"Python's http.server, the same bytes from a file: {yardstick / 1e6:.0f} MB/s",
              f"curl -o /dev/null http://127.0.0.1:PORT{ALL}")


def serialise():
    """The emitters alone, on one core; the yardstick is Python's json (in C) on the same data."""
    subprocess.run(["cmake", "--build", os.path.dirname(SERIALISE), "--target", "bench_serialise"],
                   check=True, stdout=subprocess.DEVNULL)
    capture = captures.path("replay")
    run = subprocess.run([SERIALISE, capture], check=True, capture_output=True, text=True)
    figures = dict(line.split("=") for line in run.stdout.split())
    speeds = {name: float(figures[name]) for name in ("json", "msgpack")}
    sample = subprocess.run([SERIALISE, capture, "--sample"], check=True, capture_output=True)
    devices = [json.loads(line) for line in sample.stdout.splitlines()]
    best = 0
    for _ in range(server.RUNS):
        began = time.perf_counter()
        written = sum(len(json.dumps(device)) for device in devices)
        best = max(best, written / (time.perf_counter() - began))
    yield Row("serialise", speeds["json"] >= 500e6,
              "the serialiser alone: at least 500 MB/s a core",
              f"{speeds['json'] / 1e6:.0f} MB/s JSON, {speeds['msgpack'] / 1e6:.0f} MB/s msgpack",
              f"Python's json.dumps of the same records: {best / 1e6:.0f} MB/s",
              "build/release/bench_serialise " + os.path.basename(capture))
