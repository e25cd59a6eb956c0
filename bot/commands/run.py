"""`npq run`: train if needed, then serve, with one process or several."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.commands import CommandError
from bot.health import logs
from bot.runtime import lean_imports
from bot.settings import Settings, SettingsError, read
from bot.training import train_apart
from bot.workers.checks import check
from bot.workers.listening import hold
from guidance import knowledge

if TYPE_CHECKING:
    from sanic import Sanic

    from bot.channels.guide import Guide


def run(given: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    began = time.monotonic()
    settings = read()
    workers = _number(given.workers or os.environ.get("NPQ_WORKERS") or "1")
    check(settings, workers)
    listening = _hold(settings)
    logs.begin(settings.log)
    print("Starting NPQ Guide ...", flush=True)
    knowledge.current()  # broken knowledge is said before anything is trained on it
    train_apart(settings)

    def ready() -> None:
        shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::") else settings.host
        taken, many = time.monotonic() - began, f" with {workers} workers" if workers > 1 else ""
        print(f"Ready in {taken:.1f} s: http://{shown}:{settings.port}/{many}  (Ctrl-C stops)", flush=True)

    with listening:
        if workers > 1:
            _supervise(listening, workers, ready)
        else:
            _serve(settings, listening, ready)
    print("\nStopped.")
    return 0


def load(settings: Settings, say: Callable[[str], None]) -> tuple[Guide, Sanic]:
    """The guide and its app, ready to serve, after the guide has answered a question of its own.

    Raises:
        CommandError: it did not answer it.
        SettingsError: another process uses the database, and the two do not share Redis.
    """
    lean_imports.install(serving=True)
    from bot.runtime.service import start_guide
    from bot.workers.alone import Place

    place = Place(settings.database_url, shared=bool(settings.web.redis_url))
    place.take(say)
    guide = start_guide(settings, say, serving=True)
    from bot.app import build
    from bot.health.selftest import SelfTest

    if problem := asyncio.run(SelfTest(guide).problem()):
        raise CommandError(
            f"the model does not answer as it should: {problem} Nothing is served. Run `npq train --force`; "
            "if that does not help, see docs/runbooks/bad-model.md."
        )
    app = build(guide, settings.web, slack=settings.slack, handoff=settings.handoff, metrics=settings.metrics)
    app.ctx.place = place  # until the process ends
    return guide, app


def _serve(settings: Settings, listening: socket.socket, ready: Callable[[], None]) -> None:
    guide, app = load(settings, say=lambda text: print(text, flush=True))
    from bot.runtime.memory import settle
    from bot.serving import serve

    def begun(_stop: asyncio.Event) -> None:
        settle()
        ready()

    serve(app, guide, listening, begun)


def _supervise(listening: socket.socket, workers: int, ready: Callable[[], None]) -> None:
    from bot.workers.supervisor import NotStarted, Supervisor

    async def prepare() -> bool:
        """Train in a program of its own, which has the code and data of now, not of when this one started."""
        training = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.cli", "train")
        return await training.wait() == 0

    async def supervise() -> None:
        await Supervisor(listening, workers, prepare).run(ready)

    try:
        asyncio.run(supervise())
    except NotStarted as error:
        raise CommandError("the service could not be started; the reason stands above.") from error


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"--workers: `{text}` is not a number. Write one, such as 2; in NPQ_WORKERS too.")
    return int(text)


def _hold(settings: Settings) -> socket.socket:
    """Hold the address before training, so that a port that is taken is said before, not after."""
    try:
        return hold(settings.host, settings.port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"port {settings.port} is taken by another program. Stop that program, or choose "
                f"another port: NPQ_PORT={settings.port + 1} make run"
            ) from error
        raise CommandError(
            f"cannot listen on {settings.host} port {settings.port} ({error.strerror}). Set NPQ_HOST and NPQ_PORT."
        ) from error
