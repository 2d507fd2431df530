"""The bar of small requests: one status record, asked for by 32 connections at a time."""
import os
import re
import subprocess

import captures
import server
from server import Row

STATUS = "/system/status.json"
CONNECTIONS = 32
SECONDS = 3
TIMES = 5
LEAST = 25000
FACTOR = 1.3
BARE = os.path.join(captures.ROOT, "build", "release", "bench_bare_http")


def processor_seconds(pid):
    """User and system time of a process and its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(pid, port):
    """Requests for each second of the server's processor time, and each second of the clock."""
    before = processor_seconds(pid)
    run = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s",
                          f"http://127.0.0.1:{port}{STATUS}"],
                         check=True, capture_output=True, text=True)
    worked = processor_seconds(pid) - before
    if "Non-2xx" in run.stdout:
        raise RuntimeError(run.stdout)
    count = int(re.search(r"(\d+) requests in", run.stdout).group(1))
    return count / worked, float(re.search(r"Requests/sec:\s+([\d.]+)", run.stdout).group(1))


def small():
    """norn and bare libmicrohttpd in turn; the best of each, since others use the machine too."""
    subprocess.run(["cmake", "--build", os.path.dirname(BARE), "--target", "bench_bare_http"],
                   check=True, stdout=subprocess.DEVNULL)
    threads = str(min(4, max(2, os.cpu_count())))
    with server.Server() as norn:
        answer = subprocess.run(["curl", "-s", "-i", norn.url + STATUS], check=True,
                                capture_output=True).stdout
        bare = subprocess.Popen([BARE, threads], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        bare.stdin.write(answer)
        bare.stdin.close()
        port = int(bare.stdout.readline())
        own, other = [], []
        for _ in range(TIMES):
            own.append(ask(norn.process.pid, norn.port))
            other.append(ask(bare.pid, port))
        bare.terminate()
        bare.wait()
    a_core, bare_core = max(own)[0], max(other)[0]
    size = len(answer.split(b"\r\n\r\n", 1)[1])
    yield Row("small", a_core >= LEAST or bare_core / a_core <= FACTOR,
              f"{STATUS} for {CONNECTIONS} connections: at least {LEAST:,}/s a core, or within "
              f"{FACTOR} of bare libmicrohttpd",
              f"{a_core:,.0f}/s a core ({max(each[1] for each in own):,.0f}/s beside wrk), "
              f"{size} bytes each",
              f"libmicrohttpd alone with the same bytes: {bare_core:,.0f}/s a core, "
              f"{bare_core / a_core:.2f} times as many",
              f"wrk -t1 -c{CONNECTIONS} -d{SECONDS}s http://127.0.0.1:PORT{STATUS}")
