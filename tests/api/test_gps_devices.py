"""Where devices were heard: live frames and our receivers, sensors with a receiver of their own,
files, frames that say it themselves, filters, clouds."""
import struct
import time

import pytest

from support import air
from support.street import LINKSYS, PROBER

PREFIX = "kismet.common.location."
BASE = "kismet.device.base."
AP = LINKSYS.bssid.upper()


@pytest.fixture
def live(serve, street_file):
    """A radio that hears the street over and over, and the receivers of the test."""
    def start(*settings, options="", extra=()):
        arguments = [word for setting in settings for word in ("--set", setting)]
        source = f"{street_file}:name=radio,realtime=true,loop=true{options}"
        server = serve(*arguments, "-c", source, *extra)
        server.wait_for(lambda: AP in server.devices(), what="the access point")
        return server
    return start


def post(server, latitude, longitude, url="/gps/web/update.cmd", **more):
    answer = server.command(url, {"lat": latitude, "lon": longitude, **more})
    assert answer.status_code == 200, answer.text
    return answer


def place(server, address=AP):
    """A device's summary of places by its members' last words, or None."""
    record = server.devices()[address].get(BASE + "location")
    return record and {name.removeprefix(PREFIX): value for name, value in record.items()}


def last(server, address=AP):
    here = place(server, address)
    return here and here["last"][PREFIX + "geopoint"]


def wait_until_last(server, longitude, latitude):
    server.wait_for(lambda: last(server) == [longitude, latitude], 15,
                    f"a place at {longitude} {latitude}")


def test_a_fix_that_comes_late_is_used_from_then_on(live):
    server = live("gps=web:name=webgps")
    assert place(server) is None
    post(server, 47.4, 8.5, alt=400)
    wait_until_last(server, 8.5, 47.4)
    here = place(server)
    assert here["loc_fix"] == 3
    for corner in ("min_loc", "max_loc", "avg_loc", "last"):
        assert here[corner][PREFIX + "geopoint"] == [8.5, 47.4]
        assert here[corner][PREFIX + "alt"] == 400 and here[corner][PREFIX + "fix"] == 3
    assert abs(here["last"][PREFIX + "time_sec"] - time.time()) < 10
    peak = server.devices()[AP][BASE + "signal"]["kismet.common.signal.peak_loc"]
    assert peak[PREFIX + "geopoint"] == [8.5, 47.4]


def test_box_and_mean_of_a_drive(live):
    server = live("gps=web:name=webgps")
    for step in range(4):
        post(server, 47.4 + step / 1000, 8.5 - step / 1000)
        time.sleep(1.1)
    wait_until_last(server, 8.497, 47.403)
    here = {corner: place(server)[corner][PREFIX + "geopoint"]
            for corner in ("min_loc", "max_loc", "avg_loc")}
    assert here["min_loc"] == [8.497, 47.4] and here["max_loc"] == [8.5, 47.403]
    assert 8.497 < here["avg_loc"][0] < 8.5 and 47.4 < here["avg_loc"][1] < 47.403


def test_bad_fixes_touch_no_device(live):
    server = live("gps=web:name=webgps")
    post(server, 47.4, 8.5)
    wait_until_last(server, 8.5, 47.4)
    for latitude, longitude, speed in ((0, 0, 0), (47.401, 8.5, 5000), (-33, 151, 0)):
        post(server, latitude, longitude, spd=speed)
        assert server.json("/gps/location.json")[PREFIX + "geopoint"] == [longitude, latitude]
        time.sleep(1)
        post(server, 47.4, 8.5)
    for corner in ("min_loc", "max_loc"):
        assert place(server)[corner][PREFIX + "geopoint"] == [8.5, 47.4]
    post(server, -33, 151)
    post(server, -33, 151)  # said twice: somebody took a plane
    wait_until_last(server, 151, -33)


def test_a_zero_latitude_is_a_place(live):
    server = live("gps=web:name=webgps")
    post(server, 0, 8.5)
    wait_until_last(server, 8.5, 0)
    post(server, 0.001, 8.5)
    wait_until_last(server, 8.5, 0.001)
    assert place(server)["min_loc"][PREFIX + "geopoint"] == [8.5, 0]


def test_a_sensor_with_a_receiver_of_its_own_keeps_it(live):
    server = live("gps=virtual:lat=1,lon=2", options=",metagps=roof")
    records = {record["kismet.gps.name"]: record for record in server.json("/gps/all_gps.json")}
    assert records["roof"]["kismet.gps.instance"]["kismet.gps.type.class"] == "meta"
    time.sleep(1)
    assert place(server) is None  # nobody has said where the roof is; it is not where we are
    answer = post(server, 50, 60, "/gps/meta/roof/update.cmd", alt=70)
    assert answer.text.strip() == "Updated"
    wait_until_last(server, 60, 50)
    assert server.json("/gps/location.json")[PREFIX + "geopoint"] == [2, 1]
    assert server.command("/gps/meta/cellar/update.cmd", {"lat": 1, "lon": 2}).status_code == 404
    assert server.command("/gps/meta/roof/update.cmd", {"lat": 1}).status_code == 400
    assert server.command("/gps/meta/roof/update.cmd", {"lat": 1, "lon": 2},
                          login=False).status_code == 401


