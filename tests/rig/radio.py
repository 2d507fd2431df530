"""The fake radio: a kernel interface with a monitor interface's link type that plays captures.

Input: NORN_RIG, else ../shared/rig beside this tree, where tap/radiotap_tap.c is. Output: Radio,
an interface that is there until it is stopped and says how many frames it sent.
"""
import os
import re
import shutil
import subprocess

from support.norn import ROOT, Output

SECONDS = 60


def rig():
    """The rig's folder, or None."""
    folder = os.environ.get("NORN_RIG") or os.path.join(ROOT, "..", "shared", "rig")
    source = os.path.join(folder, "tap", "radiotap_tap.c")
    return os.path.abspath(folder) if os.path.exists(source) else None


def what_is_missing():
    """Why there can be no fake radio here, or None."""
    if os.geteuid() != 0:
        return "needs root: it makes a network interface"
    if not os.path.exists("/dev/net/tun"):
        return "needs /dev/net/tun"
    if not rig():
        return "needs the rig: set NORN_RIG to its folder"
    if not (shutil.which("gcc") or shutil.which("cc")):
        return "needs a C compiler"
    return None


def build(folder):
    """Compiles the program into a folder; its path."""
    program = os.path.join(folder, "radiotap_tap")
    compiler = shutil.which("gcc") or shutil.which("cc")
    subprocess.run([compiler, "-O2", "-o", program, os.path.join(rig(), "tap", "radiotap_tap.c")],
                   check=True, timeout=SECONDS)
    return program


class Radio:
    """One interface. `arguments` are the program's; it is there once this returns."""

    def __init__(self, program, interface, *arguments):
        command = [program, "-i", interface, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL)
        first = self.process.stdout.readline().decode()
        assert first.startswith(f"up {interface} "), first + self.process.stderr.read().decode()
        self.stdout, self.stderr = Output(self.process.stdout), Output(self.process.stderr)

    def sent(self):
        """How many frames went out, once the program ended by itself or was stopped."""
        self.process.wait(SECONDS)
        self.stdout.join(5)
        counts = re.search(r"^sent (\d+) bytes \d+ errors (\d+) ", self.stdout.text, re.M)
        assert counts, self.stdout.text + self.stderr.text
        assert counts[2] == "0", self.stderr.text
        return int(counts[1])

    def stop(self):
        """Takes the interface away."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)
