"""How often somebody may try to sign in. Counted by this process: several let through that many times as much."""

from __future__ import annotations

import hashlib
import time

from bot.channels.limits import WINDOW, Counts

SECONDS = 15 * 60
# In a quarter of an hour. Of one name, enough that nobody far away can lock its owner out by guessing.
OF_NAME_AND_ADDRESS, OF_ADDRESS, OF_NAME = 5, 20, 100


class Tries:
    """Tries to sign in, by name and by address."""

    def __init__(self) -> None:
        self._counts = Counts(lambda: time.monotonic() * WINDOW / SECONDS)  # its window, a quarter of an hour long

    def wait(self, name: str, address: str) -> int:
        """Count one more and return 0, or count nothing and return the minutes to wait."""
        wants = [
            (_digest(f"{name}\n{address}"), OF_NAME_AND_ADDRESS),
            (_digest(f"from {address}"), OF_ADDRESS),
            (_digest(f"as {name}"), OF_NAME),
        ]
        wait = self._counts.take(wants) * SECONDS / WINDOW
        return int(wait // 60) + 1 if wait > 0 else 0


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
