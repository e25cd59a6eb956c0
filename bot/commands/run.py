"""`npq run`: train if needed, then serve."""

from __future__ import annotations

import argparse
import asyncio
import errno
import socket
import time

from bot.commands import CommandError
from bot.health import logs
from bot.runtime import lean_imports
from bot.settings import Settings, read
from bot.training import train_apart
from guidance import knowledge


def run(_options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    began = time.monotonic()
    settings = read()
    _port_is_free(settings)
    logs.begin(settings.log)
    print("Starting NPQ Guide ...", flush=True)
    knowledge.current()  # broken knowledge is said before anything is trained on it
    train_apart(settings)
    lean_imports.install(serving=True)
    from bot.runtime.service import start_guide

    guide = start_guide(settings, say=lambda text: print(text, flush=True))
    from bot.app import build
    from bot.channels.http import CarefulProtocol
    from bot.health.selftest import SelfTest
    from bot.runtime.memory import settle

    if problem := asyncio.run(SelfTest(guide).problem()):
        raise CommandError(
            f"the model does not answer as it should: {problem} Nothing is served. Run `npq train --force`; "
            "if that does not help, see docs/runbooks/bad-model.md."
        )
    app = build(guide, settings.web, slack=settings.slack, handoff=settings.handoff, metrics=settings.metrics)
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::") else settings.host

    @app.after_server_start
    async def announce(_app: object, _loop: object) -> None:
        settle()
        taken = time.monotonic() - began
        print(f"Ready in {taken:.1f} s: http://{shown}:{settings.port}/  (Ctrl-C stops)", flush=True)

    app.run(host=settings.host, port=settings.port, protocol=CarefulProtocol, access_log=False, motd=False)
    print("\nStopped.")
    return 0


def _port_is_free(settings: Settings) -> None:
    """Say before training that the port is taken, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"port {settings.port} is taken by another program. Stop that program, or choose "
                    f"another port: NPQ_PORT={settings.port + 1} make run"
                ) from error
            raise CommandError(
                f"cannot listen on {settings.host} port {settings.port} ({error.strerror}). Set NPQ_HOST and NPQ_PORT."
            ) from error
