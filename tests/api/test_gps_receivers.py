"""Receivers that are connected: NMEA on a serial line and over TCP, gpsd and its failures; several
at once; adding and removing them."""
import shutil
import threading
import time

import pytest

from support import positions

PREFIX = "kismet.common.location."


def location(server):
    record = server.json("/gps/location.json")
    return {name.removeprefix(PREFIX): value for name, value in record.items()}


def receivers(server):
    return {record["kismet.gps.name"]: record for record in server.json("/gps/all_gps.json")}


def wait_for_place(server, latitude, seconds=15):
    def there():
        return abs(location(server).get("geopoint", [0, 0])[1] - latitude) < 1e-5
    server.wait_for(there, seconds, f"latitude {latitude}")
    return location(server)


def connected(server, name):
    return receivers(server)[name]["kismet.gps.connected"] == 1


@pytest.fixture
def made():
    """Remembers things that are to be closed."""
    things = []
    yield things
    for thing in things:
        thing.close()


def keep(made, thing):
    made.append(thing)
    return thing


def test_nmea_on_a_serial_line(serve, made):
    line = keep(made, positions.SerialLine())
    server = serve("--set", f"gps=serial:device={line.path},baud=9600,name=car")
    server.wait_for(lambda: connected(server, "car"), what="open line")
    line.say(positions.epoch(47.4, -8.5, 408, 36, 90.5))
    here = wait_for_place(server, 47.4)
    assert here["geopoint"] == pytest.approx([-8.5, 47.4], abs=1e-5)
    assert here["fix"] == 3 and here["alt"] == 408 and here["heading"] == 90.5
    assert here["speed"] == pytest.approx(36, abs=0.01)
    assert server.json("/gps/location.json")["norn.location.accuracy"] == pytest.approx(4.5)
    record = receivers(server)["car"]
    assert record["norn.gps.satellites"] == 8
    assert record["kismet.gps.description"] == f"NMEA on {line.path} at 9600 baud"
    assert abs(record["kismet.gps.signal_time"] - time.time()) < 10
    assert "gps car: connected" in server.console
    line.say("noise \xff\x00 without an end" + "x" * 20000 + "\r\n" + positions.epoch(47.5, -8.5))
    assert wait_for_place(server, 47.5)["fix"] == 2
    line.say(positions.lost())
    server.wait_for(lambda: location(server).get("fix", 0) == 0, what="loss of the fix")


def test_a_line_that_goes_away_is_told_once(serve):
    line = positions.SerialLine()
    server = serve("--set", f"gps=serial:device={line.path},name=car")
    server.wait_for(lambda: connected(server, "car"), what="open line")
    line.say(positions.epoch(47.4, 8.5))
    wait_for_place(server, 47.4)
    line.close()
    server.wait_for(lambda: not connected(server, "car"), what="loss of the line")
    assert receivers(server)["car"]["norn.gps.error"]
    time.sleep(4)  # tried again meanwhile
    assert server.console.count("gps car: not connected") == 1
    assert location(server)["fix"] == 2  # a fix holds for thirty seconds


@pytest.mark.parametrize("device", ["/dev/null", "/dev/does-not-exist", "/etc/passwd"])
def test_only_serial_lines_are_opened(serve, device):
    server = serve("--set", f"gps=serial:device={device},name=car")
    server.wait_for(lambda: "gps car: not connected" in server.console, what="refusal")
    assert not connected(server, "car")


def test_nmea_over_tcp(serve, made):
    phone = keep(made, positions.TcpServer())
    server = serve("--set", f"gps=tcp:host=127.0.0.1,port={phone.port},name=phone")
    server.wait_for(lambda: phone.connections, what="connection")
    phone.say(positions.epoch(-33.5, 151.25, 12))
    here = wait_for_place(server, -33.5)
    assert here["fix"] == 3 and here["geopoint"][0] == pytest.approx(151.25)


def test_gpsd(serve, made):
    gpsd = keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:host=localhost,port={gpsd.port},name=car")
    server.wait_for(lambda: b"?WATCH={\"enable\":true,\"json\":true};" in gpsd.heard,
                    what="word from norn")
    gpsd.say(positions.tpv(47.4, 8.5, altMSL=400, speed=10, track=45, eph=3.5))
    here = wait_for_place(server, 47.4)
    assert here["speed"] == 36 and here["heading"] == 45 and here["fix"] == 3
    record = receivers(server)["car"]
    assert record["kismet.gps.description"] == f"gpsd at localhost port {gpsd.port}"
    assert record["kismet.gps.priority"] == -1000
    assert record["kismet.gps.instance"]["kismet.gps.type.class"] == "gpsd"


