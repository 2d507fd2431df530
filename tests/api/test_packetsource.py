"""/packetsource: the old names of sources, lock and hop, adding a source."""
import json
import os
import threading
import time

import pytest

from support import street as scene
from api_names import RADIO_UUID

CHANNEL = "/packetsource/config/channel.cmd"
ADD = "/packetsource/config/add_source.cmd"
OLD = ["name", "interface", "type", "uuid", "error", "hopping", "channel", "sourceline"]


def old_source(server, name="radio"):
    rows = server.msgpack("/packetsource/all_sources.msgpack")
    return next(row for row in rows if row["kismet.oldsource.name"] == name)


def lock(server, channel, **extra):
    return server.command(CHANNEL, {"cmd": "lock", "uuid": RADIO_UUID, "channel": channel, **extra})


def hop(server, **extra):
    return server.command(CHANNEL, {"cmd": "hop", "uuid": RADIO_UUID, **extra})


def wait_channel(server, channel, hopping):
    def settled():
        row = old_source(server)
        return (row["kismet.oldsource.channel"] == channel
                and row["kismet.oldsource.hopping"] == hopping)
    server.wait_for(settled, 5, f"channel {channel!r}, hopping {hopping}")


# all_sources
def test_all_sources_has_the_old_members(radio, street_file):
    row = old_source(radio)
    assert {"kismet.oldsource." + name for name in OLD} <= set(row)
    assert row["kismet.oldsource.uuid"] == RADIO_UUID
    assert row["kismet.oldsource.interface"] == street_file
    assert row["kismet.oldsource.error"] == 0
    assert isinstance(row["kismet.oldsource.channel"], str)
    assert "tuner=null" in row["kismet.oldsource.sourceline"]


def test_all_sources_in_json_too(radio):
    assert radio.json("/packetsource/all_sources.json")[0].keys() == old_source(radio).keys()


def test_a_server_without_sources_has_empty_lists(serve):
    server = serve()
    for path in ("/packetsource/all_sources", "/datasource/all_sources",
                 "/datasource/error_sources"):
        assert server.msgpack(path + ".msgpack") == []
        assert server.json(path + ".json") == []


# lock and hop
def test_lock(radio):
    answer = lock(radio, "6")
    assert (answer.status_code, answer.text.strip()) == (200, "OK")
    assert answer.headers["Content-Type"].startswith("text/plain")
    wait_channel(radio, "6", 0)
    source = radio.sources()[0]
    assert source["kismet.datasource.channel"] == "6"
    assert source["kismet.datasource.hopping"] == 0


def test_hop_after_lock(radio):
    lock(radio, "11")
    wait_channel(radio, "11", 0)
    answer = hop(radio)
    assert (answer.status_code, answer.text.strip()) == (200, "OK")
    radio.wait_for(lambda: old_source(radio)["kismet.oldsource.hopping"] == 1, 5, "hopping")


def test_hop_ignores_the_channel(radio):
    assert hop(radio, channel="nonsense").status_code == 200


@pytest.mark.parametrize("word", ["lock", "LOCK", "Lock"])
def test_the_word_may_be_in_any_case(radio, word):
    answer = radio.command(CHANNEL, {"cmd": word, "uuid": RADIO_UUID, "channel": "1"})
    assert answer.status_code == 200


@pytest.mark.parametrize("uuid", [RADIO_UUID, RADIO_UUID.lower()])
def test_the_uuid_may_be_in_any_case(radio, uuid):
    answer = radio.command(CHANNEL, {"cmd": "lock", "uuid": uuid, "channel": "1"})
    assert answer.status_code == 200


@pytest.mark.parametrize("channel,shown", [("6", "6"), (6, "6"), (6.0, "6"), (b"11", "11"),
                                           ("6HT40", "6HT40"), ("6HT40+", "6HT40+"),
                                           ("36VHT80", "36VHT80"), ("149", "149")])
