"""Remote sensors over TCP: a scripted capture tool on one side, the API on the other."""
import os
import socket
import struct
import threading
import time

import msgpack
import pytest

from support import air, sensor
from support.norn import ROOT, free_port
from support.sensor import Sensor

AP = air.AccessPoint("00:13:10:aa:00:01", "far away", 6)


@pytest.fixture
def server(serve):
    port = free_port()
    started = serve("--set", "remote_capture_enabled=true", "--set", f"remote_capture_port={port}")
    started.remote_port = port
    return started


def source(server, name="far"):
    rows = [row for row in server.sources() if row["kismet.datasource.name"] == name]
    return rows[0] if rows else {}


def wait_running(server, name="far", running=1):
    server.wait_for(lambda: source(server, name).get("kismet.datasource.running") == running, 10,
                    f"running {running}")
    return source(server, name)


def beacon():
    return air.radiotap(air.beacon(AP), 6, -40)


def tell(server, path, body):
    """A command in the background: its answer when joined."""
    answers = []
    uuid = sensor.UUID
    thread = threading.Thread(target=lambda: answers.append(
        server.command(f"/datasource/by-uuid/{uuid}/{path}.cmd", body)))
    thread.start()

    def finish():
        thread.join(20)
        return answers[0]
    return finish


def test_a_sensor_becomes_a_source_and_its_packets_devices(server):
    with Sensor(server.remote_port, "wlan0:name=far,channels=\"1,6\"") as far:
        asked = far.open()
        assert asked == 'wlan0:name=far,channels="1,6"', "the definition as it was typed"
        request = far.configured()
        assert request[2][5] == ["1", "6"] and request[2][1] == 5
        for _ in range(3):
            far.packet(beacon())
        row = wait_running(server)
        assert row["kismet.datasource.remote"] == 1
        assert row["kismet.datasource.uuid"] == sensor.UUID
        assert row["kismet.datasource.capture_interface"] == "wlan0mon"
        assert row["kismet.datasource.hardware"] == "ath9k"
        assert row["kismet.datasource.channels"] == ["1", "6", "11"]
        assert row["kismet.datasource.hopping"] == 1
        server.wait_for(lambda: AP.bssid.upper() in server.devices(), 10, "the device")
        device = server.devices()[AP.bssid.upper()]
        assert device["kismet.device.base.packets.total"] == 3
        assert abs(device["kismet.device.base.last_time"] - time.time()) < 5
    server.wait_for(lambda: source(server)["kismet.datasource.error"], 10, "the end")
    assert "hung up" in source(server)["kismet.datasource.error_reason"]


def test_the_time_of_arrival_replaces_the_sensors_own(server):
    with Sensor(server.remote_port) as far:
        far.open()
        far.packet(beacon(), when=1000000000)
        server.wait_for(lambda: AP.bssid.upper() in server.devices(), 10, "the device")
        first = server.devices()[AP.bssid.upper()]["kismet.device.base.first_time"]
        assert abs(first - time.time()) < 5
    with Sensor(server.remote_port, "wlan1:name=kept,timestamp=false",
                uuid=sensor.UUID.replace("0001", "0002")) as far:
        far.open()
        far.packet(air.radiotap(air.beacon(air.AccessPoint("00:13:10:aa:00:02", "x", 6)), 6, -40),
                   when=1000000000)
        server.wait_for(lambda: "00:13:10:AA:00:02" in server.devices(), 10, "the device")
        device = server.devices()["00:13:10:AA:00:02"]
        assert device["kismet.device.base.first_time"] == 1000000000


