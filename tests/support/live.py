"""A websocket that takes commands and tells of things: say() a command, hear() what comes.

Input: a running norn. Output: decoded messages, in order."""
import asyncio
import json
from urllib.parse import quote

import msgpack
import websockets

from support.norn import PASSWORD, USER

LOGIN = f"?user={quote(USER)}&password={quote(PASSWORD)}"
PATIENCE = 20


def connect(server, path, **options):
    options.setdefault("open_timeout", PATIENCE)
    return websockets.connect(f"ws://{server.host}:{server.port}{path}", **options)


class Live:
    def __init__(self, server, path, **options):
        self.connection = connect(server, path, **options)
        self.socket = None

    async def __aenter__(self):
        self.socket = await self.connection
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def say(self, **command):
        await self.socket.send(json.dumps(command))

    async def hear(self, seconds=PATIENCE):
        """The next message."""
        message = await asyncio.wait_for(self.socket.recv(), seconds)
        return json.loads(message) if isinstance(message, str) else msgpack.unpackb(message)

    async def hear_until(self, wanted, seconds=PATIENCE):
        """The first message that is wanted; others are passed over."""
        async def look():
            while True:
                message = await self.hear()
                if wanted(message):
                    return message
        return await asyncio.wait_for(look(), seconds)

    async def hear_all(self, seconds):
        """Everything that comes in so many seconds."""
        messages, end = [], asyncio.get_event_loop().time() + seconds
        while (left := end - asyncio.get_event_loop().time()) > 0:
            try:
                messages.append(await self.hear(left))
            except asyncio.TimeoutError:
                break
        return messages
