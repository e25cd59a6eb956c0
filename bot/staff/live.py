"""The report as it is now: counted again when it is a minute old, by one request for all who ask."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

import sqlalchemy as sa

from bot.channels.faults import Fault
from bot.report import Figures, NoDatabase, Period, read_figures

SECONDS = 60.0
MOST = 8  # periods


class LiveReport:
    """Figures by period."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[Period, tuple[float, Figures]] = OrderedDict()
        self._one = asyncio.Semaphore(1)

    async def figures(self, period: Period) -> Figures:
        """The figures of a period, at most a minute old.

        Raises:
            Fault: the database cannot be read.
        """
        async with self._one:
            known = self._known.get(period)
            if known and known[0] > time.monotonic() - SECONDS:
                return known[1]
            try:
                found = await asyncio.get_running_loop().run_in_executor(None, read_figures, self._engine, period)
            except NoDatabase as error:
                words = "The database cannot be reached now. Please try again in a few minutes."
                raise Fault(503, "unavailable", words, retry_after=10) from error
            self._known[period] = (time.monotonic(), found)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return found
