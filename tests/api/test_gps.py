"""/gps: positions posted by a browser, and where that puts us."""
import json
import math
import time

import msgpack
import pytest

UPDATE = "/gps/web/update.cmd"
LOCATION = "/gps/location.json"
PREFIX = "kismet.common.location."


def update(server, **command):
    return server.command(UPDATE, command)


def location(server):
    return {name.removeprefix(PREFIX): value for name, value in server.json(LOCATION).items()}


@pytest.fixture
def gps(serve):
    return serve("--set", "gps=web:name=webgps")


def test_without_a_fix_the_location_is_an_object(gps):
    record = gps.json(LOCATION)
    assert isinstance(record, dict)
    assert record.get(PREFIX + "fix", 0) == 0
    assert isinstance(gps.msgpack("/gps/location.msgpack"), dict)


def test_a_position_with_altitude_is_a_3d_fix(gps):
    answer = update(gps, lat=47.4, lon=8.5, alt=400.5, spd=3.6)
    assert answer.status_code == 200 and answer.text.strip() == "OK"
    here = location(gps)
    assert here["geopoint"] == [8.5, 47.4]
    assert here["alt"] == 400.5 and here["speed"] == 3.6 and here["fix"] == 3
    assert abs(here["time_sec"] - time.time()) < 5
    assert len(here["gps_uuid"]) == 36


def test_a_position_without_altitude_is_a_2d_fix(gps):
    assert update(gps, lat=-33.5, lon=-70.25).status_code == 200
    here = location(gps)
    assert here["geopoint"] == [-70.25, -33.5] and here["fix"] == 2


def test_altitude_0_is_an_altitude(gps):
    assert update(gps, lat=1, lon=2, alt=0).status_code == 200
    assert location(gps)["fix"] == 3


def test_0_0_is_a_place(gps):
    assert update(gps, lat=0, lon=0).status_code == 200
    assert location(gps)["geopoint"] == [0, 0] and location(gps)["fix"] == 2


def test_a_later_position_without_altitude_forgets_it(gps):
    update(gps, lat=1, lon=2, alt=300)
    update(gps, lat=1.5, lon=2)
    assert location(gps)["fix"] == 2


