"""`stored:` says what the database must hold of a conversation's expressions of interest.

They are looked up where the guide keeps them, with the field names of `npq interest export`; `use` looks elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversations.values import NOTHING, Unusable, known, number, texts
from bot.conversations.wording import same
from guidance.interest import CannotSave, current

FIELDS = ("cohort", "email", "marketing_consent", "name", "phone", "programmes", "role", "school")
NOT_AVAILABLE = "`stored` is not available: no expressions of interest are open in this process"

Find = Callable[[str], Sequence[Mapping[str, Any]]]
_finders: list[Find] = []


@dataclass(frozen=True)
class Wanted:
    """How many expressions of interest, and what the newest one says."""

    count: int
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        said = [f"{name}: {', '.join(values) or 'nothing'}" for name, values in self.fields]
        return "; ".join([f"count: {self.count}", *said])


def use(find: Find) -> None:
    """Where expressions of interest are found from now on."""
    _finders[:] = [find]


def read(value: Any) -> Wanted:
    """What is written after `stored:`."""
    if isinstance(value, str) and value.strip().casefold() in NOTHING:
        return Wanted(0)
    if not isinstance(value, dict) or not value:
        raise Unusable(
            "must be a record or `nothing`.", "Such as {count: 1, programmes: NPQH, email: ann@example.com}."
        )
    for key in value:
        known(key, ("count", *FIELDS))
    fields = tuple((key, _values(item)) for key, item in value.items() if key != "count")
    count = number(value["count"]) if "count" in value else 1
    if count == 0 and fields:
        raise Unusable("wants no expression of interest and says what it holds.", "Remove the fields, or the count.")
    return Wanted(count, fields)


def _values(value: Any) -> tuple[str, ...]:
    return () if isinstance(value, str) and value.strip().casefold() in NOTHING else texts(value)


def difference(wanted: Wanted, session: str) -> str | None:
    """What the database holds instead, or None when it holds what is wanted."""
    try:
        found = _finders[0](session) if _finders else _kept(session)
    except CannotSave:
        return NOT_AVAILABLE
    if len(found) != wanted.count:
        return f"count: {len(found)}"
    wrong = []
    for name, values in wanted.fields:
        held = _texts(found[-1].get(name))
        if len(held) != len(values) or not all(any(same(one, other) for other in held) for one in values):
            wrong.append(f"{name}: {', '.join(held) or 'nothing'}")
    return "; ".join(wrong) or None


def held(session: str) -> dict[str, Any] | None:
    """What the database holds of a session, as it is written after `stored:`; None when nothing."""
    found = _kept(session)
    if not found:
        return None
    fields = {name: _texts(found[-1].get(name)) for name in FIELDS}
    said = {name: values if name == "programmes" else values[0] for name, values in fields.items() if values}
    return {"count": len(found), **said}


def _kept(session: str) -> Sequence[Mapping[str, Any]]:
    """The expressions of interest left in a session, oldest first."""
    kept, _unreadable = current().store.all()
    return [item.to_dict() for item in kept if item.session == session]


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]