def test_channels_however_they_are_written(radio, channel, shown):
    answer = lock(radio, channel)
    assert answer.status_code == 200, answer.text
    radio.wait_for(lambda: old_source(radio)["kismet.oldsource.channel"].startswith(shown), 5,
                   f"channel {shown}")


def test_lock_in_every_encoding(radio):
    command = {"cmd": "lock", "uuid": RADIO_UUID, "channel": "6"}
    assert radio.post(CHANNEL, data={"json": json.dumps(command)}, login=True).text.strip() == "OK"
    assert radio.post(CHANNEL, json=command, login=True).text.strip() == "OK"
    files = {"json": (None, json.dumps(command))}
    assert radio.post(CHANNEL, files=files, login=True).text.strip() == "OK"


def steady(server):
    """The old record as bytes: nothing in it changes while the source stays locked."""
    return server.get("/packetsource/all_sources.msgpack").content


@pytest.mark.parametrize("extra", [{"new": 1}, {"new": {"a": [1, {"b": None}]}}, {"CMD": "hop"},
                                   {"Channel": "11"}, {"uuid2": "x"}, {"": b"\xff"}])
def test_unknown_keys_change_nothing_to_the_byte(radio, extra):
    assert lock(radio, "6").status_code == 200
    wait_channel(radio, "6", 0)
    before, plain = steady(radio), lock(radio, "6")
    assert steady(radio) == before
    answer = lock(radio, "6", **extra)
    assert answer.content == plain.content and answer.status_code == plain.status_code
    assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
    assert steady(radio) == before


# errors of lock and hop
WRONG = {
    "nothing": {},
    "no cmd": {"uuid": RADIO_UUID, "channel": "6"},
    "no uuid": {"cmd": "lock", "channel": "6"},
    "no channel": {"cmd": "lock", "uuid": RADIO_UUID},
    "unknown cmd": {"cmd": "jump", "uuid": RADIO_UUID, "channel": "6"},
    "empty cmd": {"cmd": "", "uuid": RADIO_UUID, "channel": "6"},
    "cmd of another case in its key": {"Cmd": "lock", "uuid": RADIO_UUID, "channel": "6"},
    "cmd that is no text": {"cmd": 5, "uuid": RADIO_UUID, "channel": "6"},
    "uuid of the manual's example": {"cmd": "lock", "channel": "6",
                                     "uuid": "aaa:bbb:cc:dd:ee:ff:gg"},
    "uuid too short": {"cmd": "lock", "uuid": RADIO_UUID[:-1], "channel": "6"},
    "uuid that is a number": {"cmd": "lock", "uuid": 12, "channel": "6"},
    "unknown uuid": {"cmd": "lock", "uuid": "00000000-0000-0000-0000-000000000001",
                     "channel": "6"},
    "channel that is none": {"cmd": "lock", "uuid": RADIO_UUID, "channel": "six"},
    "empty channel": {"cmd": "lock", "uuid": RADIO_UUID, "channel": ""},
    "negative channel": {"cmd": "lock", "uuid": RADIO_UUID, "channel": -1},
    "channel that is a list": {"cmd": "lock", "uuid": RADIO_UUID, "channel": ["6"]},
    "hop without uuid": {"cmd": "hop"},
}


@pytest.mark.parametrize("command", WRONG.values(), ids=WRONG.keys())
def test_wrong_channel_commands_are_400_and_change_nothing(radio, command):
    assert lock(radio, "6").status_code == 200
    wait_channel(radio, "6", 0)
    before = steady(radio)
    answer = radio.command(CHANNEL, command)
    assert answer.status_code == 400, answer.text
    assert answer.text.startswith("Invalid request")
    assert steady(radio) == before


def test_the_manuals_uuid_gets_told_what_one_looks_like(radio):
    answer = radio.command(CHANNEL, WRONG["uuid of the manual's example"])
    assert "uuid" in answer.text.lower() and answer.text.count("-") >= 4


def test_a_source_that_cannot_tune_says_so(street):
    uuid = street.sources()[0]["kismet.datasource.uuid"]
    for command in ({"cmd": "lock", "channel": "6"}, {"cmd": "hop"}):
        answer = street.command(CHANNEL, {**command, "uuid": uuid})
        assert answer.status_code == 400
        assert answer.text.startswith("Invalid request")
        assert any(word in answer.text.lower() for word in ("tun", "channel", "hop"))


