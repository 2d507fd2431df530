"""Positions that are sent over websockets: /gps/web/update.ws and those of the meta receivers."""
import asyncio

import pytest
import websockets.exceptions

from support.live import LOGIN, Live, connect

WEB = "/gps/web/update.ws"


def test_positions_over_a_websocket(street):
    async def run():
        async with Live(street, WEB + LOGIN) as live:
            answers = []
            for position in ({"lat": 45.5, "lon": 7.25, "alt": 300, "spd": 5}, {"lat": 45},
                             {"lat": 91, "lon": 7}, {"lat": "x", "lon": 7},
                             {"lat": 46.5, "lon": 8.25}):
                await live.say(**position)
                answers.append(await live.hear())
            return answers
    answers = asyncio.run(run())
    assert answers[0] == answers[-1] == {"update": "ok"}
    assert "lon is missing" in answers[1]["error"]
    assert "90" in answers[2]["error"]
    assert "lat must be" in answers[3]["error"]
    location = street.json("/gps/location.json")
    assert location["kismet.common.location.geopoint"] == [8.25, 46.5]
    assert location["kismet.common.location.fix"] == 2


async def refusal(server, path):
    with pytest.raises(websockets.exceptions.InvalidStatusCode) as refused:
        await connect(server, path)
    return refused.value.status_code


def test_who_may_send(street):
    assert asyncio.run(refusal(street, WEB)) == 401


def test_positions_of_a_receiver_of_that_name(serve):
    server = serve("--set", "gps=meta:name=van")

    async def run():
        async with Live(server, "/gps/meta/van/update.ws" + LOGIN) as live:
            await live.say(lat=45.5, lon=7.25)
            return await live.hear()
    assert asyncio.run(run()) == {"update": "ok"}
    assert asyncio.run(refusal(server, "/gps/meta/bus/update.ws" + LOGIN)) == 404
    assert asyncio.run(refusal(server, WEB + LOGIN)) == 404
