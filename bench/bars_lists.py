"""Bars of long lists: a page sorted by any field, a search, a pattern, a field list, msgpack.

Input: a norn with 100,000 devices. Output: rows; times are the processor's in the threads that make
the answer, the least of several runs: what one core takes for it, whatever else the machine does.
"""
import json
import subprocess
import time

import captures
import server
from server import Row

VIEW = "/devices/views/all/devices"
BASE = "kismet.device.base."
SIGNAL = BASE + "signal/kismet.common.signal."
RRD = "/kismet.common.rrd."
FIELDS = [BASE + name for name in ("key", "macaddr", "name", "type", "crypt", "channel",
                                   "last_time", "packets.total", "manuf")] + [
          SIGNAL + "last_signal"]
SSIDS = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid"
# One of each kind of value, how it is had, and how far away it lies.
SORTED = [BASE + name for name in (
    "key", "macaddr", "name", "commonname", "type", "crypt", "channel", "manuf", "frequency",
    "first_time", "last_time", "packets.total", "datasize", "phyname", "basic_type_set",
    "packets.rrd" + RRD + "last_value", "datasize.rrd" + RRD + "last_time")] + [
    SIGNAL + "last_signal", SIGNAL + "maxseenrate", SIGNAL + "signal_rrd" + RRD + "last_value",
    "dot11.device/dot11.device.last_beaconed_ssid", "dot11.device/dot11.device.last_bssid",
    "dot11.device/dot11.device.num_associated_clients", "norn.device.random_address"]
TERMS = ["linksys", "fritz", "Wi-Fi", "aabb", "no such thing"]
PATTERNS = ["^linksys$", "(?i)home-[0-9]*7$", "foo|bar", "."]


def fetch(norn, suffix, command=None, **variables):
    """Seconds of processor time and bytes of the cheapest of several answers."""
    words = [f"json={json.dumps(command)}"] if command else []
    words += [f"{name}={value}" for name, value in variables.items()]
    data = [part for word in words for part in ("--data-urlencode", word)]
    best, size = float("inf"), 0
    for _ in range(server.RUNS):
        before = norn.worked()
        run = subprocess.run(["curl", "-s", "-S", "-f", "-o", "/dev/null", "-w",
                              "%{size_download}", *data, norn.url + VIEW + suffix],
                             check=True, capture_output=True, text=True)
        best, size = min(best, norn.worked() - before), int(run.stdout)
    return best, size


def worst(times):
    """The slowest of {name: seconds}, as text with its name."""
    name = max(times, key=times.get)
    return times[name], f"{times[name] * 1e3:.1f} ms at worst ({name})"


def python_seconds(work):
    """The yardstick: the same on the same records in Python, decoding left aside."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return f"{best * 1e3:.0f} ms"


def lists():
    """Every bar of lists, with one server."""
    with server.Server("-c", captures.path("devices")) as norn:
        norn.wait_for_packets(captures.packets("devices"))
        time.sleep(1)
        rows = norn.get(f"{VIEW}.json?json={json.dumps({'fields': FIELDS})}").json()
        yield from page_bars(norn, rows)
        yield from whole_bars(norn)


def page_bars(norn, rows):
    page = {"page": 0, "length": 50}
    fields = {"fields": FIELDS}
    times = {path: fetch(norn, ".json", fields, sort=path, **page)[0] for path in SORTED}
    slowest, text = worst(times)
    mean = sum(times.values()) / len(times)
    by_name = python_seconds(lambda: sorted(rows, key=lambda row: row[BASE + "name"] or ""))
    yield Row("pages", slowest < 0.025,
              "100,000 devices: a page of 50 sorted by any field under 25 ms of a core",
              f"{text}, mean of {len(times)} fields {mean * 1e3:.1f} ms",
              f"Python's sorted() on the decoded records: {by_name}",
              "POST /devices/views/all/devices.json page=0 length=50 sort=PATH")
    times = {term: fetch(norn, ".json", fields, search=term, **page)[0] for term in TERMS}
    slowest, text = worst(times)
    in_python = python_seconds(lambda: [row for row in rows if any(
        "linksys" in str(value).lower() for value in row.values())])
    yield Row("search", slowest < 0.050,
              "a search in ten fields of all of them under 50 ms of a core", text,
              f"the same in Python on the decoded records: {in_python}",
              "POST /devices/views/all/devices.json page=0 length=50 search=TERM")
    times = {pattern: fetch(norn, ".json", {**fields, "regex": [[SSIDS, pattern]]}, **page)[0]
             for pattern in PATTERNS}
    slowest, text = worst(times)
    yield Row("patterns", slowest < 0.060,
              "a pattern over all advertised SSIDs under 60 ms of a core", text,
              "none: no peer answers that", f"regex [[{SSIDS}, PATTERN]]")


def whole_bars(norn):
    seconds, size = fetch(norn, ".json", {"fields": FIELDS})
    speed = captures.devices("devices") / seconds
    yield Row("fields", speed >= 500e3,
              "ten fields of all devices: at least 500,000 devices/s a core",
              f"{speed:,.0f} devices/s ({size / seconds / 1e6:.0f} MB/s)", "none",
              "POST /devices/views/all/devices.json with ten fields")
    (as_json, json_size), (packed, packed_size) = fetch(norn, ".json"), fetch(norn, ".msgpack")
    yield Row("msgpack", packed <= 1.3 * as_json,
              "whole records in msgpack: at most 1.3 times the time of JSON",
              f"{packed / as_json:.2f} times ({packed:.2f} s for {packed_size / 1e6:.0f} MB, "
              f"{as_json:.2f} s for {json_size / 1e6:.0f} MB)", "none",
              "GET /devices/views/all/devices.msgpack")
