"""The day a conversation plays on: the guide reads its clock from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from bot.conversations.script import USUAL_DAY

CLOCK = "NPQ_TODAY"


def usual_day() -> date:
    """The day of conversations that name none: `NPQ_TODAY` when set, else always the same."""
    fixed = os.environ.get(CLOCK)
    return date.fromisoformat(fixed) if fixed else USUAL_DAY


@contextmanager
def clock(day: date) -> Iterator[None]:
    """The guide's clock stands on `day`."""
    before = os.environ.get(CLOCK)
    os.environ[CLOCK] = day.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ[CLOCK]
        else:
            os.environ[CLOCK] = before