def test_two_sensors_two_places(live, tmp_path):
    other = air.Scene()
    for _ in range(40):
        other.add(air.beacon(air.AccessPoint("02:00:00:00:00:77", "far", 1)), 1, -50)
    path = other.write_pcap(tmp_path / "far.pcap")
    server = live("gps=meta:name=east", "gps=meta:name=west", options=",metagps=west",
                  extra=("-c", f"{path}:name=far,realtime=true,loop=true,metagps=east"))
    post(server, 10, -20, "/gps/meta/west/update.cmd")
    post(server, 10, 20, "/gps/meta/east/update.cmd")
    wait_until_last(server, -20, 10)
    server.wait_for(lambda: last(server, "02:00:00:00:00:77") == [20, 10], what="the other place")


def test_files_have_no_place_unless_they_are_given_one(serve, street_file):
    server = serve("--set", "gps=virtual:lat=47.4,lon=8.5", "-c", f"{street_file}:name=plain")
    server.wait_replayed()
    assert place(server) is None
    server = serve("--set", "gps=virtual:lat=47.4,lon=8.5,name=desk",
                   "-c", f"{street_file}:name=placed,metagps=desk")
    server.wait_replayed()
    assert last(server) == [8.5, 47.4]
    times = server.devices()[AP]
    assert place(server)["last"][PREFIX + "time_sec"] == times[BASE + "last_time"]


def test_a_frame_that_says_where_it_was_heard(serve, tmp_path):
    scene = air.Scene(linktype=192)
    tag = struct.pack("<BBHIII", 2, 0, 20, 14, round((47.25 + 180) * 1e7),
                      round((-8.5 + 180) * 1e7)) + struct.pack("<I", round((400 + 180000) * 1e4))
    field = struct.pack("<HH", 30002, len(tag)) + tag
    header = struct.pack("<BBHI", 0, 0, 8 + len(field), 105)
    scene.add(header + field + air.beacon(LINKSYS))
    path = scene.write_pcap(tmp_path / "tagged.pcap")
    server = serve("--set", "gps=virtual:lat=1,lon=2", "-c", f"{path}:name=tagged")
    server.wait_replayed()
    assert last(server) == [-8.5, 47.25]
    assert place(server)["last"][PREFIX + "alt"] == 400


def test_weak_signals_tell_no_place(live):
    server = live("gps=virtual:lat=47.4,lon=8.5", "device_location_signal_threshold=-60")
    server.wait_for(lambda: place(server), what="place of the access point")
    prober = server.wait_for(lambda: server.devices().get(PROBER.upper()), what="the prober")
    assert prober[BASE + "signal"]["kismet.common.signal.max_signal"] == -71
    assert prober[BASE + "packets.total"] > 0 and BASE + "location" not in prober


def test_clouds_only_where_they_are_asked_for(live):
    server = live("gps=virtual:lat=47.4,lon=8.5", "keep_location_cloud_history=true")
    cloud = server.wait_for(lambda: server.devices()[AP].get(BASE + "location_cloud"), what="cloud")
    sample = cloud["kis.gps.rrd.samples_100"][0]
    assert sample["kismet.historic.location.geopoint"] == [8.5, 47.4]
    assert sample["kismet.historic.location.signal"] < 0
    assert sample["kismet.historic.location.frequency"] == 2437000
    assert cloud["kis.gps.rrd.last_sample_ts"] >= sample["kismet.historic.location.time_sec"]
    assert cloud["kis.gps.rrd.samples_10k"] == [] and cloud["kis.gps.rrd.samples_1m"] == []
    server = live("gps=virtual:lat=47.4,lon=8.5")
    server.wait_for(lambda: place(server), what="place of the access point")
    assert BASE + "location_cloud" not in server.devices()[AP]


def test_networks_have_their_places_too(live):
    server = live("gps=virtual:lat=47.4,lon=8.5")
    server.wait_for(lambda: place(server), what="place of the access point")
    ssid = server.devices()[AP]["dot11.device"]["dot11.device.advertised_ssid_map"][0]
    mean = ssid["dot11.advertisedssid.location"][PREFIX + "avg_loc"]
    assert mean[PREFIX + "geopoint"] == [8.5, 47.4]


def test_old_names_of_places(live):
    server = live("gps=virtual:lat=47.4,lon=8.5")
    server.wait_for(lambda: place(server), what="place of the access point")
    path = "kismet.device.base.location/kismet.common.location.avg_loc/kismet.common.location."
    answer = server.post(f"/devices/by-mac/{AP}/devices.json", login=True,
                         json={"fields": [[path + "lat", "lat"], [path + "lon", "lon"]]})
    assert answer.json() == [{"lat": 47.4, "lon": 8.5}]
