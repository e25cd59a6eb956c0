"""Works off what came from Slack and sends what is to be sent, beside the web channel, in the same process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.slack import outgoing
from bot.channels.slack.queue import INCOMING, OUTGOING, Claimed, Queue, Task
from bot.channels.slack.web_api import NotDone, WebApi

logger = logging.getLogger(__name__)

Handler = Callable[[Claimed], Awaitable[Sequence[Task]]]  # what follows from it is to be sent
Sent = Callable[[Claimed, str | None, str | None], Awaitable[None]]  # task, its name in Slack, problem when given up

# Tasks of each queue. Turns of the guide take the processor, so that more of them at once only keep receipts waiting.
AT_ONCE = {INCOMING: 3, OUTGOING: 8}
LOOK_SECONDS = 1.0  # between looks for what other processes stored or what is due again
MOST_ATTEMPTS = 6  # of what fails here, or is refused for a strange reason; it must not hold up its talk for long
PURGE_SECONDS = 3600.0
LATE = timedelta(minutes=10)  # what has waited so long deserves a look
AWAY_SECONDS = 2.0  # for which the database is left alone after it failed


class SlackService:
    """The two queues at work. Handlers are known by the kind of a task, those told what was sent by its key's start."""

    def __init__(self, queue: Queue, api: WebApi) -> None:
        self.queue = queue
        self.api = api
        self.handlers: dict[str, Handler] = {}
        self.sent: dict[str, Sent] = {}
        self._wake = {INCOMING: asyncio.Event(), OUTGOING: asyncio.Event()}
        self._running: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def put(self, direction: str, *tasks: Task) -> int:
        """Store tasks and begin with them at once; returns how many of them were new.

        Raises:
            SQLAlchemyError: the database does not take them.
        """
        new = await asyncio.to_thread(self.queue.put, direction, tasks)
        self._wake[direction].set()
        return int(new)

    def health(self) -> dict[str, Any]:
        """Counts for /health/ready; `ok` is false when something was given up, or has waited for long."""
        try:
            told = self.queue.waiting()
        except SQLAlchemyError:
            return {"ok": False, "database": "down"}
        since = told["oldest_waiting_since"]
        late = since is not None and datetime.now(timezone.utc) - datetime.fromisoformat(since) > LATE
        return {"ok": not (late or told["given_up"]), **told}

    def wake(self, direction: str) -> None:
        """Look at once for what was stored in a transaction of somebody else's."""
        self._wake[direction].set()

    def start(self) -> None:
        """Begin; within an event loop."""
        loop = asyncio.get_running_loop()
        self._stopping = False
        self._running = [
            loop.create_task(self._work(INCOMING, self._handle)),
            loop.create_task(self._work(OUTGOING, self._send)),
            loop.create_task(self._purge()),
        ]

    async def stop(self) -> None:
        """End; what is being done is finished."""
        self._stopping = True  # Python's wait_for may swallow a cancellation that comes with what it waits for
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._busy:
            await asyncio.wait(self._busy, timeout=LOOK_SECONDS * 10)

    async def _work(self, direction: str, do: Callable[[Claimed], Coroutine[Any, Any, None]]) -> None:
        places = asyncio.Semaphore(AT_ONCE[direction])
        while not self._stopping:
            await places.acquire()
            task = None
            try:
                task = await self._next(direction)
            finally:
                if task is None:
                    places.release()
            if task is None:
                continue
            running = asyncio.get_running_loop().create_task(do(task))
            self._busy.add(running)

            def over(done: asyncio.Task[None]) -> None:
                self._busy.discard(done)
                places.release()
                self._wake[direction].set()  # the next of its talk may begin

            running.add_done_callback(over)

    async def _next(self, direction: str) -> Claimed | None:
        """The next task; None after waiting for a while."""
        wake = self._wake[direction]
        wake.clear()
        try:
            task: Claimed | None = await asyncio.to_thread(self.queue.claim, direction)
        except Exception as error:  # the work must go on, whatever is the matter with one row
            logger.warning("What waits for Slack cannot be read (%s); trying again.", type(error).__name__)
            await asyncio.sleep(AWAY_SECONDS)
            return None
        if task is None:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_SECONDS)
        return task

    async def _handle(self, task: Claimed) -> None:
        try:
            handler = self.handlers.get(task.kind)
            tasks = await handler(task) if handler else ()
            await asyncio.to_thread(lambda: self.queue.done(task, tasks))
            self._wake[OUTGOING].set()
        except Exception as error:  # no text of it: it may hold what somebody wrote
            name = type(error).__name__
            if task.attempts >= MOST_ATTEMPTS and not isinstance(error, SQLAlchemyError):
                logger.error("Given up: something from Slack could not be worked on (%s).", name)
                with suppress(SQLAlchemyError):
                    await asyncio.to_thread(lambda: self.queue.done(task, problem=name))
                return
            logger.error("Something from Slack could not be worked on (%s); trying again.", name)
            await self._later(task, name)

    async def _send(self, task: Claimed) -> None:
        try:
            result = await outgoing.send(task, self.api)
        except NotDone as problem:
            if problem.for_good or (problem.strange and task.attempts >= MOST_ATTEMPTS):
                await self._give_up(task, str(problem))
            elif await self._later(task, str(problem), problem.wait):
                await self._tell(task, None, str(problem))
            return
        except Exception as error:
            logger.error("A message to Slack cannot be sent: %s", type(error).__name__)
            await self._give_up(task, type(error).__name__)
            return
        try:
            await asyncio.to_thread(lambda: self.queue.done(task, result=result))
        except SQLAlchemyError:  # it comes again when its lease is over, and is found to have arrived
            logger.warning("The database does not take that a message to Slack was sent.")
            return
        await self._tell(task, result, None)

    async def _give_up(self, task: Claimed, problem: str) -> None:
        logger.error("Given up: a message to Slack (%s). %s", task.kind, problem)
        with suppress(SQLAlchemyError):
            await asyncio.to_thread(lambda: self.queue.done(task, problem=problem))
        await self._tell(task, None, problem)

    async def _tell(self, task: Claimed, result: str | None, problem: str | None) -> None:
        """Those who want to know what became of it."""
        for start, told in self.sent.items():
            if task.key.startswith(start):
                try:
                    await told(task, result, problem)
                except Exception as error:
                    logger.error("What became of a message to Slack was not noted: %s", type(error).__name__)

    async def _later(self, task: Claimed, problem: str, wait: float | None = None) -> bool:
        try:
            return bool(await asyncio.to_thread(self.queue.later, task, problem, wait))
        except SQLAlchemyError:  # it comes back when its lease is over
            return False

    async def _purge(self) -> None:
        while True:
            with suppress(SQLAlchemyError):
                await asyncio.to_thread(self.queue.purge)
            await asyncio.sleep(PURGE_SECONDS)