def test_a_gpsd_that_dies_and_returns(serve):
    gpsd = positions.Gpsd()
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={gpsd.port},name=car")
    server.wait_for(lambda: gpsd.connections, what="connection")
    gpsd.say(positions.tpv(47.4, 8.5))
    wait_for_place(server, 47.4)
    gpsd.close()
    server.wait_for(lambda: not connected(server, "car"), what="loss of gpsd")
    server.wait_for(lambda: "refused" in receivers(server)["car"]["norn.gps.error"],
                    what="a try in vain")
    gpsd.open()
    server.wait_for(lambda: connected(server, "car"), what="gpsd again")
    gpsd.say(positions.tpv(47.5, 8.5))
    wait_for_place(server, 47.5)
    assert server.console.count("gps car: not connected") == 1
    assert server.console.count("gps car: connected") == 2
    gpsd.close()


def test_a_gpsd_that_stalls_is_asked_then_left(serve, made):
    gpsd = keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={gpsd.port},name=car")
    server.wait_for(lambda: gpsd.connections, what="connection")
    gpsd.say(positions.tpv(47.4, 8.5))
    wait_for_place(server, 47.4)
    server.wait_for(lambda: gpsd.heard.count(b"?WATCH") == 2, 15, "question whether it lives")
    assert connected(server, "car") and gpsd.accepted == 1
    server.wait_for(lambda: gpsd.accepted == 2, 30, "another connection")
    gpsd.say(positions.tpv(47.6, 8.5))
    wait_for_place(server, 47.6)


def test_receivers_that_go_while_norn_stops_do_no_harm(serve, made):
    """What is said of each of them has somewhere to go to the last moment. gpsd often ends with the
    machine, as norn does."""
    count = 60
    for _ in range(4):
        gpsd = keep(made, positions.Gpsd())
        server = serve(*(word for i in range(count) for word in
                         ("--set", f"gps=gpsd:host=127.0.0.1,port={gpsd.port},name=g{i}")))
        server.wait_for(lambda: server.console.count(": connected: ") == count, what="connections")
        leaving = threading.Thread(target=gpsd.hang_up, args=(0.0003,))
        leaving.start()
        server.stop()
        leaving.join()


def test_garbage_from_gpsd_does_no_harm(serve, made):
    gpsd = keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={gpsd.port},name=car")
    server.wait_for(lambda: gpsd.connections, what="connection")
    for line in ("[" * 16000, "{\"class\":\"TPV\"}", "x" * 100000, "\0\xff", "{\"class\":\"TPV\",",
                 positions.tpv(91, 8.5), positions.tpv(0, 0)):
        gpsd.say(line + "\n")
    gpsd.say(positions.tpv(47.4, 8.5))
    assert wait_for_place(server, 47.4)["fix"] == 2


@pytest.mark.skipif(not shutil.which("gpsfake"), reason="needs gpsfake (make deps)")
def test_the_real_gpsd_with_a_recorded_track(serve, made, tmp_path):
    places, log = positions.track()
    fake = keep(made, positions.Gpsfake(tmp_path / "track.nmea", log))
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={fake.port},name=car")
    server.wait_for(lambda: location(server).get("fix") == 3, 20, "fix")
    seen = []
    while len(set(seen)) < 5:
        here = location(server)
        assert here["geopoint"][0] == pytest.approx(8.5, abs=1e-5) and here["alt"] == 408
        seen.append(round(here["geopoint"][1], 5))
        time.sleep(0.1)
    assert seen == sorted(seen)
    assert min(abs(seen[-1] - place) for place in places.values()) < 2e-5
    assert here["speed"] == pytest.approx(40, abs=0.1) and here["heading"] == 0
    assert receivers(server)["car"]["kismet.gps.connected"] == 1


def test_the_best_of_several_wins(serve, made):
    flat, full = keep(made, positions.Gpsd()), keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:port={flat.port},name=flat,host=127.0.0.1",
                   "--set", f"gps=gpsd:port={full.port},name=full,host=127.0.0.1",
                   "--set", "gps=virtual:lat=1,lon=1,alt=1")
    server.wait_for(lambda: flat.connections and full.connections, what="connections")
    assert location(server)["geopoint"] == [1, 1]  # a fixed place stands in
    flat.say(positions.tpv(10, 8.5, eph=2))
    wait_for_place(server, 10)
    full.say(positions.tpv(20, 8.5, altMSL=5, eph=50))
    wait_for_place(server, 20)
    flat.say(positions.tpv(10.5, 8.5, altMSL=5, eph=20))
    wait_for_place(server, 10.5)
    full.say(positions.tpv(20.5, 8.5, altMSL=5, eph=10))
    here = wait_for_place(server, 20.5)
    assert here["gps_uuid"] == receivers(server)["full"]["kismet.gps.uuid"]
    full.say("{\"class\":\"TPV\",\"mode\":1,\"device\":\"/dev/ttyUSB0\"}\n")
    wait_for_place(server, 10.5)


