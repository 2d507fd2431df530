"""The house rules, as far as a program can check them.

Input: the files that git knows or would add. Output: one line for each fault,
`path:line: rule: what to do`, and status 1 when there is any. A fault that has to stay stands in
exceptions.tsv with its reason; an exception that is no longer needed is a fault too.
usage: lint.py [PATH...]     only these files (rules about the whole tree still run)
"""
import os
import re
import shutil
import subprocess
import sys

import c_rules
import text_rules
import tree_rules

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
EXCEPTIONS = "tests/lint/exceptions.tsv"
NOT_OURS = re.compile(r"^(build|\.git)/|/?__pycache__/|\.pyc$")
DATA = re.compile(r"^fuzz/\w+/(corpus|dictionary)|^tests/golden/(captures|expected)/|^web/dist/")


class Fault:
    """One broken rule; `amount` is what a size rule measured (0 for the others)."""

    def __init__(self, path, line, rule, advice, amount=0):
        self.path, self.line, self.rule, self.advice, self.amount = path, line, rule, advice, amount

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


def project_files():
    """Paths of the tree, sorted; what git ignores or no longer has is left out."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listing = shutil.which("git") and subprocess.run(command, cwd=ROOT, capture_output=True,
                                                     check=False)
    if listing and listing.returncode == 0:
        paths = listing.stdout.decode().split("\0")
    else:
        paths = [os.path.relpath(os.path.join(folder, name), ROOT)
                 for folder, _, names in os.walk(ROOT) for name in names]
        paths = [path for path in paths if not NOT_OURS.search(path)]
    return sorted({path for path in paths if path and os.path.isfile(os.path.join(ROOT, path))})


def read_exceptions():
    """Rows of exceptions.tsv: path, rule, limit (0: any), reason."""
    rows = {}
    with open(os.path.join(ROOT, EXCEPTIONS), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                path, rule, limit, reason = line.rstrip("\n").split("\t")
                rows[path, rule] = (int(limit), reason, number)
    return rows


def apply_exceptions(faults, exceptions, looked_at):
    """The faults that no exception covers, and the exceptions that cover nothing."""
    left, worst = [], {}
    for fault in faults:
        place = fault.path, fault.rule
        limit = exceptions.get(place, (None,))[0]
        worst[place] = max(worst.get(place, 0), fault.amount)
        if limit is None or fault.amount > limit > 0:
            left.append(fault)
    for (path, rule), (limit, _, number) in exceptions.items():
        if path in looked_at and (path, rule) not in worst:
            left.append(Fault(EXCEPTIONS, number, "exception",
                              f"{path} keeps to '{rule}' now: remove this line"))
        elif worst.get((path, rule), limit) < limit:
            left.append(Fault(EXCEPTIONS, number, "exception",
                              f"{path} shrank: lower the limit to {worst[path, rule]}"))
    return left


def main():
    wanted = {os.path.relpath(os.path.abspath(path), ROOT) for path in sys.argv[1:]}
    os.chdir(ROOT)
    paths = project_files()
    chosen = [path for path in paths if not wanted or path in wanted]
    faults = []

    def report(path, line, rule, advice, amount=0):
        faults.append(Fault(path, line, rule, advice, amount))

    for path in chosen:
        with open(os.path.join(ROOT, path), "rb") as file:
            data = file.read()
        if b"\0" in data or DATA.search(path):
            continue
        text = data.decode("utf-8", "replace")
        text_rules.check(path, text, report)
        if path.endswith((".c", ".h")):
            c_rules.check(path, text, report)
    tree_rules.check(ROOT, paths, report)
    tree_rules.check_layout(ROOT, [path for path in chosen if path.endswith((".c", ".h"))], report)

    faults = apply_exceptions(faults, read_exceptions(), set(chosen))
    for fault in sorted(faults, key=lambda fault: (fault.path, fault.line)):
        print(fault)
    print(f"lint: {len(chosen)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