def test_lock_and_hop_go_to_the_tool_and_back(server):
    with Sensor(server.remote_port) as far:
        far.open()
        far.configured()
        wait_running(server)
        done = tell(server, "set_channel", {"channel": "6HT40+"})
        assert far.configured() == {1: "6HT40+"}
        assert done().status_code == 200
        row = source(server)
        assert row["kismet.datasource.hopping"] == 0
        assert row["kismet.datasource.channel"] == "6HT40+"
        done = tell(server, "set_channel", {"channels": ["1", "11"], "rate": 2, "shuffle": False})
        request = far.configured()[2]
        assert request[5] == ["1", "11"] and request[1] == 2 and request[2] is False
        assert done().status_code == 200
        row = source(server)
        assert row["kismet.datasource.hopping"] == 1
        assert row["kismet.datasource.hop_channels"] == ["1", "11"]
        assert row["kismet.datasource.hop_rate"] == 2
        done = tell(server, "set_channel", {"rate": "3"})
        request = far.configured()[2]
        assert request[5] == ["1", "11"] and request[1] == 3
        assert done().status_code == 200
        assert source(server)["kismet.datasource.hop_rate"] == 3
        answer = tell(server, "set_channel", {"chanel": "6"})()
        assert answer.status_code == 400 and "channel (to lock)" in answer.text


def test_a_radio_that_refuses(server):
    with Sensor(server.remote_port) as far:
        far.open()
        far.configured()
        wait_running(server)
        done = tell(server, "set_channel", {"channel": "14"})
        far.configured(code=0, _4="regulatory domain forbids 14")
        answer = done()
        assert answer.status_code == 400 and "forbids 14" in answer.text
        assert source(server)["kismet.datasource.hopping"] == 1, "it hops as before"


def test_a_tool_that_cannot_tune_is_never_told_to(server):
    with Sensor(server.remote_port, "hci0:name=far", kind="linuxbluetooth") as far:
        far.open(channels=())
        wait_running(server)
        answer = tell(server, "set_channel", {"channel": "6"})()
        assert answer.status_code == 400 and "cannot be tuned" in answer.text
        assert far.heard_within(2.5) <= {sensor.PING}


def test_a_list_that_the_tool_cut_down(server):
    with Sensor(server.remote_port) as far:
        far.open()
        far.configured()
        far.send(sensor.CONFIGURED, {1: 0, 3: {1: 5.0, 2: True, 3: 1, 5: ["1", "6"], 6: True}},
                 code=1, sequence=0)
        server.wait_for(lambda: source(server)["kismet.datasource.hop_channels"] == ["1", "6"], 10,
                        "the shorter list")


def test_a_sensor_that_comes_again_goes_on(server):
    with Sensor(server.remote_port, x32=77) as far:
        far.new_source[32] = 77
        far.open(_32=77)
        far.configured()
        for number in range(100, 110):
            far.packet(beacon(), sequence=number)
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == 10, 10, "ten")
        done = tell(server, "set_channel", {"channel": "11"})
        far.configured()
        done()
    with Sensor(server.remote_port) as far:
        far.open(_32=77)
        assert far.configured() == {1: "11"}, "what it was told before"
        for number in range(105, 115):  # five of these came before
            far.packet(beacon(), sequence=number)
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] >= 15, 10, "more")
        time.sleep(0.3)
        assert source(server)["kismet.datasource.num_packets"] == 15
    with Sensor(server.remote_port) as far:
        far.open(_32=78)  # another process: its numbers start again
        far.packet(beacon(), sequence=2)
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == 16, 10, "one")


def test_a_new_connection_replaces_the_old_one(server):
    with Sensor(server.remote_port) as old, Sensor(server.remote_port) as new:
        old.open()
        wait_running(server)
        new.open()
        with pytest.raises((ConnectionError, OSError)):
            while True:
                old.receive()
        new.packet(beacon())
        server.wait_for(lambda: source(server)["kismet.datasource.num_packets"] == 1, 10, "one")
        assert len(server.sources()) == 1


def test_an_open_that_fails(server):
    with Sensor(server.remote_port) as far:
        far.open(code=0, _9="no such interface")
        server.wait_for(lambda: source(server).get("kismet.datasource.error"), 10, "the error")
        assert "no such interface" in source(server)["kismet.datasource.error_reason"]


