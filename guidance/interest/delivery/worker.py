"""Delivers what is in the outbox and purges daily, beside the service. Any number of processes may do so at once."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from guidance.interest import outbox
from guidance.interest.delivery.message import NotDelivered, Sender, build
from guidance.interest.keys import Unreadable
from guidance.interest.store import Store, utc_now

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
UPKEEP_SECONDS = 30.0
AFTER_TROUBLE = 10.0


@dataclass
class Worker:
    """One task a destination, so that a slow one holds up no other, and one for upkeep."""

    store: Store
    senders: Sequence[Sender]
    upkeep: Callable[[], None]
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)
    _stopping: asyncio.Event | None = field(default=None, init=False)
    _threads: ThreadPoolExecutor | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin; call inside a running event loop."""
        self._stopping = asyncio.Event()
        # threads of their own: a send that hangs keeps no turn waiting
        self._threads = ThreadPoolExecutor(len(self.senders) + 1, thread_name_prefix="interest")
        jobs: list[tuple[Callable[[], bool], float]] = [(self._tidy, UPKEEP_SECONDS)]
        jobs += [(_sending(self.store, sender), LOOK_SECONDS) for sender in self.senders]
        self._tasks = [asyncio.get_running_loop().create_task(self._repeat(*job)) for job in jobs]

    async def stop(self) -> None:
        """Let what is being sent arrive, and begin nothing new."""
        if self._stopping and self._threads:
            self._stopping.set()
            await asyncio.gather(*self._tasks)
            self._threads.shutdown(wait=False)

    async def _repeat(self, job: Callable[[], bool], pause: float) -> None:
        assert self._stopping
        trouble = False
        while not self._stopping.is_set():
            wait = pause
            try:
                if await asyncio.get_running_loop().run_in_executor(self._threads, job):
                    wait = 0.0
                if trouble:
                    logger.info("The delivery of expressions of interest goes on.")
                trouble = False
            except Exception as error:
                if not trouble:  # said once, not every few seconds; no text of the error, which might hold values
                    logger.error("The delivery of expressions of interest is held up: %s.", type(error).__name__)
                trouble, wait = True, AFTER_TROUBLE
            if wait:
                await self._rest(wait * random.uniform(0.5, 1))

    async def _rest(self, seconds: float) -> None:
        assert self._stopping
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def _tidy(self) -> bool:
        self.store.prepare()
        if lost := outbox.sweep(self.store.engine, utc_now()):
            logger.warning("%d deliveries of a worker that stopped are given back.", lost)
        self.upkeep()
        return False


def _sending(store: Store, sender: Sender) -> Callable[[], bool]:
    def job() -> bool:
        store.prepare()
        return deliver_one(store, sender)

    return job


def deliver_one(store: Store, sender: Sender) -> bool:
    """Claim one delivery for this destination and try it; False when there is none.

    Whatever goes wrong with one delivery is noted on it and stops no other.

    Raises:
        SQLAlchemyError: the database cannot be used; a claim then ends by itself.
    """
    delivery = outbox.claim(store.engine, sender.name, utc_now())
    if delivery is None:
        return False
    wait = None
    try:
        message = build(store, delivery)
        if message is None:  # erased meanwhile, the delivery with it
            return True
        sender.send(message)
    except SQLAlchemyError:
        raise
    except NotDelivered as error:
        problem, wait = str(error), error.wait
    except Unreadable:
        problem = "cannot be decrypted: changed in the database, or the key is missing"
    except Exception as error:  # its text might hold what was sent
        problem = f"cannot be sent ({type(error).__name__})"
    else:
        outbox.sent(store.engine, delivery, utc_now())
        return True
    if outbox.failed(store.engine, delivery, problem, utc_now(), wait):
        logger.error("Gave up telling %s about %s: %s.", sender.name, delivery.reference, problem)
    return True
