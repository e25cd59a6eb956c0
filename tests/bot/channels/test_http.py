"""Closed connections are forgotten at once."""

from __future__ import annotations

import asyncio
import gc
import socket
import weakref

from sanic import Sanic
from sanic.response import HTTPResponse, text

from bot.channels.http import CarefulProtocol

PATIENCE = 300  # tenths of a second; far less than connections may take to close here
SENT = (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"\xff\xfe\r\n\r\n", b"")


class Watched(CarefulProtocol):
    """Notes each connection without keeping it."""

    __slots__ = ("__weakref__",)
    seen: list[weakref.ref[Watched]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:
        Watched.seen.append(weakref.ref(self))
        super().connection_made(transport)


def test_a_closed_connection_is_not_kept() -> None:
    app = Sanic("closed-connections", configure_logging=False)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 3600

    @app.get("/")
    async def hello(_request: object) -> HTTPResponse:
        return text("hello")

    assert asyncio.run(_kept_after(app)) == 0


async def _kept_after(app: Sanic) -> int:
    made = await app.create_server(
        sock=socket.create_server(("127.0.0.1", 0)), protocol=Watched, return_asyncio_server=True
    )
    assert made is not None
    await made.startup()
    port = made.server.sockets[0].getsockname()[1]
    for sent in SENT:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        writer.write_eof()
        await reader.read()
        writer.close()
    kept = len(Watched.seen)
    assert kept == len(SENT)
    for _ in range(PATIENCE):
        gc.collect()
        kept = sum(one() is not None for one in Watched.seen)
        if not kept:
            break
        await asyncio.sleep(0.1)
    made.server.close()
    return kept
