"""make install and make uninstall below a DESTDIR: what lies where with which mode, the systemd
unit, and the rights that capture tools get.

Input: the tree and its release build (made when it is not there). Root is needed where rights are
given away; as anybody else those tests are skipped.
"""
import glob
import os
import shutil
import stat
import subprocess

import pytest

from support.norn import ROOT, Server

TOOLS = sorted(os.path.basename(path) for path in glob.glob(f"{ROOT}/build/release/norn_cap_*"))
FILES = {
    "etc/norn/norn.conf": 0o644,
    "usr/bin/norn": 0o755,
    "usr/lib/systemd/system/norn.service": 0o644,
    "usr/lib/sysusers.d/norn.conf": 0o644,
    "usr/share/doc/norn/LICENSE": 0o644,
    "usr/share/doc/norn/README.md": 0o644,
    "usr/share/man/man1/norn.1": 0o644,
    **{f"usr/bin/{tool}": 0o755 for tool in TOOLS},
    **{f"usr/share/man/man1/{tool}.1": 0o644 for tool in TOOLS},
}
UNIT = "usr/lib/systemd/system/norn.service"
# struct vfs_cap_data of revision 2, effective: CAP_NET_ADMIN and CAP_NET_RAW permitted
CAPABILITIES = bytes.fromhex("0100000200300000000000000000000000000000")


def make(*arguments, **options):
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=ROOT, check=False,
                          capture_output=True, text=True, timeout=280, **options)


def files_below(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            found[os.path.relpath(full, folder)] = stat.S_IMODE(os.stat(full).st_mode)
    return found


def variables(folder):
    return f"DESTDIR={folder}", "PREFIX=/usr", "CAPTURE_RIGHTS=none"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    done = make("install", *variables(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_everything_lies_where_it_belongs(installed):
    assert files_below(installed) == FILES


def test_the_program_runs(installed):
    done = subprocess.run([installed / "usr/bin/norn", "--version"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0 and "norn" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="capturing takes root")
def test_the_program_starts_the_tool_beside_it(installed, monkeypatch):
    monkeypatch.setenv("NORN_BIN", str(installed / "usr/bin/norn"))
    with Server("-c", "lo:name=loop") as server:
        server.wait_for(lambda: server.sources()[0]["kismet.datasource.running"], 10, "running")
        tool = os.readlink(f"/proc/{server.sources()[0]['kismet.datasource.ipc_pid']}/exe")
    assert tool == str(installed / "usr/bin/norn_cap_linux_wifi")


def test_uninstall_removes_all_but_the_configuration(tmp_path):
    assert make("install", *variables(tmp_path)).returncode == 0
    assert make("uninstall", *variables(tmp_path)).returncode == 0
    assert list(files_below(tmp_path)) == ["etc/norn/norn.conf"]


def test_a_configuration_that_is_there_stays(tmp_path):
    kept = tmp_path / "etc/norn/norn.conf"
    kept.parent.mkdir(parents=True)
    kept.write_text("server_name=mine\n")
    assert make("install", *variables(tmp_path)).returncode == 0
    assert kept.read_text() == "server_name=mine\n"
    assert (tmp_path / "etc/norn/norn.conf.new").exists()


# the unit
def directives(installed):
    """The unit's lines as a dictionary; of what stands twice, all values."""
    found = {}
    for line in (installed / UNIT).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found[key] = f"{found[key]} {value}" if key in found else value
    return found


def test_the_unit_asks_for_no_more_than_capturing(installed):
    unit = directives(installed)
    assert unit["ExecStart"].startswith("/usr/bin/norn ")
    assert unit["User"] == unit["Group"] == "norn"
    for key in ("AmbientCapabilities", "CapabilityBoundingSet"):
        assert unit[key].split() == ["CAP_NET_ADMIN", "CAP_NET_RAW"]
    assert unit["NoNewPrivileges"] == "yes"
    assert unit["ProtectSystem"] == "strict" and unit["StateDirectory"] == "norn"
    assert unit["Restart"] == "on-failure" and unit["TimeoutStopSec"] == "10"
    assert int(unit["LimitNOFILE"]) > 4096 and unit["MemoryMax"]
    for call in ("seccomp", "landlock_restrict_self"):  # systemd's filter must let norn's own be
        assert call in unit["SystemCallFilter"].split()
    assert "@" not in unit["ExecStart"]


def test_systemd_takes_the_unit(installed, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    text = (installed / UNIT).read_text().replace("/usr/bin/norn ", f"{installed}/usr/bin/norn ")
    (tmp_path / "norn.service").write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", tmp_path / "norn.service"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_the_account_is_the_units(installed):
    lines = (installed / "usr/lib/sysusers.d/norn.conf").read_text().splitlines()
    account, = [line.split() for line in lines if not line.startswith("#")]
    assert account[:3] == ["u", "norn", "-"]


# the capture tools
@pytest.fixture
def build(tmp_path):
    """A build folder with a capture tool and what is none."""
    folder = tmp_path / "build"
    folder.mkdir()
    for name in ("norn_cap_made_up", "norn_demo_capture"):
        shutil.copy("/bin/true", folder / name)
    return folder


def install_tools(build, rights, **options):
    command = ["packaging/install-tools.sh", build, build.parent / "bin", rights]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


def need_root():
    if os.geteuid() != 0:
        pytest.skip("needs root")


def tool_of(build):
    assert os.listdir(build.parent / "bin") == ["norn_cap_made_up"]
    return build.parent / "bin/norn_cap_made_up"


@pytest.mark.parametrize("rights", ["caps", "auto"])
def test_tools_get_two_capabilities(build, rights):
    need_root()
    if not shutil.which("setcap", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        pytest.skip("no setcap")
    done = install_tools(build, rights)
    assert done.returncode == 0 and "cap_net_admin,cap_net_raw" in done.stdout, done
    tool = tool_of(build)
    assert os.getxattr(tool, "security.capability") == CAPABILITIES
    assert stat.S_IMODE(tool.stat().st_mode) == 0o750


def test_tools_may_be_roots_instead(build):
    need_root()
    done = install_tools(build, "setuid")
    assert done.returncode == 0 and "runs as root" in done.stdout, done
    status = tool_of(build).stat()
    assert stat.S_IMODE(status.st_mode) == 0o4750 and status.st_uid == 0
    assert "security.capability" not in os.listxattr(tool_of(build))


def test_tools_may_get_nothing(build):
    done = install_tools(build, "none")
    assert done.returncode == 0 and "the rights of who starts it" in done.stdout, done
    assert stat.S_IMODE(tool_of(build).stat().st_mode) == 0o755
    assert "security.capability" not in os.listxattr(tool_of(build))


def test_other_rights_are_refused(build):
    done = install_tools(build, "all")
    assert done.returncode == 2 and "caps, setuid or none" in done.stdout
    assert not (build.parent / "bin").exists()


def test_rights_can_only_be_given_by_root(build):
    need_root()
    done = install_tools(build, "caps", user=65534, group=65534)
    assert done.returncode == 1 and "needs root" in done.stdout, done
    assert not (build.parent / "bin").exists()


def test_no_tools_is_no_error(build):
    (build / "norn_cap_made_up").unlink()
    done = install_tools(build, "none")
    assert done.returncode == 0 and "no capture tools" in done.stdout