NUMBERS = {
    "integers": msgpack.packb({"lat": 47, "lon": 8}),
    "float32": b"\x82\xa3lat\xca\x42\x3c\x00\x00\xa3lon\xca\x41\x00\x00\x00",
    "double": b"\x82\xa3lat\xcb" + b"\x40\x47\x80\x00\x00\x00\x00\x00" + b"\xa3lon\xcb"
              + b"\x40\x20\x00\x00\x00\x00\x00\x00",
    "int16": b"\x82\xa3lat\xd1\x00\x2f\xa3lon\xd1\x00\x08",
    "uint64": b"\x82\xa3lat\xcf\x00\x00\x00\x00\x00\x00\x00\x2f\xa3lon\x08",
    "texts": msgpack.packb({"lat": "47", "lon": "8"}),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_every_kind(gps, kind):
    import base64
    answer = gps.post(UPDATE, data={"msgpack": base64.b64encode(NUMBERS[kind])}, login=True)
    assert answer.status_code == 200, answer.text
    assert location(gps)["geopoint"] == [8, 47]


def test_json_and_unknown_keys(gps):
    command = {"lat": 47.4, "lon": 8.5, "accuracy": 12.5, "note": {"a": []}}
    assert gps.post(UPDATE, data={"json": json.dumps(command)}, login=True).status_code == 200
    assert location(gps)["geopoint"] == [8.5, 47.4]


def test_the_accuracy_is_shown(gps):
    update(gps, lat=47.4, lon=8.5, accuracy=12.5)
    assert gps.json(LOCATION)["norn.location.accuracy"] == 12.5
    update(gps, lat=47.4, lon=8.5)
    assert "norn.location.accuracy" not in gps.json(LOCATION)


WRONG = {
    "no lat": {"lon": 1.0},
    "no lon": {"lat": 1.0},
    "neither": {"alt": 5},
    "other case": {"Lat": 1.0, "Lon": 1.0},
    "text": {"lat": "north", "lon": 1.0},
    "list": {"lat": [1.0], "lon": 1.0},
    "null": {"lat": None, "lon": 1.0},
    "lat too far north": {"lat": 90.000001, "lon": 1.0},
    "lat too far south": {"lat": -91, "lon": 1.0},
    "lon too far east": {"lat": 1.0, "lon": 180.5},
    "lon too far west": {"lat": 1.0, "lon": -1000},
    "lat not a number": {"lat": math.nan, "lon": 1.0},
    "lon infinite": {"lat": 1.0, "lon": math.inf},
    "altitude infinite": {"lat": 1.0, "lon": 1.0, "alt": math.inf},
    "speed not a number": {"lat": 1.0, "lon": 1.0, "spd": math.nan},
    "altitude is text": {"lat": 1.0, "lon": 1.0, "alt": "high"},
    "accuracy is text": {"lat": 1.0, "lon": 1.0, "accuracy": "good"},
}


@pytest.mark.parametrize("command", WRONG.values(), ids=WRONG.keys())
def test_wrong_positions_are_400_and_change_nothing(gps, command):
    assert update(gps, lat=10, lon=20).status_code == 200
    answer = gps.command(UPDATE, command)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request")
    assert location(gps)["geopoint"] == [20, 10]


@pytest.mark.parametrize("lat,lon", [(90, 180), (-90, -180), (90.0, -180.0)])
def test_the_edges_of_the_earth_are_places(gps, lat, lon):
    assert update(gps, lat=lat, lon=lon).status_code == 200


def test_an_update_needs_a_login(gps):
    answer = gps.command(UPDATE, {"lat": 1, "lon": 2}, login=False)
    assert answer.status_code == 401
    assert gps.json(LOCATION).get(PREFIX + "fix", 0) == 0


def test_without_a_web_gps_an_update_is_404(serve):
    server = serve()
    answer = server.command(UPDATE, {"lat": 1, "lon": 2})
    assert answer.status_code == 404
    assert "gps" in answer.text.lower()


def test_heading_comes_from_movement(gps):
    update(gps, lat=10, lon=20)
    time.sleep(5.2)
    update(gps, lat=10.01, lon=20)
    assert location(gps)["heading"] == pytest.approx(0, abs=1)
    time.sleep(5.2)
    update(gps, lat=10.01, lon=20.01)
    assert location(gps)["heading"] == pytest.approx(90, abs=1)


def test_the_heading_is_not_computed_more_than_once_in_5_seconds(gps):
    update(gps, lat=10, lon=20)
    update(gps, lat=9, lon=20)
    before = location(gps).get("heading", 0)
    update(gps, lat=9, lon=21)
    assert location(gps).get("heading", 0) == before


def test_a_fixed_position(serve):
    server = serve("--set", "gps=virtual:lat=47.4,lon=8.5,alt=400")
    here = location(server)
    assert here["geopoint"] == [8.5, 47.4] and here["alt"] == 400 and here["fix"] == 3


def test_fields_of_the_location(gps):
    update(gps, lat=47.4, lon=8.5)
    answer = gps.post(LOCATION, json={"fields": [[PREFIX + "geopoint", "where"], "missing"]})
    assert answer.json() == {"where": [8.5, 47.4], "missing": 0}


@pytest.mark.parametrize("definition", ["web:name=second", "nonsense:x=y", "virtual:lat=100,lon=1",
                                        "web:nmae=x"])
def test_a_receiver_that_cannot_be_is_said_on_the_console(serve, definition):
    server = serve("--set", "gps=web:name=first", "--set", "gps=" + definition)
    server.wait_for(lambda: "gps: " in server.console, 5, "a word about it on the console")
    assert update(server, lat=1, lon=2).status_code == 200


def test_live_frames_are_given_the_place_we_are_at(serve, tmp_path):
    """A file of old packets must not be placed where the receiver is now."""
    from support.street import street
    path = street().write_pcap(tmp_path / "old.pcap")
    server = serve("--set", "gps=virtual:lat=47.4,lon=8.5", "-c", f"{path}:name=old")
    server.wait_replayed()
    assert not [mac for mac, device in server.devices().items()
                if "kismet.device.base.location" in device]
