"""Trying again when another process was faster with a conversation (`bot.runtime.store.Overtaken`)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

MOST = 5
LONGEST_PAUSE = 0.1  # seconds, before the second try; each further one may wait as much longer


async def tries() -> AsyncIterator[int]:
    """Count tries from 0, with a pause of random length before each but the first; leave the loop when one succeeds."""
    for attempt in range(MOST):
        if attempt:
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE * attempt))
        yield attempt
