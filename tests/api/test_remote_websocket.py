"""Remote sensors over websockets, plain and secure: logins, packets, tuning, pings, ends."""
import os
import socket
import ssl
import threading
import time

import pytest

from support import air
from support.norn import PASSWORD, USER, new_home
from support.sensor import PING, RADIOTAP, Sensor
from support.websocket_line import WebSocketLine

AP = air.AccessPoint("00:13:10:aa:00:02", "by websocket", 6)
PATH = "/datasource/remote/remotesource.ws"
LOGIN = f"?user={USER}&password={PASSWORD.replace(' ', '%20')}"


def connect(server, path=PATH + LOGIN, headers=()):
    line = socket.create_connection(("127.0.0.1", server.port), 20)
    line.settimeout(20)
    if server.certificate:
        context = ssl.create_default_context(cafile=server.certificate)
        line = context.wrap_socket(line, server_hostname="localhost")
    return WebSocketLine(line, path, headers)


@pytest.fixture(params=["ws", "wss"])
def server(serve, request):
    if request.param == "ws":
        started = serve()
        started.certificate = None
        return started
    home = new_home()
    started = serve("--set", "httpd_ssl_self_signed=true", home=home, ready=False)
    started.wait_for(lambda: "ready at" in started.console, 20, "the address")
    started.certificate = os.path.join(home, "httpd_cert.pem")
    started.scheme, started.host = "https", "localhost"
    return started


def ask(server, path):
    answer = server.get(path, verify=server.certificate or True)
    assert answer.status_code == 200, answer.text
    return answer.json()


def source(server, name="far"):
    rows = [row for row in ask(server, "/datasource/all_sources.json")
            if row["kismet.datasource.name"] == name]
    return rows[0] if rows else {}


def test_a_sensor_is_opened_tuned_and_heard(server):
    with Sensor(0, line=connect(server)) as sensor:
        assert sensor.open() == "wlan0:name=far"
        sensor.configured()
        server.wait_for(lambda: source(server).get("kismet.datasource.running"), 10, "running")
        assert source(server)["kismet.datasource.remote"] == 1
        for _ in range(20):
            sensor.packet(air.radiotap(air.beacon(AP), 6, -40))
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == 20, 10,
                        "the packets")
        devices = ask(server, "/devices/by-mac/00:13:10:AA:00:02/devices.json")
        assert devices[0]["kismet.device.base.name"] == "by websocket"
        uuid = source(server)["kismet.datasource.uuid"]
        answers = []
        teller = threading.Thread(target=lambda: answers.append(server.command(
            f"/datasource/by-uuid/{uuid}/set_channel.cmd", {"channel": "11"},
            verify=server.certificate or True)))
        teller.start()
        assert sensor.configured()[1] == "11"
        teller.join(20)
        assert answers[0].status_code == 200, answers[0].text
        assert source(server)["kismet.datasource.channel"] == "11"
    server.wait_for(lambda: source(server)["kismet.datasource.error"], 10, "the end noticed")


def test_the_tool_is_pinged_each_second(server):
    with Sensor(0, line=connect(server)) as sensor:
        sensor.open()
        sensor.receive(PING)
        began = time.monotonic()
        for _ in range(2):
            sensor.receive(PING)
        assert 1 < time.monotonic() - began < 6


@pytest.mark.parametrize("path, headers", [
    (PATH, ()), (PATH + "?user=x&password=y", ()), (PATH + "?KISMET=0123", ()),
    (PATH, ("Cookie: KISMET=" + "0" * 32,)),
])
def test_without_a_login_it_is_refused(serve, path, headers):
    server = serve()
    server.certificate = None
    with pytest.raises(ConnectionError, match="401"):
        connect(server, path, headers)


@pytest.mark.parametrize("role, good", [("datasource", True), ("admin", True),
                                        ("readonly", False), ("WEBGPS", False)])
def test_an_api_key_must_have_the_role(serve, role, good):
    server = serve()
    server.certificate = None
    key = server.command("/auth/apikey/generate.cmd", {"name": "s", "role": role}).text
    if not good:
        with pytest.raises(ConnectionError, match="401"):
            connect(server, f"{PATH}?KISMET={key}")
        return
    with Sensor(0, line=connect(server, f"{PATH}?KISMET={key}")) as sensor:
        sensor.open()
        server.wait_for(lambda: source(server).get("kismet.datasource.running"), 10, "running")


def test_lies_cost_only_the_connection(serve):
    server = serve()
    server.certificate = None
    line = connect(server)
    line.sendall(b"GET / HTTP/1.1\r\n\r\n" * 3)
    while line.recv(0):
        pass  # a ping may come first
    with Sensor(0, line=connect(server)) as sensor:
        sensor.open()
        server.wait_for(lambda: source(server).get("kismet.datasource.running"), 10, "running")


def test_many_megabytes_go_through_in_order(server):
    frame = air.radiotap(air.beacon(AP), 6, -40) + bytes(1200)
    count = 20000
    with Sensor(0, line=connect(server)) as sensor:
        sensor.open()
        sensor.configured()
        for number in range(count):
            sensor.packet(frame, RADIOTAP)
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == count, 60,
                        "the packets")
