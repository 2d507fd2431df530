"""/devices/monitor.ws and those of views: by key, address, mask and all; rates, field lists,
cancelling, a clock for each request; who takes nothing."""
import asyncio
import json
import socket
import time
from urllib.parse import quote

import pytest
import websockets.exceptions

from support.live import LOGIN, Live, connect
from support.norn import Server
from support.street import EVERYONE, LINKSYS, OPEN_CLIENT, SINGLE

MONITOR = "/devices/monitor.ws"
MAC, KEY, PACKETS = ("kismet.device.base." + name for name in ("macaddr", "key", "packets.total"))
NAMES = [MAC, KEY, PACKETS]


def key_of(server, mac):
    return server.json(f"/devices/by-mac/{mac}/devices.json")[0][KEY]


def macs(records):
    """Whom the records are of; what changed within the second of a look may be told twice."""
    return sorted({record[MAC].lower() for record in records})


async def monitor(server, path=MONITOR, seconds=2.5, **command):
    async with Live(server, path) as live:
        await live.say(**{"request": 1, "rate": 1, "fields": NAMES, **command})
        return await live.hear_all(seconds)


def test_every_kind_of_subject(street):
    mac = LINKSYS.bssid
    for subject in (mac, mac.upper(), key_of(street, mac), f"{mac}/ff:ff:ff:ff:ff:ff"):
        assert macs(asyncio.run(monitor(street, monitor=subject, seconds=1))) == [mac]
    assert macs(asyncio.run(monitor(street, monitor="*", seconds=1))) == sorted(EVERYONE)
    masked = [one for one in EVERYONE if one.startswith("00:1")]
    assert len(masked) > 1
    assert macs(asyncio.run(monitor(street, monitor="00:10:00:00:00:00/ff:f0:00:00:00:00",
                                    seconds=1))) == sorted(masked)
    for nobody in ("02:00:00:00:00:99", "4202770D00000000_990000000002",
                   "0000000000000000_FFEEDDCCBBAA"):
        assert asyncio.run(monitor(street, monitor=nobody, seconds=1)) == []


def test_views(street):
    points = asyncio.run(monitor(street, "/devices/views/phydot11_accesspoints/monitor.ws",
                                 monitor="*"))
    listed = street.json("/devices/views/phydot11_accesspoints/devices.json")
    assert macs(points) == macs(listed)
    for subject, count in ((LINKSYS.bssid, 1), (OPEN_CLIENT, 0), (key_of(street, OPEN_CLIENT), 0)):
        heard = asyncio.run(monitor(street, "/devices/views/phydot11_accesspoints/monitor.ws",
                                    monitor=subject, seconds=1))
        assert len(macs(heard)) == count
    name = quote(street.json("/devices/views/all_views.json")[-1]["kismet.devices.view.id"])
    assert macs(asyncio.run(monitor(street, f"/devices/views/{name}/monitor.ws", monitor="*",
                                    seconds=1))) == sorted(EVERYONE)


def test_whole_records_and_formats(street):
    async def run(**command):
        async with Live(street, MONITOR) as live:
            await live.say(monitor=LINKSYS.bssid, request="one", **command)
            return await live.hear()
    whole = street.json(f"/devices/by-mac/{LINKSYS.bssid}/devices.json")[0]
    assert set(asyncio.run(run())) == set(whole)
    assert asyncio.run(run(fields=[MAC])) == {MAC: LINKSYS.bssid.upper()}
    assert asyncio.run(run(fields=[MAC], format="tjson")) == {
        MAC.replace(".", "_"): LINKSYS.bssid.upper()}
    assert asyncio.run(run(fields=[[MAC, "who"]], format="msgpack")) == {
        "who": LINKSYS.bssid.upper()}


def test_what_does_not_change_is_told_once(street):
    time.sleep(1.5)
    heard = asyncio.run(monitor(street, monitor="*", seconds=4.5))
    assert sorted(record[MAC].lower() for record in heard) == sorted(EVERYONE)


def test_changes_are_told_at_their_rates(radio):
    """Each request has a clock of its own, and none waits for another."""
    async def run():
        async with Live(radio, MONITOR) as live:
            await live.say(monitor=LINKSYS.bssid, request=1, rate=1, fields=[PACKETS])
            await live.say(monitor=SINGLE.bssid, request=2, rate=3, fields=[MAC])
            return await live.hear_all(7.5)
    heard = asyncio.run(run())
    fast = [record[PACKETS] for record in heard if PACKETS in record]
    slow = [record for record in heard if MAC in record]
    assert 4 <= len(fast) <= 9 and fast == sorted(fast) and fast[0] < fast[-1]
    assert 2 <= len(slow) <= 4


