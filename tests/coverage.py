"""Adds up gcov's counters and prints line coverage by folder of src/.

Input: a build directory of the coverage preset whose tests have run. Output: a row for each
folder (lines run, lines in all, per cent) and, with --files, one for each file.
"""
import collections
import json
import os
import subprocess
import sys

BATCH = 50


def gcov_records(build):
    """Every file record that gcov knows from the counters under `build`."""
    counters = [os.path.join(root, name) for root, _, names in os.walk(build)
                for name in names if name.endswith(".gcda")]
    for start in range(0, len(counters), BATCH):
        command = ["gcov", "--json-format", "--stdout", *counters[start:start + BATCH]]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in output.splitlines():
            yield from json.loads(line)["files"]


def main():
    build = os.path.abspath(sys.argv[1])
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
    hits = collections.defaultdict(dict)  # file -> line -> runs
    for record in gcov_records(build):
        path = os.path.relpath(os.path.join(root, record["file"]), root)
        if not path.startswith("src" + os.sep):
            continue
        for line in record["lines"]:
            number = line["line_number"]
            hits[path][number] = hits[path].get(number, 0) + line["count"]
    totals = collections.defaultdict(lambda: [0, 0])
    for path, lines in sorted(hits.items()):
        run = sum(1 for count in lines.values() if count)
        for row in (os.path.dirname(path), "all"):
            totals[row][0] += run
            totals[row][1] += len(lines)
        if "--files" in sys.argv:
            print(f"{path:40} {run:6} {len(lines):6} {100 * run / len(lines):6.1f} %")
    for row, (run, lines) in sorted(totals.items(), key=lambda item: (item[0] == "all", item[0])):
        print(f"{row:40} {run:6} {lines:6} {100 * run / lines:6.1f} %")


if __name__ == "__main__":
    main()
