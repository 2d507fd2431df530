"""/eventbus/events.ws: every topic, its payload, field lists, formats, mistakes, slow readers."""
import asyncio
import json
import time

import pytest
import websockets.exceptions

from attack_captures import deauths
from support.live import LOGIN, Live, connect
from support.norn import Server

EVENTS = "/eventbus/events.ws"
SECOND = ("BATTERY", "GPS_LOCATION", "PACKETCHAIN_STATS", "STATISTICS", "TIMESTAMP")
PHYS = ("Bluetooth", "BTLE", "IEEE802.11")


@pytest.fixture(scope="module")
def desk():
    """A server without a source: tests add their own."""
    with Server("--set", "gps=web:name=webgps") as server:
        yield server


def bus(server, **options):
    return Live(server, EVENTS, **options)


def add_source(server, path, name, more=""):
    answer = server.post("/datasource/add_source.cmd", login=True,
                         data={"json": json.dumps({"definition": f"{path}:name={name}{more}"})})
    assert answer.status_code == 200, answer.text
    return answer.json()["kismet.datasource.uuid"]


def topic_of(event):
    return next(iter(event))


async def topics_of_source(server, topics, path, name, seconds=3, **command):
    """The events of some topics while a capture is read."""
    async with bus(server) as live:
        for topic in topics:
            await live.say(SUBSCRIBE=topic, **command)
        await asyncio.sleep(0.2)
        uuid = await asyncio.to_thread(add_source, server, path, name)
        return uuid, await live.hear_all(seconds)


def test_events_of_each_second(desk):
    async def run():
        async with bus(desk) as live:
            for topic in SECOND:
                await live.say(SUBSCRIBE=topic)
            return await live.hear_all(3.2)
    events = asyncio.run(run())
    for topic in SECOND:
        assert 2 <= sum(topic in event for event in events) <= 5  # the first comes at once
    assert all(len(event) == 1 for event in events)
    first = {topic: next(e[topic] for e in events if topic in e) for topic in SECOND}
    assert abs(first["TIMESTAMP"]["kismet.system.timestamp.sec"] - time.time()) < 10
    assert "kismet.system.timestamp.usec" in first["TIMESTAMP"]
    assert {f"kismet.system.battery.{name}" for name in (
        "ac", "percentage", "charging", "remaining")} == set(first["BATTERY"])
    assert {"kismet.system." + name for name in (
        "num_fields", "num_components", "num_http_connections", "memory.rss",
        "devices.count")} == set(first["STATISTICS"])
    assert first["STATISTICS"]["kismet.system.num_fields"] > 100
    assert len(first["PACKETCHAIN_STATS"]["kismet.packetchain.packets_rrd"][
        "kismet.common.rrd.minute_vec"]) == 60


def test_position(desk):
    async def run():
        async with bus(desk) as live:
            await live.say(SUBSCRIBE="GPS_LOCATION")
            answer = await asyncio.to_thread(
                desk.post, "/gps/web/update.cmd", login=True,
                data={"json": json.dumps({"lat": 45.5, "lon": 7.25})})
            assert answer.status_code == 200
            return await live.hear_until(lambda event: event["GPS_LOCATION"].get(
                "kismet.common.location.geopoint") == [7.25, 45.5])
    assert asyncio.run(run())["GPS_LOCATION"]["kismet.common.location.fix"] == 2


def test_a_source_from_its_begin_to_its_end(desk, street_file):
    topics = ["NEW_DATASOURCE", "DATASOURCE_OPENED", "DATASOURCE_CLOSED", "MESSAGE"]
    uuid, events = asyncio.run(topics_of_source(desk, topics, street_file, "life"))
    records = [event["NEW_DATASOURCE"] for event in events if "NEW_DATASOURCE" in event]
    assert [record["kismet.datasource.uuid"] for record in records] == [uuid]
    assert [event for event in events if topic_of(event).startswith("DATASOURCE")] == [
        {"DATASOURCE_OPENED": uuid}, {"DATASOURCE_CLOSED": uuid}]
    texts = [event["MESSAGE"]["kismet.messagebus.message_string"]
             for event in events if "MESSAGE" in event]
    assert any("source life: open" in text for text in texts)


