"""Starts workers on one listening socket, starts again those that die, and replaces them one by one.

The socket stays open all the time and its queue belongs to all: nobody is refused while a worker dies or is replaced.
Each worker is a new program, not a fork: after SIGHUP it has the new model, knowledge, settings of files, and code.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.workers.worker import READY

logger = logging.getLogger(__name__)

START_SECONDS = 300.0  # in which a worker must be ready
STOP_SECONDS = 40.0  # in which a worker must have ended; longer than it drains
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before one that died is started again, doubled each time ...
STEADY_SECONDS = 60.0  # ... until it has lived for so long


class NotStarted(Exception):
    """A worker ended, or was not ready in time; it has said why."""


class Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process, line: socket.socket) -> None:
        self.process = process
        self._line = line  # when it closes, the worker ends
        self.began = time.monotonic()

    @classmethod
    async def start(cls, listening: socket.socket) -> Worker:
        """Start one and wait until it takes requests.

        Raises:
            NotStarted: it does not.
        """
        mine, its = socket.socketpair()
        mine.setblocking(False)
        with its:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.workers.worker", str(listening.fileno()), str(its.fileno()),
                pass_fds=(listening.fileno(), its.fileno()), stdin=asyncio.subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        worker, told = cls(process, mine), b""
        try:
            with suppress(asyncio.TimeoutError, OSError):
                told = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(mine, len(READY)), START_SECONDS)
        finally:
            if told != READY:  # also when we are stopped meanwhile
                with suppress(ProcessLookupError):
                    process.kill()
                mine.close()
        if told != READY:
            raise NotStarted
        return worker

    async def stop(self) -> None:
        """Let it finish what it does; after a while end it all the same."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            logger.error("Worker %d does not stop: it is killed.", self.process.pid)
            self.process.kill()
            await self.process.wait()
        self._line.close()


class Supervisor:
    """Keeps so many workers. `prepare` is called before they are replaced; False: the old ones stay."""

    def __init__(self, listening: socket.socket, number: int, prepare: Callable[[], Awaitable[bool]]) -> None:
        self._listening = listening
        self._number = number
        self._prepare = prepare
        self._workers: dict[int, Worker] = {}
        self._stop = asyncio.Event()
        self._replacing = asyncio.Lock()

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C. `ready` is called when all workers take requests.

        Raises:
            NotStarted: not even the first worker could be started.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        jobs: list[asyncio.Task[None]] = []
        try:
            # The first alone: it makes the tables, and what is wrong with the settings is said once.
            if not await self._unless_stopped(self._put(0)):
                return
            jobs = [loop.create_task(self._keep(place)) for place in range(self._number)]
            loop.add_signal_handler(signal.SIGHUP, lambda: jobs.append(loop.create_task(self._replace())))
            if await self._unless_stopped(self._all_there()):
                ready()
                await self._stop.wait()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await asyncio.gather(*(worker.stop() for worker in self._workers.values()))

    async def _unless_stopped(self, work: Awaitable[None]) -> bool:
        """Do it; False when the service was stopped before."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stop.wait())
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if doing.done():
            await doing
            return True
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return False

    async def _put(self, place: int) -> None:
        self._workers[place] = await Worker.start(self._listening)
        logger.info("Worker %d serves.", self._workers[place].process.pid)

    async def _all_there(self) -> None:
        while len(self._workers) < self._number:
            await asyncio.sleep(0.05)

    async def _keep(self, place: int) -> None:
        """Have a worker in this place for ever."""
        delay = FIRST_DELAY
        while True:
            worker = self._workers.get(place)
            if worker is not None:
                status = await worker.process.wait()
                if self._workers.get(place) is not worker:  # it was replaced
                    continue
                del self._workers[place]
                logger.error("Worker %d ended with %d; another is started.", worker.process.pid, status)
                delay = FIRST_DELAY if time.monotonic() - worker.began > STEADY_SECONDS else delay
                await asyncio.sleep(delay)
                delay = min(2 * delay, LONGEST_DELAY)
            async with self._replacing:
                try:
                    if place not in self._workers:
                        await self._put(place)
                    continue
                except NotStarted:
                    logger.error("A worker could not be started; trying again in %.0f s.", delay)
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY)

    async def _replace(self) -> None:
        """Put a new worker into each place, one after the other; the old one ends when the new one serves."""
        async with self._replacing:
            if not await self._prepare():
                logger.error("Nothing is replaced: the old workers serve on.")
                return
            for place in range(self._number):
                old = self._workers.get(place)
                try:
                    await self._put(place)
                except NotStarted:
                    logger.error("The new worker does not start: the others are not replaced and serve on.")
                    return
                if old is not None:
                    await old.stop()
            logger.info("All workers are replaced.")