def test_the_last_change_is_not_missed(serve, street_file):
    server = serve()

    async def run():
        async with Live(server, MONITOR) as live:
            await live.say(monitor="*", request=1, rate=1, fields=NAMES)
            await asyncio.to_thread(
                server.post, "/datasource/add_source.cmd", login=True,
                data={"json": json.dumps({"definition": f"{street_file}:name=late"})})
            return await live.hear_all(4)
    newest = {record[MAC].lower(): record[PACKETS] for record in asyncio.run(run())}
    assert newest == {device[MAC].lower(): device[PACKETS]
                      for device in server.json("/devices/views/all/devices.json")}


def test_cancel_and_replace(radio):
    async def run():
        async with Live(radio, MONITOR) as live:
            await live.say(monitor="*", request=7, rate=1, fields=[MAC])
            await live.hear()
            await live.say(monitor=LINKSYS.bssid, request=7, rate=1, fields=[PACKETS])
            await live.hear_until(lambda record: PACKETS in record)
            replaced = await live.hear_all(2.5)
            await live.say(cancel=7)
            await live.say(cancel="never was")
            await live.hear_all(0.5)
            return replaced, await live.hear_all(2.5)
    replaced, canceled = asyncio.run(run())
    assert replaced and all(set(record) == {PACKETS} for record in replaced)
    assert not canceled


@pytest.mark.parametrize("command, word", [
    ({}, "monitor"),
    ({"monitor": "nonsense"}, "MAC address"),
    ({"monitor": 7}, "MAC address"),
    ({"monitor": "*", "rate": -1}, "rate"),
    ({"monitor": "*", "rate": "often"}, "rate"),
    ({"monitor": "*", "request": [1]}, "request"),
    ({"monitor": "*", "request": "x" * 64}, "request"),
    ({"monitor": "*", "fields": [1]}, "fields"),
    ({"monitor": "*", "format": "xml"}, "format"),
    ({"cancel": [1]}, "cancel"),
])
def test_mistakes_are_told(street, command, word):
    async def run():
        async with Live(street, MONITOR) as live:
            await live.say(**command)
            answer = await live.hear()
            await live.say(monitor=LINKSYS.bssid, fields=[MAC])
            assert MAC in await live.hear()  # the socket stays
            return answer
    answer = asyncio.run(run())
    assert set(answer) == {"error"} and word in answer["error"]


def test_requests_have_a_limit(street):
    async def run():
        async with Live(street, MONITOR) as live:
            for number in range(1025):
                await live.say(monitor="02:00:00:00:00:99", request=number)
            return await live.hear()
    assert "1024" in asyncio.run(run())["error"]


async def refusal(server, path):
    with pytest.raises(websockets.exceptions.InvalidStatusCode) as refused:
        await connect(server, path)
    return refused.value.status_code


def test_who_may_watch(street):
    assert asyncio.run(refusal(street, "/devices/views/nothing/monitor.ws")) == 404
    assert street.get(MONITOR).status_code == 426
    with Server("--set", "httpd_require_login=always") as server:
        assert asyncio.run(refusal(server, MONITOR)) == 401
        assert asyncio.run(monitor(server, MONITOR + LOGIN, monitor="*", seconds=0.3)) == []


def narrow_line(server):
    """A connection that takes little before it must be read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    line.connect((server.host, server.port))
    return line


def test_who_takes_nothing_is_told_and_closed(radio):
    """What waits for it stays small, and other clients do not notice."""
    async def queue():
        status = await asyncio.to_thread(radio.json, "/system/status.json")
        return status["norn.system.websocket.queue_bytes"]

    async def run():
        async with Live(radio, MONITOR, sock=narrow_line(radio), max_queue=1) as stuck, \
                Live(radio, MONITOR) as reader:
            for number in range(50):
                await stuck.say(monitor="*", request=number, rate=1)
            await reader.say(monitor=LINKSYS.bssid, rate=1, fields=[MAC])
            while await queue() < 256 * 1024:
                await asyncio.sleep(0.1)
            heard = await reader.hear_all(11.5)
            assert len(heard) >= 8 and await queue() < 1024 * 1024
            with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
                while True:
                    await stuck.hear()
            return closed.value.rcvd
    close = asyncio.run(run())
    assert close.code == 1008 and "slowly" in close.reason