def test_pause_and_resume(desk, street_file):
    async def run():
        uuid = await asyncio.to_thread(add_source, desk, street_file, "slow",
                                       ",realtime=true,loop=true")
        async with bus(desk) as live:
            for topic in ("DATASOURCE_PAUSED", "DATASOURCE_RESUMED", "DATASOURCE_CLOSED"):
                await live.say(SUBSCRIBE=topic)
            await asyncio.sleep(0.2)
            for verb in ("pause", "resume", "close"):
                answer = await asyncio.to_thread(
                    desk.get, f"/datasource/by-uuid/{uuid}/{verb}_source.cmd", login=True)
                assert answer.status_code == 200
            return uuid, [await live.hear() for _ in range(3)]
    uuid, events = asyncio.run(run())
    assert events == [{"DATASOURCE_PAUSED": uuid}, {"DATASOURCE_RESUMED": uuid},
                      {"DATASOURCE_CLOSED": uuid}]


def test_a_source_that_fails(desk):
    async def run():
        async with bus(desk) as live:
            await live.say(SUBSCRIBE="DATASOURCE_ERROR")
            await live.say(SUBSCRIBE="ALERT", fields=["kismet.alert.header"])
            await asyncio.sleep(0.2)
            await asyncio.to_thread(
                desk.post, "/datasource/add_source.cmd", login=True,
                data={"json": json.dumps({"definition": "/nonexistent.pcap:name=none"})})
            return [await live.hear(), await live.hear()]
    events = asyncio.run(run())
    assert {topic_of(event) for event in events} == {"DATASOURCE_ERROR", "ALERT"}
    assert {"ALERT": {"kismet.alert.header": "SOURCEERROR"}} in events


def test_devices_and_networks(serve, street_file):
    server = serve()
    topics = ["NEW_DEVICE", "DOT11_ADVERTISED_SSID", "DOT11_PROBED_SSID", "DOT11_RESPONSE_SSID",
              "DOT11_WPA_HANDSHAKE", "DOT11_NEW_CLIENT"]
    _, events = asyncio.run(topics_of_source(server, topics, street_file, "street"))
    devices = server.json("/devices/views/all/devices.json")
    told = [event["NEW_DEVICE"]["kismet.device.base.key"]
            for event in events if "NEW_DEVICE" in event]
    assert sorted(told) == sorted(device["kismet.device.base.key"] for device in devices)
    for topic, members, name in (
            ("DOT11_ADVERTISED_SSID", "advertised_ssid_map", "dot11.advertisedssid.ssid"),
            ("DOT11_RESPONSE_SSID", "responded_ssid_map", "dot11.advertisedssid.ssid"),
            ("DOT11_PROBED_SSID", "probed_ssid_map", "dot11.probedssid.ssid")):
        kept = {(device["kismet.device.base.key"], network.get(name, ""))
                for device in devices
                for network in device.get("dot11.device", {}).get(f"dot11.device.{members}", [])}
        heard = {(event["DOT11_NEW_SSID_BASEDEV"]["kismet.device.base.key"],
                  event[topic].get(name, "")) for event in events if topic in event}
        assert kept and kept == heard, topic
    links = {(device["kismet.device.base.key"], bssid.upper()) for device in devices
             for bssid in device.get("dot11.device", {}).get("dot11.device.client_map", {})}
    told = {(event["DOT11_NEW_CLIENT_BASEDEV"]["kismet.device.base.key"],
             event["DOT11_NEW_CLIENT"]["dot11.client.bssid"].upper())
            for event in events if "DOT11_NEW_CLIENT" in event}
    assert links and links == told
    shakes = [event for event in events if "DOT11_WPA_HANDSHAKE_BASEDEV" in event]
    assert shakes
    for shake in shakes:
        assert set(shake) == {"DOT11_WPA_HANDSHAKE_BASEDEV", "DOT11_WPA_HANDSHAKE_DOT11"}
        assert "dot11.device.wpa_handshake_list" in shake["DOT11_WPA_HANDSHAKE_DOT11"]
    assert server.json("/system/status.json")["norn.system.events_lost"] == 0


