"""Writes the scenes of scenes.py to captures/, and with --expect their records to expected/.

usage: make_captures.py            after a scene was added or changed
       make_captures.py --expect   after records changed on purpose: read the difference first
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), HERE]

from golden_records import CAPTURES, capture_names, expected_path, records_of  # noqa: E402
from scenes import SCENES  # noqa: E402


def main():
    for make in SCENES:
        make().write_pcap(os.path.join(CAPTURES, make.__name__ + ".pcap"))
    if "--expect" not in sys.argv:
        return
    for name in capture_names():
        with open(expected_path(name), "w", encoding="utf-8") as file:
            json.dump(records_of(name), file, indent=1, ensure_ascii=False, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main()