# add_source
def test_add_source_adds_and_starts(serve, tmp_path):
    path = scene.street().write_pcap(tmp_path / "added.pcap")
    server = serve()
    answer = server.command(ADD, {"source": f"{path}:name=added"})
    assert (answer.status_code, answer.text.strip()) == (200, "OK")
    assert old_source(server, "added")["kismet.oldsource.error"] == 0
    source = server.sources()[0]
    assert source["kismet.datasource.running"] or source["norn.datasource.ended"]
    server.wait_replayed()
    assert len(server.devices()) == len(scene.EVERYONE)


def test_add_source_takes_the_options_of_2016(serve, tmp_path):
    path = scene.street().write_pcap(tmp_path / "added.pcap")
    server = serve()
    source = f"{path}:name=old,validatefcs=true,hop=true,velocity=5,channellist=\"1,6,11\""
    assert server.command(ADD, {"source": source + ",tuner=null"}).text.strip() == "OK"
    record = server.sources()[0]
    assert record["kismet.datasource.hop_channels"] == ["1", "6", "11"]
    assert record["kismet.datasource.hop_rate"] == 5
    assert 'channellist="1,6,11"' in record["kismet.datasource.definition"]


def test_add_source_in_every_encoding(serve, tmp_path):
    path = scene.street().write_pcap(tmp_path / "added.pcap")
    server = serve()
    for number, options in enumerate((
            {"data": {"json": json.dumps({"source": f"{path}:name=a0"})}},
            {"json": {"source": f"{path}:name=a1"}},
            {"files": {"json": (None, json.dumps({"source": f"{path}:name=a2"}))}})):
        answer = server.post(ADD, login=True, **options)
        assert answer.text.strip() == "OK", answer.text
        assert old_source(server, f"a{number}")


BAD_SOURCES = {
    "missing": {},
    "empty": {"source": ""},
    "no text": {"source": 5},
    "list": {"source": ["x"]},
    "comma before the colon": {"source": "wlan0,name=x"},
    "no interface": {"source": ":name=x"},
    "key of another case": {"Source": "x.pcap"},
}


@pytest.mark.parametrize("command", BAD_SOURCES.values(), ids=BAD_SOURCES.keys())
def test_bad_definitions_are_400(street, command):
    before = len(street.sources())
    answer = street.command(ADD, command)
    assert answer.status_code == 400, answer.text
    assert answer.text.startswith("Invalid request")
    assert len(street.sources()) == before


def test_an_unknown_type_names_the_known_ones(street, street_file):
    answer = street.command(ADD, {"source": f"{street_file}:type=wiretap"})
    assert answer.status_code == 400
    assert "wiretap" in answer.text and "pcapfile" in answer.text


def test_an_unknown_option_names_the_known_ones(street, street_file):
    answer = street.command(ADD, {"source": f"{street_file}:nmae=x"})
    assert answer.status_code == 400
    assert "nmae" in answer.text and "name" in answer.text and "realtime" in answer.text


@pytest.mark.parametrize("source", ["/nonexistent/file.pcap:name=x", "/etc/hostname:name=y",
                                    "wlan77:name=z", "/:name=root"])
def test_a_source_that_cannot_start_is_400_with_the_reason(serve, source):
    server = serve()
    answer = server.command(ADD, {"source": source})
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request")
    assert len(answer.text) > 25


def test_add_source_does_not_hold_up_other_requests(serve, tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    server = serve()
    adding = threading.Thread(target=lambda: server.command(
        ADD, {"source": f"{path}:name=pipe,type=pcapfile"}, timeout=60))
    adding.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert server.get("/system/status.json").status_code == 200
    assert time.monotonic() - began < 2
    with open(path, "wb") as pipe:
        pipe.write(scene.street().pcap())
    adding.join(30)
    assert not adding.is_alive()
