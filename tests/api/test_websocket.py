"""Websockets, by a client that no one here wrote (Debian's python3-websockets): logins, refusals,
messages, closes, many at a time, the end of the server."""
import asyncio
import time
from base64 import b64encode
from urllib.parse import quote

import pytest
import websockets
import websockets.exceptions

from support.norn import PASSWORD, USER

ECHO = "/debug/echo.ws"
REMOTE = "/datasource/remote/remotesource.ws"
LOGIN = f"?user={quote(USER)}&password={quote(PASSWORD)}"
STATUS = "norn.system.websocket."


def connect(server, path, headers=None, **options):
    options.setdefault("open_timeout", 20)
    return websockets.connect(f"ws://{server.host}:{server.port}{path}", extra_headers=headers,
                              **options)


async def echo_once(server, path=ECHO + LOGIN, text="hello", **options):
    async with connect(server, path, **options) as socket:
        await socket.send(text)
        return await asyncio.wait_for(socket.recv(), 20)


async def refusal(server, path, **options):
    """Status of a handshake that is refused."""
    with pytest.raises(websockets.exceptions.InvalidStatusCode) as refused:
        await connect(server, path, **options)
    return refused.value.status_code


async def close_of(server, message):
    """Code and reason of the close that a message brings about."""
    async with connect(server, ECHO + LOGIN) as socket:
        await socket.send(message)
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 20)
        return closed.value.rcvd.code, closed.value.rcvd.reason


@pytest.mark.parametrize("text", ["hello", "", "grüße \U0001f4e1", "x" * 65536])
def test_text_comes_back(street, text):
    assert asyncio.run(echo_once(street, text=text)) == text


def test_messages_in_fragments(street):
    async def run():
        async with connect(street, ECHO + LOGIN) as socket:
            await socket.send(["one ", "two ", "three"])
            assert await asyncio.wait_for(socket.recv(), 20) == "one two three"
            waiter = await socket.ping()
            await asyncio.wait_for(waiter, 20)
    asyncio.run(run())


def test_binary_is_refused_where_text_is_expected(street):
    code, reason = asyncio.run(close_of(street, b"\0\1\2"))
    assert code == 1003 and "text" in reason


def test_messages_have_a_limit(street):
    code, reason = asyncio.run(close_of(street, "x" * 65537))
    assert code == 1009 and "longer" in reason


def test_a_close_is_answered(street):
    async def run():
        socket = await connect(street, ECHO + LOGIN)
        await socket.close(4000, "enough")
        assert socket.close_code == 4000
    asyncio.run(run())


# logins
def test_every_login_opens(street):
    token = street.get("/session/create_session", login=True).cookies["KISMET"]
    ways = [
        (ECHO + LOGIN, {}),
        (f"{ECHO}?KISMET={token}", {}),
        (ECHO, {"Cookie": f"other=1; KISMET={token}"}),
        (ECHO, {"KISMET": token}),
        (ECHO, {"Authorization": f"Bearer {token}"}),
        (ECHO, {"Authorization": "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()}),
    ]
    for path, headers in ways:
        assert asyncio.run(echo_once(street, path, headers=headers)) == "hello"


@pytest.mark.parametrize("path, status", [
    (ECHO, 401),
    (f"{ECHO}?user={USER}&password=wrong", 401),
    (f"{ECHO}?KISMET={'0' * 32}", 401),
    (REMOTE, 401),
    ("/debug/nothing.ws" + LOGIN, 404),
    ("/debug/echo" + LOGIN, 404),
    ("/debug/echo.json" + LOGIN, 404),
])
def test_refusals_come_before_the_upgrade(street, path, status):
    assert asyncio.run(refusal(street, path)) == status


def test_pages_of_other_sites_are_refused(street):
    token = street.get("/session/create_session", login=True).cookies["KISMET"]
    cookie = {"Cookie": f"KISMET={token}"}
    own = f"http://{street.host}:{street.port}"
    foreign = "https://elsewhere.example"
    assert asyncio.run(echo_once(street, ECHO, headers=cookie, origin=own)) == "hello"
    assert asyncio.run(refusal(street, ECHO, headers=cookie, origin=foreign)) == 403
    assert asyncio.run(echo_once(street, f"{ECHO}?KISMET={token}", origin=foreign)) == "hello"


def test_a_plain_request_is_told_what_to_do(street):
    answer = street.get(ECHO, login=True)
    assert answer.status_code == 426
    assert answer.headers["Upgrade"] == "websocket"
    assert "ws://" in answer.text
    assert street.get(ECHO).status_code == 401
    assert street.post(ECHO, login=True).status_code == 405


# many, and the end
def test_counts_are_in_the_status(serve):
    server = serve()

    async def run():
        async with connect(server, ECHO + LOGIN) as socket:
            for _ in range(5):
                await socket.send("hello")
                await asyncio.wait_for(socket.recv(), 20)
            return await asyncio.to_thread(server.json, "/system/status.json")
    status = asyncio.run(run())
    assert status[STATUS + "open"] == 1
    assert status[STATUS + "messages_in"] == 5
    assert status[STATUS + "messages_out"] in (4, 5)  # the last one is counted once it is out
    assert status[STATUS + "messages_dropped"] == 0
    server.wait_for(lambda: server.json("/system/status.json")[STATUS + "open"] == 0,
                    what="end of the websocket")


def test_three_hundred_at_a_time(serve):
    server = serve()

    async def run():
        sockets = await asyncio.gather(*(connect(server, ECHO + LOGIN) for _ in range(300)))
        await asyncio.gather(*(socket.send(f"message {number}")
                               for number, socket in enumerate(sockets)))
        answers = await asyncio.gather(*(asyncio.wait_for(socket.recv(), 30)
                                         for socket in sockets))
        assert answers == [f"message {number}" for number in range(300)]
        assert server.get("/system/status.json").json()[STATUS + "open"] == 300
        await asyncio.gather(*(socket.close() for socket in sockets))
    asyncio.run(run())


def test_a_server_that_stops_says_so(serve):
    server = serve()

    async def run():
        sockets = await asyncio.gather(*(connect(server, ECHO + LOGIN) for _ in range(20)))
        began = time.monotonic()
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        for socket in sockets:
            with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 20)
            assert closed.value.rcvd.code == 1001
            assert "stopping" in closed.value.rcvd.reason
        await stopping
        return time.monotonic() - began
    assert asyncio.run(run()) < 4
