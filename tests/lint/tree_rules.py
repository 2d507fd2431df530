"""Rules for the tree as a whole: unique stems, layout, links between documents, scripts."""
import collections
import hashlib
import os
import re
import shutil
import subprocess

LINK = re.compile(r"\[[^\]\n]*\]\(([^)#\s]+)[^)]*\)")
FAULT = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): code should be clang-formatted")


def check(root, paths, report):
    check_stems(paths, report)
    check_links(root, paths, report)
    check_scripts(root, paths, report)
    check_page(root, paths, report)


def check_stems(paths, report):
    """A file's stem is the prefix of its symbols, so it stands once in src/."""
    owners = collections.defaultdict(set)
    for path in paths:
        if path.startswith("src/") and path.endswith((".c", ".h")):
            stem = os.path.splitext(os.path.basename(path))[0]
            owners[stem].add(os.path.dirname(path))
    for stem, folders in owners.items():
        if len(folders) > 1:
            report(f"{sorted(folders)[1]}/{stem}.c", 1, "stem",
                   f"'{stem}' is in {', '.join(sorted(folders))}: stems are unique in src/")


def check_links(root, paths, report):
    for path in paths:
        if not path.endswith(".md"):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                for target in LINK.findall(line):
                    if "://" in target or target.startswith(("/", "mailto:")):
                        continue
                    if not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
                        report(path, number, "link", f"{target} is not there")


def check_scripts(root, paths, report):
    for path in paths:
        if path.endswith(".sh") or path == ".ci/run":
            with open(os.path.join(root, path), encoding="utf-8") as script:
                shell = "bash" if "bash" in script.readline() else "sh"
            run = subprocess.run([shell, "-n", path], cwd=root, capture_output=True, text=True,
                                 check=False)
            if run.returncode:
                report(path, 1, "script", run.stderr.strip().split("\n")[0])
            if not os.access(os.path.join(root, path), os.X_OK):
                report(path, 1, "script", "make it executable: chmod +x")


def check_page(root, paths, report):
    """The bundle that is embedded (web/dist) was made from the sources as they are now, and its
    list names what is there. The hash is the one that web/build.mjs writes."""
    bundle = "web/dist/files.txt"
    if bundle not in paths:
        return
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.startswith("web/") and not path.startswith("web/dist/"):
            with open(os.path.join(root, path), "rb") as file:
                digest.update(path[len("web/"):].encode() + b"\0" + file.read())
    with open(os.path.join(root, bundle), encoding="utf-8") as lines:
        stamp, *names = lines.read().splitlines()
    if stamp != f"# sources {digest.hexdigest()}":
        report(bundle, 1, "page", "is behind its sources: make page")
    there = {path[len("web/dist/"):] for path in paths if path.startswith("web/dist/")}
    if there != {*names, "files.txt"}:
        report(bundle, 1, "page", f"lists other files than are there: {sorted(there)}")


def check_layout(root, paths, report):
    """clang-format's opinion, one fault for each file, at the first line that differs."""
    if not shutil.which("clang-format"):
        report("packaging/debian-packages.txt", 1, "layout", "clang-format is missing: make deps")
        return
    if not paths:
        return
    run = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root,
                         capture_output=True, text=True, check=False)
    seen = set()
    for line in run.stderr.split("\n"):
        match = FAULT.match(line)
        if match and match.group(1) not in seen:
            seen.add(match.group(1))
            report(match.group(1), int(match.group(2)), "layout", "run clang-format -i on it")
