"""Everything held about one expression of interest: for staff, and for a person's request for access."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from guidance.interest import audit, outbox
from guidance.interest.fields import clean
from guidance.interest.store import Store
from guidance.interest.tables import interests, turns, utc


def record(store: Store, reference: str) -> dict[str, Any] | None:
    """Details, consents, deliveries, audit and conversation, ready for JSON; None when there is no such reference."""
    interest = store.find(reference)
    if interest is None:
        return None
    with store.engine.connect() as connection:
        deliveries = outbox.states(connection, reference).get(reference, {})
        entries = audit.of(connection, reference)
        talk = _conversation(connection, interest.session)
    return {
        **interest.to_dict(),
        "school_urn": interest.details.school_urn,
        "channel": interest.channel,
        "keep_until": _at(interest.expires_at),
        "consents": [_dated(item) for item in store.consents_of(interest)],
        "deliveries": {name: _dated(state) for name, state in deliveries.items()},
        "audit": [{name: _dated(row)[name] for name in ("at", "who", "action", "detail")} for row in entries],
        "conversation": talk,
    }


def of_request(store: Store, reference: str) -> list[dict[str, Any]]:
    """What is held of the conversation in which a data protection request was made, and what was left in it."""
    asked = next((row for row in store.requests.all(only_open=False) if row["reference"] == reference), None)
    if asked is None:
        return []
    named = (asked["about"] or "").split()
    told = {"reference": reference, "right": asked["kind"], "created_at": _at(asked["created_at"]), "names": named}
    others = [found for one in named if (found := record(store, one))]
    if asked["session"] is None:
        return [{**told, "status": asked["status"], "conversation": []}, *others]
    left = sa.select(interests.c.reference).where(interests.c.session == asked["session"])
    with store.engine.connect() as connection:
        talk = _conversation(connection, asked["session"])
        references = list(connection.execute(left).scalars())
    records = [found for one in references if one not in named and (found := record(store, one))]
    return [{**told, "status": asked["status"], "conversation": talk}, *records, *others]


def _conversation(connection: sa.engine.Connection, session: str) -> list[dict[str, Any]]:
    if not sa.inspect(connection).has_table("turns"):
        return []
    query = sa.select(turns.c.at, turns.c.said, turns.c.replied).where(turns.c.session == session).order_by(turns.c.id)
    rows = connection.execute(query).mappings()
    return [
        {
            "at": _at(row["at"]),
            "said": row["said"],
            "replied": row["replied"]["messages"],
            **({"by": row["replied"]["from"]} if "from" in row["replied"] else {}),  # a person of the team
        }
        for row in rows
    ]


def as_text(told: dict[str, Any]) -> str:
    """A record for the terminal. What visitors typed cannot steer the terminal."""
    lines = [told["reference"]]
    for name, value in told.items():
        if name in ("reference", "conversation"):
            continue
        if isinstance(value, (list, dict)) and name != "programmes":
            lines.append(f"  {name}:")
            items = value.items() if isinstance(value, dict) else (("-", item) for item in value)
            lines += [f"    {key} {_line(item)}" for key, item in items]
            continue
        lines.append(f"  {name}: {_line(value)}")
    return "\n".join(lines) + "\n"


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_line(item)}" for name, item in value.items() if item is not None)
    if isinstance(value, list):
        return " ".join(_line(item) for item in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "not given"}[value]
    return clean(str(value))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _at(value) if hasattr(value, "isoformat") else value for name, value in row.items()}


def _at(moment: Any) -> str:
    return str(utc(moment).isoformat(timespec="seconds"))
