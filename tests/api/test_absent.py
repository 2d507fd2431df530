"""What norn has none of yet: empty answers of the right shape, errors that say so."""
import asyncio
import json

import pytest
import websockets

LISTS = ["/logging/drivers", "/logging/active", "/plugins/all_plugins", "/poi/list_poi",
         "/phy/phyuav/manuf_matchers"]
MAPS = ["/antennas/antennas", "/radiation/sensors/all_sensors"]
UUID = "12345678-1234-5678-9ABC-DEF012345678"
BOUNDS = {f"kismet.adsb.map.{edge}": 0 for edge in ("min_lat", "max_lat", "min_lon", "max_lon")}


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list(street, path):
    assert street.json(path + ".json") == []
    assert street.msgpack(path + ".msgpack") == []
    assert street.get(path + ".itjson").text == street.get(path + ".ekjson").text == ""
    answer = street.post(path + ".json", json={"fields": ["any.thing", ["a/b", "c"]]})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("path", MAPS)
def test_an_empty_map(street, path):
    assert street.json(path + ".json") == street.msgpack(path + ".msgpack") == {}
    assert street.post(path + ".tjson", json={"fields": ["any.thing"]}).json() == {}


@pytest.mark.parametrize("path", LISTS + MAPS)
def test_a_bad_field_list_is_told(street, path):
    assert street.post(path + ".json", json={"fields": "x"}).status_code == 400


def test_the_map_of_aircraft(street):
    assert street.json("/phy/ADSB/map_data.json") == {**BOUNDS, "kismet.adsb.map.devices": []}
    answer = street.post("/phy/ADSB/map_data.json",
                         json={"fields": ["kismet.adsb.map.devices"]})
    assert answer.json() == {"kismet.adsb.map.devices": []}


def test_the_page_has_no_modules(street):
    answer = street.get("/dynamic.json")
    assert answer.json() == {"dynamicjs": []}
    assert answer.headers["Content-Type"] == "application/json"
    answer = street.get("/dynamic.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/javascript"


def test_the_page_s_modules_need_no_login(serve):
    server = serve("--set", "httpd_require_login=always")
    assert server.get("/dynamic.json").status_code == server.get("/dynamic.js").status_code == 200
    assert server.get("/plugins/all_plugins.json").status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_plugin_has_files(street, method):
    assert street.request(method, "/plugin/some/index.html").status_code == 404


@pytest.mark.parametrize("methods, path, command, status, word", [
    (["GET", "POST"], "/logging/by-class/kismet/start.cmd", {"title": "x"}, 404, "'kismet'"),
    (["GET", "POST"], f"/logging/by-uuid/{UUID}/stop.cmd", {}, 404, "logs"),
    (["GET", "POST"], "/logging/by-uuid/x/stop.cmd", {}, 400, "UUID"),
    (["POST"], "/logging/kismetdb/pcap/drop.cmd", {"drop_before": 5}, 500, "logs"),
    (["POST"], "/logging/kismetdb/pcap/drop.cmd", {"drop_before": "x"}, 400, "drop_before"),
    (["GET", "POST"], "/logging/kismetdb/pcap/walk.pcapng", {}, 404, "'walk.pcapng'"),
    (["POST"], "/poi/create_poi.cmd", {"note": "here"}, 500, "logs"),
    (["POST"], "/phy/ADSB/proxy/create.cmd", {"name": "x"}, 501, "ADS-B"),
])
def test_what_cannot_be_done_is_told(street, methods, path, command, status, word):
    for method in methods:
        data = {"json": json.dumps(command)} if method == "POST" else None
        answer = street.request(method, path, data=data, login=True)
        assert answer.status_code == status and word in answer.text, (method, answer.text)


@pytest.mark.parametrize("path", ["/logging/by-class/kismet/start.cmd", "/poi/create_poi.cmd",
                                  f"/logging/by-uuid/{UUID}/stop.cmd",
                                  "/logging/kismetdb/pcap/drop.cmd",
                                  "/phy/ADSB/proxy/create.cmd"])
def test_commands_need_a_login(street, path):
    assert street.post(path, data={"json": "{}"}).status_code == 401


AIRCRAFT = [f"/phy/{phy}/{kind}.ws" for phy in ("ADSB", "RTLADSB") for kind in ("beast", "raw")]


def test_websockets_of_aircraft_are_open_and_silent(street):
    uuid = street.sources()[0]["kismet.datasource.uuid"]

    async def listen(path):
        async with websockets.connect(f"ws://{street.host}:{street.port}{path}") as socket:
            await asyncio.wait_for(await socket.ping(), 20)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(socket.recv(), 0.1)
    for path in (*AIRCRAFT, f"/datasource/by-uuid/{uuid}/adsb_raw.ws"):
        asyncio.run(listen(path))


def test_no_websocket_of_a_source_that_is_not_there(street):
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    answer = street.get(f"/datasource/by-uuid/{UUID}/adsb_raw.ws", headers=headers)
    assert answer.status_code == 404
