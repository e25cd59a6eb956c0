"""Serves an app on a socket until it is told to stop, and stops without refusing anybody who is already there."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sanic import Sanic

from bot.channels.guide import Guide
from bot.channels.http import CarefulProtocol

BACKLOG = 1024
FILES = 10_000  # two for each page that follows (bot/channels/events.py), and some
DRAIN_SECONDS = 20.0  # longer than a turn may take
QUIET_SECONDS = 1.0  # for which a connection may still bring a request that was under way when the stop began
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(app: Sanic, guide: Guide, listening: socket.socket, ready: Callable[[asyncio.Event], None]) -> None:
    """Serve until SIGTERM or Ctrl-C, or until what `ready` gets is set. `ready` is called once requests are taken."""
    _allow_connections()
    with suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(_serve(app, guide, listening, ready))


def _allow_connections() -> None:
    """Each open page keeps a connection, and many systems allow a thousand files unless one asks for more."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        enough = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
        if now != resource.RLIM_INFINITY and now < enough:
            resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))


async def _serve(app: Sanic, guide: Guide, listening: socket.socket, ready: Callable[[asyncio.Event], None]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    server: Any = await app.create_server(
        sock=listening, protocol=CarefulProtocol, access_log=False, return_asyncio_server=True, backlog=BACKLOG,
        asyncio_server_kwargs={"start_serving": False},
    )  # fmt: skip
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    ready(stop)
    await stop.wait()
    closing = server.close()  # nobody new; with several workers the others take them
    app.ctx.stopping = True
    await _drain(server.connections, guide)
    await server.before_stop()
    await closing
    for connection in list(server.connections):
        connection.abort()
    await server.after_stop()


async def _drain(connections: set[Any], guide: Guide) -> None:
    """Let what is under way be answered, tell those who keep their connection that it ends, and let open pages go."""
    loop = asyncio.get_running_loop()
    quiet, end = loop.time() + QUIET_SECONDS, loop.time() + DRAIN_SECONDS
    while (connections or guide.busy()) and loop.time() < end:
        guide.live.close()
        for connection in list(connections):
            connection.last_answer()
            if loop.time() > quiet:
                connection.close_if_idle()
        await asyncio.sleep(0.02)
