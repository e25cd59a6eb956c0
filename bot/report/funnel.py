"""How far conversations come that begin to register interest."""

from __future__ import annotations

from guidance.journeys.interest_asking import ORDER, TOPIC

SENT = "sent"
STEPS = (*ORDER, "confirm", SENT)
_SAME = {"which_school": "school", "change": "confirm"}  # further questions about the same detail
_PLACE = {name: number for number, name in enumerate(STEPS)}


def step(asking: str | None, topics: tuple[str, ...]) -> int | None:
    """The place in `STEPS` of what a turn asks for; None when it is no question of the form."""
    if asking is None or TOPIC[0] not in topics:
        return None
    return _PLACE.get(_SAME.get(asking, asking))


def reached(stopped: dict[str, int]) -> list[tuple[str, int, int]]:
    """For each step: its name, how many conversations came to it, and how many went no further."""
    found, left = [], sum(stopped.values())
    for name in STEPS:
        here = stopped.get(name, 0)
        found.append((name, left, 0 if name == SENT else here))
        left -= here
    return found
