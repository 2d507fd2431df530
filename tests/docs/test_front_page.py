"""The README's examples, run as they stand there against `norn --demo`.

Input: README.md. Each Python block runs in an interpreter of its own, as a reader would paste it;
curl lines run as they are but for the port. Output: what the reader would see is checked.
"""
import os
import re
import shutil
import subprocess
import sys

import pytest

from support.norn import PASSWORD, ROOT, USER, Server

with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
    README = readme.read()


def blocks(language):
    """The fenced blocks of that language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


@pytest.fixture(scope="module", name="demo")
def demo_with_networks():
    """The demo, once it knows the networks of the first API document (it plays in real time)."""
    def named(server):
        return {device["kismet.device.base.name"] for device in server.devices().values()}

    with Server("--demo") as server:
        server.wait_for(lambda: {"linksys", "single", "barfoo"} <= named(server), 30, "networks")
        yield server.url.replace("127.0.0.1", "localhost")


def run_block(code, demo, folder):
    script = folder / "example.py"
    script.write_text(code, encoding="utf-8")
    environment = dict(os.environ, NORN_URL=demo, NORN_USER=USER, NORN_PASSWORD=PASSWORD)
    run = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True,
                         text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_python_blocks_print_what_the_text_promises(demo, tmp_path):
    reading, searching, commanding = blocks("python")
    assert "linksys" in run_block(reading, demo, tmp_path)
    assert set(re.findall(r"\S+$", run_block(searching, demo, tmp_path), re.M)) == {
        "linksys", "single", "barfoo"}
    said = run_block(commanding, demo, tmp_path)
    assert len(re.findall(r"^OK", said, re.M)) == 3, said  # lock, hop, position
    assert re.search(r"^(200|400) ", said, re.M), said  # wlan0: there or not
    assert "59.91" in said


def test_curl_lines_answer(demo):
    assert shutil.which("curl"), "curl is in the test group of packaging/debian-packages.txt"
    text = "".join(blocks("sh")).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.startswith("curl ")]
    assert len(lines) >= 3
    for line in lines:
        run = subprocess.run(line.replace("http://localhost:2501", demo) + " --fail --silent",
                             shell=True, capture_output=True, text=True, timeout=30, check=False)
        assert run.returncode == 0, line
        assert run.stdout.startswith(("[", "{")), line


def test_make_targets_that_the_readme_names_exist():
    with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as makefile:
        targets = set(re.findall(r"^([a-z]+):", makefile.read(), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"run", "test"} <= named
    assert named <= targets