def test_an_error_ends_it_with_the_tools_words(server):
    with Sensor(server.remote_port) as far:
        far.open()
        wait_running(server)
        far.send(sensor.ERROR, {1: "the radio was unplugged"}, code=1, sequence=0)
        server.wait_for(lambda: source(server)["kismet.datasource.error"], 10, "the error")
        assert "unplugged" in source(server)["kismet.datasource.error_reason"]


def test_positions_signals_and_reports_of_the_sensor(server):
    with Sensor(server.remote_port) as far:
        far.open()
        place = {1: 47.5, 2: 8.25, 3: 400.0, 4: 3, 8: int(time.time()), 10: "remote-fixed"}
        body = air.beacon(AP)
        far.packet(body, link_type=sensor.WLAN, _1=place,
                   _2={1: (-61) & 0xffffffff, 2: (-95) & 0xffffffff, 5: 2437000, 7: "6"})
        far.send(sensor.PACKET, {5: {1: "linuxbthci", 2: int(time.time()), 3: 0,
                                     4: '{"addr": "00:11:22:33:44:55", "type": 1}'}})
        server.wait_for(lambda: AP.bssid.upper() in server.devices(), 10, "the device")
        device = server.devices()[AP.bssid.upper()]
        signal = device["kismet.device.base.signal"]
        assert signal["kismet.common.signal.last_signal"] == -61
        assert device["kismet.device.base.frequency"] == 2437000
        last = device["kismet.device.base.location"]["kismet.common.location.last"]
        assert last["kismet.common.location.geopoint"] == [8.25, 47.5]


def test_drops_and_dwells_go_into_the_ledger(server):
    with Sensor(server.remote_port) as far:
        far.open()
        far.send(sensor.PACKET, {32: {1: 100, 2: 7, 3: 1, 4: 2},
                                 33: [{1: "6", 2: 200, 3: True}, {1: "165", 4: True}]})
        wait_running(server)
        path = f"/datasource/by-uuid/{sensor.UUID}/coverage.json"
        server.wait_for(lambda: server.json(path)["norn.coverage.source.kernel_drops"] == 7, 10,
                        "drops")
        record = server.json(path)
        rows = {row["norn.coverage.channel.name"]: row
                for row in record["norn.coverage.source.channels"]}
        assert rows["6"]["norn.coverage.channel.listened"] == pytest.approx(0.2)
        assert rows["165"]["norn.coverage.channel.refused"] == 1
        assert record["norn.coverage.source.tool_drops"] == 2


# what is no sensor, or none that can be used
@pytest.mark.parametrize("words, said", [
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "no frame"),
    (b"\xde\xca\xfb\xad\xab\xcd\x00\x02\x00\x00\x00\x00PING" + bytes(32), "version 2"),
    (b"\xde\xca\xfb\xad\xa9\xa9\x00\x03\xff\xff\xff\xff\x00\x13\x00\x00\x00\x00\x00\x01", "bytes"),
    (sensor.frame(sensor.NEW_SOURCE, {1: "x0", 2: "nonsense", 3: ""}), "does not know"),
    (sensor.frame(sensor.NEW_SOURCE, {1: "a,b:c", 2: "linuxwifi", 3: ""}), "refused"),
])
def test_what_is_refused(server, words, said):
    with socket.create_connection(("127.0.0.1", server.remote_port), 10) as connection:
        connection.sendall(words)
        connection.settimeout(10)
        while connection.recv(4096):
            pass
    server.wait_for(lambda: said in server.console, 10, "the reason")
    assert server.sources() == []


