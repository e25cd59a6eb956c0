"""The day a conversation plays on: the guide reads its clock from the environment."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from datetime import date

from bot.conversations.environment import setting
from bot.conversations.script import USUAL_DAY

CLOCK = "NPQ_TODAY"


def usual_day() -> date:
    """The day of conversations that name none: `NPQ_TODAY` when set, else always the same."""
    fixed = os.environ.get(CLOCK)
    return date.fromisoformat(fixed) if fixed else USUAL_DAY


def clock(day: date) -> AbstractContextManager[None]:
    """The guide's clock stands on `day`."""
    return setting(CLOCK, day.isoformat())