def test_alerts(serve, tmp_path):
    server = serve()
    path = deauths(25).write_pcap(tmp_path / "flood.pcap")
    _, events = asyncio.run(topics_of_source(server, ["ALERT", "MESSAGE"], path, "flood"))
    floods = [event["ALERT"] for event in events if "ALERT" in event
              and event["ALERT"]["kismet.alert.header"] == "DEAUTHFLOOD"]
    assert floods == [alert for alert in server.json("/alerts/all_alerts.json")
                      if alert["kismet.alert.header"] == "DEAUTHFLOOD"]
    assert any("DEAUTHFLOOD" in event["MESSAGE"]["kismet.messagebus.message_string"]
               for event in events if "MESSAGE" in event)


def test_phys(desk):
    async def run():
        async with bus(desk) as live:
            await live.say(SUBSCRIBE="NEW_PHY")
            return [(await live.hear())["NEW_PHY"] for _ in PHYS]
    assert sorted(asyncio.run(run())) == sorted(PHYS)


def test_all_topics_and_out_again(desk):
    async def run():
        async with bus(desk) as live:
            await live.say(SUBSCRIBE="*")
            first = {topic_of(event) for event in await live.hear_all(1.5)}
            await live.say(UNSUBSCRIBE="TIMESTAMP")
            await asyncio.sleep(0.3)
            await live.hear_all(0.2)
            second = {topic_of(event) for event in await live.hear_all(1.5)}
            await live.say(UNSUBSCRIBE="*")
            await asyncio.sleep(0.3)
            await live.hear_all(0.2)
            return first, second, await live.hear_all(1.5)
    first, second, last = asyncio.run(run())
    assert first >= set(SECOND) | {"NEW_PHY"}
    assert "TIMESTAMP" not in second and "STATISTICS" in second
    assert not last


def test_field_lists_and_formats(desk):
    sec = "kismet.system.timestamp.sec"

    async def run(**command):
        async with bus(desk) as live:
            await live.say(SUBSCRIBE="TIMESTAMP")
            await live.say(SUBSCRIBE="TIMESTAMP", **command)  # replaces
            events = await live.hear_all(2.2)
            return events[-1]["TIMESTAMP"]
    assert set(asyncio.run(run(fields=[sec]))) == {sec}
    assert set(asyncio.run(run(fields=[[sec, "now"], "no.such"]))) == {"now", "no.such"}
    assert sec.replace(".", "_") in asyncio.run(run(format="tjson"))
    assert sec in asyncio.run(run(format="msgpack"))
    assert "description." + sec in asyncio.run(run(format="prettyjson"))


@pytest.mark.parametrize("text, word", [
    ("nonsense", "JSON"),
    ("[1]", "object"),
    ("{}", "SUBSCRIBE"),
    ('{"SUBSCRIBE": 7}', "name of a topic"),
    ('{"SUBSCRIBE": "TIMESTAMPS"}', "TIMESTAMP"),
    ('{"SUBSCRIBE": "timestamp"}', "there is no topic 'timestamp'"),
    ('{"SUBSCRIBE": "TIMESTAMP", "format": "xml"}', "tjson"),
    ('{"SUBSCRIBE": "TIMESTAMP", "fields": [["a"]]}', "fields"),
    ('{"SUBSCRIBE": "TIMESTAMP", "fields": 7}', "fields"),
])
def test_mistakes_are_told(desk, text, word):
    async def run():
        async with bus(desk) as live:
            await live.socket.send(text)
            answer = await live.hear()
            await live.say(SUBSCRIBE="NEW_PHY")
            assert "NEW_PHY" in await live.hear()  # the socket stays
            return answer
    answer = asyncio.run(run())
    assert set(answer) == {"error"} and word in answer["error"]


def test_who_may_listen():
    with Server("--set", "httpd_require_login=always") as server:
        async def status(path):
            with pytest.raises(websockets.exceptions.InvalidStatusCode) as refused:
                await connect(server, path)
            return refused.value.status_code

        async def listen():
            async with Live(server, EVENTS + LOGIN) as live:
                await live.say(SUBSCRIBE="TIMESTAMP")
                return await live.hear()
        assert asyncio.run(status(EVENTS)) == 401
        assert "TIMESTAMP" in asyncio.run(listen())
