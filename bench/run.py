"""Measures norn's budgets, each beside a public yardstick in the same run, and prints the table.

Input: build/release/norn; the capture generator airgen (NORN_AIRGEN, else airgen.c of the shared
folder beside the tree). Output: one row a bar: the bar, what was measured, the verdict, the
yardstick's figure, the command. Captures it makes stay in build/bench. Nothing here is a test:
a missed bar is a line in the table, and the status says so (1).
usage: bench/run.py [NAME...]      the bars by these names; without any, all of them
"""
import os
import sys
import time

import bars_events
import bars_lists
import bars_load
import bars_page
import bars_program
import bars_radio
import bars_replay
import bars_serve
import bars_small
import bars_websocket
import captures
import server

BARS = {
    "replay": bars_replay.replay,
    "memory": bars_replay.memory,
    "records": bars_serve.records,
    "serialise": bars_serve.serialise,
    "lists": bars_lists.lists,
    "small": bars_small.small,
    "silent": bars_load.silent_clients,
    "radio": bars_radio.radio,
    "remote": bars_radio.remote,
    "live": bars_load.live_polls,
    "shared": bars_websocket.shared,
    "sensors": bars_websocket.sensors,
    "events": bars_events.events,
    "page": bars_page.page_bars,
    "start": bars_program.start,
    "size": bars_program.size,
    "build": bars_program.build,
}


def print_row(row):
    print(f"{row.name:10} {'met' if row.met else 'MISSED':7} bar: {row.bar}")
    print(f"{'':18} measured: {row.measured}")
    print(f"{'':18} yardstick: {row.yardstick}")
    print(f"{'':18} command: {row.command}", flush=True)


def main():
    names = sys.argv[1:] or list(BARS)
    unknown = [name for name in names if name not in BARS]
    if unknown:
        sys.exit(f"bench: no bar {unknown[0]}; there are: {' '.join(BARS)}")
    if not os.access(server.NORN, os.X_OK):
        sys.exit(f"bench: {server.NORN} is not there: make")
    captures.build_airgen()
    began = time.time()
    missed = 0
    for name in names:
        for row in BARS[name]():
            print_row(row)
            missed += not row.met
    print(f"\nbench: {missed} bars missed, {time.time() - began:.0f} s, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
