"""Capture tools that norn starts itself: found, opened, restarted, and what becomes of broken ones.

The tools are scripts of this test, put where norn looks for them (helper_binary_path).
"""
import os
import stat
import time

import pytest

from support.norn import ROOT

SCRIPT = '''#!/usr/bin/python3
"""A capture tool on the descriptors it is given. What it does stands in the definition."""
import os, struct, sys, time
sys.path.insert(0, {support!r})
sys.dont_write_bytecode = True
import msgpack
from support.sensor import *
options = dict(word.split("=", 1) for word in sys.argv[1:])
fd_in, fd_out = int(options["--in-fd"]), int(options["--out-fd"])
os.set_blocking(fd_in, True)

def read(count):
    data = b""
    while len(data) < count:
        more = os.read(fd_in, count - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data

def receive():
    head = read(20)
    length, kind = struct.unpack(">IH", head[8:14])
    body, sequence = read(length), struct.unpack(">I", head[16:])[0]
    return kind, sequence, msgpack.unpackb(body, strict_map_key=False) if body else {{}}

def send(kind, body=None, code=0, sequence=7):
    os.write(fd_out, frame(kind, body, code, sequence))

while True:
    kind, sequence, body = receive()
    if kind == PING:
        send(PONG, sequence=sequence)
    if kind == LIST_REQUEST:
        rows = [{{1: "adsb0", 2: "active=true,name=inner", 3: "btusb"}}, {{1: "adsb1"}},
                {{2: "nameless"}}]
        send(LIST_REPORT, {{1: sequence, 2: rows, 4: "1"}}, sequence=sequence)
        sys.exit(0)
    if kind == PROBE_REQUEST:
        good = body[1].startswith("adsb")
        send(PROBE_REPORT, {{1: sequence, 2: {{3: "btusb"}}}}, code=int(good), sequence=sequence)
        sys.exit(0)
    if kind != OPEN_REQUEST:
        continue
    definition = body[1]
    if "mute" in definition:
        time.sleep(60)
    good = "bad" not in definition
    send(OPEN_REPORT, {{1: sequence, 2: 251, 3: "cap0", 8: "", 9: "" if good else "it is broken"}},
         code=int(good), sequence=sequence)
    if not good:
        sys.exit(1)
    send(MESSAGE, {{1: 2, 2: "was told " + definition}})
    if "dies" in definition:
        time.sleep(0.2)
        sys.exit(3)
    if "floods" in definition:
        while True:
            send(PACKET, {{4: {{1: 251, 2: 1, 3: 0, 4: 64, 6: bytes(64)}}}})
'''


@pytest.fixture
def tools(tmp_path):
    """A directory with a tool for a type that norn has none for; its path as an option."""
    folder = tmp_path / "tools"
    folder.mkdir()
    os.chmod(tmp_path, 0o755)
    path = folder / "kismet_cap_sdr_rtladsb"
    path.write_text(SCRIPT.format(support=os.path.join(ROOT, "tests")))
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    folder.chmod(0o755)
    return f"helper_binary_path={folder}"


def source(server):
    rows = server.sources()
    return rows[0] if rows else {}


def start(serve, tools, options=""):
    return serve("--set", tools, "-c", f"adsb0:type=rtladsb,name=blue{options}")


def test_a_tool_is_started_and_told_the_definition(serve, tools):
    server = start(serve, tools, ",info_antenna_type=\"patch, small\"")
    server.wait_for(lambda: source(server).get("kismet.datasource.running"), 15, "running")
    server.wait_for(lambda: "was told" in server.console, 10, "the tool's words")
    assert 'adsb0:type=rtladsb,name=blue,info_antenna_type="patch, small"' in server.console
    row = source(server)
    assert row["kismet.datasource.ipc_pid"] > 0
    assert row["kismet.datasource.capture_interface"] == "cap0"
    assert row["kismet.datasource.remote"] == 0
    assert os.path.exists(f"/proc/{row['kismet.datasource.ipc_pid']}")
    uuid = row["kismet.datasource.uuid"]
    assert uuid.startswith("689C0913-")
    server.command(f"/datasource/by-uuid/{uuid}/close_source.cmd", {})
    server.wait_for(lambda: not os.path.exists(f"/proc/{row['kismet.datasource.ipc_pid']}"), 10,
                    "the tool to end")


