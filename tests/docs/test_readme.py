"""The README's examples, run as they stand there against `norn --demo`.

Input: README.md; NORN_BINARY (default build/release/norn). The Python blocks run in one
interpreter of their own, in order, as a reader would type them; curl lines run as they are but
for the port.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BINARY = os.environ.get("NORN_BINARY", os.path.join(ROOT, "build/release/norn"))
LOGIN = ("reader", "plain words only")

with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
    README = readme.read()


def blocks(language):
    """The fenced blocks of that language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", name="demo")
def running_demo(tmp_path_factory):
    """The address of a demo with a known login, once it knows devices; it must stop cleanly."""
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    command = [BINARY, "--demo", "--homedir", str(home), "--port", str(port),
               "--set", f"httpd_username={LOGIN[0]}", "--set", f"httpd_password={LOGIN[1]}"]
    with open(home / "console", "w", encoding="utf-8") as console:
        server = subprocess.Popen(command, stdout=console, stderr=console,
                                  stdin=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        wait_for_devices(server, url, home / "console")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0, (home / "console").read_text()


def wait_for_devices(server, url, console):
    """Until the demo has told of its first few named networks (its capture plays in real time)."""
    wanted = {"linksys", "single", "barfoo"}
    for _ in range(300):
        assert server.poll() is None, console.read_text()
        try:
            devices = requests.get(url + "/devices/all_devices.json", timeout=5).json()
            if wanted <= {device["kismet.device.base.name"] for device in devices}:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    pytest.fail("the demo showed no devices in 30 s: " + console.read_text())


def test_python_blocks_run_as_written(demo, tmp_path):
    script = tmp_path / "readme.py"
    script.write_text("\n\n".join(blocks("python")), encoding="utf-8")
    environment = dict(os.environ, NORN_URL=demo, NORN_USER=LOGIN[0], NORN_PASSWORD=LOGIN[1])
    run = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True,
                         text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    found = run.stdout.split("the name is", 1)[1]
    for network in ("linksys", "single", "barfoo"):
        assert network in found
    assert len(re.findall(r"^OK", found, re.M)) == 2, found  # lock and hop
    assert re.search(r"^(200|400) ", found, re.M), found  # wlan0: there or not
    assert "59.91" in found


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


def test_the_two_commands_are_in_the_makefile():
    with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as makefile:
        targets = set(re.findall(r"^([a-z]+):", makefile.read(), re.M))
    named = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"run", "test"} <= named
    assert named <= targets