def test_priority_decides_between_equals(serve, made):
    one, two = keep(made, positions.Gpsd()), keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={one.port},name=one,priority=5",
                   "--set", f"gps=gpsd:host=127.0.0.1,port={two.port},name=two,priority=-5")
    server.wait_for(lambda: one.connections and two.connections, what="connections")
    one.say(positions.tpv(10, 8.5, eph=5))
    wait_for_place(server, 10)
    two.say(positions.tpv(20, 8.5, eph=5))
    wait_for_place(server, 20)
    assert [record["kismet.gps.name"] for record in server.json("/gps/all_gps.json")] == \
        ["two", "one"]


def test_data_only_is_never_the_best(serve, made):
    gpsd = keep(made, positions.Gpsd())
    server = serve("--set", f"gps=gpsd:host=127.0.0.1,port={gpsd.port},name=car,dataonly=true",
                   "--set", "gps=virtual:lat=1,lon=2")
    server.wait_for(lambda: gpsd.connections, what="connection")
    gpsd.say(positions.tpv(10, 8.5, altMSL=5, eph=5))
    server.wait_for(lambda: receivers(server)["car"]["kismet.gps.signal_time"], what="fix")
    assert location(server)["geopoint"] == [2, 1]


def test_drivers(serve):
    server = serve()
    drivers = {record["kismet.gps.type.class"]: record
               for record in server.json("/gps/drivers.json")}
    assert sorted(drivers) == ["gpsd", "meta", "serial", "tcp", "virtual", "web"]
    assert drivers["gpsd"]["kismet.gps.type.priority"] == -1000
    assert [kind for kind in drivers if drivers[kind]["kismet.gps.type.singleton"]] == \
        ["virtual", "web"]
    assert all(record["kismet.gps.type.description"] for record in drivers.values())


def test_adding_and_removing(serve, made):
    gpsd = keep(made, positions.Gpsd())
    server = serve()
    added = server.command("/gps/add_gps.cmd",
                           {"definition": f"gpsd:host=127.0.0.1,port={gpsd.port},name=car"})
    assert added.status_code == 200
    record = added.json()
    assert record["kismet.gps.name"] == "car"
    server.wait_for(lambda: gpsd.connections, what="connection")
    gpsd.say(positions.tpv(47.4, 8.5))
    wait_for_place(server, 47.4)
    by_uuid = f"/gps/by-uuid/{record['kismet.gps.uuid']}"
    assert server.json(by_uuid + "/location.json")[PREFIX + "geopoint"] == [8.5, 47.4]
    assert server.json("/gps/all_locations.json")[record["kismet.gps.uuid"]][PREFIX + "fix"] == 2
    assert server.post(by_uuid + "/remove_gps.cmd").status_code == 401
    removed = server.post(by_uuid + "/remove_gps.cmd", login=True)
    assert removed.status_code == 200 and removed.text.strip() == "Removed GPS"
    assert server.json("/gps/all_gps.json") == []
    assert location(server).get("fix", 0) == 0
    server.wait_for(lambda: not gpsd.connections, what="end of the connection")
    assert server.get(by_uuid + "/remove_gps.cmd", login=True).status_code == 404
    assert server.get(by_uuid + "/location.json").status_code == 404
    assert server.get("/gps/by-uuid/x/location.json").status_code == 400


@pytest.mark.parametrize("command", [{}, {"definition": ""}, {"definition": 7},
                                     {"definition": "sextant"}, {"definition": "serial"},
                                     {"definition": "web:name=second"},
                                     {"definition": "virtual:" + "x" * 300}])
def test_receivers_that_cannot_be_added(serve, command):
    server = serve("--set", "gps=web:name=webgps")
    answer = server.command("/gps/add_gps.cmd", command)
    assert answer.status_code == 400 and len(answer.text) > 20
    assert len(server.json("/gps/all_gps.json")) == 1


def test_adding_needs_a_login(serve):
    server = serve()
    answer = server.command("/gps/add_gps.cmd", {"definition": "web"}, login=False)
    assert answer.status_code == 401
