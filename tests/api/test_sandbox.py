"""The confinement of the server: what it says of itself, the option, and what becomes of a
dissector that an attacker has taken over.

Input: a build with the test hooks and without sanitizers (NORN_HOOKED, else build/debug/norn), a
release (NORN_RELEASE, else build/release/norn). The hooks: src/util/test_hook.h.
"""
import os
import signal
import subprocess
import time

import pytest

from support import norn
from support.air import Scene, probe_request
from support.norn import ROOT, Server, children, run

MAGIC = "norn.test.hook:"
REFUSED = ("connect", "open", "run", "socket", "write")  # by an error; the server goes on
FATAL = ("exec", "fork")  # nothing of norn asks for it: the kernel ends the process
STATUS = "/system/status.json"


def program(variable, preset):
    path = os.environ.get(variable) or os.path.join(ROOT, "build", preset, "norn")
    if not os.access(path, os.X_OK):
        pytest.skip(f"no {path}: set {variable}, or cmake --build build/{preset} --target norn")
    return path


@pytest.fixture
def hooked(monkeypatch):
    """Makes the servers of a test run the build with the hooks."""
    path = program("NORN_HOOKED", "debug")
    monkeypatch.setenv("NORN_BIN", path)
    return path


def attack(tmp_path, *attempts):
    """A capture whose frames make a hooked dissector try these things."""
    scene = Scene()
    for attempt in attempts:
        scene.add(probe_request("02:00:00:00:00:01", MAGIC + attempt))
    return scene.write_pcap(tmp_path / "attack.pcap")


def outcomes(server):
    text = server.json(STATUS)["norn.system.test_hook"]
    return dict(pair.split(" ") for pair in text.split(", ")) if text else {}


# what it says
def test_the_status_says_what_is_on(street):
    status = street.json(STATUS)
    for part in ("seccomp", "landlock"):
        assert status["norn.system.sandbox." + part] in ("on", "loose", "absent", "refused")
    rights = status["norn.system.sandbox.user"]
    assert "without capabilities" in rights and "cannot gain privileges" in rights
    if os.geteuid() == 0:
        assert status["kismet.system.user"] == "nobody" and "nobody" in rights


def test_the_kernel_says_the_same(street):
    with open(f"/proc/{street.process.pid}/status", encoding="ascii") as file:
        kernel = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    filtered = street.json(STATUS)["norn.system.sandbox.seccomp"] in ("on", "loose")
    assert (kernel["Seccomp"].strip() == "2") == filtered
    assert kernel["NoNewPrivs"].strip() == "1"


def test_the_console_says_what_is_on(serve):
    server = serve()
    server.wait_for(lambda: "(seccomp)" in server.console, 5, "line on the console")
    assert "Landlock" in server.console and "The server runs as" in server.console


def test_it_can_be_switched_off(serve, street_file):
    server = serve("-c", f"{street_file}:name=street", "--set", "sandbox=off")
    status = server.json(STATUS)
    assert status["norn.system.sandbox.seccomp"] == status["norn.system.sandbox.landlock"] == "off"
    assert "without capabilities" in status["norn.system.sandbox.user"]


def test_require_starts_where_all_is_there(street):
    status = street.json(STATUS)
    there = all(status["norn.system.sandbox." + part] in ("on", "loose")
                for part in ("seccomp", "landlock"))
    if there:
        with Server("--set", "sandbox=require") as server:
            assert server.get(STATUS).status_code == 200
    else:
        code, _, errors = run("--set", "sandbox=require", timeout=20)
        assert code != 0 and "sandbox=require" in errors


def test_require_does_not_start_without(tmp_path):
    """A kernel without Landlock and seccomp is made of one more filter, before norn's."""
    wrapper = tmp_path / "without"
    build = subprocess.run(["cc", "-x", "c", "-", "-o", wrapper], input=WITHOUT, text=True,
                           capture_output=True, check=False)
    assert build.returncode == 0, build.stderr
    command = [wrapper, norn.binary(), "--homedir", tmp_path, "--port", str(norn.free_port())]
    ended = subprocess.run([*command, "--set", "sandbox=require"], capture_output=True, text=True,
                           timeout=20, check=False)
    assert ended.returncode == 1, ended
    assert "absent (seccomp)" in ended.stderr and "absent (Landlock)" in ended.stderr
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        line = next(line for line in running.stderr if "(seccomp)" in line)
        assert "absent (seccomp)" in line and "absent (Landlock)" in line
    finally:
        running.terminate()
        assert running.wait(10) == 0


WITHOUT = r"""
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#define REFUSE(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), \
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)
int main(int count, char **arguments)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_seccomp), REFUSE(SYS_landlock_create_ruleset),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 2;
    execv(arguments[1], arguments + 1);
    return 3;
}
"""


# a dissector in an attacker's hands
def test_without_the_sandbox_the_attempts_succeed(hooked, serve, tmp_path):
    """Else the tests below would prove nothing."""
    server = serve("-c", attack(tmp_path, "open", "socket", "run", "fork"), "--set", "sandbox=off")
    server.wait_replayed()
    assert outcomes(server) == {name: "done" for name in ("open", "socket", "run", "fork")}


def test_a_captured_dissector_opens_and_reaches_nothing(hooked, serve, tmp_path):
    server = serve("-c", attack(tmp_path, *REFUSED))
    if server.json(STATUS)["norn.system.sandbox.seccomp"] != "on":
        pytest.skip("this kernel has no seccomp")
    server.wait_replayed()
    assert outcomes(server) == {name: "EPERM" for name in REFUSED}
    assert "02:00:00:00:00:01" in server.devices()  # and goes on
    assert not os.path.exists("/tmp/" + MAGIC.rstrip(":"))


@pytest.mark.parametrize("attempt", FATAL)
def test_a_captured_dissector_starts_no_process(hooked, tmp_path, attempt):
    server = Server("--set", "sandbox=auto")
    if server.json(STATUS)["norn.system.sandbox.seccomp"] != "on":
        server.stop()
        pytest.skip("this kernel has no seccomp")
    helpers = children(server.process.pid)
    path = attack(tmp_path, attempt)
    try:
        server.command("/packetsource/config/add_source.cmd", {"source": f"{path}:name=attack"})
    except OSError:
        pass  # it may be gone before it has answered
    server.process.wait(10)
    server.stopped = True
    assert server.process.returncode == -signal.SIGSYS
    until = time.monotonic() + 5
    while time.monotonic() < until and any(os.path.exists(f"/proc/{pid}") for pid in helpers):
        time.sleep(0.05)
    assert not [pid for pid in helpers if os.path.exists(f"/proc/{pid}")]


def test_a_release_has_no_hook(hooked):
    path = program("NORN_RELEASE", "release")
    with open(path, "rb") as file:
        release = file.read()
    with open(hooked, "rb") as file:
        debug = file.read()
    for word in (MAGIC.encode(), b"norn.system.test_hook", b"test_hook_look"):
        assert word in debug, "the test looks for the wrong thing"
        assert word not in release
