"""/messagebus: what norn tells, kept for clients; every row, GET and POST, clients' habits."""
import json
import time

import msgpack
import pytest

from attack_captures import deauths

MESSAGE = "kismet.messagebus."
INFO, ERROR, ALERT = 2, 4, 8


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A server with news, trouble and an alert to tell."""
    from support.norn import Server
    path = str(deauths(11).write_pcap(tmp_path_factory.mktemp("messages") / "flood.pcap"))
    with Server("-c", f"{path}:name=flood", "-c", "/nowhere/x.pcap:name=gone") as server:
        server.wait_replayed()
        server.wait_for(lambda: any("DEAUTHFLOOD" in text for text in texts(server)), 5, "message")
        yield server


def messages(server):
    return server.json("/messagebus/all_messages.json")


def texts(server, kind=None):
    return [row[MESSAGE + "message_string"] for row in messages(server)
            if kind in (None, row[MESSAGE + "message_flags"])]


def since(server, when):
    return server.json(f"/messagebus/last-time/{when}/messages.json")


def test_a_message_has_its_members(told):
    for message in messages(told):
        assert set(message) == {MESSAGE + name for name in (
            "message_string", "message_flags", "message_time")}
        assert isinstance(message[MESSAGE + "message_time"], int)
        assert abs(message[MESSAGE + "message_time"] - time.time()) < 60


def test_events_of_sources_are_messages_and_lines_on_the_console(told):
    assert "source flood: open" in texts(told, INFO)
    assert any(text.startswith("source flood: read to its end") for text in texts(told, INFO))
    trouble = next(text for text in texts(told, ERROR) if text.startswith("source gone: error: "))
    for text in ("source flood: open", trouble):
        assert text + "\n" in told.console


def test_each_alert_is_a_message(told):
    raised = [f"{row['kismet.alert.header']} {row['kismet.alert.text']}"
              for row in told.json("/alerts/all_alerts.json")]
    assert len(raised) == 2 and texts(told, ALERT) == raised


def test_all_messages_by_get_and_post(told):
    answer = told.post("/messagebus/all_messages.json", data={"json": "{}"})
    assert answer.json() == messages(told)
    assert "\n" not in answer.text.strip()  # one line: clients split there
    short = told.post("/messagebus/all_messages.json",
                      json={"fields": [[MESSAGE + "message_string", "text"]]}).json()
    assert short[0] == {"text": texts(told)[0]}


def test_since_a_time(told):
    answer = since(told, 0)
    assert set(answer) == {MESSAGE + "list", MESSAGE + "timestamp"}
    assert answer[MESSAGE + "list"] == messages(told)
    assert isinstance(answer[MESSAGE + "timestamp"], int)
    assert abs(answer[MESSAGE + "timestamp"] - time.time()) < 5
    posted = told.post("/messagebus/last-time/0/messages.json", data={"json": "{}"}).json()
    assert posted[MESSAGE + "list"] == messages(told)


def test_strictly_newer(told):
    """Whole seconds are compared as such; a fraction of zeroes, as old clients send it, is none."""
    for second in {row[MESSAGE + "message_time"] for row in messages(told)}:
        later = [row for row in messages(told) if row[MESSAGE + "message_time"] > second]
        for text in (str(second), f"{second}.0", f"{second}.000000"):
            assert since(told, text)[MESSAGE + "list"] == later
        assert since(told, f"{second}.999999")[MESSAGE + "list"] == later
        whole = since(told, second - 1)[MESSAGE + "list"]
        assert len(whole) > len(later)


@pytest.mark.parametrize("when,empty", [("-3600", False), ("-3600.5", False), ("99999999999", True),
                                        ("99999999999.5", True)])
def test_relative_and_far_times(told, when, empty):
    assert (since(told, when)[MESSAGE + "list"] == []) == empty


@pytest.mark.parametrize("when", ["now", "nan", "1.2.3"])
def test_a_time_that_is_none_is_400(told, when):
    assert told.get(f"/messagebus/last-time/{when}/messages.json").status_code == 400


def test_a_poller_with_fractions_hears_each_message_once(told):
    heard, when = [], f"{time.time():.6f}"
    command = {"name": "TALK", "description": "x", "throttle": "1000/min", "burst": "1000/sec"}
    told.post("/alerts/definitions/define_alert.cmd", json=command, login=True)
    for number in range(10):
        told.post("/alerts/raise_alert.cmd", json={"name": "TALK", "text": str(number)}, login=True)
        rows = since(told, when)[MESSAGE + "list"]
        when = f"{time.time():.6f}"
        heard += [row[MESSAGE + "message_string"] for row in rows]
    assert heard == [f"TALK {number}" for number in range(10)]


def test_lines_and_msgpack(told):
    lines = told.get("/messagebus/all_messages.itjson").text.splitlines()
    assert [json.loads(line) for line in lines] == messages(told)
    lines = told.get("/messagebus/last-time/0/messages.itjson").text.splitlines()
    assert len(lines) == 1 and json.loads(lines[0])[MESSAGE + "list"] == messages(told)
    assert msgpack.unpackb(told.get("/messagebus/all_messages.msgpack").content) == messages(told)


def test_fifty_are_kept_as_a_rule(serve):
    server = serve("--set", "alert=MANY,1000/min,1000/sec")
    server.post("/alerts/definitions/define_alert.cmd",
                json={"name": "MANY", "description": "x"}, login=True)
    for number in range(60):
        server.post("/alerts/raise_alert.cmd", json={"name": "MANY", "text": str(number)},
                    login=True)
    assert texts(server) == [f"MANY {number}" for number in range(10, 60)]


def test_how_many_are_kept_is_an_option(serve):
    server = serve("--set", "messagebacklog=1", "-c", "/nowhere/x.pcap")
    server.wait_for(lambda: texts(server), 5, "message")
    assert len(messages(server)) == 1
    assert messages(serve("--set", "messagebacklog=0", "-c", "/nowhere/x.pcap")) == []
