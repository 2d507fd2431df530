"""Starts, watches and stops the program under test.

Input: NORN_BIN or NORN_BINARY (else build/asan, build/debug, build/release); NORN_ARGUMENTS, which
every call has before its own. Output: Server, a norn on a free port with a throw-away home, and
run(), for calls that end by themselves. Every end is checked: status 0 within two seconds of
SIGTERM, and no report of a sanitizer.
"""
import glob
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
USER = "operator"
PASSWORD = "correct horse"
STOP_SECONDS = 2.0
SANITIZER_STATUS = 86
NO_SENSORS = ("--set", "remote_capture_enabled=false")  # else servers would share one port
REPORT = re.compile(r"ERROR: \w*Sanitizer|runtime error:|SUMMARY: \w*Sanitizer|"
                    r"WARNING: ThreadSanitizer")


def binary():
    """Path of the norn under test."""
    named = os.environ.get("NORN_BIN") or os.environ.get("NORN_BINARY")
    if named:
        return os.path.abspath(named)
    for preset in ("asan", "debug", "release"):
        path = os.path.join(ROOT, "build", preset, "norn")
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError("no build/*/norn: run make, or set NORN_BIN")


def command_line(home, *arguments):
    """What starts the program with that home."""
    given = os.environ.get("NORN_ARGUMENTS", "").split()
    return [binary(), *given, "--homedir", home, *map(str, arguments)]


def environment(home):
    """The caller's environment with nobody's files in it and sanitizers that stop the program."""
    result = {key: value for key, value in os.environ.items()
              if key not in ("KISMET_CONF", "NORN_URL")}
    result["HOME"] = os.path.join(home, "nobody")  # --homedir alone says where files are
    for name, words in (("ASAN_OPTIONS", f"exitcode={SANITIZER_STATUS}:abort_on_error=0"),
                        ("UBSAN_OPTIONS", f"exitcode={SANITIZER_STATUS}:print_stacktrace=1")):
        result[name] = ":".join(filter(None, [result.get(name), words]))
    return result


def sanitizer_report(text):
    """The part of an output that a sanitizer wrote, or None."""
    match = REPORT.search(text)
    return text[max(0, match.start() - 200):match.start() + 6000] if match else None


def new_home():
    """A directory for one server, also readable to the account norn changes to."""
    return tempfile.mkdtemp(prefix="norn-test-")


def write_login(home, user=USER, password=PASSWORD):
    """Configures a login the way the first API describes."""
    with open(os.path.join(home, "kismet_httpd.conf"), "w", encoding="utf-8") as file:
        file.write(f"httpd_username={user}\nhttpd_password={password}\n")


def free_port(ports=itertools.count(os.getpid() % 97 * 200)):
    """A TCP port that is free: below those the kernel hands out, another range for each process
    that runs tests."""
    while True:
        port = 11000 + next(ports) % 19400
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
                return port
            except OSError:
                continue


def run(*arguments, home=None, timeout=60, stdin=None, text=True, cwd=None):
    """Runs norn to its end; (status, standard output, standard error)."""
    own = None
    if home is None:
        home = own = new_home()
    try:
        done = subprocess.run(command_line(home, *arguments), timeout=timeout, capture_output=True,
                              input=stdin, env=environment(home), cwd=cwd, check=False)
    finally:
        if own:
            shutil.rmtree(own, ignore_errors=True)
    errors = done.stderr.decode(errors="replace")
    report = sanitizer_report(errors)
    assert report is None, report
    return done.returncode, done.stdout.decode() if text else done.stdout, errors


