"""Calendar months, as people mean them when they say that details are kept for twelve."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime


def shift(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or earlier; the month's last day where it has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
