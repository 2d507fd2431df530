"""What a source listened to and what it may have missed, over HTTP."""
import pytest

from api_names import RADIO_UUID

ALL = "/datasource/coverage.json"
ONE = f"/datasource/by-uuid/{RADIO_UUID}/coverage.json"
CHANNEL = "norn.coverage.channel."


def channels(record, prefix="norn.coverage.source"):
    return {row[CHANNEL + "name"]: row for row in record[prefix + ".channels"]}


def hop(server, **extra):
    server.command(f"/datasource/by-uuid/{RADIO_UUID}/set_channel.cmd", extra)


def test_a_locked_channel_is_listened_to_all_the_time(radio):
    hop(radio, channel="6")
    radio.wait_for(lambda: channels(radio.json(ONE)).get("6", {}).get(CHANNEL + "listened", 0) >= 2,
                   15, "two seconds on channel 6")
    record = radio.json(ONE)
    row = channels(record)["6"]
    assert 0 < row[CHANNEL + "fraction"] <= 1
    assert row[CHANNEL + "frame_missed"] == pytest.approx(1 - row[CHANNEL + "fraction"], abs=0.01)
    assert row[CHANNEL + "beacon_missed"] < 0.01
    assert max(row[CHANNEL + "slots"]) > 0
    assert record["norn.coverage.source.uuid"] == RADIO_UUID
    assert record["norn.coverage.source.lost"] == 0
    everything = radio.json(ALL)
    assert channels(everything, "norn.coverage")["6"][CHANNEL + "fraction"] > 0
    assert [row["norn.coverage.source.name"] for row in everything["norn.coverage.sources"]] == \
        [source["kismet.datasource.name"] for source in radio.sources()]


def test_hopping_shares_the_time_among_the_channels(radio):
    hop(radio, channels=["1", "11"], rate=10)
    wanted = {"1", "11"}
    radio.wait_for(lambda: wanted <= set(channels(radio.json(ONE))), 15, "both channels")
    visited = channels(radio.json(ONE))
    assert all(visited[name][CHANNEL + "visits"] >= 1 for name in wanted)


def test_a_pause_is_a_gap(radio):
    radio.command(f"/datasource/by-uuid/{RADIO_UUID}/pause_source.cmd", {})
    try:
        radio.wait_for(lambda: radio.json(ONE)["norn.coverage.source.gap.paused"] >= 1, 15, "a gap")
    finally:
        radio.command(f"/datasource/by-uuid/{RADIO_UUID}/resume_source.cmd", {})


def test_the_window_and_the_channel_are_chosen(radio):
    hop(radio, channel="36VHT80")
    radio.wait_for(lambda: "36VHT80" in channels(radio.json(ONE)), 15, "channel 36")
    assert set(channels(radio.json(ONE + "?channel=36&window=60"))) == {"36VHT80"}
    posted = radio.post(ONE, json={"channel": 36, "window": 86400}).json()
    assert set(channels(posted)) == {"36VHT80"}
    assert channels(radio.json(ONE + "?channel=3")) == {}
    assert radio.json(ALL + "?window=600")["norn.coverage.window"] == 600
    for wrong in ("window=0", "window=x", "window=86401"):
        answer = radio.get(f"{ONE}?{wrong}")
        assert answer.status_code == 400 and "window" in answer.text
    assert radio.get(ONE.replace("E92E", "0000")).status_code == 404


def test_msgpack_and_fields(radio):
    packed = radio.msgpack(ALL.replace("json", "msgpack"))
    assert set(packed) == set(radio.json(ALL))
    answer = radio.post(ONE, json={"fields": ["norn.coverage.source.frames"]})
    assert set(answer.json()) == {"norn.coverage.source.frames"}
