"""The captures that bench replays: made once by airgen, kept in build/bench.

airgen is no part of this tree: NORN_AIRGEN names the program or its source, else airgen.c in
the tools folder of the shared material beside the tree is built.
"""
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
PLACE = os.path.join(ROOT, "build", "bench")
AIRGEN = os.path.join(ROOT, "build", "airgen")

# name: access points, clients, packets, seed
KINDS = {
    "replay": (1000, 10000, 1000000, 1),
    "devices": (10000, 90000, 700000, 2),
    "live": (10000, 90000, 1500000, 2),
    "evening": (1000, 9999, 800000, 1),  # other frames of the devices of "replay"
    "arrivals": (1, 3000, 3001, 3),  # each frame of a device that was not heard before
}


def build_airgen():
    """Makes build/airgen; ends the program with advice where its source is missing."""
    source = os.environ.get("NORN_AIRGEN", os.path.join(ROOT, "..", "shared", "tools", "airgen.c"))
    os.makedirs(PLACE, exist_ok=True)
    if not os.path.exists(source):
        sys.exit(f"bench: {source} is not there: set NORN_AIRGEN to airgen or airgen.c")
    if not source.endswith(".c"):
        globals()["AIRGEN"] = source
    elif not os.path.exists(AIRGEN) or os.path.getmtime(AIRGEN) < os.path.getmtime(source):
        subprocess.run(["gcc", "-O2", "-o", AIRGEN, source], check=True)


def path(kind):
    """The capture of that kind, made if it is not there, and read once into the page cache."""
    name = os.path.join(PLACE, kind + ".pcap")
    if not os.path.exists(name):
        with open(name + ".part", "wb") as file:
            subprocess.run([AIRGEN, *map(str, KINDS[kind])], stdout=file, check=True)
        os.rename(name + ".part", name)
    with open(name, "rb") as file:
        while file.read(1 << 22):
            pass
    return name


def packets(kind):
    return KINDS[kind][2]


def devices(kind):
    return KINDS[kind][0] + KINDS[kind][1]
