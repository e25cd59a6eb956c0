"""One worker: serves on the socket it was given, tells its supervisor when it is ready, and ends with it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys

READY = b"ready\n"


def main(listening_fd: int, line_fd: int) -> int:
    """Serve until SIGTERM, or until the supervisor is gone. Its faults are one sentence each, as those of `npq run`."""
    from bot.runtime import lean_imports, threads

    threads.only_one()
    lean_imports.install()
    from bot.commands import FAULTS

    try:
        _serve(listening_fd, line_fd)
    except FAULTS as fault:
        print(f"npq run, worker {os.getpid()}: {fault}", file=sys.stderr, flush=True)
        return 1
    return 0


def _serve(listening_fd: int, line_fd: int) -> None:
    from bot.commands.run import load
    from bot.health import logs
    from bot.runtime.memory import settle
    from bot.settings import read

    settings = read()
    logs.begin(settings.log, worker=True)
    guide, app = load(settings, say=logging.getLogger(__name__).info)
    from bot.serving import serve

    def ready(stop: asyncio.Event) -> None:
        settle()
        os.write(line_fd, READY)
        loop = asyncio.get_running_loop()

        def orphaned() -> None:  # nothing is ever sent on the line: this is its end
            loop.remove_reader(line_fd)
            stop.set()

        loop.add_reader(line_fd, orphaned)

    serve(app, guide, socket.socket(fileno=listening_fd), ready)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
