"""/packetchain: how many packets came, were doubled, bad and applied, over time."""
import time

import pytest

from support import air
from support.formats import same_members
from support.street import LINKSYS, street as street_scene

CHAIN = "kismet.packetchain."
RRD = "kismet.common.rrd."
RINGS = ["peak_packets", "packets", "error_packets", "dupe_packets", "queued_packets",
         "dropped_packets", "processed_packets"]
ALONE = {"packet_peak": "peak_packets", "packet_rate": "packets", "packet_error": "error_packets",
         "packet_dupe": "dupe_packets", "packet_drop": "dropped_packets",
         "packet_processed": "processed_packets"}
BAD = 5


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The street with a few bad frames, heard by two sources."""
    from support.norn import Server
    scene = street_scene()
    for _ in range(BAD):
        scene.add(air.beacon(LINKSYS), 6, -80, good=False)
    directory = tmp_path_factory.mktemp("chain")
    sources = [f"{scene.write_pcap(directory / name)}:name={name}" for name in ("a", "b")]
    with Server("-c", sources[0], "-c", sources[1]) as server:
        server.frames = len(scene.records)
        server.wait_replayed()
        server.wait_for(lambda: total(server, "processed_packets") == 2 * server.frames, 5,
                        "all packets in the histories")
        yield server


def stats(server):
    return server.json("/packetchain/packet_stats.json")


def total(server, ring):
    """What was counted within the last day."""
    return round(sum(stats(server)[f"{CHAIN}{ring}_rrd"][RRD + "day_vec"]) * 3600)


def test_every_history_is_there(twice):
    assert set(stats(twice)) == {f"{CHAIN}{ring}_rrd" for ring in RINGS}


@pytest.mark.parametrize("ring", RINGS)
def test_a_history_is_whole_and_of_the_servers_time(twice, ring):
    history = stats(twice)[f"{CHAIN}{ring}_rrd"]
    assert {len(history[RRD + name]) for name in ("minute_vec", "hour_vec")} == {60}
    assert len(history[RRD + "day_vec"]) == 24
    assert history[RRD + "blank_val"] == 0
    assert history[RRD + "last_time"] == history[RRD + "serial_time"]
    assert abs(history[RRD + "serial_time"] - time.time()) < 5


def test_every_packet_is_counted_by_what_became_of_it(twice):
    assert total(twice, "packets") == total(twice, "processed_packets") == 2 * twice.frames
    assert total(twice, "error_packets") == 2 * BAD
    status = twice.json("/system/status.json")
    assert total(twice, "dupe_packets") == status["norn.system.packets_repeated"]
    assert total(twice, "dropped_packets") == 0


def test_the_peak_is_a_rate_of_one_second(twice):
    peak = max(stats(twice)[CHAIN + "peak_packets_rrd"][RRD + "day_vec"])
    rates = stats(twice)[CHAIN + "packets_rrd"][RRD + "minute_vec"]
    assert max(rates) <= peak <= 2 * twice.frames


@pytest.mark.parametrize("path", ALONE)
def test_a_history_alone_is_the_same(twice, path):
    alone = twice.json(f"/packetchain/{path}.json")
    day = RRD + "day_vec"
    assert set(alone) == set(stats(twice)[CHAIN + "packets_rrd"])
    assert sum(alone[day]) == sum(stats(twice)[f"{CHAIN}{ALONE[path]}_rrd"][day])


@pytest.mark.parametrize("path", ["packet_stats", *ALONE])
def test_a_history_in_every_format(twice, path):
    plain = twice.json(f"/packetchain/{path}.json")
    same_members(plain, twice.msgpack(f"/packetchain/{path}.msgpack"))
    for suffix in ("tjson", "ekjson"):
        assert len(twice.json(f"/packetchain/{path}.{suffix}")) == len(plain)


def test_fields_reach_into_a_history_and_are_renamed(twice):
    fields = [[f"{CHAIN}packets_rrd/{RRD}last_time", "when"],
              f"{CHAIN}peak_packets_rrd/{RRD}hour_vec"]
    answer = twice.post("/packetchain/packet_stats.json", json={"fields": fields})
    assert set(answer.json()) == {"when", RRD + "hour_vec"}
    assert abs(answer.json()["when"] - time.time()) < 5


def test_fields_of_a_history_alone(twice):
    answer = twice.post("/packetchain/packet_rate.json", json={"fields": [RRD + "last_value"]})
    assert set(answer.json()) == {RRD + "last_value"}