class Output(threading.Thread):
    """Keeps what the program writes, readable while it runs."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe, self.lines = pipe, []
        self.start()

    def run(self):
        for line in self.pipe:
            self.lines.append(line.decode(errors="replace"))

    @property
    def text(self):
        return "".join(self.lines)


class Server:
    """A norn that serves. `arguments` go to the command line; a login stands in the home."""

    def __init__(self, *arguments, login=True, home=None, port=None, ready=True, host="127.0.0.1"):
        self.home = home or new_home()
        self.scheme = "http"
        self.own_home = home is None
        self.port = port or free_port()
        self.host = host
        if login:
            write_login(self.home)
        command = command_line(self.home, "--port", self.port, *NO_SENSORS, *arguments)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, env=environment(self.home))
        self.stdout, self.stderr = Output(self.process.stdout), Output(self.process.stderr)
        self.stopped = False
        self.defined = arguments.count("-c")
        if ready:
            self.wait_ready()

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def console(self):
        return self.stdout.text + self.stderr.text

    def wait_ready(self, seconds=20):
        """Until the port answers; a server that ended instead is an error with its last words."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                time.sleep(0.1)
                raise AssertionError(f"norn ended with {self.process.returncode}:\n{self.console}")
            try:
                self.ask_anything(seconds)
                self.wait_for(self.has_sources, seconds, "sources of the command line")
                return
            except OSError:
                time.sleep(0.02)
        self.process.kill()
        raise AssertionError(f"norn is not ready after {seconds} s:\n{self.console}")

    def ask_anything(self, seconds):
        """Until it answers, or hangs up: its port takes connections before all else is ready."""
        with socket.create_connection((self.host, self.port), seconds) as connection:
            connection.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
            connection.recv(1)

    def has_sources(self):
        """Whether every -c is listed (always so where there is none, or no login to ask with)."""
        if not self.defined:
            return True
        answer = self.get("/packetsource/all_sources.json", login=True)
        return answer.status_code != 200 or len(answer.json()) >= self.defined

    def wait_for(self, condition, seconds=20, what="condition"):
        """Polls until the condition gives something true, and gives it back."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            result = condition()
            if result:
                return result
            assert self.process.poll() is None, f"norn ended:\n{self.console}"
            time.sleep(0.05)
        raise AssertionError(f"no {what} after {seconds} s; console:\n{self.console}")

    # HTTP, by the requests library
    def request(self, method, path, login=False, **options):
        import requests
        if login:
            options.setdefault("auth", (USER, PASSWORD))
        options.setdefault("timeout", 30)
        options.setdefault("allow_redirects", False)
        return requests.request(method, self.url + path, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, **options):
        return self.request("POST", path, **options)

    def json(self, path, **options):
        """The decoded answer of a GET that must succeed."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def msgpack(self, path, **options):
        """The same, decoded as a user does today: no options."""
        import msgpack
        answer = self.get(path, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return msgpack.unpackb(answer.content)

    def command(self, path, command, login=True, **options):
        """A command the way the first API sends it: base64 msgpack in a form."""
        import base64
        import msgpack
        data = {"msgpack": base64.b64encode(msgpack.packb(command))}
        return self.post(path, data=data, login=login, **options)

    def raw(self, data, seconds=10, whole=True):
        """Sends bytes on a connection of its own; what came back (until close when `whole`)."""
        with socket.create_connection((self.host, self.port), seconds) as connection:
            connection.sendall(data)
            connection.settimeout(seconds)
            answer = b""
            try:
                while True:
                    part = connection.recv(65536)
                    answer += part
                    if not part or not whole:
                        return answer
            except (socket.timeout, ConnectionResetError):
                return answer

    # what happens inside
    def sources(self):
        return self.json("/datasource/all_sources.json", login=True)

    def devices(self):
        """Full records by address."""
        answer = self.post("/devices/last-time/0/devices.json", login=True)
        assert answer.status_code == 200, answer.text[:500]
        return {device["kismet.device.base.macaddr"]: device for device in answer.json()}

    def wait_replayed(self, seconds=60):
        """Until every file source was read to its end and all of it was applied."""
        def ended():
            sources = self.sources()
            return sources and all(source["norn.datasource.ended"]
                                   or source["kismet.datasource.error"] for source in sources)
        self.wait_for(ended, seconds, "end of replay")
        last = [None]

        def steady():
            now = self.get("/phy/all_phys.json", login=True).content
            same = now == last[0]
            last[0] = now
            if not same:
                time.sleep(0.15)
            return same
        self.wait_for(steady, seconds, "rest after the replay")
        return self

    def memory_kb(self):
        """Resident memory of the program and its helpers."""
        total = 0
        for pid in [self.process.pid, *children(self.process.pid)]:
            try:
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    total += sum(int(line.split()[1]) for line in status
                                 if line.startswith("VmRSS"))
            except OSError:
                pass
        return total

    def stop(self, number=signal.SIGTERM):
        """Ends the server and checks how it went."""
        if self.stopped:
            return
        self.stopped = True
        began = time.monotonic()
        children_before = children(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS + 10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        took = time.monotonic() - began
        self.stdout.join(2)
        self.stderr.join(2)
        if self.own_home:
            shutil.rmtree(self.home, ignore_errors=True)
        report = sanitizer_report(self.console)
        assert report is None, report
        assert self.process.returncode == 0, (self.process.returncode, self.console[-3000:])
        assert took <= STOP_SECONDS, f"took {took:.1f} s to stop"
        left = [pid for pid in children_before if os.path.exists(f"/proc/{pid}")]
        assert not left, f"left processes behind: {left}"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.stop()
        else:  # keep the first failure; never leave a process behind
            self.process.kill()
            self.process.wait()
            if self.own_home:
                shutil.rmtree(self.home, ignore_errors=True)


def children(pid):
    """Processes that a process started and that are still there."""
    result = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(path, encoding="ascii") as file:
                result += [int(word) for word in file.read().split()]
        except OSError:
            pass
    return result
