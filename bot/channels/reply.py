"""What the guide said in one turn."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

APOLOGY = (
    "Sorry, there is a problem with this service and I could not answer. Please try again in a few "
    "minutes. If it is urgent, ask your provider or email {contact}."
)
BESIDE = frozenset({"turn", "at", "masked", "facts", "person"})  # of a reply, what is not in the contract


@dataclass(frozen=True)
class Reply:
    """What the guide said in one turn, in the form of the `npq ask` contract.

    Beside it: the number and time of the turn in the record, None when it could not be stored; the kinds of personal
    detail that were left out of the record; the ids of the facts and of the funding rule it rests on, for staff; the
    person who is asked for ({"state": "waiting", "name": None}) or in the chat ({"state": "here", "name": "Ann"}).
    """

    session: str
    status: str
    text: str
    messages: list[str]
    buttons: list[dict[str, str]] = field(default_factory=list)
    asking: str | None = None
    programmes: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    intent: str | None = None
    confidence: float | None = None
    ms: float = 0.0
    turn: int | None = None
    at: datetime | None = None
    masked: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    person: dict[str, str | None] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, as `npq ask` prints it."""
        # Not `asdict`, which copies everything in it deeply: 0.2 ms twice a turn.
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name not in BESIDE}


def made_of(session: str, sent: list[dict[str, Any]], began: float, contact: str) -> Reply:
    """The reply that the agent's messages make; an apology where it said nothing. `began`: by `perf_counter`."""
    found = [item["npq"] for item in sent if item.get("npq")]
    meta: dict[str, Any] = found[-1] if found else {"status": "error"}
    messages = [item["text"] for item in sent if item.get("text")] if found else []
    if not messages:
        meta, messages = {"status": "error"}, [APOLOGY.format(contact=contact)]
    return Reply(
        session=session,
        status=meta["status"],
        text="\n\n".join(messages),
        messages=messages,
        buttons=[button for item in sent if found for button in item.get("buttons") or []],
        asking=meta.get("asking"),
        programmes=meta.get("programmes", []),
        topics=meta.get("topics", []),
        sources=meta.get("sources", []),
        intent=meta.get("intent"),
        confidence=meta.get("confidence"),
        masked=meta.get("masked", []),
        facts=meta.get("facts", []),
        ms=round((time.perf_counter() - began) * 1000, 2),
    )
