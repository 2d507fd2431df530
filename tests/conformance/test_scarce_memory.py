"""Memory that runs out now and then (scarce_memory.c) while every endpoint is asked: norn lives
through it, what it answers meanwhile is whole or says that it failed, and all endpoints conform
again once there is memory."""
import os
import signal
import subprocess

import pytest

import conformance
from scene import Scene

ROWS = [row for row in conformance.read_rows() if not row.absent]


@pytest.fixture(scope="module")
def scarce_memory(tmp_path_factory):
    library = str(tmp_path_factory.mktemp("scarce") / "scarce_memory.so")
    source = os.path.join(os.path.dirname(__file__), "scarce_memory.c")
    subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1",
                    "-fno-builtin", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def turn(server, words):
    server.process.send_signal(signal.SIGUSR2)
    server.wait_for(lambda: words in server.console, what=f"word that {words}")


def fault_of(judge, row, method, ending, path):
    """What is wrong with an answer: half of one is. None at all is right: a client notices."""
    try:
        status, answer = judge.ask(row, method, path, judge.roles_of(row)[0])
    except (OSError, AssertionError, LookupError, ValueError):
        return None  # or a placeholder could not be filled
    if status == 200 and row.formats == "data":
        try:
            conformance.decode(answer, ending)
        except ValueError as error:
            return f"{method} {path}: {error}"
    return None if status < 600 else f"{method} {path}: status {status}"


@pytest.mark.parametrize("one_in", [8, 40, 200])
def test_norn_lives_through_it_and_recovers(scarce_memory, monkeypatch, one_in):
    sanitizer = os.environ.get("ASAN_OPTIONS", "")
    monkeypatch.setenv("ASAN_OPTIONS", f"verify_asan_link_order=0:{sanitizer}")
    monkeypatch.setenv("LD_PRELOAD", scarce_memory)
    monkeypatch.setenv("NORN_SCARCE_ONE_IN", str(one_in))
    scene = Scene()
    monkeypatch.undo()
    with scene:
        judge = conformance.Judge(scene, conformance.read_records())
        turn(scene.server, "memory is scarce")
        for row in ROWS:
            for way in conformance.ways(row):
                assert fault_of(judge, row, *way) is None
            assert scene.server.process.poll() is None, scene.server.console
        turn(scene.server, "memory is back")
        scene.session.close()  # lines that were hung up on
        scene.streams.clear()
        scene.stream("GET")
        reads = [row for row in ROWS if "command" not in row.roles and "{" not in row.path]
        faults = [fault for row in reads for fault in judge.judge(row)]
        assert len(reads) > 50 and faults == []
