"""The checks of tests/rig/bluetooth.sh, in the virtual machine: hci0 is the tool's, hci1 is there
to be found. Input: NORN_BINARY, beside which the tool is. Output: a line for each check; a status.
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from support.tool_peer import LocalTool, program  # noqa: E402

TOOL = "norn_cap_linux_bluetooth"
SECONDS = 60  # of patience: everything is emulated
failed = []


def check(what, good, told=""):
    with open("/proc/uptime", encoding="ascii") as uptime:
        now = uptime.read().split()[0]
    print(f"[{now} s] {'ok  ' if good else 'FAIL'} {what}", told if not good else "", flush=True)
    if not good:
        failed.append(what)


def lab(words):
    """A function of the machine's laboratory, with what it prints."""
    run = subprocess.run(["bash", "-c", f". /rig/lab.sh; {words}"], capture_output=True, text=True,
                         check=False)
    return run.stdout + run.stderr


def settings():
    lines = [line for line in lab("bt_mgmt 0 1 info").split("\n") if "current settings" in line]
    return lines[0].split(":")[1].split() if lines else []


def found(tool):
    return [json.loads(frame.body[5][4]) for frame in tool.peer.packets() if 5 in frame.body]


def listen(tool, is_enough):
    """Until enough was found; gives whether it was."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not is_enough(found(tool)):
        tool.peer.listen(0.5)
    return is_enough(found(tool))


def messages(tool):
    return [frame.body[2] for frame in tool.peer.frames if frame.name == "MESSAGE"]


def probe(definition):
    with LocalTool(TOOL) as tool:
        return tool.peer.ask("PROBEREQ", "PROBEREPORT", {1: definition})


def refusal(name, definition):
    """Why it does not capture, known when it opens or soon after."""
    with LocalTool(name) as tool:
        report = tool.peer.ask("OPENREQ", "OPENREPORT", {1: definition})
        tool.peer.pings = False
        return tool.peer.expect("ERROR").body[1] if report.code else report.body[9]


def check_names():
    listed = subprocess.run([program(TOOL), "--list"], capture_output=True, text=True, check=False)
    lines = listed.stdout.splitlines()
    check("two adapters are listed", len(lines) == 2 and lines[0].startswith("hci0  Bluetooth"),
          listed)
    address = lines[0].split()[-1]
    check("hci0 is ours", probe("hci0").code == 1)
    check("so is its address", probe(address.replace(":", "-")).body[2][4] == "hci0")
    missing = probe("hci7")
    check("hci7 is not there", missing.code == 0 and "there is hci0" in missing.body[3], missing)
    return address


def check_capture(address):
    before = settings()
    check("hci0 is down", "powered" not in before and "le" not in before, before)
    with LocalTool(TOOL) as tool:
        began = time.monotonic()
        body = tool.peer.open("hci0:names=true")
        print(f"    opened after {time.monotonic() - began:.2f} s", flush=True)
        uuid = "91DD0AE4-0000-0000-0000-" + address.replace(":", "")
        check("it opens", body[3] == "hci0" and body[8] == uuid, body)
        check("found over LE", listen(tool, lambda them: any(
            one["type"] == 1 and one["name"] == "rig-bt1" for one in them)), found(tool))
        check("found over BR/EDR", listen(tool, lambda them: any(
            one["type"] == 0 and one["signal"] == -60 for one in them)), found(tool))
        check("its name was asked for", listen(tool, lambda them: any(
            one["type"] == 0 and one["name"] == "rig-bt1" for one in them)), found(tool))
        count = len(found(tool))
        check("it goes round", listen(tool, lambda them: sum(
            one["type"] == 1 for one in them[count:]) >= 2), found(tool))
        print("   ", messages(tool), flush=True)
        print("   ", *found(tool)[:4], sep="\n      ", flush=True)
        check("it runs without rights", is_powerless(tool.process.pid))
        began = time.monotonic()
        tool.close()
        check("it ends well", tool.wait() == 0)
        print(f"    closed after {time.monotonic() - began:.2f} s", flush=True)
    check("hci0 is as it was", settings() == before, settings())


def is_powerless(process):
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        lines = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
    return int(lines["CapEff"], 16) == 0 and lines["Uid"].split()[1] != "0"


def check_transport():
    with LocalTool(TOOL) as tool:
        tool.peer.open("hci0:transport=bredr")
        check("transport=bredr", listen(tool, lambda them: len(them) > 0)
              and all(one["type"] == 0 for one in found(tool)), found(tool))


def check_other_program():
    lab("bt_mgmt 0 1 le on; bt_mgmt 0 1 power on")
    with subprocess.Popen(["bash", "-c", ". /rig/lab.sh; bt_mgmt 0 16 find"],
                          stdout=subprocess.DEVNULL) as other:
        time.sleep(4)
        with LocalTool(TOOL) as tool:
            tool.peer.open("hci0")
            tool.peer.listen(3)
            check("another program discovers", any("bluetoothd" in one for one in messages(tool)),
                  messages(tool))
            check("what is found is heard", listen(tool, lambda them: len(them) > 1), found(tool))
        other.wait()
    check("hci0 stays up", "powered" in settings(), settings())


def check_obstacles():
    with LocalTool(TOOL) as tool:
        tool.peer.open("hci0")
        tool.peer.listen(2)
        tool.peer.pings = False  # it will be gone
        lab("bt_mgmt 0 1 power off")
        check("switched off by another", "switched off" in tool.peer.expect("ERROR").body[1])
    for name in os.listdir("/sys/class/rfkill"):
        with open(f"/sys/class/rfkill/{name}/soft", "w", encoding="ascii") as switch:
            switch.write("1")
    told = refusal(TOOL, "hci0")
    check("rfkill", "`rfkill unblock bluetooth`" in told, told)
    for name in os.listdir("/sys/class/rfkill"):
        with open(f"/sys/class/rfkill/{name}/soft", "w", encoding="ascii") as switch:
            switch.write("0")
    wrapper = program("as_nobody")
    with open(wrapper, "w", encoding="ascii") as script:
        script.write("#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups "
                     f"{program(TOOL)} \"$@\"\n")
    os.chmod(wrapper, 0o755)
    told = refusal("as_nobody", "hci0")
    check("no capability", "setcap cap_net_admin+ep" in told, told)


def check_unplugging():
    with LocalTool(TOOL) as tool:
        tool.peer.open("hci0")
        check("found once more", listen(tool, lambda them: len(them) > 0), found(tool))
        tool.peer.pings = False
        lab("kill $(cat /run/lab/btvirt.pid)")
        told = tool.peer.expect("ERROR").body[1]
        check("unplugged", "is gone" in told, told)
        check("status of an unplugged one", tool.wait() == 1)
    listed = subprocess.run([program(TOOL), "--list"], capture_output=True, text=True, check=False)
    check("no adapter is left", "finds no interface" in listed.stdout, listed)


check_capture(check_names())
check_transport()
check_other_program()
check_obstacles()
check_unplugging()
print(f"{len(failed)} checks failed")
sys.exit(1 if failed else 0)