def test_a_tool_that_is_not_installed(serve, tmp_path):
    server = serve("--set", f"helper_binary_path={tmp_path}", "-c", "rtl433-0:type=rtl433")
    server.wait_for(lambda: source(server).get("kismet.datasource.error"), 15, "the error")
    reason = source(server)["kismet.datasource.error_reason"]
    assert "kismet_cap_sdr_rtl433" in reason and str(tmp_path) in reason


def test_a_tool_that_says_no(serve, tools):
    server = start(serve, tools, "-bad")
    server.wait_for(lambda: source(server).get("kismet.datasource.error"), 15, "the error")
    assert source(server)["kismet.datasource.error_reason"] == "it is broken"


def test_a_tool_that_dies_is_started_again_with_every_option(serve, tools):
    server = start(serve, tools, "-dies")
    server.wait_for(lambda: server.console.count("was told") >= 2, 30, "a second start")
    assert server.console.count("adsb0:type=rtladsb,name=blue-dies") >= 2
    assert source(server)["kismet.datasource.total_retry_attempts"] >= 1


def test_a_flood_costs_only_its_source(serve, tools):
    server = start(serve, tools, "-floods")
    server.wait_for(lambda: source(server).get("kismet.datasource.num_packets", 0) > 20000, 30,
                    "a flood")
    began = time.monotonic()
    assert server.get("/system/status.json").status_code == 200
    assert time.monotonic() - began < 3


def test_a_file_that_cannot_be_run(serve, tools):
    folder = tools.split("=", 1)[1]
    path = os.path.join(folder, "kismet_cap_sdr_rtladsb")
    os.chmod(path, 0o644)
    server = start(serve, tools)
    server.wait_for(lambda: source(server).get("kismet.datasource.error"), 15, "the error")
    assert "Permission denied" in source(server)["kismet.datasource.error_reason"]


def test_a_definition_without_a_type_is_offered_to_the_tools(serve, tools):
    server = serve("--set", tools, "-c", "adsb0:name=blue", "-c", "hcx0:name=grey")
    server.wait_for(lambda: "was told adsb0" in server.console, 20, "the tool to be opened")
    rows = {row["kismet.datasource.name"]: row for row in server.sources()}
    assert rows["blue"]["kismet.datasource.type_driver"]["kismet.datasource.driver.type"] == \
        "rtladsb"
    server.wait_for(lambda: {row["kismet.datasource.name"]: row for row in server.sources()}
                    ["grey"]["kismet.datasource.error"], 20, "nobody to take it")


def test_a_masked_type_is_not_tried(serve, tools):
    server = serve("--set", tools, "--set", "mask_datasource_type=rtladsb",
                   "-c", "adsb0:name=blue")
    server.wait_for(lambda: source(server).get("kismet.datasource.error"), 20, "the error")
    assert all(
        not row["kismet.datasource.probed.interface"].startswith("adsb")
        for row in server.json("/datasource/list_interfaces.json", login=True))


def test_tools_list_interfaces(serve, tools):
    server = serve("--set", tools, "-c", "adsb1:type=rtladsb")
    server.wait_for(lambda: source(server).get("kismet.datasource.running"), 15, "running")
    rows = {row["kismet.datasource.probed.interface"]: row
            for row in server.json("/datasource/list_interfaces.json", login=True)}
    assert {"adsb0", "adsb1"} <= set(rows) and "" not in rows
    assert rows["adsb0"]["kismet.datasource.probed.options_vec"] == ["active=true", "name=inner"]
    assert rows["adsb0"]["kismet.datasource.probed.hardware"] == "btusb"
    driver = rows["adsb0"]["kismet.datasource.type_driver"]
    assert driver["kismet.datasource.driver.type"] == "rtladsb"
    assert rows["adsb1"]["kismet.datasource.probed.in_use_uuid"] == \
        source(server)["kismet.datasource.uuid"]


def test_the_types_are_listed(serve):
    server = serve()
    types = {row["kismet.datasource.driver.type"]: row for row in server.json(
        "/datasource/types.json")}
    assert {"linuxwifi", "linuxbluetooth", "pcapfile", "rtl433"} <= set(types)
    assert len(types) == len(server.json("/datasource/types.json"))
    assert types["linuxbluetooth"]["kismet.datasource.driver.remote_capable"] == 1
    answer = server.command("/datasource/add_source.cmd", {"definition": "x0:type=nonsense"})
    assert answer.status_code == 400 and "rtl433" in answer.text
