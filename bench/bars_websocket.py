"""Bars of websockets: many clients that are told the same, and many sensors that send.

Both servers, norn's (bench/websocket_server.c) and the yardstick (Python's websockets, in asyncio),
meet the same clients (bench/websocket_client.c). usage of the yardstick's server, which
says port=NUMBER: bars_websocket.py RATE
"""
import asyncio
import os
import subprocess
import sys
import time

import captures
from server import Row

RELEASE = os.path.join(captures.ROOT, "build", "release")
CLIENT = os.path.join(RELEASE, "bench_websocket_client")
SERVER = os.path.join(RELEASE, "bench_websocket_server")
SUBSCRIBERS, RATE, SECONDS = 500, 100, 5
SENSORS, SENSOR_RATE = 64, 2000
YARDSTICK_RATE = 20  # of a sensor: what Python keeps up with
MESSAGE = 300


def build(*more):
    subprocess.run(["cmake", "--build", RELEASE, "--target", "bench_websocket_server",
                    "bench_websocket_client", *more], check=True, stdout=subprocess.DEVNULL)


def cpu_seconds(pid):
    """Processor time of a process and all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures(text):
    return {name: float(value) for name, value in
            (line.split("=") for line in text.split() if "=" in line)}


class Measured:
    """A server under the clients' load: its figures, the clients', and its processor time while
    they were all connected."""

    def __init__(self, command, action, path, *numbers):
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        port = server.stdout.readline().strip().removeprefix("port=")
        client = subprocess.Popen([CLIENT, action, port, path, *map(str, numbers)],
                                  stdout=subprocess.PIPE, text=True)
        client.stdout.readline()  # all are connected
        began, before = time.perf_counter(), cpu_seconds(server.pid)
        said, _ = client.communicate(timeout=120)
        self.cpu = cpu_seconds(server.pid) - before
        self.seconds = time.perf_counter() - began
        time.sleep(0.5)  # for what is still under way
        told, _ = server.communicate(timeout=30)
        self.client, self.server = figures(said), figures(told)


def yardstick(rate):
    return [sys.executable, os.path.abspath(__file__), str(rate)]


def share_of(measured):
    """What a row says of the messages that all are told."""
    told = measured.client["count"] / (SUBSCRIBERS * SECONDS)
    each = measured.cpu * 1e6 / measured.client["count"]
    return (f"{measured.cpu / measured.seconds:.0%} of a core, {each:.1f} µs each, p50 "
            f"{measured.client['p50'] / 1e3:.1f} ms, p99 {measured.client['p99'] / 1e3:.1f} ms, "
            f"{told:.0f} messages/s each")


def shared():
    """500 clients, each told 100 messages of 300 bytes a second, all the same."""
    build()
    numbers = (SUBSCRIBERS, SECONDS)
    norn = Measured([SERVER, "shared", str(RATE)], "read", "/shared.ws", *numbers)
    other = Measured(yardstick(RATE), "read", "/shared.ws", *numbers)
    whole = norn.client["count"] >= 0.95 * SUBSCRIBERS * RATE * SECONDS
    each = norn.cpu * 1e6 / norn.client["count"]
    yield Row("shared", whole and each < 15 and norn.client["p99"] < 20e3,
              f"{SUBSCRIBERS} websockets are told {RATE} messages/s each: 15 µs of processor time "
              "a message, p99 < 20 ms",
              share_of(norn), f"Python's websockets.broadcast: {share_of(other)}",
              f"bench_websocket_server shared {RATE}; bench_websocket_client read PORT /shared.ws "
              f"{SUBSCRIBERS} {SECONDS}")


def sensors():
    """64 sensors send 2,000 messages of 300 bytes a second each, one a system call."""
    build()
    norn = Measured([SERVER, "sensors"], "send", "/sensors.ws", SENSORS, SECONDS, SENSOR_RATE)
    other = Measured(yardstick(0), "send", "/sensors.ws", SENSORS, SECONDS, YARDSTICK_RATE)
    came = norn.server["bytes"] / MESSAGE
    each = norn.server["nanoseconds"] / 1e3 / max(came, 1)
    yield Row("sensors", came == norn.client["count"] and each <= 4.0,
              f"{SENSORS} sensors send {SENSOR_RATE:,} messages/s each: 4 µs of processor time a "
              "message, none lost",
              f"{each:.2f} µs, {came:,.0f} of {norn.client['count']:,.0f} messages came "
              f"({came / norn.seconds:,.0f}/s)",
              f"Python's websockets: {other.cpu * 1e6 / other.client['count']:.1f} µs at "
              f"{YARDSTICK_RATE} messages/s each",
              f"bench_websocket_server sensors; bench_websocket_client send PORT /sensors.ws "
              f"{SENSORS} {SECONDS} {SENSOR_RATE}")


async def serve_yardstick(rate):
    """The same endpoint with Python's websockets; ends with its standard input."""
    import websockets
    everyone = set()

    async def take(socket):
        everyone.add(socket)
        async for _ in socket:
            pass
        everyone.discard(socket)

    async def publish():
        while rate:
            await asyncio.sleep(1 / rate)
            websockets.broadcast(everyone, f"{time.monotonic_ns():020}".ljust(MESSAGE, "."))

    async with websockets.serve(take, "127.0.0.1", 0, compression=None) as server:
        print(f"port={server.sockets[0].getsockname()[1]}", flush=True)
        publisher = asyncio.create_task(publish())
        await asyncio.to_thread(sys.stdin.read)
        publisher.cancel()
        for socket in list(everyone):
            socket.transport.abort()


if __name__ == "__main__":
    asyncio.run(serve_yardstick(int(sys.argv[1])))