def test_a_uuid_of_another_kind_is_refused(server):
    with Sensor(server.remote_port) as far, \
            Sensor(server.remote_port, "hci0:name=other", kind="linuxbluetooth") as other:
        far.open()
        wait_running(server)
        other.send(sensor.NEW_SOURCE, other.new_source)
        with pytest.raises((ConnectionError, OSError)):
            other.receive()
        server.wait_for(lambda: "its UUID is that of" in server.console, 10, "the reason")
        assert source(server)["kismet.datasource.running"] == 1


def test_lies_within_a_source_cost_only_that_source(server):
    other = sensor.UUID.replace("0001", "0002")
    with Sensor(server.remote_port) as far, \
            Sensor(server.remote_port, "wlan1:name=good", uuid=other) as good:
        far.open()
        good.open()
        wait_running(server)
        wait_running(server, "good")
        cut = sensor.frame(sensor.PACKET, {4: {1: 127, 6: b"x" * 9}})[:-3]
        far.socket.sendall(cut + b"\xff" * 9)
        server.wait_for(lambda: source(server)["kismet.datasource.error"], 10, "the error")
        good.packet(beacon())
        server.wait_for(lambda: source(server, "good")["kismet.datasource.num_packets"] == 1, 10,
                        "the other's packet")


def test_many_that_say_nothing(server):
    silent = [socket.create_connection(("127.0.0.1", server.remote_port), 10) for _ in range(100)]
    for connection in silent:
        connection.close()
    with Sensor(server.remote_port) as far:
        far.open()
        wait_running(server)


def test_a_tool_that_stops_answering(server):
    with Sensor(server.remote_port) as far:
        far.open()
        wait_running(server)
        server.wait_for(lambda: source(server)["kismet.datasource.error"], 25, "silence")
        assert "15 seconds" in source(server)["kismet.datasource.error_reason"]


def transcript(name):
    folder = os.environ.get("NORN_TRANSCRIPTS") or os.path.join(
        ROOT, "..", "shared", "reference", "transcripts")
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        pytest.skip("no recordings of a stock tool: set NORN_TRANSCRIPTS")
    with open(path, "rb") as file:
        return file.read()


@pytest.mark.parametrize("name", ["pcapfile-tcp.tool.bin", "pcapfile-tcp-gps.tool.bin"])
def test_the_bytes_of_a_stock_tool(server, name):
    """What kismet_cap_pcapfile once sent, but for the number of the request it answers."""
    data = transcript(name)
    frames, at = [], 0
    while at < len(data):
        length = struct.unpack(">I", data[at + 8:at + 12])[0]
        frames.append(data[at:at + 20 + length])
        at += 20 + length
    kinds = [struct.unpack(">H", one[12:14])[0] for one in frames]
    packets = kinds.count(sensor.PACKET)
    with Sensor(server.remote_port) as far:
        far.socket.sendall(frames[kinds.index(sensor.NEW_SOURCE)])
        sequence, _ = far.receive(sensor.OPEN_REQUEST)
        report = msgpack.unpackb(frames[kinds.index(sensor.OPEN_REPORT)][20:], strict_map_key=False)
        far.send(sensor.OPEN_REPORT, {**report, 1: sequence}, code=1, sequence=sequence)
        rest = b"".join(one for one, kind in zip(frames, kinds)
                        if kind not in (sensor.NEW_SOURCE, sensor.OPEN_REPORT))
        for begin in range(0, len(rest), 777):
            far.socket.sendall(rest[begin:begin + 777])
        server.wait_for(lambda: server.sources() and
                        server.sources()[0]["kismet.datasource.num_packets"] == packets, 15,
                        "every packet")
        row = server.sources()[0]
        assert row["kismet.datasource.type_driver"]["kismet.datasource.driver.type"] == "pcapfile"
        server.wait_for(lambda: server.json("/phy/all_phys.json")[0]["kismet.phy.packet_count"]
                        == packets, 10, "every packet's devices")
        devices = server.devices()
        assert devices
        located = [row for row in devices.values() if "kismet.device.base.location" in row]
        assert bool(located) == ("gps" in name)
